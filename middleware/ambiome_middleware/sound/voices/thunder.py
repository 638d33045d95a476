"""Thunder: an event, from the crack of a near stroke to the rumble of a far one.

A middling stroke peaks (fast, 125 ms) at 110 dB(A) in 100 m, 75 in 1 km and 45 in 10 km, by the inverse square, the
air's absorption and what follows; the strongest at 8–10 dB more. The channel is kilometres long and crooked: its
nearest part arrives first and sharp, as N-waves of some 100 Hz; the rest follows for seconds, clap by clap, and the
terrain adds its own echoes (`thunder_roll`). Peak of the spectrum: 50–200 Hz (Few 1969; Holmes et al. 1971). What
is farther off has lost its treble beyond what still air takes, by turbulence, ground and the bending of sound
upwards in warm air: thunder is seldom heard beyond 20 km.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Patch, Swell, by
from ambiome_middleware.sound.voices.shapes import DIFFUSE, octaves_from, rise_and_fall, spectrum, sweep, together
from ambiome_middleware.tokens import STEP_S

BOLT: Final = spectrum(
    (20, -6), (40, 0), (80, 3), (160, 3), (315, 1), (630, -2), (1_250, -5), (2_500, -9), (5_000, -14), (10_000, -22)
)
RUMBLE: Final = spectrum((20, -3), (40, 2), (80, 4), (160, 2), (315, -3), (630, -10), (1_250, -20), (2_500, -34))


def _nearness(distance_m: Floats) -> Floats:
    """1 at 100 m and less, 0 at 10 km and more."""
    return np.asarray(np.clip(1.0 - np.log10(np.maximum(distance_m, 1.0) / 100.0) / 2.0, 0.0, 1.0))


def _dulling(distance_m: Floats) -> Floats:
    km = np.minimum(distance_m, 20_000.0)[:, None] / 1_000.0
    return np.asarray(-1.1 * np.sqrt(km) * np.maximum(octaves_from(120.0, 120.0, 8_000.0), 0.0))


NEARNESS_SHAPES: Final = 8
NEAR_SHAPE: Final = by("distance_m", lambda d: np.round(_nearness(d) * (NEARNESS_SHAPES - 1)), "event")


def _rough(envelope: Floats, phase: float) -> Floats:
    """An envelope whose level wavers by some ±8 dB, three times a second and slower, as a crooked channel's does."""
    t = np.arange(len(envelope)) * STEP_S
    waves = ((3.0, 0.47, 1.0), (4.0, 1.13, 2.7), (4.0, 1.97, 0.4), (4.0, 3.1, 4.1))
    wavering = sum(db * np.sin(2.0 * np.pi * (hz * t + phase * (1.0 + hz)) + start) for db, hz, start in waves)
    whole = envelope * 10.0 ** (np.asarray(wavering) * np.clip(t / 0.5, 0.0, 1.0) / 10.0)
    return np.asarray(whole / whole.max())


MAIN: Final = together(
    *(
        _rough(rise_and_fall(1.1 * (1.0 - n) ** 1.5 + 0.02, 3.4 - 1.9 * n, 9.5, 1.0), 0.37 * n)
        for n in np.linspace(0, 1, NEARNESS_SHAPES)
    )
)
CLAP: Final = together(
    *(
        rise_and_fall(0.35 * (1.0 - n) ** 1.5 + 0.02, 0.42 - 0.26 * n, 3.6, 0.9)
        for n in np.linspace(0, 1, NEARNESS_SHAPES)
    )
)
DULL: Final = by("distance_m", _dulling, "event")
STRENGTH_DB: Final = sweep("strength", -12.0, 5.0, "event")
ONCE: Final = by("strength", np.ones_like, "event")
CLAPS: Final = by("distance_m", lambda d: 6.0 + 3.0 * (1.0 - _nearness(d)), "event")
FARTHER_IS_SOFTER: Final = by("distance_m", lambda d: -26.0 * (1.0 - _nearness(d)), "event")
"""An N-wave lengthens and loses its front on the way, more than it fades."""
MORE: Final = by("strength", lambda s: 1.0 + 0.9 * s, "event")
LATER: Final = by("distance_m", lambda d: _dulling(d) - 1.0 * np.maximum(octaves_from(200.0), 0.0), "event")
ECHOES: Final = by("thunder_roll", lambda r: 1.0 + 9.0 * r)
CRACKS: Final = by("distance_m", lambda d: 36.0 * np.clip(_nearness(d) - 0.35, 0.0, 1.0), "event")
BODY_DB: Final = by("distance_m", lambda d: 5.0 * np.clip(2.0 * _nearness(d) - 1.0, 0.0, 1.0), "event")
"""Nearer than 1 km the channel stands tall overhead: its upper parts follow nearly as loud as the first."""
BANDWIDTH: Final = by("distance_m", lambda d: -3.0 * (1.0 - _nearness(d)), "event")
SHEAR: Final = by("strength", lambda s: 0.5 + 0.7 * s, "event")

PATCHES: Final[tuple[Patch, ...]] = (
    Patch(
        "thunder", "event", "thunder",
        swells=(
            Swell(
                "main stroke", BOLT, (ONCE,), 1, MAIN, Draw(81.0, 1.5, (STRENGTH_DB, BODY_DB)), shape_by=NEAR_SHAPE,
                spectrum_by=(DULL,),
                width=0.2, coherence=np.maximum(DIFFUSE, 0.4),
            ),
            Swell(
                "first claps", BOLT, (CLAPS, SHEAR), 16, CLAP, Draw(82.0, 7.0, (STRENGTH_DB, BODY_DB)),
                shape_by=NEAR_SHAPE, spectrum_by=(DULL,), delay_s=Draw(
                    0.6, 1.3, (by("distance_m", lambda d: 1.0 - 1.6 * _nearness(d), "event"),)),
                width=0.6, coherence=DIFFUSE,
            ),
            Swell(
                "later claps", BOLT, (CLAPS, MORE), 16, CLAP, Draw(75.0, 8.0, (STRENGTH_DB, BODY_DB)),
                shape_by=NEAR_SHAPE, spectrum_by=(LATER,),
                delay_s=Draw(2.2, 1.3), width=0.8, coherence=DIFFUSE,
            ),
            Swell(
                "roll", RUMBLE, (ECHOES,), 12, CLAP, Draw(78.0, 4.0, (STRENGTH_DB, sweep("thunder_roll", -6.0, 2.0))),
                shape_by=by("thunder_roll", lambda r: np.round(2.0 - 2.0 * r)), spectrum_by=(DULL,),
                delay_s=Draw(2.2, 0.6, (sweep("thunder_roll", -0.4, 0.7),)), width=1.0, coherence=0.2,
            ),
        ),
        emitters=(
            Emitter(
                "crack", "noise", 40, (CRACKS, SHEAR), Draw(97.0, 7.0, (STRENGTH_DB, FARTHER_IS_SOFTER)),
                pitch_hz=Draw(2_400.0, 0.8, (by("distance_m", lambda d: -2.0 * (1.0 - _nearness(d)), "event"),)),
                decay_s=Draw(0.022, 0.9), attack_s=0.0004, band_hz=Draw(3_600.0, 0.6, (BANDWIDTH,)),
                delay_s=Draw(0.11, 1.9, shape="bell"), width=0.5,
            ),
            Emitter(
                "tearing", "noise", 64, (CRACKS, by("strength", lambda s: 0.3 + 1.1 * s, "event")),
                Draw(
                    90.0, 7.0, (
                        STRENGTH_DB, by("distance_m", lambda d: -25.0 * np.clip(d / 1_000.0, 0.0, 2.0), "event"))),
                pitch_hz=Draw(4_200.0, 0.8), decay_s=Draw(0.007, 0.8), attack_s=0.0003, band_hz=Draw(4_500.0, 0.4),
                delay_s=Draw(0.16, 1.7), width=0.6,
            ),
            Emitter(
                "N-wave", "mode", 16,
                (by("distance_m", lambda d: 18.0 * np.clip(_nearness(d) - 0.2, 0.0, 1.0), "event"),),
                Draw(94.0, 7.0, (STRENGTH_DB, FARTHER_IS_SOFTER)), pitch_hz=Draw(110.0, 0.8), decay_s=Draw(0.018, 0.6),
                attack_s=0.0015,
                sweep_oct=Draw(-0.4, 0.3), delay_s=Draw(0.13, 2.4), width=0.3,
            ),
        ),
        reference_m=1_000.0,
    ),
)  # fmt: skip
