"""Recordings of a texture → its profile."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.learn import bands, flutter, grains, statistics
from ambiome_middleware.analysis.learn.material import Anchor, Material
from ambiome_middleware.sound.levels import BAND_K
from ambiome_middleware.sound.profile import Level, Profile
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Floats = npt.NDArray[np.float64]

_SHORTEST_S: Final = 1.0


def learned(voice: str, name: str, anchors: Sequence[Anchor]) -> Profile:
    """The profile of recordings, anchors by ascending intensity. ValueError for material under a second."""
    for each in (each for anchor in anchors for each in anchor.material):
        if each.audio.shape[1] < _SHORTEST_S * SAMPLE_RATE_HZ:
            raise ValueError(f"{each.origin.title}: {each.seconds:.2f} s, at least {_SHORTEST_S:g} s are needed")
    material = [each for anchor in anchors for each in anchor.material]
    classes, shares = grains.grains_of(anchors)
    levels = tuple(_level(anchor, share) for anchor, share in zip(anchors, shares, strict=True))
    bandwidth_hz = max(each.bandwidth_hz for each in material)
    sources = tuple(dict.fromkeys(each.origin for each in material))
    return Profile(voice, name, sources, levels, classes, min(bandwidth_hz, 24_000.0), "")


def _level(anchor: Anchor, shares: Floats) -> Level:
    """One anchor: spectra are averaged in power at equal loudness, coherence and flutter by length."""
    seconds = [each.seconds for each in anchor.material]
    spectrum_db = _together([bands.spectrum_db(bands.band_powers(m.audio), m.bandwidth_hz) for m in anchor.material])
    wander = flutter.mean([flutter.measure(m.audio, m.bandwidth_hz) for m in anchor.material], seconds)
    return Level(
        anchor.intensity, spectrum_db, grains.bed_db(spectrum_db, shares), wander.depth_db, wander.depth_db,
        wander.common,        _coherence(anchor.material),
        statistics.mean([statistics.statistics_of(m.audio, m.bandwidth_hz) for m in anchor.material]),
    )  # fmt: skip


def _together(spectra_db: list[Floats]) -> Floats:
    power = np.mean([10.0 ** (each / 10.0) for each in spectra_db], axis=0)
    return np.asarray(10.0 * np.log10(power / np.sum(power * BAND_K)))


def _coherence(material: Sequence[Material]) -> Floats | None:
    found = [(each.seconds, bands.coherence(each.audio)) for each in material]
    known = [(seconds, rows) for seconds, rows in found if rows is not None]
    total = sum(seconds for seconds, _ in known)
    return np.asarray(sum(seconds / total * rows for seconds, rows in known)) if known else None
