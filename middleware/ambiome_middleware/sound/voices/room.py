"""Rooms: ventilation, mains hum and the small noises of a building; machinery as a feature.

A quiet living room has 25–30 dB(A), an office with ventilation 35–40 (noise criteria NC-20 … NC-35, whose curves
fall by some 5 dB per octave). Mains hum: 50 Hz and, stronger in air, 100 Hz with its multiples; tones that overlap,
beside narrow bands in the bed. A larger room speaks lower.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, Draw, Emitter, Layer, Patch, Swell, by
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    level,
    octaves_from,
    rise_and_fall,
    spectrum,
    sweep,
    tilt,
    together,
)

AIR: Final = spectrum(
    (31, -6), (63, -4), (125, -5), (250, -8), (500, -12), (1_000, -16), (2_000, -21), (4_000, -27), (8_000, -34),
    (16_000, -43)
)  # fmt: skip
HUM_HZ: Final = ((50.0, -6.0), (100.0, 0.0), (200.0, -7.0), (300.0, -11.0), (400.0, -16.0))
HUM: Final = np.max([(45.0 + db) * np.exp(-((np.log2(BAND_HZ / hz) / 0.12) ** 2)) for hz, db in HUM_HZ], axis=0) - 45.0
MOTOR: Final = spectrum(
    (31, -8),
    (50, -2),
    (63, -6),
    (100, 0),
    (125, -5),
    (200, -3),
    (400, -8),
    (800, -11),
    (1_600, -15),
    (3_150, -20),
    (6_300, -27),
    (16_000, -42),
)
WHINE: Final = spectrum(
    (200, -40),
    (400, -24),
    (630, -10),
    (800, 0),
    (1_000, -8),
    (1_600, -12),
    (2_000, -5),
    (2_500, -14),
    (5_000, -26),
    (10_000, -36),
)
DRIFT: Final = together(*(rise_and_fall(rise, fall, 6.0) for rise, fall in ((1.5, 1.0), (2.0, 1.4), (1.0, 1.5))))

ROOM_DB: Final = level("room_level", 0.0, 14.0)
HUM_DB: Final = level("room_hum", 0.0)

SCENE: Final = Patch(
    "room",
    layers=(
        Layer(
            "ventilation", AIR, (level("room_level", 44.0, 14.0), sweep("room_size", -4.0, 4.0),
                sweep("room_hum", 0.0, -4.0), tilt("room_size", 400.0, 1.2, -1.5)), DIFFUSE),
        Layer("hum", HUM, (level("room_level", 38.0, 14.0), HUM_DB), 0.8),
    ),
    swells=(
        Swell(
            "air in the ducts", AIR, (by("room_level", lambda v: 0.35 * v**0.2), sweep("room_size", 0.6, 1.0)), 1,
            DRIFT,
            Draw(40.0, 4.0, (ROOM_DB, sweep("room_size", -3.0, 3.0))),
            spectrum_by=(tilt("room_size", 400.0, 1.2, -1.5),), width=0.5,
        ),
    ),
    emitters=(
        Emitter(
            "hum", "tone", 1, (by("room_level", lambda v: np.where(v > 0.0, 1.3, 0.0)),
                by("room_hum", lambda v: np.where(v > 0.0, 1.0, 0.0))),
            Draw(46.0, 1.0, (ROOM_DB, HUM_DB)), pitch_hz=Draw(100.0, 0.004), decay_s=Draw(3.6, 0.2), attack_s=1.5,
            second=0.45, third=0.3, width=0.3,
        ),
        Emitter(
            "tick", "mode", 1, (by("room_level", lambda v: 0.8 * v**0.5), sweep("room_size", 0.5, 1.0)),
            Draw(31.0, 8.0, (sweep("room_level", -6.0, 6.0),)),
            pitch_hz=Draw(1_500.0, 1.0, (sweep("room_size", 0.6, -0.8),)), decay_s=Draw(0.006, 0.8), attack_s=0.0004,
        ),
        Emitter(
            "creak", "noise", 1, (by("room_level", lambda v: 0.08 * v**0.3), sweep("room_size", 0.3, 1.0)),
            Draw(32.0, 6.0, (sweep("room_level", -6.0, 6.0),)),
            pitch_hz=Draw(420.0, 0.7, (sweep("room_size", 0.5, -0.6),)), decay_s=Draw(0.08, 0.6), attack_s=0.03,
            band_hz=Draw(160.0, 0.5),
            am_hz=Draw(38.0, 0.6), am_depth=0.8,
        ),
    ),
    inside=True,
)  # fmt: skip

SIZE_DB: Final = sweep("size", -12.0, 14.0, "feature")
SLOWER: Final = sweep("size", 1.6, 0.4, "feature")
PRESENCE: Final = sweep("level", 0.0, 1.0, "feature", 0.3)
LOWER: Final = sweep("size", 0.5, -0.6, "feature")
STROKE: Final = together(rise_and_fall(0.04, 0.08, 0.5), rise_and_fall(0.08, 0.1, 0.6))
MACHINERY: Final = Patch(
    "room", "feature", "machinery",
    layers=(
        Layer(
            "motor", MOTOR, (sweep("size", 46.0, 72.0, "feature"),
                by("size", lambda s: (0.8 - 1.8 * s)[:, None] * octaves_from(300.0), "feature")), 0.5),
        Layer("whine", WHINE, (sweep("size", 40.0, 58.0, "feature"),), 0.4),
    ),
    swells=(
        Swell("stroke", MOTOR, (PRESENCE, by("size", lambda s: 5.0 - 3.0 * s, "feature")), 1, STROKE,
            Draw(58.0, 2.0, (SIZE_DB,)), width=0.2),
    ),
    emitters=(
        *(
            Emitter(
                f"turning at {hz:.0f} Hz", "tone", 1, (by("level", lambda v: np.where(v > 0, 1.1, 0.0), "feature"),),
                Draw(52.0 + db, 1.0, (SIZE_DB,)), pitch_hz=Draw(hz, 0.01), decay_s=Draw(3.0, 0.2), attack_s=1.2,
                second=0.4, third=0.25,
                am_hz=Draw(12.0, 0.3), am_depth=0.25, width=0.2,
            )
            for hz, db in ((98.0, 0.0), (147.0, -4.0))
        ),
        Emitter(
            "clank", "mode", 2, (PRESENCE, SLOWER), Draw(60.0, 5.0, (SIZE_DB,)), pitch_hz=Draw(900.0, 0.9, (LOWER,)),
            decay_s=Draw(0.035, 0.7), attack_s=0.0008, width=0.3,
        ),
        Emitter(
            "hiss of steam", "noise", 1, (PRESENCE, by("size", lambda s: 0.1 + 0.2 * s, "feature")),
            Draw(52.0, 4.0, (SIZE_DB,)),
            pitch_hz=Draw(4_500.0, 0.4), decay_s=Draw(0.12, 0.6), attack_s=0.05, band_hz=Draw(4_000.0, 0.3), width=0.3,
        ),
    ),
)  # fmt: skip

PATCHES: Final[tuple[Patch, ...]] = (SCENE, MACHINERY)
