"""Onsets: how many things a second begin to sound."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d, median_filter
from scipy.signal import butter, sosfilt

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

_HOP: Final = 96
_FLOOR: Final = 1e-10


def onset_times_s(audio: Audio, *, rise_db: float = 6.0, gap_s: float = 0.01, low_hz: float = 300.0) -> list[float]:
    """When the level above `low_hz` rises by `rise_db` over the median of the last 50 ms. [C, n] -> seconds, ascending.

    Levels are of 2 ms. Two onsets closer than `gap_s` count as one: what falls denser than that is a texture, and the
    measure saturates. Noise alone rises by 6 dB a few times a second; compare with a control.
    """
    check_audio(audio, _HOP)
    sos = butter(2, low_hz, "highpass", fs=SAMPLE_RATE_HZ, output="sos")
    high = sosfilt(sos, np.asarray(audio, np.float64), axis=1)
    hops = high.shape[1] // _HOP
    power = (high[:, : hops * _HOP].reshape(len(high), hops, _HOP) ** 2).mean(axis=(0, 2))
    level_db = 10 * np.log10(power + _FLOOR)
    before: npt.NDArray[np.float64] = np.concatenate([[level_db[0]], median_filter(level_db, 25, origin=12)[:-1]])
    gap = max(round(gap_s * SAMPLE_RATE_HZ / _HOP), 1)
    rise = level_db - before
    peak = (rise == maximum_filter1d(rise, 2 * gap + 1)) & (rise >= rise_db)
    times: list[float] = []
    for hop in np.flatnonzero(peak):
        if not times or hop * _HOP / SAMPLE_RATE_HZ - times[-1] >= gap_s:
            times.append(float(hop * _HOP / SAMPLE_RATE_HZ))
    return times


def onset_rate_hz(audio: Audio, *, rise_db: float = 6.0, gap_s: float = 0.01, low_hz: float = 300.0) -> float:
    """Onsets a second, as `onset_times_s` finds them. [C, n] -> 1/s."""
    times = onset_times_s(audio, rise_db=rise_db, gap_s=gap_s, low_hz=low_hz)
    return float(len(times) / (audio.shape[1] / SAMPLE_RATE_HZ))
