"""OpenStreetMap: what the map has around a listener becomes the place, and what sounds there.

    query = "[out:json];nwr(around:300,52.52,13.40);out tags geom;"
    ambience.world(**osm.to_world(overpass(query), 52.52, 13.40))

`to_world` reads the JSON of the Overpass API (`out geom`, or `out center` where shapes do not matter);
`tags_to_world` reads the tags of one thing that the listener is on or in, for games that know what lies underfoot.
"""

from collections.abc import Mapping, Sequence
from math import exp
from typing import Final

from ambiome_client.adapters import osm_tags
from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.map_shape import Shape, View
from ambiome_client.adapters.places import heaviest
from ambiome_client.adapters.schema import Schema

_OSM: Final = Schema("osm")

MAX_PER_KIND: Final = 3
MAX_TOLD: Final = 16
INSIDE_M: Final = 10.0
"""How far what sounds is where one is in it: a lake, a market."""
NEAR_M: Final = 60.0
"""Land at the edge of which one stands counts e times as much as land this far away."""


def to_world(
    elements: Mapping[str, object] | Sequence[Mapping[str, object]],
    latitude_deg: float,
    longitude_deg: float,
    *,
    radius_m: float = 300.0,
) -> WorldFields:
    """`location` (biome weights, shelter, features) at a place, and `time` with its latitude.

    `elements` is an Overpass response, or its list of elements. Land that the listener is on counts whole, land nearby
    by its distance; the nearest things that sound within `radius_m` (1 … 5,000) become features with their true
    distance and azimuth, at most 3 of a kind; a building around the listener is the shelter. A feature's id is
    "way/1234", the same in every call. What has no tags or no place is passed over.

    Raises AdapterError.
    """
    latitude = _OSM.number("latitude_deg", latitude_deg, -90.0, 90.0)
    longitude = _OSM.number("longitude_deg", longitude_deg, -180.0, 180.0)
    radius = _OSM.number("radius_m", radius_m, 1.0, 5_000.0)
    view = View(_OSM, latitude, longitude)
    weights: dict[str, float] = {}
    sounding: list[tuple[float, dict[str, object]]] = []
    shelter: str | None = None
    for index, element in enumerate(_elements(elements)):
        tags = _tags(f"elements[{index}].tags", element)
        shape = view.shape_of(index, element, osm_tags.is_area(tags)) if tags else None
        if shape is None or shape.distance_m > radius:
            continue
        if shape.is_inside:
            shelter = osm_tags.shelter(tags) or shelter
        if (name := osm_tags.biome(tags, latitude)) is not None:
            weights[name] = weights.get(name, 0.0) + (1.0 if shape.is_inside else 0.5 * exp(-shape.distance_m / NEAR_M))
        if (heard := osm_tags.feature(tags)) is not None:
            sounding.append((shape.distance_m, _feature(element, heard, shape)))
    location = {"biome": heaviest(weights), "shelter": shelter, "features": _nearest(sounding)}
    return world(location=location, time={"latitude_deg": latitude})


def tags_to_world(tags: Mapping[str, str], *, latitude_deg: float | None = None) -> WorldFields:
    """`location` (biome, shelter) of standing on, or being inside, something with these tags. Raises AdapterError."""
    read = _tags("tags", {"tags": tags})
    latitude = None if latitude_deg is None else _OSM.number("latitude_deg", latitude_deg, -90.0, 90.0)
    location: dict[str, object] = {"biome": osm_tags.biome(read, latitude), "shelter": osm_tags.shelter(read)}
    return world(location=location, time=None if latitude is None else {"latitude_deg": latitude})


def _elements(elements: object) -> list[Mapping[str, object]]:
    if isinstance(elements, Mapping):
        elements = elements.get("elements")
    listed = _OSM.sequence("elements", elements)
    return [_OSM.mapping(f"elements[{index}]", element) for index, element in enumerate(listed)]


def _tags(field: str, element: Mapping[str, object]) -> dict[str, str]:
    tags = _OSM.mapping(field, element.get("tags") or {})
    return {name: _OSM.text(f"{field}.{name}", value) for name, value in tags.items()}


def _feature(element: Mapping[str, object], heard: tuple[str, float], shape: Shape) -> dict[str, object]:
    kind, size = heard
    distance_m = INSIDE_M if shape.is_inside else max(shape.distance_m, 0.5)
    return {
        "id": f"{element.get('type')}/{element.get('id')}"[:64],
        "kind": kind,
        "distance_m": round(distance_m, 1),
        "azimuth_deg": round(shape.azimuth_deg, 1) % 360.0,
        "size": size,
    }


def _nearest(sounding: list[tuple[float, dict[str, object]]]) -> list[dict[str, object]]:
    """The nearest of each kind, and each thing once."""
    told: list[dict[str, object]] = []
    for _, feature in sorted(sounding, key=lambda row: row[0]):
        alike = sum(other["kind"] == feature["kind"] for other in told)
        is_told = any(other["id"] == feature["id"] for other in told)
        if alike < MAX_PER_KIND and not is_told and len(told) < MAX_TOLD:
            told.append(feature)
    return told
