"""Café: crockery, cutlery, chairs, the counter with its machine and grinder. Its people are the voice `crowd`.

A cup or a spoon rings in a few inharmonic modes between 2 and 9 kHz for 30–200 ms (thin shells and bars: Fletcher &
Rossing, The Physics of Musical Instruments, chapters 2 and 19), a stack of plates lower and longer. Cafés and
restaurants stand at 60–80 dB(A), most of it speech (Rusnock & Bush 2012, J. Occup. Environ. Hyg. 9): the things by
themselves are set 8–10 dB below, peaks of a near cup 70 dB(A). Steam from a pipe of 2 mm hisses about 4–9 kHz
(Strouhal 0.2 at the speed of sound); a grinder hums at 100 Hz and its multiples under a broad crunch.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Emitter, Layer, Patch, Swell, Syllable, by
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.shapes import DIFFUSE, level, rise_and_fall, spectrum, sweep, tilt, together
from ambiome_middleware.sound.voices.tempered import drawn_to

CLATTER: Final = spectrum(
    (63, -24), (125, -19), (250, -14), (500, -10), (1_000, -8), (2_000, -6), (4_000, -6), (8_000, -11), (16_000, -24)
)
STEAM: Final = spectrum(
    (125, -38), (250, -30), (500, -22), (1_000, -15), (2_000, -9), (4_000, -4), (6_300, -2), (9_000, -3), (16_000, -9)
)
GRINDER: Final = spectrum(
    (63, -24), (100, -6), (125, -14), (200, -4), (315, -8), (500, -5), (1_000, -3), (2_000, -4), (4_000, -8),
    (8_000, -15), (16_000, -27),
)  # fmt: skip
CHAIR: Final = spectrum((80, -16), (160, -8), (315, -2), (630, 0), (1_250, -5), (2_500, -11), (5_000, -19))

STEAMING: Final = together(
    *(rise_and_fall(rise, fall, 9.0, 3.0) for rise, fall in ((0.15, 4.0), (0.3, 2.2), (0.1, 1.2), (0.2, 5.5)))
)
GRINDING: Final = together(*(rise_and_fall(rise, fall, 8.0, 6.0) for rise, fall in ((0.25, 5.0), (0.2, 3.2))))
SCRAPE: Final = together(*(rise_and_fall(rise, fall, 1.2) for rise, fall in ((0.12, 0.14), (0.2, 0.25), (0.07, 0.1))))


def _ring(at_s: float, hz: float, ring_s: float, level_db: float, ratios: tuple[float, ...]) -> tuple[Syllable, ...]:
    """One touch of a shell: a click and its modes, the higher ones softer and shorter."""
    click = Syllable(at_s, 0.004, 5_500.0, level_db=level_db - 5.0, attack=0.1, noise_hz=7_000.0)
    modes = (
        Syllable(at_s, ring_s / (1.0 + 0.5 * n), hz * ratio, hz * ratio, level_db - 3.5 * n, attack=0.015)
        for n, ratio in enumerate(ratios)
    )
    return (click, *modes)


CUP: Final = (1.0, 1.42, 2.27)
PLATE: Final = (1.0, 1.58, 2.19, 2.91)
SPOON: Final = (1.0, 2.76)
GLASS: Final = (1.0, 2.32)

CLINKS: Final = (
    Call("cup on saucer", (*_ring(0.0, 2_700.0, 0.06, 0.0, CUP), *_ring(0.055, 2_640.0, 0.05, -7.0, CUP))),
    Call("cup set down", _ring(0.0, 2_150.0, 0.08, 0.0, CUP)),
    Call(
        "rattling saucer",
        tuple(s for n in range(5) for s in _ring(0.034 * n * (1 - 0.06 * n), 3_300.0, 0.04, -3.0 * n, CUP)),
    ),
    Call("spoon in the cup", (*_ring(0.0, 4_200.0, 0.13, -2.0, SPOON), *_ring(0.19, 4_120.0, 0.11, -4.0, SPOON),
        *_ring(0.36, 4_260.0, 0.12, -3.0, SPOON))),
    Call("stirring", tuple(s for n in range(9)
        for s in _ring(0.15 * n + 0.012 * (n * 7 % 3), 3_900.0 + 90.0 * (n % 3), 0.08, -7.0 - 2.0 * (n % 2), SPOON))),
    Call("spoon on saucer", (*_ring(0.0, 3_500.0, 0.16, 0.0, SPOON), *_ring(0.07, 3_480.0, 0.09, -9.0, SPOON))),
    Call("glass", _ring(0.0, 2_350.0, 0.22, -3.0, GLASS)),
    Call("glasses together", (*_ring(0.0, 2_900.0, 0.24, -1.0, GLASS), *_ring(0.02, 3_150.0, 0.2, -3.0, GLASS))),
)  # fmt: skip
STACKS: Final = (
    Call("plates", (*_ring(0.0, 1_250.0, 0.11, 0.0, PLATE), *_ring(0.09, 1_310.0, 0.09, -2.0, PLATE),
        *_ring(0.21, 1_180.0, 0.12, -1.0, PLATE))),
    Call("plate", _ring(0.0, 1_060.0, 0.15, 0.0, PLATE)),
    Call("drawer of cutlery", tuple(s for n in range(8)
        for s in _ring(0.04 * n + 0.017 * (n * 5 % 3), 3_000.0 + 410.0 * (n * 3 % 4), 0.07, -1.5 * (n * 3 % 5),
            SPOON))),
    Call("cups stacked", tuple(s for n in range(4)
        for s in _ring(0.16 * n + 0.03 * (n % 2), 2_000.0 + 130.0 * n, 0.07, -1.0 * (n % 2), CUP))),
    Call("knocking out the grounds", tuple(s for n in range(3)
        for s in (Syllable(0.22 * n, 0.05, 240.0, 200.0, 2.0, attack=0.03),
            Syllable(0.22 * n, 0.025, 1_300.0, level_db=0.0, attack=0.05, noise_hz=1_800.0)))),
)  # fmt: skip

LEVEL_DB: Final = level("cafe_level", 0.0, 12.0)
PRESENT: Final = by("cafe_level", lambda v: np.where(v > 0.0, 0.06 + 0.94 * v, 0.0))
CLINKING: Final = sweep("cafe_bustle", 0.12, 0.7)


def patches(known: Profiles) -> tuple[Patch, ...]:
    """A café, its clatter drawn to the profile "cafe"."""
    profile = known.get("cafe")
    return (
        Patch(
            "cafe",
            layers=(
                Layer(
                    "clatter of the kitchen",
                    drawn_to(CLATTER, profile, 0.5, 0.4),
                    (
                        level("cafe_level", 51.0, 12.0),
                        sweep("cafe_bustle", -5.0, 4.0),
                        tilt("room_size", 800.0, 0.8, -1.0),
                    ),
                    DIFFUSE,
                ),
            ),
            swells=(
                Swell(
                    "steam",
                    STEAM,
                    (PRESENT, sweep("cafe_bustle", 0.01, 0.09)),
                    1,
                    STEAMING,
                    Draw(56.0, 3.0, (LEVEL_DB,)),
                    width=0.5,
                    coherence=0.3,
                ),
                Swell(
                    "grinder",
                    GRINDER,
                    (PRESENT, sweep("cafe_bustle", 0.004, 0.04)),
                    1,
                    GRINDING,
                    Draw(57.0, 2.0, (LEVEL_DB,)),
                    width=0.4,
                    coherence=0.4,
                ),
                Swell(
                    "chair",
                    CHAIR,
                    (PRESENT, sweep("cafe_bustle", 0.03, 0.2)),
                    1,
                    SCRAPE,
                    Draw(56.0, 5.0, (LEVEL_DB,)),
                    width=1.0,
                ),
            ),
            emitters=(
                Emitter(
                    "stray clink",
                    "mode",
                    8,
                    (PRESENT, sweep("cafe_bustle", 1.0, 9.0)),
                    Draw(50.0, 9.0, (LEVEL_DB,)),
                    pitch_hz=Draw(3_600.0, 0.8),
                    decay_s=Draw(0.022, 0.9),
                    attack_s=0.0003,
                ),
                Emitter(
                    "thud",
                    "mode",
                    2,
                    (PRESENT, sweep("cafe_bustle", 0.1, 0.8)),
                    Draw(53.0, 6.0, (LEVEL_DB,)),
                    pitch_hz=Draw(150.0, 0.7),
                    decay_s=Draw(0.03, 0.6),
                    attack_s=0.002,
                ),
                Emitter(
                    "groan of a chair",
                    "noise",
                    1,
                    (PRESENT, sweep("cafe_bustle", 0.02, 0.15)),
                    Draw(55.0, 5.0, (LEVEL_DB,)),
                    pitch_hz=Draw(700.0, 0.8),
                    decay_s=Draw(0.16, 0.5),
                    attack_s=0.05,
                    band_hz=Draw(300.0, 0.5),
                    am_hz=Draw(70.0, 0.7),
                    am_depth=0.8,
                ),
            ),
            callers=(
                Caller(
                    "crockery",
                    CLINKS,
                    8,
                    2.5,
                    (PRESENT, CLINKING),
                    Draw(60.0, 7.0, (LEVEL_DB,)),
                    pitch=Draw(1.0, 0.45),
                    call_pitch_oct=0.12,
                    tempo_oct=0.35,
                    drop_syllable=0.08,
                ),
                Caller(
                    "counter",
                    STACKS,
                    3,
                    4.0,
                    (PRESENT, sweep("cafe_bustle", 0.06, 0.6)),
                    Draw(63.0, 5.0, (LEVEL_DB,)),
                    pitch=Draw(1.0, 0.3),
                    call_pitch_oct=0.15,
                    tempo_oct=0.3,
                    drop_syllable=0.1,
                ),
            ),
            inside=True,
        ),
    )
