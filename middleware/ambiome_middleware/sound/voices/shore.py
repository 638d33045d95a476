"""A lake's shore: small waves that lap on sand and reeds or slap and gurgle among stones; a lapping lake as a feature.

Waves of a lake are young: about a twentieth as high as they are long, so with deep water's L = g T² / 2π they come
every T = √(2π H / 0.05 g) = 3.6 √H seconds (H in metres): 0.8 s at 5 cm, 2.5 s at half a metre; in groups, as waves do.
A crest slaps on a stone, traps air that gulps (Minnaert 1933: 3.26 m·Hz / radius) and trickles back; on sand it hisses
up and drains. Levels follow the height, 20 dB a decade as in surf (Bolin & Åbom 2010): at 5 m some 36 dB(A) for ripples
of 5 cm, 47 for 20 cm, 63 for a metre; 3 dB less per doubling of distance, for a shore is a line, and the air's share.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.patch import Call, Caller, Draw, Emitter, Floats, Layer, Patch, Swell, Syllable, by
from ambiome_middleware.sound.voices.motion import flutter, waves
from ambiome_middleware.sound.voices.shapes import WIDE, becoming, rise_and_fall, spectrum, sweep, together

REFERENCE_M: Final = 5.0
FLURRIES: Final = np.array([0.8, 0.9, 0.8, 0.5, 0.25, 0.1, 0.0, 0.0])
SPOTS: Final = 6
SPOT_WINDOW_S: Final = 2.0

STONY: Final = spectrum(
    (63, -22), (125, -15), (250, -9), (500, -7), (1_000, -8), (2_000, -9.5), (4_000, -13), (8_000, -19), (16_000, -29)
)
SANDY: Final = spectrum(
    (63, -20), (125, -14), (250, -9), (500, -9), (1_000, -10), (2_000, -10), (4_000, -11), (8_000, -15), (16_000, -23)
)
DRAINING: Final = spectrum((250, -30), (500, -22), (1_000, -15), (2_000, -9), (4_000, -7), (8_000, -9), (16_000, -16))
PEBBLES: Final = spectrum((500, -28), (1_000, -19), (2_000, -10), (4_000, -6), (8_000, -8), (16_000, -16))


def _period_s(height_m: Floats) -> Floats:
    return 3.6 * np.sqrt(np.maximum(height_m, 0.004))


def _along_the_shore(distance_m: Floats) -> Floats:
    """dB [levels, BANDS]: 3 per doubling, 6 beyond 150 m, where the bay ends; the air's absorption."""
    near = -10.0 * np.log10(distance_m / REFERENCE_M) - 10.0 * np.log10(np.maximum(distance_m / 150.0, 1.0))
    return np.asarray(near[:, None] - distance_m[:, None] * AIR_DB_PER_M)


def _held(distance_m: Floats) -> Floats:
    """A `log0` column's 0 is its nearest, not nothing."""
    return np.maximum(distance_m, 1.0)


def _among(height_m: Floats, low_m: float, high_m: float) -> Floats:
    """How far waves of a height count among those of `low_m` … `high_m` [levels]; neighbours share their border."""
    octave = np.log2(np.maximum(height_m, 1e-4))
    above = np.clip(octave - np.log2(low_m) + 0.5, 0.0, 1.0)
    below = np.clip(np.log2(high_m) - octave + 0.5, 0.0, 1.0)
    return np.asarray(np.sin(np.pi / 2 * above * below) ** 2 * np.clip(height_m / 0.01, 0.0, 1.0))


def _lap(slap_hz: float, slap_s: float, gulps: tuple[tuple[float, float], ...], trickle: tuple[float, ...]) -> Call:
    """A wave at one spot: a slap, the gulps (at_s, Hz) of the air it traps, then drops that run back (at_s)."""
    slap = (Syllable(0.0, slap_s, slap_hz, attack=0.22, noise_hz=1.3 * slap_hz),)
    air = tuple(
        Syllable(at_s, 24.0 / hz, hz, 1.35 * hz, level_db=-1.5 * n, attack=0.07) for n, (at_s, hz) in enumerate(gulps)
    )
    back = tuple(
        Syllable(at_s, 0.022, 1_300.0 + 2_300.0 * (7.0 * at_s % 1.0), level_db=-9.0 - 4.0 * at_s, attack=0.06)
        for at_s in trickle
    )
    return Call("lap", slap + air + back)


LAPS: Final = (
    _lap(820.0, 0.12, ((0.07, 420.0), (0.19, 510.0)), (0.31, 0.38, 0.47, 0.62)),
    _lap(640.0, 0.16, ((0.10, 330.0), (0.16, 390.0), (0.31, 560.0)), (0.36, 0.49, 0.55, 0.71, 0.93)),
    _lap(1_050.0, 0.09, ((0.05, 610.0),), (0.14, 0.22, 0.27, 0.41)),
    _lap(720.0, 0.14, ((0.12, 450.0), (0.20, 430.0)), (0.33, 0.52)),
    _lap(930.0, 0.10, ((0.06, 380.0), (0.28, 640.0), (0.35, 700.0)), (0.40, 0.44, 0.58, 0.66, 0.81)),
    _lap(560.0, 0.18, ((0.15, 290.0),), (0.42, 0.77)),
    _lap(1_200.0, 0.08, (), (0.09, 0.13, 0.21, 0.30, 0.44)),
)

HEIGHT_DB: Final = by("shore_height_m", lambda h: 20.0 * np.log10(h / 0.2))
SHORE_DB: Final = by("shore_distance_m", lambda d: _along_the_shore(_held(d)))
SHORE_LEVEL_DB: Final = by("shore_distance_m", lambda d: _along_the_shore(_held(d))[:, 17])
SHORE_COLOUR: Final = by(
    "shore_distance_m", lambda d: _along_the_shore(_held(d)) - _along_the_shore(_held(d))[:, 17:18]
)
CLOSE_DB: Final = by("shore_distance_m", lambda d: -20.0 * np.log10(_held(d) / REFERENCE_M))
CLOSE: Final = by("shore_distance_m", lambda d: np.clip(1.0 - np.log2(_held(d) / 4.0) / 4.0, 0.0, 1.0))
STONES: Final = sweep("shore_stones", 0.0, 1.0)
SAND: Final = sweep("shore_stones", 1.0, 0.0)
STONIER: Final = by("shore_stones", lambda s: becoming(SANDY, (1.0 - s[:, None]) * SANDY + s[:, None] * STONY))
WAVES_HZ: Final = by("shore_height_m", lambda h: np.clip(h / 0.01, 0.0, 1.0) / _period_s(h))
LARGER_IS_LOWER: Final = by("shore_height_m", lambda h: -0.3 * np.log2(np.clip(h, 0.02, 2.0) / 0.2))


def _groups(first: int, rise: float, *sizes: tuple[float, int]) -> Floats:
    """Groups of waves [shapes, steps], each of (period in s, crests)."""
    return together(*(waves(period_s, crests, first + n, rise) for n, (period_s, crests) in enumerate(sizes)))


RIPPLES: Final = _groups(0, 0.12, (0.7, 10), (0.85, 9), (1.0, 7), (0.6, 9))
WAVELETS: Final = _groups(4, 0.15, (1.3, 6), (1.55, 5), (1.8, 5), (1.1, 7))
BREAKERS: Final = _groups(8, 0.22, (2.4, 3), (3.0, 3), (2.0, 4), (3.6, 2))
RUN_BACK: Final = together(*(rise_and_fall(rise, fall, 3.2) for rise, fall in ((0.3, 0.5), (0.5, 0.6), (0.4, 0.9))))


def _group(name: str, envelope: Floats, low_m: float, high_m: float, rate_hz: float) -> Swell:
    """Groups of waves of one size, each at a stretch of shore of its own."""
    return Swell(
        name, SANDY, (by("shore_height_m", lambda h: rate_hz * _among(h, low_m, high_m)),), 1, envelope,
        Draw(52.0, 5.0, (HEIGHT_DB, SHORE_LEVEL_DB)), spectrum_by=(STONIER, SHORE_COLOUR), width=1.0, coherence=0.3,
    )  # fmt: skip


SCENE: Final = Patch(
    "shore",
    layers=(
        Layer(
            "along the shore", SANDY,
            (by("shore_height_m", lambda h: 44.5 + 20.0 * np.log10(h / 0.2)), SHORE_DB, STONIER), WIDE,
            flutter(0.7, 1.3, 1.4),
        ),
    ),
    swells=(
        _group("ripples", RIPPLES, 0.001, 0.09, 0.42),
        _group("wavelets", WAVELETS, 0.09, 0.35, 0.38),
        _group("breakers", BREAKERS, 0.35, 20.0, 0.36),
        Swell(
            "run back", DRAINING, (WAVES_HZ, sweep("shore_stones", 0.7, 0.25)), 1, RUN_BACK,
            Draw(46.0, 5.0, (by("shore_height_m", lambda h: 16.0 * np.log10(h / 0.2)), SHORE_LEVEL_DB)),
            spectrum_by=(SHORE_COLOUR,), width=1.0, coherence=0.2,
        ),
        Swell(
            "pebbles drawn back", PEBBLES,
            (by("shore_height_m", lambda h: np.clip((h - 0.25) / 0.4, 0.0, 1.0) / _period_s(h)), STONES), 1, RUN_BACK,
            Draw(53.0, 5.0, (HEIGHT_DB, SHORE_LEVEL_DB)), spectrum_by=(SHORE_COLOUR,), width=0.9, coherence=0.2,
        ),
    ),
    emitters=(
        Emitter(
            "gulp", "mode", 4,
            (by("shore_height_m", lambda h: 9.0 * (h / 0.2) ** 0.5), sweep("shore_stones", 0.08, 1.0),
                CLOSE),
            Draw(52.0, 9.0, (CLOSE_DB, by("shore_height_m", lambda h: 14.0 * np.log10(h / 0.2)))),
            pitch_hz=Draw(430.0, 0.9, (LARGER_IS_LOWER,), "bell"), decay_s=Draw(0.024, 0.6), attack_s=0.002,
            sweep_oct=Draw(0.3, 0.25), bursts=FLURRIES,
        ),
        Emitter(
            "trickle", "mode", 8,
            (by("shore_height_m", lambda h: 30.0 * (h / 0.2) ** 0.5), sweep("shore_stones", 0.35, 1.0),
                CLOSE),
            Draw(40.0, 10.0, (CLOSE_DB, by("shore_height_m", lambda h: 12.0 * np.log10(h / 0.2)))),
            pitch_hz=Draw(2_000.0, 1.1), decay_s=Draw(0.006, 0.7), attack_s=0.0008, sweep_oct=Draw(0.15, 0.2),
            bursts=FLURRIES,
        ),
        Emitter(
            "spray", "noise", 8,
            (by("shore_height_m", lambda h: 40.0 * np.clip((h - 0.1) / 0.6, 0.0, 2.0)), CLOSE),
            Draw(47.0, 10.0, (CLOSE_DB, by("shore_height_m", lambda h: 16.0 * np.log10(h / 0.2)))),
            pitch_hz=Draw(3_000.0, 0.9), decay_s=Draw(0.005, 0.8), attack_s=0.001, band_hz=Draw(3_000.0, 0.5),
            bursts=FLURRIES,
        ),
        Emitter(
            "pebble", "mode", 4,
            (by("shore_height_m", lambda h: 14.0 * np.clip((h - 0.2) / 0.5, 0.0, 3.0)), STONES, CLOSE),
            Draw(48.0, 9.0, (CLOSE_DB, by("shore_height_m", lambda h: 12.0 * np.log10(h / 0.2)))),
            pitch_hz=Draw(3_100.0, 0.8), decay_s=Draw(0.0025, 0.7), attack_s=0.0003,
            bursts=FLURRIES,
        ),
    ),
    callers=(
        Caller(
            "lap on a stone", LAPS, SPOTS, SPOT_WINDOW_S,
            (by("shore_height_m", lambda h: (0.5 + 0.2 * h) * np.clip(h / 0.02, 0.0, 1.0)),
                sweep("shore_stones", 0.1, 1.0)),
            Draw(51.0, 6.0, (by("shore_height_m", lambda h: 16.0 * np.log10(h / 0.2)),)),
            pitch=Draw(1.0, 0.6, (LARGER_IS_LOWER,)), call_pitch_oct=0.12, tempo_oct=0.3, distance="shore_distance_m",
            reference_m=REFERENCE_M, drop_syllable=0.25,
        ),
    ),
)  # fmt: skip

SIZE_DB: Final = sweep("size", -12.0, 10.0, "feature")
LAKE: Final = Patch(
    "shore", "feature", "lake",
    layers=(Layer("lapping along", SANDY, (sweep("size", 19.0, 42.0, "feature"),), 0.3, flutter(0.7, 1.3, 1.4)),),
    swells=(
        Swell(
            "ripples", STONY, (by("level", lambda v: 0.5 * v**0.3, "feature"), sweep("size", 1.0, 0.2, "feature")), 1,
            RIPPLES, Draw(42.0, 5.0, (SIZE_DB,)), width=0.7, coherence=0.3,
        ),
        Swell(
            "wavelets", STONY, (by("level", lambda v: 0.5 * v**0.3, "feature"), sweep("size", 0.3, 1.0, "feature")), 1,
            WAVELETS, Draw(42.0, 5.0, (SIZE_DB,)), width=0.7, coherence=0.3,
        ),
        Swell(
            "run back", DRAINING, (by("level", lambda v: 0.6 * v**0.3, "feature"),), 1, RUN_BACK,
            Draw(34.0, 5.0, (SIZE_DB,)), width=0.7, coherence=0.2,
        ),
    ),
    emitters=(
        Emitter(
            "gulp", "mode", 4, (by("level", lambda v: 5.0 * v**0.3, "feature"),), Draw(47.0, 8.0, (SIZE_DB,)),
            pitch_hz=Draw(460.0, 0.9, (sweep("size", 0.5, -0.5, "feature"),), "bell"), decay_s=Draw(0.024, 0.6),
            attack_s=0.002, sweep_oct=Draw(0.3, 0.25), bursts=FLURRIES,
        ),
        Emitter(
            "trickle back", "mode", 8, (by("level", lambda v: 18.0 * v**0.3, "feature"),), Draw(38.0, 9.0, (SIZE_DB,)),
            pitch_hz=Draw(1_900.0, 1.0), decay_s=Draw(0.007, 0.7), attack_s=0.001, sweep_oct=Draw(0.2, 0.15),
            bursts=FLURRIES,
        ),
    ),
)  # fmt: skip

PATCHES: Final[tuple[Patch, ...]] = (SCENE, LAKE)
