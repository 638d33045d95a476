"""Songbirds: the dawn chorus by the sun's altitude, the season, and what rain, wind and cold leave of it.

Light: first songs in civil twilight, the chorus at its height about sunrise, a smaller one at dusk (Leopold & Eynon
1961, "Avian daybreak and evening song in relation to time and light intensity", Condor 63, 269–293). Season: song
peaks while birds pair and nest, April to June in the north, and all but ends after the moult (Catchpole & Slater
2008, Bird Song, ch. 5). Weather: song falls off from about 3 m/s of wind and in rain (Robbins 1981, "Bird activity
levels related to weather", Studies in Avian Biology 6, 301–310).
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.animals import rain_hush, said, wind_hush
from ambiome_middleware.scene.map.sheet import Sheet


def chorus(sun_deg: float, morning: float, day: float, night: float) -> float:
    """Song by the sun's altitude, 0 … 1: 1 about sunrise; `day` and `night` are its shares at noon and midnight.

    `morning`: 1 while the sun rises, 0 while it sinks.
    """
    dawn = mix(night, mix(1.0, day, ramp(sun_deg, 3.0, 25.0)), ramp(sun_deg, -8.0, -1.0))
    dusk = 0.55 * ramp(sun_deg, -7.0, -1.0) * (1.0 - ramp(sun_deg, 2.0, 12.0))
    evening = max(mix(night, day, ramp(sun_deg, -3.0, 8.0)), dusk, night)
    return mix(evening, dawn, morning)


def birds(now: Conditions, sheet: Sheet) -> None:
    biome = now.biome
    light = chorus(now.sun_deg, now.morning, biome["birds.day"], biome["birds.night"])
    season = mix(0.12, 1.0, now.in_season(135.0, 110.0, biome["birds.seasonal"]))
    weather = rain_hush(now, 0.2, 6.0) * wind_hush(now, 3.0, 14.0) * ramp(now.temperature_c, -12.0, 6.0)
    heat = 1.0 - 0.6 * ramp(now.temperature_c, 26.0, 38.0)
    there = light * season * weather * heat
    is_singing = sheet.gate("birds", there, on=0.02, off=0.012)
    activity = biome["birds.activity"] * there if is_singing else 0.0
    sun = f"sun {now.sun_deg:+.0f}° {'rising' if now.morning > 0.5 else 'sinking'}"
    why = f"{sun}: {light:.2f} of the dawn chorus, season {season:.2f}, weather {weather * heat:.2f} ({said(now)})"
    sheet.put("birds_activity", activity, why)
    variety = biome["birds.variety"] * mix(0.45, 1.0, season) * mix(0.5, 1.0, min(light / 0.6, 1.0))
    sheet.put("birds_variety", variety, f"{now.place}; fewer species out of season and at night")
    sheet.put("birds_distance_m", biome["birds.distance_m"], f"{now.place}")
