"""The voices: one module of tables each, in a fixed order that is part of the sound.

A module has `PATCHES`, or, where recordings taught it, `patches(profiles)`: the same patches from any profiles. Then a
user's own profile of its texture takes the built-in one's place.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Final

from ambiome_middleware.sound.patch import Patch
from ambiome_middleware.sound.profile import Profile, Profiles, profiles

NAMES: Final = (
    "rain", "wind", "thunder", "stream", "river", "surf", "fire", "birds", "crickets", "cicadas", "frogs", "owl",
    "traffic", "crowd", "room", "drips", "swamp", "shore", "wolf", "loon", "snow", "hail", "cafe", "machinery",
    "livestock", "place", "submerged",
)  # fmt: skip


def patches(known: Profiles) -> tuple[Patch, ...]:
    """Every voice's patches, the learned ones from these profiles."""
    return tuple(patch for name in NAMES for patch in _of(name, known))


@cache
def built_in() -> tuple[Patch, ...]:
    """Every voice's patches by the built-in profiles: drawn up when they are asked for, which takes seconds."""
    return patches(profiles())


def taught() -> frozenset[str]:
    """The textures whose profile some voice reads: one of a user's own changes the sound of these."""
    asked = _Asked(profiles())
    patches(asked)
    return frozenset(asked.names) & set(profiles())


class _Asked(Mapping[str, Profile]):
    """Profiles that remember which of them were asked for."""

    def __init__(self, known: Profiles) -> None:
        self._known = known
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Profile:
        self.names.add(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _of(name: str, known: Profiles) -> tuple[Patch, ...]:
    module = import_module(f"{__name__}.{name}")
    make = getattr(module, "patches", None)
    made: tuple[Patch, ...] = module.PATCHES if make is None else make(known)
    return made
