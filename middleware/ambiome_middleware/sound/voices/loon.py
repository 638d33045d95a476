"""Loons over a lake: wails, tremolos, yodels and soft hoots, and the far shore that throws them back.

Structure: Barklow 1979, Graded frequency variations of the tremolo call of the common loon, Condor 81; Walcott, Mager &
Piper 2006, Changing territories, changing tunes: male loons change their vocalizations, Anim. Behav. 71; Evers et al.,
Common Loon, in: The Birds of North America. Wail: one to three clear notes of half a second to two seconds, stepping
up from some 0.7 to 1.2 kHz and back. Tremolo: 1.0–1.4 kHz, some ten turns of pitch a second, in three heights. Yodel
(males): a rising introduction, then two to six times a note that leaps to 1.8 kHz and falls. Hoot: a soft short note
near 0.5 kHz. Level: no better figure than that wail and yodel carry 1–3 km over water; 97 dB at 1 m assumed, 77 dB at
the 10 m of these tables.
"""

from dataclasses import replace
from random import Random
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Patch, Syllable, by
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, note, rest, shifted, together, trill
from ambiome_middleware.sound.voices.tempered import sung_like
from ambiome_middleware.sound.voices.throat import Throat, between, hurried, thrown_back, voiced, wavered

_LONGEST_S: Final = 8.35
_LATEST_S: Final = 4.1
"""The last syllable of a call begins by then, so that it does by 4.8 s at the slowest tempo."""
_VARIANTS: Final = 160
_THROAT: Final = Throat(second_db=-17.0, third_db=-24.0, breath_db=-17.0, breath=0.25, chirp_oct=0.2, chirp_s=0.12)
_DRAWN: Final = replace(_THROAT, breath=0.0)
"""In a drawn note what comes back covers it."""


def _drawn(draws: Random, hz: float, s: float, to_hz: float, db: float, bright: float, chirp: float = 0.0) -> Phrase:
    """A drawn note: over an arch, swelling late or early, never quite steady, and what the shores send back of it."""
    sung = voiced(
        _DRAWN, hz, s, to_hz, db, arch=between(draws, -0.05, 0.1), attack=between(draws, 0.1, 0.5), chirp=chirp,
        bright=bright + between(draws, -3.0, 3.0), am_hz=between(draws, 0.8, 6.0), am=between(draws, 0.1, 0.6),
    )  # fmt: skip
    return together(sung, _shores(draws, 0.5 * (hz + to_hz), s, db))


def _shores(draws: Random, hz: float, s: float, db: float, width: float = 0.0) -> Phrase:
    """What the shores send back of `s` seconds, near and far ones as it happens."""
    wide = max(width, between(draws, 0.05, 0.14))
    return thrown_back(hz, s, db + between(draws, -4.0, 3.0), wide, between(draws, 0.6, 2.6))


def _wail(draws: Random, db: float = 0.0) -> Phrase:
    """One to four notes that slide into one another: up a third to a fifth, and sometimes back, or part of the way."""
    hz, bright = between(draws, 640.0, 980.0), between(draws, -8.0, 6.0)
    steps = int(between(draws, 0.0, 3.6))
    on_hz = hz * 2.0 ** between(draws, -0.1, 0.14)
    first_s = between(draws, 0.4, 1.8)
    phrase = _drawn(draws, hz, first_s, on_hz, db, bright, between(draws, 0.3, 1.6))
    at_s, hz = between(draws, 0.72, 0.86) * first_s, on_hz
    for step in range(steps):
        turn = between(draws, 0.2, 0.7) if step % 2 == 0 else -between(draws, 0.1, 0.65)
        before_hz, hz = hz, hz * 2.0**turn
        slide_s, s = between(draws, 0.08, 0.35), between(draws, 0.35, 1.7)
        slide = voiced(_THROAT, before_hz, slide_s, hz, db - 3.0, attack=0.45, chirp=0.0, bright=bright + 3.0)
        to_hz = hz * 2.0 ** between(draws, -0.14, 0.06)
        on = _drawn(draws, hz, s, to_hz, db - between(draws, 0.0, 4.0), bright)
        phrase = together(phrase, later(slide, at_s), later(on, at_s + 0.5 * slide_s))
        at_s, hz = at_s + 0.4 * slide_s + between(draws, 0.72, 0.86) * s, to_hz
    return replace(phrase, length_s=at_s + 0.3)


def _tremolo(draws: Random, db: float = 0.0) -> Phrase:
    """The laugh: a sweep up into quick turns of pitch, each a pulse, over an arch of pitch and level."""
    hz, rate_hz = between(draws, 980.0, 1_450.0), between(draws, 8.2, 12.0)
    lift = between(draws, 0.3, 0.5)
    pulse = Syllable(0.0, 1.02 / rate_hz, 0.87 * hz, 0.84 * hz, db, second=0.14, third=0.06, attack=0.4, bend=lift)
    turn = Phrase((pulse,), pulse.length_s)
    opening = note(0.6 * hz, 0.12, 0.95 * hz, db - 5, second=0.2, third=0.08, attack=0.6)
    turns, drift = round(between(draws, 4.0, 14.0)), between(draws, -0.15, 0.15)
    laugh = trill(turn, turns, rate_hz, drift, between(draws, -6.0, 3.0), between(draws, -0.2, 0.15))
    return opening + replace(together(laugh, _shores(draws, hz, laugh.length_s, db, 0.3)), length_s=laugh.length_s)


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
    leaps = trill(up + down, times, rate_hz, -0.03, -1)
    return (
        opening
        + rest(0.04)
        + replace(together(leaps, _shores(draws, 1.2 * hz, leaps.length_s, 0.0, 0.35)), length_s=leaps.length_s)
    )


def _hoots(draws: Random) -> Phrase:
    phrase = Phrase()
    for _ in range(round(between(draws, 1.0, 3.4))):
        hoot = voiced(_THROAT, wavered(draws, 525.0, 0.05), between(draws, 0.14, 0.24), 0.0, -9.0, arch=0.06)
        phrase = phrase + hoot + rest(between(draws, 0.25, 0.8))
    return phrase


def _over_water(draws: Random, phrase: Phrase) -> Phrase:
    """With one far shore's answer, where there is time for it: a softer copy, late."""
    last_s = max(syllable.at_s for syllable in phrase.syllables)
    late_s = between(draws, 0.5, 1.6)
    if last_s + late_s > _LATEST_S or draws.random() < 0.4:
        return phrase
    return together(phrase, later(shifted(phrase, 0.0, between(draws, -24.0, -15.0)), late_s))


def _calls() -> tuple[Call, ...]:
    """A third wails, as many tremolos, fewer that laugh together, yodel, answer one another, or hoot softly."""
    draws = Random("loon")
    calls = []
    for n in range(_VARIANTS):
        match n % 8:
            case 0 | 3:
                phrase = _wail(draws)
            case 1 | 4:
                phrase = _tremolo(draws)
            case 2:
                phrase = _laughter(draws)
            case 5:
                phrase = _yodel(draws)
            case 6:
                phrase = together(
                    _wail(draws), later(_wail(draws, between(draws, -12.0, -3.0)), between(draws, 0.4, 1.6))
                )
            case _:
                answered = together(
                    _wail(draws), later(_tremolo(draws, between(draws, -8.0, 0.0)), between(draws, 0.5, 1.8))
                )
                phrase = _hoots(draws) if n % 16 == 7 else answered
        calls.append(call(f"loon {n}", hurried(_over_water(draws, phrase), _LATEST_S), _LONGEST_S))
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
                    individuals=7,
                    window_s=11.0,
                    activity=(by("loon_activity", lambda v: 0.8 * v**0.8),),
                    level_db=Draw(77.0, 2.0, (_NEARER,), "bell"),
                    presence=(),
                    pitch=pitch,
                    call_pitch_oct=0.15,
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
                    call_pitch_oct=0.15,
                    tempo_oct=0.2,
                ),
            ),
        ),
    )
