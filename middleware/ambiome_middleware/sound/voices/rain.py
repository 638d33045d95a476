"""Rain: on leaves, on hard ground, on water, on a roof or tent.

The bed is the rain far off, the grains the drops near by. Level: about 45 dB(A) at 1 mm/h and 14 dB more per decade
of rain rate (40 in drizzle, 50–55 in moderate rain, 65–70 in a cloudburst of 50 mm/h); a light roof overhead stands
some 6 dB above that. Drops: bubbles sound at Minnaert's pitch, 3.26 m·Hz / radius; drops below 1.1 mm trap their
bubble regularly and ring near 9–14 kHz, large ones irregularly and far lower (Pumphrey & Crum 1989; Prosperetti &
Oguz 1993). Impacts on leaves and stone are bursts of a millisecond or two; a sheet answers with its own modes, and
a heavy drop with a thump.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Layer, Patch, Swell, Table, by
from ambiome_middleware.sound.voices.shapes import (
    WIDE,
    level,
    octaves_from,
    rise_and_fall,
    share,
    spectrum,
    sweep,
    together,
)

MEDIAN_DROP_MM: Final = 1.2

RAIN_DB: Final = by("rain_mm_h", lambda r: 45.0 + 14.0 * np.log10(r))
DROP_DB: Final = by("rain_drop_mm", lambda d: 4.0 * np.log2(d / MEDIAN_DROP_MM))
HEAVIER_IS_DARKER: Final = by(
    "rain_mm_h", lambda r: -0.45 * np.log10(np.maximum(r, 0.05) / 4.0)[:, None] * octaves_from(2_000, 150)
)
LARGER_IS_DARKER: Final = by(
    "rain_drop_mm", lambda d: -1.1 * np.log2(d / MEDIAN_DROP_MM)[:, None] * octaves_from(2_500, 150)
)
DROPS_PER_S: Final = by("rain_mm_h", lambda r: 26.0 * r**0.55)
"""Drops near enough to be heard singly: 18 a second in drizzle (0.5 mm/h), 220 in a cloudburst (50 mm/h)."""
NEAR_DB: Final = by(
    "rain_mm_h", lambda r: 7.0 * np.log10(np.minimum(r, 4.0)) + 4.0 * np.log10(np.maximum(r / 4.0, 1.0))
)
"""More rain is more drops, not louder ones: above some 4 mm/h the single drop drowns in the many."""
ON_SHEET_DB: Final = by("rain_mm_h", lambda r: 7.0 * np.log10(r))
"""On a roof or tent overhead they go on standing out, since all of them fall close by."""
NEAR_DROP_DB: Final = by("rain_drop_mm", lambda d: 6.0 * np.log2(d / MEDIAN_DROP_MM))
LOWER: Final = by("rain_drop_mm", lambda d: -0.45 * np.log2(d / MEDIAN_DROP_MM))


def _of_the_drops(column: str, factor: float) -> tuple[Table, ...]:
    return (DROPS_PER_S, by(column, lambda share: factor * share))


def _bed(name: str, spectrum_db: Floats, column: str, offset_db: float, per_decade_db: float = 10.0) -> Layer:
    return Layer(
        name,
        spectrum_db,
        (RAIN_DB, DROP_DB, level(column, offset_db, per_decade_db), HEAVIER_IS_DARKER, LARGER_IS_DARKER),
        WIDE,
    )


LEAVES: Final = spectrum(
    (63, -32), (125, -27), (250, -22), (500, -17), (1_000, -13), (2_000, -10.5), (4_000, -8.5), (7_000, -7.5),
    (10_000, -8.5), (16_000, -14),
)  # fmt: skip
GROUND: Final = spectrum(
    (63, -30), (125, -25), (250, -20), (500, -15), (1_000, -10.5), (1_600, -10.5), (2_500, -11), (4_000, -9),
    (8_000, -10.5), (12_000, -15), (16_000, -21),
)  # fmt: skip
WATER: Final = spectrum(
    (63, -38), (125, -33), (250, -27), (500, -20), (1_000, -13), (2_000, -9), (4_000, -8.5), (6_000, -10),
    (9_000, -12), (12_500, -12.5), (16_000, -18),
)  # fmt: skip
ROOF: Final = spectrum(
    (50, -27), (100, -23), (160, -21), (250, -18), (400, -13.5), (630, -10.5), (1_000, -8.5), (1_600, -8),
    (2_500, -9.5),
    (4_000, -13.5), (8_000, -21), (16_000, -31),
)  # fmt: skip
GUTTER: Final = spectrum((100, -24), (250, -14), (500, -8), (1_000, -6), (2_000, -8), (4_000, -14), (10_000, -26))

SQUALL: Final = together(*(rise_and_fall(rise, fall, 5.0) for rise, fall in ((0.8, 1.4), (1.5, 1.2), (1.0, 0.8))))

ON_LEAVES: Final = (
    Emitter(
        "leaf tap", "noise", 48, _of_the_drops("rain_leaves", 0.7), Draw(55.0, 11.0, (NEAR_DB, NEAR_DROP_DB)),
        pitch_hz=Draw(4_600.0, 0.9, (LOWER,)), decay_s=Draw(0.0013, 0.9), attack_s=0.0001, band_hz=Draw(7_000.0, 0.5),
    ),
    Emitter(
        "leaf thud", "mode", 32, _of_the_drops("rain_leaves", 0.3), Draw(53.0, 9.0, (NEAR_DB, NEAR_DROP_DB)),
        pitch_hz=Draw(1_050.0, 0.9, (LOWER,)), decay_s=Draw(0.0035, 0.7), attack_s=0.0004, sweep_oct=Draw(-0.2, 0.2),
    ),
    Emitter(
        "drip from above", "mode", 8, (by("rain_mm_h", lambda r: 1.1 * r**0.35), sweep("rain_leaves", 0.0, 1.0)),
        Draw(55.0, 7.0, (NEAR_DROP_DB,)),
        pitch_hz=Draw(620.0, 0.8, (LOWER,)), decay_s=Draw(0.006, 0.6), attack_s=0.0004, sweep_oct=Draw(-0.3, 0.3),
    ),
)  # fmt: skip
ON_GROUND: Final = (
    Emitter(
        "stone tick", "noise", 48, _of_the_drops("rain_ground", 0.7), Draw(54.0, 10.0, (NEAR_DB, NEAR_DROP_DB)),
        pitch_hz=Draw(5_600.0, 0.7, (LOWER,)), decay_s=Draw(0.0010, 0.7), attack_s=0.0002, band_hz=Draw(9_000.0, 0.4),
    ),
    Emitter(
        "splat", "noise", 32, _of_the_drops("rain_ground", 0.3), Draw(53.0, 9.0, (NEAR_DB, NEAR_DROP_DB)),
        pitch_hz=Draw(1_900.0, 0.7, (LOWER,)), decay_s=Draw(0.0035, 0.6), attack_s=0.0005, band_hz=Draw(1_600.0, 0.5),
    ),
)  # fmt: skip
ON_WATER: Final = (
    Emitter(
        "bubble", "mode", 48, _of_the_drops("rain_water", 0.65), Draw(52.0, 11.0, (NEAR_DB, NEAR_DROP_DB)),
        pitch_hz=Draw(4_300.0, 1.0, (by("rain_drop_mm", lambda d: -0.9 * np.log2(d / MEDIAN_DROP_MM)),), "bell"),
        decay_s=Draw(0.0036, 0.8), attack_s=0.0003, sweep_oct=Draw(0.14, 0.12),
    ),
    Emitter(
        "plop", "mode", 16,
        (*_of_the_drops("rain_water", 0.12), by("rain_drop_mm", lambda d: np.minimum(d / MEDIAN_DROP_MM, 2.0))),
        Draw(51.0, 8.0, (NEAR_DB, NEAR_DROP_DB)),
        pitch_hz=Draw(1_250.0, 0.8, (LOWER,), "bell"), decay_s=Draw(0.011, 0.6), attack_s=0.0005,
        sweep_oct=Draw(0.3, 0.2),
    ),
    Emitter(
        "impact on water", "noise", 32, _of_the_drops("rain_water", 0.23), Draw(50.0, 9.0, (NEAR_DB, NEAR_DROP_DB)),
        pitch_hz=Draw(5_500.0, 0.6, (LOWER,)), decay_s=Draw(0.0014, 0.6), attack_s=0.0003, band_hz=Draw(4_000.0, 0.4),
    ),
)  # fmt: skip
ROOF_DB: Final = level("rain_roof", 0.0, 20.0)
"""On top of its share of the drops: a roof that takes little of the rain is solid, or far overhead."""
ON_ROOF: Final = (
    Emitter(
        "sheet", "mode", 48, _of_the_drops("rain_roof", 0.35), Draw(55.0, 10.0, (ON_SHEET_DB, NEAR_DROP_DB, ROOF_DB)),
        pitch_hz=Draw(880.0, 1.2, (LOWER,)), decay_s=Draw(0.0025, 0.9), attack_s=0.0004,
    ),
    Emitter(
        "tap on the roof", "noise", 48, _of_the_drops("rain_roof", 0.55),
        Draw(60.0, 11.0, (ON_SHEET_DB, NEAR_DROP_DB, ROOF_DB)),
        pitch_hz=Draw(2_500.0, 0.9, (LOWER,)), decay_s=Draw(0.0015, 0.9), attack_s=0.0001, band_hz=Draw(5_500.0, 0.5),
    ),
    Emitter(
        "thump", "mode", 16, _of_the_drops("rain_roof", 0.08), Draw(52.0, 8.0, (ON_SHEET_DB, NEAR_DROP_DB, ROOF_DB)),
        pitch_hz=Draw(170.0, 0.5), decay_s=Draw(0.022, 0.5), attack_s=0.002, sweep_oct=Draw(-0.25, 0.15),
    ),
)  # fmt: skip

OPEN_AIR: Final = Patch(
    "rain",
    layers=(
        _bed("leaves", LEAVES, "rain_leaves", 0.0),
        _bed("ground", GROUND, "rain_ground", 0.0),
        _bed("water", WATER, "rain_water", -1.0),
        Layer(
            "running water", GUTTER, (by("rain_mm_h", lambda r: 31.0 + 22.0 * np.log10(r / 4.0)),
                share("rain_ground")), WIDE
        ),
    ),
    swells=(
        Swell(
            "squall over the leaves", LEAVES, (by("rain_mm_h", lambda r: 0.3 * np.minimum(r / 3.0, 1.0)),), 1, SQUALL,
            Draw(42.0, 3.0, (by("rain_mm_h", lambda r: 14.0 * np.log10(r)), share("rain_leaves"))), width=0.9,
        ),
        Swell(
            "squall over the ground", GROUND, (by("rain_mm_h", lambda r: 0.3 * np.minimum(r / 3.0, 1.0)),), 1, SQUALL,
            Draw(41.0, 3.0, (by("rain_mm_h", lambda r: 14.0 * np.log10(r)), share("rain_ground"))), width=0.9,
        ),
    ),
    emitters=(*ON_LEAVES, *ON_GROUND, *ON_WATER),
)  # fmt: skip
OVERHEAD: Final = Patch("rain", layers=(_bed("roof", ROOF, "rain_roof", 6.0, 30.0),), emitters=ON_ROOF, inside=True)
"""The roof over the listener: it is heard from inside."""

PRESENCE: Final = sweep("level", 0.0, 1.0, "feature")
ROOF_SIZE_DB: Final = sweep("size", -8.0, 8.0, "feature")
SHED: Final = Patch(
    "rain", "feature", "roof",
    layers=(Layer("roof", ROOF, (RAIN_DB, DROP_DB, ROOF_SIZE_DB, HEAVIER_IS_DARKER), 0.5),),
    emitters=(
        Emitter(
            "sheet", "mode", 16, (DROPS_PER_S, PRESENCE, sweep("size", 0.15, 0.6, "feature")),
            Draw(54.0, 9.0, (NEAR_DB, NEAR_DROP_DB)),
            pitch_hz=Draw(880.0, 1.1, (sweep("size", 0.5, -0.5, "feature"),)), decay_s=Draw(0.008, 0.9),
            attack_s=0.0004,
        ),
        Emitter(
            "thump", "mode", 8, (DROPS_PER_S, PRESENCE, sweep("size", 0.03, 0.08, "feature")),
            Draw(53.0, 7.0, (NEAR_DB, NEAR_DROP_DB)),
            pitch_hz=Draw(150.0, 0.5), decay_s=Draw(0.03, 0.5), attack_s=0.002,
        ),
    ),
    reference_m=5.0,
)  # fmt: skip
"""A roof at a distance: it sounds while it rains."""

PATCHES: Final[tuple[Patch, ...]] = (OPEN_AIR, OVERHEAD, SHED)
