"""A café: its crockery and its counter by the hour, and by who is there.

Three busy times: breakfast and coffee before work, lunch, coffee and cake; a quieter evening, and closed at night.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import bump, hours_apart, mix, ramp
from ambiome_middleware.scene.map.sheet import Sheet


def cafe_share(hour: float, night: float) -> float:
    """Guests at an hour over those at the busiest, `night` … 1."""
    is_open = ramp(hour, 6.0, 8.0) * (1.0 - ramp(hour, 21.0, 24.0))
    busy = max(bump(hours_apart(hour, peak), 0.0, width) for peak, width in ((8.7, 1.3), (12.8, 1.5), (15.8, 1.5)))
    return mix(night, 1.0, is_open * mix(0.45, 1.0, busy))


def cafe(now: Conditions, sheet: Sheet) -> None:
    share = cafe_share(now.hour, now.biome["cafe.night"])
    why = f"{now.hour:.1f} h: {share:.0%} of the busiest hour's guests"
    sheet.put("cafe_level", now.biome["cafe.level"] * share**0.5, why)
    sheet.put("cafe_bustle", now.biome["cafe.bustle"] * mix(0.3, 1.0, share), why)
