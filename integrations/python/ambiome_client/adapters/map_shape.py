"""Where a thing of a map lies, seen from a listener: how far, which way, and whether he is in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians
from typing import Final

from ambiome_client.adapters.schema import Schema

EARTH_M: Final = 6_371_000.0
Point = tuple[float, float]
"""Metres (east, north) of the listener."""
Line = list[Point]


@dataclass(frozen=True, slots=True)
class Shape:
    """Distance in m to its nearest point, its azimuth in degrees from north, and whether the listener is inside."""

    distance_m: float
    azimuth_deg: float
    is_inside: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Overpass elements as they lie round a listener at a latitude and a longitude in degrees."""

    schema: Schema
    latitude_deg: float
    longitude_deg: float

    def shape_of(self, index: int, element: Mapping[str, object], is_area: bool) -> Shape | None:
        """The shape of the element with this index; None where it has no place. A ring has an inside if `is_area`."""
        lines = [line for line in self._lines(f"elements[{index}]", element) if line]
        if not lines:
            return None
        if is_area and all(len(line) > 1 for line in lines) and _is_around(lines):
            return Shape(0.0, 0.0, True)
        east, north = min((_nearest(*ends) for ends in _segments(lines)), key=lambda point: hypot(*point))
        return Shape(hypot(east, north), degrees(atan2(east, north)) % 360.0)

    def _lines(self, field: str, element: Mapping[str, object]) -> Iterator[Line]:
        """By its `geometry`, its members', its `center`, or its own `lat` and `lon`."""
        if element.get("geometry") is not None:
            places = self.schema.sequence(f"{field}.geometry", element["geometry"])
            yield [
                self._metres(f"{field}.geometry[{at}]", place) for at, place in enumerate(places) if place is not None
            ]
        elif element.get("members") is not None:
            for at, member in enumerate(self.schema.sequence(f"{field}.members", element["members"])):
                held = self.schema.mapping(f"{field}.members[{at}]", member)
                if held.get("geometry") is not None:
                    yield from self._lines(f"{field}.members[{at}]", held)
        elif element.get("center") is not None:
            yield [self._metres(f"{field}.center", element["center"])]
        elif "lat" in element or "lon" in element:
            yield [self._metres(field, element)]

    def _metres(self, field: str, place: object) -> Point:
        """On a local plane: exact to a part in a thousand within the few kilometres of an ear's reach."""
        where = self.schema.mapping(field, place)
        latitude = self.schema.number(f"{field}.lat", where.get("lat"), -90.0, 90.0)
        longitude = self.schema.number(f"{field}.lon", where.get("lon"), -180.0, 180.0)
        across = (longitude - self.longitude_deg + 180.0) % 360.0 - 180.0
        east = EARTH_M * cos(radians(self.latitude_deg)) * radians(across)
        return east, EARTH_M * radians(latitude - self.latitude_deg)


def _segments(lines: list[Line]) -> Iterator[tuple[Point, Point]]:
    for line in lines:
        yield from pairwise(line) if len(line) > 1 else [(line[0], line[0])]


def _nearest(start: Point, end: Point) -> Point:
    """The point of a segment that is nearest to the listener."""
    (x0, y0), (x1, y1) = start, end
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    share = min(max(-(x0 * (x1 - x0) + y0 * (y1 - y0)) / length, 0.0), 1.0) if length > 0.0 else 0.0
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def _is_around(lines: list[Line]) -> bool:
    """Whether the lines close, and a ray to the east crosses them an odd number of times: inner rings are holes."""
    ends: dict[Point, int] = {}
    for line in lines:
        for end in (line[0], line[-1]):
            ends[end] = ends.get(end, 0) + 1
    if any(count % 2 for count in ends.values()):
        return False
    is_inside = False
    for (x0, y0), (x1, y1) in _segments(lines):
        if (y0 > 0.0) != (y1 > 0.0) and x0 - y0 * (x1 - x0) / (y1 - y0) > 0.0:
            is_inside = not is_inside
    return is_inside
