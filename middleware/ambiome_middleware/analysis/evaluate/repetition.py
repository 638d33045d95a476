"""Repetition: the most that any stretch of a sound resembles another stretch of it.

A sound becomes a log-mel spectrogram. Every stretch of `STRETCH_S`, its mean in each band and its level at each moment
removed (what is left is what happens, not the colour or the loudness that it happens in), is compared with every other
at least `LAG_S` away by normalised cross-correlation. A loop finds itself: 1. Stretches that have nothing to do with
one another score what chance gives, and more of it the more of them are compared. Recordings are shorter than ten
minutes; so pieces of the ten minutes that make as many comparisons as the recordings do are set against them, and the
ten minutes as a whole against ten other minutes of the scene, with another seed, that cannot repeat them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.analysis.evaluate import scenes
from ambiome_middleware.analysis.mel import mel_triangles
from ambiome_middleware.analysis.recordings import Recording
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES

Matrix = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

SECONDS: Final = 600.0
LOOP_S: Final = 30.0
STRETCH_S: Final = 4.0
EVERY_S: Final = 1.0
LAG_S: Final = 10.0
HOP: Final = STEP_SAMPLES
WINDOW: Final = 4_096
BANDS: Final = 40
LOW_HZ: Final = 100.0
HIGH_HZ: Final = 8_000.0
FLOOR_DB: Final = 60.0
"""Below a sound's loudest moment in any band; what is softer counts as so soft."""
STILL_DB: Final = 0.5
"""A stretch that varies by less, RMS over moments and bands, is as good as silent and resembles nothing."""
SEEDS: Final = (31, 32, 33)
CHANCE: Final = 0.05
"""By how much the median of the largest over three renders differs from that over three others."""

_FRAMES: Final = round(STRETCH_S * SAMPLE_RATE_HZ / HOP)
_EVERY: Final = round(EVERY_S * SAMPLE_RATE_HZ / HOP)
_LAG: Final = round(LAG_S * SAMPLE_RATE_HZ / HOP)
_BLOCK: Final = 2_048


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much the two most similar stretches resemble one another, 1 for the same twice, and where they begin."""

    value: float
    first_s: float
    second_s: float


NOTHING: Final = Likeness(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Repetition:
    """Ten minutes of a scene against a loop of `LOOP_S` of it, and against recordings.

    `largest`: in all of it, of the seeds the one in the middle; `another`: between it and ten minutes with another
    seed, the median over pairs. `matched`: the median over pieces that make as many comparisons as the recordings do.
    `between`: the largest between recordings of different origin; `within`: inside one recording; NaN where there are
    too few or too short ones.
    """

    category: str
    scene: str
    largest: Likeness
    another: float
    matched: float
    loop: Likeness
    between: float
    within: float

    @property
    def recordings(self) -> float:
        """What independent recordings reach, and one recording with itself; NaN where nothing could be compared."""
        known = [value for value in (self.between, self.within) if not np.isnan(value)]
        return max(known, default=float("nan"))

    @property
    def can_judge(self) -> bool:
        """Whether there are recordings to compare with."""
        return not np.isnan(self.recordings)

    @property
    def is_reached(self) -> bool:
        return self.matched <= self.recordings and self.largest.value <= self.another + CHANCE


def spectrogram_db(audio: Audio) -> Matrix:
    """Log-mel levels, one row a step of 40 ms, all channels mixed. [C, n], n ≥ 4096 -> [frames, BANDS]."""
    check_audio(audio, WINDOW)
    mixed = np.asarray(audio, np.float32).mean(axis=0)
    bands, window = _mel_bands(), np.hanning(WINDOW).astype(np.float32)
    starts = np.arange(0, len(mixed) - WINDOW + 1, HOP)
    power = np.empty((len(starts), BANDS), np.float32)
    for first in range(0, len(starts), _BLOCK):
        at = starts[first : first + _BLOCK]
        spectra = np.fft.rfft(mixed[at[:, None] + np.arange(WINDOW)] * window)
        power[first : first + len(at)] = (np.abs(spectra) ** 2).astype(np.float32) @ bands
    level = 10.0 * np.log10(power + np.float32(1e-20))
    return np.asarray(np.maximum(level, level.max() - np.float32(FLOOR_DB)), np.float32)


def largest_within(levels: Matrix) -> Likeness:
    """The most alike stretches of one spectrogram [frames, BANDS]; `NOTHING` for one too short."""
    best = NOTHING
    ones, places = _stretches(levels, _EVERY)
    for others, positions in _blocks(levels):
        far = positions[None, :] >= places[:, None] + _LAG
        best = _better(best, ones @ others.T, far, places, positions)
    return best


def largest_between(levels: Matrix, others: Matrix) -> Likeness:
    """The most alike stretches of two spectrograms."""
    best = NOTHING
    ones, places = _stretches(levels, _EVERY)
    for block, positions in _blocks(others):
        best = _better(best, ones @ block.T, np.ones((len(places), len(positions)), bool), places, positions)
    return best


def repetition(category: str, recordings: Sequence[Recording], *, device: str = "auto") -> Repetition:
    """Ten minutes of the middle scene of a category. `recordings`: all that there are of it."""
    found = scenes.scenes_of(category)
    scene = scenes.lasting(found[len(found) // 2], SECONDS)
    renders = scenes.rendered([scene], seeds=SEEDS, layout="mono", device=device)
    loop = np.tile(renders[0].audio[:, : round(LOOP_S * SAMPLE_RATE_HZ)], (1, 3))
    heard = [spectrogram_db(render.audio) for render in renders]
    known = [(each.origin, spectrogram_db(each.load())) for each in recordings if each.seconds > 2 * STRETCH_S]
    pairs = [(one, other) for (origin, one), (other_origin, other) in combinations(known, 2) if origin != other_origin]
    alone = [levels for _, levels in known if len(levels) > _LAG + 2 * _FRAMES]
    compared = sum(_places(one) * _places(other) for one, other in pairs)
    compared += sum(_places(each) ** 2 // 2 for each in alone)
    return Repetition(
        category,
        scene.name,
        sorted((largest_within(levels) for levels in heard), key=lambda found: found.value)[len(heard) // 2],
        float(np.median([largest_between(levels, others).value for levels, others in combinations(heard, 2)])),
        matched(heard, compared),
        largest_within(spectrogram_db(loop)),
        max((largest_between(one, other).value for one, other in pairs), default=float("nan")),
        max((largest_within(each).value for each in alone), default=float("nan")),
    )


def matched(heard: Sequence[Matrix], compared: int) -> float:
    """The largest likeness inside pieces [frames, BANDS] that make about `compared` comparisons each: their median."""
    places = int(np.sqrt(2.0 * compared))
    frames = max(places + _FRAMES, _LAG + 2 * _FRAMES)
    pieces = [
        levels[start : start + frames]
        for levels in heard
        for start in range(0, max(len(levels) - frames, 0) + 1, frames)
    ]
    return float(np.median([largest_within(piece).value for piece in pieces]))


def _places(levels: Matrix) -> int:
    """At how many frames a stretch can begin; only one in `_EVERY` of them does on one side of a comparison."""
    return max(len(levels) - _FRAMES + 1, 0)


def _stretches(levels: Matrix, every: int, first: int = 0, last: int | None = None) -> tuple[Matrix, Places]:
    """Stretches that begin every so many frames from `first` to `last`, centred and of length 1 (or 0, when still)."""
    places = np.arange(first, min(len(levels) - _FRAMES + 1, len(levels) if last is None else last), every)
    if len(places) == 0:
        return np.zeros((0, _FRAMES * BANDS), np.float32), places
    picked = levels[places[:, None] + np.arange(_FRAMES)]
    picked = picked - picked.mean(axis=1, keepdims=True)
    picked = (picked - picked.mean(axis=2, keepdims=True)).reshape(len(places), -1)
    length = np.sqrt(np.einsum("ij,ij->i", picked, picked))
    is_still = length < STILL_DB * np.sqrt(picked.shape[1])
    scaled: Matrix = (picked / np.where(is_still, np.inf, length)[:, None]).astype(np.float32)
    return scaled, places


def _blocks(levels: Matrix) -> Iterator[tuple[Matrix, Places]]:
    for first in range(0, len(levels) - _FRAMES + 1, _BLOCK):
        yield _stretches(levels, 1, first, first + _BLOCK)


def _better(
    best: Likeness, alike: Matrix, counts: npt.NDArray[np.bool_], places: Places,
    positions: Places,
) -> Likeness:  # fmt: skip
    alike = np.where(counts, alike, -1.0)
    if alike.size == 0 or alike.max() <= best.value:
        return best
    row, column = np.unravel_index(int(alike.argmax()), alike.shape)
    frame_s = HOP / SAMPLE_RATE_HZ
    return Likeness(float(alike[row, column]), float(places[row] * frame_s), float(positions[column] * frame_s))


def _mel_bands() -> Matrix:
    """Triangles on the mel scale, each of sum 1. -> [WINDOW // 2 + 1, BANDS]."""
    weights = mel_triangles(WINDOW, SAMPLE_RATE_HZ, LOW_HZ, HIGH_HZ, BANDS)
    return np.asarray(weights / weights.sum(axis=0), np.float32)
