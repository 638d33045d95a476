"""Traffic and crowds, by the hour.

Traffic: two rush hours, a lower noon and a dead night, the usual weekday profile (Transportation Research Board,
Highway Capacity Manual, ch. 5). Crowds: shoppers and workers at noon and in the early evening; rain and cold empty
the street.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import bump, hours_apart, mix, ramp
from ambiome_middleware.scene.map.sheet import Sheet


def traffic_share(hour: float, night: float) -> float:
    """Vehicles at an hour over those at the busiest, `night` … 1."""
    day = ramp(hour, 5.0, 8.0) * (1.0 - ramp(hour, 19.0, 24.0))
    rush = max(bump(hours_apart(hour, 8.0), 0.0, 1.5), bump(hours_apart(hour, 17.5), 0.0, 1.8))
    evening = 0.4 * bump(hours_apart(hour, 21.0), 0.0, 2.5)
    return mix(night, 1.0, max(0.62 * day, rush, evening))


def crowd_share(hour: float, night: float) -> float:
    """People at an hour over those at the busiest, `night` … 1."""
    noon = bump(hours_apart(hour, 12.8), 0.0, 3.0)
    evening = bump(hours_apart(hour, 18.5), 0.0, 3.0)
    return mix(night, 1.0, max(noon, evening))


def traffic(now: Conditions, sheet: Sheet) -> None:
    biome, share = now.biome, traffic_share(now.hour, now.biome["traffic.night"])
    snow = 1.0 - 0.6 * ramp(now.snow_mm_h, 0.5, 5.0)
    why = f"{now.hour:.1f} h: {share:.0%} of the busiest hour's, snow leaves {snow:.0%}"
    sheet.put("traffic_per_min", biome["traffic.per_min"] * share * snow, why)
    slow = 1.0 - 0.15 * now.wetness - 0.3 * now.fog - 0.4 * (1.0 - snow)
    free = 1.0 + 0.15 * (1.0 - share)
    sheet.put("traffic_m_s", biome["traffic.m_s"] * slow * free, "slower when wet, foggy or snowy, faster when empty")
    sheet.put("traffic_wet", now.wetness, f"wetness {now.wetness:.2f}")


def crowd(now: Conditions, sheet: Sheet) -> None:
    biome, share = now.biome, crowd_share(now.hour, now.biome["crowd.night"])
    driven = 0.85 * ramp(now.wet_mm_h, 0.2, 8.0) + 0.4 * ramp(now.temperature_c, 3.0, -10.0)
    stay = 1.0 - min(driven, 0.9) * (1.0 - biome["crowd.indoors"])
    why = f"{now.hour:.1f} h: {share:.0%} of the busiest hour's, rain and cold leave {stay:.0%}"
    people = biome["crowd.people"] * share * stay
    is_there = sheet.gate("crowd", people, on=1.0, off=0.6)
    sheet.put("crowd_people", max(people, 1.0) if is_there else 0.0, why)
    lively = min(biome["crowd.excitement"] + 0.2 * bump(hours_apart(now.hour, 21.0), 0.0, 3.0), 1.0)
    sheet.put("crowd_excitement", lively, f"{now.hour:.1f} h in {now.place}")
    sheet.put("crowd_distance_m", biome["crowd.distance_m"], f"{now.place}")
    sheet.put("crowd_within", biome["crowd.indoors"], f"{now.place}: under the listener's roof")
