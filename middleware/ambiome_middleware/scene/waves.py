"""Sets of waves: each wave breaks and washes up the beach; every few waves a set of larger ones comes in.

Heights of single waves follow a Rayleigh distribution about the significant height (Longuet-Higgins 1952, "On the
statistical distribution of the heights of sea waves", Journal of Marine Research 11, 245–266); groups come from the
beat of neighbouring swell periods, some seven waves long.
"""

from math import cos, log, pi, sqrt
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.hashing import uniform
from ambiome_middleware.tokens import STEP_S

_HEIGHT, _PERIOD, _GROUP, _START, _STEEP, _DRAIN = range(0x3A7E, 0x3A84)
_mix, _ramp = jit_inner(mix), jit_inner(ramp)
_GROUP_WAVES: Final = 7.0
_WAVES_PER_BEAT: Final = 21


class Wave(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """The wave at hand. `height` and `before`, that of the wave before it, are 0.2 … 1."""

    index: int
    phase: float
    """0 at its breaking … 1 at the next wave's."""
    height: float
    before: float
    period_share: float
    """Its own period over the mean one."""
    steepness: float
    """0 spills slowly … 1 plunges at once."""
    drain: float
    """0 sinks into the sand … 1 runs back over stones."""


def first_wave(seed: int) -> Wave:
    """Where a session meets the sea."""
    return _wave(seed, 0, uniform(seed, _START, 0))


def rolled(wave: Wave, seed: int, period_s: float) -> Wave:
    """The wave one step later, at a mean period in seconds."""
    phase = wave.phase + STEP_S / (period_s * wave.period_share)
    if phase >= 1.0:
        return _wave(seed, wave.index + 1, phase - 1.0)
    return replace(wave, phase=phase)


def height_share(seed: int, index: int) -> float:
    """Height of a wave, 0.2 … 1, where 1 is about the largest in a hundred."""
    rayleigh = sqrt(-log(1.0 - uniform(seed, _HEIGHT, index) * 0.99)) / 2.15
    start = uniform(seed, _GROUP, index // _WAVES_PER_BEAT)
    group = 0.5 - 0.5 * cos(2.0 * pi * (index / _GROUP_WAVES + start))
    return min(max(0.45 * rayleigh + 0.55 * group, 0.2), 1.0)


def breaking(wave: Wave) -> tuple[float, float]:
    """(breaking, wash), each 0 … 1: it topples within a tenth of its period, then washes up and drains away.

    Spilling, plunging and surging breakers differ in how soon (Galvin 1968, J. Geophys. Res. 73, 3651), and no two
    waves are alike.
    """
    return _breaking(wave.phase, wave.height, wave.before, wave.steepness, wave.drain)


@jit
def _breaking(p: float, height: float, before: float, steepness: float, drain: float) -> tuple[float, float]:
    topples, breaks_for = _mix(0.16, 0.03, steepness), _mix(0.4, 0.2, steepness)
    breaks = height * _ramp(p, 0.0, topples) * (1.0 - _ramp(p, topples + 0.03, topples + breaks_for))
    washes = topples + _mix(0.05, 0.18, drain)
    wash = height * _ramp(p, topples, washes) * (1.0 - 0.85 * _ramp(p, washes + 0.05, _mix(0.6, 1.0, drain)))
    drains = 0.15 * before * (1.0 - _ramp(p, 0.0, 0.2))
    return breaks, max(wash, drains)


def _wave(seed: int, index: int, phase: float) -> Wave:
    share = 0.7 + 0.6 * uniform(seed, _PERIOD, index)
    steepness, drain = uniform(seed, _STEEP, index), uniform(seed, _DRAIN, index)
    return Wave(index, phase, height_share(seed, index), height_share(seed, index - 1), share, steepness, drain)
