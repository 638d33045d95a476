"""Loons over a lake: wails, tremolos, yodels and soft hoots, and the far shore that throws them back.

Structure: Barklow 1979, Graded frequency variations of the tremolo call of the common loon, Condor 81; Walcott, Mager &
Piper 2006, Changing territories, changing tunes: male loons change their vocalizations, Anim. Behav. 71; Evers et al.,
Common Loon, in: The Birds of North America. Wail: one to three clear notes of half a second to two seconds, stepping
up from some 0.7 to 1.2 kHz and back. Tremolo: 1.0–1.4 kHz, some ten turns of pitch a second, in three heights. Yodel
(males): a rising introduction, then two to six times a note that leaps to 1.8 kHz and falls. Hoot: a soft short note
near 0.5 kHz. Level: no better figure than that wail and yodel carry 1–3 km over water; 97 dB at 1 m assumed, 77 dB at
the 10 m of these tables.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Patch, by
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import (
    Phrase,
    bend,
    call,
    later,
    note,
    rest,
    shifted,
    tail,
    together,
    trill,
)
from ambiome_middleware.sound.voices.tempered import sung_like

_LONGEST_S: Final = 9.0


def _wailing(*notes: tuple[float, float], db: float = 0.0) -> Phrase:
    """Drawn notes (Hz, seconds) that step into one another."""
    phrase, at_s, before_hz = Phrase(), 0.0, 0.0
    for hz, s in notes:
        into = note(before_hz or 0.9 * hz, 0.13, hz, db - 4, second=0.06, attack=0.5)
        on = note(hz, s, 0.985 * hz, db, am_hz=1.9, am=0.2, second=0.08, third=0.02, attack=0.22)
        phrase = together(phrase, later(into, at_s), later(on, at_s + 0.05))
        at_s, before_hz = at_s + 0.82 * s, hz
    return phrase


def _tremolo(hz: float, turns: int, rate_hz: float, octaves: float = 0.0, db: float = 0.0) -> Phrase:
    """The laugh: a sweep up into quick turns of pitch, each a pulse."""
    turn = bend(0.86 * hz, 0.98 / rate_hz, 1.14 * hz, 0.82 * hz, db, 0.07)
    return note(0.6 * hz, 0.12, 0.95 * hz, db - 5, second=0.05, attack=0.6) + trill(turn, turns, rate_hz, octaves, -3)


def _yodel(hz: float, times: int, rate_hz: float = 1.5, db: float = 0.0) -> Phrase:
    """A male's: slow rise, then leaping notes."""
    opening = note(0.72 * hz, 0.5, 0.8 * hz, db - 4, second=0.08, attack=0.5)
    opening += note(0.82 * hz, 0.55, 1.12 * hz, db - 1, second=0.1, third=0.03, attack=0.35)
    leap = note(0.8 * hz, 0.13, 1.45 * hz, db, second=0.1, attack=0.5) + note(
        1.45 * hz, 0.36, 0.98 * hz, db, am_hz=24.0, am=0.35, second=0.12, third=0.04, attack=0.15
    )
    return opening + rest(0.04) + trill(leap, times, rate_hz, -0.03, -1)


def _hoots(*at_s: float) -> Phrase:
    return together(*(later(note(520, 0.17, 545, -9, second=0.1, attack=0.4), at) for at in at_s))


def _over_water(phrase: Phrase, hz: float, at_s: float, s: float = 3.4, db: float = -13.0) -> Phrase:
    """With the shores' answer: a tail of narrow noise about the loudest pitch, and one clear echo of the end."""
    return together(phrase, later(tail(hz, s, 0.11 * hz, db), at_s))


WAILS: Final = (
    _wailing((780, 0.9), (1_170, 1.3)),
    _wailing((830, 1.6)),
    _wailing((760, 0.7), (1_130, 1.5), (800, 0.8)),
    _wailing((1_050, 1.4), (880, 0.7)),
    _wailing((720, 0.6), (960, 0.6), (1_240, 1.7)),
)
TREMOLOS: Final = (
    _tremolo(1_130, 6, 9.8),
    _tremolo(1_260, 9, 10.6, 0.06),
    _tremolo(1_050, 4, 9.1) + rest(0.35) + _tremolo(1_120, 7, 9.9, -0.05, -1),
    _tremolo(1_390, 12, 11.2, -0.08),
    _tremolo(1_180, 5, 10.1)
    + rest(0.5)
    + _tremolo(1_160, 5, 9.8, 0.0, -2)
    + rest(0.45)
    + _tremolo(1_170, 6, 10, -0.04),
)
YODELS: Final = (_yodel(1_180, 3), _yodel(1_240, 4, 1.6), _yodel(1_110, 2, 1.3))
CALLS: Final[tuple[Call, ...]] = tuple(
    call(f"loon {n}", phrase, _LONGEST_S)
    for n, phrase in enumerate(
        (
            _over_water(WAILS[0], 1_150, 1.0, 4.2),
            _over_water(TREMOLOS[0], 1_130, 0.4),
            _over_water(WAILS[1], 825, 0.6, 3.6),
            _over_water(TREMOLOS[1], 1_250, 0.5),
            _over_water(together(YODELS[0], later(shifted(YODELS[0], 0.0, -17), 1.7)), 1_500, 1.8, 3.8, -15),
            _over_water(WAILS[2], 1_120, 1.0, 4.4),
            _over_water(together(TREMOLOS[0], later(shifted(TREMOLOS[2], 0.1, -4), 0.7)), 1_200, 0.6, 4.0),
            _hoots(0.0, 0.6, 1.5),
            _over_water(together(TREMOLOS[2], later(shifted(TREMOLOS[2], 0.0, -16), 1.1)), 1_120, 0.8),
            _over_water(WAILS[3], 1_040, 0.6, 3.8),
            _over_water(together(WAILS[4], later(TREMOLOS[4], 1.6)), 1_200, 1.3, 4.4),
            _over_water(TREMOLOS[3], 1_370, 0.7, 3.2),
            _hoots(0.0, 0.45),
            _over_water(YODELS[1], 1_600, 2.0, 3.4, -15),
            _over_water(together(WAILS[0], later(shifted(WAILS[1], 0.12, -6), 1.9)), 1_150, 1.1, 4.4),
            _over_water(together(YODELS[2], later(TREMOLOS[1], 1.9)), 1_400, 1.6, 3.8, -15),
        )
    )
)


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
                    call_pitch_oct=0.03,
                    tempo_oct=0.08,
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
                    call_pitch_oct=0.03,
                    tempo_oct=0.08,
                ),
            ),
        ),
    )
