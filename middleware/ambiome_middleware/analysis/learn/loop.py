"""The closed loop: a profile is rendered, measured as its recordings were, and corrected until the two agree.

Detection misses weak events and takes some of the bed for events; what the renderer makes of a class is not quite what
was detected. So, octave by octave at each level, the loop moves energy between bed and grains until the ear's envelopes
vary as much as the recording's, makes grains rarer and louder (or more and weaker) until their kurtosis agrees, and the
bed's flutter deeper or shallower; the spectrum is held all the while. The nearest round is kept.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.cochlea import mono
from ambiome_middleware.analysis.learn import bands, flutter
from ambiome_middleware.analysis.learn.events import OCTAVES_HZ
from ambiome_middleware.analysis.learn.play import Heard, hear
from ambiome_middleware.analysis.learn.statistics import statistics_of
from ambiome_middleware.sound.levels import BAND_K
from ambiome_middleware.sound.patch import BAND_HZ
from ambiome_middleware.sound.profile import Grain, Level, Profile, Statistics

Floats = npt.NDArray[np.float64]

ROUNDS: Final = 5
SECONDS: Final = 16.0
_MOST_GRAINS, _FEWEST_GRAINS = 0.98, 0.002
_FAINTEST_BED_DB: Final = -28.0
"""The bed stays within so much of the whole in every band: below, nobody would hear what fills the gaps."""
_STEP_DB: Final = 5.0
_FEWER: Final = 0.8
_DEEPEST: Final = 1.5
_THIRDS_OF: Final = np.argmin(np.abs(np.log2(BAND_HZ[:, None] / OCTAVES_HZ)), axis=1)
"""The octave of events nearest to each third-octave band."""
_LOWEST: Final = int(np.searchsorted(BAND_HZ, OCTAVES_HZ[0] / np.sqrt(2)))
_DUTY: Final = {"mode": 0.5, "noise": 0.5, "tone": 3.0 / 8.0}


@dataclass(frozen=True, slots=True)
class Measured:
    """One level as rendered: powers of bed and grains [BANDS] against the whole, the ear's statistics, flutter."""

    bed: Floats
    grains: Floats
    statistics: Statistics
    flutter_db: Floats


def closed(profile: Profile, rounds: int = ROUNDS) -> tuple[Profile, list[float]]:
    """The profile corrected, and how far each round's render was from the recordings: see `distance`."""
    tried = [(profile, [_measured(profile, level) for level in profile.levels])]
    for _ in range(rounds):
        last, heard = tried[-1]
        levels, grains = list(last.levels), list(last.grains)
        for index, (level, measured) in enumerate(zip(last.levels, heard, strict=True)):
            levels[index], grains = _corrected(profile.levels[index], level, grains, measured, index)
        corrected = replace(last, levels=tuple(levels), grains=tuple(grains))
        tried.append((corrected, [_measured(corrected, level) for level in corrected.levels]))
    distances = [distance(profile, heard) for _, heard in tried]
    best, heard = tried[int(np.argmin(distances))]
    return replace(best, grains=tuple(_with_share(grain, best) for grain in best.grains)), distances


def distance(profile: Profile, heard: list[Measured]) -> float:
    """How far renders are from what the profile says of its recordings; 0 is none.

    The mean over the levels of: spectrum (6 dB counts 1), variation and kurtosis of the bands (a factor of two counts 1
    and a half) and their modulation (6 dB counts a half).
    """
    total = 0.0
    for level, measured in zip(profile.levels, heard, strict=True):
        whole_db = 10.0 * np.log10(np.maximum(measured.bed + measured.grains, 1e-12))
        total += float(np.abs(whole_db - level.spectrum_db)[_LOWEST:-2].mean()) / 6.0
        if level.statistics is not None:
            want, have = level.statistics, measured.statistics
            count = len(want.hz)
            total += float(np.abs(np.log2(have.variation[:count] / want.variation)).mean())
            total += 0.5 * float(np.abs(np.log2(have.kurtosis[:count] / want.kurtosis)).mean())
            total += float(np.abs(have.modulation_db[:count] - want.modulation_db).mean()) / 12.0
    return total / len(profile.levels)


def _measured(profile: Profile, level: Level) -> Measured:
    heard: Heard = hear(profile, level.intensity, SECONDS)
    whole = mono(heard.whole)[None]
    bed, grains = bands.band_powers(heard.bed), bands.band_powers(heard.grains)
    loudness = float(np.sum((bed + grains) * BAND_K))
    wander = flutter.measure(whole, 24_000.0, surrogates=1)
    return Measured(bed / loudness, grains / loudness, statistics_of(whole, 24_000.0), wander.depth_db)


def _corrected(
    first: Level, level: Level, grains: list[Grain], measured: Measured, index: int
) -> tuple[Level, list[Grain]]:
    """One level's bed and all grains' numbers at it, a round on. `first` holds what the recordings had."""
    target = 10.0 ** (first.spectrum_db / 10.0)
    bed, made = _by_octave(measured.bed), _by_octave(measured.grains)
    restless, peaked = _by_ear(first.statistics, measured.statistics)
    share = np.clip(made / np.maximum(bed + made, 1e-12), _FEWEST_GRAINS, _MOST_GRAINS)
    odds = share / (1.0 - share) * np.exp(1.5 * restless)
    wanted = np.where(made > 0.0, np.clip(odds / (1.0 + odds), _FEWEST_GRAINS, _MOST_GRAINS), 0.0)
    change_db = 10.0 * np.log10(np.maximum(_by_octave(target) * wanted, 1e-12) / np.maximum(made, 1e-12))
    grains = [_moved(grain, index, np.clip(change_db, -_STEP_DB, _STEP_DB), peaked) for grain in grains]
    left = 1.0 - np.where(np.arange(len(BAND_HZ)) >= _LOWEST, wanted[_THIRDS_OF], 0.0)
    bed_change = 10.0 * np.log10(np.maximum(target * left, 1e-12) / np.maximum(measured.bed, 1e-12))
    bed_db = np.maximum(level.bed_db + np.clip(bed_change, -_STEP_DB, _STEP_DB), first.spectrum_db + _FAINTEST_BED_DB)
    variance = level.bed_flutter_db**2 + 0.6 * (first.flutter_db**2 - measured.flutter_db**2)
    depth_db = np.minimum(np.sqrt(np.maximum(variance, 0.0)), _DEEPEST * first.flutter_db)
    return replace(level, bed_db=bed_db, bed_flutter_db=depth_db), grains


def _moved(grain: Grain, index: int, change_db: Floats, peaked: Floats) -> Grain:
    """A class's level and rate at one level, by what its octaves ask for."""
    octaves = _octaves(grain)
    fewer = float(np.clip(np.mean(peaked[octaves]), -_FEWER, _FEWER))
    louder = np.mean(change_db[octaves]) + 10.0 * np.log10(2.0) * fewer
    level_db, rate_hz = grain.level_db.copy(), grain.rate_hz.copy()
    level_db[index] = np.clip(level_db[index] + louder, -100.0, 50.0)
    rate_hz[index] = np.clip(rate_hz[index] * 2.0**-fewer, 0.0, 1_000.0)
    return replace(grain, level_db=level_db, rate_hz=rate_hz)


def _octaves(grain: Grain) -> list[int]:
    """The octaves of events that a class fills."""
    half = 0.5 * float(np.log2(1.0 + grain.band_hz / grain.pitch_hz)) if grain.form == "noise" else 0.2
    apart = np.abs(np.log2(OCTAVES_HZ / grain.pitch_hz))
    inside = np.flatnonzero(apart <= half)
    return inside.tolist() if len(inside) else [int(np.argmin(apart))]


def _by_octave(power: Floats) -> Floats:
    """Power of third-octave bands [BANDS] summed over the octaves of events."""
    return np.asarray(np.bincount(_THIRDS_OF[_LOWEST:], power[_LOWEST:], len(OCTAVES_HZ)), np.float64)


def _by_ear(want: Statistics | None, have: Statistics) -> tuple[Floats, Floats]:
    """For each octave of events: by how much (logarithm) envelopes should vary more, and log2 of missing kurtosis."""
    if want is None:
        return np.zeros(len(OCTAVES_HZ)), np.zeros(len(OCTAVES_HZ))
    count = len(want.hz)
    varied = np.log(want.variation / have.variation[:count])
    peaked = 0.5 * np.log2(want.kurtosis / have.kurtosis[:count])
    weight = np.maximum(1.0 - np.abs(np.log2(want.hz / OCTAVES_HZ[:, None])), 0.0)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    return np.clip(weight @ varied, -1.0, 1.0), np.clip(weight @ peaked, -1.0, 1.0)


def _with_share(grain: Grain, profile: Profile) -> Grain:
    """A class with its share of the texture's energy, the mean over the levels."""
    spread = grain.spread_db * np.log(10.0) / 10.0
    mean = np.sinh(spread) / spread if spread > 0.01 else 1.0
    each = grain.rate_hz * grain.decay_s * _DUTY[grain.form] * 10.0 ** (grain.level_db / 10.0) * mean
    total = np.array([np.sum(10.0 ** (level.spectrum_db / 10.0)) for level in profile.levels])
    return replace(grain, share=float(np.clip(np.mean(each / total), 0.0, 1.0)))
