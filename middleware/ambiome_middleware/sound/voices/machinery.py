"""Machinery: engines, fans and pumps all around, and one machine as a feature.

What turns, hums: at its shaft's frequency and, stronger, at the blades' or the poles' multiples of it (Beranek & Vér,
Noise and Vibration Control Engineering, chapter 18). 750 rev/min for a slow engine, 3,000 for a pump on the mains, and
as many as 6,000 for a fan; the noise of air and bearings stands above. Load adds knocks, rattles and beating. Levels:
ventilation plant 60–65 dB(A), a boiler house 75–80, a workshop 85 (`machinery_level` 1).
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Caller, Draw, Emitter, Floats, Flutter, Layer, Patch, Swell, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    DRONE_S,
    drone,
    level,
    octaves_from,
    rise_and_fall,
    spectrum,
    sweep,
    tilt,
    together,
)
from ambiome_middleware.sound.voices.tempered import drawn_to

SHAFT_HZ: Final = 25.0
"""1,500 rev/min, where `machinery_speed` is ½."""

MOTOR: Final = spectrum(
    (31, -14), (50, -6), (63, -6), (100, -1), (125, -3), (200, -2), (400, -5), (800, -7), (1_600, -11), (3_150, -17),
    (6_300, -24), (16_000, -38),
)  # fmt: skip
AIR: Final = spectrum(
    (50, -12), (100, -8), (200, -5), (400, -4), (800, -5), (1_600, -8), (3_150, -13), (6_300, -20), (16_000, -33)
)
RATTLE: Final = spectrum((250, -20), (500, -12), (1_000, -6), (2_000, -3), (4_000, -5), (8_000, -11), (16_000, -22))
STROKE: Final = together(rise_and_fall(0.04, 0.06, 0.4), rise_and_fall(0.06, 0.09, 0.5))
PULSING: Final = Flutter(
    np.outer([1.0, 1.0, 1.0, 1.0, 0.9, 0.9, 0.9, 1.0, 1.0, 1.0], [1.6, 1.3, 1.0, 0.7, 0.5, 0.4, 0.4, 0.4]), 0.25,
    (sweep("machinery_load", 0.8, 1.8),),
)  # fmt: skip
BLADES: Final = Flutter(
    np.outer([0.6, 0.6, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], [1.5, 1.4, 1.1, 0.7, 0.5, 0.4, 0.3, 0.3]),
    0.15,
)
"""The air of a fan: eddies of every size leave its blades, so that it beats a few times a second, each octave apart."""


def _turning(speed: Floats) -> Floats:
    """Octaves against SHAFT_HZ, −1 … 2, rounded to pitches that join in phase."""
    hz = np.round(SHAFT_HZ * 2.0 ** (3.0 * speed - 1.0) * DRONE_S) / DRONE_S
    return np.asarray(np.log2(hz / SHAFT_HZ))


ENGINE_DB: Final = level("machinery_level", 0.0, 15.0)
ON: Final = by("machinery_level", lambda v: np.where(v > 0.0, 1.0, 0.0))
RUNNING: Final = by("machinery_level", lambda v: v**0.7)
"""The louder the place, the more of them run, and knock."""
SHAFT: Final = (
    (1.0, -14.0), (2.0, -2.0), (3.0, -13.0), (4.0, 0.0), (6.0, -6.0), (8.0, -7.0), (12.0, -12.0), (16.0, -14.0),
    (24.0, -20.0),
)  # fmt: skip


def _scene(profile: Profile | None) -> Patch:
    return Patch(
        "machinery",
        layers=(
            Layer(
                "casing",
                drawn_to(MOTOR, profile, 0.5, 0.5),
                (
                    level("machinery_level", 74.0, 15.0),
                    sweep("machinery_speed", 0.0, -3.0),
                    tilt("machinery_speed", 400.0, -1.2, 1.5),
                ),
                DIFFUSE,
                flutter=PULSING,
            ),
            Layer(
                "air",
                AIR,
                (
                    level("machinery_level", 72.0, 15.0),
                    sweep("machinery_speed", -8.0, 6.0),
                    tilt("machinery_speed", 600.0, -1.0, 1.2),
                ),
                DIFFUSE,
                flutter=BLADES,
            ),
            Layer(
                "rattling",
                RATTLE,
                (level("machinery_level", 70.0, 15.0), level("machinery_load", 0.0, 20.0)),
                0.3,
                flutter=PULSING,
            ),
        ),
        swells=(
            Swell(
                "stroke",
                MOTOR,
                (RUNNING, sweep("machinery_speed", 3.0, 8.0), sweep("machinery_load", 0.1, 1.0)),
                2,
                STROKE,
                Draw(73.0, 3.0, (ENGINE_DB, sweep("machinery_load", -10.0, 2.0))),
                width=0.5,
            ),
        ),
        emitters=(
            Emitter(
                "clank",
                "mode",
                2,
                (RUNNING, sweep("machinery_load", 0.05, 2.2)),
                Draw(74.0, 7.0, (ENGINE_DB,)),
                pitch_hz=Draw(1_100.0, 1.0),
                decay_s=Draw(0.03, 0.9),
                attack_s=0.0006,
            ),
            Emitter(
                "loose plate",
                "noise",
                4,
                (RUNNING, sweep("machinery_load", 1.0, 12.0)),
                Draw(70.0, 8.0, (ENGINE_DB,)),
                pitch_hz=Draw(2_600.0, 0.8),
                decay_s=Draw(0.008, 0.8),
                attack_s=0.0004,
                band_hz=Draw(2_500.0, 0.6),
            ),
        ),
        callers=(
            Caller(
                "shaft",
                (drone("shaft", SHAFT_HZ, SHAFT),),
                1,
                DRONE_S,
                (ON,),
                Draw(72.0, 0.0, (ENGINE_DB,)),
                pitch=Draw(1.0, 0.0, (by("machinery_speed", _turning),)),
                call_pitch_oct=0.0,
                tempo_oct=0.0,
                drone=True,
            ),
            Caller(
                "mains",
                (drone("mains", 50.0, ((1.0, -12.0), (2.0, 0.0), (4.0, -8.0), (6.0, -11.0), (12.0, -18.0))),),
                1,
                DRONE_S,
                (ON,),
                Draw(62.0, 0.0, (ENGINE_DB,)),
                call_pitch_oct=0.0,
                tempo_oct=0.0,
                drone=True,
            ),
        ),
        within="machinery_within",
    )


SIZE_DB: Final = sweep("size", -12.0, 14.0, "feature")
PRESENCE: Final = sweep("level", 0.0, 1.0, "feature", 0.3)


def _feature(profile: Profile | None) -> Patch:
    return Patch(
        "machinery",
        "feature",
        "machinery",
        layers=(
            Layer(
                "motor",
                MOTOR,
                (
                    sweep("size", 46.0, 72.0, "feature"),
                    by("size", lambda s: (0.8 - 1.8 * s)[:, None] * octaves_from(300.0), "feature"),
                ),
                0.5,
                flutter=PULSING,
            ),
            Layer("air", AIR, (sweep("size", 42.0, 64.0, "feature"),), 0.4, BLADES),
        ),
        swells=(
            Swell(
                "stroke",
                MOTOR,
                (PRESENCE, by("size", lambda s: 5.0 - 3.0 * s, "feature")),
                1,
                STROKE,
                Draw(56.0, 2.0, (SIZE_DB,)),
                width=0.2,
            ),
        ),
        emitters=(
            *(
                Emitter(
                    f"turning at {hz:.0f} Hz",
                    "tone",
                    1,
                    (by("level", lambda v: np.where(v > 0, 1.1, 0.0), "feature"),),
                    Draw(50.0 + db, 1.0, (SIZE_DB,)),
                    pitch_hz=Draw(hz, 0.01, (sweep("size", 0.6, -0.6, "feature"),)),
                    decay_s=Draw(3.0, 0.2),
                    attack_s=1.2,
                    second=0.4,
                    third=0.25,
                    am_hz=Draw(12.0, 0.3),
                    am_depth=0.25,
                    width=0.2,
                )
                for hz, db in ((98.0, 0.0), (147.0, -4.0))
            ),
            Emitter(
                "clank",
                "mode",
                2,
                (PRESENCE, sweep("size", 1.6, 0.4, "feature")),
                Draw(60.0, 5.0, (SIZE_DB,)),
                pitch_hz=Draw(900.0, 0.9, (sweep("size", 0.5, -0.6, "feature"),)),
                decay_s=Draw(0.035, 0.7),
                attack_s=0.0008,
                width=0.3,
            ),
            Emitter(
                "hiss of steam",
                "noise",
                1,
                (PRESENCE, by("size", lambda s: 0.1 + 0.2 * s, "feature")),
                Draw(52.0, 4.0, (SIZE_DB,)),
                pitch_hz=Draw(4_500.0, 0.4),
                decay_s=Draw(0.12, 0.6),
                attack_s=0.05,
                band_hz=Draw(4_000.0, 0.3),
                width=0.3,
            ),
        ),
    )


"""A machine of the game's own. (Features have no callers: its tones overlap instead of joining.)"""


def patches(known: Profiles) -> tuple[Patch, ...]:
    """Machines, their casings drawn to the profile "machinery"."""
    profile = known.get("machinery")
    return (_scene(profile), _feature(profile))
