"""Third-octave spectra and coherence of recordings, on the renderer's own bands."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import csd, welch

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.sound.levels import BAND_K
from ambiome_middleware.sound.patch import BAND_HZ
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Floats = npt.NDArray[np.float64]

EDGES_HZ: Final[Floats] = np.append(BAND_HZ * 2.0 ** (-1 / 6), BAND_HZ[-1] * 2.0 ** (1 / 6))
LOWEST_DB: Final = -110.0
"""What a profile says of a band in which there is nothing."""
_FFT: Final = 16_384
_SLOPE_BANDS: Final = 5
_STEEPEST, _FLATTEST = -12.0, -1.0
"""Bounds of the slope that goes on above a band limit, dB a band (−36 … −3 dB an octave)."""
_ALIKE: Final = 0.98
"""Two channels that are as coherent as this in every band are one, written twice."""


def band_powers(audio: Audio) -> Floats:
    """Mean-square power in each band of `BAND_HZ`, channels averaged. [C, n] -> [BANDS]."""
    check_audio(audio, 64)
    hz, density = welch(
        np.asarray(audio, np.float64), SAMPLE_RATE_HZ, nperseg=min(_FFT, audio.shape[1]), detrend="constant"
    )
    return summed(hz, density.mean(axis=0) * (hz[1] - hz[0]))


def summed(hz: Floats, power: Floats) -> Floats:
    """Bins [n] of power summed into bands; a bin that straddles two is shared. -> [BANDS]."""
    below = np.concatenate([[0.0], np.cumsum(power)])
    edges = np.append(hz - 0.5 * hz[1], hz[-1] + 0.5 * hz[1])
    return np.diff(np.interp(EDGES_HZ, edges, below))


def spectrum_db(powers: Floats, bandwidth_hz: float) -> Floats:
    """Band powers [BANDS] in dB, K-weighted sum 0 dB; above `bandwidth_hz` the slope below it goes on.

    Bands that a limited recording cannot hold are not silent in the world: the straight line through the five highest
    bands that it holds is kept, between −3 and −36 dB an octave.
    """
    db = 10.0 * np.log10(np.maximum(powers, 10.0 ** (LOWEST_DB / 10.0) * max(float(powers.max()), 1e-30)))
    held = int(np.sum(EDGES_HZ[1:] <= bandwidth_hz * 1.02))
    if 2 * _SLOPE_BANDS <= held < len(db):
        slope = float(np.polyfit(np.arange(_SLOPE_BANDS), db[held - _SLOPE_BANDS : held], 1)[0])
        slope = min(max(slope, _STEEPEST), _FLATTEST)
        db[held:] = db[held - 2 : held].mean() + 0.5 * slope + slope * np.arange(1, len(db) - held + 1)
    return np.asarray(np.maximum(db - 10.0 * np.log10(np.sum(10.0 ** (db / 10.0) * BAND_K)), LOWEST_DB))


def coherence(audio: Audio) -> Floats | None:
    """Coherence between the two channels in each band, real part, 0 … 1; None for mono, or mono written twice. [C, n].

    The real part, since it is what two loudspeakers add up to: noise of that coherence has the same mono sum. Long
    windows measure the lowest bands, where short ones have no bins. Above 1 kHz it is kept from rising with frequency:
    in nature it does not, but codecs fold the two channels together high up.
    """
    if len(audio) < 2:
        return None
    rows = np.zeros(len(BAND_HZ))
    for size, first in ((_FFT, 0), (4_096, 9)):
        size = min(size, audio.shape[1] // 2)
        left, right = np.asarray(audio[:2], np.float64)
        hz, cross = csd(left, right, SAMPLE_RATE_HZ, nperseg=size, detrend="constant")
        powers = [summed(hz, welch(x, SAMPLE_RATE_HZ, nperseg=size, detrend="constant")[1]) for x in (left, right)]
        rows[first:] = (summed(hz, cross.real) / np.sqrt(np.maximum(powers[0] * powers[1], 1e-30)))[first:]
    if rows.min() > _ALIKE:
        return None
    top = int(np.searchsorted(BAND_HZ, 1_000.0))
    rows[top:] = np.minimum.accumulate(rows[top:])
    return np.clip(rows, 0.0, 1.0)
