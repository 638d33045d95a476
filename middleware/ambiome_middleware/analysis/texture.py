"""The statistics of a sound's texture, and in which of them another differs.

The statistics are those of McDermott & Simoncelli (2011), Neuron 71, of the envelopes of `cochlea`: each envelope's
mean, variation, skewness and kurtosis; correlations between bands; the power of its modulations; correlations between
bands of modulations at one rate. They are taken over windows of about 7 s and averaged, so that long and short sounds
compare. One matrix holds them all: a row is a statistic (`ROWS`), a column a band.

A difference is shown in units of the statistic's spread over an ensemble of recordings of all kinds (`spread_of`). How
far two textures are apart is for `measure` to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.analysis.cochlea import BANDS, COMPRESSION, ENVELOPE_HZ, TOPS_HZ, envelopes
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Array = npt.NDArray[np.float64]

WINDOW_S: Final = 7.0
SHORTEST_S: Final = 2.0
APARTS: Final = (1, 2, 3, 5, 8, 11, 16, 21)
"""How many bands apart those are that are correlated."""
RATES_HZ: Final[tuple[float, ...]] = tuple(0.5 * 2 ** (step / 2) for step in range(18))
"""Centres of the half-octave bands of modulation, 0.5 to 181 Hz."""
COMMON_RATES_HZ: Final = (1.5625, 3.125, 6.25, 12.5, 25.0, 50.0, 100.0)
"""Centres of the octave bands of modulation that are correlated between neighbours."""

CLASSES: Final = ("spectrum", "variation", "skewness", "kurtosis", "correlation", "modulation", "co-modulation")
"""The classes of statistics."""

_QUIET: Final = 10 ** (COMPRESSION * -50.0 / 20)
_STILL: Final = 0.01
"""Deviation of an envelope that counts as none."""


@dataclass(frozen=True, slots=True)
class Row:
    """One statistic: its class, what it is within it, and how many bands above its own it looks."""

    kind: str
    label: str
    reach: int = 0


ROWS: Final[tuple[Row, ...]] = (
    Row("spectrum", "mean"),
    Row("variation", "sd/mean"),
    Row("skewness", "skewness"),
    Row("kurtosis", "kurtosis"),
    *(Row("correlation", f"{apart} apart", apart) for apart in APARTS),
    *(Row("modulation", f"{rate_hz:.3g} Hz") for rate_hz in RATES_HZ),
    *(
        Row("co-modulation", f"{rate_hz:.3g} Hz, {apart} apart", apart)
        for rate_hz in COMMON_RATES_HZ
        for apart in (1, 2)
    ),
)
_MASKS: Final = tuple(np.array([row.kind == kind for row in ROWS]) for kind in CLASSES)
TOPS: Final = np.arange(BANDS) + np.array([row.reach for row in ROWS])[:, None]
"""The highest band that each statistic looks at. [len(ROWS), BANDS]"""


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """The statistics of a sound. [len(ROWS), BANDS]; NaN where a row looks above the last band.

    Only the first `bands` of them are of the sound; above, its recording ends.
    """

    statistics: Array
    bands: int = BANDS


def bands_below(bandwidth_hz: float) -> int:
    """How many of the bands lie in a sound that ends at `bandwidth_hz`."""
    return int(np.sum(bandwidth_hz >= TOPS_HZ))


def texture_of(audio: Audio, bandwidth_hz: float = SAMPLE_RATE_HZ / 2) -> Texture:
    """The statistics of a sound of at least two seconds. [C, n] -> Texture. Raises ValueError if shorter or silent."""
    check_audio(audio, round(SHORTEST_S * SAMPLE_RATE_HZ))
    ears = envelopes(audio)
    windows = list(_windows(ears))
    loudest = max(float(window.mean(axis=1).max()) for window in windows)
    heard = [window for window in windows if window.mean(axis=1).max() > _QUIET * loudest]
    statistics = np.mean([_statistics(window) for window in heard], axis=0)
    statistics[0] = _decibels(np.mean([window.mean(axis=1) for window in heard], axis=0))
    return Texture(statistics, bands_below(bandwidth_hz))


def spread_of(ensemble: Sequence[Texture]) -> Array:
    """Standard deviation of each statistic over an ensemble, the unit of differences. -> [len(ROWS), BANDS].

    Only sounds that have the band count. No spread is taken for less than half the median of its class: what hardly
    differs among recordings is not known so well.
    """
    if len(ensemble) < 3:
        raise ValueError(f"the ensemble must hold at least three sounds, got {len(ensemble)}")
    held = np.stack([np.where(each.bands > TOPS, each.statistics, np.nan) for each in ensemble])
    held[:, 0] -= np.nanmean(held[:, 0], axis=1, keepdims=True)
    count = np.sum(np.isfinite(held), axis=0)
    mean = np.nansum(held, axis=0) / np.maximum(count, 1)
    spread: Array = np.sqrt(np.nansum((held - mean) ** 2, axis=0) / np.maximum(count - 1, 1))
    spread[count < 3] = np.nan
    for mask in _MASKS:
        spread[mask] = np.fmax(spread[mask], np.nanmedian(spread[mask]) / 2)
    return spread


def differences(first: Texture, second: Texture, spread: Array) -> Array:
    """`first` less `second`, in spreads. -> [len(ROWS), BANDS], NaN where either lacks the band.

    The levels of the two spectra are made equal over the bands they share.
    """
    bands = min(first.bands, second.bands)
    apart = np.where(bands > TOPS, first.statistics - second.statistics, np.nan)
    apart[0] -= np.nanmean(apart[0])
    scaled: Array = apart / spread
    return scaled


def _windows(ears: Array) -> list[Array]:
    """Windows of about `WINDOW_S` that overlap by half and leave nothing over. [BANDS, n] -> of [BANDS, w]."""
    frames, size = ears.shape[1], round(WINDOW_S * ENVELOPE_HZ)
    if frames <= size:
        return [ears]
    starts = np.linspace(0, frames - size, 1 + int(np.ceil((frames - size) / (size / 2)))).round().astype(int)
    return [ears[:, start : start + size] for start in starts]


def _decibels(mean: Array) -> Array:
    level: Array = 20 / COMPRESSION * np.log10(mean)
    return level


def _statistics(ears: Array) -> Array:
    """All statistics of one window. [BANDS, w] -> [len(ROWS), BANDS]."""
    mean = ears.mean(axis=1)
    away = ears - mean[:, None]
    deviation = np.sqrt(np.mean(away**2, axis=1) + _STILL**2)
    shape = away / deviation[:, None]
    moments = [
        _decibels(mean),
        np.log10(deviation / mean),
        np.arcsinh(np.mean(shape**3, axis=1)),
        np.log10(np.mean(shape**4, axis=1) + 0.1),
    ]
    alike = shape @ shape.T / ears.shape[1]
    return np.vstack([*moments, *(_beside(alike, apart) for apart in APARTS), *_modulations(away, deviation)])


def _beside(alike: Array, apart: int) -> Array:
    """What each band has with that so many above it. [BANDS, BANDS] -> [BANDS], NaN at the end."""
    return np.pad(np.diagonal(alike, apart), (0, apart), constant_values=np.nan)


def _modulations(away: Array, deviation: Array) -> list[Array]:
    """Share of each rate in a band's modulation (log10), and how far neighbours share it. -> rows of [BANDS]."""
    frames = away.shape[1]
    window = np.hanning(frames)
    spectrum = np.fft.rfft(away * window, axis=1)
    hz = np.fft.rfftfreq(frames, 1 / ENVELOPE_HZ)
    power = 2 * np.abs(spectrum) ** 2 / (frames * float(np.sum(window**2)))
    below = np.concatenate([np.zeros((BANDS, 1)), np.cumsum(power, axis=1)], axis=1)
    at = np.append(hz - hz[1] / 2, hz[-1] + hz[1] / 2)
    edges = RATES_HZ[0] * 2 ** ((np.arange(len(RATES_HZ) + 1) - 0.5) / 2)
    held = np.stack([np.interp(edges, at, band) for band in below]) / deviation[:, None] ** 2
    rows = [np.log10(held[:, last] - held[:, first] + 1e-3) for first, last in pairwise(range(edges.size))]
    for rate_hz in COMMON_RATES_HZ:
        octaves = np.log2(np.maximum(hz, hz[1] / 2) / rate_hz)
        part = spectrum * np.cos(np.pi / 2 * np.clip(octaves, -1, 1))
        alike = (part @ part.conj().T).real
        own = np.sqrt(np.diagonal(alike) + (_STILL**2 * frames / 4) * float(np.sum(window**2)) / len(COMMON_RATES_HZ))
        alike = alike / np.outer(own, own)
        rows += [_beside(alike, 1), _beside(alike, 2)]
    return rows
