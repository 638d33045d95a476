"""The yard: hens that cluck and cackle, a cock that crows, and a dog that barks.

Hens and cock: Collias 1987, "The vocal repertoire of the red junglefowl", Condor 89, 510–524: clucks are short low
notes repeated a few times a second, a cackle is such a series that ends in a loud, drawn-out, higher note; a crow has
four notes over two seconds, the last the longest, with strong harmonics on 400–1000 Hz. Dog: Yin & McCowan 2004,
"Barking in domestic dogs: context specificity and individual identification", Anim. Behav. 68, 343–355: harsh noisy
barks of about a sixth of a second in bouts. Formants of cock and dog are measured on a recording of a farm.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from ambiome_middleware.sound.patch import Call
from ambiome_middleware.sound.voices.formants import Mouth, sung, uttered
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, note, rest, shifted, tail, together
from ambiome_middleware.sound.voices.throat import between, wavered

_HEN: Final = Mouth(
    ((850, 420, 0.0), (1_750, 600, -4.0), (3_000, 1_000, -11.0)),
    top_hz=4_800.0, jitter=0.05, hoarse_hz=1_000.0, breath_db=-9.0,
)  # fmt: skip
_COCK: Final = Mouth(
    ((720, 320, -2.0), (1_450, 450, 0.0), (2_200, 700, -3.0), (3_300, 1_200, -11.0)),
    top_hz=5_000.0, jitter=0.03, hoarse_hz=1_000.0, breath_db=-14.0,
)  # fmt: skip
_DOG: Final = Mouth(
    ((510, 160, -9.0), (960, 200, 0.0), (2_000, 400, -9.0), (3_100, 700, -18.0)),
    top_hz=3_800.0, jitter=0.08, hoarse_hz=700.0, breath_db=-4.0,
)  # fmt: skip


def _cluck(draws: Random, hz: float, db: float = 0.0) -> Phrase:
    s = between(draws, 0.05, 0.11)
    return sung(_HEN, wavered(draws, hz, 0.06), s, 0.78 * hz, db, arch=between(draws, 0.0, 0.2), attack=0.2)


def _clucks(draws: Random, hz: float, count: int, db: float = 0.0) -> Phrase:
    """A row of clucks, at no even pace; now and then a double one."""
    phrase = Phrase()
    for _ in range(count):
        phrase += _cluck(draws, hz, db + between(draws, -5.0, 0.0)) + rest(between(draws, 0.13, 0.42))
        if draws.random() < 0.15:
            phrase += _cluck(draws, 1.1 * hz, db - 3.0) + rest(0.06)
    return phrase


def _croon(draws: Random, hz: float) -> Phrase:
    """A drawn, rolling complaint that rises."""
    s, roll_hz = between(draws, 0.4, 0.9), between(draws, 20.0, 30.0)
    return sung(_HEN, 0.85 * hz, s, between(draws, 0.95, 1.2) * hz, -4.0, arch=0.1, attack=0.35, am_hz=roll_hz, am=0.6)


def _cackle(draws: Random, hz: float) -> Phrase:
    """Buk, buk, buk, ba-gawk: once, or twice over."""
    phrase = Phrase()
    for turn in range(round(between(draws, 1.0, 2.0))):
        count = round(between(draws, 2.0, 5.0)) if turn == 0 else 2
        for n in range(count):
            phrase += _cluck(draws, (1.05 + 0.04 * n) * hz, -4.0 + n) + rest(between(draws, 0.12, 0.2))
        s = between(draws, 0.28, 0.5)
        phrase += sung(_HEN, 1.3 * hz, s, between(draws, 1.1, 1.4) * hz, 7.0, arch=between(draws, 0.3, 0.5), attack=0.2)
        phrase += rest(between(draws, 0.25, 0.5))
    return phrase


def _hen(draws: Random, n: int) -> Phrase:
    hz = between(draws, 380.0, 540.0)
    match n % 6:
        case 2:
            return _cackle(draws, hz)
        case 4:
            return _clucks(draws, hz, 2) + _croon(draws, hz)
        case 5:
            return _croon(draws, hz) + rest(0.2) + _clucks(draws, hz, 3, -2.0)
        case _:
            return _clucks(draws, hz, round(between(draws, 3.0, 9.0)))


def _crow(draws: Random, _: int) -> Phrase:
    """Four notes, each cock's his own; and the yard's answer."""
    hz, mouth = between(draws, 520.0, 720.0), _COCK.sized(between(draws, 0.93, 1.1))
    gaps = [rest(between(draws, 0.02, 0.09)) for _ in range(3)]
    first = sung(mouth, 0.65 * hz, between(draws, 0.14, 0.24), hz, -5.0, arch=0.1, attack=0.4)
    second = sung(mouth, between(draws, 0.9, 1.0) * hz, between(draws, 0.1, 0.2), 1.05 * hz, -3.0, arch=0.1)
    third = sung(mouth, hz, between(draws, 0.25, 0.45), 1.25 * hz, arch=between(draws, 0.05, 0.2), attack=0.2)
    s, top_hz = between(draws, 0.7, 1.25), between(draws, 1.2, 1.35) * hz
    mouths = [mouth, mouth.sized(between(draws, 0.9, 1.0)), mouth.sized(between(draws, 0.8, 0.95))]
    last = uttered(
        mouths, 0.95 * top_hz, s, between(draws, 0.65, 0.9) * top_hz, arch=between(draws, 0.06, 0.16),
        am_hz=between(draws, 30.0, 60.0), am=max(between(draws, -0.3, 0.5), 0.0),
    )  # fmt: skip
    crow = first + gaps[0] + second + gaps[1] + third + gaps[2] + last
    return together(crow, later(tail(1_200.0, 1.8, 1_000.0, between(draws, -27.0, -22.0)), 0.9))


def _bark(draws: Random, mouth: Mouth, hz: float, db: float) -> Phrase:
    """A shout of mostly noise: the jaw drops and shuts again within it."""
    s, low_hz = between(draws, 0.14, 0.24), wavered(draws, 0.85 * hz, 0.05)
    voice = sung(mouth, low_hz, s, 0.75 * low_hz, db - 1.0, arch=between(draws, 0.2, 0.45), attack=0.12)
    harsh = Phrase()
    for (formant_hz, width_hz, formant_db), share in zip(mouth.formants, (0.9, 1.0, 0.8, 0.7), strict=True):
        burst = note(0.85 * formant_hz, share * s, 0.8 * formant_hz, db + formant_db - 3.0, noise_hz=1.5 * width_hz)
        arched = replace(burst.syllables[0], bend=0.25, attack=0.1)
        harsh = together(harsh, Phrase((arched,), s))
    return together(voice, harsh)


def _dog(draws: Random, n: int) -> Phrase:
    """A bout, a large dog's or a small one's, thrown back by the walls of the yard."""
    is_small = n % 3 == 2
    mouth = _DOG.sized(between(draws, 1.2, 1.4) if is_small else between(draws, 0.85, 1.05))
    hz = between(draws, 560.0, 800.0) if is_small else between(draws, 380.0, 560.0)
    phrase = Phrase()
    for _ in range(1 + (n % 3)):
        for _ in range(round(between(draws, 1.0, 2.6))):
            phrase += _bark(draws, mouth, hz, between(draws, -4.0, 0.0)) + rest(between(draws, 0.1, 0.3))
        phrase += rest(between(draws, 0.35, 1.0))
    phrase = Phrase(tuple(s for s in phrase.syllables if s.at_s < 3.4), phrase.length_s)
    return together(phrase, later(shifted(phrase, 0.0, between(draws, -24.0, -19.0)), between(draws, 0.18, 0.4)))


def _of(name: str, kind: Callable[[Random, int], Phrase], count: int) -> tuple[Call, ...]:
    draws = Random(name)
    return tuple(call(f"{name} {n}", kind(draws, n), _LONGEST_S) for n in range(count))


_LONGEST_S: Final = 5.6
HEN: Final = _of("hen", _hen, 36)
COCK: Final = _of("cock", _crow, 14)
DOG: Final = _of("dog", _dog, 24)
