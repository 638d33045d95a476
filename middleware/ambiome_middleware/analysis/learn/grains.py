"""The classes of grains that a texture's levels have, and what of each octave's energy is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.cochlea import mono
from ambiome_middleware.analysis.learn import bands, classes, events
from ambiome_middleware.analysis.learn.events import OCTAVES_HZ, Event
from ambiome_middleware.analysis.learn.material import Anchor, Material
from ambiome_middleware.sound.levels import BAND_K
from ambiome_middleware.sound.patch import BAND_HZ
from ambiome_middleware.sound.profile import Grain
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Floats = npt.NDArray[np.float64]

LONGEST_S: Final = 40.0
"""As much of a recording is searched for events."""
MOST_BED: Final = 0.97
"""Share of an octave's energy that grains may take at most."""
_BEYOND_CHANCE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at one level: events by class, energies against its loudness, and rates without chance's."""

    events: dict[classes.Key, list[Event]]
    rates_hz: dict[classes.Key, float]
    octave_power: Floats
    seconds: float


def grains_of(anchors: Sequence[Anchor]) -> tuple[tuple[Grain, ...], list[Floats]]:
    """The classes of a texture, those with the largest shares of an octave first; and each level's grains' share.

    The shares are [OCTAVES_HZ], 0 … 1, of the energy in each octave band.
    """
    found = [search(anchor.material) for anchor in anchors]
    keys = sorted({key for each in found for key in each.events})
    weighed = []
    for key in keys:
        rates = np.array([each.rates_hz.get(key, 0.0) for each in found])
        heard = [each.events.get(key, []) if rate > 0.0 else [] for each, rate in zip(found, rates, strict=True)]
        grain = classes.grain_of(key, heard, [each.seconds for each in found], rates)
        if grain is not None:
            weighed.append((max(_share(key, each) for each in found), key, grain))
    weighed.sort(key=lambda row: -row[0])
    kept = [(key, grain) for share, key, grain in weighed[: classes.MOST_CLASSES] if share > classes.QUIETEST_SHARE]
    shares = [np.zeros(len(OCTAVES_HZ)) for _ in found]
    for row, each in zip(shares, found, strict=True):
        for key, _ in kept:
            row[_octaves(key)] += _share(key, each)
    return tuple(replace(grain, share=min(grain.share, 1.0)) for _, grain in kept), [
        np.clip(row, 0.0, MOST_BED) for row in shares
    ]


def bed_db(spectrum_db: Floats, shares: Floats) -> Floats:
    """What grains of these shares of the octaves leave of a spectrum [BANDS] in dB."""
    left = np.interp(np.log2(BAND_HZ), np.log2(OCTAVES_HZ), 1.0 - shares)
    return np.asarray(spectrum_db + 10.0 * np.log10(left))


def search(material: Sequence[Material]) -> Found:
    """The events of one level's recordings, end to end."""
    every: dict[classes.Key, list[Event]] = {}
    chance: dict[classes.Key, int] = {}
    power, seconds, start_s = np.zeros(len(OCTAVES_HZ)), 0.0, 0.0
    for each in material:
        signal = mono(each.audio)[: round(LONGEST_S * SAMPLE_RATE_HZ)]
        powers = bands.band_powers(signal[None])
        signal = signal / np.sqrt(np.sum(powers * BAND_K))
        length_s = len(signal) / SAMPLE_RATE_HZ
        power += length_s * np.array([powers[_thirds(hz)].sum() for hz in OCTAVES_HZ]) / np.sum(powers * BAND_K)
        for key, heard in classes.sorted_out(events.events_of(signal, each.bandwidth_hz)).items():
            moved = [replace(event, at_s=event.at_s + start_s) for event in heard]
            every[key] = every.get(key, []) + moved
        for key, heard in classes.sorted_out(events.events_of(events.noise_like(signal), each.bandwidth_hz)).items():
            chance[key] = chance.get(key, 0) + len(heard)
        seconds += length_s
        start_s += length_s
    rates = {
        key: (len(heard) - chance.get(key, 0)) / seconds
        for key, heard in every.items()
        if len(heard) > _BEYOND_CHANCE * chance.get(key, 0) + 1
    }
    return Found(every, rates, power / seconds, seconds)


def _share(key: classes.Key, found: Found) -> float:
    """What a class has of the energy of the octaves that it fills."""
    if key not in found.rates_hz:
        return 0.0
    energy = sum(event.energy for event in found.events[key]) / found.seconds
    return float(energy / max(found.octave_power[_octaves(key)].sum(), 1e-12))


def _octaves(key: classes.Key) -> list[int]:
    """The octaves that a class fills, about its own."""
    _, octave, width = key
    first = octave - width // 2
    return [o for o in range(first, first + width + 1) if 0 <= o < len(OCTAVES_HZ)]


def _thirds(hz: float) -> npt.NDArray[np.bool_]:
    return np.asarray(np.abs(np.log2(BAND_HZ / hz)) < 0.5)
