"""Named presets: places and moods as data, to be activated by name, with a priority and a weight.

    from ambiome_client.presets import Layer, load
    ambience.presets(["storm_at_sea"])                                             # a place
    ambience.presets(["storm_at_sea", Layer(load("dialogue"), priority=10, weight=0.5)], transition_s=3)
    ambience.presets([])                                                           # all returns to derived

docs/presets.md says what a preset is and how a stack of them blends.
"""

import difflib
import json
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from ambiome_protocol.codec import convert
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.face import Telling
from ambiome_protocol.messages import UNSET, MixMessage, WorldMessage

from ambiome_client.blending import Blended, Layer, Preset, blend, difference

__all__ = ["Blended", "Layer", "Preset", "Stage", "blend", "difference", "load", "names"]

FOLDER: Final = "presets"
GROUPS: Final = ("weather", "location", "time")
"""What a preset may say of a world, in the order of the arguments of `world`."""
COMMANDS: Final = ("feature_set", "feature_remove")
"""Fields that change a world instead of stating it: none of a preset's."""


def names() -> tuple[str, ...]:
    """The names of the built-in presets, in alphabetical order."""
    return tuple(sorted(entry.name.removesuffix(".json") for entry in _folder().iterdir() if _is_preset(entry.name)))


def load(name_or_path: str | Path) -> Preset:
    """A built-in preset by its name ("storm_at_sea", or "storm at sea"), or a preset from a file (`*.json`).

    Raises ValueError, which names what is wrong, for an unknown name and for a file that is no preset; OSError for a
    file that cannot be read.
    """
    if isinstance(name_or_path, Path) or name_or_path.endswith(".json"):
        return parse(Path(name_or_path).read_text("utf-8"), str(name_or_path))
    name = name_or_path.strip().lower().replace(" ", "_").replace("-", "_")
    if name not in names():
        near = difflib.get_close_matches(name, names(), 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names())}"
        raise ValueError(f"no preset {name_or_path!r}: {hint}")
    return parse((_folder() / f"{name}.json").read_text("utf-8"), name)


def parse(text: str, source: str) -> Preset:
    """A preset from its JSON. ValueError, which begins with `source`, if the protocol would not take it."""
    try:
        preset = json.loads(text)
        _check(preset)
    except (ValueError, ProtocolError) as error:
        raise ValueError(f"{source}: {error}") from error
    return preset  # type: ignore[no-any-return]


class Stage:
    """The presets that are active on one ambience, and what they have told it."""

    def __init__(self, ambience: Telling) -> None:
        self._ambience = ambience
        self._told = Blended()

    def set(self, stack: Iterable[str | Layer], *, transition_s: float | None = None, at: float | None = None) -> int:
        """Makes this stack the active one. See `ambiome_client.Ambience.presets`."""
        layers = [entry if isinstance(entry, Layer) else Layer(load(entry)) for entry in stack]
        wanted = blend(layers)
        news = difference(self._told, wanted)
        seq = 0
        if news.world:
            groups = [news.world.get(group) for group in GROUPS]
            seq = self._ambience.world(*groups, transition_s=transition_s, at=at)
        if news.mix:
            seq = self._ambience.mix(**news.mix, transition_s=transition_s, at=at)
        self._told = wanted
        return seq


def _check(preset: object) -> None:
    """Raises ValueError or ProtocolError unless it is a preset."""
    if not isinstance(preset, dict):
        raise ValueError("a preset is a JSON object")
    for wrong in preset.keys() - {"name", "meaning", "world", "mix"}:
        raise ValueError(f"{wrong!r} is no field of a preset; there are name, meaning, world, mix")
    name, meaning = preset.get("name"), preset.get("meaning", "")
    if not isinstance(name, str) or not name or not isinstance(meaning, str):
        raise ValueError("a preset has a name, which is text, as its meaning is")
    world = convert({"type": "world", "world": preset.get("world", {})}, WorldMessage).world
    convert({"type": "mix", "mix": preset.get("mix", {})}, MixMessage)
    if world.listener is not UNSET:
        raise ValueError("world.listener: the listener is the game's own, not a preset's")
    if world.location is not UNSET:
        for command in COMMANDS:
            if getattr(world.location, command) is not UNSET:
                raise ValueError(f"world.location.{command}: a preset names all its features, in `features`")


def _folder() -> Traversable:
    return resources.files("ambiome_client") / FOLDER


def _is_preset(name: str) -> bool:
    return name.endswith(".json")
