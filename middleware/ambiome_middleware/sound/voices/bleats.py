"""The calls of the herd: cattle, sheep and goats.

Cattle: Padilla de la Torre, Briefer, Reader & McElligott 2015, "Acoustic analysis of cattle (Bos taurus)
mother–offspring contact calls from a source–filter theory perspective", Appl. Anim. Behav. Sci. 163, 58–68: with the
mouth closed near 80 Hz, with the mouth open near 150 Hz, calves between. Sheep: Sèbe, Duboscq, Aubin, Ligout &
Poindron 2010, "Early vocal recognition of mother by lambs", Anim. Behav. 79, 1055–1066: low calls with the mouth
closed, high ones with it open. Goats: Briefer & McElligott 2011, "Mutual mother–offspring vocal recognition in an
ungulate hider species (Capra hircus)", Anim. Cogn. 14, 585–598. A bleat trembles in pitch and level some ten times a
second; two in five of the sheep's are nearly steady. The sheep's pitches and formants are measured on a recording
of a farm, the formants of the others are after the length of the head.
"""

from collections.abc import Callable
from random import Random
from typing import Final

from ambiome_middleware.sound.patch import Call
from ambiome_middleware.sound.voices.formants import Mouth, sung, trembled, uttered
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, rest, tail, together
from ambiome_middleware.sound.voices.throat import between

_COW: Final = Mouth(
    ((230, 110, -2.0), (620, 120, 0.0), (1_050, 170, -5.0), (1_550, 240, -10.0), (2_300, 500, -16.0)),
    top_hz=2_700.0, jitter=0.03, hoarse_hz=900.0, breath_db=-13.0,
)  # fmt: skip
_SHEEP: Final = Mouth(
    ((235, 90, -6.0), (940, 120, 0.0), (2_250, 380, -9.0), (3_250, 650, -9.0)),
    top_hz=3_900.0, jitter=0.015, hoarse_hz=1_500.0, breath_db=-11.0,
)  # fmt: skip
_GOAT: Final = Mouth(
    ((480, 180, -6.0), (1_150, 220, 0.0), (2_550, 500, -6.0), (3_700, 800, -12.0)),
    top_hz=4_000.0, jitter=0.02, hoarse_hz=1_500.0, breath_db=-11.0,
)  # fmt: skip


def _mouths(draws: Random, mouth: Mouth) -> list[Mouth]:
    """As the lips part, the jaw sinks, and comes back."""
    first = mouth.shut() if draws.random() < 0.4 else mouth.sized(between(draws, 0.84, 0.95))
    return [first, mouth.sized(between(draws, 1.0, 1.12)), mouth.sized(between(draws, 0.86, 0.98))]


def _moo(draws: Random) -> Phrase:
    """Up into a long note that arches and sinks, rough where it is loud; now and then a hum goes before it."""
    mouth = _COW.sized(between(draws, 0.92, 1.12))
    hz, s = between(draws, 108.0, 178.0), between(draws, 1.0, 2.2)
    moo = uttered(
        _mouths(draws, mouth), between(draws, 0.6, 0.85) * hz, s, between(draws, 0.55, 0.85) * hz,
        arch=between(draws, 0.3, 0.6), am_hz=between(draws, 22.0, 38.0), am=max(between(draws, -0.2, 0.5), 0.0),
    )  # fmt: skip
    if draws.random() < 0.3:
        hum = sung(mouth.shut(), 0.7 * hz, between(draws, 0.4, 0.8), 0.76 * hz, -9.0, attack=0.4)
        moo = together(hum, later(moo, 0.75 * hum.length_s))
    return moo


def _low(draws: Random) -> Phrase:
    """With the mouth shut: a hum."""
    hz = between(draws, 74.0, 96.0)
    return sung(
        _COW.shut(), 0.9 * hz, between(draws, 0.7, 1.4), 0.85 * hz, -7.0, arch=between(draws, 0.1, 0.25), attack=0.3,
        am_hz=between(draws, 8.0, 14.0), am=0.3,
    )  # fmt: skip


def _cow(draws: Random, n: int) -> Phrase:
    """One moo, a calf's higher one, two in a row, or a hum; and what barn and hedge throw back of it."""
    match n % 6:
        case 2:
            phrase = _low(draws) + rest(between(draws, 0.2, 0.6)) + _low(draws)
        case 4:
            phrase = _moo(draws) + rest(between(draws, 0.3, 0.9)) + _moo(draws)
        case 5:
            calf = _COW.sized(between(draws, 1.3, 1.5))
            hz, s = between(draws, 150.0, 215.0), between(draws, 0.6, 1.1)
            phrase = uttered(
                _mouths(draws, calf), 0.85 * hz, s, between(draws, 0.65, 0.9) * hz, -3.0, arch=between(draws, 0.15, 0.4)
            )
        case _:
            phrase = _moo(draws)
    return together(phrase, later(tail(600.0, 1.6, 500.0, between(draws, -26.0, -21.0)), between(draws, 0.4, 0.8)))


def _baa(draws: Random, db: float = 0.0) -> Phrase:
    """A ewe's or a lamb's: trembling, or nearly steady, with tones midway between the harmonics.

    Those come of a larynx whose pulses are not alike, every other one.
    """
    is_lamb = draws.random() < 0.35
    mouth = _SHEEP.sized(between(draws, 1.15, 1.35) if is_lamb else between(draws, 0.9, 1.08))
    hz = between(draws, 215.0, 380.0) if is_lamb else 112.0 * 2.0 ** between(draws, 0.0, 1.1)
    s = between(draws, 0.45, 0.9) if is_lamb else between(draws, 0.7, 1.35)
    if draws.random() < 0.4:
        return uttered(
            _mouths(draws, mouth), 0.94 * hz, s, between(draws, 0.9, 1.0) * hz, db, arch=between(draws, 0.03, 0.1),
            am_hz=0.5 * hz, am=max(between(draws, -0.3, 0.5), 0.0),
        )  # fmt: skip
    rate_hz, deep = between(draws, 7.0, 10.5), between(draws, 0.05, 0.13)
    to_hz = between(draws, 0.82, 0.98) * hz
    return trembled(draws, mouth, hz, s, to_hz, rate_hz=rate_hz, deep=deep, db=db)


def _sheep(draws: Random, n: int) -> Phrase:
    """One, two, or a ewe whom another answers."""
    match n % 4:
        case 1:
            return _baa(draws) + rest(between(draws, 0.25, 0.8)) + _baa(draws, -2.0)
        case 3:
            return together(_baa(draws), later(_baa(draws, between(draws, -8.0, -2.0)), between(draws, 0.5, 2.2)))
        case _:
            return _baa(draws)


def _goat(draws: Random, n: int) -> Phrase:
    """Higher, faster and more deeply trembling than a sheep; in two or three where a kid calls."""
    mouth = _GOAT.sized(between(draws, 0.92, 1.15))
    phrase, hz = Phrase(), between(draws, 210.0, 380.0)
    for _ in range(1 + (n % 5 == 1) + (n % 5 == 3) * 2):
        s, rate_hz, deep = between(draws, 0.4, 0.95), between(draws, 9.0, 13.0), between(draws, 0.1, 0.22)
        to_hz = between(draws, 0.75, 0.95) * hz
        bleat = trembled(draws, mouth, hz, s, to_hz, rate_hz=rate_hz, deep=deep)
        phrase = phrase + bleat + rest(between(draws, 0.2, 0.6))
    return phrase


def _of(name: str, kind: Callable[[Random, int], Phrase], count: int) -> tuple[Call, ...]:
    draws = Random(name)
    return tuple(call(f"{name} {n}", kind(draws, n), _LONGEST_S) for n in range(count))


_LONGEST_S: Final = 8.0
COW: Final = _of("cow", _cow, 30)
SHEEP: Final = _of("sheep", _sheep, 36)
GOAT: Final = _of("goat", _goat, 15)
