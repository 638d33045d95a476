"""From the codec's 24 kHz to 48 kHz, and what lies above it, in pieces of one step."""

from typing import Final

import numpy as np
from scipy.signal import firwin

from ambiome_middleware.neural.codec import CODEC_HZ
from ambiome_middleware.sound.arrays import F32, F64
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES

EDGE_HZ: Final = 11_400.0
TAPS: Final = 127
"""Of the low-pass that follows the doubled rate, and of the high-pass that lets the rest of the band in: odd, and
together one delay, so that the two add up to a whole band.
"""
_LOW: Final[F64] = np.asarray(firwin(TAPS, EDGE_HZ, fs=SAMPLE_RATE_HZ, window=("kaiser", 8.0)))
_HIGH: Final[F64] = -_LOW + (np.arange(TAPS) == TAPS // 2)
_PHASES: Final = (2.0 * _LOW[0::2], 2.0 * _LOW[1::2])
DELAY_SAMPLES: Final = TAPS // 2
STEP_AT_CODEC: Final = STEP_SAMPLES * CODEC_HZ // SAMPLE_RATE_HZ


class Doubled:
    """One channel's samples at twice the rate, a step at a time."""

    def __init__(self) -> None:
        self._past = np.zeros(len(_PHASES[0]) - 1)

    def __call__(self, samples: F32) -> F32:
        """[STEP_AT_CODEC] → [STEP_SAMPLES], late by DELAY_SAMPLES."""
        whole = np.concatenate([self._past, samples.astype(np.float64)])
        self._past = whole[len(whole) - len(self._past) :]
        made = np.empty(STEP_SAMPLES)
        for phase, taps in enumerate(_PHASES):
            late = whole[len(self._past) + 1 - len(taps) :]
            made[phase::2] = np.convolve(late, taps, "valid")
        return made.astype(np.float32)


class Above:
    """What channels at the full rate hold above EDGE_HZ, a step at a time."""

    def __init__(self, channels: int) -> None:
        self._past = np.zeros((channels, TAPS - 1))

    def __call__(self, samples: F32) -> F32:
        """[channels, STEP_SAMPLES] → the same shape, late by DELAY_SAMPLES."""
        whole = np.concatenate([self._past, samples.astype(np.float64)], axis=1)
        self._past = whole[:, whole.shape[1] - (TAPS - 1) :]
        return np.stack([np.convolve(channel, _HIGH, "valid") for channel in whole]).astype(np.float32)
