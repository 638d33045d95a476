"""How the called voices' songs are put together: notes, and phrases that are added, repeated and trilled.

A `Phrase` is syllables with a length. `a + b` sings b after a, `a * 3` sings a three times; `call` makes the `Call`
of it. A repertoire is an alphabet of motifs and a list of words over it, so that the variants of a species share
their material as the songs of real birds do (Catchpole & Slater, Bird Song, ch. 8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from random import Random
from typing import Final

from ambiome_middleware.sound.patch import Call, Syllable

MAX_CALL_S: Final = 5.0
"""A call is no longer than this, if it does not say so."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Syllables and the time (seconds) that they take, rests included."""

    syllables: tuple[Syllable, ...] = ()
    length_s: float = 0.0

    def __add__(self, other: "Phrase") -> "Phrase":
        later = tuple(replace(s, at_s=s.at_s + self.length_s) for s in other.syllables)
        return Phrase(self.syllables + later, self.length_s + other.length_s)

    def __mul__(self, times: int) -> "Phrase":
        return trill(self, times, 1 / self.length_s)


def note(
    hz: float,
    s: float,
    to_hz: float = 0.0,
    db: float = 0.0,
    *,
    am_hz: float = 0.0,
    am: float = 0.9,
    second: float = 0.0,
    third: float = 0.0,
    attack: float = 0.3,
    noise_hz: float = 0.0,
) -> Phrase:
    """One syllable of `s` seconds, from `hz` to `to_hz` (0: level), `db` against the call; pulsed if `am_hz` > 0."""
    depth = am if am_hz > 0 else 0.0
    return Phrase((Syllable(0.0, s, hz, to_hz, db, am_hz, depth, second, third, attack, noise_hz),), s)


def rest(s: float) -> Phrase:
    """Silence."""
    return Phrase((), s)


def bend(hz: float, s: float, by_way_of_hz: float, to_hz: float = 0.0, db: float = 0.0, second: float = 0.0) -> Phrase:
    """A note that turns once, roundly: an arch when the turning point is the highest, a vee when it is the lowest."""
    end_hz = to_hz or hz
    turn = note(hz, s, end_hz, db, second=second).syllables[0]
    return Phrase((replace(turn, bend=log2(by_way_of_hz / (0.5 * (hz + end_hz)))),), s)


def trill(
    phrase: Phrase, times: int, rate_hz: float, octaves: float = 0.0, db: float = 0.0, hurry: float = 0.0
) -> Phrase:
    """`phrase` sung `times` times at `rate_hz`, drifting by `octaves` and by `db` from the first to the last.

    `hurry`: octaves by which the rate itself drifts (positive: accelerating).
    """
    syllables: list[Syllable] = []
    at_s = 0.0
    for index in range(times):
        along = index / max(times - 1, 1)
        syllables += (replace(s, at_s=s.at_s + at_s) for s in shifted(phrase, octaves * along, db * along).syllables)
        at_s += 2 ** (-hurry * along) / rate_hz
    return Phrase(tuple(syllables), at_s)


def shifted(phrase: Phrase, octaves: float = 0.0, db: float = 0.0) -> Phrase:
    """The phrase at another pitch and level; pulse rates stay."""
    ratio = 2.0**octaves
    moved = tuple(
        replace(s, pitch_hz=s.pitch_hz * ratio, end_hz=s.end_hz * ratio, level_db=s.level_db + db)
        for s in phrase.syllables
    )
    return Phrase(moved, phrase.length_s)


def later(phrase: Phrase, s: float) -> Phrase:
    """The phrase after `s` seconds of silence."""
    return rest(s) + phrase


def together(*phrases: Phrase) -> Phrase:
    """Phrases that begin at once; as long as the longest."""
    return Phrase(sum((p.syllables for p in phrases), ()), max(p.length_s for p in phrases))


def tail(hz: float, s: float, band_hz: float, db: float) -> Phrase:
    """What wood or water throw back of a note: noise `band_hz` wide about `hz` that dies away over `s` seconds."""
    return note(hz, s, 0.99 * hz, db, attack=0.12, noise_hz=band_hz)


def call(name: str, phrase: Phrase, longest_s: float = MAX_CALL_S) -> Call:
    """The phrase as a call.

    Raises ValueError if a syllable ends later than `longest_s`.
    """
    end_s = max(s.at_s + s.length_s for s in phrase.syllables)
    if end_s > longest_s:
        raise ValueError(f"call {name!r} lasts {end_s:.2f} s, allowed are at most {longest_s} s")
    return Call(name, phrase.syllables)


def composed(
    name: str, motifs: str, count: int, *, parts: tuple[int, int], times: tuple[int, int] = (1, 1), gap: str = "",
    close: str = "",
) -> tuple[str, ...]:  # fmt: skip
    """`count` different words over the letters of `motifs`, drawn from the hash of `name`.

    A word has `parts` (fewest, most) letters, no letter twice in a row, each sung `times` (fewest, most) over, with
    `gap` between them and one letter of `close` (a blank: none) at its end.
    """
    draws = Random(name)

    def among(low: int, high: int) -> int:
        return low + int(draws.random() * (high - low + 1))

    words: dict[str, None] = {}
    while len(words) < count:
        letters = [motifs[among(0, len(motifs) - 1)]]
        length = among(*parts)
        while len(letters) < length:
            letter = motifs[among(0, len(motifs) - 1)]
            if letter != letters[-1]:
                letters.append(letter)
        word = gap.join(letter * among(*times) for letter in letters)
        words[(word + close[among(0, len(close) - 1)]).strip() if close else word] = None
    return tuple(words)


def repertoire(name: str, motifs: Mapping[str, Phrase], words: Sequence[str], gap_s: float = 0.0) -> tuple[Call, ...]:
    """One call per word: its letters' motifs in order, `gap_s` apart; a blank is a rest of 0.12 s."""
    calls = []
    for word in words:
        phrase = Phrase()
        for letter in word:
            phrase += rest(0.12) if letter == " " else motifs[letter] + rest(gap_s)
        calls.append(call(f"{name} {word}", phrase))
    return tuple(calls)
