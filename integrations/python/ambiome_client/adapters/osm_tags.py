"""OpenStreetMap's tags as Ambiome hears them: tables of what land is, what sounds, and what shelters."""

from collections.abc import Mapping
from typing import Final

from ambiome_client.adapters.places import forest

FOREST: Final = ""
"""A wood, whose kind depends on its leaves and its latitude."""

BIOMES: Final[dict[tuple[str, str], str]] = {
    ("natural", "wood"): FOREST,
    ("landuse", "forest"): FOREST,
    ("natural", "scrub"): "grassland",
    ("natural", "heath"): "grassland",
    ("natural", "grassland"): "grassland",
    ("natural", "fell"): "mountain",
    ("natural", "bare_rock"): "mountain",
    ("natural", "scree"): "mountain",
    ("natural", "glacier"): "tundra",
    ("natural", "tundra"): "tundra",
    ("natural", "sand"): "desert",
    ("natural", "dune"): "desert",
    ("natural", "wetland"): "wetland",
    ("natural", "mud"): "wetland",
    ("natural", "water"): "lake",
    ("natural", "bay"): "coast",
    ("natural", "beach"): "coast",
    ("natural", "coastline"): "coast",
    ("landuse", "farmland"): "farmland",
    ("landuse", "farmyard"): "farmland",
    ("landuse", "meadow"): "farmland",
    ("landuse", "orchard"): "farmland",
    ("landuse", "vineyard"): "farmland",
    ("landuse", "grass"): "grassland",
    ("landuse", "reservoir"): "lake",
    ("landuse", "residential"): "suburb",
    ("landuse", "allotments"): "suburb",
    ("landuse", "cemetery"): "suburb",
    ("leisure", "park"): "suburb",
    ("leisure", "garden"): "suburb",
    ("landuse", "commercial"): "city",
    ("landuse", "retail"): "city",
    ("landuse", "industrial"): "industrial",
    ("landuse", "port"): "industrial",
    ("landuse", "quarry"): "industrial",
    ("landuse", "railway"): "industrial",
    ("natural", "cave_entrance"): "cave",
}  # fmt: skip

FEATURES: Final[dict[tuple[str, str], tuple[str, float]]] = {
    ("waterway", "waterfall"): ("waterfall", 0.6),
    ("waterway", "weir"): ("waterfall", 0.3),
    ("waterway", "river"): ("river", 0.6),
    ("waterway", "canal"): ("river", 0.2),
    ("waterway", "stream"): ("stream", 0.4),
    ("waterway", "ditch"): ("stream", 0.1),
    ("waterway", "drain"): ("stream", 0.1),
    ("natural", "spring"): ("stream", 0.2),
    ("amenity", "fountain"): ("stream", 0.4),
    ("natural", "water"): ("lake", 0.5),
    ("landuse", "reservoir"): ("lake", 0.5),
    ("natural", "coastline"): ("surf", 0.7),
    ("natural", "beach"): ("surf", 0.5),
    ("natural", "cave_entrance"): ("drips", 0.4),
    ("natural", "tree"): ("foliage", 0.4),
    ("natural", "tree_row"): ("foliage", 0.6),
    ("highway", "motorway"): ("traffic", 1.0),
    ("highway", "trunk"): ("traffic", 0.85),
    ("highway", "primary"): ("traffic", 0.7),
    ("highway", "secondary"): ("traffic", 0.55),
    ("highway", "tertiary"): ("traffic", 0.4),
    ("highway", "unclassified"): ("traffic", 0.2),
    ("highway", "residential"): ("traffic", 0.15),
    ("highway", "living_street"): ("traffic", 0.1),
    ("highway", "pedestrian"): ("crowd", 0.4),
    ("amenity", "marketplace"): ("crowd", 0.8),
    ("amenity", "restaurant"): ("crowd", 0.3),
    ("amenity", "cafe"): ("crowd", 0.25),
    ("amenity", "pub"): ("crowd", 0.35),
    ("amenity", "biergarten"): ("crowd", 0.5),
    ("amenity", "school"): ("crowd", 0.4),
    ("leisure", "playground"): ("crowd", 0.3),
    ("leisure", "stadium"): ("crowd", 1.0),
    ("leisure", "firepit"): ("fire", 0.3),
    ("man_made", "works"): ("machinery", 0.7),
    ("power", "substation"): ("machinery", 0.3),
    ("power", "plant"): ("machinery", 0.9),
}
"""(kind, size 0 … 1)."""

SHELTERS: Final[dict[tuple[str, str], str]] = {
    ("amenity", "shelter"): "tent",
    ("tourism", "camp_pitch"): "tent",
    ("tunnel", "yes"): "hall",
    ("tunnel", "building_passage"): "hall",
    ("building", "church"): "hall",
    ("building", "cathedral"): "hall",
    ("building", "train_station"): "hall",
    ("building", "industrial"): "hall",
    ("building", "warehouse"): "hall",
    ("building", "hangar"): "hall",
    ("building", "roof"): "tent",
    ("building", ""): "room",
    ("place", "square"): "courtyard",
}
"""What the listener is in; any other building is a room."""

_LEAVES: Final = {"needleleaved": "conifer_forest", "broadleaved": "temperate_forest", "mixed": "temperate_forest"}
_WATERS: Final = {"river": "river", "stream": "river", "canal": "river"}


_LINES: Final = frozenset({"highway", "waterway", "railway", "barrier"})


def is_area(tags: Mapping[str, str]) -> bool:
    """Whether a ring with these tags is what it encloses; a roundabout is only its road."""
    return tags.get("area") == "yes" or not _LINES & tags.keys()


def biome(tags: Mapping[str, str], latitude_deg: float | None = None) -> str | None:
    """The biome of land with these tags; None where they say nothing of it."""
    for pair in tags.items():
        if pair in BIOMES:
            return _finer(BIOMES[pair], tags, latitude_deg)
    return None


def _finer(name: str, tags: Mapping[str, str], latitude_deg: float | None) -> str:
    if name == FOREST:
        zone = forest(latitude_deg)
        return zone if zone == "rainforest" else _LEAVES.get(tags.get("leaf_type", ""), zone)
    if tags.get("wetland") == "mangrove":
        return "mangrove"
    return _WATERS.get(tags.get("water", ""), name) if name == "lake" else name


def feature(tags: Mapping[str, str]) -> tuple[str, float] | None:
    """(kind, size 0 … 1) of what sounds with these tags; None where nothing does, or where it runs underground."""
    if tags.get("tunnel", "no") != "no":
        return None
    for pair in tags.items():
        if pair in FEATURES:
            return FEATURES[pair]
    return None


def shelter(tags: Mapping[str, str]) -> str | None:
    """What it is to be inside something with these tags; None where it is no shelter."""
    for pair in tags.items():
        if pair in SHELTERS:
            return SHELTERS[pair]
    return SHELTERS[("building", "")] if tags.get("building", "no") != "no" else None
