"""Livestock: a cock before sunrise, the herd by day and most about its ends, a dog in the night.

Cattle graze, move and so call from sunrise to sunset, most of all at both ends of the day, and lie down in the dark
(Kilgour 2012, "In pursuit of 'normal': a review of the behaviour of cattle at pasture", Appl. Anim. Behav. Sci. 138,
1–11); milking and feeding fall there too. Cocks begin some two hours before sunrise, by their own clock (Shimmura &
Yoshimura 2013, "Circadian clock determines the timing of rooster crowing", Current Biology 23, R231–R233). In rain,
wind and cold the animals stand under cover and are silent: a judgement, as are the shares of day and night.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import bump, mix, ramp
from ambiome_middleware.scene.map.animals import dark, rain_hush, said, wind_hush
from ambiome_middleware.scene.map.sheet import Sheet

_NIGHT, _NOON = 0.08, 0.55


def livestock(now: Conditions, sheet: Sheet) -> None:
    crowing = now.morning * bump(now.sun_deg, -4.0, 7.0)
    day = mix(_NIGHT, mix(1.0, _NOON, ramp(now.sun_deg, 12.0, 35.0)), ramp(now.sun_deg, -5.0, 3.0))
    out = mix(0.4, 1.0, ramp(now.temperature_c, -6.0, 6.0))
    there = max(day, 0.6 * crowing) * rain_hush(now, 0.5, 12.0) * wind_hush(now, 6.0, 20.0) * out
    is_on = sheet.gate("livestock", there, on=0.03, off=0.02)
    why = f"sun {now.sun_deg:+.0f}°, {said(now)}"
    sheet.put("livestock_activity", now.biome["livestock.activity"] * there if is_on else 0.0, why)
    yard = mix(now.biome["livestock.yard"], 1.0, dark(now))
    sheet.put("livestock_yard", yard, f"{now.place}; at night what is about is in the yard")
    light = ramp(now.sun_deg, -2.0, 5.0)
    sheet.put("livestock_crowing", max(crowing, 0.25 * light, 0.03), f"sun {now.sun_deg:+.0f}°, before sunrise 1")
    sheet.put("livestock_distance_m", now.biome["livestock.distance_m"], f"{now.place}")
