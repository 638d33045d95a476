"""The diffuse beds that the peers render: white noise through two second-order sections each, as near to Ambiome's
spectrum as these come.

Ambiome shapes 31 third-octave bands a step, each of its layers wandering in ten bands by itself. A peer gets the sum of
a voice's layers as one bed, or each layer as a bed (`layers`): a low-pass and a low shelf (R. Bristow-Johnson's audio
EQ cookbook), fitted to the mean spectrum, and one slow random gain that moves the whole of it as far as Ambiome's level
moves. One section misses octaves by 7 dB and more; a third would only make the peers slower.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.control import AT_VOICE, heard
from ambiome_middleware.sound.patch import BAND_HZ, BANDS
from ambiome_middleware.sound.records import (
    P_LAYERS,
    P_LAYERS_STOP,
    P_SOURCE,
    P_VOICE,
    S_ENVELOPE,
    S_LENGTH,
    S_VOICE,
    SCENE_SOURCE,
)
from ambiome_middleware.tokens import SAMPLE_RATE_HZ
from ambiome_protocol.lists import VOICES
from scipy.optimize import least_squares

from benchmarks.peers.scene import BEDS, frames, solo
from benchmarks.peers.spawned import spawned, steady_gains

Floats = npt.NDArray[np.float64]

NOISE_POWER: Final = 1.0 / 3.0
"""Mean square of white noise that is uniform in −1 … 1, which every peer has."""
AUDIBLE_DB: Final = -40.0
WANDER_HZ: Final = 0.5
WANDER_SHARE: Final = 0.47
"""Standard deviation of uniform values in −1 … 1 under straight lines: √(1/3 · 2/3)."""
_STARTS_HZ: Final = ((60.0, 500.0), (100.0, 1_000.0), (300.0, 3_000.0), (3_000.0, 100.0))
_PLACES: Final = range(300, 5_300, 25)
_SWELL_STEPS: Final = 2_000
_BAND_SHARE = BAND_HZ * (2.0 ** (1 / 6) - 2.0 ** (-1 / 6)) / (SAMPLE_RATE_HZ / 2)
_UNIT = np.exp(-2j * np.pi * np.minimum(BAND_HZ, 0.45 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ)


@dataclass(frozen=True, slots=True)
class Bed:
    """`sections`: two rows of b0, b1, b2, a1, a2 (a0 is 1), the gain included; `coherence` 0 … 1 between left and
    right; `wander`: how far its slow random gain goes up and down from 1."""

    name: str
    sections: tuple[tuple[float, ...], ...]
    coherence: float
    wander: float


@cache
def beds() -> tuple[Bed, ...]:
    """One for each voice, fitted to what Ambiome's own tables say of the storm."""
    return tuple(_bed(name, _heard(banks.built_in(), name).plus(_swells()[name])) for name in BEDS)


@cache
def layers() -> tuple[Bed, ...]:
    """One for each layer of each voice, as Ambiome has them, but those that lie under its voice's AUDIBLE_DB."""
    found = []
    for name in BEDS:
        parts = [_heard(bank, name) for bank in _single_layers(name)]
        parts.sort(key=lambda part: -float(part.power.sum()))
        parts[0] = parts[0].plus(_swells()[name])
        least = sum(part.power.sum() for part in parts) * 10.0 ** (AUDIBLE_DB / 10.0)
        found += [_bed(f"{name} {n}", part) for n, part in enumerate(parts) if part.power.sum() > least]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Spectrum:
    """`power` of one channel by band [BANDS], full scale 1; `coherence` of the two channels; `deviation` of the
    amplitude over time, against its mean."""

    power: Floats
    coherence: float
    deviation: float

    def plus(self, power: Floats) -> "Spectrum":
        """With so much more."""
        return Spectrum(self.power + power, self.coherence, self.deviation)


def _heard(bank: Bank, name: str) -> Spectrum:
    """Of one voice's bed in the storm, as loud as all layers together make it."""
    row, at = solo(name), AT_VOICE + VOICES.index(name)
    powers = []
    for step in _PLACES:
        power, gains = heard(bank, row, "stereo", seed=1, step=step)
        # A bank without its other layers is less loud, so less is taken from it.
        powers.append(power * (steady_gains()[at] / gains[at]) ** 2)
    left, cross = np.stack(powers)[:, 0], np.stack(powers)[:, 1]
    amplitude = np.sqrt(left.sum(axis=1))
    coherence = float(cross.sum() / left.sum()) if left.any() else 0.0
    return Spectrum(left.mean(axis=0), coherence, float(amplitude.std() / max(amplitude.mean(), 1e-12)))


def _single_layers(name: str) -> Iterator[Bank]:
    """The built-in bank with one of a voice's layers alone, for each of them."""
    bank = banks.built_in()
    own = np.flatnonzero((bank.patches[:, P_VOICE] == VOICES.index(name)) & (bank.patches[:, P_SOURCE] == SCENE_SOURCE))
    without = bank.patches.copy()
    without[own, P_LAYERS_STOP] = without[own, P_LAYERS]
    for patch in own:
        for layer in range(int(bank.patches[patch, P_LAYERS]), int(bank.patches[patch, P_LAYERS_STOP])):
            single = without.copy()
            single[patch, [P_LAYERS, P_LAYERS_STOP]] = layer, layer + 1
            yield bank._replace(patches=single)


def band_power(sections: tuple[tuple[float, ...], ...]) -> Floats:
    """Power in each third-octave band, [BANDS], of white noise through `sections`."""
    power = NOISE_POWER * _BAND_SHARE
    for b0, b1, b2, a1, a2 in sections:
        gain = (b0 + b1 * _UNIT + b2 * _UNIT**2) / (1.0 + a1 * _UNIT + a2 * _UNIT**2)
        power = power * np.abs(gain) ** 2
    return np.asarray(power, np.float64)


@cache
def _swells() -> dict[str, Floats]:
    """Mean power of one channel by band that each voice's swells add."""
    bank, gains = banks.built_in(), steady_gains()
    total = {name: np.zeros(BANDS) for name in BEDS}
    for step in spawned(0, frames(0, 0, _SWELL_STEPS)):
        for f, i in zip(step.swell_floats, step.swell_ints, strict=True):
            if (name := VOICES[int(i[S_VOICE])]) in total:
                at = int(i[S_ENVELOPE])
                energy = bank.floats[at : at + int(i[S_LENGTH])].sum() * gains[AT_VOICE + int(i[S_VOICE])] ** 2
                total[name] += 0.5 * f * energy / _SWELL_STEPS
    return total


def _bed(name: str, spectrum: Spectrum) -> Bed:
    wanted_db = 10.0 * np.log10(spectrum.power)
    # What is loud must fit; what lies 40 dB below it counts a tenth.
    weight = 10.0 ** ((wanted_db - wanted_db.max()) / 40.0)

    def missed(x: Floats) -> Floats:
        return np.asarray((10.0 * np.log10(band_power(_sections(x))) - wanted_db) * weight, np.float64)

    fits: list[Any] = [
        least_squares(missed, [np.log(low), np.log(0.5), np.log(shelf), np.log(0.5), 0.0, wanted_db.max()])
        for low, shelf in _STARTS_HZ
    ]
    best = min(fits, key=lambda fit: float(fit.cost))
    return Bed(name, _sections(best.x), spectrum.coherence, min(spectrum.deviation / WANDER_SHARE, 0.9))


def _sections(x: Floats) -> tuple[tuple[float, ...], ...]:
    """ln Hz and ln Q of the low-pass, ln Hz, ln Q and dB of the shelf, dB of both → their coefficients."""
    low_hz, shelf_hz = np.exp(np.clip(x[[0, 2]], np.log(20.0), np.log(20_000.0)))
    low_q, shelf_q = np.exp(np.clip(x[[1, 3]], np.log(0.15), np.log(3.0)))
    gain = 10.0 ** (x[5] / 20.0)
    return _low_pass(low_hz, low_q, gain), _low_shelf(shelf_hz, shelf_q, float(np.clip(x[4], -30.0, 30.0)))


def _low_pass(hz: float, q: float, gain: float) -> tuple[float, ...]:
    cosine, alpha = _turn(hz, q)
    a0, b1 = 1.0 + alpha, 1.0 - cosine
    return tuple(float(c / a0) for c in (gain * b1 / 2, gain * b1, gain * b1 / 2, -2.0 * cosine, 1.0 - alpha))


def _low_shelf(hz: float, q: float, gain_db: float) -> tuple[float, ...]:
    cosine, alpha = _turn(hz, q)
    a = 10.0 ** (gain_db / 40.0)
    root, up, down = 2.0 * np.sqrt(a) * alpha, a + 1.0, a - 1.0
    a0 = up + down * cosine + root
    b = (a * (up - down * cosine + root), 2.0 * a * (down - up * cosine), a * (up - down * cosine - root))
    return tuple(float(c / a0) for c in (*b, -2.0 * (down + up * cosine), up + down * cosine - root))


def _turn(hz: float, q: float) -> tuple[float, float]:
    turn = 2.0 * np.pi * hz / SAMPLE_RATE_HZ
    return float(np.cos(turn)), float(np.sin(turn) / (2.0 * q))
