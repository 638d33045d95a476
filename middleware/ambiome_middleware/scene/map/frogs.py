"""Frogs: at night, in season, mild and wet; most of all after rain.

Calling grows with temperature, humidity and recent rain, and falls with wind (Oseen & Wassersug 2002, "Environmental
factors influencing calling in sympatric anurans", Oecologia 133, 616–625). Heavy rain drowns it while it lasts.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.animals import dark, rain_hush, said, wind_hush
from ambiome_middleware.scene.map.sheet import Sheet


def frogs(now: Conditions, sheet: Sheet) -> None:
    biome = now.biome
    season = now.in_season(130.0, 95.0, biome["frogs.seasonal"])
    mild = ramp(now.temperature_c, 4.0, 14.0) * (1.0 - ramp(now.temperature_c, 33.0, 42.0))
    moist = mix(0.3, 1.0, max(now.wetness, ramp(now.humidity, 0.6, 0.98)))
    light = mix(0.12, 1.0, dark(now))
    there = season * mild * moist * light * rain_hush(now, 6.0, 40.0) * wind_hush(now, 4.0, 12.0)
    is_on = sheet.gate("frogs", there, on=0.05, off=0.03)
    why = f"season {season:.2f}, wetness {now.wetness:.2f}, humidity {now.humidity:.0%}, {said(now)}"
    sheet.put("frogs_activity", biome["frogs.activity"] * there if is_on else 0.0, why)
    sheet.put("frogs_pitch_hz", biome["frogs.pitch_hz"], f"{now.place}")
    sheet.put("frogs_distance_m", biome["frogs.distance_m"], f"{now.place}")
