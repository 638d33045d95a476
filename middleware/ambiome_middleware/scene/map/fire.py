"""Fire all around: the biome's own (fires of the game are features), damped by rain, drawn by wind."""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.map.sheet import Sheet


def quenching(now: Conditions) -> float:
    """What rain leaves of a fire in the open, 0.1 … 1; under a roof all of it."""
    return 1.0 - 0.9 * ramp(now.rain_mm_h, 1.0, 30.0) * (1.0 - now.enclosure.roof)


def fire(now: Conditions, sheet: Sheet) -> None:
    biome, left = now.biome, quenching(now)
    sheet.put("fire_level", biome["fire.level"] * left, f"{now.place}; {now.rain_mm_h:g} mm/h leave {left:.0%}")
    dry = biome["fire.crackle"] * (1.0 - 0.5 * now.wetness)
    sheet.put("fire_crackle", dry, f"wood of {now.place}, wetness {now.wetness:.2f}")
    draught = min(biome["fire.roar"] + 0.03 * now.wind_m_s, 1.0)
    sheet.put("fire_roar", draught, f"draught of {now.wind_m_s:.1f} m/s")
