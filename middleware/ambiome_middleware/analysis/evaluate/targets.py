"""The targets: what is aimed at, what was reached, and whether that is enough, read off the results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from ambiome_middleware.analysis.evaluate import (
    control,
    layout,
    learned,
    meters,
    repetition,
    tagger,
    texture,
    transitions,
)
from ambiome_middleware.analysis.evaluate.bench import Results

TEXTURE_MEDIAN: Final = 1.3
TEXTURE_WORST: Final = 2.0


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the report's first table; `missed` names what fell short."""

    what: str
    wanted: str
    reached: str
    is_reached: bool
    missed: tuple[str, ...] = ()


def targets(results: Results) -> list[Target]:
    """Every target of which something was measured."""
    found: list[Target] = []
    for part, judge in _JUDGES.items():
        measured = results.of(part)  # type: ignore[arg-type]
        if measured:
            found += judge(measured)
    return found


def _texture(found: Mapping[str, texture.Judgement]) -> list[Target]:
    judged = {name: each.ratio for name, each in found.items() if each.is_judged}
    what = f"texture ratio, {len(judged)} fully judged categories"
    if not judged:
        return [Target(what, f"≤ {TEXTURE_MEDIAN}", "none can be judged", False)]
    middle, worst = median(judged.values()), max(judged, key=lambda name: judged[name])
    far = tuple(f"{name} {ratio:.2f}" for name, ratio in judged.items() if ratio > TEXTURE_WORST)
    near = tuple(f"{name} {ratio:.2f}" for name, ratio in judged.items() if TEXTURE_MEDIAN < ratio <= TEXTURE_WORST)
    return [
        Target(f"{what}: median", f"≤ {TEXTURE_MEDIAN}", f"{middle:.2f}", middle <= TEXTURE_MEDIAN, near),
        Target(f"{what}: worst", f"≤ {TEXTURE_WORST:g}", f"{judged[worst]:.2f} ({worst})", not far, far),
    ]


def _tagger(found: Mapping[str, tagger.Verdict]) -> list[Target]:
    judged = [each for each in found.values() if each.can_judge]
    below = tuple(each.category for each in judged if not each.is_above_noise)
    share = median(each.share for each in judged) if judged else 0.0
    least = tuple(f"{each.category} {each.share:.0%}" for each in judged if each.share < tagger.SHARE_WANTED)
    return [
        Target(
            f"tagger: above every noise, where recordings are ({len(judged)} of {len(found)} categories)",
            "all", f"{len(judged) - len(below)} of {len(judged)}", not below, below,
        ),
        Target(
            "tagger: share of the recordings' score, median", f"≥ {tagger.SHARE_WANTED:.0%}", f"{share:.0%}",
            share >= tagger.SHARE_WANTED, least,
        ),
    ]  # fmt: skip


def _control(found: Mapping[str, control.Control]) -> list[Target]:
    level = {voice: each.level for voice, each in found.items()}
    rate = {voice: each.rate for voice, each in found.items() if each.has_events}
    lines = []
    for what, values in (("level", level), ("events a second", rate)):
        low = tuple(f"{voice} {value:.2f}" for voice, value in values.items() if not value >= control.WANTED)
        reached = f"{len(values) - len(low)} of {len(values)} voices"
        lines.append(Target(f"control: Spearman with {what}", f"≥ {control.WANTED}", reached, not low, low))
    return lines


def _meters(found: Mapping[str, meters.Meters]) -> list[Target]:
    peak = max(each.peak_dbtp for each in found.values())
    loud = tuple(name for name, each in found.items() if each.peak_dbtp > _PEAK)
    wanted = f"≤ {meters.PEAK_WANTED_DBTP:g} dBTP"
    return [Target("true peak, every scene", wanted, f"{peak:.2f} dBTP", not loud, loud), _seams(found, "scenes")]


def _seams(found: Mapping[str, Any], what: str) -> Target:
    rough = tuple(
        f"{name} {each.seam:.3f} (chance {each.chance:.3f})"
        for name, each in found.items()
        if each.seam > max(meters.SEAM_WANTED, each.chance)
    )
    middle = median(each.seam for each in found.values())
    wanted = f"≤ {meters.SEAM_WANTED}, or what chance leaves"
    return Target(f"seams, {what} (1: none)", wanted, f"{middle:.3f} in the median", not rough, rough)


def _layouts(found: Mapping[str, layout.Surround]) -> list[Target]:
    peak = max(each.peak_dbtp for each in found.values())
    loud = tuple(f"{name} {each.peak_dbtp:.2f}" for name, each in found.items() if not each.is_below_peak)
    names = ", ".join(found)
    wanted = f"≤ {meters.PEAK_WANTED_DBTP:g} dBTP"
    return [
        Target(f"true peak, loudest scenes in {names}", wanted, f"{peak:.2f} dBTP", not loud, loud),
        _seams(found, "layouts"),
    ]


def _repetition(found: Mapping[str, repetition.Repetition]) -> list[Target]:
    judged = [each for each in found.values() if each.can_judge]
    above = tuple(
        f"{each.category} {each.matched:.2f} against {each.recordings:.2f}, {each.largest.value:.2f} against "
        f"{each.another:.2f} by chance"
        for each in judged
        if not each.is_reached
    )
    what = f"repetition in ten minutes ({len(judged)} of {len(found)} categories can be compared)"
    return [Target(what, "≤ recordings'", f"{len(judged) - len(above)} of {len(judged)}", not above, above)]


def _transitions(found: Mapping[str, transitions.Transition]) -> list[Target]:
    moved = [each for name, each in found.items() if name != transitions.STILL.name]
    above = max((each.above_db for each in moved), default=0.0)
    below = max((each.below_db for each in moved), default=0.0)
    wild = tuple(
        f"{each.name} +{each.above_db:.1f} −{each.below_db:.1f} dB (chance {each.chance_db:.1f})"
        for each in moved
        if not each.is_reached
    )
    wanted = f"≤ {transitions.WANTED_DB:g} dB beyond chance"
    return [
        Target(
            "transitions: level beyond what the world asks for", wanted, f"+{above:.1f} −{below:.1f} dB", not wild, wild
        )
    ]  # fmt: skip


def _learned(found: Mapping[str, learned.Learned]) -> list[Target]:
    over = learned.over_ceilings(found.values())
    middle = median(over) if over else float("nan")
    far = tuple(f"{name} {each.over_ceiling:.2f}" for name, each in found.items() if each.over_ceiling > _OVER)
    what = f"learned renderer: texture ratio over its codec's, {len(over)} categories, median"
    return [Target(what, f"≤ {_OVER:g}", f"{middle:.2f}", middle <= _OVER, far)]


def _learned_control(found: Mapping[str, learned.LearnedControl]) -> list[Target]:
    low = tuple(f"{voice} {each.level:.2f}" for voice, each in found.items() if not each.level >= _CONTROL)
    reached = f"{len(found) - len(low)} of {len(found)} voices"
    return [Target("learned renderer: Spearman with level", f"≥ {_CONTROL}", reached, not low, low)]


_OVER: Final = learned.TEXTURE_WANTED
_CONTROL: Final = learned.CONTROL_WANTED
_PEAK: Final = meters.PEAK_WANTED_DBTP + meters.PEAK_TOLERANCE_DB
_JUDGES: Final[Mapping[str, Callable[[Mapping[str, Any]], list[Target]]]] = {
    "texture": _texture,
    "tagger": _tagger,
    "control": _control,
    "repetition": _repetition,
    "meters": _meters,
    "layouts": _layouts,
    "transitions": _transitions,
    "learned": _learned,
    "learned control": _learned_control,
}
