"""Drips: in a cave, a cellar, under eaves; on stone or into deep water. Also as a feature.

Each of 24 places has its own pitch. A drop into water is a tick, and some 20–40 ms later the bubble that it trapped
(Pumphrey & Crum 1989; Phillips, Agarwal & Jordan 2018: the "plink" is the bubble); on stone it is a burst of a
millisecond and the stone's own short ring. Peaks of 40–55 dB(A).
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Emitter, Floats, Layer, Patch, Syllable, by
from ambiome_middleware.sound.voices.shapes import spectrum, sweep

PLACES: Final = 24
WINDOW_S: Final = 1.0


def _plink(bubble_hz: float, wait_s: float, ring_s: float, rise: float, second: float = 0.0) -> Call:
    """A tick and the bubble behind it; `second` adds the smaller bubble that sometimes follows."""
    tick = Syllable(0.0, 0.006, 4_200.0, level_db=-7.0, attack=0.08, noise_hz=4_500.0)
    bubble = Syllable(wait_s, ring_s, bubble_hz, bubble_hz * rise, attack=0.03)
    late = Syllable(wait_s + 0.07, 0.6 * ring_s, bubble_hz * 1.9, bubble_hz * 2.1, level_db=second - 9.0, attack=0.04)
    return Call("plink", (tick, bubble, late) if second else (tick, bubble))


PLINKS: Final = (
    _plink(900.0, 0.022, 0.036, 1.06),
    _plink(900.0, 0.028, 0.030, 1.12, -2.0),
    _plink(1_050.0, 0.018, 0.026, 1.03),
    _plink(780.0, 0.034, 0.045, 1.08),
    _plink(900.0, 0.025, 0.050, 1.04, -5.0),
    _plink(1_250.0, 0.016, 0.022, 1.15),
)


def _chance(rate: Floats) -> Floats:
    """Probability that a place drips in a window, for a total rate (1/s)."""
    return np.asarray(np.minimum(rate * WINDOW_S / PLACES, 1.0))


SEEP: Final = spectrum(
    (125, -30), (250, -22), (500, -14), (1_000, -9), (2_000, -8), (4_000, -10), (8_000, -15), (16_000, -24)
)
TICK_DB: Final = sweep("drips_size", -6.0, 6.0)
SCENE: Final = Patch(
    "drips",
    layers=(
        Layer(
            "seeping", SEEP, (by("drips_per_s", lambda r: 16.0 + 12.0 * np.log10(r)), sweep("drips_size", -3.0, 3.0)),
            0.1),),
    emitters=(
        Emitter(
            "tick on stone", "noise", 4, (by("drips_per_s", lambda r: r), sweep("drips_depth", 1.0, 0.0)),
            Draw(47.0, 6.0, (TICK_DB,)),
            pitch_hz=Draw(4_600.0, 0.6, (sweep("drips_size", 0.5, -0.6),)), decay_s=Draw(0.0014, 0.6), attack_s=0.0002,
            band_hz=Draw(4_000.0, 0.4),
        ),
        Emitter(
            "ring of the stone", "mode", 4, (by("drips_per_s", lambda r: 0.6 * r), sweep("drips_depth", 1.0, 0.0)),
            Draw(45.0, 7.0, (TICK_DB,)),
            pitch_hz=Draw(1_900.0, 0.8, (sweep("drips_size", 0.6, -0.7),)), decay_s=Draw(0.005, 0.7), attack_s=0.0003,
        ),
    ),
    callers=(
        Caller(
            "plink", PLINKS, PLACES, WINDOW_S, (by("drips_per_s", _chance), sweep("drips_depth", 0.0, 1.0)),
            Draw(48.0, 5.0, (TICK_DB,)),
            pitch=Draw(1.0, 0.9, (sweep("drips_size", 0.9, -0.8),)), call_pitch_oct=0.06, tempo_oct=0.15,
        ),
    ),
    inside=True,
)  # fmt: skip

FEATURE_RATE: Final = by("size", lambda s: 0.4 * 12.0**s, "feature")
PRESENT: Final = by("level", lambda v: np.clip(v, 0.0, 1.0) ** 0.5, "feature")
FEATURE: Final = Patch(
    "drips", "feature", "drips",
    emitters=(
        Emitter(
            "tick", "noise", 2, (FEATURE_RATE, PRESENT, by("size", lambda s: np.full_like(s, 0.5), "feature")),
            Draw(45.0, 6.0),
            pitch_hz=Draw(4_400.0, 0.6), decay_s=Draw(0.0016, 0.6), attack_s=0.0002, band_hz=Draw(4_000.0, 0.4),
            width=0.2,
        ),
        Emitter(
            "plink", "mode", 2, (FEATURE_RATE, PRESENT), Draw(49.0, 6.0),
            pitch_hz=Draw(1_100.0, 0.8, (sweep("size", 0.7, -0.6, "feature"),)), decay_s=Draw(0.016, 0.5),
            attack_s=0.0006,
            sweep_oct=Draw(0.2, 0.15), width=0.2,
        ),
    ),
    reference_m=3.0,
    inside=True,
)  # fmt: skip

PATCHES: Final[tuple[Patch, ...]] = (SCENE, FEATURE)
