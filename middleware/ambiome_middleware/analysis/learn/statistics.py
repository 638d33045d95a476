"""Statistics of what the ear's bands carry: how loud, how restless and how lopsided each is, and at which rates."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.cochlea import CENTRES_HZ, COMPRESSION, ENVELOPE_HZ, TOPS_HZ, envelopes
from ambiome_middleware.sound.profile import MODULATION_HZ, Statistics

Floats = npt.NDArray[np.float64]

_STILL: Final = 1e-4
_FAINTEST_DB: Final = -60.0


def statistics_of(audio: Audio, bandwidth_hz: float) -> Statistics:
    """Of the bands below `bandwidth_hz` of a recording [C, n] of half a second or more. ValueError for silence."""
    held = max(int(np.sum(bandwidth_hz >= TOPS_HZ)), 1)
    ears = envelopes(audio)[:held]
    mean = ears.mean(axis=1)
    away = ears - mean[:, None]
    deviation = np.sqrt(np.mean(away**2, axis=1)) + _STILL
    shape = away / deviation[:, None]
    level_db = 20.0 / COMPRESSION * np.log10(np.maximum(mean / mean.max(), 1e-6))
    return Statistics(
        CENTRES_HZ[:held], np.maximum(level_db, -100.0), deviation / mean,
        np.mean(shape**3, axis=1), np.mean(shape**4, axis=1), _modulation_db(away, deviation),
    )  # fmt: skip


def mean(every: Sequence[Statistics]) -> Statistics:
    """The mean over several recordings, of the bands that all of them have."""
    held = min(len(each.hz) for each in every)
    rows = [
        np.mean([getattr(each, key)[:held] for each in every], axis=0)
        for key in ("mean_db", "variation", "skew", "kurtosis", "modulation_db")
    ]
    return Statistics(every[0].hz[:held], np.minimum(rows[0] - rows[0].max(), 0.0), *rows[1:])


def _modulation_db(away: Floats, deviation: Floats) -> Floats:
    """Share of each octave of rates in each band's variance, dB. [bands, n] -> [bands, len(MODULATION_HZ)]."""
    frames = away.shape[1]
    window = np.hanning(frames)
    power = 2.0 * np.abs(np.fft.rfft(away * window, axis=1)) ** 2 / (frames * np.sum(window**2))
    hz = np.fft.rfftfreq(frames, 1.0 / ENVELOPE_HZ)
    rows = [
        power[:, (hz >= centre / np.sqrt(2)) & (hz < centre * np.sqrt(2))].sum(axis=1) / deviation**2
        for centre in MODULATION_HZ
    ]
    return np.asarray(10.0 * np.log10(np.maximum(np.stack(rows, axis=1), 10.0 ** (_FAINTEST_DB / 10.0))))
