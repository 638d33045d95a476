"""How near a category's renders are to its recordings, in units of how near the recordings are to one another.

The ratio is the distance of the recordings judged with to the renders, over the same recordings' distance to the
category's other recordings, none of the same origin. 1 is as near as recordings are to each other.

The distance is `measure`'s, fitted to the learning half and noise only (`References.measure`). A category holds several
kinds (a brook and a waterfall), and a recording is of one of them: its distance to a set is the lower quartile of its
distances to the members, and the median over the recordings is taken.

Noise that is white, pink, or shaped to the recordings' own spectrum takes the renders' place as a control. The other
control is the recordings of every other category, taken over all of the category's recordings, for two or three say
little; among them is the learning half, which the measure was fitted to. Where either control comes out about as near
as the category's own, the measure does not judge it (`Judgement.why_not`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from ambiome_middleware.analysis.evaluate.off import Cost, Off, cost_lines, costs_by, off_by, off_lines
from ambiome_middleware.analysis.evaluate.references import References
from ambiome_middleware.analysis.evaluate.scenes import Render
from ambiome_middleware.analysis.measure import whole as whole_of
from ambiome_middleware.analysis.recordings import Half, Recording
from ambiome_middleware.analysis.texture import CLASSES, Array, Texture, texture_of

CONTROL_RATIO: Final = 1.25
"""What other categories' recordings must come to, in the median over categories, for the measure to judge."""
NOISE_RATIO: Final = 1.3
"""What each noise must come to for the measure to judge."""
OWN_SHARE: Final = 0.75
"""How often a recording must be nearer to its own category than to another for the measure to judge."""

NEAR: Final = 0.25
_DRAWS: Final = 200


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the measure says of a category.

    `ratio` with its 5th and 95th percentile over draws of recordings and renders, and by seed; `ratio_of_medians` is
    the same with medians in place of lower quartiles. `own` is the recordings' distance to one another (about 1
    within the categories learned from); `is_own_borrowed` where the category has one origin only, and the median over
    the other categories stands for it. `controls` are ratios by name, `wrong` by category. `own_share` is how often a
    recording of the category is nearer to its own than to another. `classes`, `scenes`, `scene_classes` (in the
    order of `CLASSES`) and `recordings` are ratios; `nearest` names each scene's nearest recording. `off` says which
    statistics are off, `costs` which traits the distance is made of.
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
    scene_classes: Mapping[str, tuple[float, ...]]
    nearest: Mapping[str, str]
    recordings: Mapping[str, float]
    off: Off
    costs: tuple[Cost, ...]

    @property
    def wrong_ratio(self) -> float:
        """Median over the other categories."""
        return median(self.wrong.values())

    @property
    def why_not(self) -> str:
        """Why the measure does not judge the category; empty where it does."""
        if self.wrong_ratio < CONTROL_RATIO or self.own_share < OWN_SHARE:
            return "own recordings are hardly nearer than others"
        if min(self.controls.values()) < NOISE_RATIO:
            return "own recordings are hardly nearer than noise"
        return ""

    @property
    def can_judge(self) -> bool:
        """Whether the measure tells the category's own recordings from those of others and from noise."""
        return not self.why_not

    @property
    def as_near(self) -> tuple[str, ...]:
        """The noises that come as near as the renders: what is reached there, noise reaches too."""
        return tuple(name for name, ratio in self.controls.items() if ratio <= self.ratio)

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
    own, is_borrowed = _own_or_usual(references, judges)
    unit = float(np.median(own.whole))

    apart = _apart(references, textures, heard)
    whole = whole_of(apart)
    near = _near(apart)
    names, seeds = [each.scene.name for each in renders], [each.seed for each in renders]
    columns = {name: [at for at, each in enumerate(names) if each == name] for name in dict.fromkeys(names)}
    scenes = {name: whole[:, part] for name, part in columns.items()}
    own_classes = np.median(own.classes, axis=0)
    by_class = {name: np.quantile(apart[:, part], NEAR, axis=(0, 1)) / own_classes for name, part in columns.items()}
    by_seed = {seed: whole[:, [at for at, each in enumerate(seeds) if each == seed]] for seed in sorted(set(seeds))}
    noises = {name: references.noise(name) for name in ("white", "pink")} | {"shaped": references.shaped(judges)}
    among = [each for each in references.recordings if each.category == category]
    wrong, own_share = _others(references, among)
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
        wrong=wrong,
        own_share=own_share,
        classes=dict(zip(CLASSES, map(float, np.median(near.classes, axis=0) / own_classes), strict=True)),
        scenes={name: float(np.quantile(part, NEAR)) / unit for name, part in scenes.items()},
        scene_classes={name: tuple(each) for name, each in by_class.items()},
        nearest={name: judges[int(np.argmin(part.min(axis=1)))].name for name, part in scenes.items()},
        recordings={each.name: float(at) / unit for each, at in zip(judges, near.whole, strict=True)},
        costs=costs_by(heard, textures, [references.textures[each.name] for each in among], references.measure),
        off=off_by(heard, textures, [references.textures[each.name] for each in among], references.spread),
    )


def ratio_of(
    references: References, category: str, half: Half, heard: Callable[[Recording], Sequence[Texture]]
) -> float:
    """The ratio alone, as in `judgement`, of what is `heard` beside each judging recording; NaN where that is nothing.

    Raises OSError for recordings that cannot be read.
    """
    judges = references.half(category, half)
    own, _ = _own_or_usual(references, judges)
    near = [
        float(_near(_apart(references, [references.texture(each)], others)).whole[0])
        for each in judges
        if (others := heard(each))
    ]
    return float(np.median(near) / np.median(own.whole)) if near else float("nan")


def _apart(references: References, textures: Sequence[Texture], others: Sequence[Texture]) -> Array:
    """Distances by class. -> [textures, others, len(CLASSES)]."""
    measure = references.measure
    return np.array([[measure.class_distances(each, other) for other in others] for each in textures])


def _quartile(whole: Array) -> Array:
    quartile: Array = np.quantile(whole, NEAR, axis=-1)
    return quartile


def _near(apart: Array) -> _Near:
    """[recordings, others, len(CLASSES)] -> each [recordings] or [recordings, len(CLASSES)]."""
    whole = whole_of(apart)
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


def _usual(references: References, count: int) -> _Near:
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


def _own_or_usual(references: References, judges: Sequence[Recording]) -> tuple[_Near, bool]:
    """How near recordings are to the others of their category, or what is usual (True) where there are none."""
    own = _own(references, judges)
    return (own, False) if own is not None else (_usual(references, len(judges)), True)


def _others(references: References, among: Sequence[Recording]) -> tuple[dict[str, float], float]:
    """Ratios of every other category of two or more recordings, and how often a category's own are nearer."""
    own, _ = _own_or_usual(references, among)
    textures = [references.texture(each) for each in among]
    by_category: dict[str, list[Texture]] = {}
    for each in references.recordings:
        by_category.setdefault(each.category, []).append(references.textures[each.name])
    near = {
        name: _near(_apart(references, textures, others)).whole
        for name, others in sorted(by_category.items())
        if name != among[0].category and len(others) > 1
    }
    ratios = {name: float(np.median(each) / np.median(own.whole)) for name, each in near.items()}
    return ratios, float(np.mean([own.whole < each for each in near.values()]))


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


def table(result: Judgement, *, detail: bool = False) -> str:
    """A judgement in a few lines of text; with `detail`, every scene and recording and what is off."""
    low, high = result.interval
    nearest = min(result.wrong, key=lambda name: result.wrong[name])
    judged = "" if result.can_judge else f"; does not judge: {result.why_not}"
    if result.as_near:
        judged += f"; as near as the renders: {', '.join(result.as_near)} noise"
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
        lines.append(f"  {'':32} ratio  {' '.join(f'{name[:8]:>8}' for name in CLASSES)}")
        for name, ratio in result.scenes.items():
            classes = " ".join(f"{each:8.2f}" for each in result.scene_classes[name])
            lines.append(f"  {name[:32]:32} {ratio:5.2f}  {classes}  nearest {result.nearest[name]}")
        lines += [f"  {name[:32]:32} {ratio:5.2f}" for name, ratio in result.recordings.items()]
        lines += cost_lines(result.costs)
        lines += off_lines(result.off)
    return "\n".join(lines)
