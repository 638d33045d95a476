"""How much of the snow that has fallen in a session lies.

A few centimetres cover the ground, 2 mm as water; above freezing they melt by 4 mm of water a day and degree (the
degree-day method: Hock 2003, "Temperature index melt modelling in mountain areas", Journal of Hydrology 282, 104–115;
2–7 mm), and what falls then hardly stays.
"""

from math import exp
from typing import Final

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp

_COVER_MM: Final = 2.0
_MELT_MM_PER_DAY_K: Final = 4.0
_DAY_S: Final = 86_400.0


def snowier(now: Conditions, seconds: float) -> float:
    """The fallen snow, 0 … 1, after `seconds` of these conditions; `now.fallen_snow` before."""
    laying = now.snow_mm_h * ramp(now.temperature_c, 2.0, 0.0) / 3_600.0 / _COVER_MM
    melting = _MELT_MM_PER_DAY_K * max(now.temperature_c, 0.0) / _DAY_S / _COVER_MM
    total = laying + melting
    if total <= 0.0:
        return now.fallen_snow
    towards = laying / total
    return towards + (now.fallen_snow - towards) * exp(-seconds * total)
