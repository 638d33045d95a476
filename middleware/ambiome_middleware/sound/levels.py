"""From decibels in the world to numbers in the sound: weightings, air, and the one table of loudness.

A source of L dB(A) at the listener becomes L − 95 LUFS (65 dB(A) ↦ −30 LUFS) before `dynamics` bends it.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, Floats

REFERENCE_DBA: Final = 65.0
REFERENCE_LUFS: Final = -30.0
FULL_SCALE_DBA: Final = REFERENCE_DBA - REFERENCE_LUFS
"""The level (dB(A)) that stands at 0 LUFS."""
QUIETEST_DBA: Final = 20.0
"""The dynamics do not lift scenes that are quieter than this any further."""


def k_weighting(frequency_hz: Floats) -> Floats:
    """Power response of the K-weighting of ITU-R BS.1770-5 at 48 kHz, its −0.691 dB included, [n] → [n]."""
    stages = (
        ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
        ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
    )
    z = np.exp(-2j * np.pi * np.minimum(frequency_hz, 23_900.0) / 48_000.0)
    power = np.full(len(frequency_hz), 10**-0.0691)
    for b, a in stages:
        power *= np.abs((b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)) ** 2
    return power


def air_absorption_db_per_m(frequency_hz: Floats) -> Floats:
    """Absorption of air at 10 °C and 70 % humidity, [n] Hz → [n] dB/m: ISO 9613-2:1996, table 2, log-log between."""
    octaves_hz = np.array([63, 125, 250, 500, 1_000, 2_000, 4_000, 8_000.0])
    db_per_km = np.array([0.1, 0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117.0])
    slope_top = np.log(117.0 / 32.8) / np.log(2)
    inside = np.exp(np.interp(np.log(frequency_hz), np.log(octaves_hz), np.log(db_per_km)))
    above = 117.0 * (np.maximum(frequency_hz, 8_000.0) / 8_000.0) ** slope_top
    absorption: Floats = np.where(frequency_hz > 8_000.0, above, inside) / 1_000.0
    return absorption


BAND_K: Final[Floats] = k_weighting(BAND_HZ)
AIR_DB_PER_M: Final[Floats] = air_absorption_db_per_m(BAND_HZ)


def unit_loudness(spectrum_db: Floats) -> Floats:
    """Band powers [BANDS] of that shape whose K-weighted sum is 1 (0 LUFS)."""
    power = 10.0 ** (spectrum_db / 10.0)
    return np.asarray(power / np.sum(power * BAND_K))
