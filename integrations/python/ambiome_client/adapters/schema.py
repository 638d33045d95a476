"""A schema as its adapter reads it: values checked for what they are, and brought into range.

A number beyond its range counts as the range's end, for engines overshoot. What is no finite number, no name of the
list, or of another shape is an `AdapterError`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from numbers import Real
from typing import Final, TypeVar

from ambiome_client.adapters.errors import AdapterError

_T = TypeVar("_T")
_GAPS: Final = str.maketrans("", "", " _-")


@dataclass(frozen=True, slots=True)
class Schema:
    """Reads values of one schema; `name` is what its errors begin with."""

    name: str

    def error(self, field: str, value: object, allowed: str) -> AdapterError:
        """The error to raise for a value of a field."""
        return AdapterError(self.name, field, value, allowed)

    def number(self, field: str, value: object, low: float, high: float) -> float:
        """A finite number, brought into `low` … `high`."""
        if isinstance(value, Real) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = float("inf")
            if isfinite(number):
                return min(max(number, low), high)
        raise self.error(field, value, f"a number from {low:g} to {high:g}")

    def integer(self, field: str, value: object, allowed: str) -> int:
        """A whole number, as an integer or a float without a fraction."""
        if isinstance(value, Real) and not isinstance(value, bool):
            number = float(value) if not isinstance(value, int) else value
            if isinstance(number, int) or number.is_integer():
                return int(number)
        raise self.error(field, value, allowed)

    def mapping(self, field: str, value: object) -> Mapping[str, object]:
        """A mapping with names for keys."""
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return value
        raise self.error(field, value, "a mapping of names to values")

    def sequence(self, field: str, value: object) -> Sequence[object]:
        """A list or a tuple."""
        if isinstance(value, list | tuple):
            return value
        raise self.error(field, value, "a list")

    def text(self, field: str, value: object) -> str:
        """A string."""
        if isinstance(value, str):
            return value
        raise self.error(field, value, "text")

    def entry(self, field: str, value: object, table: Mapping[str, _T]) -> _T:
        """The row of a table whose name is `value`; capitals, spaces, "_" and "-" make no difference."""
        rows = {plain(name): row for name, row in table.items()}
        if isinstance(value, str) and (wanted := plain(value)) in rows:
            return rows[wanted]
        near = get_close_matches(plain(value)[:80], rows, 1) if isinstance(value, str) else []
        offer = [f"did you mean {name!r}?" for name in table if plain(name) in near]
        raise self.error(field, value, "; ".join([f"one of {listed(table)}", *offer]))


def plain(name: str) -> str:
    """A name without what differs from one way of writing to another: capitals, spaces, "_" and "-"."""
    return name.translate(_GAPS).lower()


def listed(names: Iterable[object]) -> str:
    """Names as an error lists them: all of them, or the first dozen."""
    known = [str(name) for name in names]
    return ", ".join(known[:12]) + (f", … ({len(known)} in all)" if len(known) > 12 else "")
