"""ESA WorldCover: the classes of the land around a listener, as a histogram of pixels, become weights of biomes.

window = raster.read(1, window=around(listener, 300))     # uint8, 10 m pixels
ambience.world(**worldcover.to_world(window, latitude_deg=listener.latitude))
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.places import TREE_LINE_DEG, forest, heaviest
from ambiome_client.adapters.schema import Schema

_COVER: Final = Schema("worldcover")

CLASSES: Final[dict[int, str]] = {
    10: "tree cover",
    20: "shrubland",
    30: "grassland",
    40: "cropland",
    50: "built-up",
    60: "bare or sparse vegetation",
    70: "snow and ice",
    80: "permanent water",
    90: "herbaceous wetland",
    95: "mangroves",
    100: "moss and lichen",
}
"""The eleven classes. 0 is "no data", and counts for nothing."""
NO_DATA: Final = 0

CITY_SHARE: Final = 0.7
"""Share of built-up land from which on it is a city; less is a suburb."""
TREELESS_M: Final = 2_200.0
"""Altitude above which bare and grassy land is mountain: about the tree line of the temperate zone."""
SUBTROPICS_DEG: Final = 35.0
"""Latitude up to which shrubland is savanna and bare land desert."""

_ALWAYS: Final = {40: "farmland", 70: "tundra", 90: "wetland", 95: "mangrove", 100: "tundra"}


def to_world(
    classes: Mapping[int, float] | Iterable[int],
    *,
    latitude_deg: float | None = None,
    altitude_m: float | None = None,
    is_coast: bool = False,
) -> WorldFields:
    """`location` (biome, altitude), and `time` with the latitude where it is given.

    `classes` maps class codes to how much there is of each (pixels, areas: any unit), or is the pixels themselves: a
    list, or an array of any shape. `latitude_deg` chooses the kind of forest, `altitude_m` tells mountains from plains;
    `is_coast` says that the water is the sea. The four largest biomes count.

    Raises AdapterError.
    """
    latitude = None if latitude_deg is None else _COVER.number("latitude_deg", latitude_deg, -90.0, 90.0)
    altitude = None if altitude_m is None else _COVER.number("altitude_m", altitude_m, -500.0, 9_000.0)
    amounts = _amounts(classes)
    built = amounts.get(50, 0.0) / (sum(amounts.values()) or 1.0)
    weights: dict[str, float] = {}
    for code, amount in amounts.items():
        name = _biome(code, latitude, altitude, built, is_coast)
        weights[name] = weights.get(name, 0.0) + amount
    location: dict[str, object] = {"biome": heaviest(weights)}
    if altitude is not None:
        location["altitude_m"] = altitude
    return world(location=location, time=None if latitude is None else {"latitude_deg": latitude})


def _amounts(classes: object) -> dict[int, float]:
    """How much there is of each class, as shares of the most that any number can be."""
    if not isinstance(classes, Mapping):
        flat = classes.ravel().tolist() if hasattr(classes, "ravel") else classes
        if isinstance(flat, str | bytes) or not isinstance(flat, Iterable):
            raise _COVER.error("classes", classes, "a mapping of class codes to amounts, or the pixels")
        pixels = list(flat)
        for index, code in enumerate(pixels):
            _code(f"classes[{index}]", code)
        classes = Counter(pixels)
    amounts: dict[int, float] = {}
    for code, amount in classes.items():
        number = _code("a class", code)
        if number != NO_DATA:
            amounts[number] = amounts.get(number, 0.0) + _COVER.number(f"class {number}", amount, 0.0, 1e15)
    return amounts


def _code(field: str, code: object) -> int:
    allowed = f"a class: {', '.join(map(str, CLASSES))}, or 0 for no data"
    number = _COVER.integer(field, code, allowed)
    if number != NO_DATA and number not in CLASSES:
        raise _COVER.error(field, code, allowed)
    return number


def _biome(code: int, latitude: float | None, altitude: float | None, built: float, is_coast: bool) -> str:
    from_equator = abs(latitude) if latitude is not None else 45.0
    is_high = altitude is not None and altitude > TREELESS_M
    is_arctic, is_warm = from_equator > TREE_LINE_DEG, from_equator <= SUBTROPICS_DEG
    if code in _ALWAYS:
        return _ALWAYS[code]
    if code == 10:
        return forest(latitude)
    if code == 50:
        return "city" if built >= CITY_SHARE else "suburb"
    if code == 80:
        return "coast" if is_coast else "lake"
    open_land = {20: "savanna" if is_warm else "grassland", 30: "grassland", 60: "desert" if is_warm else "mountain"}
    return "tundra" if is_arctic else "mountain" if is_high else open_land[code]
