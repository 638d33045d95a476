"""What reaches the ear's nerve: compressed envelopes of bands as wide as the ear's.

After McDermott & Simoncelli (2011), "Sound texture perception via statistics of the auditory periphery", Neuron 71:
half-cosine filters equally spaced on the ERB scale (Glasberg & Moore 1990), their squares summing to one; the
magnitude of the analytic signal of each; compression by the power 0.3; envelopes at 400 Hz.

Two things are added, so that recordings of every make can be compared. The bands are A-weighted, as wind in a
microphone is louder than it is to an ear. And everything is relative to the loudest band, with an even noise of
`FLOOR_DB` under its mean in every band, always the same: neither the level counts nor what is hardly heard beside the
rest (a recorder's hiss, digital silence, a codec's holes).
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.fft import ifft as complex_ifft
from scipy.fft import irfft, next_fast_len, rfft

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.sound.weighting import a_weighting_db
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Array = npt.NDArray[np.float64]
Spectrum = npt.NDArray[np.complex128]

BANDS: Final = 30
LOW_HZ: Final = 50.0
HIGH_HZ: Final = 16_000.0
ENVELOPE_HZ: Final = 400
COMPRESSION: Final = 0.3
FLOOR_DB: Final = -40.0

_EDGE_S: Final = 0.25
_STEP: Final = SAMPLE_RATE_HZ // ENVELOPE_HZ


def erb_number(hz: npt.ArrayLike) -> Array:
    """Place on the ERB scale of frequencies in Hz (Glasberg & Moore 1990)."""
    place: Array = 21.4 * np.log10(1 + 0.00437 * np.asarray(hz, np.float64))
    return place


def erb_hz(place: npt.ArrayLike) -> Array:
    """The frequency in Hz of places on the ERB scale."""
    hz: Array = (10 ** (np.asarray(place, np.float64) / 21.4) - 1) / 0.00437
    return hz


_PLACES: Final[Array] = np.linspace(erb_number(LOW_HZ), erb_number(HIGH_HZ), BANDS + 2)
_WIDTH: Final = float(_PLACES[1] - _PLACES[0])

CENTRES_HZ: Final[Array] = erb_hz(_PLACES[1:-1])
"""Where each band's gain is one. [BANDS]"""
TOPS_HZ: Final[Array] = erb_hz(_PLACES[1:-1] + _WIDTH / 2)
"""Where each band and the next above it have the same gain. [BANDS]"""


def mono(audio: Audio) -> Array:
    """The channels' mean; the first channel where they oppose one another so far that the mean would cancel them.

    [C, n] -> [n].
    """
    middle: Array = np.mean(audio, axis=0, dtype=np.float64)
    if np.mean(middle**2) < 0.25 * np.mean(np.square(audio, dtype=np.float64)):
        return np.asarray(audio[0], np.float64)
    return middle


def envelopes(audio: Audio) -> Array:
    """Compressed envelopes of the mono mix at 400 Hz, from 0 up, about 1 where loudest. [C, n] -> [BANDS, n // 120].

    Raises ValueError for less than half a second, and for silence.
    """
    check_audio(audio, SAMPLE_RATE_HZ // 2)
    signal = mono(audio)
    frames, edge = signal.size // _STEP, round(_EDGE_S * ENVELOPE_HZ)
    length = next_fast_len(frames + 2 * edge)
    padded = np.pad(signal[: frames * _STEP], edge * _STEP, mode="reflect")
    padded = np.pad(padded, (0, (length - frames - 2 * edge) * _STEP), mode="edge")
    spectrum = rfft(padded)
    generator = np.random.default_rng(0)
    hiss = generator.standard_normal(spectrum.size) + 1j * generator.standard_normal(spectrum.size)
    bin_hz = SAMPLE_RATE_HZ / (length * _STEP)
    filters = [_filter(place, bin_hz, spectrum.size) for place in _PLACES[1:-1]]
    ears = 10 ** (a_weighting_db(CENTRES_HZ) / 20)
    heard = [ear * spectrum[bins] * gain for ear, (bins, gain) in zip(ears, filters, strict=True)]
    loudest = max(_power(band) for band in heard)
    if loudest <= 0.0:
        raise ValueError("audio must not be silent")
    found = np.empty((BANDS, length))
    for at, (band, (bins, gain)) in enumerate(zip(heard, filters, strict=True)):
        floor = hiss[bins] * gain
        floor *= np.sqrt(10 ** (FLOOR_DB / 10) * loudest / _power(floor))
        found[at] = _slow(_magnitude((band + floor) / np.sqrt(loudest), length) ** COMPRESSION, length)
    return found[:, edge : edge + frames]


def _filter(place: float, bin_hz: float, size: int) -> tuple[slice, Array]:
    """The bins of a spectrum that a band has, and its gain in each."""
    low_hz, high_hz = erb_hz([place - _WIDTH, place + _WIDTH])
    bins = slice(int(np.ceil(low_hz / bin_hz)), min(int(high_hz / bin_hz) + 1, size))
    away = erb_number(np.arange(bins.start, bins.stop) * bin_hz) - place
    gain: Array = np.cos(np.pi / 2 * np.clip(away / _WIDTH, -1, 1))
    return bins, gain


def _power(band: Spectrum) -> float:
    """Mean square of the magnitude of a band's analytic signal (Parseval), but for a factor that all bands share."""
    return float(np.sum(band.real**2 + band.imag**2))


def _magnitude(band: Spectrum, length: int) -> Array:
    """Magnitude of a band's analytic signal, at a rate that its width and the envelopes' need."""
    size = next_fast_len(max(2 * band.size, length))
    magnitude: Array = np.abs(complex_ifft(band, size)) * size
    return magnitude


def _slow(band: Array, length: int) -> Array:
    """A band's envelope brought down to `ENVELOPE_HZ`: nothing above 200 Hz, and a gentle end to what is below."""
    bins = length // 2 + 1
    hz = np.linspace(0, ENVELOPE_HZ / 2, bins)
    taper = np.cos(np.pi / 2 * np.clip((hz - 160) / 40, 0, 1))
    low = rfft(band)[:bins] * taper
    slow: Array = irfft(low, length) * (length / band.size)
    return np.maximum(slow, 0.0)
