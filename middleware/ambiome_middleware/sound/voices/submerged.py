"""Under water: bubbles of all sizes, trains of them that rise past, air that gulps, and the waves overhead.

A free bubble rings at 3.26 m·Hz / radius (Minnaert 1933, Philosophical Magazine 16): 5 mm at 650 Hz, 2 cm at 160 Hz,
damped within some ten periods. One place gives up train after train of bubbles of nearly one size, and each is rung as
it closes, its pitch rising while it is still close to what it left (Leighton 1994, The Acoustic Bubble).
Waves that break leave clouds of them, many small and few large. The sea's own noise rises by some 5 dB as the wind
doubles (Knudsen, Alford & Emling 1948, Journal of Marine Research 7; Wenz 1962, JASA 34): the scene's `under_water`
holds that. It is dull there: recordings hold little above 3 kHz but where the water itself rushes. Levels as they are
felt, for no dB of water compares with air's: 48 dB(A) in a calm, 62 in a gale.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Emitter, Floats, Layer, Patch, Swell, Syllable, by
from ambiome_middleware.sound.voices.motion import flutter, uneven
from ambiome_middleware.sound.voices.shapes import DIFFUSE, level, rise_and_fall, spectrum, together

_GOLDEN: Final = 0.618_033_988_749_895

PRESSURE: Final = spectrum(
    (31, -28), (63, -19), (125, -9), (250, -1), (400, 0), (630, -6), (1_000, -14), (2_000, -26), (4_000, -42),
    (8_000, -60)
)  # fmt: skip
CLOUDS: Final = spectrum(
    (125, -24), (250, -13), (400, -5), (630, -1), (1_000, 0), (1_600, -5), (2_500, -12), (4_000, -24), (8_000, -46)
)  # fmt: skip
SLOSH: Final = spectrum((40, -16), (80, -8), (160, -2), (315, 0), (630, -6), (1_250, -16), (2_500, -30), (5_000, -48))
OVERHEAD: Final = uneven(
    together(*(rise_and_fall(rise, fall, 3.2) for rise, fall in ((0.3, 0.4), (0.6, 0.5), (0.2, 0.7), (0.9, 0.8)))), 3
)
FLURRIES: Final = np.array([0.4, 0.4, 0.3, 0.2, 0.1, 0.1, 0.0, 0.0])


def _bubble(at_s: float, hz: float, db: float, rise: float) -> Syllable:
    """A bubble that closes: some ten periods and the time it takes to break off."""
    return Syllable(at_s, 8.0 / hz + 0.008, hz, rise * hz, level_db=db, attack=0.1)


def _train(bubbles: int, first_hz: float, per_s: float, drift_oct: float, rise: float = 1.18) -> Call:
    """A train of bubbles out of one place, nearer and away again, their size drifting by `drift_oct` till its end."""
    chance = (np.arange(3 * bubbles) + bubbles) * _GOLDEN % 1.0
    gaps, sizes, depths = chance.reshape(3, bubbles)
    at_s = np.concatenate([[0.0], np.cumsum((0.45 + 1.1 * gaps[1:]) / per_s)])
    hz = first_hz * 2.0 ** (drift_oct * np.linspace(0.0, 1.0, bubbles) + 0.5 * (sizes - 0.5))
    passing_db = 12.0 * np.sin(np.pi * (np.arange(bubbles) + 0.7) / (bubbles + 0.4)) - 12.0
    return Call(
        f"train of {bubbles}",
        tuple(
            _bubble(float(at), float(pitch), float(db), rise)
            for at, pitch, db in zip(at_s, hz, passing_db - 6.0 * depths, strict=True)
        ),
    )


TRAINS: Final = (
    _train(5, 520.0, 9.0, 0.3), _train(7, 430.0, 11.0, -0.2, 1.4), _train(9, 680.0, 14.0, 0.5),
    _train(12, 560.0, 13.0, 0.4), _train(15, 800.0, 18.0, -0.3, 1.2), _train(18, 480.0, 15.0, 0.6),
    _train(22, 640.0, 17.0, 0.7), _train(27, 900.0, 21.0, 0.3, 1.2), _train(33, 590.0, 19.0, 0.8),
    _train(40, 740.0, 22.0, 0.6),
)  # fmt: skip
GULPS: Final = (
    _train(2, 190.0, 7.0, 0.3, 1.9), _train(3, 230.0, 8.0, 0.5, 1.7), _train(3, 160.0, 6.0, 0.4, 2.0),
    _train(4, 270.0, 10.0, 0.6, 1.6), _train(5, 250.0, 11.0, -0.3, 1.8), _train(6, 300.0, 13.0, 0.7, 1.5),
)  # fmt: skip


def _there(value: Floats) -> Floats:
    """Whether the listener is under at all, 0 … 1: full from a calm on."""
    return np.asarray(np.clip(value / 0.1, 0.0, 1.0))


def _stirred(value: Floats) -> Floats:
    """How much air the waves carry down, 1 in a fresh breeze."""
    return np.asarray(_there(value) * (0.45 + 0.8 * value))


WITH_WIND_DB: Final = level("under_water", 0.0, 12.0)

PATCH: Final = Patch(
    "stream",
    layers=(
        Layer("pressure", PRESSURE, (level("under_water", 48.5, 16.0),), DIFFUSE, flutter(0.5, 0.6, 0.6)),
        Layer(
            "clouds of bubbles", CLOUDS, (level("under_water", 39.0, 16.0),), 0.3, flutter(1.2, 1.2, 1.0, common=0.4),
        ),
    ),
    swells=(
        Swell(
            "wave overhead", SLOSH, (by("under_water", lambda v: _there(v) * (0.5 + 1.0 * v)),), 1, OVERHEAD,
            Draw(48.0, 5.0, (level("under_water", 0.0, 16.0),)), width=1.0, coherence=0.5,
        ),
    ),
    emitters=(
        Emitter(
            "small bubble", "mode", 8, (by("under_water", lambda v: 150.0 * _stirred(v)),),
            Draw(44.0, 10.0, (WITH_WIND_DB,)),
            pitch_hz=Draw(1_500.0, 0.9, (), "bell"), decay_s=Draw(0.005, 0.6), attack_s=0.001,
            sweep_oct=Draw(0.1, 0.15), bursts=FLURRIES,
        ),
        Emitter(
            "bubble", "mode", 8, (by("under_water", lambda v: 170.0 * _stirred(v)),),
            Draw(52.0, 10.0, (WITH_WIND_DB,)),
            pitch_hz=Draw(620.0, 1.0, (), "bell"), decay_s=Draw(0.011, 0.6), attack_s=0.0015,
            sweep_oct=Draw(0.12, 0.2), bursts=FLURRIES,
        ),
        Emitter(
            "large bubble", "mode", 4, (by("under_water", lambda v: 24.0 * _stirred(v)),),
            Draw(54.0, 8.0, (WITH_WIND_DB,)),
            pitch_hz=Draw(260.0, 0.7, (), "bell"), decay_s=Draw(0.024, 0.5), attack_s=0.004,
            sweep_oct=Draw(0.25, 0.25), bursts=FLURRIES,
        ),
        Emitter(
            "gush of small ones", "noise", 6, (by("under_water", lambda v: 40.0 * _stirred(v)),),
            Draw(49.0, 9.0, (WITH_WIND_DB,)),
            pitch_hz=Draw(900.0, 0.9, (), "bell"), decay_s=Draw(0.022, 0.8), attack_s=0.006,
            band_hz=Draw(700.0, 0.6), bursts=FLURRIES,
        ),
    ),
    callers=(
        Caller(
            "train of bubbles", TRAINS, 10, 3.2, (by("under_water", lambda v: np.minimum(0.7 * _stirred(v), 1.0)),),
            Draw(57.0, 7.0, (WITH_WIND_DB,)),
            pitch=Draw(0.72, 0.7), call_pitch_oct=0.2, tempo_oct=0.25, drop_syllable=0.1,
        ),
        Caller(
            "gulp", GULPS, 6, 1.6, (by("under_water", lambda v: np.minimum(0.6 * _stirred(v), 1.0)),),
            Draw(57.0, 7.0, (WITH_WIND_DB,)),
            pitch=Draw(1.0, 0.6), call_pitch_oct=0.2, tempo_oct=0.3, drop_syllable=0.1,
        ),
    ),
    inside=True,
)  # fmt: skip

PATCHES: Final[tuple[Patch, ...]] = (PATCH,)
