"""Wind: its speed where the listener stands, its roughness, and what it finds to sound on.

Profile: the logarithmic wind profile, u(z) = u(10 m) · ln(z/z₀) / ln(10 m/z₀) (Monin & Obukhov 1954; Stull 1988, An
Introduction to Boundary Layer Meteorology, ch. 9), at ear height in the open and in the crowns where there is
foliage. Turbulence intensity 1 / ln(10 m/z₀), as in EN 1991-1-4 (4.4). Force and signs on land: the Beaufort scale, u
= 0.836 B^1.5 m/s (WMO-No. 8; "whistling heard in telegraph wires" is its force 6).
"""

from math import log

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.rain import leafiness
from ambiome_middleware.scene.map.sheet import Sheet

_SIGNS = (
    "calm", "smoke drifts", "wind felt on the face", "leaves in motion", "small branches move", "small trees sway",
    "wires whistle", "whole trees in motion", "twigs break", "tiles fly", "trees uprooted", "damage", "devastation",
)  # fmt: skip


def beaufort(wind_m_s: float) -> float:
    """Force on the Beaufort scale, 0 … 12 and fractions."""
    return float(min((max(wind_m_s, 0.0) / 0.836) ** (2.0 / 3.0), 12.0))


def ear_share(roughness_m: float) -> float:
    """The wind at 2 m over the wind at 10 m (log profile); 0.4 or more, for between walls it is heard from above."""
    return max(log(2.0 / roughness_m) / log(10.0 / roughness_m), 0.4) if roughness_m < 2.0 else 0.4


def turbulence_intensity(roughness_m: float) -> float:
    """Standard deviation of the wind over its mean, at 10 m."""
    return 1.0 / log(10.0 / min(roughness_m, 3.0))


def wind(now: Conditions, sheet: Sheet) -> None:
    rough = now.biome["ground.roughness_m"]
    foliage = min(now.biome["wind.foliage"] + now.enclosure.foliage, 1.0)
    share = mix(ear_share(rough), 1.0, foliage) * now.enclosure.wind
    speed = now.wind_m_s * share
    force = beaufort(now.wind_m_s)
    said = f"{now.wind_m_s:.1f} m/s at 10 m (Beaufort {force:.0f}: {_SIGNS[round(force)]})"
    sheet.put("wind_m_s", speed, f"{said}, {share:.0%} of it where it is heard, shelter {now.shelter}")
    leaves = leafiness(now)
    sheet.put("wind_trees", foliage * mix(0.35, 1.0, leaves), f"foliage {foliage:.2f}, {leaves:.0%} of the leaves out")
    edges = min(now.biome["wind.whistle"] + now.enclosure.whistle, 1.0)
    sheet.put("wind_whistle", edges * ramp(force, 4.0, 7.5), f"edges {edges:.2f}, Beaufort {force:.1f} (wires from 6)")
    _gusts(now, sheet, turbulence_intensity(rough))


def loose_ground(now: Conditions, sheet: Sheet) -> None:
    """What the wind finds on the ground: dry leaves, most in November; dry sand. Both under the snow, if it lies."""
    bare = 1.0 - now.snow_cover
    fallen = mix(0.2, 1.0, now.in_season(325.0, 85.0, now.biome["ground.deciduous"]))
    crisp = 1.0 - 0.85 * now.wetness
    why = f"{fallen:.0%} of the year's leaves on the ground, wetness {now.wetness:.2f}, {bare:.0%} free of snow"
    sheet.put("wind_litter", now.biome["ground.litter"] * fallen * crisp * bare, why)
    dry = 1.0 - ramp(now.wetness, 0.05, 0.5)
    why = f"{now.place}, {dry:.0%} of its sand dry (wetness {now.wetness:.2f}), {bare:.0%} free of snow"
    sheet.put("wind_sand", now.biome["ground.sand"] * dry * bare, why)


def _gusts(now: Conditions, sheet: Sheet, intensity: float) -> None:
    sun = 0.08 * ramp(now.sun_deg, 10.0, 50.0) * (1.0 - now.cloud)
    rough = ramp(intensity + sun, 0.05, 0.5)
    sheet.put("wind_turbulence", rough, f"turbulence intensity {intensity:.2f}, {sun:.2f} more by the sun's heat")
    if now.gust_m_s is None or now.wind_m_s <= 0:
        share, because = min(intensity + sun, 0.45), "from the turbulence"
    else:
        share = max(now.gust_m_s - now.wind_m_s, 0.0) / (2.5 * now.wind_m_s)
        because = f"gusts of {now.gust_m_s:g} m/s are 2.5 standard deviations above the mean"
    sheet.put("gust_share", min(share, 1.5), because)
