"""Rain: on leaves, on hard ground, on water, on a roof or tent.

The bed is the rain far off, the grains the drops near by. Level: about 45 dB(A) at 1 mm/h and 14 dB more per decade
of rain rate (40 in drizzle, 50–55 in moderate rain, 65–70 in a cloudburst of 50 mm/h); a light roof overhead stands
some 6 dB above that. Drops fall evenly over the ground, so the near ones are few and loud and the far ones many and
soft (`nearness`): that, more than anything, tells rain from a hiss. Drops on water: bubbles sound at Minnaert's pitch,
3.26 m·Hz / radius; drops below 1.1 mm trap their bubble regularly and ring near 9–14 kHz, large ones irregularly and
far lower (Pumphrey & Crum 1989; Prosperetti & Oguz 1993). Impacts on leaves and stone are bursts of a millisecond or
two, to 16 kHz and beyond where they are near; a sheet or a tent answers with a few milliseconds of its own, and a
heavy drop with a thump. Rain comes in waves with the wind.

The balance of treble and bass, the coherence between channels and the unrest are drawn to the profiles "rain" and
"rain_tent": of recordings of rain on mixed ground, so that the surfaces keep their differences and move together.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Layer, Patch, Swell, Table, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.learned import coherence_of
from ambiome_middleware.sound.voices.motion import flutter
from ambiome_middleware.sound.voices.nearness import over_a_plane
from ambiome_middleware.sound.voices.shapes import (
    WIDE,
    level,
    loudness_db,
    octaves_from,
    rise_and_fall,
    share,
    spectrum,
    sweep,
    together,
)
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

MEDIAN_DROP_MM: Final = 1.2

RAIN_DB: Final = by("rain_mm_h", lambda r: 44.0 + 14.0 * np.log10(r))
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
    "rain_mm_h", lambda r: 2.4 + 9.0 * np.log10(np.minimum(r / 4.0, 1.0)) + 3.0 * np.log10(np.maximum(r / 4.0, 1.0))
)
"""More rain is more drops, not louder ones: above some 4 mm/h the single drop drowns in the many."""
ON_SHEET_DB: Final = by("rain_mm_h", lambda r: 7.0 * np.log10(r))
"""On a roof or tent overhead they go on standing out, since all of them fall close by."""
NEAR_DROP_DB: Final = by("rain_drop_mm", lambda d: 6.0 * np.log2(d / MEDIAN_DROP_MM))
LOWER: Final = by("rain_drop_mm", lambda d: -0.45 * np.log2(d / MEDIAN_DROP_MM))
WAVES: Final = flutter(1.0, 0.4, 0.6, treble=1.6, common=0.4, depth_by=(by("wind_m_s", lambda v: 0.7 + 0.12 * v),))
WAVES_OF_DROPS: Final = np.array((0.3, 0.15, 0.12, 0.12, 0.15, 0.2, 0.2, 0.2))

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
    (2_500, -9.5), (4_000, -13.5), (8_000, -21), (16_000, -31),
)  # fmt: skip
GUTTER: Final = spectrum((100, -24), (250, -14), (500, -8), (1_000, -6), (2_000, -8), (4_000, -14), (10_000, -26))

SQUALL: Final = together(*(rise_and_fall(rise, fall, 5.0) for rise, fall in ((0.8, 1.4), (1.5, 1.2), (1.0, 0.8))))


def _of_the_drops(column: str, factor: float) -> tuple[Table, ...]:
    return (DROPS_PER_S, by(column, lambda share: factor * share))


NEAR: Final = (NEAR_DB, NEAR_DROP_DB)
ON_LEAVES: Final = (
    *over_a_plane(Emitter(
        "leaf tap", "noise", 48, _of_the_drops("rain_leaves", 0.7), Draw(57.0, 5.0, NEAR),
        pitch_hz=Draw(5_600.0, 0.8, (LOWER,)), decay_s=Draw(0.0012, 0.9), attack_s=0.0001, band_hz=Draw(9_500.0, 0.5),
        bursts=WAVES_OF_DROPS,
    ), 2),
    *over_a_plane(Emitter(
        "leaf thud", "noise", 24, _of_the_drops("rain_leaves", 0.3), Draw(49.5, 5.0, NEAR),
        pitch_hz=Draw(950.0, 0.9, (LOWER,)), decay_s=Draw(0.003, 0.7), attack_s=0.0004, band_hz=Draw(1_300.0, 0.5),
        bursts=WAVES_OF_DROPS,
    ), 2),
    *over_a_plane(Emitter(
        "drip from above", "mode", 8, (by("rain_mm_h", lambda r: 1.1 * r**0.35), sweep("rain_leaves", 0.0, 1.0)),
        Draw(45.0, 5.0, (NEAR_DROP_DB,)),
        pitch_hz=Draw(700.0, 0.9, (LOWER,)), decay_s=Draw(0.005, 0.6), attack_s=0.0004, sweep_oct=Draw(-0.3, 0.3),
    ), 2),
)  # fmt: skip
ON_GROUND: Final = (
    *over_a_plane(Emitter(
        "stone tick", "noise", 48, _of_the_drops("rain_ground", 0.65), Draw(57.0, 5.0, NEAR),
        pitch_hz=Draw(6_800.0, 0.7, (LOWER,)), decay_s=Draw(0.0010, 0.7), attack_s=0.0001, band_hz=Draw(12_000.0, 0.4),
        bursts=WAVES_OF_DROPS,
    ), 2),
    *over_a_plane(Emitter(
        "splat", "noise", 32, _of_the_drops("rain_ground", 0.35), Draw(51.0, 5.0, NEAR),
        pitch_hz=Draw(2_000.0, 0.9, (LOWER,)), decay_s=Draw(0.0030, 0.7), attack_s=0.0004, band_hz=Draw(2_800.0, 0.5),
        bursts=WAVES_OF_DROPS,
    ), 2),
)  # fmt: skip
ON_WATER: Final = (
    *over_a_plane(Emitter(
        "bubble", "mode", 48, _of_the_drops("rain_water", 0.55), Draw(51.0, 5.0, NEAR),
        pitch_hz=Draw(4_600.0, 1.1, (by("rain_drop_mm", lambda d: -0.9 * np.log2(d / MEDIAN_DROP_MM)),), "bell"),
        decay_s=Draw(0.0028, 0.8), attack_s=0.0003, sweep_oct=Draw(0.14, 0.12),
    ), 2),
    *over_a_plane(Emitter(
        "plop", "mode", 16,
        (*_of_the_drops("rain_water", 0.1), by("rain_drop_mm", lambda d: np.minimum(d / MEDIAN_DROP_MM, 2.0))),
        Draw(46.0, 5.0, NEAR),
        pitch_hz=Draw(1_250.0, 0.9, (LOWER,), "bell"), decay_s=Draw(0.009, 0.7), attack_s=0.0005,
        sweep_oct=Draw(0.3, 0.2),
    ), 2),
    *over_a_plane(Emitter(
        "impact on water", "noise", 32, _of_the_drops("rain_water", 0.35), Draw(53.0, 5.0, NEAR),
        pitch_hz=Draw(5_500.0, 0.8, (LOWER,)), decay_s=Draw(0.0014, 0.7), attack_s=0.0003, band_hz=Draw(7_000.0, 0.4),
        bursts=WAVES_OF_DROPS,
    ), 2),
)  # fmt: skip
ROOF_DB: Final = level("rain_roof", 0.0, 20.0)
"""On top of its share of the drops: a roof that takes little of the rain is solid, or far overhead."""
ON_THE_SHEET: Final = (ON_SHEET_DB, NEAR_DROP_DB, ROOF_DB)
ON_ROOF: Final = (
    *over_a_plane(Emitter(
        "tap on the roof", "noise", 48, _of_the_drops("rain_roof", 0.55), Draw(59.0, 5.0, ON_THE_SHEET),
        pitch_hz=Draw(2_300.0, 0.9, (LOWER,)), decay_s=Draw(0.0017, 0.9), attack_s=0.0001, band_hz=Draw(5_000.0, 0.5),
        bursts=WAVES_OF_DROPS,
    ), 2),
    *over_a_plane(Emitter(
        "sheet", "noise", 32, _of_the_drops("rain_roof", 0.37), Draw(57.0, 5.0, ON_THE_SHEET),
        pitch_hz=Draw(900.0, 1.0, (LOWER,)), decay_s=Draw(0.0034, 0.8), attack_s=0.0003, band_hz=Draw(900.0, 0.6),
        bursts=WAVES_OF_DROPS,
    )),
    *over_a_plane(Emitter(
        "thump", "noise", 16, _of_the_drops("rain_roof", 0.12), Draw(50.5, 5.0, ON_THE_SHEET),
        pitch_hz=Draw(210.0, 0.7), decay_s=Draw(0.009, 0.5), attack_s=0.001, band_hz=Draw(260.0, 0.4),
        bursts=WAVES_OF_DROPS,
    ), 2),
)  # fmt: skip


class _Rain:
    """What the profiles make of the bed: all surfaces of the open air move by what moves their mixture."""

    def __init__(self, rain: Profile | None, tent: Profile | None) -> None:
        beds = zip((LEAVES, GROUND, WATER), (0.5, 0.3, 0.2), strict=True)
        mixed = 10.0 * np.log10(sum(part * 10.0 ** ((bed - loudness_db(bed)) / 10.0) for bed, part in beds))
        self.shift_db = np.zeros_like(mixed)
        self.coherence = self.roof_coherence = WIDE
        self.moving = moved_like(WAVES, rain, 0.5)
        self.roof_moving = moved_like(WAVES, tent, 0.5)
        self.roof_db = drawn_to(ROOF, tent, 0.5, 0.8)
        if rain is not None:
            self.shift_db = np.mean([drawn_to(mixed, rain, at, 0.8) for at in rain.intensities], axis=0) - mixed
            self.coherence = 0.5 * (WIDE + coherence_of(rain))
        if tent is not None:
            self.roof_coherence = 0.5 * (WIDE + coherence_of(tent))

    def bed(self, name: str, spectrum_db: Floats, column: str, offset_db: float) -> Layer:
        tables = (RAIN_DB, DROP_DB, level(column, offset_db, 10.0), HEAVIER_IS_DARKER, LARGER_IS_DARKER)
        return Layer(name, spectrum_db + self.shift_db, tables, self.coherence, self.moving)

    def squall(self, surface: str, spectrum_db: Floats, level_db: float) -> Swell:
        return Swell(
            f"squall over the {surface}", spectrum_db + self.shift_db,
            (by("rain_mm_h", lambda r: 0.3 * np.minimum(r / 3.0, 1.0)),), 1, SQUALL,
            Draw(level_db, 3.0, (by("rain_mm_h", lambda r: 14.0 * np.log10(r)), share(f"rain_{surface}"))), width=0.9,
        )  # fmt: skip

    def open_air(self) -> Patch:
        return Patch(
            "rain",
            layers=(
                self.bed("leaves", LEAVES, "rain_leaves", 0.0),
                self.bed("ground", GROUND, "rain_ground", 0.0),
                self.bed("water", WATER, "rain_water", -1.0),
                Layer(
                    "running water", GUTTER,
                    (by("rain_mm_h", lambda r: 31.0 + 22.0 * np.log10(r / 4.0)), share("rain_ground")), WIDE,
                ),
            ),
            swells=(self.squall("leaves", LEAVES, 42.0), self.squall("ground", GROUND, 41.0)),
            emitters=(*ON_LEAVES, *ON_GROUND, *ON_WATER),
        )  # fmt: skip

    def overhead(self) -> Patch:
        """The roof over the listener: it is heard from inside."""
        tables = (RAIN_DB, DROP_DB, level("rain_roof", 5.0, 30.0), HEAVIER_IS_DARKER, LARGER_IS_DARKER)
        bed = Layer("roof", self.roof_db, tables, self.roof_coherence, self.roof_moving)
        return Patch("rain", layers=(bed,), emitters=ON_ROOF, inside=True)

    def shed(self) -> Patch:
        """A roof at a distance: it sounds while it rains."""
        tables = (RAIN_DB, DROP_DB, sweep("size", -8.0, 8.0, "feature"), HEAVIER_IS_DARKER)
        bed = Layer("roof", self.roof_db, tables, 0.5, self.roof_moving)
        return Patch("rain", "feature", "roof", layers=(bed,), emitters=ON_SHED, reference_m=5.0)


PRESENCE: Final = sweep("level", 0.0, 1.0, "feature")
ON_SHED: Final = (
    *over_a_plane(Emitter(
        "sheet", "noise", 16, (DROPS_PER_S, PRESENCE, sweep("size", 0.15, 0.6, "feature")), Draw(52.0, 5.0, NEAR),
        pitch_hz=Draw(1_100.0, 1.1, (sweep("size", 0.5, -0.5, "feature"),)), decay_s=Draw(0.004, 0.9),
        attack_s=0.0004, band_hz=Draw(1_500.0, 0.6),
    ), 2),
    Emitter(
        "thump", "noise", 8, (DROPS_PER_S, PRESENCE, sweep("size", 0.03, 0.08, "feature")), Draw(54.0, 7.0, NEAR),
        pitch_hz=Draw(170.0, 0.6), decay_s=Draw(0.012, 0.5), attack_s=0.002, band_hz=Draw(200.0, 0.4),
    ),
)  # fmt: skip


def patches(profiles: Profiles) -> tuple[Patch, ...]:
    """The rain's patches, drawn to the profiles "rain" and "rain_tent"."""
    rain = _Rain(profiles.get("rain"), profiles.get("rain_tent"))
    return (rain.open_air(), rain.overhead(), rain.shed())
