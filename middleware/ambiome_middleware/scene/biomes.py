"""Biomes: a place's table of what lives, flows and sounds there, read from one file each and blended by weight.

`biome_fields.FIELDS` says what a file may hold. A server's `--biomes DIR` adds files like those in `biomes/`; the name
of a biome is the name of its file.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import exp, log, sqrt
from pathlib import Path
from typing import Any, Final

from ambiome_protocol.errors import nearest

from ambiome_middleware.scene.biome_fields import DEFAULTS, FIELDS, Field
from ambiome_middleware.scene.enclosures import ENCLOSURES

_BY_SECTION: Final = {
    s: {f.name: f for f in FIELDS if f.section == s} for s in dict.fromkeys(f.section for f in FIELDS)
}
_MAX_FILE_BYTES: Final = 65_536


class BiomeError(ValueError):
    """A biome's file cannot be read; the message names the file, the field, the bad value and what is allowed."""


class Biome:
    """One biome: its numbers by "section.name", every field of `FIELDS`, and the shelter that it is by itself."""

    __slots__ = ("name", "numbers", "shelter")

    def __init__(self, name: str, shelter: str, numbers: Mapping[str, float]) -> None:
        self.name = name
        self.shelter = shelter
        self.numbers = DEFAULTS | dict(numbers)


Biomes = Mapping[str, Biome]


def read_biome(name: str, text: str) -> Biome:
    """A biome from a file's text. Raises BiomeError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BiomeError(f"biome {name}: not TOML: {error}") from error
    shelter = document.pop("shelter", "open")
    if shelter not in ENCLOSURES:
        raise BiomeError(f"biome {name}: shelter {shelter!r} is none of {', '.join(ENCLOSURES)}")
    numbers: dict[str, float] = {}
    for section, table in document.items():
        if section not in _BY_SECTION or not isinstance(table, dict):
            raise _unknown(name, section, tuple(_BY_SECTION))
        for key, value in table.items():
            field = _BY_SECTION[section].get(key)
            if field is None:
                raise _unknown(name, f"{section}.{key}", tuple(f"{section}.{known}" for known in _BY_SECTION[section]))
            numbers[field.key] = _number(name, field, value)
    return Biome(name, shelter, numbers)


def load_biomes(directory: str | Path | None = None) -> Biomes:
    """The built-in biomes and, over them, every `*.toml` of a directory. Raises BiomeError."""
    if directory is None:
        return built_in()
    found = sorted(Path(directory).glob("*.toml")) if Path(directory).is_dir() else None
    if found is None:
        raise BiomeError(f"biomes: {directory} is not a directory")
    return {**built_in(), **{path.stem: read_biome(path.stem, _text(path)) for path in found}}


@cache
def built_in() -> Biomes:
    """The biomes of the protocol's closed list."""
    folder = files(__package__).joinpath("biomes")
    texts = {item.name.removesuffix(".toml"): item for item in folder.iterdir() if item.name.endswith(".toml")}
    return {name: read_biome(name, texts[name].read_text("utf-8")) for name in sorted(texts)}


def blend(biomes: Biomes, weights: Mapping[str, float]) -> dict[str, float]:
    """The numbers of a mixture of biomes, weights summing to 1; "none" where there are no weights."""
    parts = [(weight, biomes[name].numbers) for name, weight in weights.items() if name in biomes]
    if len(parts) <= 1:
        return parts[0][1] if parts else biomes["none"].numbers
    return {field.key: _blended(field, parts) for field in FIELDS}


def _blended(field: Field, parts: list[tuple[float, dict[str, float]]]) -> float:
    key = field.key
    match field.blend:
        case "sum":
            return sum(weight * numbers[key] for weight, numbers in parts)
        case "power":
            return sqrt(sum(weight * numbers[key] ** 2 for weight, numbers in parts))
        case "db":
            return max(10.0 * log(sum(w * 10.0 ** (n[key] / 10.0) for w, n in parts)) / log(10.0), field.low)
    shares = [weight * (numbers[field.of] if field.of else 1.0) for weight, numbers in parts]
    if sum(shares) <= 0:
        shares = [weight for weight, _ in parts]
    values = [log(numbers[key]) if field.blend == "log" else numbers[key] for _, numbers in parts]
    mean = sum(share * value for share, value in zip(shares, values, strict=True)) / sum(shares)
    return exp(mean) if field.blend == "log" else mean


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
