"""Rain: how much, how large the drops, and on what they fall.

Drop sizes: Marshall & Palmer (1948), "The distribution of raindrops with size", Journal of Meteorology 5, 165–166:
N(D) = N₀ exp(−Λ D) with Λ = 4.1 R^−0.21 per mm. Half of the water falls in drops larger than D₀ = 3.67 / Λ = 0.895
R^0.21 mm (Atlas 1953), which is what the ear meets as the size of the rain. What melts on its way counts as rain (see
`conditions`); snow and hail have rules of their own.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.sheet import Sheet


def median_drop_mm(rain_mm_h: float) -> float:
    """Median volume diameter of the drops, mm, for a rain rate in mm/h (Marshall–Palmer)."""
    return float(3.67 / (4.1 * max(rain_mm_h, 0.01) ** -0.21))


def leafiness(now: Conditions) -> float:
    """Share of the leaves that are on the trees: deciduous ones come out in April and are down by November."""
    return 1.0 - now.biome["ground.deciduous"] * (1.0 - now.in_season(202.0, 105.0))


def rain(now: Conditions, sheet: Sheet) -> None:
    rate = now.rain_mm_h
    sheet.put("rain_mm_h", rate, f"{rate:.4g} mm/h arrive as drops at {now.temperature_c:.0f} °C")
    drop = min(max(median_drop_mm(rate), 0.3), 4.0)
    sheet.put("rain_drop_mm", drop, f"Marshall–Palmer: half of {rate:.4g} mm/h is in larger drops")
    convective = ramp(rate, 4.0, 40.0)
    sheet.put("shower_depth", mix(0.25, 0.6, convective), "heavy rain comes in cells, light rain is even")


def surfaces(now: Conditions, sheet: Sheet) -> None:
    """What rain, hail and snow fall on: the biome's ground, less what a roof overhead takes."""
    roof = now.enclosure.roof
    leaves = min(now.biome["ground.leaves"] * leafiness(now) + 0.6 * now.enclosure.foliage, 1.0)
    rest = 1.0 - roof
    where = f"{now.place}, {leafiness(now):.0%} of its leaves out, shelter {now.shelter}"
    sheet.put("rain_leaves", leaves * rest, f"{leaves:.0%} of the ground is under leaves: {where}")
    sheet.put("rain_ground", now.biome["ground.hard"] * rest, f"{now.biome['ground.hard']:.0%} is hard: {where}")
    sheet.put("rain_water", now.biome["ground.water"] * rest, f"{now.biome['ground.water']:.0%} is water: {where}")
    sheet.put("rain_roof", roof, f"a roof over {roof:.0%}: {where}")
