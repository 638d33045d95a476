"""The sun's time: from an altitude to the hour, and from the clock of the world to local solar time."""

from datetime import datetime, timedelta
from math import acos, cos, degrees, radians, sin

MIDSUMMER = 172
"""The day of the year that a server takes where none is told."""


def hour_of_sun(altitude_deg: float, day_of_year: int, latitude_deg: float, is_morning: bool) -> float:
    """Local solar time 0 … 24 at which the sun stands so high: before noon or after.

    The inverse of sin h = sin φ sin δ + cos φ cos δ cos H with δ = 23.45° · sin(360° · (284 + n)/365) (Cooper 1969). A
    sun that stands higher or lower than it comes on that day gives noon or midnight.
    """
    declination = radians(23.45 * sin(radians(360.0 * (284.0 + day_of_year) / 365.0)))
    latitude = radians(latitude_deg)
    across = cos(latitude) * cos(declination)
    if across < 1e-9:
        return 12.0
    cosine = (sin(radians(altitude_deg)) - sin(latitude) * sin(declination)) / across
    hours = degrees(acos(min(max(cosine, -1.0), 1.0))) / 15.0
    return 12.0 - hours if is_morning else (12.0 + hours) % 24.0


def solar(when: datetime, longitude_deg: float) -> tuple[float, int]:
    """(hour 0 … 24, day of the year) in mean local solar time of a time in UTC, good to a quarter of an hour."""
    local = when + timedelta(hours=longitude_deg / 15.0)
    return hour_of(local), local.timetuple().tm_yday


def hour_of(when: datetime) -> float:
    """The hour of a time of day, 0 … 24, with its fraction."""
    return when.hour + when.minute / 60.0 + when.second / 3_600.0
