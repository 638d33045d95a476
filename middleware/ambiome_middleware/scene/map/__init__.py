"""Map: the conditions of the world → the target of every parameter, each with its rule and its reason."""

from collections.abc import Callable, Mapping
from typing import Final

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.map.birds import birds
from ambiome_middleware.scene.map.cafe import cafe
from ambiome_middleware.scene.map.chance import chance
from ambiome_middleware.scene.map.enclosure import enclosure
from ambiome_middleware.scene.map.fire import fire
from ambiome_middleware.scene.map.frogs import frogs
from ambiome_middleware.scene.map.hail import hail
from ambiome_middleware.scene.map.insects import cicadas, crickets
from ambiome_middleware.scene.map.learned import learned
from ambiome_middleware.scene.map.livestock import livestock
from ambiome_middleware.scene.map.loon import loon
from ambiome_middleware.scene.map.machinery import machinery
from ambiome_middleware.scene.map.mix import mixing
from ambiome_middleware.scene.map.owl import owl
from ambiome_middleware.scene.map.people import crowd, traffic
from ambiome_middleware.scene.map.rain import rain, surfaces
from ambiome_middleware.scene.map.room import drips, room
from ambiome_middleware.scene.map.sheet import Sheet
from ambiome_middleware.scene.map.shore import shore
from ambiome_middleware.scene.map.snow import snow
from ambiome_middleware.scene.map.swamp import swamp
from ambiome_middleware.scene.map.thunder import thunder
from ambiome_middleware.scene.map.water import running, surf, under_water
from ambiome_middleware.scene.map.wind import loose_ground, wind
from ambiome_middleware.scene.map.wolf import wolf
from ambiome_middleware.scene.world import Held

Rule = Callable[[Conditions, Sheet], None]
RULES: Final[tuple[Rule, ...]] = (
    enclosure, rain, surfaces, snow, hail, wind, loose_ground, thunder, running, surf, under_water, shore, swamp, fire,
    birds, crickets, cicadas, frogs, owl, wolf, loon, livestock, traffic, crowd, cafe, machinery, room, drips, learned,
    chance,
)  # fmt: skip


def map_world(held: Held, now: Conditions, gates: Mapping[str, bool]) -> Sheet:
    """Runs every rule. `gates` are the on/off states of the last mapping; those of this one are in the sheet."""
    sheet = Sheet(gates)
    mixing(held, sheet)
    for rule in RULES:
        sheet.rule = rule.__name__
        rule(now, sheet)
    return sheet


__all__ = ["RULES", "Rule", "Sheet", "map_world"]
