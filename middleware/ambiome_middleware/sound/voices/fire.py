"""Fire: roar, hiss, crackles and pops; from a candle to a burning house as a feature.

Crackles are bursts of 1–5 ms where steam or resin breaks the wood, broad from 1 to 16 kHz and spread over
some 30 dB; the roar is turbulence of the flame, below 300 Hz, and grows with the draught. Levels: a camp fire
50–55 dB(A) at 2 m (40 at 10 m); everything around burning, 70 and more.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Flutter, Layer, Patch, Source, Swell, Table, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.shapes import DIFFUSE, WIDE, level, rise_and_fall, spectrum, sweep, together
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like, pitched_like, ringing_like

ROAR: Final = spectrum(
    (20, 2),
    (40, 5),
    (63, 5),
    (100, 2),
    (160, -2),
    (250, -6),
    (500, -12),
    (1_000, -17),
    (2_000, -23),
    (4_000, -30),
    (16_000, -45),
)
HISS: Final = spectrum(
    (100, -26),
    (250, -24),
    (500, -21),
    (1_000, -17),
    (2_000, -13),
    (4_000, -10),
    (8_000, -9),
    (12_500, -12),
    (16_000, -16),
)
FLUTTER: Final = together(
    *(rise_and_fall(rise, fall, 1.2) for rise, fall in ((0.08, 0.12), (0.12, 0.2), (0.2, 0.25), (0.06, 0.08)))
)
SPUTTER: Final = together(
    *(rise_and_fall(rise, fall, 1.6) for rise, fall in ((0.04, 0.1), (0.05, 0.3), (0.2, 0.25), (0.04, 0.5)))
)
FLAMES: Final = spectrum(
    (63, -6), (125, -4), (250, -8), (500, -12), (1_000, -15), (2_000, -18), (4_000, -21), (8_000, -24), (16_000, -32)
)
LICKING: Final = Flutter(np.tile([2.0, 2.2, 1.8, 1.5, 1.2, 1.0, 1.0, 0.8], (10, 1)), 0.7)
"""Flames flicker at 1–10 Hz (buoyant puffing, f = 1.5/√diameter in m: Cetegen & Ahmed 1993)."""
HISSING: Final = Flutter(np.tile([0.8, 1.2, 1.4, 1.4, 1.2, 1.2, 1.0, 1.0], (10, 1)), 0.6)
FLURRIES: Final = np.array([0.3, 0.5, 0.6, 0.6, 0.5, 0.4, 0.3, 0.3])
"""Steam and resin give way in runs: crackles come in flurries of a fraction of a second to some seconds."""
BURNING: Final = 14.0
"""dB a decade of burning."""


def _crackles(
    rate: tuple[Table, ...],
    gain: tuple[Table, ...],
    source: Source,
    slots: int,
    offset_db: float,
    width: float,
    profile: Profile | None,
) -> tuple[Emitter, ...]:
    return (
        Emitter(
            "crackle",
            "noise",
            2 * slots,
            (*rate, by(rate[0].column, lambda v: np.full_like(v, 0.74), source)),
            Draw(56.0 + offset_db, 16.0, gain),
            pitch_hz=pitched_like(Draw(8_600.0, 0.6), profile, 5_500.0, 16_000.0),
            decay_s=ringing_like(Draw(0.0006, 1.3), profile, 5_500.0, 16_000.0, 0.3),
            attack_s=0.0001,
            band_hz=Draw(17_000.0, 0.4),
            width=width,
            bursts=FLURRIES,
        ),
        Emitter(
            "near crack",
            "noise",
            4,
            (*rate, by(rate[0].column, lambda v: np.full_like(v, 0.02), source)),
            Draw(75.0 + offset_db, 8.0, gain),
            pitch_hz=Draw(8_000.0, 0.6),
            decay_s=Draw(0.0005, 0.8),
            attack_s=0.0001,
            band_hz=Draw(19_000.0, 0.3),
            width=width,
            bursts=FLURRIES,
        ),
        Emitter(
            "snap",
            "noise",
            slots,
            (*rate, by(rate[0].column, lambda v: np.full_like(v, 0.22), source)),
            Draw(56.0 + offset_db, 15.0, gain),
            pitch_hz=pitched_like(Draw(4_800.0, 0.9), profile, 2_500.0, 5_500.0),
            decay_s=ringing_like(Draw(0.0013, 1.0), profile, 2_500.0, 5_500.0, 0.3),
            attack_s=0.0001,
            band_hz=Draw(9_500.0, 0.6),
            width=width,
            bursts=FLURRIES,
        ),
        Emitter(
            "pop",
            "noise",
            4,
            (*rate, by(rate[0].column, lambda v: np.full_like(v, 0.025), source)),
            Draw(66.0 + offset_db, 10.0, gain),
            pitch_hz=Draw(2_300.0, 0.9),
            decay_s=Draw(0.005, 1.0),
            attack_s=0.0001,
            band_hz=Draw(7_000.0, 0.6),
            width=width,
        ),
        Emitter(
            "knock of the wood",
            "mode",
            4,
            (*rate, by(rate[0].column, lambda v: np.full_like(v, 0.015), source)),
            Draw(54.0 + offset_db, 8.0, gain),
            pitch_hz=Draw(380.0, 0.8),
            decay_s=Draw(0.012, 0.6),
            attack_s=0.0006,
            sweep_oct=Draw(-0.1, 0.1),
            width=width,
        ),
    )


CRACKLES_PER_S: Final = by("fire_level", lambda v: 150.0 * v**0.4)


def _scene(profile: Profile | None) -> Patch:
    return Patch(
        "fire",
        layers=(
            Layer(
                "roar",
                drawn_to(ROAR, profile, 0.5, 0.4),
                (level("fire_level", 65.0, BURNING), sweep("fire_roar", -18.0, 12.0)),
                DIFFUSE,
            ),
            Layer(
                "flames",
                FLAMES,
                (level("fire_level", 55.0, BURNING), sweep("fire_roar", -6.0, 9.0)),
                DIFFUSE,
                flutter=moved_like(LICKING, profile, 0.5),
            ),
            Layer(
                "hiss",
                drawn_to(HISS, profile, 0.5, 0.4),
                (level("fire_level", 53.0, BURNING), sweep("fire_crackle", -3.0, 3.0)),
                WIDE,
                flutter=moved_like(HISSING, profile, 0.5),
            ),
        ),
        swells=(
            Swell(
                "flutter",
                ROAR,
                (by("fire_level", lambda v: 6.0 * v**0.3), sweep("fire_roar", 0.3, 1.0)),
                2,
                FLUTTER,
                Draw(63.0, 5.0, (level("fire_level", 0.0, BURNING), sweep("fire_roar", -16.0, 10.0))),
                width=0.7,
            ),
            Swell(
                "sputter",
                HISS,
                (by("fire_level", lambda v: 0.9 * v**0.3), sweep("fire_crackle", 0.15, 1.0)),
                1,
                SPUTTER,
                Draw(52.0, 6.0, (level("fire_level", 0.0, 10.0),)),
                width=0.9,
            ),
        ),
        emitters=_crackles(
            (CRACKLES_PER_S, sweep("fire_crackle", 0.03, 1.0)),
            (level("fire_level", 10.0, 10.0), sweep("fire_crackle", -4.0, 3.0)),
            "scene",
            16,
            0.0,
            1.0,
            profile,
        ),
    )


SIZE_DB: Final = sweep("size", -16.0, 24.0, "feature")


def _feature(profile: Profile | None) -> Patch:
    return Patch(
        "fire",
        "feature",
        "fire",
        layers=(
            Layer("roar", drawn_to(ROAR, profile, 0.5, 0.4), (sweep("size", 16.0, 68.0, "feature"),), 0.5),
            Layer(
                "flames",
                FLAMES,
                (sweep("size", 13.0, 55.0, "feature"),),
                0.5,
                flutter=moved_like(LICKING, profile, 0.5),
            ),
            Layer(
                "hiss",
                drawn_to(HISS, profile, 0.5, 0.4),
                (sweep("size", 14.0, 53.0, "feature"),),
                0.3,
                flutter=moved_like(HISSING, profile, 0.5),
            ),
        ),
        swells=(
            Swell(
                "flutter",
                ROAR,
                (by("level", lambda v: 5.0 * v**0.3, "feature"),),
                1,
                FLUTTER,
                Draw(36.0, 5.0, (sweep("size", -20.0, 30.0, "feature"),)),
                width=0.3,
            ),
            Swell(
                "sputter",
                HISS,
                (by("level", lambda v: 0.6 * v**0.3, "feature"),),
                1,
                SPUTTER,
                Draw(31.0, 6.0, (SIZE_DB,)),
                width=0.3,
            ),
        ),
        emitters=_crackles(
            (by("level", lambda v: 60.0 * v**0.4, "feature"), by("size", lambda s: 0.12 + 0.88 * s, "feature")),
            (sweep("size", -9.0, 16.0, "feature"),),
            "feature",
            6,
            -9.0,
            0.4,
            profile,
        ),
    )


def patches(known: Profiles) -> tuple[Patch, ...]:
    """Fires, their beds and crackles drawn to the profile "fire"."""
    profile = known.get("fire")
    return (_scene(profile), _feature(profile))
