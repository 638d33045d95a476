"""How wet everything is, where the game does not say: rain wets, and time, wind and sun dry.

Wetting: surfaces hold about 0.5 mm (interception storage of foliage and pavement: Rutter et al. 1971, Agricultural
Meteorology 9, 367–384; 0.2–1.5 mm), so the time constant is 0.5 mm over the rate. Drying: WETNESS_DRY_S in calm, cool
shade, shorter with wind, sun and dry air (an evaporation's usual dependencies, after Penman 1948).
"""

from math import exp
from typing import Final

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp

WETNESS_DRY_S: Final = 2_400.0
"""Time constant of drying without wind and sun, seconds of the world."""
_STORAGE_MM: Final = 0.5


def wetter(now: Conditions, seconds: float) -> float:
    """Wetness 0 … 1 after `seconds` of these conditions; `now.wetness` before."""
    fall_mm_h = now.rain_mm_h + now.hail_mm_h
    wetting = fall_mm_h / 3_600.0 / _STORAGE_MM
    drying = 0.0 if fall_mm_h > 0.05 else drying_per_s(now)
    total = wetting + drying
    if total <= 0.0:
        return now.wetness
    towards = wetting / total
    return towards + (now.wetness - towards) * exp(-seconds * total)


def drying_per_s(now: Conditions) -> float:
    """One over the time constant with which everything dries, 1/s."""
    sun = ramp(now.sun_deg, 0.0, 45.0) * (1.0 - 0.7 * now.cloud)
    frost = 0.2 if now.temperature_c < 0.0 else 1.0
    return (1.0 + 0.15 * now.wind_m_s) * (1.0 + 2.0 * sun) * (1.2 - now.humidity) * frost / WETNESS_DRY_S
