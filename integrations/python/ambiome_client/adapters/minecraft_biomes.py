"""Minecraft's biomes, as of Java edition 1.21: what they are as places, how warm, how wet."""

from typing import Final, NamedTuple

Places = dict[str, float]


class Biome(NamedTuple):
    """Biomes of ours with their weights, the game's temperature, and its downfall 0 … 1 (None: it never falls)."""

    biomes: Places
    temperature: float
    downfall: float | None


_FOREST: Final[Places] = {"temperate_forest": 1.0}
_TAIGA: Final[Places] = {"conifer_forest": 1.0}
_JUNGLE: Final[Places] = {"rainforest": 1.0}
_PLAIN: Final[Places] = {"grassland": 1.0}
_SAVANNA: Final[Places] = {"savanna": 1.0}
_DESERT: Final[Places] = {"desert": 1.0}
_TUNDRA: Final[Places] = {"tundra": 1.0}
_PEAK: Final[Places] = {"mountain": 1.0}
_MEADOW: Final[Places] = {"grassland": 0.6, "mountain": 0.4}
_WOODED_HILL: Final[Places] = {"mountain": 0.6, "conifer_forest": 0.4}
_SWAMP: Final[Places] = {"wetland": 0.8, "temperate_forest": 0.2}
_SEA: Final[Places] = {"coast": 1.0}
_CAVE: Final[Places] = {"cave": 1.0}
_NOWHERE: Final[Places] = {"none": 1.0}

BIOMES: Final[dict[str, Biome]] = {
    "plains": Biome(_PLAIN, 0.8, 0.4),
    "sunflower_plains": Biome(_PLAIN, 0.8, 0.4),
    "snowy_plains": Biome(_TUNDRA, 0.0, 0.5),
    "ice_spikes": Biome(_TUNDRA, 0.0, 0.5),
    "desert": Biome(_DESERT, 2.0, None),
    "swamp": Biome(_SWAMP, 0.8, 0.9),
    "mangrove_swamp": Biome({"mangrove": 1.0}, 0.8, 0.9),
    "forest": Biome(_FOREST, 0.7, 0.8),
    "flower_forest": Biome(_FOREST, 0.7, 0.8),
    "birch_forest": Biome(_FOREST, 0.6, 0.6),
    "old_growth_birch_forest": Biome(_FOREST, 0.6, 0.6),
    "dark_forest": Biome(_FOREST, 0.7, 0.8),
    "pale_garden": Biome(_FOREST, 0.7, 0.8),
    "taiga": Biome(_TAIGA, 0.25, 0.8),
    "old_growth_pine_taiga": Biome(_TAIGA, 0.3, 0.8),
    "old_growth_spruce_taiga": Biome(_TAIGA, 0.25, 0.8),
    "snowy_taiga": Biome(_TAIGA, -0.5, 0.4),
    "grove": Biome(_TAIGA, -0.2, 0.8),
    "savanna": Biome(_SAVANNA, 2.0, None),
    "savanna_plateau": Biome(_SAVANNA, 2.0, None),
    "windswept_savanna": Biome(_SAVANNA, 2.0, None),
    "windswept_hills": Biome(_PEAK, 0.2, 0.3),
    "windswept_gravelly_hills": Biome(_PEAK, 0.2, 0.3),
    "windswept_forest": Biome(_WOODED_HILL, 0.2, 0.3),
    "jungle": Biome(_JUNGLE, 0.95, 0.9),
    "bamboo_jungle": Biome(_JUNGLE, 0.95, 0.9),
    "sparse_jungle": Biome({"rainforest": 0.6, "grassland": 0.4}, 0.95, 0.8),
    "badlands": Biome(_DESERT, 2.0, None),
    "eroded_badlands": Biome(_DESERT, 2.0, None),
    "wooded_badlands": Biome({"desert": 0.6, "savanna": 0.4}, 2.0, None),
    "meadow": Biome(_MEADOW, 0.5, 0.8),
    "cherry_grove": Biome({"temperate_forest": 0.6, "mountain": 0.4}, 0.5, 0.8),
    "snowy_slopes": Biome({"mountain": 0.7, "tundra": 0.3}, -0.3, 0.9),
    "frozen_peaks": Biome(_PEAK, -0.7, 0.9),
    "jagged_peaks": Biome(_PEAK, -0.7, 0.9),
    "stony_peaks": Biome(_PEAK, 1.0, 0.3),
    "river": Biome({"river": 1.0}, 0.5, 0.5),
    "frozen_river": Biome({"river": 0.3, "tundra": 0.7}, 0.0, 0.5),
    "beach": Biome(_SEA, 0.8, 0.4),
    "snowy_beach": Biome({"coast": 0.8, "tundra": 0.2}, 0.05, 0.3),
    "stony_shore": Biome(_SEA, 0.2, 0.3),
    "warm_ocean": Biome(_SEA, 0.5, 0.5),
    "lukewarm_ocean": Biome(_SEA, 0.5, 0.5),
    "deep_lukewarm_ocean": Biome(_SEA, 0.5, 0.5),
    "ocean": Biome(_SEA, 0.5, 0.5),
    "deep_ocean": Biome(_SEA, 0.5, 0.5),
    "cold_ocean": Biome(_SEA, 0.5, 0.5),
    "deep_cold_ocean": Biome(_SEA, 0.5, 0.5),
    "frozen_ocean": Biome(_SEA, 0.0, 0.5),
    "deep_frozen_ocean": Biome(_SEA, 0.5, 0.5),
    "mushroom_fields": Biome({"wetland": 0.5, "grassland": 0.5}, 0.9, 1.0),
    "dripstone_caves": Biome(_CAVE, 0.8, 0.4),
    "lush_caves": Biome(_CAVE, 0.5, 0.5),
    "deep_dark": Biome(_CAVE, 0.8, 0.4),
    "nether_wastes": Biome(_CAVE, 2.0, None),
    "crimson_forest": Biome(_CAVE, 2.0, None),
    "warped_forest": Biome(_CAVE, 2.0, None),
    "soul_sand_valley": Biome(_CAVE, 2.0, None),
    "basalt_deltas": Biome(_CAVE, 2.0, None),
    "the_end": Biome(_NOWHERE, 0.5, None),
    "end_highlands": Biome(_NOWHERE, 0.5, None),
    "end_midlands": Biome(_NOWHERE, 0.5, None),
    "end_barrens": Biome(_NOWHERE, 0.5, None),
    "small_end_islands": Biome(_NOWHERE, 0.5, None),
    "the_void": Biome(_NOWHERE, 0.5, None),
}
"""By name, without "minecraft:". The ocean is heard from its shore: there is no open sea in the list of biomes."""
