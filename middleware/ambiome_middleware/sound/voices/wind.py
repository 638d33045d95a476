"""Wind: in the open, in trees, whistling on edges; rustling foliage as a feature; a branch that breaks as an event.

Levels. In the open, at the ear: 52 dB(A) at 10 m/s, growing with the fifth power of the speed, 50·log10(v). In trees:
28 dB(A) in a light breeze (2 m/s, Beaufort 2: leaves rustle), 46 at 5 m/s, 60 at 10 m/s (Beaufort 5–6), after Fégeant
(1999) and Bolin (2009), whose leaf noise spans 2–6 kHz; the boughs below it grow faster. Whistling follows Strouhal,
f = 0.2·v/d: a wire of 4 mm sings at 500 Hz in 10 m/s.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Layer, Patch, Swell, by
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    WIDE,
    becoming,
    bump,
    level,
    octaves_from,
    rise_and_fall,
    share,
    spectrum,
    sweep,
    together,
)

WIRE_M: Final = 0.004
STROUHAL: Final = 0.2


def _strouhal_hz(speed: Floats, diameter_m: float = WIRE_M) -> Floats:
    return np.maximum(STROUHAL * speed / diameter_m, 20.0)


OPEN: Final = spectrum(
    (25, 4),
    (50, 3),
    (100, 0),
    (200, -3),
    (400, -6),
    (800, -10),
    (1_600, -16),
    (3_150, -23),
    (6_300, -32),
    (16_000, -46),
)
RUMBLE: Final = spectrum((20, 6), (40, 6), (80, 3), (160, -5), (315, -15), (630, -27), (1_250, -40))
LEAVES: Final = spectrum(
    (100, -34), (250, -29), (500, -24), (1_000, -18), (2_000, -12), (4_000, -8), (6_300, -7), (10_000, -8),
    (16_000, -14)
)  # fmt: skip
BOUGHS: Final = spectrum(
    (50, -14), (100, -10), (200, -7), (400, -5), (800, -6), (1_600, -9), (3_150, -14), (6_300, -22), (16_000, -38)
)
FLAT: Final = np.zeros_like(OPEN)


def _howling(speed: Floats) -> Floats:
    """Two narrow bands at Strouhal's pitches of two wires over a faint floor, [levels] → [levels, BANDS]."""
    hz = _strouhal_hz(speed)
    return becoming(FLAT, 10.0 * np.log10(bump(hz, 0.22) + 0.25 * bump(hz / 2.3, 0.3) + 3e-5))


HOWL: Final = by("wind_m_s", _howling)
FASTER_IS_BRIGHTER: Final = by(
    "wind_m_s", lambda v: 2.2 * np.log10(np.maximum(v, 0.5) / 10.0)[:, None] * octaves_from(300, 30, 6_000)
)
STRONGER_IS_DARKER: Final = by(
    "wind_m_s", lambda v: -1.6 * np.log10(np.maximum(v, 1.0) / 6.0)[:, None] * octaves_from(3_000, 150)
)
ROUGHER_IS_LOWER: Final = by("wind_turbulence", lambda t: (0.6 - 2.0 * t)[:, None] * octaves_from(200, 30, 3_000))

BUFFET: Final = together(
    *(rise_and_fall(rise, fall, 1.6) for rise, fall in ((0.08, 0.25), (0.16, 0.3), (0.3, 0.4), (0.12, 0.15)))
)
RUSTLE: Final = together(
    *(rise_and_fall(rise, fall, 2.0) for rise, fall in ((0.12, 0.2), (0.25, 0.3), (0.4, 0.3), (0.2, 0.5)))
)
GUST: Final = together(
    *(rise_and_fall(rise, fall, 7.0) for rise, fall in ((1.2, 1.3), (2.0, 1.0), (1.6, 1.8), (0.8, 1.0)))
)

TREES_DB: Final = by("wind_m_s", lambda v: 57.0 + 46.0 * np.log10(v / 10.0))
OPEN_DB: Final = by("wind_m_s", lambda v: 61.0 + 50.0 * np.log10(v / 10.0))
SCENE: Final = Patch(
    "wind",
    layers=(
        Layer("open", OPEN, (OPEN_DB, FASTER_IS_BRIGHTER, ROUGHER_IS_LOWER), DIFFUSE),
        Layer(
            "rumble", RUMBLE, (by("wind_m_s", lambda v: 48.0 + 55.0 * np.log10(v / 10.0)),
                sweep("wind_turbulence", -14.0, 3.0)), 0.3
        ),
        Layer("leaves", LEAVES, (TREES_DB, share("wind_trees"), STRONGER_IS_DARKER), WIDE),
        Layer(
            "boughs", BOUGHS, (by("wind_m_s", lambda v: 52.0 + 58.0 * np.log10(v / 10.0)), share("wind_trees")), DIFFUSE
        ),
        Layer(
            "howl", FLAT, (by("wind_m_s", lambda v: 57.0 + 48.0 * np.log10(v / 10.0)),
                level("wind_whistle", 0.0, 20.0), HOWL), 0.6
        ),
    ),
    swells=(
        Swell(
            "buffet", RUMBLE,
            (by("wind_m_s", lambda v: np.minimum(0.25 * v, 4.0)), sweep("wind_turbulence", 0.1, 1.0)), 2, BUFFET,
            Draw(
                46.0, 5.0, (by("wind_m_s", lambda v: 52.0 * np.log10(v / 10.0)), sweep("wind_turbulence", -12.0, 1.0))),
            width=0.8, coherence=0.4,
        ),
        Swell(
            "rustle", LEAVES, (by("wind_m_s", lambda v: 0.15 * np.clip(v - 1.0, 0.0, 10.0)),
                sweep("wind_trees", 0.0, 1.0)), 1, RUSTLE,
            Draw(
                57.0, 5.0, (by("wind_m_s", lambda v: 42.0 * np.log10(v / 10.0)), share("wind_trees"),
                    sweep("wind_turbulence", -3.0, 3.0))),
            spectrum_by=(STRONGER_IS_DARKER,), width=1.0, coherence=WIDE,
        ),
        Swell(
            "gust in the trees", LEAVES, (by("wind_m_s", lambda v: 0.04 + 0.016 * np.minimum(v, 12.0)),
                sweep("wind_trees", 0.0, 1.0, power=0.3)),
            1, GUST, Draw(
                61.0, 4.0, (by("wind_m_s", lambda v: 46.0 * np.log10(v / 10.0)), share("wind_trees"),
                    sweep("wind_turbulence", -4.0, 4.0))),
            spectrum_by=(STRONGER_IS_DARKER,), pan="pass", width=0.9,
        ),
    ),
    emitters=(
        Emitter(
            "whistle", "tone", 2, (by("wind_m_s", lambda v: np.minimum(0.1 * v, 1.0)), sweep("wind_whistle", 0.0, 1.2)),
            Draw(53.0, 6.0, (by("wind_m_s", lambda v: 48.0 * np.log10(v / 10.0)), level("wind_whistle", 0.0, 20.0))),
            pitch_hz=Draw(_strouhal_hz(np.array(10.0)).item(), 0.7,
                (by("wind_m_s", lambda v: np.log2(_strouhal_hz(v) / 500.0)),)),
            decay_s=Draw(1.6, 0.5), attack_s=0.6, sweep_oct=Draw(0.05, 0.3), am_hz=Draw(5.0, 0.8), am_depth=0.4,
            second=0.12,
        ),
        Emitter(
            "leaf flutter", "noise", 24, (by("wind_m_s", lambda v: np.clip(9.0 * (v - 1.0), 0.0, 110.0)),
                sweep("wind_trees", 0.0, 1.0)),
            Draw(51.0, 8.0, (by("wind_m_s", lambda v: 36.0 * np.log10(v / 10.0)),)),
            pitch_hz=Draw(4_200.0, 0.6), decay_s=Draw(0.006, 0.8), attack_s=0.002, band_hz=Draw(3_500.0, 0.4),
        ),
    ),
)  # fmt: skip

SIZE_DB: Final = sweep("size", -9.0, 6.0, "feature")
FOLIAGE: Final = Patch(
    "wind", "feature", "foliage",
    layers=(
        Layer("leaves", LEAVES, (by("wind_m_s", lambda v: 53.0 + 46.0 * np.log10(v / 10.0)), SIZE_DB), 0.4),
        Layer("boughs", BOUGHS, (by("wind_m_s", lambda v: 49.0 + 58.0 * np.log10(v / 10.0)), SIZE_DB), 0.4),
    ),
    swells=(
        Swell(
            "gust", LEAVES, (by("wind_m_s", lambda v: 0.06 + 0.02 * np.minimum(v, 12.0)),
                sweep("level", 0.0, 1.0, "feature", 0.3)), 1,
            GUST, Draw(51.0, 4.0, (by("wind_m_s", lambda v: 46.0 * np.log10(v / 10.0)), SIZE_DB)), width=0.4,
        ),
    ),
    emitters=(
        Emitter(
            "leaf flutter", "noise", 16,
            (by("wind_m_s", lambda v: np.clip(5.0 * (v - 1.0), 0.0, 60.0)), sweep("level", 0.0, 1.0, "feature"),
                sweep("size", 0.4, 1.0, "feature")),
            Draw(46.0, 8.0, (by("wind_m_s", lambda v: 36.0 * np.log10(v / 10.0)),)),
            pitch_hz=Draw(4_200.0, 0.6, (sweep("size", 0.3, -0.3, "feature"),)), decay_s=Draw(0.006, 0.8),
            attack_s=0.002,
            band_hz=Draw(3_500.0, 0.4),
        ),
    ),
)  # fmt: skip

STRENGTH_DB: Final = sweep("strength", -14.0, 6.0, "event")
BRANCH: Final = Patch(
    "wind", "event", "branch",
    swells=(
        Swell(
            "falling through leaves", LEAVES, (by("strength", lambda s: 1.0 + 2.0 * s, "event"),), 3,
            together(rise_and_fall(0.12, 0.25, 1.2), rise_and_fall(0.24, 0.3, 1.6)), Draw(52.0, 4.0, (STRENGTH_DB,)),
            delay_s=Draw(0.55, 0.8), width=0.4,
        ),
    ),
    emitters=(
        Emitter(
            "crack", "noise", 1, (by("strength", np.ones_like, "event"),), Draw(80.0, 2.0, (STRENGTH_DB,)),
            pitch_hz=Draw(1_700.0, 0.4, (sweep("strength", 0.5, -0.4, "event"),)), decay_s=Draw(0.016, 0.4),
            attack_s=0.0003,
            band_hz=Draw(2_600.0, 0.3), width=0.1,
        ),
        Emitter(
            "splinters", "noise", 16, (by("strength", lambda s: 3.0 + 10.0 * s, "event"),),
            Draw(68.0, 10.0, (STRENGTH_DB,)),
            pitch_hz=Draw(3_000.0, 0.9), decay_s=Draw(0.005, 1.0), attack_s=0.0002, band_hz=Draw(3_000.0, 0.6),
            delay_s=Draw(0.12, 1.6), width=0.15,
        ),
        Emitter(
            "wood", "mode", 6, (by("strength", lambda s: 2.0 + 3.0 * s, "event"),), Draw(72.0, 6.0, (STRENGTH_DB,)),
            pitch_hz=Draw(520.0, 0.8, (sweep("strength", 0.6, -0.5, "event"),)), decay_s=Draw(0.014, 0.6),
            attack_s=0.0004,
            delay_s=Draw(0.03, 2.0), width=0.1,
        ),
        Emitter(
            "thud", "mode", 2, (by("strength", lambda s: 0.4 + 1.2 * s, "event"),), Draw(62.0, 4.0, (STRENGTH_DB,)),
            pitch_hz=Draw(95.0, 0.4), decay_s=Draw(0.05, 0.4), attack_s=0.003, sweep_oct=Draw(-0.3, 0.1),
            delay_s=Draw(1.3, 0.4), width=0.2,
        ),
    ),
)  # fmt: skip

PATCHES: Final[tuple[Patch, ...]] = (SCENE, FOLIAGE, BRANCH)
