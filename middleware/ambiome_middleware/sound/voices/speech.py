"""Talk, laughter and cheers that nobody can follow: calls made of voiced syllables on a moving pitch.

What makes speech of a sound is its voice: harmonics that move together, shaped by formants that change with every
syllable. A vowel here is its fundamental with two harmonics, and formants that are each a harmonic pulsed at the
voice's pitch, so that its neighbours stand beside it. Pitches and formants are those of Peterson & Barney (1952, J.
Acoust. Soc. Am. 24); a phrase falls and is accented on the way ('t Hart, Collier & Cohen, A Perceptual Study of
Intonation, 1990), with three to six syllables a second (Houtgast & Steeneken 1985, J. Acoust. Soc. Am. 77). Cheers are
open vowels held long and high, some of them rough (Arnal et al. 2015, Current Biology 25).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from ambiome_middleware.sound.patch import Call, Syllable
from ambiome_middleware.sound.voices.throat import between

FORMANTS_HZ: Final = {
    "a": (730.0, 1_150.0, 2_440.0),
    "e": (530.0, 1_800.0, 2_480.0),
    "i": (300.0, 2_250.0, 2_900.0),
    "o": (510.0, 900.0, 2_400.0),
    "u": (320.0, 850.0, 2_250.0),
    "@": (500.0, 1_400.0, 2_500.0),
}
"""The first three formants of a man's vowels."""
FORMANTS_DB: Final = (0.0, -4.0, -10.0)
VOWELS: Final = "@a@ei@oaue"
"""What a syllable's vowel is drawn from; the reduced one is the most frequent."""
CONSONANTS: Final = (
    (5_800.0, 0.7, 0.09, -10.0), (3_100.0, 0.6, 0.08, -9.0), (4_400.0, 1.2, 0.07, -17.0), (4_000.0, 1.0, 0.03, -8.0),
    (1_900.0, 0.7, 0.03, -8.0), (1_400.0, 0.9, 0.06, -15.0),
)  # fmt: skip
"""Hissed, hushed, breathed, two kinds of stops, an h: pitch (Hz), bandwidth as a share of it, length (s), dB."""
BLUR_HZ: Final = 10.0
"""How wide reflections make a harmonic."""
LATEST_S: Final = 3.95
"""When the last syllable of a phrase begins at the latest: at the slowest tempo that is within a call's 4.8 s."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose voice it is: mean pitch, its range in octaves, and formants as a multiple of a man's."""

    f0_hz: float
    range_oct: float
    tract: float


MAN: Final = Speaker(122.0, 0.22, 1.0)
WOMAN: Final = Speaker(204.0, 0.18, 1.16)
CHILD: Final = Speaker(240.0, 0.15, 1.3)


Glide = tuple[float, float, float]
"""From one pitch (Hz) to another, by way of an arch (octaves)."""


def vowel(
    at_s: float, length_s: float, glide: Glide, formants_hz: Sequence[float], level_db: float, from_hz: float = 0.0
) -> tuple[Syllable, ...]:
    """A voiced syllable: fundamental with two harmonics, and three formants pulsed at the voice's pitch.

    The second formant comes from `from_hz`, where the consonant before left it; the third is as much breath as voice.
    """
    second_hz, third_hz = formants_hz[1:]
    low, first, pulse_hz = _voice(at_s, length_s, glide, formants_hz[0], level_db)
    second = replace(
        first, pitch_hz=from_hz or second_hz, end_hz=second_hz, level_db=level_db + FORMANTS_DB[1],
        bend=0.3 * math.log2(second_hz / from_hz) if from_hz else 0.0,
    )  # fmt: skip
    third = Syllable(
        at_s, length_s, third_hz, third_hz, level_db + FORMANTS_DB[2], pulse_hz, 0.9, attack=0.45, noise_hz=900.0
    )
    return low, first, second, third


def distant_vowel(
    at_s: float, length_s: float, glide: Glide, formants_hz: Sequence[float], level_db: float, from_hz: float = 0.0
) -> tuple[Syllable, ...]:
    """The same from afar: reflections blur it to narrow bands of noise, and what is above are overtones of these."""
    low, first, second, _ = vowel(at_s, length_s, glide, formants_hz, level_db, from_hz)
    return replace(low, noise_hz=BLUR_HZ), replace(first, noise_hz=BLUR_HZ), replace(second, second=0.3)


def _voice(
    at_s: float, length_s: float, glide: Glide, formant_hz: float, level_db: float
) -> tuple[Syllable, Syllable, float]:
    """Fundamental with two harmonics, the first formant on harmonics of it, and the pitch that it is pulsed at."""
    f0_hz, end_hz, bend = glide
    pulse_hz = math.sqrt(f0_hz * end_hz) * 2.0 ** (0.6 * bend)
    low = Syllable(at_s, length_s, f0_hz, end_hz, level_db - 12.0, 0.0, 0.0, 0.9, 0.8, 0.45, bend=bend)
    times = max(round(formant_hz / pulse_hz), 2)
    first = replace(
        low, pitch_hz=times * f0_hz, end_hz=times * end_hz, level_db=level_db, am_hz=pulse_hz, am_depth=0.95,
        second=0.0, third=0.0,
    )  # fmt: skip
    return low, first, pulse_hz


def consonant(at_s: float, hz: float, width: float, length_s: float, level_db: float) -> Syllable:
    """A band of noise."""
    return Syllable(at_s, length_s, hz, level_db=level_db, attack=0.3, noise_hz=width * hz)


def phrase(name: str, speaker: Speaker, *, is_near: bool = True) -> Call:
    """Something said, drawn from the hash of `name`: one to three groups of syllables with rests between them.

    From afar (`is_near` False) most consonants are lost.
    """
    draws = Random(name)
    f0_hz = speaker.f0_hz * 2.0 ** between(draws, -speaker.range_oct, speaker.range_oct)
    tract, pace_s = speaker.tract * between(draws, 0.95, 1.05), between(draws, 0.135, 0.185)
    parts: list[Syllable] = []
    at_s = 0.0
    for _ in range(1 + int(3 * draws.random())):
        contour = _contour(draws, 3 + int(6 * draws.random()))
        for place in range(1, len(contour) - 1):
            if at_s > LATEST_S:
                return Call(name, tuple(parts))
            before, (octaves, is_accented), after = contour[place - 1 : place + 2]
            is_last = place == len(contour) - 2
            length_s = pace_s * (1.3 if is_accented else 0.85) * (1.45 if is_last else 1.0) * between(draws, 0.8, 1.25)
            level_db = (3.0 if is_accented else -2.0) - 3.0 * place / len(contour) + between(draws, -1.5, 1.5)
            formants_hz = [tract * hz for hz in FORMANTS_HZ[VOWELS[int(len(VOWELS) * draws.random())]]]
            if draws.random() < (0.85 if is_near else 0.5):
                hz, width, hiss_s, below_db = CONSONANTS[int(len(CONSONANTS) * draws.random())]
                parts.append(consonant(at_s, hz, width, hiss_s, level_db + below_db))
                at_s += 0.75 * hiss_s
            start, end = 0.5 * (before[0] + octaves), 0.5 * (octaves + after[0])
            glide = (f0_hz * 2.0**start, f0_hz * 2.0**end, octaves - 0.5 * (start + end))
            from_hz = formants_hz[1] * 2.0 ** between(draws, -0.35, 0.35)
            voiced = vowel if is_near else distant_vowel
            parts += voiced(at_s, 1.05 * length_s, glide, formants_hz, level_db, from_hz)
            at_s += length_s * (1.0 if draws.random() < 0.7 else 1.25)
        at_s += between(draws, 0.15, 0.55)
    return Call(name, tuple(parts))


def _contour(draws: Random, count: int) -> list[tuple[float, bool]]:
    """Octaves about the voice's own pitch, and whether it is accented, of each syllable, with where it comes from and
    goes to before and behind."""
    accents = [draws.random() < 0.35 for _ in range(count)]
    accents[int(count * draws.random())] = True
    found = [
        (0.2 - 0.42 * place / count + (0.36 if is_accented else 0.0) + between(draws, -0.1, 0.1), is_accented)
        for place, is_accented in enumerate(accents)
    ]
    ending = -0.45 if draws.random() < 0.7 else 0.45
    return [(found[0][0] - 0.15, False), *found, (found[-1][0] + ending, False)]


def laugh(name: str, speaker: Speaker) -> Call:
    """Four to eight bursts of breath and an open vowel, about five a second, higher than talk and falling."""
    draws = Random(name)
    f0_hz = speaker.f0_hz * 2.0 ** between(draws, 0.45, 0.95)
    formants_hz = [speaker.tract * hz for hz in FORMANTS_HZ["ae@o"[int(4 * draws.random())]]]
    pace_s = between(draws, 0.16, 0.22)
    parts: list[Syllable] = []
    at_s = 0.0
    for n in range(4 + int(5 * draws.random())):
        pitch_hz = f0_hz * 2.0 ** (-0.07 * n + between(draws, -0.03, 0.03))
        parts.append(consonant(at_s, 1_700.0, 0.8, 0.07, -13.0 - n))
        parts += vowel(at_s + 0.03, 0.55 * pace_s, (pitch_hz, 0.88 * pitch_hz, 0.04), formants_hz, -1.5 * n)
        at_s += pace_s * (1.0 + 0.03 * n)
    return Call(name, tuple(parts))


def held(
    at_s: float, length_s: float, glide: Glide, formants_hz: Sequence[float], level_db: float = 0.0,
    rough_hz: float = 0.0, blur_hz: float = 0.0,
) -> tuple[Syllable, ...]:  # fmt: skip
    """A vowel called out: at such pitches every harmonic is heard by itself, and must follow wherever the pitch goes.

    `rough_hz`: a pulse that makes a scream of it, or none. `blur_hz`: how wide reflections make each harmonic.
    """
    f0_hz, end_hz, bend = glide

    def grown_db(harmonic: int) -> float:
        hz = harmonic * f0_hz * 2.0**bend
        peaks = zip(formants_hz, (0.0, -4.0, -12.0), strict=True)
        return max(db - 16.0 * abs(math.log2(hz / at_hz)) for at_hz, db in peaks) - 6.0 * max(math.log2(hz / 3e3), 0.0)

    def beside(harmonic: int, first: int) -> float:
        return min(10.0 ** (0.05 * (grown_db(harmonic) - grown_db(first))), 1.0)

    return tuple(
        Syllable(
            at_s, length_s, harmonic * f0_hz, harmonic * end_hz, level_db + grown_db(harmonic),
            rough_hz, 0.5 if rough_hz > 0.0 else 0.0, beside(2 * harmonic, harmonic), beside(3 * harmonic, harmonic),
            0.18, blur_hz, bend,
        )
        for harmonic in (1, 4, 5)
    )  # fmt: skip


def cheer(name: str, speaker: Speaker) -> Call:
    """One who cheers: a long "yeah" or "woo" that scoops up and falls off, a whoop that leaps, or a few short calls."""
    draws = Random(name)
    f0_hz = speaker.f0_hz * 2.0 ** between(draws, 0.85, 1.5)
    open_hz = [speaker.tract * hz for hz in (between(draws, 700.0, 900.0), between(draws, 1_200.0, 1_700.0), 2_700.0)]
    round_hz = [speaker.tract * hz for hz in (between(draws, 360.0, 520.0), between(draws, 850.0, 1_100.0), 2_500.0)]
    front_hz = [speaker.tract * hz for hz in FORMANTS_HZ["i"]]
    rough_hz = between(draws, 45.0, 90.0) if draws.random() < 0.45 else 0.0
    blur_hz = between(draws, 6.0, 30.0) if draws.random() < 0.85 else 0.0
    kind = draws.random()
    if kind < 0.65:
        before_hz, vowel_hz = (front_hz, open_hz) if kind < 0.4 else (round_hz, round_hz)
        scoop_s, length_s, fall = between(draws, 0.12, 0.3), between(draws, 0.5, 1.9), between(draws, 0.62, 0.9)
        top_hz = f0_hz * 2.0 ** between(draws, 0.05, 0.2)
        scoop = held(0.0, 1.5 * scoop_s, (0.75 * f0_hz, top_hz, 0.05), before_hz, -3.0, 0.0, blur_hz)
        body = held(scoop_s, length_s, (top_hz, fall * f0_hz, 0.06), vowel_hz, 0.0, rough_hz, blur_hz)
        return Call(name, (*scoop, *body))
    if kind < 0.75:
        length_s, leap = between(draws, 0.35, 0.8), between(draws, 1.3, 1.9)
        glide = (f0_hz, leap * f0_hz, between(draws, 0.05, 0.25))
        return Call(name, held(0.0, length_s, glide, round_hz, -4.0, 0.0, blur_hz))
    parts: list[Syllable] = []
    pace_s = between(draws, 0.32, 0.6)
    for n in range(2 + int(4 * draws.random())):
        pitch_hz = f0_hz * 2.0 ** between(draws, -0.08, 0.08)
        glide = (pitch_hz, between(draws, 0.7, 0.9) * pitch_hz, 0.1)
        parts.append(consonant(n * pace_s, 1_800.0, 0.8, 0.06, -14.0))
        parts += held(n * pace_s + 0.04, 0.75 * pace_s, glide, open_hz, -1.0 * n, rough_hz)
    return Call(name, tuple(parts))
