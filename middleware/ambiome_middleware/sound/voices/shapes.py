"""Shapes that the voices' tables share: spectra, envelopes, coherence, and levels in dB."""

from typing import Final

import numpy as np

from ambiome_middleware.sound.levels import BAND_K
from ambiome_middleware.sound.patch import BAND_HZ, Call, Floats, Source, Syllable, Table, by
from ambiome_middleware.tokens import STEP_S


def spectrum(*points: tuple[float, float]) -> Floats:
    """Third-octave spectrum [BANDS] in dB from (Hz, dB) points in ascending Hz, straight lines over log frequency.

    Beyond the outer points the outermost slope is kept, but it never rises.
    """
    hz, db = np.log2([p[0] for p in points]), np.array([p[1] for p in points], float)
    octave = np.log2(BAND_HZ)
    rows = np.interp(octave, hz, db)
    rising, falling = (db[1] - db[0]) / (hz[1] - hz[0]), (db[-1] - db[-2]) / (hz[-1] - hz[-2])
    below, above = octave < hz[0], octave > hz[-1]
    rows[below] = db[0] + (octave[below] - hz[0]) * max(rising, 0.0)
    rows[above] = db[-1] + (octave[above] - hz[-1]) * min(falling, 0.0)
    return np.asarray(rows)


def octaves_from(pivot_hz: float, lowest_hz: float = 40.0, highest_hz: float = 16_000.0) -> Floats:
    """Octaves of each band above `pivot_hz` [BANDS], held beyond the two ends: times dB per octave it is a tilt."""
    return np.log2(np.clip(BAND_HZ, lowest_hz, highest_hz) / pivot_hz)


def bump(centre_hz: Floats | float, width_oct: float) -> Floats:
    """Bells of height 1 over log frequency, [...] centres → [..., BANDS]; `width_oct` is the standard deviation."""
    return np.asarray(np.exp(-0.5 * (np.log2(BAND_HZ / np.asarray(centre_hz)[..., None]) / width_oct) ** 2))


def loudness_db(spectrum_db: Floats) -> Floats:
    """K-weighted sum [..., 1] in dB of third-octave spectra [..., BANDS]: what the renderer sets to 0 dB."""
    return np.asarray(10.0 * np.log10(np.sum(10.0 ** (spectrum_db / 10.0) * BAND_K, axis=-1, keepdims=True)))


def becoming(base_db: Floats, target_db: Floats) -> Floats:
    """The change [..., BANDS] that turns a layer of spectrum `base_db` into `target_db` at the same loudness."""
    return (target_db - loudness_db(target_db)) - (base_db - loudness_db(base_db))


def level(column: str, full_db: float, per_decade_db: float = 20.0, source: Source = "scene") -> Table:
    """dB that follow the logarithm of a column: `full_db` where its value is 1, silent where it is 0."""
    return by(column, lambda value: full_db + per_decade_db * np.log10(value), source)


def share(column: str, source: Source = "scene") -> Table:
    """A share of the power in dB: 0 dB at 1, silent at 0."""
    return level(column, 0.0, 10.0, source)


def sweep(column: str, low: float, high: float, source: Source = "scene", power: float = 1.0) -> Table:
    """From `low` to `high` as a column goes from 0 to 1, along value^`power`; dB, octaves or a factor."""
    return by(column, lambda value: low + (high - low) * value**power, source)


def tilt(column: str, pivot_hz: float, low: float, high: float, source: Source = "scene") -> Table:
    """A spectral tilt [levels, BANDS] from `low` to `high` dB per octave about `pivot_hz`, for a column of 0 … 1."""
    return by(column, lambda v: (low + (high - low) * v)[:, None] * octaves_from(pivot_hz), source)


DIFFUSE: Final[Floats] = 0.9 * np.abs(np.sinc(2.0 * BAND_HZ * 0.17 / 343.0))
"""Coherence [BANDS] of a diffuse field between two points 17 cm apart, sin(kd)/kd, held below 0.9."""
WIDE: Final[Floats] = 0.5 * DIFFUSE
"""Coherence [BANDS] of what surrounds the listener close by: leaves, ground, drops."""

STEPS: Final = 240


def rise_and_fall(rise_s: float, fall_s: float, length_s: float, curve: float = 1.0) -> Floats:
    """Power envelope [steps]: a raised-cosine rise, then exp(−(t/fall_s)^curve), brought to 0 at `length_s`."""
    steps = min(round(length_s / STEP_S), STEPS)
    t = np.arange(steps) * STEP_S
    rising = np.where(t < rise_s, 0.5 - 0.5 * np.cos(np.pi * np.minimum(t / max(rise_s, 1e-9), 1.0)), 1.0)
    falling = np.exp(-((np.maximum(t - rise_s, 0.0) / fall_s) ** curve))
    ending = np.sin(np.pi / 2 * np.clip((steps - 1 - np.arange(steps)) / (0.4 * steps), 0.0, 1.0)) ** 2
    whole = rising * falling * ending
    return np.asarray(whole / whole.max())


def together(*envelopes: Floats) -> Floats:
    """Several envelopes as one table [shapes, steps], the shorter ones filled up with silence."""
    steps = max(len(e) for e in envelopes)
    return np.stack([np.pad(e, (0, steps - len(e))) for e in envelopes])


def passing(half_width_s: float, steps: int = STEPS) -> Floats:
    """Power envelope [steps] of a source that passes on a straight line: 1/(1 + (t/half_width_s)²), 0 at both ends."""
    t = (np.arange(steps) - (steps - 1) / 2) * STEP_S
    edge = np.cos(np.pi / 2 * np.clip(np.abs(t) / t[-1], 0.0, 1.0)) ** 2
    whole = edge / (1.0 + (t / half_width_s) ** 2)
    whole[[0, -1]] = 0.0
    return np.asarray(whole / whole.max())


DRONE_S: Final = 2.0
"""A drone's window: pitches in whole multiples of 1 / DRONE_S join in phase."""


def drone(name: str, base_hz: float, partials: tuple[tuple[float, float], ...]) -> Call:
    """Partials (multiple of the base, dB) that fade in over one window and out over the next, for `Caller.drone`."""
    return Call(
        name, tuple(Syllable(0.0, 2.0 * DRONE_S, base_hz * times, level_db=db, attack=0.5) for times, db in partials)
    )
