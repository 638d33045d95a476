"""Where the sun stands, from the hour, the day and the latitude.

Declination: Cooper, P. I. (1969), "The absorption of radiation in solar stills", Solar Energy 12, 333–346,
δ = 23.45° · sin(360° · (284 + n) / 365), good to half a degree. Altitude: spherical astronomy,
sin h = sin φ · sin δ + cos φ · cos δ · cos H, with the hour angle H = 15° · (hour − 12) of local solar time.
"""

from math import asin, cos, degrees, radians, sin


def declination_deg(day_of_year: float) -> float:
    """Declination of the sun, −23.45 … 23.45 degrees, on a day 1 … 366 (fractions allowed)."""
    return 23.45 * sin(radians(360.0 * (284.0 + day_of_year) / 365.0))


def altitude_deg(hour: float, day_of_year: float, latitude_deg: float) -> float:
    """Altitude of the sun's centre over the horizon, −90 … 90 degrees, at an hour 0 … 24 of local solar time."""
    declination, latitude = radians(declination_deg(day_of_year)), radians(latitude_deg)
    hour_angle = radians(15.0 * (hour - 12.0))
    height = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour_angle)
    return degrees(asin(min(max(height, -1.0), 1.0)))
