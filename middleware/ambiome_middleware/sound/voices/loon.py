"""Loons over a lake: wails, tremolos, yodels and soft hoots, and the far shore that throws them back.

Structure: Barklow 1979, Graded frequency variations of the tremolo call of the common loon, Condor 81; Walcott, Mager &
Piper 2006, Changing territories, changing tunes: male loons change their vocalizations, Anim. Behav. 71; Evers et al.,
Common Loon, in: The Birds of North America. Wail: one to three clear notes of half a second to two seconds, stepping
up from some 0.7 to 1.2 kHz and back. Tremolo: 1.0–1.4 kHz, some ten turns of pitch a second, in three heights. Yodel
(males): a rising introduction, then two to six times a note that leaps to 1.8 kHz and falls. Hoot: a soft short note
near 0.5 kHz. Level: no better figure than that wail and yodel carry 1–3 km over water; 97 dB at 1 m assumed, 77 dB at
the 10 m of these tables.
"""

from random import Random
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Patch, by
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, note, rest, shifted, tail, together, trill
from ambiome_middleware.sound.voices.tempered import sung_like
from ambiome_middleware.sound.voices.throat import Throat, between, voiced, wavered

_LONGEST_S: Final = 8.3
_THROAT: Final = Throat(second_db=-17.0, third_db=-24.0, breath_db=-17.0, breath=0.25, chirp_oct=0.2, chirp_s=0.12)


def _drawn(draws: Random, hz: float, s: float, to_hz: float, db: float = 0.0, chirp: float = 0.0) -> Phrase:
    """A drawn note: over an arch, swelling late or early, never quite steady."""
    return voiced(
        _THROAT, hz, s, to_hz, db, arch=between(draws, 0.0, 0.05), attack=between(draws, 0.15, 0.4), chirp=chirp,
        bright=between(draws, -4.0, 4.0), am_hz=between(draws, 1.5, 6.0), am=between(draws, 0.1, 0.35),
    )  # fmt: skip


def _wail(draws: Random, db: float = 0.0) -> Phrase:
    """One to three notes that slide into one another: up a third to a fifth, and sometimes back."""
    hz = between(draws, 680.0, 900.0)
    steps = int(between(draws, 0.0, 3.0))
    phrase = _drawn(draws, hz, between(draws, 0.6, 1.6), 1.01 * hz, db, 1.0)
    at_s = 0.8 * phrase.length_s
    for step in range(steps):
        before_hz, hz = hz, hz * 2.0 ** (between(draws, 0.3, 0.65) * (1.0 if step == 0 else -1.0))
        slide = voiced(_THROAT, before_hz, 0.16, hz, db - 3.0, attack=0.45, chirp=0.0, bright=3.0)
        on = _drawn(draws, hz, between(draws, 0.7, 1.6), between(draws, 0.96, 1.0) * hz, db)
        phrase = together(phrase, later(slide, at_s), later(on, at_s + 0.08))
        at_s += 0.06 + 0.8 * on.length_s
    return phrase


def _tremolo(draws: Random, db: float = 0.0) -> Phrase:
    """The laugh: a sweep up into quick turns of pitch, each a pulse, over an arch of pitch and level."""
    hz, rate_hz = between(draws, 1_020.0, 1_400.0), between(draws, 8.8, 11.5)
    turn = voiced(
        _THROAT, 0.87 * hz, 1.02 / rate_hz, 0.84 * hz, db, arch=between(draws, 0.3, 0.5), attack=0.4, chirp=0.0
    )
    opening = note(0.6 * hz, 0.12, 0.95 * hz, db - 5, second=0.2, third=0.08, attack=0.6)
    turns, drift = round(between(draws, 4.0, 12.0)), between(draws, -0.1, 0.1)
    return opening + trill(turn, turns, rate_hz, drift, between(draws, -5.0, 0.0), between(draws, -0.15, 0.1))


def _laughter(draws: Random) -> Phrase:
    """Two or three tremolos, or a pair of birds that laugh across one another."""
    if draws.random() < 0.5:
        return together(_tremolo(draws), later(_tremolo(draws, -4.0), between(draws, 0.3, 0.9)))
    return _tremolo(draws) + rest(between(draws, 0.25, 0.7)) + _tremolo(draws, -1.0)


def _yodel(draws: Random) -> Phrase:
    """A male's: slow rise, then leaping notes, hoarse at their tops."""
    hz = between(draws, 1_080.0, 1_260.0)
    opening = voiced(_THROAT, 0.72 * hz, between(draws, 0.35, 0.6), 0.8 * hz, -4.0)
    opening += voiced(_THROAT, 0.82 * hz, between(draws, 0.4, 0.6), 1.12 * hz, -1.0, chirp=0.0)
    up = voiced(_THROAT, 0.8 * hz, 0.13, 1.45 * hz, attack=0.5, chirp=0.0, bright=4.0)
    s = between(draws, 0.28, 0.42)
    down = voiced(
        _THROAT, 1.45 * hz, s, 0.98 * hz, attack=0.15, chirp=0.0, bright=5.0, am_hz=between(draws, 20.0, 34.0), am=0.4
    )
    times, rate_hz = round(between(draws, 2.0, 4.0)), between(draws, 1.3, 1.7)
    return opening + rest(0.04) + trill(up + down, times, rate_hz, -0.03, -1)


def _hoots(draws: Random) -> Phrase:
    phrase = Phrase()
    for _ in range(round(between(draws, 1.0, 3.4))):
        hoot = voiced(_THROAT, wavered(draws, 525.0, 0.05), between(draws, 0.14, 0.24), 0.0, -9.0, arch=0.06)
        phrase = phrase + hoot + rest(between(draws, 0.25, 0.8))
    return phrase


def _over_water(draws: Random, phrase: Phrase, hz: float) -> Phrase:
    """With the shores' answer: noise about the pitches that it went through, and a softer copy, late."""
    s = between(draws, 1.6, 3.0)
    answer = later(tail(hz, s, 0.3 * hz, between(draws, -20.0, -16.0)), between(draws, 0.4, 1.2))
    last_s = max(syllable.at_s for syllable in phrase.syllables)
    late_s = between(draws, 0.5, 1.4)
    if last_s + late_s > 3.6:
        return together(phrase, answer)
    return together(phrase, answer, later(shifted(phrase, 0.0, between(draws, -22.0, -16.0)), late_s))


def _calls() -> tuple[Call, ...]:
    """Forty: a third wails, as many tremolos, fewer that laugh together, yodel, or hoot softly."""
    draws = Random("loon")
    calls = []
    for n in range(40):
        match n % 8:
            case 0 | 3 | 6:
                phrase = _over_water(draws, _wail(draws), 1_000.0)
            case 1 | 4:
                phrase = _over_water(draws, _tremolo(draws), 1_170.0)
            case 2:
                phrase = _over_water(draws, _laughter(draws), 1_180.0)
            case 5:
                phrase = _over_water(draws, _yodel(draws), 1_450.0)
            case _:
                answered = together(_wail(draws), later(_tremolo(draws, -4.0), between(draws, 0.8, 1.8)))
                phrase = _hoots(draws) if n % 16 == 7 else _over_water(draws, answered, 1_100.0)
        calls.append(call(f"loon {n}", phrase, _LONGEST_S))
    return tuple(calls)


CALLS: Final = _calls()


_NEARER: Final = by("loon_activity", lambda v: 18.0 * np.sqrt(v) - 14.0)
"""In the nights when all call, some are near."""

_CALL_HZ: Final = 1_150.0
"""Where these calls are strongest."""


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The loons' patches, their calls' pitch drawn to the profile "loon"."""
    pitch = sung_like(Draw(1.0, 0.1), _CALL_HZ, known.get("loon"), 0.5, 600.0, 2_000.0)
    return (
        Patch(
            "loon",
            callers=(
                Caller(
                    "loon",
                    CALLS,
                    individuals=6,
                    window_s=13.0,
                    activity=(by("loon_activity", lambda v: 0.6 * v**0.8),),
                    level_db=Draw(77.0, 2.0, (_NEARER,), "bell"),
                    presence=(),
                    pitch=pitch,
                    call_pitch_oct=0.1,
                    tempo_oct=0.2,
                    distance="loon_distance_m",
                ),
            ),
        ),
        Patch(
            "loon",
            source="event",
            kind="loon",
            callers=(
                Caller(
                    "loon",
                    CALLS,
                    individuals=1,
                    window_s=13.0,
                    activity=(),
                    level_db=Draw(77.0, 1.0, (by("strength", lambda v: 14.0 * v - 7.0, "event"),)),
                    pitch=pitch,
                    call_pitch_oct=0.1,
                    tempo_oct=0.2,
                ),
            ),
        ),
    )
