"""Wolves: from dusk to dawn, most in late winter when they pair and in autumn when the pups have joined the pack.

Howling peaks about breeding and again in late summer and autumn (Harrington & Mech 1979, "Wolf howling and its role in
territory maintenance", Behaviour 68, 207–249), in the dark and towards its ends; wind ends it. They keep away from
roads.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import bump, mix, ramp
from ambiome_middleware.scene.map.animals import dark, rain_hush, said, wind_hush
from ambiome_middleware.scene.map.sheet import Sheet


def wolf(now: Conditions, sheet: Sheet) -> None:
    light = max(0.7 * dark(now), bump(now.sun_deg, -5.0, 4.0))
    season = mix(0.3, 1.0, max(now.in_season(40.0, 60.0), now.in_season(280.0, 65.0)))
    weather = rain_hush(now, 0.5, 4.0) * wind_hush(now, 3.0, 12.0)
    remote = 1.0 - ramp(now.biome["traffic.per_min"], 0.3, 4.0)
    there = light * season * weather * remote
    is_on = sheet.gate("wolf", there, on=0.06, off=0.03)
    why = f"sun {now.sun_deg:+.0f}°, season {season:.2f}, {remote:.0%} remote from roads, {said(now)}"
    sheet.put("wolf_activity", now.biome["wolf.activity"] * there if is_on else 0.0, why)
    sheet.put("wolf_distance_m", now.biome["wolf.distance_m"], f"{now.place}")
