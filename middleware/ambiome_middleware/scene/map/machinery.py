"""Machinery all around: the place's own by working hours, and the engine or the fans of what the listener sits in."""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.sheet import Sheet


def working_share(hour: float, night: float) -> float:
    """What runs at an hour over what runs in working hours, `night` … 1."""
    return mix(night, 1.0, ramp(hour, 5.0, 7.0) * (1.0 - ramp(hour, 18.0, 21.0)))


def machinery(now: Conditions, sheet: Sheet) -> None:
    biome, around = now.biome, now.enclosure
    share = working_share(now.hour, biome["machinery.night"])
    own, level = around.machinery_level, biome["machinery.level"] * share
    total = own + level
    why = f"{now.place} at {now.hour:.1f} h: {share:.0%} of what runs in working hours; shelter {now.shelter}"
    sheet.put("machinery_level", max(own, level), why)
    speeds = own * around.machinery_speed + level * biome["machinery.speed"]
    sheet.put("machinery_speed", speeds / total if total > 0 else biome["machinery.speed"], why)
    within = own + level * biome["machinery.indoors"]
    sheet.put("machinery_within", within / total if total > 0 else 0.0, f"{why}; what is in here with the listener")
    sheet.put("machinery_load", biome["machinery.load"] * mix(0.6, 1.0, share), f"{why}; less at night")
