"""How far apart two textures are, by what tells one kind of sound from another (after Fisher's discriminant, 1936).

A trait counts by how much kinds of sound differ in it beside how much recordings of one kind do: with b its variance
between kinds and w its variance within a kind, it is divided by w's root and weighted by the root of b / w. What varies
from one rain to the next as much as from rain to fire says nothing and counts for nearly nothing. The traits are
weighted one by one and the same for every kind: some eighty recordings are too few to learn more from.

`measure_of` fits this to named sounds. It has to be given sounds that are not judged with, and no renders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ambiome_middleware.analysis.texture import CLASSES, Array, Texture
from ambiome_middleware.analysis.traits import TRAIT_CLASS, traits_of

FEWEST_BANDS: Final = 8
MOST: Final = 4.0
"""A trait further from the mean than so many standard deviations counts as so far."""
LEAST: Final = 0.1
"""Added to each variance within, in units of the variance of all sounds: what is hardly known is not trusted."""


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """Mean and standard deviation of each trait over the sounds that were fitted, and its weight. [len(TRAITS)] each.

    Two recordings of different origin of one of these kinds are apart by 1 in the root mean square.
    """

    mean: Array
    deviation: Array
    weight: Array
    _places: dict[tuple[Texture, int], Array] = field(default_factory=dict, repr=False)

    def differences(self, first: Texture, second: Texture) -> Array:
        """`first` less `second`, weighted: the distance is the root of the sum of their squares. -> [len(TRAITS)].

        Only bands that both have are compared. Raises ValueError where they share too few.
        """
        bands = min(first.bands, second.bands)
        if bands < FEWEST_BANDS:
            raise ValueError(f"two sounds must share at least {FEWEST_BANDS} bands, these share {bands}")
        return np.nan_to_num(self._place(first, bands) - self._place(second, bands))

    def class_distances(self, first: Texture, second: Texture) -> Array:
        """What each class of statistics adds to the distance, the root of the sum of their squares. -> [len(CLASSES)].

        Raises ValueError where they share too few bands.
        """
        square = self.differences(first, second) ** 2
        return np.asarray(np.sqrt(np.bincount(TRAIT_CLASS, square, len(CLASSES))))

    def distance(self, first: Texture, second: Texture) -> float:
        """0 for the same sound, and symmetric."""
        return float(whole(self.class_distances(first, second)))

    def _place(self, texture: Texture, bands: int) -> Array:
        key = texture, bands
        if key not in self._places:
            away = (traits_of(texture, bands) - self.mean) / self.deviation
            self._places[key] = np.clip(away, -MOST, MOST) * self.weight
        return self._places[key]


def whole(classes: Array) -> Array:
    """Distances from what each class adds to them. [..., len(CLASSES)] -> [...]."""
    return np.asarray(np.sqrt(np.sum(classes**2, axis=-1)))


def measure_of(kinds: Mapping[str, Mapping[str, Sequence[Texture]]]) -> Measure:
    """The measure that tells these sounds apart: textures by kind and by origin.

    An origin counts once, however many textures it has; so does a kind. Raises ValueError for fewer than two kinds, or
    where no kind has two origins.
    """
    traits = np.stack([traits_of(each) for kind in kinds.values() for origin in kind.values() for each in origin])
    mean, deviation = np.nanmean(traits, axis=0), np.nanstd(traits, axis=0) + 1e-6
    centres = [
        np.stack([_centre(origin, mean, deviation) for origin in kind.values()]) for kind in kinds.values() if kind
    ]
    free = sum(len(each) - 1 for each in centres)
    if len(centres) < 2 or not free:
        raise ValueError("there must be at least two kinds of sound, and one of them of two origins")
    within = np.sum([np.sum((each - each.mean(axis=0)) ** 2, axis=0) for each in centres], axis=0) / free
    between = np.var([each.mean(axis=0) for each in centres], axis=0, ddof=1)
    weight = np.sqrt(between) / (within + LEAST)
    return Measure(mean, deviation, weight / np.sqrt(2 * np.sum(weight**2 * within)))


def _centre(origin: Sequence[Texture], mean: Array, deviation: Array) -> Array:
    away = np.stack([(traits_of(each) - mean) / deviation for each in origin])
    centre: Array = np.nan_to_num(np.clip(away, -MOST, MOST)).mean(axis=0)
    return centre
