"""Textures of recordings and of noises, measured once: they are kept in the user's cache.

A texture is found again by what it was measured from (the file's bytes, the stretch) and by what measured it (the
source of the measure), so that nothing old is ever taken for new.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import numpy as np

from ambiome_middleware.analysis import cochlea, spectrum, texture
from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.evaluate import noises
from ambiome_middleware.analysis.recordings import Half, Recording, recordings
from ambiome_middleware.analysis.texture import Array, Texture, bands_below, spread_of, texture_of

NOISE_S: Final = 20.0
NOISE_SEEDS: Final = (1, 2, 3)


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
        """The unit of differences: the spread over all recordings."""
        return spread_of(list(self.textures.values()))

    def half(self, category: str, half: Half) -> tuple[Recording, ...]:
        """One half of a category's recordings."""
        return recordings(self.sounds, category=category, half=half)

    def texture(self, recording: Recording) -> Texture:
        """The texture of a recording or of its stretch. Raises OSError where it cannot be read."""
        statistics = self._kept(_key(recording), recording.load)
        return Texture(statistics, bands_below(recording.bandwidth_hz))

    def noise(self, name: str) -> list[Texture]:
        """One of `noises.SLOPES`, with several seeds."""

        def make(seed: int) -> Audio:
            return noises.coloured(name, NOISE_S, seed)

        return self._noises([name], make)

    def shaped(self, like: Sequence[Recording]) -> list[Texture]:
        """Noise with the mean spectrum of these recordings and nothing else of them, with several seeds."""

        def make(seed: int) -> Audio:
            return noises.shaped([each.load() for each in like], NOISE_S, seed)

        return self._noises(["shaped", *(part for each in like for part in _key(each))], make)

    def _noises(self, key: Sequence[str], make: Callable[[int], Audio]) -> list[Texture]:
        keys = [[str(seed), _code(noises), *key] for seed in NOISE_SEEDS]
        return [Texture(self._kept(each, partial(make, seed))) for each, seed in zip(keys, NOISE_SEEDS, strict=True)]

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
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _code(module: object) -> str:
    return _digest(Path(str(getattr(module, "__file__", ""))))
