"""Owls: in the dark, most in autumn when they take their territories and in late winter when they pair.

Rain costs a hooting owl nine tenths of its reach, and it falls silent (Lengagne & Slater 2002, "The effects of rain on
acoustic communication: tawny owls have good reason for calling less in wet weather", Proc. R. Soc. B 269, 2121–2125).
Seasons: Hirons 1976 and Redpath 1994 for Strix aluco: peaks in October–November and February–March.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.animals import rain_hush, said, wind_hush
from ambiome_middleware.scene.map.sheet import Sheet


def owl(now: Conditions, sheet: Sheet) -> None:
    night = ramp(now.sun_deg, -3.0, -10.0)
    season = mix(0.3, 1.0, max(now.in_season(300.0, 60.0), now.in_season(60.0, 50.0)))
    weather = rain_hush(now, 0.1, 2.0) * wind_hush(now, 3.0, 10.0) * ramp(now.temperature_c, -20.0, -5.0)
    there = night * season * weather
    is_on = sheet.gate("owl", there, on=0.05, off=0.03)
    why = f"sun {now.sun_deg:+.0f}° (dark from −6°), season {season:.2f}, {said(now)}"
    sheet.put("owl_activity", now.biome["owl.activity"] * there if is_on else 0.0, why)
    sheet.put("owl_pitch_hz", now.biome["owl.pitch_hz"], f"{now.place}")
    sheet.put("owl_distance_m", now.biome["owl.distance_m"], f"{now.place}")
