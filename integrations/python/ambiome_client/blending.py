"""Blending presets: a stack of them, each with a priority and a weight, becomes one world and one mix.

Pure functions, the same in every client; docs/presets.md states the rules, protocol/vectors/presets.json tests them:

    what a field holds                      how it blends with what is below it
    circles (CIRCLES): angles, hour, day    moves along the shorter arc by `weight`; of two equal arcs the ascending one
    any other number                        moves by `weight`; nothing below: its own value (a gain: from 0 dB)
    biome                                   shares: below · (1 − weight) + own · weight, the four largest, summing to 1
    anything else: names, lists, true, null changes over at a weight of 0.5
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ambiome_protocol.limits import MAX_BIOMES

Fields = dict[str, Any]
Preset = Mapping[str, Any]
"""A preset as its file has it: {"name", "meaning", "world", "mix"}."""

CIRCLES: Final[dict[str, tuple[int, int]]] = {
    "wind_from_deg": (0, 360),
    "heading_deg": (0, 360),
    "hour": (0, 24),
    "day_of_year": (1, 366),
}
"""Fields whose values go round: the first value, and how many there are until it comes again."""
INTEGERS: Final = frozenset({"day_of_year"})
NEUTRAL: Final[Fields] = {"master_db": 0.0, "gain_db": 0.0, "dynamics": 0.5, "mute": False, "solo": False}
"""What a field of a mix is when nobody names it: a mix knows no null."""
GAINS: Final = frozenset({"master_db", "gain_db"})
SWITCH_AT: Final = 0.5
"""From this weight on, what cannot be between two values is the upper one."""


@dataclass(frozen=True, slots=True)
class Layer:
    """An active preset. The higher `priority` lies above; `weight` 0 … 1 is how far it covers what is below it.

    A weight outside counts as the nearest end, NaN as 0.
    """

    preset: Preset
    priority: int = 0
    weight: float = 1.0

    @property
    def share(self) -> float:
        """The weight as it counts, 0 … 1."""
        return 0.0 if math.isnan(self.weight) else min(max(float(self.weight), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Blended:
    """A world, {group: {field: value}} without empty groups, and a mix, both as the protocol's messages have them."""

    world: dict[str, Fields] = field(default_factory=dict)
    mix: Fields = field(default_factory=dict)


def blend(stack: Iterable[Layer]) -> Blended:
    """What a stack of active presets, in the order in which they were activated, says together."""
    world: dict[str, Fields] = {}
    mix: Fields = {}
    voices: dict[str, Fields] = {}
    for layer in sorted(stack, key=lambda layer: layer.priority):
        if layer.share == 0.0:
            continue
        for group, fields in layer.preset.get("world", {}).items():
            _lay(world.setdefault(group, {}), fields, layer.share)
        above = dict(layer.preset.get("mix", {}))
        for voice, fields in above.pop("voices", {}).items():
            _lay(voices.setdefault(voice, {}), fields, layer.share)
        _lay(mix, above, layer.share)
    voices = _filled(voices)
    return Blended(_filled(world), mix | ({"voices": voices} if voices else {}))


def difference(told: Blended, wanted: Blended) -> Blended:
    """What is to be told so that `wanted` holds where `told` was told: only what differs.

    A field of the world that is wanted no more returns to derived (None), one of the mix to NEUTRAL.
    """
    world = {
        group: _difference(told.world.get(group, {}), wanted.world.get(group, {}), {})
        for group in (told.world | wanted.world)
    }
    voices_told, voices_wanted = told.mix.get("voices", {}), wanted.mix.get("voices", {})
    voices = {
        voice: _difference(voices_told.get(voice, {}), voices_wanted.get(voice, {}), NEUTRAL)
        for voice in (voices_told | voices_wanted)
    }
    mix = _difference(_without_voices(told.mix), _without_voices(wanted.mix), NEUTRAL)
    filled = _filled(voices)
    return Blended(_filled(world), mix | ({"voices": filled} if filled else {}))


def _difference(told: Fields, wanted: Fields, otherwise: Fields) -> Fields:
    changed = {name: value for name, value in wanted.items() if name not in told or told[name] != value}
    return changed | {name: otherwise.get(name) for name in told if name not in wanted}


def _lay(below: Fields, above: Mapping[str, Any], weight: float) -> None:
    """Lays the fields of one map over those below it."""
    for name, own in above.items():
        under = below.get(name)
        if name == "biome" and own is not None:
            below[name] = _biomes(under, own, weight)
        elif _is_number(own):
            below[name] = _number(name, under, own, weight)
        elif weight >= SWITCH_AT:
            below[name] = own


def _number(name: str, under: Any, own: float, weight: float) -> float:
    if not _is_number(under):
        under = 0.0 if name in GAINS else own
    if name in CIRCLES and weight < 1.0:
        first, length = CIRCLES[name]
        half = length / 2
        at = under + (half - (half - (own - under)) % length) * weight
        at = _rounded(name, at)
        around = (at - first) % length
        return first + (around if around < length else 0)  # a hair below a circle's end may round to the end
    at = own if weight >= 1.0 else under + (own - under) * weight
    return _rounded(name, min(max(at, min(under, own)), max(under, own)))


def _rounded(name: str, value: float) -> float:
    return math.floor(value + 0.5) if name in INTEGERS else value


def _biomes(under: Any, own: Any, weight: float) -> Any:
    """Biomes with shares of 1, or the name of the only one. Of equal shares the alphabetically first is the larger."""
    shares_own, shares_under = _shares(own), _shares(under)
    if not shares_own:
        return under
    rest = 1.0 - weight if shares_under else 0.0
    kept = weight if shares_under else 1.0
    names = sorted(shares_own.keys() | shares_under.keys())
    mixed = {name: shares_under.get(name, 0.0) * rest + shares_own.get(name, 0.0) * kept for name in names}
    largest = sorted((name for name in names if mixed[name] > 0.0), key=lambda name: -mixed[name])[:MAX_BIOMES]
    shares = _shares({name: mixed[name] for name in largest})
    return next(iter(shares)) if len(shares) == 1 else shares


def _shares(biome: Any) -> dict[str, float]:
    """A biome as the protocol has it (a name, or names with weights), as shares whose sum is 1; {} for others."""
    weights = {biome: 1.0} if isinstance(biome, str) else biome if isinstance(biome, Mapping) else {}
    heard = {name: weights[name] for name in sorted(weights) if weights[name] > 0.0}
    total = sum(heard.values())
    return {name: weight / total for name, weight in heard.items()}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _filled(maps: Mapping[str, Fields]) -> dict[str, Fields]:
    return {name: fields for name, fields in maps.items() if fields}


def _without_voices(mix: Fields) -> Fields:
    return {name: value for name, value in mix.items() if name != "voices"}
