"""Bog and standing water: mud, small life, and the gas that rises from it.

Methane bubbles quicken steeply with warmth (DelSontro et al. 2016, "Methane ebullition and
diffusion from northern ponds and lakes regulated by the interaction between temperature and system productivity",
Limnology and Oceanography 61, S62–S77); ice closes the water.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.sheet import Sheet


def swamp(now: Conditions, sheet: Sheet) -> None:
    open_water = ramp(now.temperature_c, -6.0, 1.0)
    life = mix(0.45, 1.0, ramp(now.temperature_c, 2.0, 18.0)) * open_water
    why = f"{now.place}, {now.temperature_c:.0f} °C"
    sheet.put("swamp_level", now.biome["swamp.level"] * life, f"{why}: {life:.0%} of its life and gas")
    warmth = mix(0.25, 1.0, ramp(now.temperature_c, 5.0, 20.0))
    sheet.put("swamp_gas", now.biome["swamp.gas"] * warmth, f"{why}: gas rises {warmth:.0%} as freely as when warm")
