"""Spectra: third-octave levels, A-weighted level, centroid, and a spectrogram on a musical (logarithmic) scale."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import get_window, welch

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.sound.weighting import a_weighting_db
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Array = npt.NDArray[np.float64]

THIRD_OCTAVES_HZ: Final[Array] = 1_000.0 * 10 ** (np.arange(-16, 14) / 10)
"""Exact centres of the third-octave bands from 25 Hz to 20 kHz (IEC 61260-1, base ten)."""

_FFT: Final = 16_384


def power_spectrum(audio: Audio) -> tuple[Array, Array]:
    """Frequencies (Hz) and mean-square power in each bin, summed to the signal's; channels averaged. [C, n]."""
    check_audio(audio, 2)
    size = min(_FFT, audio.shape[1])
    hz, density = welch(np.asarray(audio, np.float64), SAMPLE_RATE_HZ, nperseg=size, detrend=False)
    return hz, density.mean(axis=0) * (hz[1] - hz[0])


def third_octave_levels_db(audio: Audio) -> Array:
    """Level of each band of `THIRD_OCTAVES_HZ` in dB re full scale squared; −inf if empty. [C, n] -> [30].

    A bin that straddles two bands is shared between them, so that narrow low bands are not empty.
    """
    hz, power = power_spectrum(audio)
    width = hz[1] - hz[0]
    edges = np.append(THIRD_OCTAVES_HZ * 10**-0.05, THIRD_OCTAVES_HZ[-1] * 10**0.05)
    below = np.concatenate([[0.0], np.cumsum(power)])
    at_edges = np.interp(edges, np.append(hz - width / 2, hz[-1] + width / 2), below)
    with np.errstate(divide="ignore"):
        levels: Array = 10 * np.log10(np.diff(at_edges))
    return levels


def a_level_db(audio: Audio) -> float:
    """A-weighted level in dB re full scale squared (a full-scale sine of 1 kHz has −3.01); −inf for silence. [C, n]."""
    hz, power = power_spectrum(audio)
    with np.errstate(divide="ignore"):
        return float(10 * np.log10(np.sum(power * 10 ** (a_weighting_db(hz) / 10))))


def centroid_hz(audio: Audio) -> float:
    """Spectral centroid, weighted by power; 0 for silence. [C, n] -> Hz."""
    hz, power = power_spectrum(audio)
    total = float(power.sum())
    return float((hz * power).sum()) / total if total > 0 else 0.0


def log_spectrogram_db(
    audio: Audio, *, bands: int = 256, columns: int = 1_600, low_hz: float = 30.0, high_hz: float = 20_000.0
) -> tuple[Array, Array]:
    """A spectrogram for the eye, over logarithmic bands, channels averaged. [C, n] -> [bands], [bands, columns].

    Gives the bands' centres in Hz and their levels in dB re full scale squared per Hz. Each column is the mean over its
    stretch of time, so that nothing between two columns is lost. At most one column a window of 85 ms.
    """
    check_audio(audio, 4_096)
    size, hop = 4_096, 1_024
    window = get_window("hann", size)
    hops = 1 + (audio.shape[1] - size) // hop
    columns = min(columns, hops)
    centres = np.geomspace(low_hz, high_hz, bands)
    matrix = _log_bands(centres, size)
    picture = np.zeros((bands, columns))
    for column in range(columns):
        first, last = column * hops // columns, (column + 1) * hops // columns
        starts = np.arange(first, last) * hop
        frames = np.asarray(audio[:, starts[:, None] + np.arange(size)], np.float64) * window
        power = (np.abs(np.fft.rfft(frames)) ** 2).mean(axis=(0, 1))
        picture[:, column] = matrix @ power
    scale = 2 / (SAMPLE_RATE_HZ * float((window**2).sum()))
    return centres, 10 * np.log10(np.maximum(picture * scale, 1e-20))


def _log_bands(centres: Array, size: int) -> Array:
    """Averages of spectral bins over logarithmic bands, never narrower than two bins. -> [bands, size // 2 + 1]."""
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    ratio = centres[1] / centres[0]
    reach = np.maximum(centres * (ratio - 1), 1.0 * hz[1])
    weight = np.clip(1 - np.abs(hz[None] - centres[:, None]) / reach[:, None], 0, None)
    normal: Array = weight / weight.sum(axis=1, keepdims=True)
    return normal
