"""What happens by itself now and then: branches that break in a storm, fish that jump when all is quiet.

Twigs break from Beaufort 8, branches from 9 (WMO-No. 8); the rate grows with the wind's pressure, as its square.
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.map.animals import rain_hush, wind_hush
from ambiome_middleware.scene.map.sheet import Sheet
from ambiome_middleware.scene.map.wind import beaufort


def chance(now: Conditions, sheet: Sheet) -> None:
    wood, force = now.biome["events.branches"], beaufort(max(now.wind_m_s, now.gust_m_s or 0.0))
    rate = 4.0 * wood * ramp(force, 6.5, 10.0) * (now.wind_m_s / 20.0) ** 2
    sheet.put("branches_per_min", rate, f"Beaufort {force:.1f} in {now.place} (twigs break from 8)")
    calm = rain_hush(now, 0.2, 3.0) * wind_hush(now, 2.0, 8.0) * ramp(now.temperature_c, 2.0, 12.0)
    sheet.put("splashes_per_min", now.biome["events.splashes_per_min"] * calm, f"fish jump in still water; {now.place}")
