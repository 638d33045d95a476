"""Loons: on northern lakes from the thaw to late summer, by night and at dawn, when the air is still.

They call far more at night than by day, in low wind and with little or no rain (Mennill 2014, "Variation in the vocal
behavior of common loons", Waterbirds 37, special publication 1, 26–36). They breed north of about 43° and leave before
the ice.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import bump, ramp
from ambiome_middleware.scene.map.animals import dark, rain_hush, said, wind_hush
from ambiome_middleware.scene.map.sheet import Sheet


def loon(now: Conditions, sheet: Sheet) -> None:
    light = max(dark(now), 0.8 * bump(now.sun_deg, 0.0, 6.0), 0.12)
    season = now.in_season(165.0, 85.0)
    weather = rain_hush(now, 0.3, 4.0) * wind_hush(now, 2.0, 9.0) * ramp(now.temperature_c, -2.0, 3.0)
    north = ramp(now.latitude_deg, 40.0, 46.0)
    there = light * season * weather * north
    is_on = sheet.gate("loon", there, on=0.05, off=0.03)
    why = f"sun {now.sun_deg:+.0f}°, season {season:.2f}, latitude {now.latitude_deg:.0f}°, {said(now)}"
    sheet.put("loon_activity", now.biome["loon.activity"] * there if is_on else 0.0, why)
    sheet.put("loon_distance_m", now.biome["loon.distance_m"], f"{now.place}")
