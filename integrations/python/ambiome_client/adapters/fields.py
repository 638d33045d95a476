"""What every adapter returns: the groups of a world, as `ambience.world(**fields)` takes them.

Two rules hold for all adapters, so that one world told after another leaves nothing of the first behind:

- What a schema can say, its adapter says each time: 0 where it is not, None ("derived") where it is not known.
- What a schema cannot say is not named, and stays as the program has told it.
"""

from collections.abc import Mapping
from typing import TypedDict

Values = dict[str, object]


class WorldFields(TypedDict, total=False):
    """The groups of a world, in the protocol's names and units; a group that a schema knows nothing of is left out."""

    weather: Values
    location: Values
    time: Values


def world(
    weather: Mapping[str, object] | None = None,
    location: Mapping[str, object] | None = None,
    time: Mapping[str, object] | None = None,
) -> WorldFields:
    """The groups that are given, their numbers to four places: enough for the ear, and short to send."""
    fields = WorldFields()
    if weather:
        fields["weather"] = _rounded(weather)
    if location:
        fields["location"] = _rounded(location)
    if time:
        fields["time"] = _rounded(time)
    return fields


def _rounded(values: Mapping[str, object]) -> Values:
    return {name: round(value, 4) + 0.0 if isinstance(value, float) else value for name, value in values.items()}
