"""Streams: trickle, brook, torrent; a stream as a feature; a splash as an event.

A bubble is a damped mode whose pitch rises as it comes up: f = 3.26 m·Hz / radius (Minnaert 1933), damped by 0.13/r
+ 0.0072·r^−1.5 per second (r in metres; van den Doel 2005): 27 ms at 500 Hz, 11 ms at 1 kHz, 3 ms at 3 kHz. Levels:
a trickle 35–40 dB(A), a brook 45–55, a torrent 65 and more.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Layer, Patch, Source, Swell, Table, by
from ambiome_middleware.sound.voices.shapes import WIDE, becoming, level, rise_and_fall, spectrum, sweep, together

TRICKLE: Final = spectrum(
    (125, -36), (250, -28), (500, -18), (1_000, -10), (2_000, -8), (4_000, -9), (8_000, -15), (16_000, -25)
)
BROOK: Final = spectrum(
    (63, -27), (125, -23), (250, -17), (500, -9), (800, -7), (1_600, -9), (3_150, -11), (6_300, -14), (16_000, -24)
)
TORRENT: Final = spectrum(
    (31, -12),
    (63, -8),
    (125, -6),
    (250, -6),
    (500, -7),
    (1_000, -8),
    (2_000, -9),
    (4_000, -11),
    (8_000, -15),
    (16_000, -24),
)
FLOW: Final = 14.0
"""dB a decade of flow: with the column's square curve, 28 dB from a tenth of its way to the whole."""


def _by_size(size: Floats) -> Floats:
    """From trickle (0) over brook (0.5) to torrent (1), [levels] → [levels, BANDS]: blended in dB."""
    low, high = np.clip(2.0 * size, 0, 1)[:, None], np.clip(2.0 * size - 1.0, 0, 1)[:, None]
    target = (1.0 - low) * TRICKLE + (low - high) * BROOK + high * TORRENT
    return becoming(BROOK, target)


def _bubbles(
    rate: tuple[Table, ...], size: str, gain: tuple[Table, ...], source: Source, slots: int
) -> tuple[Emitter, ...]:
    """Small, middling and large bubbles, each damped as its size asks; `rate` counts all of them together."""
    lower = sweep(size, 0.5, -0.6, source)
    return (
        Emitter(
            "small bubble", "mode", 2 * slots, (*rate, sweep(size, 0.70, 0.50, source)), Draw(48.0, 11.0, gain),
            pitch_hz=Draw(2_800.0, 0.9, (lower,), "bell"), decay_s=Draw(0.0035, 0.7), attack_s=0.0006,
            sweep_oct=Draw(0.15, 0.15),
        ),
        Emitter(
            "bubble", "mode", 2 * slots, (*rate, sweep(size, 0.26, 0.28, source)), Draw(49.0, 10.0, gain),
            pitch_hz=Draw(1_250.0, 0.6, (lower,), "bell"), decay_s=Draw(0.0075, 0.6), attack_s=0.001,
            sweep_oct=Draw(0.22, 0.2),
        ),
        Emitter(
            "large bubble", "mode", slots, (*rate, sweep(size, 0.05, 0.20, source)), Draw(49.0, 8.0, gain),
            pitch_hz=Draw(520.0, 0.6, (lower,), "bell"), decay_s=Draw(0.018, 0.5), attack_s=0.002,
            sweep_oct=Draw(0.28, 0.22),
        ),
    )  # fmt: skip


SIZE_DB: Final = by("stream_size", lambda s: 22.0 * s - 11.0)
SPECTRUM: Final = by("stream_size", _by_size)
SURGE: Final = together(*(rise_and_fall(rise, fall, 3.0) for rise, fall in ((0.3, 0.5), (0.6, 0.5), (0.4, 0.9))))
SCENE: Final = Patch(
    "stream",
    layers=(
        Layer(
            "rush", BROOK, (level("stream_level", 53.5, FLOW), SIZE_DB, sweep("stream_babble", 3.0, -6.0), SPECTRUM),
            WIDE
        ),
    ),
    swells=(
        Swell(
            "surge", BROOK, (by("stream_level", lambda v: 1.2 * v**0.3), sweep("stream_size", 0.4, 1.0)), 1, SURGE,
            Draw(49.0, 4.0, (level("stream_level", 0.0, FLOW), SIZE_DB, sweep("stream_babble", 1.0, -3.0))),
            spectrum_by=(SPECTRUM,), width=0.8,
        ),
    ),
    emitters=_bubbles(
        (by("stream_level", lambda v: 260.0 * v**0.5), sweep("stream_babble", 0.12, 1.0)),
        "stream_size", (level("stream_level", 6.5, 10.0), sweep("stream_size", -5.0, 7.0),
            sweep("stream_babble", -3.0, 1.0)), "scene", 12,
    ),
)  # fmt: skip

FEATURE_SPECTRUM: Final = by("size", _by_size, "feature")
FEATURE_DB: Final = by("size", lambda s: 26.0 * s - 13.0, "feature")
FEATURE: Final = Patch(
    "stream", "feature", "stream",
    layers=(Layer("rush", BROOK, (sweep("size", 31.0, 57.5, "feature"), FEATURE_SPECTRUM), 0.4),),
    swells=(
        Swell(
            "surge", BROOK, (by("level", lambda v: 0.8 * v**0.3, "feature"),), 1, SURGE,
            Draw(42.0, 4.0, (FEATURE_DB,)), spectrum_by=(FEATURE_SPECTRUM,), width=0.3,
        ),
    ),
    emitters=_bubbles(
        (by("level", lambda v: 90.0 * v**0.5, "feature"), sweep("size", 0.5, 1.0, "feature")),
        "size", (sweep("size", -6.0, 9.0, "feature"),), "feature", 6,
    ),
)  # fmt: skip

STRENGTH_DB: Final = sweep("strength", -14.0, 8.0, "event")
DEEPER: Final = sweep("strength", 0.8, -0.7, "event")
SPLASH: Final = Patch(
    "stream", "event", "splash",
    swells=(
        Swell(
            "spray", TRICKLE, (by("strength", lambda s: 0.5 + 1.5 * s, "event"),), 2,
            together(rise_and_fall(0.02, 0.16, 0.8), rise_and_fall(0.06, 0.25, 1.2)), Draw(50.0, 3.0, (STRENGTH_DB,)),
            width=0.4,
        ),
    ),
    emitters=(
        Emitter(
            "slap", "noise", 2, (by("strength", lambda s: 1.0 + 0.8 * s, "event"),), Draw(66.0, 3.0, (STRENGTH_DB,)),
            pitch_hz=Draw(2_000.0, 0.5, (DEEPER,)), decay_s=Draw(0.035, 0.5, (sweep("strength", -0.7, 0.9, "event"),)),
            attack_s=0.002,
            band_hz=Draw(3_000.0, 0.4), delay_s=Draw(0.002, 0.5), width=0.15,
        ),
        Emitter(
            "plunge", "mode", 2, (by("strength", lambda s: 1.0 + 0.8 * s, "event"),), Draw(64.0, 3.0, (STRENGTH_DB,)),
            pitch_hz=Draw(300.0, 0.4, (DEEPER,)), decay_s=Draw(0.045, 0.4), attack_s=0.004, sweep_oct=Draw(0.45, 0.2),
            delay_s=Draw(0.06, 0.7), width=0.15,
        ),
        Emitter(
            "bubbles", "mode", 32, (by("strength", lambda s: 6.0 + 24.0 * s, "event"),),
            Draw(55.0, 8.0, (STRENGTH_DB,)),
            pitch_hz=Draw(900.0, 1.0, (DEEPER,), "bell"), decay_s=Draw(0.013, 0.6), attack_s=0.001,
            sweep_oct=Draw(0.3, 0.2),
            delay_s=Draw(0.18, 1.6), width=0.3,
        ),
        Emitter(
            "drops falling back", "noise", 32, (by("strength", lambda s: 4.0 + 24.0 * s, "event"),),
            Draw(50.0, 9.0, (STRENGTH_DB,)),
            pitch_hz=Draw(4_800.0, 0.6), decay_s=Draw(0.0016, 0.7), attack_s=0.0003, band_hz=Draw(4_000.0, 0.4),
            delay_s=Draw(0.42, 0.8), width=0.5,
        ),
    ),
)  # fmt: skip

PATCHES: Final[tuple[Patch, ...]] = (SCENE, FEATURE, SPLASH)
