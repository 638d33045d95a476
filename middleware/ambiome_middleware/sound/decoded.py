"""What tokens mean, once and for all: tables over levels that the kernels take in as constants."""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, Floats
from ambiome_middleware.tokens import COLUMN, EVENT, FEATURE, SCENE

RATE_ONE: Final = 256
"""Rates are log2 in 1/256 octave, so that a decision compares integers."""
NEVER: Final = -(1 << 24)
"""The log2 rate of what never happens; half of it already means never."""
EXP2_FRACTION: Final = np.round(2.0**32 * 2.0 ** (np.arange(RATE_ONE) / RATE_ONE)).astype(np.int64)


def _scene(name: str) -> Floats:
    return SCENE[COLUMN[name]].values()


def _cutoff_power() -> Floats:
    """Second-order low-pass of the outside by `outdoor_cutoff_hz` token, [levels, BANDS]; the top one lets all pass."""
    ratio = BAND_HZ[None, :] / np.maximum(_scene("outdoor_cutoff_hz"), 20.0)[:, None]
    power: Floats = 1.0 / (1.0 + ratio**4)
    power[-1] = 1.0
    return power


GAIN_AMPLITUDE: Final[Floats] = 10.0 ** (_scene("gain_rain_db") / 20.0)
"""Of the master's and every voice's gain column."""
CUTOFF_POWER: Final[Floats] = _cutoff_power()
FEATURE_M: Final[Floats] = np.maximum(FEATURE[2].values(), 0.5)
EVENT_M: Final[Floats] = np.maximum(EVENT[2].values(), 1.0)
RT60_S: Final[Floats] = _scene("rt60_s")
LATE_POWER: Final[Floats] = 10.0 ** (_scene("late_db") / 10.0)
