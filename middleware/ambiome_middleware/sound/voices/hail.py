"""Hail: stones on leaves, on hard ground, on water, on a roof or tent; from soft pellets to stones as large as eggs.

A stone of diameter D falls at some 11.45·√D m/s (D in cm; Matson & Huggins 1980), three times as fast as a drop of the
same water, and brings an energy that grows with D⁴: 12 dB a doubling. At one rate in mm/h their number falls with D³,
so that the whole grows by 3 dB a doubling while the single stones stand out ever more. No level of hail is published
that we know; here it is rain of the same rate and some 5 dB: 4 dB from the speed, the rest because ice is hard and
rebounds, and gives to the ground in a tenth of the time (Hertz). 52 dB(A) at 1 mm/h of 8 mm, 61 at 10; on a sheet
overhead 10 dB more.

The contact of ice and stone lasts about 0.1 ms at 8 mm and longer in proportion to D: a click to 10 kHz and beyond
that larger stones lower. In water a stone leaves a cavity as wide as itself, whose bubble sounds at Minnaert's pitch,
3.26 m·Hz / radius. The shares of leaves, ground, water and roof are the rain's.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Flutter, Layer, Patch, Table, by
from ambiome_middleware.sound.voices.nearness import over_a_plane
from ambiome_middleware.sound.voices.shapes import WIDE, level, octaves_from, spectrum, sweep

USUAL_MM: Final = 8.0


def _doublings(diameter_mm: Floats) -> Floats:
    """How often the usual size doubles to this one; where nothing falls, of the smallest."""
    return np.log2(np.maximum(diameter_mm, 2.0) / USUAL_MM)


HAIL_DB: Final = by("hail_mm_h", lambda r: 51.0 + 11.0 * np.log10(r))
SIZE_DB: Final = by("hail_mm", lambda d: 3.0 * _doublings(d))
DARKER: Final = by("hail_mm", lambda d: -1.1 * _doublings(d)[:, None] * octaves_from(2_500.0, 150.0))
STONES_PER_S: Final = by("hail_mm_h", lambda r: 18.0 * r**0.6)
"""Heard singly: 18 a second at 1 mm/h of 8 mm, 72 at 10, 285 at 100."""
FEWER: Final = by("hail_mm", lambda d: np.clip(2.0 ** -_doublings(d), 0.2, 2.0))
"""The number falls with D³, but larger ones are heard from farther off: what stands out falls with D about."""
NEAR_DB: Final = by("hail_mm_h", lambda r: 3.0 * np.log10(r))
STONE_DB: Final = by("hail_mm", lambda d: 7.0 * _doublings(d))
LARGE_DB: Final = by("hail_mm", lambda d: 3.0 * _doublings(d))
LOWER: Final = by("hail_mm", lambda d: -0.5 * _doublings(d))
LONGER: Final = by("hail_mm", lambda d: 0.5 * _doublings(d))
CAVITY: Final = by("hail_mm", lambda d: -1.0 * _doublings(d))

CURTAINS: Final = Flutter(
    np.full((10, 8), (0.6, 0.6, 0.7, 0.8, 0.9, 1.1, 1.1, 0.9)) * np.linspace(0.7, 1.2, 10)[:, None], 0.8
)
"""Hail falls in curtains, that pass in seconds."""
BURSTS: Final = np.array((0.15, 0.15, 0.2, 0.25, 0.3, 0.35, 0.35, 0.3))


def _of_the_stones(column: str, factor: float) -> tuple[Table, ...]:
    return (by(column, lambda value: factor * value), STONES_PER_S, FEWER)


def _bed(name: str, spectrum_db: Floats, column: str, offset_db: float, per_decade_db: float = 10.0) -> Layer:
    tables = (HAIL_DB, SIZE_DB, level(column, offset_db, per_decade_db), DARKER)
    return Layer(name, spectrum_db, tables, WIDE, CURTAINS)


LEAVES: Final = spectrum(
    (80, -28), (160, -22), (315, -17), (630, -12), (1_250, -9), (2_500, -7.5), (5_000, -8.5), (8_000, -10),
    (12_500, -14), (16_000, -18),
)  # fmt: skip
GROUND: Final = spectrum(
    (80, -24), (160, -20), (315, -17), (630, -14), (1_250, -11), (2_500, -8.5), (5_000, -7), (8_000, -7.5),
    (12_500, -10), (16_000, -14),
)  # fmt: skip
WATER: Final = spectrum(
    (100, -30), (250, -20), (500, -12), (1_000, -8), (2_000, -8), (4_000, -9.5), (8_000, -13), (16_000, -21)
)
ROOF: Final = spectrum(
    (50, -22), (100, -16), (200, -12.5), (400, -10), (800, -7.5), (1_600, -7.5), (3_150, -9), (6_300, -13.5),
    (12_500, -22),
)  # fmt: skip
ON_LEAVES: Final = (
    *over_a_plane(Emitter(
        "stone through the leaves", "noise", 24, _of_the_stones("rain_leaves", 0.75),
        Draw(66.0, 5.0, (NEAR_DB, STONE_DB)),
        pitch_hz=Draw(3_000.0, 0.7, (LOWER,)), decay_s=Draw(0.0022, 0.7, (LONGER,)), attack_s=0.0002,
        band_hz=Draw(5_000.0, 0.4, (LOWER,)), bursts=BURSTS,
    )),
    *over_a_plane(Emitter(
        "knock on a twig", "mode", 12, _of_the_stones("rain_leaves", 0.25), Draw(60.0, 5.0, (NEAR_DB, STONE_DB)),
        pitch_hz=Draw(1_100.0, 0.9, (LOWER,)), decay_s=Draw(0.004, 0.6, (LONGER,)), attack_s=0.0003,
        sweep_oct=Draw(-0.15, 0.15), bursts=BURSTS,
    ), 2),
)  # fmt: skip
ON_GROUND: Final = (
    *over_a_plane(Emitter(
        "stone on stone", "noise", 24, _of_the_stones("rain_ground", 0.55), Draw(71.0, 5.0, (NEAR_DB, STONE_DB)),
        pitch_hz=Draw(6_500.0, 0.6, (LOWER,)), decay_s=Draw(0.0007, 0.6, (LONGER,)), attack_s=0.0001,
        band_hz=Draw(10_000.0, 0.3, (LOWER,)), bursts=BURSTS,
    )),
    *over_a_plane(Emitter(
        "rebound", "noise", 24, _of_the_stones("rain_ground", 0.75), Draw(63.0, 5.0, (NEAR_DB, STONE_DB)),
        pitch_hz=Draw(5_200.0, 0.8, (LOWER,)), decay_s=Draw(0.0006, 0.6, (LONGER,)), attack_s=0.0001,
        band_hz=Draw(8_000.0, 0.4, (LOWER,)), bursts=BURSTS,
    )),
    *over_a_plane(Emitter(
        "thud", "noise", 12, _of_the_stones("rain_ground", 0.3), Draw(52.0, 5.0, (NEAR_DB, STONE_DB, LARGE_DB)),
        pitch_hz=Draw(420.0, 0.7, (LOWER,)), decay_s=Draw(0.006, 0.5, (LONGER,)), attack_s=0.0008,
        band_hz=Draw(500.0, 0.4, (LOWER,)), bursts=BURSTS,
    ), 2),
)  # fmt: skip
"""A thud grows faster with size than the click above it: only large stones have one."""
ON_WATER: Final = (
    *over_a_plane(Emitter(
        "cavity", "mode", 16, _of_the_stones("rain_water", 0.5), Draw(57.5, 5.0, (NEAR_DB, STONE_DB)),
        pitch_hz=Draw(1_050.0, 1.0, (CAVITY,)), decay_s=Draw(0.009, 0.6, (LONGER,)), attack_s=0.0006,
        sweep_oct=Draw(0.25, 0.2), bursts=BURSTS,
    )),
    *over_a_plane(Emitter(
        "splash", "noise", 16, _of_the_stones("rain_water", 0.5), Draw(59.0, 5.0, (NEAR_DB, STONE_DB)),
        pitch_hz=Draw(3_400.0, 0.7, (LOWER,)), decay_s=Draw(0.005, 0.7, (LONGER,)), attack_s=0.0004,
        band_hz=Draw(5_000.0, 0.4, (LOWER,)), bursts=BURSTS,
    )),
)  # fmt: skip
ROOF_DB: Final = level("rain_roof", 0.0, 20.0)
ON_ROOF: Final = (
    *over_a_plane(Emitter(
        "clack on the sheet", "noise", 32, _of_the_stones("rain_roof", 0.8),
        Draw(73.0, 5.0, (NEAR_DB, STONE_DB, ROOF_DB)),
        pitch_hz=Draw(2_100.0, 0.8, (LOWER,)), decay_s=Draw(0.003, 0.7, (LONGER,)), attack_s=0.0001,
        band_hz=Draw(4_200.0, 0.4, (LOWER,)), bursts=BURSTS,
    )),
    *over_a_plane(Emitter(
        "ring of the sheet", "mode", 24, _of_the_stones("rain_roof", 0.5),
        Draw(65.0, 5.0, (NEAR_DB, STONE_DB, ROOF_DB)),
        pitch_hz=Draw(950.0, 1.3, (LOWER,)), decay_s=Draw(0.007, 0.9, (LONGER,)), attack_s=0.0003, bursts=BURSTS,
    ), 2),
    *over_a_plane(Emitter(
        "boom of the roof", "noise", 8, _of_the_stones("rain_roof", 0.15),
        Draw(59.0, 5.0, (NEAR_DB, STONE_DB, LARGE_DB, ROOF_DB)),
        pitch_hz=Draw(170.0, 0.6, (LOWER,)), decay_s=Draw(0.02, 0.4, (LONGER,)), attack_s=0.002,
        band_hz=Draw(160.0, 0.3), bursts=BURSTS,
    ), 2),
)  # fmt: skip

OPEN_AIR: Final = Patch(
    "hail",
    layers=(
        _bed("leaves", LEAVES, "rain_leaves", 0.0),
        _bed("ground", GROUND, "rain_ground", 0.0),
        _bed("water", WATER, "rain_water", -3.0),
    ),
    emitters=(*ON_LEAVES, *ON_GROUND, *ON_WATER),
)
OVERHEAD: Final = Patch("hail", layers=(_bed("roof", ROOF, "rain_roof", 8.0, 30.0),), emitters=ON_ROOF, inside=True)

PRESENCE: Final = sweep("level", 0.0, 1.0, "feature")
SHED: Final = Patch(
    "hail", "feature", "roof",
    layers=(Layer("roof", ROOF, (HAIL_DB, SIZE_DB, sweep("size", -6.0, 10.0, "feature"), DARKER), 0.5, CURTAINS),),
    emitters=over_a_plane(Emitter(
        "clack", "noise", 16, (STONES_PER_S, FEWER, PRESENCE, sweep("size", 0.2, 0.8, "feature")),
        Draw(67.0, 5.0, (NEAR_DB, STONE_DB)), pitch_hz=Draw(1_900.0, 0.9, (LOWER,)),
        decay_s=Draw(0.005, 0.8, (LONGER,)), attack_s=0.0002, band_hz=Draw(3_500.0, 0.4), width=0.2, bursts=BURSTS,
    ), 2),
    reference_m=5.0,
)  # fmt: skip
"""A roof at a distance."""

PATCHES: Final[tuple[Patch, ...]] = (OPEN_AIR, OVERHEAD, SHED)
