"""Channel layouts: which channels there are, and how what comes from an azimuth, or from all around, spreads over them.

Azimuths are counted clockwise from where the listener looks, in whole AZIMUTHS of a turn. A layout is one table of
amplitudes by azimuth and one of how a diffuse field divides; the kernels know no layout by name.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from ambiome_protocol.audio import stereo_decode as stereo_decode

from ambiome_middleware.sound.arrays import F32, F64

AZIMUTHS: Final = 1_440
"""Directions in a turn, 0.25° apart: four for every token of an azimuth."""
_HALF_POWER = float(np.sqrt(0.5))


class Field(NamedTuple):
    """A layout as the kernels see it, for its n channels that ever sound; a NamedTuple is free in numba.

    `pans` [AZIMUTHS, n]: amplitude of each channel. `diffuse` [n(n+1)/2, 2]: of a diffuse field of power p and
    coherence c, entry (i, j ≤ i) of the channels' covariance is p·(first + second·c). `is_ambisonic`: whether the
    channels are patterns about one place, not loudspeakers side by side.
    """

    pans: F64
    diffuse: F64
    is_ambisonic: bool


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """`active`: the channels that ever sound, of `channels`; the others are exactly 0 and cost nothing.

    `monitor` float32 [m, n]: the signals, as sums of the n active channels, whose true peaks the limiter holds down.
    """

    name: str
    channels: int
    active: tuple[int, ...]
    field: Field
    monitor: F32

    @property
    def parts(self) -> int:
        """Entries in the lower triangle of the active channels' covariance."""
        return len(self.active) * (len(self.active) + 1) // 2


def _azimuths_rad() -> F64:
    return np.asarray(np.arange(AZIMUTHS) * (2.0 * np.pi / AZIMUTHS), np.float64)


def _pairwise(speakers_deg: tuple[float, ...]) -> F64:
    """Constant-power amplitudes between the two neighbours of each azimuth, [AZIMUTHS, n].

    Vector base amplitude panning in the plane (V. Pulkki, J. Audio Eng. Soc. 45(6), 1997); neighbours stand less than
    180° apart.
    """
    pans = np.zeros((AZIMUTHS, len(speakers_deg)))
    at = np.radians(np.array(speakers_deg)) % (2.0 * np.pi)
    order = np.argsort(at)
    for azimuth, angle in enumerate(_azimuths_rad()):
        after = int(np.searchsorted(at[order], angle, side="right"))
        first, second = int(order[after - 1]), int(order[after % len(at)])
        pair = np.array([np.sin(at[second] - angle), np.sin(angle - at[first])])
        pans[azimuth, [first, second]] = pair / np.hypot(*pair)
    return np.maximum(pans, 0.0)


def _stereo() -> F64:
    """Constant power by the sine of the azimuth: front and back in the middle, 90° right, 270° left."""
    angle = (np.sin(_azimuths_rad()) + 1.0) * (np.pi / 4.0)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _ambisonics() -> F64:
    """W, Y, X in SN3D; ambisonics counts azimuths counter-clockwise, so right is −Y."""
    angle = _azimuths_rad()
    return np.stack([np.ones(AZIMUTHS), -np.sin(angle), np.cos(angle)], axis=1)


def _even(count: int) -> F64:
    """A diffuse field over loudspeakers: equal power in each, its coherence between any two."""
    entries = [(1.0, 0.0) if i == j else (0.0, 1.0) for i in range(count) for j in range(i + 1)]
    return np.array(entries) / count


def _loudspeakers(name: str, channels: int, active: tuple[int, ...], pans: F64) -> Layout:
    return Layout(name, channels, active, Field(pans, _even(len(active)), False), np.eye(len(active), dtype=np.float32))


# A field diffuse in the plane has half of W's power in X and in Y; what is coherent of it points nowhere.
_AMBISONICS_DIFFUSE: Final = np.array([[1.0, 0.0], [0.0, 0.0], [0.5, -0.5], [0.0, 0.0], [0.0, 0.0], [0.5, -0.5]])
# Each channel, and the two of `stereo_decode`.
_AMBISONICS_MONITOR: Final = np.array(
    [[1, 0, 0], [0, 1, 0], [0, 0, 1], [_HALF_POWER, _HALF_POWER, 0], [_HALF_POWER, -_HALF_POWER, 0]], np.float32
)
LAYOUTS: Final = {
    layout.name: layout
    for layout in (
        _loudspeakers("mono", 1, (0,), np.ones((AZIMUTHS, 1))),
        _loudspeakers("stereo", 2, (0, 1), _stereo()),
        _loudspeakers("quad", 4, (0, 1, 2, 3), _pairwise((-45.0, 45.0, -135.0, 135.0))),
        _loudspeakers("5.1", 6, (0, 1, 2, 4, 5), _pairwise((-30.0, 30.0, 0.0, -110.0, 110.0))),
        Layout("ambisonics", 4, (0, 1, 3), Field(_ambisonics(), _AMBISONICS_DIFFUSE, True), _AMBISONICS_MONITOR),
    )
}
MAX_ACTIVE: Final = max(len(layout.active) for layout in LAYOUTS.values())


def channels(layout: str) -> int:
    """Channels of a layout by name; KeyError for an unknown one."""
    return LAYOUTS[layout].channels
