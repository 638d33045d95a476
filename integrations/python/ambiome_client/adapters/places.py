"""What land is: weights of biomes as the protocol takes them, and the forest of a latitude."""

from collections.abc import Mapping
from typing import Final

from ambiome_protocol.limits import MAX_BIOMES

_FORESTS: Final = ((15.0, "rainforest"), (55.0, "temperate_forest"), (90.0, "conifer_forest"))
"""(up to this latitude, forest): the tropics, the temperate zone, the boreal one."""
TREE_LINE_DEG: Final = 66.5
"""Beyond it grass and shrubs are tundra."""


def forest(latitude_deg: float | None) -> str:
    """The forest of a latitude; a temperate one where that is not known."""
    if latitude_deg is None:
        return "temperate_forest"
    return next(name for limit, name in _FORESTS if abs(latitude_deg) <= limit)


def heaviest(weights: Mapping[str, float]) -> dict[str, float] | None:
    """The four heaviest biomes, their weights summing to 1; None where nothing weighs."""
    kept = sorted(
        ((weight, name) for name, weight in weights.items() if weight > 0.0), key=lambda row: (-row[0], row[1])
    )
    kept = kept[:MAX_BIOMES]
    total = sum(weight for weight, _ in kept)
    rounded = {name: round(weight / total, 4) for weight, name in kept}
    return {name: weight for name, weight in rounded.items() if weight > 0.0} or None
