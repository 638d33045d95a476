"""Traffic: the hum of a town far off and vehicles that pass, all around or on a road as a feature.

A car at 50 km/h passes at 70 dB(A) in 7.5 m; rolling noise grows with 30–40·log10(v) (CNOSSOS-EU 2012; Sandberg &
Ejsmont 2002), peaks near 1 kHz, and water on the road adds up to 10 dB above 3 kHz. A street with a vehicle a
second has 65–75 dB(A). Lorries: 8 dB more, one vehicle in ten, their engines as calls of their own. The envelope of
a passing is 1/(1 + (v·t/d)²). The octaves of tyres and propulsion are CNOSSOS-EU's (Directive (EU) 2015/996, vehicle
categories 1 and 3), at 50 km/h.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import (
    Call,
    Caller,
    Draw,
    Emitter,
    Floats,
    Flutter,
    Layer,
    Patch,
    Swell,
    Syllable,
    by,
)
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.engines import AWAY, CARS, DIESELS
from ambiome_middleware.sound.voices.motion import uneven
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    becoming,
    level,
    octaves_from,
    passing,
    spectrum,
    sweep,
    together,
)
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

STREET_M: Final = 12.0
TYPICAL_M_S: Final = 13.9

FAR: Final = spectrum(
    (25, -26),
    (40, -15),
    (63, -7),
    (125, -7),
    (250, -8),
    (500, -9),
    (800, -5),
    (1_000, -4),
    (1_250, -5),
    (2_000, -10),
    (4_000, -23),
    (8_000, -50),
)
"""The same streets out of sight: the tyres' hump about 1 kHz stays, air and corners take what lies above it."""
TYRES: Final = spectrum(
    (40, -19),
    (63, -16),
    (125, -12),
    (250, -12),
    (400, -9),
    (630, -4),
    (800, -1),
    (1_000, 0),
    (1_250, -1),
    (2_000, -4),
    (4_000, -14),
    (8_000, -24),
    (16_000, -36),
)
"""Rolling noise of a car (A_R of category 1): a hump about 1 kHz, which tells tyres from wind and surf."""
ENGINE: Final = spectrum(
    (31, -12), (50, -2), (63, -1), (125, -5), (250, -6.5), (500, -8.5), (1_000, -10), (2_000, -12), (4_000, -19),
    (8_000, -28), (16_000, -40),
)  # fmt: skip
"""A car's propulsion (A_P of category 1), all that is left of it at walking pace; from 2 kHz on lower than there, by
judgement, for an engine near idle."""
LORRY: Final = spectrum(
    (31, -20), (50, -10), (63, -7), (125, -6), (250, -4), (500, -1.5), (800, 0), (1_000, 0), (2_000, -5), (4_000, -12),
    (8_000, -18), (16_000, -32),
)  # fmt: skip
"""A heavy lorry, tyres and propulsion together (category 3), less the low end that its diesel's calls bring."""
SPRAY: Final = spectrum(
    (250, -24), (500, -18), (1_000, -12), (2_000, -6), (4_000, -2), (6_300, -1), (10_000, -4), (16_000, -10)
)

TOWN: Final = Flutter(
    np.outer([0.8, 0.8, 0.9, 1.0, 1.0, 1.0, 1.1, 1.1, 0.8, 0.8], [0.5, 0.5, 0.5, 0.5, 0.6, 0.7, 0.8, 0.9]), 0.5
)
"""Many sources behind many corners: the hum of a town wanders by some decibels within seconds."""
HORNS: Final = tuple(
    Call(name, tuple(
        Syllable(at_s, length_s, hz, level_db=db, second=0.6, third=0.7, attack=0.12)
        for at_s, length_s in blasts for hz, db in ((low_hz, 0.0), (1.26 * low_hz, -1.0), (3.0 * low_hz, -6.0),
            (5.04 * low_hz, -9.0))
    ))
    for name, low_hz, blasts in (
        ("horn", 402.0, ((0.0, 0.5),)), ("horn twice", 418.0, ((0.0, 0.18), (0.28, 0.3))), ("long horn", 350.0,
            ((0.0, 1.3),)),
    )
)  # fmt: skip
"""Two reeds a major third apart, 350–500 Hz, with strong harmonics (ISO 512 asks for 93 dB(A) and more in 7 m)."""
SQUEALS: Final = (
    Call("brakes", (Syllable(0.0, 0.9, 2_900.0, 2_650.0, second=0.2, attack=0.35),)),
    Call("brakes, two discs", (Syllable(0.0, 0.7, 3_400.0, 3_150.0, attack=0.4),
        Syllable(0.2, 1.1, 2_380.0, 2_300.0, -4.0, attack=0.3))),
    Call("a bus stops", (Syllable(0.0, 1.4, 1_650.0, 1_480.0, attack=0.4, second=0.3),
        Syllable(1.5, 0.5, 5_000.0, level_db=-2.0, attack=0.05, noise_hz=6_000.0))),
)  # fmt: skip
DOORS: Final = (
    Call("door", (Syllable(0.0, 0.09, 110.0, 80.0, 3.0, attack=0.05),
        Syllable(0.0, 0.05, 900.0, level_db=-3.0, attack=0.05, noise_hz=1_500.0),
        Syllable(0.03, 0.03, 2_400.0, level_db=-9.0, attack=0.1, noise_hz=2_500.0))),
    Call("shutter", tuple(Syllable(0.07 * n, 0.05, 1_700.0, level_db=-2.0 * (n % 3), attack=0.1, noise_hz=2_600.0)
        for n in range(12))),
)  # fmt: skip


BUSY: Final = by("traffic_per_min", lambda n: np.minimum(n / 40.0, 1.0))
SLOW: Final = by("traffic_m_s", lambda v: np.clip((20.0 - v) / 8.0, 0.0, 1.0))
"""Horns, brakes and doors belong to streets, not to a motorway."""

SPEED_SHAPES: Final = 12


def _index(speed: Floats) -> Floats:
    """Which envelope: geometric in speed, 2 … 45 m/s."""
    return np.asarray(np.round(np.log(speed / 2.0) / np.log(45.0 / 2.0) * (SPEED_SHAPES - 1)))


def _roll_share(speed: Floats) -> Floats:
    """How much of it is tyres: nothing at walking pace, all from 15 m/s on, [levels] → [levels, 1]."""
    return np.asarray(np.clip(np.log(speed / 3.0) / np.log(15.0 / 3.0), 0.0, 1.0)[:, None])


def _rolling(speed: Floats) -> Floats:
    """From the engine's spectrum at walking pace to the tyres' above 15 m/s, [levels, BANDS] against the tyres'."""
    share = _roll_share(speed)
    faster = np.log2(np.maximum(speed, TYPICAL_M_S) / TYPICAL_M_S)[:, None] * octaves_from(1_000, 125, 8_000) * 0.5
    return becoming(TYRES, (1.0 - share) * ENGINE + share * TYRES + faster)


VARIETIES: Final = 6
PASSINGS: Final = uneven(
    np.concatenate(
        [
            together(
                *(
                    passing(nearer * STREET_M / speed, int(np.clip(round(16 * STREET_M / speed * 25), 60, 240)))
                    for speed in np.geomspace(2.0, 45.0, SPEED_SHAPES)
                )
            )
            for nearer in np.geomspace(0.6, 1.6, VARIETIES)
        ]
    ),
    1,
)
"""The near lane and the far one; and parked cars, walls and gaps between houses lie between: no two cars rise and fall
alike."""
CAR_TILT_DB: Final = 1.5
"""Tyres, loads and what stands in between: by so much an octave one vehicle is brighter or darker than another."""
CROSSINGS: Final = uneven(together(*(passing(half_s) for half_s in (1.0, 1.4, 1.9, 2.6))), 6, 4.0)
"""Seen through the gaps of other streets, farther off and so slower."""
HUM_DB: Final = by("traffic_per_min", lambda n: 36.0 + 15.0 * np.log10(n))
"""The streets around are as full as this one, and the fuller the more of them there are: 45 dB(A) in a suburb by day,
56 in a city (L90 as surveys of towns find it), 72 beside a motorway."""
SPEED_SHAPE: Final = by("traffic_m_s", _index)
SPEED_DB: Final = by("traffic_m_s", lambda v: 34.0 * np.log10(v / TYPICAL_M_S))
ENGINE_DB: Final = by("traffic_m_s", lambda v: 18.0 * np.log10(v / TYPICAL_M_S))
AWAY_DB: Final = by("traffic_m_s", lambda v: 25.0 * np.log10(v / TYPICAL_M_S))
COLOUR: Final = by("traffic_m_s", _rolling)
AWAY_COLOUR: Final = by("traffic_m_s", lambda v: 0.7 * _rolling(v))
LABOUR: Final = by("traffic_m_s", lambda v: -3.0 * (1.0 - _roll_share(v)) * octaves_from(250.0, 125.0, 8_000.0))
"""A lorry at walking pace is a diesel and no tyres: its upper octaves fall away."""
CARS_PER_S: Final = by("traffic_per_min", lambda n: 0.9 * n / 60.0)
LORRIES_PER_S: Final = by("traffic_per_min", lambda n: 0.1 * n / 60.0)
WETTER: Final = by(
    "traffic_wet", lambda w: w[:, None] * np.interp(octaves_from(1_000.0), [0.0, 2.0, 3.0], [0.0, 9.0, 10.0])
)


def _scene(profile: Profile | None) -> Patch:
    return Patch(
        "traffic",
        layers=(
            Layer(
                "far hum",
                drawn_to(FAR, profile, 0.5),
                (
                    HUM_DB,
                    AWAY_DB,
                    AWAY_COLOUR,
                ),
                DIFFUSE,
                flutter=moved_like(TOWN, profile, 0.5),
            ),
            Layer(
                "far wet tyres",
                SPRAY,
                (by("traffic_per_min", lambda n: 28.0 + 10.0 * np.log10(n)), SPEED_DB, level("traffic_wet", 0.0, 20.0)),
                DIFFUSE,
            ),
        ),
        swells=(
            Swell(
                "car",
                TYRES,
                (CARS_PER_S,),
                2,
                PASSINGS,
                Draw(66.0, 4.5, (SPEED_DB,)),
                shape_by=SPEED_SHAPE,
                varieties=VARIETIES,
                tilt_db=CAR_TILT_DB,
                spectrum_by=(COLOUR, WETTER),
                pan="pass",
                width=1.0,
            ),
            Swell(
                "along other streets",
                drawn_to(FAR, profile, 0.5),
                (by("traffic_per_min", lambda n: 0.5 * np.minimum(n, 60.0) / 60.0),),
                1,
                CROSSINGS,
                Draw(2.0, 4.0, (HUM_DB, AWAY_DB)),
                tilt_db=CAR_TILT_DB,
                spectrum_by=(AWAY_COLOUR,),
                pan="pass",
                width=0.5,
                coherence=0.7,
            ),
            Swell(
                "lorry",
                LORRY,
                (LORRIES_PER_S,),
                1,
                PASSINGS,
                Draw(70.0, 4.0, (ENGINE_DB,)),
                shape_by=SPEED_SHAPE,
                varieties=VARIETIES,
                tilt_db=CAR_TILT_DB,
                spectrum_by=(LABOUR, WETTER),
                pan="pass",
                width=1.0,
            ),
        ),
        emitters=(
            Emitter(
                "bump in the road",
                "noise",
                4,
                (by("traffic_per_min", lambda n: 0.008 * n), sweep("traffic_wet", 1.0, 0.7)),
                Draw(54.0, 6.0, (SPEED_DB,)),
                pitch_hz=Draw(180.0, 0.8),
                decay_s=Draw(0.03, 0.5),
                attack_s=0.004,
                band_hz=Draw(200.0, 0.5),
            ),
            Emitter(
                "rattle",
                "noise",
                2,
                (BUSY, SLOW, by("traffic_per_min", lambda n: 0.6 * np.minimum(n / 60.0, 1.0))),
                Draw(48.0, 7.0),
                pitch_hz=Draw(2_100.0, 1.0),
                decay_s=Draw(0.02, 0.9),
                attack_s=0.001,
                band_hz=Draw(2_400.0, 0.6),
            ),
        ),
        callers=(
            Caller(
                "engine",
                CARS,
                8,
                8.0,
                (by("traffic_per_min", lambda n: np.minimum(n / 60.0, 1.0)),),
                Draw(58.0, 6.0, (ENGINE_DB,)),
                pitch=Draw(1.0, 0.35, (by("traffic_m_s", lambda v: 0.3 * np.log2(v / TYPICAL_M_S)),)),
                call_pitch_oct=0.15,
                tempo_oct=0.25,
            ),
            Caller(
                "diesel",
                DIESELS,
                3,
                8.0,
                (by("traffic_per_min", lambda n: np.minimum(0.8 * n / 60.0 / 3.0, 1.0)),),
                Draw(62.0, 4.0, (ENGINE_DB,)),
                pitch=Draw(1.0, 0.2, (by("traffic_m_s", lambda v: 0.2 * np.log2(v / TYPICAL_M_S)),)),
                call_pitch_oct=0.1,
                tempo_oct=0.25,
            ),
            Caller(
                "engines away",
                AWAY,
                6,
                9.0,
                (by("traffic_per_min", lambda n: 0.8 * np.minimum(n / 15.0, 1.0)),),
                Draw(-1.0, 5.0, (HUM_DB, ENGINE_DB)),
                pitch=Draw(1.0, 0.3),
                call_pitch_oct=0.25,
                tempo_oct=0.2,
            ),
            Caller(
                "horn",
                HORNS,
                3,
                20.0,
                (BUSY, SLOW, by("traffic_per_min", lambda n: 0.25 * np.minimum(n / 40.0, 1.0))),
                Draw(62.0, 7.0),
                pitch=Draw(1.0, 0.25),
                call_pitch_oct=0.3,
                tempo_oct=0.3,
            ),
            Caller(
                "brakes",
                SQUEALS,
                3,
                9.0,
                (BUSY, SLOW, by("traffic_per_min", lambda n: np.full_like(n, 0.3))),
                Draw(48.0, 7.0),
                pitch=Draw(1.0, 0.3),
                call_pitch_oct=0.1,
                tempo_oct=0.3,
            ),
            Caller(
                "doors",
                DOORS,
                4,
                12.0,
                (BUSY, SLOW, by("traffic_per_min", lambda n: np.full_like(n, 0.3))),
                Draw(52.0, 6.0),
                pitch=Draw(1.0, 0.3),
                call_pitch_oct=0.15,
                tempo_oct=0.25,
            ),
        ),
    )


FEATURE_PER_S: Final = by("size", lambda s: 0.05 * 40.0**s, "feature")


def _feature(profile: Profile | None) -> Patch:
    return Patch(
        "traffic",
        "feature",
        "traffic",
        layers=(
            Layer(
                "road",
                spectrum(
                    (50, -6),
                    (100, -6),
                    (200, -8),
                    (400, -8),
                    (800, -5),
                    (1_250, -6),
                    (2_500, -13),
                    (5_000, -22),
                    (10_000, -34),
                ),
                (sweep("size", 44.0, 68.0, "feature"),),
                0.4,
            ),
        ),
        swells=(
            Swell(
                "car",
                TYRES,
                (FEATURE_PER_S, by("level", lambda v: v**0.3, "feature")),
                2,
                PASSINGS,
                Draw(68.0, 4.5, (SPEED_DB, sweep("size", -3.0, 3.0, "feature"))),
                shape_by=SPEED_SHAPE,
                varieties=VARIETIES,
                tilt_db=CAR_TILT_DB,
                spectrum_by=(COLOUR, WETTER),
                pan="pass",
                width=0.7,
            ),
            Swell(
                "lorry",
                LORRY,
                (FEATURE_PER_S, by("level", lambda v: 0.12 * v**0.3, "feature")),
                1,
                PASSINGS,
                Draw(75.0, 4.0, (ENGINE_DB,)),
                shape_by=SPEED_SHAPE,
                varieties=VARIETIES,
                tilt_db=CAR_TILT_DB,
                spectrum_by=(WETTER,),
                pan="pass",
                width=0.7,
            ),
        ),
    )


def patches(known: Profiles) -> tuple[Patch, ...]:
    """Traffic, the hum of its town drawn to the profile "traffic"."""
    profile = known.get("traffic")
    return (_scene(profile), _feature(profile))
