"""Loudness and peaks as broadcasters measure them: LUFS by ITU-R BS.1770-4, true peak by its Annex 2."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyloudnorm
from scipy.signal import lfilter, resample_poly

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

OVERSAMPLING: Final = 4
_BLOCK: Final = 1 << 20
_EDGE: Final = 256

_SHELF: Final = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS: Final = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""K-weighting at 48 kHz: numerators and denominators from BS.1770-4, tables 1 and 2."""


def integrated_lufs(audio: Audio) -> float:
    """Integrated loudness with both gates, in LUFS; −inf for silence. [C, n] at 48 kHz, at least 0.4 s, C up to 5.

    Raises ValueError for another shape or shorter audio.
    """
    check_audio(audio, SAMPLE_RATE_HZ * 4 // 10)
    with np.errstate(divide="ignore"):
        return float(pyloudnorm.Meter(SAMPLE_RATE_HZ).integrated_loudness(np.asarray(audio, np.float64).T))


def short_term_lufs(audio: Audio, *, window_s: float = 3.0, hop_s: float = 0.1) -> npt.NDArray[np.float64]:
    """Loudness of a sliding window (3 s is EBU R 128's "short-term"), one value a hop, not gated; −inf for silence.

    [C, n] -> [1 + n // hop]. Value i is of the window that is centred on i · hop_s; beyond the ends there is silence.
    """
    check_audio(audio, 1)
    hop = round(hop_s * SAMPLE_RATE_HZ)
    half = round(window_s * SAMPLE_RATE_HZ / 2)
    power = np.zeros(audio.shape[1])
    for channel in audio:
        weighted = lfilter(*_HIGH_PASS, lfilter(*_SHELF, np.asarray(channel, np.float64)))
        power += weighted**2
    total = np.concatenate([[0.0], np.cumsum(power)])
    centres = np.arange(0, audio.shape[1] + 1, hop)
    low, high = np.maximum(centres - half, 0), np.minimum(centres + half, audio.shape[1])
    mean = np.maximum(total[high] - total[low], 0.0) / np.maximum(high - low, 1)
    with np.errstate(divide="ignore"):
        loudness: npt.NDArray[np.float64] = -0.691 + 10 * np.log10(mean)
    return loudness


def true_peak_dbtp(audio: Audio) -> float:
    """Largest absolute value between the samples too, by four times oversampling, in dBTP; −inf for silence. [C, n]."""
    check_audio(audio, 1)
    peak = 0.0
    for start in range(0, audio.shape[1], _BLOCK):
        block = audio[:, max(start - _EDGE, 0) : start + _BLOCK + _EDGE]
        oversampled = resample_poly(np.asarray(block, np.float64), OVERSAMPLING, 1, axis=1, window=("kaiser", 10.0))
        lead = min(start, _EDGE) * OVERSAMPLING
        peak = max(peak, float(np.abs(oversampled[:, lead : lead + _BLOCK * OVERSAMPLING]).max()))
    return 20 * float(np.log10(peak)) if peak > 0 else -float("inf")
