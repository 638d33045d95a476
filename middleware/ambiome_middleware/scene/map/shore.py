"""A lake's shore: the waves that the wind raises over the lake, by the same laws as the sea (`water.wind_sea`).

A lake is never quite still: without wind, some centimetres are left of older waves. It freezes in lasting frost.
"""

from math import hypot
from typing import Final

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.map.sheet import Sheet
from ambiome_middleware.scene.map.water import wind_sea

_REST_M: Final = 0.03


def shore(now: Conditions, sheet: Sheet) -> None:
    biome, fetch_km = now.biome, now.biome["shore.fetch_km"]
    height_m, period_s = wind_sea(now.wind_m_s, fetch_km)
    open_water = ramp(now.temperature_c, -12.0, -4.0)
    height = hypot(height_m, _REST_M) * biome["shore.exposure"] * open_water
    why = (
        f"{now.wind_m_s:.1f} m/s over {fetch_km:.3g} km of lake raise {height_m:.2f} m every {period_s:.1f} s (JONSWAP)"
    )
    sheet.put("shore_height_m", height, f"{why}, {open_water:.0%} free of ice, exposure {biome['shore.exposure']:.2f}")
    sheet.put("shore_stones", biome["shore.stones"], f"{now.place}")
    sheet.put("shore_distance_m", biome["shore.distance_m"], f"{now.place}")
