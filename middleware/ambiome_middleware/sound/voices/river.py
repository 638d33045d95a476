"""Rivers: large water, from a smooth deep stream to rapids; a river and a waterfall as features.

Levels: a wide calm river 40–50 dB(A) on its bank, rapids 65–75, a waterfall of 10 m some 75 dB(A) at 10 m. The
deeper and larger the water, the lower its spectrum: from 500 Hz–2 kHz over gravel down to 50–200 Hz below a fall;
white water adds broadband hiss (air entrained as small bubbles).
"""

from typing import Final

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Layer, Patch, Swell, by
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    WIDE,
    becoming,
    level,
    rise_and_fall,
    spectrum,
    sweep,
    together,
)

SHALLOW: Final = spectrum(
    (63, -24), (125, -19), (250, -13), (500, -7), (1_000, -6), (2_000, -9), (4_000, -13), (8_000, -18), (16_000, -28)
)
DEEP: Final = spectrum(
    (25, -6),
    (50, -1),
    (100, 1),
    (200, 0),
    (400, -4),
    (800, -9),
    (1_600, -15),
    (3_150, -22),
    (6_300, -30),
    (16_000, -45),
)
WHITE: Final = spectrum(
    (40, -14),
    (80, -10),
    (160, -9),
    (315, -8),
    (630, -7),
    (1_250, -7),
    (2_500, -8),
    (5_000, -9.5),
    (10_000, -14),
    (16_000, -20),
)
FALL: Final = spectrum(
    (31, -7),
    (63, -3),
    (125, -3),
    (250, -7),
    (500, -10),
    (1_000, -10.5),
    (2_000, -9.5),
    (4_000, -11),
    (8_000, -15),
    (16_000, -24),
)
FLOW: Final = 14.0
"""dB a decade of flow: with the column's square curve, 28 dB from a tenth of its way to the whole."""


def _by_depth(size: Floats) -> Floats:
    return becoming(SHALLOW, (1.0 - size[:, None]) * SHALLOW + size[:, None] * DEEP)


SIZE_DB: Final = sweep("river_size", -6.0, 5.0)
DEPTH: Final = by("river_size", _by_depth)
LEVEL_DB: Final = level("river_level", 0.0, FLOW)
SURGE: Final = together(*(rise_and_fall(rise, fall, 1.8) for rise, fall in ((0.12, 0.2), (0.2, 0.35), (0.4, 0.4))))
BOIL: Final = together(
    *(rise_and_fall(rise, fall, 4.0) for rise, fall in ((0.4, 0.5), (0.8, 0.7), (0.6, 1.2), (0.25, 0.3)))
)

SCENE: Final = Patch(
    "river",
    layers=(
        Layer("flow", SHALLOW, (level("river_level", 55.0, FLOW), SIZE_DB, DEPTH), DIFFUSE),
        Layer(
            "white water", WHITE, (level("river_level", 70.0, FLOW), sweep("river_size", -5.0, 4.0),
                level("river_rapids", 0.0, 20.0)), WIDE),
    ),
    swells=(
        Swell(
            "boil", SHALLOW, (by("river_level", lambda v: 1.0 * v**0.25), sweep("river_rapids", 0.5, 1.0)), 1, BOIL,
            Draw(54.0, 5.0, (LEVEL_DB, SIZE_DB, sweep("river_rapids", 0.0, 9.0))), spectrum_by=(DEPTH,), width=1.0,
        ),
        Swell(
            "white water", WHITE, (by("river_level", lambda v: 1.6 * v**0.25), sweep("river_rapids", 0.3, 1.0)), 1,
            SURGE, Draw(62.0, 5.0, (LEVEL_DB, sweep("river_size", -5.0, 4.0), level("river_rapids", 0.0, 16.0))),
            width=1.0, coherence=WIDE,
        ),
    ),
    emitters=(
        Emitter(
            "gurgle", "mode", 8, (by("river_level", lambda v: 30.0 * v**0.4), sweep("river_rapids", 0.5, 1.0)),
            Draw(55.0, 7.0, (level("river_level", 0.0, 10.0), sweep("river_rapids", -2.0, 8.0))),
            pitch_hz=Draw(420.0, 0.9, (sweep("river_size", 0.7, -0.6),), "bell"), decay_s=Draw(0.026, 0.6),
            attack_s=0.003,
            sweep_oct=Draw(0.3, 0.25),
        ),
        Emitter(
            "slap", "noise", 8, (by("river_level", lambda v: 60.0 * v**0.4), sweep("river_rapids", 0.1, 1.0)),
            Draw(56.0, 10.0, (level("river_level", 0.0, 10.0), sweep("river_rapids", -2.0, 12.0))),
            pitch_hz=Draw(1_300.0, 0.9, (sweep("river_size", 0.4, -0.4),)), decay_s=Draw(0.018, 0.8), attack_s=0.004,
            band_hz=Draw(1_500.0, 0.5),
        ),
        Emitter(
            "ripple", "mode", 12, (by("river_level", lambda v: 80.0 * v**0.4), sweep("river_size", 1.0, 0.15)),
            Draw(53.0, 10.0, (level("river_level", 0.0, 10.0), sweep("river_rapids", 0.0, 6.0))),
            pitch_hz=Draw(1_300.0, 0.8, (), "bell"), decay_s=Draw(0.009, 0.6), attack_s=0.001, sweep_oct=Draw(0.2, 0.2),
        ),
    ),
)  # fmt: skip

FEATURE_SIZE_DB: Final = sweep("size", -8.0, 8.0, "feature")
FEATURE_DEPTH: Final = by("size", _by_depth, "feature")
RIVER: Final = Patch(
    "river", "feature", "river",
    layers=(
        Layer("flow", SHALLOW, (sweep("size", 45.0, 61.0, "feature"), FEATURE_DEPTH), 0.4),
        Layer("white water", WHITE, (sweep("size", 40.0, 56.0, "feature"),), 0.3),
    ),
    swells=(
        Swell(
            "boil", SHALLOW, (by("level", lambda v: 1.0 * v**0.25, "feature"),), 1, BOIL,
            Draw(49.0, 4.0, (FEATURE_SIZE_DB,)), spectrum_by=(FEATURE_DEPTH,), width=0.5,
        ),
    ),
    emitters=(
        Emitter(
            "gurgle", "mode", 6, (by("level", lambda v: 20.0 * v**0.4, "feature"),), Draw(50.0, 7.0),
            pitch_hz=Draw(420.0, 0.9, (sweep("size", 0.7, -0.6, "feature"),), "bell"), decay_s=Draw(0.026, 0.6),
            attack_s=0.003,
            sweep_oct=Draw(0.3, 0.25), width=0.5,
        ),
    ),
)  # fmt: skip
WATERFALL: Final = Patch(
    "river", "feature", "waterfall",
    layers=(
        Layer(
            "fall", FALL, (sweep("size", 55.0, 85.0, "feature"),
            by(
                "size", lambda s: becoming(
                    FALL, (1.0 - s[:, None]) * WHITE + s[:, None] * (FALL + 0.5 * (DEEP - FALL))), "feature")), 0.35,
        ),
    ),
    swells=(
        Swell(
            "plunge", DEEP, (by("level", lambda v: 1.5 * v**0.25, "feature"),), 1, BOIL,
            Draw(60.0, 4.0, (sweep("size", -15.0, 15.0, "feature"),)), width=0.4,
        ),
    ),
    emitters=(
        Emitter(
            "spatter", "noise", 16, (by("level", lambda v: 70.0 * v**0.4, "feature"),
                sweep("size", 1.0, 0.5, "feature")),
            Draw(57.0, 8.0, (sweep("size", -7.0, 9.0, "feature"),)),
            pitch_hz=Draw(2_800.0, 0.9, (sweep("size", 0.3, -0.4, "feature"),)), decay_s=Draw(0.006, 0.8),
            attack_s=0.001,
            band_hz=Draw(2_800.0, 0.5), width=0.5,
        ),
    ),
)  # fmt: skip

PATCHES: Final[tuple[Patch, ...]] = (SCENE, RIVER, WATERFALL)
