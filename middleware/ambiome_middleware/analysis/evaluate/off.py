"""What is off in a texture: which statistics, in which octaves, and which way; and which traits cost the most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ambiome_middleware.analysis.measure import Measure
from ambiome_middleware.analysis.texture import ROWS, Array, Texture, differences
from ambiome_middleware.analysis.traits import OCTAVE, OCTAVES_HZ, TRAITS

FEW: Final = 3
COSTLIEST: Final = 8
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
"""A line's class of statistics, and how the labels of its rows begin; all rows where none is named."""


@dataclass(frozen=True, slots=True, eq=False)
class Off:
    """Renders less recordings by `LINES` and octave, in spreads (dB in the first line); NaN where nothing is known.

    `mean` is over pairs, `among` the standard deviation among the category's recordings (one spread where these are
    fewer than `FEW`). [lines, octaves] each.
    """

    mean: Array
    among: Array


def off_by(heard: Sequence[Texture], recorded: Sequence[Texture], category: Sequence[Texture], spread: Array) -> Off:
    """How renders differ from the recordings judged with, and how a category's recordings differ among themselves."""
    pairs = np.stack([differences(render, each, spread) for render in heard for each in recorded])
    around = np.stack([differences(each, category[0], spread) for each in category])
    deviation = np.sqrt(_mean((around - _mean(around)) ** 2)) if len(category) >= FEW else np.ones_like(spread)
    return Off(_lines(_mean(pairs), spread), _lines(deviation, spread))


@dataclass(frozen=True, slots=True)
class Cost:
    """A trait that keeps renders from recordings: how far it is off, in standard deviations among all sounds (above 0
    where renders have more of it), and its share of the mean square distance, less what it is among recordings.
    """

    trait: str
    off: float
    share: float


def costs_by(
    heard: Sequence[Texture], recorded: Sequence[Texture], category: Sequence[Texture], measure: Measure
) -> tuple[Cost, ...]:
    """The traits that cost renders the most beyond what they cost the category's recordings, costliest first."""
    pairs = np.stack([measure.differences(render, each) for render in heard for each in recorded])
    among = [measure.differences(one, other) for at, one in enumerate(category) for other in category[:at]]
    square = np.mean(pairs**2, axis=0)
    excess = square - (np.mean(np.square(among), axis=0) if among else 0.0)
    off = pairs.mean(axis=0) / np.maximum(measure.weight, 1e-9)
    return tuple(
        Cost(f"{TRAITS[at].kind}: {TRAITS[at].label}", float(off[at]), float(excess[at] / square.sum()))
        for at in np.argsort(-excess)[:COSTLIEST]
        if excess[at] > 0
    )


def cost_lines(costs: Sequence[Cost]) -> list[str]:
    """The costliest traits as text."""
    lines = [f"    {each.off:+5.1f} sd {each.share:5.0%}  {each.trait}" for each in costs]
    return ["  what costs the most: renders less recordings, and its share of the distance", *lines] if lines else []


def off_lines(off: Off) -> list[str]:
    """The table as text: `*` where renders are further off than recordings of the category usually are."""
    heads = "".join(f"{hz // 1_000:>6}k " if hz >= 1_000 else f"{hz:>7} " for hz in OCTAVES_HZ)
    lines = ["  renders less recordings, in spreads; * beyond the category's own", f"  {'':24}{heads}"]
    for name, means, among in zip(LINES, off.mean, off.among, strict=True):
        lines.append(f"  {name:24}" + "".join(_cell(*pair) for pair in zip(means, among, strict=True)))
    return lines


def _cell(mean: float, among: float) -> str:
    if not np.isfinite(mean):
        return f"{'':8}"
    return f"{mean:>+7.1f}{'*' if abs(mean) > among else ' '}"


def _mean(stack: Array) -> Array:
    held = np.isfinite(stack)
    mean: Array = np.where(held, stack, 0.0).sum(axis=0) / np.where(held.any(axis=0), held.sum(axis=0), np.nan)
    return mean


def _lines(statistics: Array, spread: Array) -> Array:
    """Means over the rows of each of `LINES` and the bands of each octave."""
    table = np.full((len(LINES), len(OCTAVES_HZ)), np.nan)
    for line, (kind, labels) in enumerate(LINES.values()):
        rows = [at for at, row in enumerate(ROWS) if row.kind == kind and (not labels or row.label.startswith(labels))]
        part = statistics[rows] * (spread[rows] if kind == "spectrum" else 1.0)
        for column in range(len(OCTAVES_HZ)):
            values = part[:, column == OCTAVE]
            if np.isfinite(values).any():
                table[line, column] = values[np.isfinite(values)].mean()
    return table
