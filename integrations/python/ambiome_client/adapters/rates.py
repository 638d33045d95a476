"""From words to millimetres an hour: how much falls when a report says "light", "moderate" or "heavy".

The classes are those of WMO-No. 8 (Guide to Instruments and Methods of Observation, volume I, chapter 14, annex:
criteria for light, moderate and heavy precipitation intensity): drizzle < 0.1, 0.1–0.5, ≥ 0.5 mm/h; rain and its
showers < 2.5, 2.5–10, 10–50, violent ≥ 50 mm/h; snow < 1, 1–5, ≥ 5 mm/h of water; freezing rain as rain, hail as rain,
ice pellets as snow. (The AMS Glossary of Meteorology draws the last line of rain at 7.6 mm/h.) A class stands for
about the geometric mean of its ends.
"""

from collections.abc import Sequence
from typing import Final, Literal

Kind = Literal["drizzle", "rain", "snow", "grains", "hail", "pellets"]
Strength = Literal["light", "moderate", "heavy", "violent"]
Fall = tuple[Kind, Strength]

RATES_MM_H: Final[dict[Kind, dict[Strength, float]]] = {
    "drizzle": {"light": 0.06, "moderate": 0.22, "heavy": 0.7, "violent": 1.0},
    "rain":    {"light": 1.0, "moderate": 5.0, "heavy": 22.0, "violent": 70.0},
    "snow":    {"light": 0.5, "moderate": 2.2, "heavy": 7.0, "violent": 12.0},
    "grains":  {"light": 0.1, "moderate": 0.3, "heavy": 0.7, "violent": 1.0},
    "hail":    {"light": 1.0, "moderate": 5.0, "heavy": 22.0, "violent": 70.0},
    "pellets": {"light": 0.5, "moderate": 2.2, "heavy": 7.0, "violent": 12.0},
}  # fmt: skip
"""mm/h of water. Snow grains are to snow as drizzle is to rain."""

FIELDS: Final[dict[Kind, str]] = {
    "drizzle": "rain_mm_h",
    "rain": "rain_mm_h",
    "snow": "snow_mm_h",
    "grains": "snow_mm_h",
    "hail": "hail_mm_h",
    "pellets": "hail_mm_h",
}
"""The field of a world that a kind falls into: ice pellets bounce like hail."""

SHARES: Final = ((1.0,), (0.7, 0.3), (0.6, 0.25, 0.15))
"""What each of one, two or three kinds has of a mixture; reports name the one that prevails first."""


def falls_mm_h(falls: Sequence[Fall]) -> dict[str, float]:
    """The three rates of a mixture by field, the prevailing kind first; what is beyond three is lost."""
    rates = {"rain_mm_h": 0.0, "snow_mm_h": 0.0, "hail_mm_h": 0.0}
    shares = SHARES[min(len(falls), len(SHARES)) - 1] if falls else ()
    for share, (kind, strength) in zip(shares, falls, strict=False):
        rates[FIELDS[kind]] += share * RATES_MM_H[kind][strength]
    return rates
