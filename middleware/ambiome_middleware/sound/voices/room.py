"""Rooms: ventilation, mains hum and the small noises of a building.

A quiet living room has 25–30 dB(A), an office with ventilation 35–40 (noise criteria NC-20 … NC-35, whose curves
fall by some 5 dB per octave). Mains hum: 50 Hz and, stronger in air, 100 Hz with its multiples; a drone beside narrow
bands in the bed. A larger room speaks lower.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, Caller, Draw, Emitter, Flutter, Layer, Patch, Swell, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.motion import uneven
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    DRONE_S,
    drone,
    level,
    rise_and_fall,
    spectrum,
    sweep,
    tilt,
    together,
)
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

AIR: Final = spectrum(
    (31, -4), (63, -2), (125, -4), (250, -8), (500, -12), (1_000, -16.5), (2_000, -22), (4_000, -29), (8_000, -37),
    (16_000, -47)
)  # fmt: skip
DUCTS: Final = spectrum(
    (31, 0), (63, 0), (125, -2), (250, -5), (500, -10), (1_000, -17), (2_000, -25), (4_000, -34), (16_000, -54)
)
"""What ducts let through: they rumble, their lining and bends take the treble."""
HUM_HZ: Final = ((50.0, -6.0), (100.0, 0.0), (200.0, -7.0), (300.0, -11.0), (400.0, -16.0))
HUM: Final = np.max([(45.0 + db) * np.exp(-((np.log2(BAND_HZ / hz) / 0.12) ** 2)) for hz, db in HUM_HZ], axis=0) - 45.0
DRAUGHT: Final = Flutter(np.tile([1.1, 1.1, 0.9, 0.8, 0.6, 0.5, 0.5, 0.6], (10, 1)), 0.2)
"""Air beats a few times a second as eddies pass the grille, and drifts with the pressure."""
DRIFT: Final = uneven(
    together(*(rise_and_fall(rise, fall, 8.0) for rise, fall in ((1.5, 1.0), (2.4, 1.8), (1.0, 1.5), (3.0, 2.2)))), 5
)

HUMMING: Final = drone("hum", 50.0, tuple((hz / 50.0, db) for hz, db in HUM_HZ))
"""The mains by itself, as steady as it is: parts that join in phase."""

ROOM_DB: Final = level("room_level", 0.0, 14.0)
HUM_DB: Final = level("room_hum", 0.0)


def _scene(profile: Profile | None) -> Patch:
    return Patch(
        "room",
        layers=(
            Layer(
                "ventilation",
                drawn_to(AIR, profile, 0.5, 0.4),
                (
                    level("room_level", 44.0, 14.0),
                    sweep("room_size", -4.0, 4.0),
                    sweep("room_hum", 0.0, -4.0),
                    tilt("room_size", 400.0, 1.2, -1.5),
                ),
                DIFFUSE,
                flutter=moved_like(DRAUGHT, profile, 0.5),
            ),
            Layer("hum", HUM, (level("room_level", 32.0, 14.0), HUM_DB), 0.8),
        ),
        swells=(
            Swell(
                "air in the ducts",
                DUCTS,
                (by("room_level", lambda v: 0.45 * v**0.7), sweep("room_size", 0.6, 1.0)),
                1,
                DRIFT,
                Draw(38.0, 4.0, (ROOM_DB, sweep("room_size", -3.0, 3.0))),
                spectrum_by=(tilt("room_size", 400.0, 1.2, -1.5),),
                width=0.5,
            ),
        ),
        emitters=(
            Emitter(
                "tick",
                "mode",
                1,
                (by("room_level", lambda v: 3.2 * v), sweep("room_size", 0.5, 1.0)),
                Draw(31.0, 8.0, (sweep("room_level", -6.0, 6.0),)),
                pitch_hz=Draw(1_500.0, 1.0, (sweep("room_size", 0.6, -0.8),)),
                decay_s=Draw(0.006, 0.8),
                attack_s=0.0004,
            ),
            Emitter(
                "creak",
                "noise",
                1,
                (by("room_level", lambda v: 0.15 * v**0.7), sweep("room_size", 0.3, 1.0)),
                Draw(32.0, 6.0, (sweep("room_level", -6.0, 6.0),)),
                pitch_hz=Draw(420.0, 0.7, (sweep("room_size", 0.5, -0.6),)),
                decay_s=Draw(0.08, 0.6),
                attack_s=0.03,
                band_hz=Draw(160.0, 0.5),
                am_hz=Draw(38.0, 0.6),
                am_depth=0.8,
            ),
        ),
        callers=(
            Caller(
                "hum",
                (HUMMING,),
                1,
                DRONE_S,
                (by("room_level", lambda v: np.where(v > 0.0, 1.0, 0.0)),),
                Draw(46.0, 0.0, (ROOM_DB, HUM_DB)),
                call_pitch_oct=0.0,
                tempo_oct=0.0,
                drone=True,
            ),
        ),
        inside=True,
    )


def patches(known: Profiles) -> tuple[Patch, ...]:
    """Rooms, their air drawn to the profile "room"."""
    profile = known.get("room")
    return (_scene(profile),)
