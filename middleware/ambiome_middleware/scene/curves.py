"""Small shapes that rules are made of."""

from math import cos, exp, pi


def ramp(value: float, start: float, end: float) -> float:
    """0 at `start`, 1 at `end` and beyond, smooth between (3t² − 2t³); `start` may lie above `end`."""
    t = min(max((value - start) / (end - start), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


def bump(value: float, centre: float, width: float) -> float:
    """1 at `centre`, falling to 1/e at `width` from it (Gaussian)."""
    return exp(-(((value - centre) / width) ** 2))


def mix(low: float, high: float, share: float) -> float:
    """`low` at share 0, `high` at share 1."""
    return low + (high - low) * share


def hours_apart(hour: float, other: float) -> float:
    """Hours between two times of day, 0 … 12, the shorter way round."""
    return abs((hour - other + 12.0) % 24.0 - 12.0)


def yearly(day_of_year: float, peak_day: float) -> float:
    """A year's wave: 1 on `peak_day`, −1 half a year later."""
    return cos(2.0 * pi * (day_of_year - peak_day) / 365.0)


def rate_factor(temperature_c: float, reference_c: float, q10: float) -> float:
    """By how much a cold-blooded animal's rhythm is faster than at the reference: Q10 per ten degrees."""
    return float(q10 ** ((temperature_c - reference_c) / 10.0))
