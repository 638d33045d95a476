"""Formulas of the air: humidity from the dew point, fog from visibility, wind from a force and from a vector."""

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, degrees, exp, hypot, log
from typing import Final

FOG_BY_METRES: Final = ((50.0, 1.0), (200.0, 0.85), (1_000.0, 0.5), (5_000.0, 0.12), (10_000.0, 0.0))
"""(visibility in m, fog 0 … 1). Fog is a visibility under 1 km, mist one of 1–5 km (WMO-No. 49, annex 3), dense fog one
under 50 m."""

GALE_M_S: Final = 18.9
"""Beaufort 8, where games have their "strongest wind"."""
DUST_M_S: Final = 17.0
"""Wind of a dust storm: dust rises from 6–8 m/s on, storms of it blow at Beaufort 7–8."""

RAIN_DIAL: Final = ((0.0, 0.0), (0.15, 0.7), (0.3, 2.0), (0.6, 7.0), (0.8, 15.0), (1.0, 35.0))
"""(a game's rain 0 … 1, mm/h): its "soft" rain (0.3) is light, its "mid" (0.6) moderate, its "hard" (1) heavy by the
classes in `rates`."""
SNOW_DIAL: Final = ((0.0, 0.0), (0.3, 0.5), (0.6, 2.2), (1.0, 7.0))
"""(a game's snow 0 … 1, mm/h of water), likewise."""


def humidity(temperature_c: float, dew_point_c: float) -> float:
    """Relative humidity 0 … 1 by Magnus' formula, e = 6.112 hPa · exp(17.62 t / (243.12 + t)) (WMO-No. 8)."""

    def exponent(celsius: float) -> float:
        return 17.62 * celsius / (243.12 + celsius)

    return min(max(exp(exponent(dew_point_c) - exponent(temperature_c)), 0.0), 1.0)


def fog(visibility_m: float) -> float:
    """Fog 0 … 1 for a visibility in m, between the points of `FOG_BY_METRES` by the logarithm of the visibility."""
    points = [(log(metres), share) for metres, share in FOG_BY_METRES]
    return between(points, log(max(visibility_m, 1.0)))


def beaufort_m_s(share: float) -> float:
    """Wind in m/s for a dial of 0 … 1 that goes from calm to Beaufort 8: u = 0.836 · B^1.5 (WMO-No. 8)."""
    return float(0.836 * (8.0 * share) ** 1.5)


def wind_of(north_m_s: float, east_m_s: float) -> tuple[float, float | None]:
    """(speed, where it comes from in degrees; None in a calm) of air that moves north and east so fast."""
    speed = hypot(north_m_s, east_m_s)
    return speed, degrees(atan2(-east_m_s, -north_m_s)) % 360.0 if speed > 0.05 else None


def between(points: Sequence[tuple[float, float]], x: float) -> float:
    """The value at `x` on the line through `points`, which ascend; beyond its ends, that of the end."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]
