"""How near a category's renders are to its recordings, in units of how near the recordings are to one another.

A category holds several kinds (a brook and a waterfall), and a recording is of one of them. So a recording is compared
with what is nearest to it: its distance to a set is the lower quartile of its distances to the members. The ratio is
the median over the recordings judged with of their distance to the renders, over the same of their distance to the
category's other recordings, none of the same origin. 1 is as near as recordings are to each other.

The controls take the renders' place: noise that is white, pink, or shaped to the recordings' own spectrum, and the
recordings of every other category. Where these come out as near as the category's own, the measure does not judge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from ambiome_middleware.analysis.cochlea import CENTRES_HZ
from ambiome_middleware.analysis.evaluate.references import References
from ambiome_middleware.analysis.evaluate.scenes import Render
from ambiome_middleware.analysis.recordings import Half, Recording
from ambiome_middleware.analysis.texture import (
    CLASSES,
    ROWS,
    WEIGHTS,
    Array,
    Texture,
    class_distances,
    differences,
    texture_of,
)

LARGEST_RATIO: Final = 2.0
"""Aimed at in every category."""
MEDIAN_RATIO: Final = 1.3
"""Aimed at in the median over the categories that are fully judged."""
CONTROL_RATIO: Final = 1.25
"""What other categories' recordings must come to, in the median over categories, for the measure to judge."""
OWN_SHARE: Final = 0.75
"""How often a recording must be nearer to its own category than to another for the measure to judge."""

NEAR: Final = 0.25
OCTAVES_HZ: Final = (125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)
LINES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "spectrum, dB": ("spectrum", ()),
    "variation": ("variation", ()),
    "skewness": ("skewness", ()),
    "kurtosis": ("kurtosis", ()),
    "correlation, near": ("correlation", ("1 ", "2 ", "3 ")),
    "correlation, far": ("correlation", ("5 ", "8 ", "11 ", "16 ", "21 ")),
    "modulation 0.5-1 Hz": ("modulation", ("0.5 ", "0.707 ", "1 ", "1.41 ")),
    "modulation 2-6 Hz": ("modulation", ("2 ", "2.83 ", "4 ", "5.66 ")),
    "modulation 8-23 Hz": ("modulation", ("8 ", "11.3 ", "16 ", "22.6 ")),
    "modulation 32-181 Hz": ("modulation", ("32 ", "45.3 ", "64 ", "90.5 ", "128 ", "181 ")),
    "co-modulation 2-6 Hz": ("co-modulation", ("1.56 ", "3.12 ", "6.25 ")),
    "co-modulation 12-100 Hz": ("co-modulation", ("12.5 ", "25 ", "50 ", "100 ")),
}
"""The lines of the table of what is off: a class, and how the labels of its rows begin."""

_DRAWS: Final = 200


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the measure says of a category.

    `ratio` with its 5th and 95th percentile over draws of recordings and renders, and by seed; `ratio_of_medians` is
    the same with medians in place of lower quartiles. `own` is the recordings' distance to one another, in spreads;
    `is_own_borrowed` where the category has one origin only, and the median over the other categories stands for it.
    `controls` are ratios by name, `wrong` by category. `own_share` is how often a recording is nearer to its own
    category than to another. `classes`, `scenes` and `recordings` are ratios too; `nearest` names each scene's nearest
    recording. `off` is the renders' mean less the recordings' by line of `LINES` and octave, in spreads (dB in the
    first), and `among` the standard deviation among the category's recordings.
    """

    category: str
    half: Half
    is_weak: bool
    ratio: float
    interval: tuple[float, float]
    by_seed: Mapping[int, float]
    ratio_of_medians: float
    own: float
    is_own_borrowed: bool
    controls: Mapping[str, float]
    wrong: Mapping[str, float]
    own_share: float
    classes: Mapping[str, float]
    scenes: Mapping[str, float]
    nearest: Mapping[str, str]
    recordings: Mapping[str, float]
    off: Array
    among: Array

    @property
    def wrong_ratio(self) -> float:
        """Median over the other categories."""
        return median(self.wrong.values())

    @property
    def can_judge(self) -> bool:
        """Whether the measure tells the category's own recordings from those of others."""
        return self.wrong_ratio >= CONTROL_RATIO and self.own_share >= OWN_SHARE

    @property
    def is_judged(self) -> bool:
        """Whether it counts among the fully judged categories."""
        return self.can_judge and not self.is_weak


@dataclass(frozen=True, slots=True)
class _Near:
    """How near each judging recording is to a set: lower quartile, median, and lower quartile by class."""

    whole: Array
    middle: Array
    classes: Array


def judgement(category: str, renders: Sequence[Render], sounds: Path, half: Half = "judge") -> Judgement:
    """Judges the renders of a category by one half of its recordings.

    Raises ValueError for no renders or an unknown category, OSError for recordings that cannot be read.
    """
    if not renders:
        raise ValueError("renders must not be empty")
    references = References(sounds)
    judges = references.half(category, half)
    textures = [references.texture(each) for each in judges]
    heard = [texture_of(each.audio) for each in renders]
    own = _own(references, judges)
    is_borrowed = own is None
    if own is None:
        own = _borrowed(references, len(judges))
    unit = float(np.median(own.whole))

    apart = _apart(references, textures, heard)
    whole = apart @ WEIGHTS
    near = _near(apart)
    names, seeds = [each.scene.name for each in renders], [each.seed for each in renders]
    scenes = {name: whole[:, [at for at, each in enumerate(names) if each == name]] for name in dict.fromkeys(names)}
    by_seed = {seed: whole[:, [at for at, each in enumerate(seeds) if each == seed]] for seed in sorted(set(seeds))}
    noises = {name: references.noise(name) for name in ("white", "pink")} | {"shaped": references.shaped(judges)}
    others = {each.category for each in references.recordings} - {category}
    to_others = {name: _to_category(references, textures, name) for name in sorted(others)}
    wrong = {name: each for name, each in to_others.items() if each is not None}
    off, among = _off(references, category, textures, heard)
    return Judgement(
        category=category,
        half=half,
        is_weak=any(each.is_weak for each in judges),
        ratio=float(np.median(near.whole)) / unit,
        interval=_interval(whole, own.whole),
        by_seed={seed: float(np.median(_quartile(part))) / unit for seed, part in by_seed.items()},
        ratio_of_medians=float(np.median(near.middle) / np.median(own.middle)),
        own=unit,
        is_own_borrowed=is_borrowed,
        controls={
            name: float(np.median(_near(_apart(references, textures, each)).whole)) / unit
            for name, each in noises.items()
        },
        wrong={name: float(np.median(each)) / unit for name, each in wrong.items()},
        own_share=float(np.mean([own.whole < each for each in wrong.values()])),
        classes=dict(zip(CLASSES, map(float, np.median(near.classes, 0) / np.median(own.classes, 0)), strict=True)),
        scenes={name: float(np.quantile(part, NEAR)) / unit for name, part in scenes.items()},
        nearest={name: judges[int(np.argmin(part.min(axis=1)))].name for name, part in scenes.items()},
        recordings={each.name: float(at) / unit for each, at in zip(judges, near.whole, strict=True)},
        off=off,
        among=among,
    )


def _apart(references: References, textures: Sequence[Texture], others: Sequence[Texture]) -> Array:
    """Distances by class. -> [textures, others, len(CLASSES)]."""
    return np.array([[class_distances(each, other, references.spread) for other in others] for each in textures])


def _quartile(whole: Array) -> Array:
    quartile: Array = np.quantile(whole, NEAR, axis=-1)
    return quartile


def _near(apart: Array) -> _Near:
    """[recordings, others, len(CLASSES)] -> each [recordings] or [recordings, len(CLASSES)]."""
    whole = apart @ WEIGHTS
    return _Near(_quartile(whole), np.median(whole, axis=-1), np.quantile(apart, NEAR, axis=1))


def _own(references: References, judges: Sequence[Recording]) -> _Near | None:
    """How near recordings are to the others of their category; None where one has no other of another origin."""
    found: list[_Near] = []
    for each in judges:
        others = [
            references.textures[other.name]
            for other in references.recordings
            if other.category == each.category and other.origin != each.origin
        ]
        if not others:
            return None
        found.append(_near(_apart(references, [references.texture(each)], others)))
    return _Near(*(np.concatenate([getattr(each, name) for each in found]) for name in ("whole", "middle", "classes")))


def _borrowed(references: References, count: int) -> _Near:
    """The median over the categories that are dealt out whole, in the place of so many recordings."""
    categories = {each.category for each in references.recordings if not each.is_weak}
    found = [
        _own(references, [each for each in references.recordings if each.category == category])
        for category in sorted(categories)
    ]
    usual = [
        np.median([np.median(getattr(each, name), axis=0) for each in found if each is not None], axis=0)
        for name in ("whole", "middle", "classes")
    ]
    return _Near(*(np.repeat(np.asarray(each)[None], count, axis=0) for each in usual))


def _to_category(references: References, textures: Sequence[Texture], category: str) -> Array | None:
    """How near recordings are to those of another category; None where that has fewer than two. -> [textures]."""
    others = [references.textures[each.name] for each in references.recordings if each.category == category]
    return _near(_apart(references, textures, others)).whole if len(others) > 1 else None


def _interval(whole: Array, own: Array) -> tuple[float, float]:
    """5th and 95th percentile of the ratio over draws of recordings and of renders. [J, R], [J]."""
    generator = np.random.default_rng(0)
    ratios = []
    for _ in range(_DRAWS):
        rows = generator.integers(whole.shape[0], size=whole.shape[0])
        columns = generator.integers(whole.shape[1], size=whole.shape[1])
        ratios.append(np.median(_quartile(whole[rows][:, columns])) / np.median(own[rows]))
    low, high = np.quantile(ratios, (0.05, 0.95))
    return float(low), float(high)


def _off(
    references: References, category: str, textures: Sequence[Texture], heard: Sequence[Texture]
) -> tuple[Array, Array]:
    """What is off, and how far recordings of the category differ in it. -> each [len(LINES), len(OCTAVES_HZ)]."""
    spread = references.spread
    against = [np.mean([differences(render, each, spread) for render in heard], axis=0) for each in textures]
    own = [references.textures[each.name] for each in references.recordings if each.category == category]
    middle = own[0]
    around = np.stack([differences(each, middle, spread) for each in own])
    return _lines(_mean(np.stack(against)), spread), _lines(_deviation(around), spread)


def _mean(stack: Array) -> Array:
    held = np.isfinite(stack)
    mean: Array = np.where(held, stack, 0.0).sum(axis=0) / np.where(held.any(axis=0), held.sum(axis=0), np.nan)
    return mean


def _deviation(stack: Array) -> Array:
    return np.sqrt(_mean((stack - _mean(stack)) ** 2))


def _lines(statistics: Array, spread: Array) -> Array:
    """Means over the rows of each of `LINES` and the bands of each octave, NaN where there are none."""
    octave = np.rint(np.log2(CENTRES_HZ / OCTAVES_HZ[0])).clip(0, len(OCTAVES_HZ) - 1)
    table = np.full((len(LINES), len(OCTAVES_HZ)), np.nan)
    for line, (kind, labels) in enumerate(LINES.values()):
        rows = [at for at, row in enumerate(ROWS) if row.kind == kind and (not labels or row.label.startswith(labels))]
        part = statistics[rows] * (spread[rows] if kind == "spectrum" else 1.0)
        for column in range(len(OCTAVES_HZ)):
            values = part[:, octave == column]
            if np.isfinite(values).any():
                table[line, column] = values[np.isfinite(values)].mean()
    return table


def table(result: Judgement, *, detail: bool = False) -> str:
    """A judgement in a few lines of text; with `detail`, every scene and recording and what is off."""
    low, high = result.interval
    nearest = min(result.wrong, key=lambda name: result.wrong[name])
    judged = "" if result.can_judge else "; does not judge: own recordings are hardly nearer than others"
    weak = ", weakly judged" if result.is_weak else ""
    borrowed = " (of other categories: this has one origin)" if result.is_own_borrowed else ""
    lines = [
        f"texture {result.category} ({result.half}{weak}): ratio {result.ratio:.2f} ({low:.2f}-{high:.2f}), by seed "
        + ", ".join(f"{ratio:.2f}" for ratio in result.by_seed.values())
        + f", of medians {result.ratio_of_medians:.2f}{judged}",
        "  controls: "
        + ", ".join(f"{name} {ratio:.2f}" for name, ratio in result.controls.items())
        + f", other categories {result.wrong_ratio:.2f} (nearest {nearest} {result.wrong[nearest]:.2f});"
        + f" nearer to its own {result.own_share:.0%}; own distance {result.own:.2f}{borrowed}",
        "  by class: " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in result.classes.items()),
    ]
    if detail:
        lines += [f"  {name:34} {ratio:.2f}  nearest {result.nearest[name]}" for name, ratio in result.scenes.items()]
        lines += [f"  {name:34} {ratio:.2f}" for name, ratio in result.recordings.items()]
        lines += _off_table(result)
    return "\n".join(lines)


def _off_table(result: Judgement) -> list[str]:
    """Renders less recordings: `*` where that is beyond what recordings of the category differ by."""
    heads = "".join(f"{hz / 1_000:>7g}k" if hz >= 1_000 else f"{hz:>8}" for hz in OCTAVES_HZ)
    lines = ["  renders less recordings, in spreads; * beyond the category's own", f"  {'':24}{heads}"]
    for name, off, among in zip(LINES, result.off, result.among, strict=True):
        cells = (_cell(each, wide) for each, wide in zip(off, among, strict=True))
        lines.append(f"  {name:24}" + "".join(cells))
    return lines


def _cell(off: float, among: float) -> str:
    if not np.isfinite(off):
        return f"{'':>8}"
    mark = "*" if abs(off) > among else " "
    return f"{off:>+7.1f}{mark}"
