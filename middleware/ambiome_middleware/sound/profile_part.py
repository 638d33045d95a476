"""A table of a profile's file, read strictly: every field is taken by name, checked, and what is left is an error."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt
from ambiome_protocol.errors import nearest

Floats = npt.NDArray[np.float64]


class ProfileError(ValueError):
    """A profile cannot be read; the message names the file, the field, the bad value and what is allowed."""


class Part:
    """One table of a file: fields are taken out of it one by one, and what is left is unknown."""

    def __init__(self, file: str, where: str, fields: Any) -> None:
        if not isinstance(fields, dict):
            raise ProfileError(f"{file}: {where} is not a table")
        self._file, self._where, self._left, self._known = file, where, dict(fields), list[str]()

    def take(self, key: str) -> Any:
        self._known.append(key)
        return self._left.pop(key, None)

    def has(self, key: str) -> bool:
        return key in self._left

    def number(self, key: str, low: float, high: float) -> float:
        return float(self._check(key, self.take(key), low, high))

    def numbers(self, key: str, shape: tuple[int, ...], low: float, high: float) -> Floats:
        """An array of exactly that shape; a −1 in it stands for any length, one or more."""
        value = self.take(key)
        rows = np.array(self._row(key, value, low, high, len(shape)), np.float64)
        if rows.ndim != len(shape) or any(want not in (-1, has) for want, has in zip(shape, rows.shape, strict=True)):
            wanted = " × ".join("any" if want == -1 else str(want) for want in shape)
            raise self._wrong(key, f"{' × '.join(map(str, rows.shape))} numbers", f"{wanted} of them")
        return rows

    def text(self, key: str, most: int = 200) -> str:
        value = self.take(key)
        if not isinstance(value, str) or len(value) > most or (not value and key != "sha256"):
            raise self._wrong(key, repr(value), f"a text of 1 … {most} characters")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.take(key)
        if value not in allowed:
            near = nearest(value, allowed) if isinstance(value, str) else None
            raise self._wrong(key, repr(value), (f"did you mean {near!r}? " if near else "") + ", ".join(allowed))
        return cast(str, value)

    def parts(self, key: str, fewest: int, most: int) -> "list[Part]":
        value = self.take(key) or []
        if not isinstance(value, list) or not fewest <= len(value) <= most:
            count = len(value) if isinstance(value, list) else "no list"
            raise self._wrong(f"[[{key}]]", str(count), f"{fewest} … {most} of them")
        return [Part(self._file, f"{key}[{at}].", fields) for at, fields in enumerate(value)]

    def part(self, key: str) -> "Part":
        return Part(self._file, f"{self._where}{key}.", self.take(key))

    def close(self) -> None:
        """ProfileError where a field is left that nobody asked for."""
        for key in self._left:
            near = nearest(key, tuple(self._known))
            offer = f"did you mean {near!r}? " if near else ""
            raise ProfileError(f"{self._file}: {self._where}{key} is no field: {offer}{', '.join(self._known)}")

    def _row(self, key: str, value: Any, low: float, high: float, depth: int) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise self._wrong(key, repr(value), "a list of numbers")
        if depth > 1:
            rows = [self._row(key, row, low, high, depth - 1) for row in value]
            if len({len(row) for row in rows}) > 1:
                raise self._wrong(key, "rows of several lengths", "rows of one")
            return rows
        return [self._check(key, item, low, high) for item in value]

    def _check(self, key: str, value: Any, low: float, high: float) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise self._wrong(key, repr(value), f"a number {low:g} … {high:g}")
        return float(value)

    def _wrong(self, key: str, value: str, allowed: str) -> ProfileError:
        return ProfileError(f"{self._file}: {self._where}{key} = {value}, allowed: {allowed}")
