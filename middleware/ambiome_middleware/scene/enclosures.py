"""What stands between the listener and the outside: one row per shelter, and how two rows blend.

Absorption and reverberation are of the usual order for such places: small furnished rooms 0.4–0.6 s, large halls 2 s,
limestone caves 3–4 s (Kuttruff, Room Acoustics, 6th ed., chapters 5 and 9); insulation of façades with closed windows
25–30 dB, a tent's fabric 1–3 dB, a car 20–30 dB, falling with frequency, here a share and a low-pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import exp, log
from typing import Final


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One shelter. `openness` where the game gives none; the closed values hold at openness 0."""

    openness: float
    closed_cutoff_hz: float
    rt60_s: float
    """Reverberation when closed; 0: the biome's own."""
    late_db: float
    roof: float
    """Share of the rain overhead that falls on its roof."""
    wind: float
    """Share of the wind that reaches the listener."""
    foliage: float
    """Foliage that it adds."""
    whistle: float
    """Gaps that whistle."""
    room_level: float
    room_hum: float
    room_size: float
    drips_per_s: float
    machinery_level: float
    """Engine or fans of its own."""
    machinery_speed: float
    water: float = 0.0
    """How far the listener is under water."""


ENCLOSURES: Final[Mapping[str, Enclosure]] = {
    #                      open  cutoff   rt60  late  roof  wind  foli  whis  room  hum   size  drips machinery
    "open":       Enclosure(1.0,   400.0, 0.0, -60.0, 0.00, 1.00, 0.00, 0.00, 0.00, 0.00, 0.40, 0.0, 0.00, 0.50),
    "canopy":     Enclosure(1.0,   400.0, 0.5, -20.0, 0.00, 0.60, 0.40, 0.00, 0.00, 0.00, 0.40, 0.0, 0.00, 0.50),
    "street":     Enclosure(1.0,   400.0, 1.3, -14.0, 0.00, 0.75, 0.00, 0.10, 0.00, 0.00, 0.40, 0.0, 0.00, 0.50),
    "courtyard":  Enclosure(1.0,   400.0, 1.7,  -9.0, 0.05, 0.50, 0.00, 0.00, 0.00, 0.00, 0.40, 0.0, 0.00, 0.50),
    "tent":       Enclosure(0.65, 1500.0, 0.2, -24.0, 0.85, 0.50, 0.00, 0.00, 0.02, 0.00, 0.10, 0.0, 0.00, 0.50),
    "vehicle":    Enclosure(0.12,  450.0, 0.1, -26.0, 0.80, 0.60, 0.00, 0.10, 0.25, 0.60, 0.10, 0.0, 0.35, 0.30),
    "room":       Enclosure(0.12,  500.0, 0.5, -10.0, 0.35, 0.45, 0.00, 0.15, 0.15, 0.35, 0.35, 0.0, 0.00, 0.50),
    "hall":       Enclosure(0.08,  400.0, 2.2,  -3.0, 0.45, 0.40, 0.00, 0.10, 0.20, 0.30, 0.80, 0.0, 0.08, 0.85),
    "cave":       Enclosure(0.06,  300.0, 3.6,   0.0, 0.00, 0.25, 0.00, 0.05, 0.12, 0.00, 0.95, 1.2, 0.00, 0.50),
    "underwater": Enclosure(0.25,  350.0, 0.8, -12.0, 0.00, 0.00, 0.00, 0.00, 0.10, 0.00, 0.90, 0.0, 0.00, 0.50, 1.0),
}  # fmt: skip
"""All of the protocol's shelters, and "underwater", which only a biome may be."""

_LOG: Final = ("closed_cutoff_hz",)
_DB: Final = ("late_db",)


def blend_enclosures(weights: Mapping[str, float]) -> Enclosure:
    """Shelters blended by weight (summing to 1): cutoffs by octaves, reverberant levels by power, the rest linearly."""
    if len(weights) == 1:
        return ENCLOSURES[next(iter(weights))]
    rows = [(weight, ENCLOSURES[name]) for name, weight in weights.items()]
    values: dict[str, float] = {}
    for name in (field.name for field in fields(Enclosure)):
        pairs = [(weight, getattr(row, name)) for weight, row in rows]
        if name in _LOG:
            values[name] = exp(sum(weight * log(value) for weight, value in pairs))
        elif name in _DB:
            values[name] = 10.0 * log(sum(weight * 10.0 ** (value / 10.0) for weight, value in pairs)) / log(10.0)
        else:
            values[name] = sum(weight * value for weight, value in pairs)
    return Enclosure(**values)
