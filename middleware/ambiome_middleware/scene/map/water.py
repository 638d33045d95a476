"""Water that flows and water that breaks.

Streams and rivers: the biome's, fuller after rain (small catchments answer within the hour) and quieter under ice.
Surf: the sea raised by the wind over a fetch, H = 0.0016 (g F/U²)^½ U²/g and T = 0.286 (g F/U²)^⅓ U/g (JONSWAP:
Hasselmann et al. 1973, Deutsche Hydrographische Zeitschrift A8 no. 12), not above the fully grown sea, H = 0.24 U²/g
and T = 7.1 U/g (Pierson & Moskowitz 1964), added in power to the swell from far away.
Under water: the noise of the surface rises by 5 dB as the wind doubles, from 2.5 knots on (Wenz 1962, Journal of the
Acoustical Society of America 34, 1936–1956).
"""

from math import hypot, sqrt

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.sheet import Sheet

_G = 9.81
_CALM_M_S = 1.3
_GALE_M_S = 20.0
_WENZ = 0.83
"""Of the pressure: 20 dB · 0.83 · log₁₀ 2 = 5 dB."""


def wind_sea(wind_m_s: float, fetch_km: float) -> tuple[float, float]:
    """(significant height in m, peak period in s) of the waves that a wind raises over a fetch."""
    if wind_m_s < 0.1:
        return 0.0, 1.0
    fetch = _G * fetch_km * 1_000.0 / wind_m_s**2
    height = min(0.0016 * sqrt(fetch), 0.24) * wind_m_s**2 / _G
    period = min(0.286 * fetch ** (1.0 / 3.0), 7.1) * wind_m_s / _G
    return height, max(period, 1.0)


def swelling(now: Conditions) -> tuple[float, str]:
    """How much fuller than usual running water is, ½ … 1.6, and why."""
    ice = ramp(now.temperature_c, -3.0, -18.0)
    full = (1.0 + 0.6 * now.wetness * ramp(now.rain_mm_h + 4.0 * now.wetness, 1.0, 15.0)) * (1.0 - 0.6 * ice)
    return full, f"{now.place}, wetness {now.wetness:.2f}, {now.temperature_c:.0f} °C: {full:.2f} of its usual flow"


def running(now: Conditions, sheet: Sheet) -> None:
    biome = now.biome
    full, why = swelling(now)
    sheet.put("stream_level", min(biome["stream.level"] * full, 1.0), why)
    sheet.put("stream_size", min(biome["stream.size"] * mix(0.6, 1.0, min(full, 1.0)) * max(full, 1.0), 1.0), why)
    sheet.put("stream_babble", biome["stream.babble"] / max(full, 1.0), f"{why}: more rush when full")
    sheet.put("river_level", min(biome["river.level"] * full, 1.0), why)
    sheet.put("river_size", biome["river.size"], f"{now.place}")
    sheet.put("river_rapids", min(biome["river.rapids"] * max(full, 1.0), 1.0), why)


def under_water(now: Conditions, sheet: Sheet) -> None:
    share = now.enclosure.water
    stirred = min((hypot(now.wind_m_s, _CALM_M_S) / _GALE_M_S) ** _WENZ, 1.0)
    why = f"shelter {now.shelter}: {share:.0%} under water, {now.wind_m_s:.1f} m/s above it (Wenz)"
    sheet.put("under_water", share * stirred, why)


def surf(now: Conditions, sheet: Sheet) -> None:
    biome, exposure = now.biome, now.biome["surf.exposure"]
    sea_m, sea_s = wind_sea(now.wind_m_s, biome["surf.fetch_km"])
    swell_m, swell_s = biome["surf.swell_m"], biome["surf.swell_s"]
    height = sqrt(sea_m**2 + swell_m**2)
    share = sea_m**2 / height**2 if height > 0 else 1.0
    why = f"{now.wind_m_s:.1f} m/s over {biome['surf.fetch_km']:.3g} km raise {sea_m:.2f} m, swell {swell_m:.2f} m"
    sheet.put("surf_height_m", height * exposure, f"{why}, exposure {exposure:.2f}")
    sheet.put("wave_period_s", min(max(mix(swell_s, sea_s, share), 1.8), 18.0), f"{why}: {share:.0%} wind sea")
    sheet.put("surf_distance_m", biome["surf.distance_m"], f"{now.place}")
