"""Wind: in the open, in trees, over sand and dry leaves, whistling on edges; a tree as a feature; a branch that breaks.

Levels. In the open, at the ear: 52 dB(A) at 10 m/s, growing with the fifth power of the speed, 50·log10(v). In trees:
28 dB(A) in a light breeze (2 m/s, Beaufort 2: leaves rustle), 46 at 5 m/s, 60 at 10 m/s (Beaufort 5–6), after Fégeant
(1999) and Bolin (2009), whose leaf noise spans 2–6 kHz; the boughs below it grow faster, and the wood behind, where
gusts pass somewhere at any time, more slowly. Single trees stir by themselves, and no octave of the mass throbs as one:
what is quick in it are leaves, not gusts. Whistling follows Strouhal,
f = 0.2·v/d: a wire of 4 mm sings at 500 Hz in 10 m/s, the needles of a pine, a millimetre thick, sough at 2 kHz.

Gusts and eddies move the whole spectrum, the high bands most (see `motion`); below 100 Hz an ear in the open hears them
as rumble. Edges howl one by one (see `howling`).

On the ground. Sand begins to leap at some 4.7 m/s at ear height (6 at 10 m), then its flux goes as v³·(1 − vₜ²/v²)
(Bagnold 1941; Kawamura 1951) and each grain's blow as v², in streamers that pass within a second or two (Baas & Sherman
2005). Dry leaves stir from 2 m/s and are driven from 5 (Beaufort 4: "raises dust and loose paper"): a leaf on its way
is a run of scrapes and ticks of a few milliseconds.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import (
    BAND_HZ,
    Call,
    Caller,
    Draw,
    Emitter,
    Floats,
    Layer,
    Patch,
    Swell,
    Syllable,
    Table,
    by,
)
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.howling import beyond, howls, strouhal_hz
from ambiome_middleware.sound.voices.motion import flutter, gusty, stretched, uneven
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
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

WIRE_M: Final = 0.004
NEEDLE_M: Final = 0.001
TWIG_M: Final = 0.003
RIDGE_M: Final = 0.009
SAND_M_S: Final = 4.7
LITTER_M_S: Final = 2.0


OPEN: Final = spectrum(
    (25, -3), (50, -1), (100, 0), (200, 0), (400, -2), (800, -7), (1_600, -13), (3_150, -19), (6_300, -27),
    (16_000, -40),
)  # fmt: skip
RUMBLE: Final = spectrum((20, 6), (40, 6), (80, 3), (160, -5), (315, -15), (630, -27), (1_250, -40))
LEAVES: Final = spectrum(
    (100, -31), (250, -26), (500, -20), (1_000, -13), (2_000, -9), (4_000, -8.5), (6_300, -10.5), (10_000, -16),
    (16_000, -27)
)  # fmt: skip
LARGE_LEAVES: Final = spectrum(
    (200, -30), (500, -20), (1_000, -11), (2_000, -6), (4_000, -9), (8_000, -18), (16_000, -34)
)
SMALL_LEAVES: Final = spectrum(
    (500, -38), (1_000, -27), (2_000, -15), (4_000, -7), (6_300, -6), (10_000, -11), (16_000, -24)
)
"""A tree that stirs by itself is of one kind: an oak or a maple sounds lower than a birch or an aspen."""
WOOD: Final = spectrum(
    (63, -20),
    (125, -15),
    (250, -11),
    (500, -9.5),
    (1_000, -8.5),
    (2_000, -8),
    (4_000, -11),
    (8_000, -19),
    (16_000, -37),
)
"""Trees farther off: the air and the other trees have taken their top."""
BOUGHS: Final = spectrum(
    (50, -14), (100, -10), (200, -7), (400, -5), (800, -6), (1_600, -9), (3_150, -14), (6_300, -22), (16_000, -38)
)
SAND: Final = spectrum(
    (250, -40), (500, -34), (1_000, -26), (2_000, -15), (4_000, -7), (6_300, -5), (10_000, -6), (16_000, -10)
)
LITTER: Final = spectrum(
    (125, -36), (250, -28), (500, -20), (1_000, -12), (2_000, -8), (4_000, -7), (8_000, -10), (16_000, -18)
)
FLAT: Final = np.zeros_like(OPEN)


def _faster(at_10_m_s: float, per_decade_db: float) -> Table:
    """dB that follow the logarithm of the wind's speed."""
    return by("wind_m_s", lambda v: at_10_m_s + per_decade_db * np.log10(v / 10.0))


def _octaves_up(speed: Floats) -> Floats:
    """How far up the spectrum of the open stands against that of 10 m/s; part is the ground's."""
    return np.asarray(np.clip(0.65 * np.log2(np.maximum(speed, 0.5) / 10.0), -1.0, 1.0))


def _fluttering(speed: Floats) -> Floats:
    """Leaves near by whose flutter stands out, 1/s: in proportion to a breeze's speed, then more slowly."""
    over = np.maximum(speed - 1.0, 0.0)
    return np.asarray(np.minimum(12.0 * over, 18.0 * over**0.65))


def _howling(speed: Floats) -> Floats:
    """Two narrow bands at Strouhal's pitches of two edges over a faint floor, [levels] → [levels, BANDS]."""
    hz = strouhal_hz(speed, WIRE_M)
    return becoming(FLAT, 10.0 * np.log10(bump(hz, 0.19) + 0.2 * bump(hz / 2.3, 0.3) + 3e-5))


def _soughing(speed: Floats) -> Floats:
    """A broad band about the pitch of needles, [levels] → [levels, BANDS]: no two are as thick."""
    return becoming(FLAT, 10.0 * np.log10(bump(np.clip(strouhal_hz(speed, NEEDLE_M), 400.0, 6_000.0), 0.75) + 1e-4))


def _sand_db(speed: Floats) -> Floats:
    """Level of leaping sand against that of 10 m/s; none below the threshold."""
    flux = np.maximum(1.0 - (SAND_M_S / np.maximum(speed, 0.1)) ** 2, 0.0) / (1.0 - (SAND_M_S / 10.0) ** 2)
    return np.asarray(50.0 * np.log10(speed / 10.0) + 10.0 * np.log10(flux))


def _driven(speed: Floats) -> Floats:
    """How many of the leaves on the ground are on their way, 0 … 1."""
    return np.asarray(np.clip((speed - LITTER_M_S) / 9.0, 0.0, 1.0) ** 1.3)


def _tumbling(*beats: tuple[float, float, float]) -> Call:
    """A leaf that scrapes and hops over the ground: (at_s, Hz, dB) of each touch."""
    return Call(
        f"tumble of {len(beats)}",
        tuple(
            Syllable(at_s, 0.006 + 0.01 * (11.0 * at_s % 1.0), hz, level_db=db, attack=0.12, noise_hz=0.9 * hz)
            for at_s, hz, db in beats
        ),
    )


TUMBLES: Final = (
    _tumbling((0.0, 3_400, -4), (0.05, 4_100, -8), (0.09, 2_900, 0), (0.21, 3_700, -3), (0.25, 5_200, -9)),
    _tumbling((0.0, 2_600, -6), (0.03, 3_000, -5), (0.06, 3_300, -3), (0.10, 2_800, 0), (0.13, 3_900, -6),
        (0.19, 3_200, -4), (0.31, 2_500, -7)),
    _tumbling((0.0, 4_600, -8), (0.14, 3_900, -2), (0.17, 4_800, -6), (0.38, 3_500, 0), (0.41, 4_400, -7),
        (0.46, 5_600, -10), (0.73, 3_800, -4)),
    _tumbling((0.0, 3_100, 0), (0.02, 3_600, -3), (0.05, 2_700, -2), (0.07, 4_300, -5), (0.11, 3_300, -4),
        (0.16, 5_000, -9), (0.20, 3_800, -6), (0.29, 2_900, -8), (0.55, 3_400, -5), (0.58, 4_000, -9)),
    _tumbling((0.0, 5_400, -6), (0.08, 4_900, -9), (0.31, 5_800, -4), (0.36, 5_100, -8), (0.64, 4_700, -2),
        (0.69, 5_500, -7), (1.02, 5_000, -6)),
    _tumbling((0.0, 2_200, -3), (0.04, 2_500, -6), (0.13, 2_000, 0), (0.16, 3_100, -8)),
)  # fmt: skip

HOWL: Final = by("wind_m_s", _howling)
SOUGH: Final = by("wind_m_s", _soughing)
SAND_DB: Final = by("wind_m_s", _sand_db)
STRONGER_IS_DARKER: Final = by(
    "wind_m_s", lambda v: -1.6 * np.log10(np.maximum(v, 1.0) / 6.0)[:, None] * octaves_from(3_000, 150)
)
ROUGHER_IS_LOWER: Final = by("wind_turbulence", lambda t: (0.4 - 1.4 * t)[:, None] * octaves_from(200, 30, 3_000))
ROUGHER: Final = sweep("wind_turbulence", 0.5, 1.5)
SWAYED: Final = by("wind_m_s", lambda v: np.clip(v / 7.0, 0.3, 1.0))
"""In light air one tree stirs here and another there, which evens out; a wind sways them all at once."""

BUFFET: Final = together(
    *(rise_and_fall(rise, fall, 1.6) for rise, fall in ((0.08, 0.25), (0.16, 0.3), (0.3, 0.4), (0.12, 0.15)))
)
RUSTLE: Final = together(
    *(rise_and_fall(rise, fall, 2.0) for rise, fall in ((0.12, 0.2), (0.25, 0.3), (0.4, 0.3), (0.2, 0.5), (0.6, 0.4)))
)
GUST: Final = uneven(
    together(
        *(
            rise_and_fall(rise, fall, 9.0, curve)
            for rise, fall, curve in (
                (1.2, 1.3, 1.0), (2.0, 1.0, 1.0), (1.6, 1.8, 1.0), (0.8, 1.0, 1.0), (3.2, 1.4, 1.4), (2.6, 2.4, 1.6)
            )
        )
    ),
    3,
)  # fmt: skip
STREAMER: Final = together(
    *(rise_and_fall(rise, fall, 2.6, 1.4) for rise, fall in ((0.25, 0.4), (0.5, 0.5), (0.35, 0.8), (0.7, 0.4)))
)
FLURRIES: Final = np.array([0.8, 0.8, 0.7, 0.5, 0.25, 0.1, 0.0, 0.0])

FEW_TREES: Final = level("wind_trees", 0.0, 13.0)
MANY_TREES: Final = level("wind_trees", 0.0, 16.0)
"""Grass and bushes are no wood: of what stands farther off less than in proportion is heard."""
TREES_DB: Final = _faster(53.5, 41.0)
OPEN_DB: Final = _faster(55.5, 50.0)
STIRRED_DB: Final = Draw(51.0, 6.0, (_faster(0.0, 42.0), share("wind_trees"), sweep("wind_turbulence", -3.0, 2.0)))


def _scene(known: Profiles) -> Patch:
    air, trees, desert = known.get("wind"), known.get("wind_trees"), known.get("wind_desert")
    in_the_open = drawn_to(OPEN, air, 0.5, 0.3)
    swept = by("wind_m_s", lambda v: becoming(in_the_open, stretched(in_the_open, _octaves_up(v))))
    leaves = np.where(BAND_HZ > 400.0, drawn_to(LEAVES, trees, 0.5, 0.3), LEAVES)
    bare = stretched(in_the_open, np.array([-0.4]))[0]
    dunes = becoming(in_the_open, drawn_to(bare, desert, 0.5, 0.6))
    over_sand = by("wind_sand", lambda s: s[:, None] * dunes)
    return Patch(
        "wind",
        layers=(
            Layer(
                "open", in_the_open, (OPEN_DB, swept, ROUGHER_IS_LOWER, over_sand), DIFFUSE,
                gusty(
                    moved_like(flutter(0.5, 0.8, 0.7, treble=1.2, common=0.4, depth_by=(ROUGHER, SWAYED)), air, 0.5),
                    in_the_open, 4.6, eddies_db=3.0,
                ),
            ),
            Layer(
                "rumble", RUMBLE, (_faster(48.0, 55.0), sweep("wind_turbulence", -8.0, 3.0)), 0.3,
                gusty(flutter(1.3, 1.6, 1.0, common=0.7, depth_by=(ROUGHER,)), RUMBLE, 3.6, eddies_db=3.2),
            ),
            Layer(
                "leaves", leaves, (TREES_DB, FEW_TREES, STRONGER_IS_DARKER), WIDE,
                gusty(
                    moved_like(flutter(0.5, 0.5, 0.4, treble=1.2, common=0.15, depth_by=(SWAYED,)), trees, 0.5, 1.2),
                    leaves, 2.8,
                ),
            ),
            Layer(
                "wood", WOOD, (_faster(55.0, 37.0), MANY_TREES), DIFFUSE,
                gusty(flutter(0.3, 0.4, 0.4, common=0.15, depth_by=(SWAYED,)), WOOD, 2.2),
            ),
            Layer(
                "needles", FLAT, (_faster(48.0, 48.0), MANY_TREES, SOUGH),
                DIFFUSE, gusty(flutter(0.4, 0.7, 0.7, common=0.3, depth_by=(SWAYED,)), LEAVES, 2.8),
            ),
            Layer(
                "boughs", BOUGHS, (_faster(56.5, 50.0), share("wind_trees")),
                DIFFUSE, gusty(flutter(0.4, 0.5, 0.5, common=0.2, depth_by=(SWAYED,)), BOUGHS, 2.8, eddies_db=1.0),
            ),
            Layer(
                "howl", FLAT, (_faster(61.5, 48.0),
                    level("wind_whistle", 0.0, 20.0), HOWL), 0.6, gusty(flutter(1.0, 2.0, 1.4, common=0.5), FLAT, 3.5),
            ),
            Layer(
                "sand", SAND, (by("wind_m_s", lambda v: 41.5 + _sand_db(v)), share("wind_sand")), WIDE,
                flutter(0.6, 1.4, 1.8, common=0.4),
            ),
            Layer(
                "litter", LITTER, (_faster(46.0, 24.0), by("wind_m_s", lambda v: 10.0 * np.log10(_driven(v))),
                    share("wind_litter")), WIDE, flutter(1.2, 2.0, 2.2, common=0.6),
            ),
        ),
        swells=(
            Swell(
                "buffet", RUMBLE,
                (by("wind_m_s", lambda v: np.minimum(0.25 * v, 4.0)), sweep("wind_turbulence", 0.1, 1.0)), 2, BUFFET,
                Draw(
                    43.0, 5.0, (_faster(0.0, 52.0), sweep("wind_turbulence", -12.0, 1.0))),
                width=0.8, coherence=0.4,
            ),
            Swell(
                "large leaves", LARGE_LEAVES, (by("wind_m_s", lambda v: 0.15 * np.clip(v - 1.0, 0.0, 10.0)),
                    sweep("wind_trees", 0.0, 1.0)), 1, RUSTLE, STIRRED_DB, width=1.0, coherence=WIDE,
            ),
            Swell(
                "gust in the trees", SMALL_LEAVES, (by("wind_m_s", lambda v: 0.04 + 0.016 * np.minimum(v, 12.0)),
                    sweep("wind_trees", 0.0, 1.0, power=0.3)),
                1, GUST, Draw(
                    54.5, 5.0, (_faster(0.0, 46.0), share("wind_trees"),
                        sweep("wind_turbulence", -4.0, 4.0))),
                spectrum_by=(STRONGER_IS_DARKER,), pan="pass", width=0.9,
            ),
            Swell(
                "gust in the wood", WOOD, (by("wind_m_s", lambda v: 0.03 + 0.012 * np.minimum(v, 12.0)),
                    sweep("wind_trees", 0.0, 1.0, power=0.3)),
                1, GUST, Draw(
                    52.5, 5.0, (_faster(0.0, 48.0), MANY_TREES,
                        sweep("wind_turbulence", -4.0, 4.0))),
                pan="pass", width=1.0,
            ),
            Swell(
                "streamer", SAND, (by("wind_m_s", lambda v: 0.12 * np.clip(v - SAND_M_S, 0.0, 8.0)),
                    sweep("wind_sand", 0.0, 1.0, power=0.5)), 1, STREAMER,
                Draw(45.0, 6.0, (SAND_DB, share("wind_sand"))), pan="pass", width=1.0,
            ),
            Swell(
                "scurry", LITTER, (by("wind_m_s", lambda v: 1.0 * _driven(v) ** 0.6),
                    sweep("wind_litter", 0.0, 1.0, power=0.5)), 1, RUSTLE,
                Draw(47.0, 7.0, (_faster(0.0, 24.0), share("wind_litter"))),
                pan="pass", width=0.9, coherence=0.3,
            ),
        ),
        emitters=(
            Emitter(
                "whistle", "noise", 2,
                (by("wind_m_s", lambda v: np.minimum(0.1 * v, 1.0)), sweep("wind_whistle", 0.0, 1.2)),
                Draw(52.0, 7.0, (_faster(0.0, 48.0), level("wind_whistle", 0.0, 20.0))),
                pitch_hz=Draw(strouhal_hz(np.array(10.0), WIRE_M).item(), 0.8,
                    (by("wind_m_s", lambda v: np.log2(strouhal_hz(v, WIRE_M) / 500.0)),)),
                decay_s=Draw(0.3, 0.4), attack_s=0.5, sweep_oct=Draw(0.0, 0.25), band_hz=Draw(38.0, 0.7),
            ),
            Emitter(
                "leaf flutter", "noise", 24, (by("wind_m_s", _fluttering),
                    sweep("wind_trees", 0.0, 1.0, power=1.6)),
                Draw(50.0, 11.0, (_faster(0.0, 38.0),)),
                pitch_hz=Draw(3_600.0, 1.0), decay_s=Draw(0.005, 1.0), attack_s=0.0015, band_hz=Draw(3_000.0, 0.6),
                bursts=FLURRIES,
            ),
            Emitter(
                "shaken spray of leaves", "noise", 4,
                (by("wind_m_s", lambda v: 2.4 * np.sqrt(np.maximum(v - 1.5, 0.0))), sweep("wind_trees", 0.0, 1.0)),
                Draw(53.0, 9.0, (_faster(0.0, 42.0),)),
                pitch_hz=Draw(3_000.0, 0.9), decay_s=Draw(0.016, 0.8), attack_s=0.01, band_hz=Draw(4_000.0, 0.5),
                bursts=FLURRIES,
            ),
            Emitter(
                "eddy at the ear", "noise", 4,
                (by("wind_m_s", lambda v: 2.0 * np.sqrt(v)), sweep("wind_turbulence", 0.3, 1.3)),
                Draw(44.0, 8.0, (_faster(0.0, 52.0), sweep("wind_turbulence", -6.0, 2.0))),
                pitch_hz=Draw(260.0, 1.0), decay_s=Draw(0.018, 0.7), attack_s=0.008, band_hz=Draw(260.0, 0.5),
                bursts=FLURRIES,
            ),
            Emitter(
                "twig", "noise", 2, (by("wind_m_s", lambda v: 0.9 * np.maximum(v - 3.0, 0.0) ** 0.5),
                    sweep("wind_trees", 0.0, 1.0)),
                Draw(49.0, 8.0, (_faster(0.0, 40.0),)),
                pitch_hz=Draw(2_400.0, 0.9), decay_s=Draw(0.004, 0.8), attack_s=0.0004, band_hz=Draw(2_200.0, 0.6),
                bursts=FLURRIES,
            ),
            Emitter(
                "sand grain", "noise", 16, (by("wind_m_s", lambda v: 36.0 * np.maximum(v - SAND_M_S, 0.0) ** 0.5),
                    sweep("wind_sand", 0.0, 1.0)),
                Draw(37.0, 7.0, (by("wind_m_s", lambda v: 24.0 * np.log10(np.maximum(v, 1.0) / 10.0)),)),
                pitch_hz=Draw(6_500.0, 0.6), decay_s=Draw(0.0012, 0.7), attack_s=0.0003, band_hz=Draw(5_000.0, 0.4),
                bursts=1.2 * FLURRIES,
            ),
            Emitter(
                "scrape of a leaf", "noise", 12, (by("wind_m_s", lambda v: 55.0 * _driven(v)),
                    sweep("wind_litter", 0.0, 1.0)),
                Draw(43.0, 10.0, (_faster(0.0, 14.0),)),
                pitch_hz=Draw(3_600.0, 0.9), decay_s=Draw(0.004, 0.9), attack_s=0.0006, band_hz=Draw(3_200.0, 0.5),
                bursts=1.5 * FLURRIES,
            ),
        ),
        callers=(
            Caller(
                "tumbling leaf", TUMBLES, 10, 1.8,
                (by("wind_m_s", lambda v: 0.75 * _driven(v) ** 0.7), sweep("wind_litter", 0.0, 1.0)),
                Draw(46.0, 8.0, (_faster(0.0, 12.0),)),
                pitch=Draw(1.0, 0.6), call_pitch_oct=0.3, tempo_oct=0.4, drop_syllable=0.2,
            ),
            howls("howl of an edge", WIRE_M, 3, 53.5, (beyond(5.0, 11.0),),
                (sweep("wind_whistle", 0.0, 1.0, power=0.4),), (share("wind_whistle"),)),
            howls("song of twigs", TWIG_M, 2, 46.5, (beyond(9.0, 18.0),),
                (sweep("wind_trees", 0.0, 1.0, power=0.4),), (share("wind_trees"),), spread_oct=0.6),
            howls("moan of the land", RIDGE_M, 2, 47.0, (beyond(6.0, 16.0), sweep("wind_trees", 0.8, 0.0)), (),
                (sweep("wind_turbulence", -4.0, 2.0),), spread_oct=0.6, width=0.3),
        ),
    )  # fmt: skip


SIZE_DB: Final = sweep("size", -9.0, 6.0, "feature")
FOLIAGE: Final = Patch(
    "wind", "feature", "foliage",
    layers=(
        Layer(
            "leaves", LEAVES, (_faster(53.0, 46.0), SIZE_DB), 0.4,
            flutter(0.5, 0.8, 0.8, treble=1.2, common=0.3),
        ),
        Layer(
            "boughs", BOUGHS, (_faster(49.0, 58.0), SIZE_DB), 0.4,
            flutter(0.4, 0.7, 0.7, common=0.3),
        ),
    ),
    swells=(
        Swell(
            "gust", LEAVES, (by("wind_m_s", lambda v: 0.06 + 0.02 * np.minimum(v, 12.0)),
                sweep("level", 0.0, 1.0, "feature", 0.3)), 1,
            GUST, Draw(49.5, 4.0, (_faster(0.0, 46.0), SIZE_DB)), width=0.4,
        ),
    ),
    emitters=(
        Emitter(
            "leaf flutter", "noise", 16,
            (by("wind_m_s", lambda v: 0.55 * _fluttering(v)), sweep("level", 0.0, 1.0, "feature"),
                sweep("size", 0.4, 1.0, "feature")),
            Draw(46.0, 8.0, (_faster(0.0, 36.0),)),
            pitch_hz=Draw(4_600.0, 0.9, (sweep("size", 0.3, -0.3, "feature"),)), decay_s=Draw(0.005, 1.0),
            attack_s=0.0015, band_hz=Draw(3_500.0, 0.6), bursts=FLURRIES,
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


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The wind's patches, its spectra and its unrest drawn to the profiles "wind", "wind_trees" and "wind_desert"."""
    return _scene(known), FOLIAGE, BRANCH
