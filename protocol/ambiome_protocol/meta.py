"""How a field of a message is annotated: its range, its unit and its meaning, in one call.

msgspec checks the range; SPEC.md and the JSON Schema are made from all three. Every number has both ends of a range:
that is also what keeps NaN and the infinities out.
"""

from msgspec import Meta


def number(low: float, high: float, unit: str, meaning: str) -> Meta:
    """A number from `low` to `high`, both included, in `unit` ("" for none)."""
    return Meta(
        ge=low,
        le=high,
        description=f"{meaning} [{unit}]" if unit else meaning,
        extra={"unit": unit, "meaning": meaning},
    )


def sized(smallest: int, largest: int, meaning: str, pattern: str | None = None) -> Meta:
    """A string, bytes, array or map of `smallest` to `largest` characters, bytes, items or entries."""
    return Meta(
        min_length=smallest, max_length=largest, pattern=pattern, description=meaning, extra={"meaning": meaning}
    )


def about(meaning: str) -> Meta:
    """A field whose type says all about its range."""
    return Meta(description=meaning, extra={"meaning": meaning})
