"""Crowds: one person who talks, a café, a market, a stadium; near talkers in syllables, the rest as bed and babble.

The bed has the long-term spectrum of speech (Byrne et al. 1994), whose middle rises with vocal effort. A person talks
at 58 dB(A) in 1 m, calls at 75 and shouts at 85 (Pearsons, Bennett & Fidell 1977; Lombard); N people add 10·log10(N).
A vowel is its fundamental with harmonics and two formants, each a tone pulsed at the voice's pitch.
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
from ambiome_middleware.sound.voices.shapes import DIFFUSE, octaves_from, rise_and_fall, spectrum, sweep, together
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

SPEECH: Final = spectrum(
    (63, -26), (100, -14), (160, -6), (250, -3), (400, -1), (500, 0), (630, -1), (1_000, -6), (1_600, -9),
    (2_500, -13), (4_000, -17),
    (8_000, -24), (16_000, -36),
)  # fmt: skip
FORMANTS_HZ: Final = {
    "a": (750, 1_200),
    "e": (500, 1_850),
    "i": (310, 2_250),
    "o": (480, 900),
    "u": (340, 800),
    "@": (520, 1_450),
}


def _vowel(
    at_s: float, length_s: float, f0_hz: float, name: str, level_db: float, fall: float = 0.92
) -> tuple[Syllable, ...]:
    """A vowel on a falling pitch: fundamental with two harmonics, and two formants on harmonics of it."""
    parts = [Syllable(at_s, length_s, f0_hz, fall * f0_hz, level_db - 7.0, second=0.8, third=0.6, attack=0.2)]
    for formant_hz, below_db in zip(FORMANTS_HZ[name], (0.0, -8.0), strict=True):
        hz = max(round(formant_hz / f0_hz), 2) * f0_hz
        parts.append(Syllable(at_s, length_s, hz, fall * hz, level_db + below_db, f0_hz, 0.95, attack=0.2))
    return tuple(parts)


def _consonant(at_s: float, hz: float, level_db: float) -> Syllable:
    return Syllable(at_s, 0.07, hz, level_db=level_db, attack=0.3, noise_hz=0.7 * hz)


def _phrase(f0_hz: float, text: str, pace_s: float) -> Call:
    """A phrase from letters: vowels, consonants "s", "t", "k", and "-" for a pause; its pitch arches and falls."""
    consonants = {"s": (5_600.0, -15.0), "t": (3_800.0, -14.0), "k": (1_900.0, -13.0)}
    parts: list[Syllable] = []
    at_s, count = 0.0, sum(letter in FORMANTS_HZ for letter in text)
    spoken = 0
    for place, letter in enumerate(text):
        if letter in consonants:
            parts.append(_consonant(at_s, *consonants[letter]))
            at_s += 0.06
        elif letter == "-":
            at_s += 1.5 * pace_s
        else:
            share = spoken / count
            accent = (0.0, 3.0, -2.0, 1.0)[place % 4]
            pitch = f0_hz * (1.0 + 0.16 * np.sin(3.0 * share) - 0.12 * share + 0.03 * (accent > 0))
            length = pace_s * (1.25 if accent > 0 else 0.85)
            parts.extend(_vowel(at_s, length, float(round(pitch)), letter, accent))
            at_s += 0.92 * length
            spoken += 1
    return Call(text, tuple(parts))


PHRASES: Final = (
    _phrase(118.0, "s@teka-ito", 0.17), _phrase(104.0, "ata-k@si@", 0.18), _phrase(131.0, "oi-t@kesata", 0.16),
    _phrase(112.0, "tu@kase-@to", 0.19), _phrase(98.0, "ke@-satok@", 0.18), _phrase(124.0, "i@kat-u", 0.21),
    _phrase(205.0, "sitake-@to", 0.16), _phrase(221.0, "a-tekis@ta", 0.15), _phrase(196.0, "ko@teta-i", 0.18),
    _phrase(236.0, "esi-takato@", 0.15), _phrase(212.0, "u@kat-@s", 0.19), _phrase(188.0, "taket@-siko", 0.17),
)  # fmt: skip


def _laugh(f0_hz: float, count: int, pace_s: float, vowel: str) -> Call:
    parts: list[Syllable] = []
    for n in range(count):
        at_s = n * pace_s * (1.0 + 0.03 * n)
        parts.append(_consonant(at_s, 1_700.0, -14.0 - n))
        parts.extend(_vowel(at_s + 0.03, 0.55 * pace_s, float(round(f0_hz * (1.0 - 0.045 * n))), vowel, -1.5 * n, 0.88))
    return Call("laugh", tuple(parts))


LAUGHS: Final = (
    _laugh(190.0, 5, 0.20, "a"), _laugh(310.0, 7, 0.17, "a"), _laugh(270.0, 4, 0.21, "e"), _laugh(160.0, 6, 0.19, "o"),
    _laugh(340.0, 5, 0.16, "i"),
)  # fmt: skip
SHOUTS: Final = (
    Call("hey", (_consonant(0.0, 2_000.0, -12.0), *_vowel(0.04, 0.42, 260.0, "e", 0.0, 0.8))),
    Call("oh", _vowel(0.0, 0.6, 220.0, "o", 0.0, 1.25)),
    Call("ya", (*_vowel(0.0, 0.12, 330.0, "i", -4.0, 1.1), *_vowel(0.1, 0.5, 370.0, "a", 0.0, 0.75))),
    Call(
        "ho", (_consonant(0.0, 1_500.0, -12.0), *_vowel(0.04, 0.3, 180.0, "o", 0.0),
            *_vowel(0.4, 0.45, 190.0, "o", 1.0, 0.8))),
    Call(
        "call", (*_vowel(0.0, 0.22, 290.0, "a", 0.0), _consonant(0.22, 4_500.0, -12.0),
            *_vowel(0.28, 0.5, 340.0, "i", 1.0, 0.85))),
)  # fmt: skip

TALKERS: Final = 6
EFFORT_DB: Final = sweep("crowd_excitement", -4.0, 16.0)
EFFORT_COLOUR: Final = by(
    "crowd_excitement", lambda e: 9.0 * (e[:, None] - 0.3) * (np.exp(-0.5 * (octaves_from(1_800) / 1.1) ** 2) - 0.35)
)
FARTHER_DB: Final = by("crowd_distance_m", lambda d: -17.0 * np.log10(np.maximum(d, 1.0)))
DULLER: Final = by(
    "crowd_distance_m", lambda d: -1.2 * np.log10(np.maximum(d, 1.0))[:, None] * np.maximum(octaves_from(1_000), 0.0)
)
PRESENT: Final = by("crowd_people", lambda n: np.minimum(n / TALKERS, 1.0))


def _others(people: Floats) -> Floats:
    return np.maximum(people - 3.0, 0.0)


DROWNED_DB: Final = by("crowd_people", lambda n: -16.0 * np.clip(np.log10(np.maximum(n, 1.0) / 8.0), 0.0, 1.0))
"""In a large crowd even the nearest is one of many: words are lost (the cocktail party at its threshold)."""
MORE_DB: Final = by("crowd_people", lambda n: 6.0 * np.log10(np.maximum(_others(n), 1.0)))
"""A syllable that stands out of more people is a louder one."""


def _talk(people: Floats) -> Floats:
    """Syllables that stand out of the murmur: more with every doubling of the people, the others drown."""
    return np.log2(1.0 + _others(people) / 3.0)


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


def _scene(profile: Profile | None) -> Patch:
    return Patch(
        "crowd",
        layers=(
            Layer(
                "murmur",
                drawn_to(SPEECH, profile, 0.5, 0.5),
                (
                    by("crowd_people", lambda n: 55.0 + 10.0 * np.log10(_others(n))),
                    FARTHER_DB,
                    EFFORT_DB,
                    EFFORT_COLOUR,
                    DULLER,
                ),
                DIFFUSE,
                flutter=moved_like(TALK, profile, 0.5),
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
                    46.0,
                    6.0,
                    (by("crowd_people", lambda n: 10.0 * np.log10(np.maximum(_others(n), 0.1))), FARTHER_DB, EFFORT_DB),
                ),
                spectrum_by=(EFFORT_COLOUR, DULLER),
                width=0.9,
            ),
        ),
        emitters=(
            Emitter(
                "babble",
                "tone",
                8,
                (by("crowd_people", lambda n: 8.5 * _talk(n)),),
                Draw(
                    61.0,
                    7.0,
                    (FARTHER_DB, EFFORT_DB, MORE_DB),
                ),
                pitch_hz=Draw(560.0, 0.75, (sweep("crowd_excitement", -0.15, 0.3),), "bell"),
                decay_s=Draw(0.17, 0.6),
                attack_s=0.04,
                sweep_oct=Draw(-0.05, 0.2),
                am_hz=Draw(155.0, 0.6),
                am_depth=0.9,
                second=0.35,
                third=0.12,
                bursts=CHATTER,
            ),
            Emitter(
                "babble, second formants",
                "tone",
                8,
                (by("crowd_people", lambda n: 5.5 * _talk(n)),),
                Draw(
                    54.0,
                    8.0,
                    (FARTHER_DB, EFFORT_DB, MORE_DB),
                ),
                pitch_hz=Draw(1_700.0, 0.7, (), "bell"),
                decay_s=Draw(0.13, 0.6),
                attack_s=0.03,
                sweep_oct=Draw(0.0, 0.25),
                am_hz=Draw(165.0, 0.6),
                am_depth=0.95,
                bursts=CHATTER,
            ),
            Emitter(
                "babble, third formants",
                "tone",
                8,
                (by("crowd_people", lambda n: 4.0 * _talk(n)),),
                Draw(
                    48.0,
                    8.0,
                    (FARTHER_DB, EFFORT_DB, MORE_DB),
                ),
                pitch_hz=Draw(2_900.0, 0.4, (), "bell"),
                decay_s=Draw(0.12, 0.6),
                attack_s=0.03,
                sweep_oct=Draw(0.0, 0.2),
                am_hz=Draw(165.0, 0.6),
                am_depth=0.95,
                bursts=CHATTER,
            ),
            Emitter(
                "hooting",
                "tone",
                4,
                (by("crowd_people", lambda n: 9.0 * _others(n) / (_others(n) + 300.0)), EXCITED),
                Draw(72.0, 7.0, (FARTHER_DB,)),
                pitch_hz=Draw(720.0, 0.55),
                decay_s=Draw(1.1, 0.7),
                attack_s=0.12,
                sweep_oct=Draw(-0.08, 0.25),
                second=0.55,
                third=0.4,
            ),
            Emitter(
                "clapping",
                "noise",
                48,
                (by("crowd_people", lambda n: 260.0 * _others(n) / (_others(n) + 400.0)), EXCITED),
                Draw(64.0, 9.0, (FARTHER_DB, by("crowd_people", lambda n: 3.0 * np.log10(np.maximum(n, 1.0))))),
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
                4,
                (by("crowd_people", lambda n: 2.2 * _talk(n)),),
                Draw(
                    55.0,
                    7.0,
                    (
                        FARTHER_DB,
                        sweep("crowd_excitement", -3.0, 8.0),
                        MORE_DB,
                    ),
                ),
                pitch_hz=Draw(5_200.0, 0.6),
                decay_s=Draw(0.03, 0.5),
                attack_s=0.02,
                band_hz=Draw(3_600.0, 0.4),
                bursts=CHATTER,
            ),
        ),
        callers=(
            Caller(
                "talker",
                PHRASES,
                TALKERS,
                3.0,
                (by("crowd_people", lambda n: np.where(n > 0, 0.75, 0.0)), sweep("crowd_excitement", 0.8, 1.2)),
                Draw(58.0, 3.0, (EFFORT_DB, DROWNED_DB)),
                (PRESENT,),
                pitch=Draw(1.0),
                call_pitch_oct=0.0,
                tempo_oct=0.15,
                distance="crowd_distance_m",
                reference_m=1.0,
                drop_syllable=0.05,
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
                Draw(61.0, 4.0, (sweep("crowd_excitement", -3.0, 8.0),)),
                pitch=Draw(1.0),
                call_pitch_oct=0.0,
                tempo_oct=0.15,
                distance="crowd_distance_m",
                reference_m=1.0,
            ),
            Caller(
                "shouting",
                SHOUTS,
                6,
                4.0,
                (
                    by("crowd_people", lambda n: 0.6 * np.clip(n / 40.0, 0.0, 1.0)),
                    sweep("crowd_excitement", 0.0, 1.0, power=2.0),
                ),
                Draw(78.0, 4.0, (sweep("crowd_excitement", -6.0, 4.0),)),
                pitch=Draw(1.0),
                call_pitch_oct=0.0,
                tempo_oct=0.2,
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
                Draw(53.0, 6.0, (sweep("size", -8.0, 10.0, "feature"),)),
                pitch_hz=Draw(560.0, 0.75, (), "bell"),
                decay_s=Draw(0.17, 0.6),
                attack_s=0.04,
                sweep_oct=Draw(-0.05, 0.2),
                am_hz=Draw(155.0, 0.6),
                am_depth=0.9,
                second=0.35,
                third=0.12,
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
