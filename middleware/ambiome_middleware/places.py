"""Places of a user's own: which learned profiles a folder of biomes holds, and the number under which each is played.

A file `NAME.profile.toml` whose voice is `place` is the place NAME. Places are numbered from 1 in the order of their
files' names; scene and sound, which share nothing but the token table, agree on them by this rule.
"""

import os
import tomllib
from pathlib import Path
from typing import Final

from ambiome_middleware.tokens import PLACES

SUFFIX: Final = ".profile.toml"
"""What distinguishes a profile from a biome in the same folder."""
MAX_PROFILE_BYTES: Final = 65_536


class PlaceError(ValueError):
    """A folder's profiles cannot be numbered; the message says which file or how many."""


def place_names(directory: str | os.PathLike[str] | None) -> tuple[str, ...]:
    """The names of the places learned in a folder: the n-th of them (from 1) is the token table's `place{n}_level`.

    None has none. Raises PlaceError for more than 8, and for a profile that cannot be read or is no TOML.
    """
    if directory is None:
        return ()
    found = sorted(path for path in Path(directory).iterdir() if path.name.endswith(SUFFIX))
    names = tuple(path.name.removesuffix(SUFFIX) for path in found if _voice(path) == "place")
    if len(names) > PLACES:
        raise PlaceError(f"{directory} holds {len(names)} profiles of places; {PLACES} can be played at a time")
    return names


def _voice(path: Path) -> object:
    """What a profile's file says of its voice; all else in it is the sound's to read."""
    try:
        if path.stat().st_size > MAX_PROFILE_BYTES:
            raise PlaceError(f"profile {path} is larger than {MAX_PROFILE_BYTES} bytes")
        return tomllib.loads(path.read_bytes().decode("utf-8")).get("voice")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlaceError(f"profile {path}: cannot be read: {error}") from error
