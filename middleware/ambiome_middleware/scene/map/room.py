"""The place itself: its tone, and what drips in it."""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.map.sheet import Sheet


def room(now: Conditions, sheet: Sheet) -> None:
    biome, around = now.biome, now.enclosure
    level = max(biome["room.level"], around.room_level * (1.0 - 0.5 * now.openness))
    why = f"{now.place}, shelter {now.shelter}, openness {now.openness:.2f}"
    sheet.put("room_level", min(level, 1.0), why)
    shares = (biome["room.level"], around.room_level)
    total = sum(shares)
    hum = (shares[0] * biome["room.hum"] + shares[1] * around.room_hum) / total if total > 0 else 0.3
    size = (shares[0] * biome["room.size"] + shares[1] * around.room_size) / total if total > 0 else around.room_size
    sheet.put("room_hum", hum, why)
    sheet.put("room_size", size, why)


def drips(now: Conditions, sheet: Sheet) -> None:
    """What drips: caves always; leaves and eaves while everything is wet, most when the rain itself is over."""
    biome = now.biome
    after = biome["drips.after_rain_per_s"] * ramp(now.wetness, 0.25, 1.0) * (1.0 - 0.5 * ramp(now.rain_mm_h, 1.0, 8.0))
    always = biome["drips.per_s"] + now.enclosure.drips_per_s * (0.6 + 0.8 * now.wetness)
    frozen = 1.0 - ramp(now.temperature_c, 0.0, -6.0)
    why = f"{now.place}, shelter {now.shelter}, wetness {now.wetness:.2f}, {now.temperature_c:.0f} °C"
    sheet.put("drips_per_s", (always + after) * frozen, why)
    sheet.put("drips_size", biome["drips.size"], f"{now.place}")
    sheet.put("drips_depth", biome["drips.depth"], f"{now.place}")
