"""Crowds: two at a table, a café, a market, a stadium; voices one by one, and behind them a bed of all the others.

A babble is voices: some near ones talk in turns, others behind them all the time, and the more there are the less
each counts, until a murmur is left with the long-term spectrum of speech (Byrne et al. 1994, J. Acoust. Soc. Am. 96),
whose middle rises with vocal effort. A person talks at 58 dB(A) in 1 m, calls at 75 and shouts at 85–90 (Pearsons,
Bennett & Fidell 1977); who wants to be heard among others speaks up, by half a dB for each dB of theirs (Rindel 2010,
Applied Acoustics 71), and higher (Junqua 1993, J. Acoust. Soc. Am. 93). What they utter is in `speech`.
"""

from dataclasses import replace
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
    Table,
    by,
)
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.shapes import DIFFUSE, octaves_from, rise_and_fall, spectrum, sweep, together
from ambiome_middleware.sound.voices.speech import CHILD, MAN, WOMAN, cheer, laugh, phrase
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

SPEECH: Final = spectrum(
    (63, -26), (100, -14), (160, -6), (250, -3), (400, -1), (500, 0), (630, -1), (1_000, -6), (1_600, -9),
    (2_500, -13), (4_000, -17),
    (8_000, -24), (16_000, -36),
)  # fmt: skip

MEN: Final = tuple(phrase(f"man {n}", MAN) for n in range(60))
WOMEN: Final = tuple(phrase(f"woman {n}", CHILD if n % 7 == 6 else WOMAN) for n in range(60))
EVERYONE: Final = (MAN, WOMAN, MAN, WOMAN, CHILD, MAN, WOMAN)
OTHERS: Final = tuple(phrase(f"other {n}", EVERYONE[n % len(EVERYONE)], is_near=False) for n in range(140))
LAUGHS: Final = tuple(laugh(f"laugh {n}", EVERYONE[n % len(EVERYONE)]) for n in range(14))
CHEERERS: Final = tuple(cheer(f"cheer {n}", EVERYONE[n % len(EVERYONE)]) for n in range(56))

NEAR: Final = 3
"""Men, and women, who are heard one by one."""
EFFORT_DB: Final = sweep("crowd_excitement", -4.0, 14.0)
EFFORT_COLOUR: Final = by(
    "crowd_excitement", lambda e: 13.0 * (e[:, None] - 0.3) * (np.exp(-0.5 * (octaves_from(1_800) / 1.1) ** 2) - 0.35)
)


def _lombard(people: Floats) -> Floats:
    """How much of an effort it takes to be heard among so many, 0 … 1."""
    return np.clip(np.log10(np.maximum(people, 1.0) / 4.0) / 1.6, 0.0, 1.0)


LOMBARD_DB: Final = by("crowd_people", lambda n: 12.0 * _lombard(n))
"""From a table in a quiet place to a hall full of them (Rindel 2010)."""
RAISED_OCT: Final = (sweep("crowd_excitement", -0.1, 0.3), by("crowd_people", lambda n: 0.28 * _lombard(n)))
"""A raised voice is a higher one (Junqua 1993)."""
FARTHER_DB: Final = by("crowd_distance_m", lambda d: -17.0 * np.log10(np.maximum(d, 1.0)))
DULLER: Final = by(
    "crowd_distance_m", lambda d: -1.2 * np.log10(np.maximum(d, 1.0))[:, None] * np.maximum(octaves_from(1_000), 0.0)
)


def _others(people: Floats) -> Floats:
    return np.maximum(people - 3.0, 0.0)


def _talk(people: Floats) -> Floats:
    """What stands out of the murmur: more with every doubling of the people, the rest drowns."""
    return np.log2(1.0 + _others(people) / 3.0)


STANDING_OUT_DB: Final = by("crowd_people", lambda n: 4.0 * np.log10(np.maximum(n, 30.0) / 30.0))
"""A voice that stands out of more people is a louder one."""

MURMUR: Final = together(
    *(rise_and_fall(rise, fall, 2.4) for rise, fall in ((0.3, 0.4), (0.5, 0.3), (0.2, 0.6), (0.4, 0.8)))
)

CHEER: Final = spectrum(
    (160, -24), (315, -12), (500, -4), (800, 0), (1_250, 1), (2_000, -3), (3_150, -8), (5_000, -14), (10_000, -24)
)
"""Open vowels called by many: energy about the first two formants of "a" and "e"."""
CHEERS: Final = together(
    *(rise_and_fall(rise, fall, 8.0, 1.5) for rise, fall in ((0.5, 2.5), (0.9, 1.6), (0.4, 4.0), (1.4, 3.0)))
)
EXCITED: Final = by("crowd_excitement", lambda e: np.clip((e - 0.35) / 0.6, 0.0, 1.0) ** 1.5)
"""Below a lively party nobody claps, whistles or cheers."""
TALK: Final = Flutter(
    np.outer([0.6, 0.8, 0.8, 0.8, 1.0, 1.2, 1.3, 1.4, 1.4, 1.4], [1.6, 2.4, 2.0, 1.6, 1.4, 1.2, 1.0, 0.8]),
    0.5,
    (by("crowd_people", lambda n: np.clip((np.maximum(n, 1.0) / 20.0) ** -0.3, 0.35, 1.3)),),
)
"""Speech comes in syllables at 3–6 Hz and in turns of seconds; the more people, the more evens out."""
CHATTER: Final = np.array([0.2, 0.35, 0.35, 0.3, 0.3, 0.3, 0.3, 0.2])

BEYOND: Final = 40
"""How many of those farther off are heard as voices: any fewer, and one stretch of talk resembles another."""


def _beyond(people: Floats) -> Floats:
    """The share of them that is there: of a table none, of a market all."""
    return np.clip((people - 4.0) / 1.5 / BEYOND, 0.0, 1.0)


def _behind(profile: Profile | None) -> Flutter:
    """How the murmur wanders: what comes in syllables and turns is voices, the rest behind them is nearly even."""
    drawn = moved_like(TALK, profile, 0.5)
    return replace(drawn, depth_db=0.3 * drawn.depth_db, common=0.1)


def _talkers(name: str, phrases: tuple[Call, ...], individuals: int, present: Table) -> Caller:
    """Who talks close by, and listens as long."""
    return Caller(
        name,
        phrases,
        individuals,
        3.8,
        (by("crowd_people", lambda n: np.where(n > 0, 0.7, 0.0)), sweep("crowd_excitement", 0.85, 1.2)),
        Draw(60.0, 3.0, (EFFORT_DB, LOMBARD_DB)),
        (present,),
        pitch=Draw(1.0, 0.04, RAISED_OCT),
        call_pitch_oct=0.02,
        tempo_oct=0.22,
        distance="crowd_distance_m",
        reference_m=1.0,
        drop_syllable=0.05,
        am_oct=RAISED_OCT,
    )


def _scene(profile: Profile | None) -> Patch:
    return Patch(
        "crowd",
        layers=(
            Layer(
                "murmur",
                drawn_to(SPEECH, profile, 0.5, 0.5),
                (
                    by("crowd_people", lambda n: 54.0 + 10.0 * np.log10(_others(n))),
                    FARTHER_DB,
                    EFFORT_DB,
                    EFFORT_COLOUR,
                    DULLER,
                ),
                DIFFUSE,
                flutter=_behind(profile),
            ),
        ),
        swells=(
            Swell(
                "cheer",
                CHEER,
                (by("crowd_people", lambda n: 0.5 * _others(n) / (_others(n) + 60.0)), EXCITED),
                1,
                CHEERS,
                Draw(
                    60.0, 4.0, (by("crowd_people", lambda n: 8.0 * np.log10(np.maximum(_others(n), 0.1))), FARTHER_DB)
                ),
                width=1.0,
                coherence=DIFFUSE,
            ),
            Swell(
                "hubbub",
                SPEECH,
                (by("crowd_people", lambda n: 2.0 * _others(n) / (_others(n) + 12.0)),),
                1,
                MURMUR,
                Draw(
                    41.0,
                    6.0,
                    (by("crowd_people", lambda n: 10.0 * np.log10(np.maximum(_others(n), 0.1))), FARTHER_DB, EFFORT_DB),
                ),
                spectrum_by=(EFFORT_COLOUR, DULLER),
                width=0.9,
            ),
        ),
        emitters=(
            Emitter(
                "clapping",
                "noise",
                48,
                (by("crowd_people", lambda n: 260.0 * _others(n) / (_others(n) + 400.0)), EXCITED),
                Draw(72.0, 9.0, (FARTHER_DB, by("crowd_people", lambda n: 3.0 * np.log10(np.maximum(n, 1.0))))),
                pitch_hz=Draw(1_350.0, 0.5),
                decay_s=Draw(0.006, 0.5),
                attack_s=0.0004,
                band_hz=Draw(2_200.0, 0.4),
                bursts=CHATTER,
            ),
            Emitter(
                "whistling",
                "tone",
                2,
                (by("crowd_people", lambda n: 1.4 * _others(n) / (_others(n) + 300.0)), EXCITED),
                Draw(66.0, 8.0, (FARTHER_DB,)),
                pitch_hz=Draw(2_500.0, 0.5),
                decay_s=Draw(0.7, 0.6),
                attack_s=0.06,
                sweep_oct=Draw(-0.1, 0.35),
                second=0.08,
            ),
            Emitter(
                "sibilants",
                "noise",
                6,
                (by("crowd_people", lambda n: 8.0 * _talk(n)),),
                Draw(50.5, 5.0, (FARTHER_DB, sweep("crowd_excitement", -3.0, 8.0), LOMBARD_DB)),
                pitch_hz=Draw(5_200.0, 0.8),
                decay_s=Draw(0.035, 0.8),
                attack_s=0.02,
                band_hz=Draw(3_600.0, 0.4),
            ),
        ),
        callers=(
            _talkers("men", MEN, NEAR, by("crowd_people", lambda n: (n + 1.0) / (2.0 * NEAR))),
            _talkers("women", WOMEN, NEAR, by("crowd_people", lambda n: n / (2.0 * NEAR))),
            Caller(
                "others",
                OTHERS,
                BEYOND,
                3.2,
                (by("crowd_people", lambda n: np.where(n > 4.0, 0.95, 0.0)),),
                Draw(56.5, 3.0, (EFFORT_DB, LOMBARD_DB, FARTHER_DB)),
                (by("crowd_people", _beyond),),
                pitch=Draw(1.0, 0.04, RAISED_OCT),
                call_pitch_oct=0.04,
                tempo_oct=0.22,
                drop_syllable=0.05,
                am_oct=RAISED_OCT,
            ),
            Caller(
                "laughing",
                LAUGHS,
                5,
                5.0,
                (
                    by("crowd_people", lambda n: 0.25 * np.clip(n / 20.0, 0.0, 1.0)),
                    sweep("crowd_excitement", 0.15, 1.0),
                ),
                Draw(61.0, 4.0, (sweep("crowd_excitement", -3.0, 8.0), LOMBARD_DB)),
                pitch=Draw(1.0, 0.04),
                call_pitch_oct=0.02,
                tempo_oct=0.22,
                distance="crowd_distance_m",
                reference_m=1.0,
            ),
            Caller(
                "cheering",
                CHEERERS,
                24,
                2.6,
                (by("crowd_people", lambda n: 0.9 * _others(n) / (_others(n) + 40.0)), EXCITED),
                Draw(87.0, 3.0, (STANDING_OUT_DB, STANDING_OUT_DB, sweep("crowd_excitement", -40.0, 2.0, power=0.5))),
                pitch=Draw(1.0, 0.1),
                call_pitch_oct=0.06,
                tempo_oct=0.25,
                distance="crowd_distance_m",
                reference_m=1.0,
            ),
        ),
        within="crowd_within",
    )


MURMURING: Final = Flutter(TALK.depth_db, TALK.common)
FEATURE_DB: Final = sweep("size", -14.0, 14.0, "feature")
FEATURE_RATE: Final = by("size", lambda s: 4.0 + 26.0 * s, "feature")
PRESENCE: Final = sweep("level", 0.0, 1.0, "feature", 0.3)


def _feature(profile: Profile | None) -> Patch:
    return Patch(
        "crowd",
        "feature",
        "crowd",
        layers=(
            Layer(
                "murmur",
                drawn_to(SPEECH, profile, 0.5, 0.5),
                (sweep("size", 36.0, 68.0, "feature"),),
                0.4,
                flutter=moved_like(MURMURING, profile, 0.5),
            ),
        ),
        swells=(
            Swell(
                "hubbub",
                SPEECH,
                (by("size", lambda s: 0.3 + 1.5 * s, "feature"), PRESENCE),
                1,
                MURMUR,
                Draw(45.0, 6.0, (FEATURE_DB,)),
                width=0.5,
            ),
        ),
        emitters=(
            Emitter(
                "babble",
                "tone",
                4,
                (FEATURE_RATE, PRESENCE),
                Draw(51.0, 6.0, (sweep("size", -8.0, 10.0, "feature"),)),
                pitch_hz=Draw(185.0, 0.6, (), "bell"),
                decay_s=Draw(0.17, 0.6),
                attack_s=0.03,
                sweep_oct=Draw(-0.1, 0.35),
                second=1.0,
                third=0.9,
            ),
            Emitter(
                "babble, second formants",
                "tone",
                4,
                (FEATURE_RATE, PRESENCE, by("size", lambda s: np.full_like(s, 0.6), "feature")),
                Draw(44.0, 6.0, (sweep("size", -8.0, 10.0, "feature"),)),
                pitch_hz=Draw(1_600.0, 0.6, (), "bell"),
                decay_s=Draw(0.13, 0.6),
                attack_s=0.03,
                am_hz=Draw(165.0, 0.6),
                am_depth=0.95,
            ),
            Emitter(
                "sibilants",
                "noise",
                4,
                (FEATURE_RATE, PRESENCE, by("size", lambda s: np.full_like(s, 0.3), "feature")),
                Draw(42.0, 6.0, (sweep("size", -8.0, 10.0, "feature"),)),
                pitch_hz=Draw(5_400.0, 0.4),
                decay_s=Draw(0.03, 0.4),
                attack_s=0.02,
                band_hz=Draw(3_000.0, 0.3),
                width=0.5,
            ),
        ),
    )


def patches(known: Profiles) -> tuple[Patch, ...]:
    """Crowds, their murmur drawn to the profile "crowd"."""
    profile = known.get("crowd")
    return (_scene(profile), _feature(profile))
