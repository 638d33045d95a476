"""Biomes: a place's table of what lives, flows and sounds there, read from one file each and blended by weight.

`biome_fields.FIELDS` says what a file may hold. A server's `--biomes DIR` adds files like those in `biomes/`; the name
of a biome is the name of its file. Files `*.profile.toml` beside them are places learned from recordings, which a
biome plays with `[own] profile = "NAME"` (see `places`).
"""

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ambiome_protocol.errors import nearest

from ambiome_middleware.places import SUFFIX, PlaceError, place_names
from ambiome_middleware.scene.biome_fields import DEFAULTS, FIELDS, HELD, Field
from ambiome_middleware.scene.enclosures import ENCLOSURES

Floats = npt.NDArray[np.float64]
_BY_SECTION: Final = {
    s: {f.name: f for f in FIELDS if f.section == s} for s in dict.fromkeys(f.section for f in FIELDS)
}
_KEYS: Final = tuple(field.key for field in HELD)
_HAS_OF: Final = np.array([bool(field.of) for field in HELD])
_OF: Final = np.array([_KEYS.index(field.of) if field.of else 0 for field in HELD])
_IS_MEAN: Final = np.array([field.blend in ("mean", "log") for field in HELD])
_MAX_FILE_BYTES: Final = 65_536


class BiomeError(ValueError):
    """A biome's file cannot be read; the message names the file, the field, the bad value and what is allowed."""


class Biome:
    """One biome: its numbers by "section.name", every field of `HELD`, and the shelter that it is by itself."""

    __slots__ = ("name", "numbers", "row", "shelter")

    def __init__(self, name: str, shelter: str, numbers: Mapping[str, float]) -> None:
        self.name = name
        self.shelter = shelter
        self.numbers = DEFAULTS | dict(numbers)
        self.row = np.array([self.numbers[key] for key in _KEYS], np.float64)


Biomes = Mapping[str, Biome]


def read_biome(name: str, text: str, places: tuple[str, ...] = ()) -> Biome:
    """A biome from a file's text; `places`: those that it may play, in order of their numbers. Raises BiomeError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BiomeError(f"biome {name}: not TOML: {error}") from error
    shelter = document.pop("shelter", "open")
    if not isinstance(shelter, str) or shelter not in ENCLOSURES:
        raise BiomeError(f"biome {name}: shelter {shelter!r} is none of {', '.join(ENCLOSURES)}")
    place = _place(name, document.get("own"), places)
    numbers: dict[str, float] = {} if place is None else {"own.level": 1.0}
    for section, table in document.items():
        if section not in _BY_SECTION or not isinstance(table, dict):
            raise _unknown(name, section, tuple(_BY_SECTION))
        for key, value in table.items():
            field = _BY_SECTION[section].get(key)
            if field is None:
                raise _unknown(name, f"{section}.{key}", tuple(f"{section}.{known}" for known in _BY_SECTION[section]))
            numbers[field.key] = _number(name, field, value)
    if place is not None:
        own = {key.removeprefix("own."): value for key, value in numbers.items() if key.startswith("own.")}
        held = {f"place{place}.{key}": value for key, value in own.items()}
        numbers |= {key: value for key, value in held.items() if key in DEFAULTS}
    return Biome(name, shelter, numbers)


def load_biomes(directory: str | os.PathLike[str] | None = None) -> Biomes:
    """The built-in biomes and, over them, every `*.toml` of a directory but its profiles. Raises BiomeError."""
    if directory is None:
        return built_in()
    if not Path(directory).is_dir():
        raise BiomeError(f"biomes: {directory} is not a directory")
    try:
        places = place_names(directory)
    except PlaceError as error:
        raise BiomeError(f"biomes: {error}") from error
    found = sorted(path for path in Path(directory).glob("*.toml") if not path.name.endswith(SUFFIX))
    return {**built_in(), **{path.stem: read_biome(path.stem, _text(path), places) for path in found}}


@cache
def built_in() -> Biomes:
    """The biomes of the protocol's closed list."""
    folder = files(__package__).joinpath("biomes")
    texts = {item.name.removesuffix(".toml"): item for item in folder.iterdir() if item.name.endswith(".toml")}
    return {name: read_biome(name, texts[name].read_text("utf-8")) for name in sorted(texts)}


def blend(biomes: Biomes, weights: Mapping[str, float]) -> Mapping[str, float]:
    """The numbers of a mixture of biomes, weights summing to 1; "none" where there are no weights."""
    parts = [(weight, biomes[name]) for name, weight in weights.items() if name in biomes]
    if len(parts) <= 1:
        return parts[0][1].numbers if parts else biomes["none"].numbers
    weight = np.array([weight for weight, _ in parts])[:, None]
    rows = np.stack([biome.row for _, biome in parts])
    shares = weight * np.where(_HAS_OF, rows[:, _OF], 1.0)
    total = shares.sum(0)
    shares = np.where(total > 0.0, shares, weight)
    shares /= np.where(total > 0.0, total, 1.0)
    mixed = (np.where(_IS_MEAN, shares, weight) * _UNBENT.apply(rows)).sum(0)
    return dict(zip(_KEYS, _UNBENT.undo(mixed).tolist(), strict=True))


class _Unbending:
    """To and from the numbers that add up: squares of levels, powers of decibels, logarithms of pitches."""

    def __init__(self) -> None:
        self._at = {kind: np.array([f.blend == kind for f in HELD]).nonzero()[0] for kind in ("power", "db", "log")}

    def apply(self, rows: Floats) -> Floats:
        out = rows.copy()
        power, db, log = self._at.values()
        out[:, power] **= _LEVEL_POWER
        out[:, db] = 10.0 ** (out[:, db] / 10.0)
        out[:, log] = np.log(out[:, log])
        return out

    def undo(self, row: Floats) -> Floats:
        power, db, log = self._at.values()
        row[power] **= 1.0 / _LEVEL_POWER
        row[db] = 10.0 * np.log10(row[db])
        row[log] = np.exp(row[log])
        return row


_LEVEL_POWER: Final = 4
"""Voices read a level as some 40 dB a decade, so that its fourth power is what adds."""
_UNBENT: Final = _Unbending()


def _place(name: str, own: Any, places: tuple[str, ...]) -> int | None:
    """The number of the place that a file's [own] names, which is taken out of it; None without an [own]."""
    if not isinstance(own, dict):
        return None
    profile = own.pop("profile", None)
    if isinstance(profile, str) and profile in places:
        return places.index(profile) + 1
    near = nearest(profile, places) if isinstance(profile, str) else None
    offer = f"did you mean {near!r}? " if near else ""
    known = f"one of {', '.join(places)}" if places else "there are none"
    raise BiomeError(
        f"biome {name}: own.profile = {profile!r} is no place of this folder (NAME{SUFFIX}): {offer}{known}"
    )


def _number(name: str, field: Field, value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not field.low <= value <= field.high:
        raise BiomeError(f"biome {name}: {field.key} = {value!r} is not a number {field.low:g} … {field.high:g}")
    return float(value)


def _unknown(name: str, key: str, known: tuple[str, ...]) -> BiomeError:
    near = nearest(key, known)
    offer = f"did you mean {near!r}? " if near else ""
    return BiomeError(f"biome {name}: {key} is no field: {offer}one of {', '.join(known)}")


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()[: _MAX_FILE_BYTES + 1]
        if len(data) > _MAX_FILE_BYTES:
            raise BiomeError(f"biome {path.stem}: {path} is larger than {_MAX_FILE_BYTES} bytes")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BiomeError(f"biome {path.stem}: cannot read {path}: {error}") from error
