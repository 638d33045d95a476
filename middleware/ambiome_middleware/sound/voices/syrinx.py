"""What a bird's voice and a wood add to the notes of a song, and how no song is sung twice alike.

A syrinx does not draw straight lines: its muscles let the pitch sag or overshoot on the way from one end of a sweep to
the other (Goller & Riede 2013, Integrative physiology of fundamental frequency control in birds, J. Physiol. Paris
107), a note sets in harder or softer than the next, and its octave is there, if faint. Trunks and leaves answer each
note with many late, faint copies of it: a tail of a narrow band of noise (Richards & Wiley 1980, Reverberations and
amplitude fluctuations in the propagation of sound in a forest, Am. Nat. 115). And a bird that sings a song again begins
later or ends sooner, a little faster or higher, and never in quite the same steps.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from random import Random
from typing import Final

from ambiome_middleware.sound.patch import Call, Syllable
from ambiome_middleware.sound.voices.throat import between, wavered

OCTAVE: Final = 0.035
"""Amplitude of a plain note's octave."""
TAIL_DB: Final = -18.0
TAIL_S: Final = 0.28
_APART_S: Final = 0.45
"""Tails that followed each other faster would run into one tone."""
_LONG_S: Final = 0.1
"""Shorter notes come in trills, whose own next note hides their tails."""
_LATEST_S: Final = 4.35
_ENDS_S: Final = 5.0


def _is_plain(s: Syllable) -> bool:
    return s.noise_hz == 0.0 and s.am_hz == 0.0


def _curve(s: Syllable, call: str) -> float:
    """Octaves by which a sweep sags, or overshoots, at its middle: alike for all the notes of a trill."""
    if s.bend or not s.end_hz:
        return s.bend
    draws = Random(f"{call} {round(1e4 * s.length_s)} {s.end_hz > s.pitch_hz}")
    ratio = max(s.end_hz / s.pitch_hz, s.pitch_hz / s.end_hz)
    return between(draws, -0.3, 0.12) * min(ratio - 1.0, 1.0) + between(draws, -0.012, 0.02)


def _attack(s: Syllable, call: str) -> float:
    return s.attack * between(Random(f"{call} {round(1e4 * s.length_s)} attack"), 0.4, 1.2)


def _tail(s: Syllable) -> Syllable:
    end_hz = s.end_hz or s.pitch_hz
    middle_hz = 0.5 * (s.pitch_hz + end_hz)
    band_hz = max(abs(end_hz - s.pitch_hz), 0.15 * middle_hz)
    return Syllable(
        s.at_s + 0.35 * s.length_s, s.length_s + TAIL_S, middle_hz, middle_hz, s.level_db + TAIL_DB, attack=0.2,
        noise_hz=band_hz,
    )  # fmt: skip


def voiced(call: Call) -> Call:
    """The call with its sweeps curved, its onsets uneven, its octaves and the tails of its longer notes."""
    made: list[Syllable] = []
    tailed_s = -_APART_S
    for s in call.syllables:
        if not _is_plain(s):
            made.append(s)
            continue
        second = s.second or OCTAVE
        made.append(replace(s, bend=_curve(s, call.name), attack=_attack(s, call.name), second=second))
        answer = _tail(s)
        is_apart = s.at_s - tailed_s >= _APART_S
        if s.length_s >= _LONG_S and s.pitch_hz > 1_000.0 and is_apart and answer.at_s < _LATEST_S:
            made.append(answer)
            tailed_s = s.at_s
    return Call(call.name, tuple(made))


def _notes(call: Call) -> list[tuple[Syllable, ...]]:
    """A call's syllables by onset: what begins together stays together."""
    ordered = sorted(call.syllables, key=lambda s: s.at_s)
    return [tuple(group) for _, group in groupby(ordered, key=lambda s: s.at_s)]


def _again(call: Call, name: str) -> Call:
    """The call as it is sung another time: shortened at an end, and no step quite the same."""
    draws = Random(name)
    notes = _notes(call)
    lost = int(between(draws, 0.0, 0.25) * len(notes))
    notes = notes[:-lost] if lost and draws.random() < 0.7 else notes[lost:]
    tempo = min(2.0 ** between(draws, -0.12, 0.12), _LATEST_S / max(notes[-1][0].at_s - notes[0][0].at_s, 1e-3))
    transpose, since_s = 2.0 ** between(draws, -0.05, 0.05), notes[0][0].at_s
    made: list[Syllable] = []
    for note in notes:
        ratio, db = transpose * wavered(draws, 1.0, 0.012), between(draws, -1.5, 1.5)
        late_s = between(draws, 0.0, 0.012)
        made += (
            replace(
                s, at_s=tempo * (s.at_s - since_s) + late_s, length_s=min(tempo, 1.0) * s.length_s,
                pitch_hz=ratio * s.pitch_hz, end_hz=ratio * s.end_hz, level_db=s.level_db + db,
            )
            for s in note
        )  # fmt: skip
    return Call(name, tuple(s for s in made if s.at_s + s.length_s <= _ENDS_S))


def varied(calls: Sequence[Call], count: int) -> tuple[Call, ...]:
    """At least `count` calls: these, and then each of them as it is sung other times."""
    more = (_again(calls[n % len(calls)], f"{calls[n % len(calls)].name}, {n}") for n in range(len(calls), count))
    return tuple(voiced(each) for each in (*calls, *more))
