"""Crickets and cicadas: thermometers that sing.

Crickets: Dolbear (1897), "The cricket as a thermometer", American Naturalist 31, 970–971: T(°F) = 50 + (N − 40)/4, N
chirps a minute; that is 7.2 T(°C) − 32 a minute. The carrier rises with temperature, too, by about 1 % a degree (Walker
1962, Evolution 16, 407–428). They chirp above 8 °C, most about 25 °C, from dusk on, and hardly in rain or wind.
Cicadas: need heat (a body of 20–25 °C or more) and daylight or dusk (Sanborn 1997, "Body temperature and the acoustic
behavior of the cicada", Journal of Insect Behavior 10, 257–264); their pulses quicken with a Q10 of about 2.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import bump, mix, ramp, rate_factor
from ambiome_middleware.scene.map.animals import dark, rain_hush, said, sky_said, wind_hush
from ambiome_middleware.scene.map.sheet import Sheet


def chirps_per_s(temperature_c: float) -> float:
    """Dolbear's law, chirps a second; 0 where it would fall below."""
    return max((7.2 * temperature_c - 32.0) / 60.0, 0.0)


def crickets(now: Conditions, sheet: Sheet) -> None:
    biome, rate = now.biome, chirps_per_s(now.temperature_c)
    warm = ramp(now.temperature_c, 7.0, 20.0) * (1.0 - ramp(now.temperature_c, 32.0, 42.0))
    season = now.in_season(225.0, 100.0)
    light = mix(biome["crickets.day"], 1.0, dark(now))
    there = warm * season * light * rain_hush(now, 0.2, 5.0) * wind_hush(now, 4.0, 14.0)
    is_on = sheet.gate("crickets", there, on=0.03, off=0.02)
    why = f"{now.temperature_c:.0f} °C (Dolbear: {rate:.1f} chirps/s), {sky_said(now)}, season {season:.2f}"
    sheet.put("crickets_level", biome["crickets.level"] * there if is_on else 0.0, why)
    sheet.put("crickets_rate_hz", min(max(rate, 0.3), 8.0), f"Dolbear at {now.temperature_c:.0f} °C")
    pitch = biome["crickets.pitch_hz"] * (1.0 + 0.01 * (min(max(now.temperature_c, 5.0), 40.0) - 20.0))
    sheet.put("crickets_pitch_hz", pitch, f"1 % a degree about 20 °C, at {now.temperature_c:.0f} °C")


def cicadas(now: Conditions, sheet: Sheet) -> None:
    biome, warmth = now.biome, now.temperature_c + 2.0 * (1.0 - now.cloud) * ramp(now.sun_deg, 10.0, 40.0)
    hot, season = ramp(warmth, 19.0, 29.0), now.in_season(205.0, 70.0)
    day = ramp(now.sun_deg, 5.0, 25.0)
    dusk = biome["cicadas.dusk"] * bump(now.sun_deg, -2.0, 5.0) * mix(1.0, 0.3, now.morning)
    there = hot * season * max(day, dusk) * rain_hush(now, 0.1, 2.0) * wind_hush(now, 5.0, 15.0)
    is_on = sheet.gate("cicadas", there, on=0.06, off=0.03)
    why = f"{warmth:.0f} °C in the sun (they need about 22), sun {now.sun_deg:+.0f}°, season {season:.2f}, {said(now)}"
    sheet.put("cicadas_level", biome["cicadas.level"] * there if is_on else 0.0, why)
    rate = biome["cicadas.rate_hz"] * rate_factor(min(max(now.temperature_c, 10.0), 42.0), 28.0, 2.0)
    sheet.put("cicadas_rate_hz", rate, f"Q10 of 2 about 28 °C, at {now.temperature_c:.0f} °C")
    sheet.put("cicadas_pitch_hz", biome["cicadas.pitch_hz"], f"{now.place}")
