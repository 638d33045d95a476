"""Where a thing of a map lies, seen from a listener: how far, which way, and whether he is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians
from typing import Final

from ambiome_client.adapters.schema import Schema

EARTH_M: Final = 6_371_000.0
Point = tuple[float, float]
"""Metres (east, north) of the listener."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Distance in m to its nearest point, its azimuth in degrees from north, and whether the listener is inside."""

    distance_m: float
    azimuth_deg: float
    is_inside: bool = False


def shape_of(
    schema: Schema, index: int, element: Mapping[str, object], latitude_deg: float, longitude_deg: float
) -> Shape | None:
    """The shape of an Overpass element, by its `geometry`, `center`, or own `lat` and `lon`; None without any."""

    def metres(field: str, place: object) -> Point:
        """A local plane: exact to a part in a thousand within the few kilometres of an ear's reach."""
        where = schema.mapping(field, place)
        latitude = schema.number(f"{field}.lat", where.get("lat"), -90.0, 90.0)
        longitude = schema.number(f"{field}.lon", where.get("lon"), -180.0, 180.0)
        across = (longitude - longitude_deg + 180.0) % 360.0 - 180.0
        east = EARTH_M * cos(radians(latitude_deg)) * radians(across)
        return east, EARTH_M * radians(latitude - latitude_deg)

    field = f"elements[{index}]"
    if element.get("geometry") is not None:
        places = schema.sequence(f"{field}.geometry", element["geometry"])
        points = [metres(f"{field}.geometry[{at}]", place) for at, place in enumerate(places) if place is not None]
    elif element.get("center") is not None:
        points = [metres(f"{field}.center", element["center"])]
    elif "lat" in element or "lon" in element:
        points = [metres(field, element)]
    else:
        points = []
    return _seen(points) if points else None


def _seen(points: list[Point]) -> Shape:
    if len(points) > 3 and points[0] == points[-1] and _is_around(points):
        return Shape(0.0, 0.0, True)
    lines = list(pairwise(points)) or [(points[0], points[0])]
    east, north = min((_nearest(start, end) for start, end in lines), key=lambda point: hypot(*point))
    return Shape(hypot(east, north), degrees(atan2(east, north)) % 360.0)


def _nearest(start: Point, end: Point) -> Point:
    """The point of a line that is nearest to the listener."""
    (x0, y0), (x1, y1) = start, end
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    share = min(max(-(x0 * (x1 - x0) + y0 * (y1 - y0)) / length, 0.0), 1.0) if length > 0.0 else 0.0
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def _is_around(points: list[Point]) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    is_inside = False
    for (x0, y0), (x1, y1) in pairwise(points):
        if (y0 > 0.0) != (y1 > 0.0) and x0 - y0 * (x1 - x0) / (y1 - y0) > 0.0:
            is_inside = not is_inside
    return is_inside
