"""Hail: how much falls, and how large its stones are.

Sizes: N(D) = N₀ exp(−Λ D) with N₀ = 115 Λ^3.63 (per m³ and mm, Λ per mm; Cheng & English 1983, "A relationship between
hailstone concentration and size", Journal of the Atmospheric Sciences 40, 204–213). With stones of 0.9 g/cm³ falling at
11.45 m/s times the root of their diameter in cm, the rate is 8.2 Λ^−0.87 mm/h as water, and half of it is in stones
larger than 3.67 / Λ. Stones are called hail from 5 mm on; smaller pellets lie between them.
"""

from math import hypot
from typing import Final

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.map.sheet import Sheet

_LEAST_MM: Final = 4.0


def median_stone_mm(hail_mm_h: float) -> float:
    """Median diameter by mass, 4 … 50 mm, of the stones of a hail rate in mm/h as water."""
    slope_per_mm = (8.2 / max(hail_mm_h, 0.01)) ** (1.0 / 0.87)
    return min(hypot(_LEAST_MM, 3.67 / slope_per_mm), 50.0)


def hail(now: Conditions, sheet: Sheet) -> None:
    rate, stone = now.hail_mm_h, median_stone_mm(now.hail_mm_h)
    sheet.put("hail_mm_h", rate, f"{rate:g} mm/h of hail, as water")
    sheet.put("hail_mm", stone, f"Cheng & English: half of {rate:g} mm/h is in stones larger than {stone:.0f} mm")
