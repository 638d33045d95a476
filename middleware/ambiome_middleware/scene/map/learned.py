"""Places learned from recordings: each as loud as the blended biome plays it, and as the world lets it be.

A recording knows neither night nor weather, so its biome says how far its level follows them ([own] in a biome's file).
"""

from math import log10

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.animals import dark, sky_said
from ambiome_middleware.scene.map.people import crowd_share
from ambiome_middleware.scene.map.sheet import Sheet
from ambiome_middleware.tokens import PLACES


def learned(now: Conditions, sheet: Sheet) -> None:
    biome, night = now.biome, dark(now)
    wind, people = ramp(now.wind_m_s, 0.0, 12.0), crowd_share(now.hour, 0.05)
    rain = ramp(log10(max(now.rain_mm_h, 0.01)), -1.5, 1.5)
    for n in range(1, PLACES + 1):
        level, place = biome[f"place{n}.level"], f"place{n}"
        if level <= 0.0:
            sheet.put(f"{place}_level", 0.0, f"no learned place {n} in {now.place}")
            continue
        follows = biome[f"{place}.night"]
        share = mix(1.0, night if follows >= 0.0 else 1.0 - night, abs(follows))
        share *= mix(1.0, wind, biome[f"{place}.wind"]) * mix(1.0, rain, biome[f"{place}.rain"])
        share *= mix(1.0, people, biome[f"{place}.people"])
        sheet.put(
            f"{place}_level", level * share, f"{now.place}: {share:.0%} of it now; {sky_said(now)}, {now.hour:.1f} h"
        )
    sheet.put("place_density", biome["own.density"], f"{now.place}")
    sheet.put("place_distance_m", biome["own.distance_m"], f"{now.place}")
