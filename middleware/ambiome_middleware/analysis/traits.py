"""What a texture is like as a whole, whichever bands its sounds are in.

A cricket sings at 3 kHz or at 6, and two birds share no band at all: taken band by band, two recordings of one kind
differ as much as two of different kinds. So every statistic of a `Texture` is also taken across its bands: its median,
which is mostly the background's, and its mean weighted by the bands' compressed amplitudes, which is the foreground's.
The colour of the sound is kept by its octaves and by the form of its spectrum.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ambiome_middleware.analysis.cochlea import BANDS, CENTRES_HZ, COMPRESSION
from ambiome_middleware.analysis.texture import CLASSES, ROWS, TOPS, Array, Texture

OCTAVES_HZ: Final = (125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)
OCTAVE: Final = np.rint(np.log2(CENTRES_HZ / OCTAVES_HZ[0])).clip(0, len(OCTAVES_HZ) - 1).astype(int)
"""Which of the octaves each band belongs to. [BANDS]"""
FORMS: Final = ("centre", "width", "entropy", "roughness", "largest peak")
"""Of the spectrum: centre and width in bands, entropy of its power, mean step and largest peak over neighbours in dB.
"""

_LOWEST_DB: Final = -60.0


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait: its class of statistics, and what it is within it."""

    kind: str
    label: str


TRAITS: Final[tuple[Trait, ...]] = (
    *(Trait(row.kind, f"{row.label}, median of bands") for row in ROWS),
    *(Trait(row.kind, f"{row.label}, of loud bands") for row in ROWS),
    *(Trait("spectrum", f"{hz} Hz") for hz in OCTAVES_HZ),
    *(Trait("spectrum", form) for form in FORMS),
)
TRAIT_CLASS: Final = np.array([CLASSES.index(each.kind) for each in TRAITS])
"""Which of `CLASSES` each trait belongs to. [len(TRAITS)]"""


def traits_of(texture: Texture, bands: int = BANDS) -> Array:
    """The traits of a texture's lowest `bands` bands. -> [len(TRAITS)], NaN for what lies above them.

    Levels are relative to the loudest of these bands, and at least −60 dB.
    """
    held = np.where(min(bands, texture.bands) > TOPS, texture.statistics, np.nan)
    known = np.isfinite(held)
    rows = known.any(axis=1)
    levels_db = held[0] = np.maximum(held[0] - np.nanmax(held[0]), _LOWEST_DB)
    loud = known * np.where(known[0], 10 ** (COMPRESSION * levels_db / 20), 0.0)
    median, mean = np.full((2, len(ROWS)), np.nan)
    median[rows] = np.nanmedian(held[rows], axis=1)
    mean[rows] = np.where(known, held * loud, 0.0)[rows].sum(axis=1) / loud[rows].sum(axis=1)
    levels_db = levels_db[known[0]]
    octaves = [_mean(levels_db[OCTAVE[: levels_db.size] == octave]) for octave in range(len(OCTAVES_HZ))]
    return np.concatenate([median, mean, octaves, _form(levels_db)])


def _mean(levels_db: Array) -> float:
    return float(levels_db.mean()) if levels_db.size else np.nan


def _form(levels_db: Array) -> Array:
    """`FORMS` of a spectrum. [bands] -> [len(FORMS)]."""
    power = 10 ** (levels_db / 10)
    power /= power.sum()
    place = np.arange(power.size)
    centre = power @ place
    width = np.sqrt(power @ (place - centre) ** 2)
    entropy = -power @ np.log(power)
    peak = np.max(levels_db[1:-1] - (levels_db[:-2] + levels_db[2:]) / 2)
    return np.array([centre, width, entropy, np.mean(np.abs(np.diff(levels_db))), peak])
