"""Textures of recordings and of noises, measured once: they are kept in the user's cache.

A texture is found again by what it was measured from (the file's bytes, the stretch) and by what measured it (the
source of what takes the statistics), so that nothing old is ever taken for new.

The measure is fitted anew each time, in a second or two: to the learning half of every category, and to noise as one
more kind of sound, drawn with other seeds than the controls (white, pink, brown, and shaped to each category's learning
half). The judging half and the renders have no part in it. Which traits there are, and that they are weighted one by
one, was chosen by leaving out one origin of the learning half at a time; when traits were compared, recordings of the
judging half stood among the neighbours that the distances were taken to.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import numpy as np

from ambiome_middleware.analysis import cochlea, spectrum, texture
from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.evaluate import noises
from ambiome_middleware.analysis.measure import Measure, measure_of
from ambiome_middleware.analysis.recordings import Half, Recording, recordings
from ambiome_middleware.analysis.texture import Array, Texture, bands_below, spread_of, texture_of

NOISE_S: Final = 20.0
NOISE_SEEDS: Final = (1, 2, 3)
"""Of the noises that are controls."""
FIT_SEEDS: Final = (9,)
"""Of the noises that the measure is fitted to."""


def cache_folder() -> Path:
    """Where textures are kept: `ambiome/textures` in the user's cache (XDG base directories)."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "ambiome" / "textures"


@dataclass
class References:
    """The textures of a folder of recordings, and of noises to compare with."""

    sounds: Path
    cache: Path = field(default_factory=cache_folder)

    @cached_property
    def recordings(self) -> tuple[Recording, ...]:
        """All that are used, whole."""
        return recordings(self.sounds)

    @cached_property
    def textures(self) -> dict[str, Texture]:
        """Of `recordings`, by name."""
        return {each.name: self.texture(each) for each in self.recordings}

    @cached_property
    def spread(self) -> Array:
        """The unit in which differences are shown: the spread over all recordings."""
        return spread_of(list(self.textures.values()))

    @cached_property
    def measure(self) -> Measure:
        """What tells sounds apart, fitted to the learning half and to noise."""
        kinds: dict[str, dict[str, list[Texture]]] = {}
        hisses = {name: self.noise(name, FIT_SEEDS) for name in noises.SLOPES}
        for category in sorted({each.category for each in self.recordings}):
            learned = self.half(category, "learn")
            hisses[f"shaped to {category}"] = self.shaped(learned, FIT_SEEDS)
            for each in learned:
                kinds.setdefault(category, {}).setdefault(each.origin, []).append(self.texture(each))
        return measure_of(kinds | {"noise": hisses})

    def half(self, category: str, half: Half) -> tuple[Recording, ...]:
        """One half of a category's recordings."""
        return recordings(self.sounds, category=category, half=half)

    def texture(self, recording: Recording) -> Texture:
        """The texture of a recording or of its stretch. Raises OSError where it cannot be read."""
        statistics = self._kept(_key(recording), recording.load)
        return Texture(statistics, bands_below(recording.bandwidth_hz))

    def noise(self, name: str, seeds: Sequence[int] = NOISE_SEEDS) -> list[Texture]:
        """One of `noises.SLOPES`, a texture a seed."""

        def make(seed: int) -> Audio:
            return noises.coloured(name, NOISE_S, seed)

        return self._noises([name], make, seeds)

    def shaped(self, like: Sequence[Recording], seeds: Sequence[int] = NOISE_SEEDS) -> list[Texture]:
        """Noise with the mean spectrum of these recordings and nothing else of them, a texture a seed."""

        def make(seed: int) -> Audio:
            return noises.shaped([each.load() for each in like], NOISE_S, seed)

        return self._noises(["shaped", *(part for each in like for part in _key(each))], make, seeds)

    def _noises(self, key: Sequence[str], make: Callable[[int], Audio], seeds: Sequence[int]) -> list[Texture]:
        return [Texture(self._kept([str(seed), _code(noises), *key], partial(make, seed))) for seed in seeds]

    def _kept(self, key: Sequence[str], load: Callable[[], Audio]) -> Array:
        code = "".join(_code(module) for module in (cochlea, spectrum, texture))
        path = self.cache / f"{hashlib.sha256(' '.join([code, *key]).encode()).hexdigest()[:32]}.npy"
        if path.is_file():
            kept: Array = np.load(path)
            return kept
        statistics = texture_of(load()).statistics
        self.cache.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.cache, suffix=".part", delete=False) as file:
            np.save(file, statistics)
        Path(file.name).replace(path)
        return statistics


def _key(recording: Recording) -> list[str]:
    return [_digest(recording.path), f"{recording.start_s:.3f}-{recording.end_s:.3f}"]


def _digest(path: Path) -> str:
    found = path.stat()
    return _digest_of(path, found.st_size, found.st_mtime_ns)


@cache
def _digest_of(path: Path, _size: int, _mtime_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _code(module: object) -> str:
    return _digest(Path(str(getattr(module, "__file__", ""))))
