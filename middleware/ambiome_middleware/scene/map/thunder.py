"""Thunder: how often, how far, and how long the land throws it back.

The storm's lightnings are chosen in `chance`; each is heard distance / 343 s later (`events`) and rolls on for as long
as its channel is (`rumbles`). Thunder is seldom heard beyond 25 km (Fleagle 1949, "The audibility of thunder", JASA
21, 411–412).
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp
from ambiome_middleware.scene.map.sheet import Sheet


def thunder(now: Conditions, sheet: Sheet) -> None:
    rate, distance = now.thunder_per_min, now.thunder_km
    sheet.put("lightning_per_min", rate, f"{rate:g} lightnings a minute")
    sheet.put("lightning_km", distance, f"the storm is {distance:g} km away" if rate > 0 else "no storm")
    high = 0.4 * ramp(now.altitude_m, 800.0, 2_500.0)
    roll = min(mix(now.biome["thunder.roll"], 1.0, high), 1.0)
    sheet.put("thunder_roll", roll, f"terrain of {now.place}, {now.altitude_m:.0f} m high")
