"""Owls: long hoots, answers, trills and barks, far apart in time, one or two birds across the valley.

Structure: Cramp et al., The Birds of the Western Palearctic, vol. 4 (1985), Strix aluco, Bubo bubo, Asio otus;
Galeotti 1998, Correlates of hoot rate and structure in male tawny owls, J. Avian Biol. 29. Tawny: a drawn hoot of
about a second, a pause of two to four, a soft "hu" and a wavering hoot; answer "ke-wick", two to three times as high.
Eagle and horned owls: two to five low notes. Barn owl: a hoarse shriek of a second or two, rarely. Fundamentals
0.3–0.9 kHz with weak harmonics: the tables are drawn at 400 Hz and follow `owl_pitch_hz`. Level: no better figure than
that they carry 1–2 km on a still night; 88 dB at 1 m assumed, 68 dB at the 10 m of these tables.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Floats, Patch, Table, by
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import Phrase, bend, call, later, note, rest, tail, together, trill
from ambiome_middleware.sound.voices.tempered import sung_like

_PITCH_HZ: Final = 400.0


def _hoot(s: float, rise: float = 1.0, fall: float = 0.94, db: float = 0.0, waver_hz: float = 0.0) -> Phrase:
    """A hoot: into the note, along it, and down at its end."""
    top_hz = rise * _PITCH_HZ
    on = note(0.97 * top_hz, 0.62 * s, top_hz, db, am_hz=waver_hz, am=0.55, second=0.09, third=0.04, attack=0.4)
    off = note(top_hz, 0.7 * s, fall * _PITCH_HZ, db - 1, am_hz=waver_hz, am=0.6, second=0.08, third=0.03, attack=0.35)
    return Phrase(on.syllables + (rest(0.3 * s) + off).syllables, s)


def _in_the_wood(phrase: Phrase, hz: float = _PITCH_HZ, at_s: float = 0.3) -> Phrase:
    """With what the trunks throw back of it."""
    return together(phrase, later(tail(hz, phrase.length_s - at_s + 0.8, 0.07 * hz, -16), at_s))


_HU: Final = note(0.95 * _PITCH_HZ, 0.13, 0.98 * _PITCH_HZ, -5, second=0.05)

TAWNY: Final[tuple[Call, ...]] = (
    call("drawn, hu, wavering", _hoot(0.85) + rest(1.7) + _HU + rest(0.35) + _hoot(1.4, 1.02, 0.95, 1, 13.0)),
    call("wavering", _in_the_wood(_HU + rest(0.3) + _hoot(1.6, 1.03, 0.93, 0, 11.5))),
    call("drawn", _in_the_wood(_hoot(1.1, 1.02, 0.92))),
    call("drawn, two hu", _hoot(0.9) + rest(1.2) + (_HU + rest(0.22)) * 2 + _hoot(0.9, 1.0, 0.94, 1, 12.0)),
    call("drawn twice", _hoot(0.8) + rest(2.3) + _hoot(0.95, 1.01, 0.93)),
    call("trill", trill(note(0.96 * _PITCH_HZ, 0.075, _PITCH_HZ, -6, second=0.05), 22, 11.0, 0.06, 6)),
    call("hu, drawn", _in_the_wood(_HU + rest(0.5) + _hoot(1.2, 1.01, 0.9))),
)
_LOW, _SHORT, _LAST = _hoot(0.42, 0.82, 0.79), _hoot(0.16, 0.8, 0.8, -3), _hoot(0.6, 0.8, 0.74)
HORNED: Final[tuple[Call, ...]] = (
    call("two notes", _in_the_wood(_LOW + rest(0.28) + _LAST, 0.8 * _PITCH_HZ)),
    call("five notes", _LOW + rest(0.18) + _SHORT + rest(0.06) + _hoot(0.42, 0.86, 0.8, 1) + rest(0.45) + _LOW * 2),
    call("three notes", (_hoot(0.3, 0.84, 0.82, -1) + rest(0.2)) * 2 + rest(0.1) + _LAST),
    call("one note", _in_the_wood(_hoot(0.5, 0.84, 0.76), 0.8 * _PITCH_HZ)),
    call("even notes", trill(_hoot(0.34, 0.84, 0.8), 3, 0.62)),
    call("four notes", _SHORT + rest(0.1) + _LOW + rest(0.4) + _LOW + rest(0.35) + _LAST),
    call("barks", trill(bend(1.1 * _PITCH_HZ, 0.17, 1.7 * _PITCH_HZ, _PITCH_HZ, second=0.3), 3, 2.3, -0.05)),
)


def _kewick(db: float = 0.0, top: float = 3.2) -> Phrase:
    ke = note(1.9 * _PITCH_HZ, 0.09, 2.3 * _PITCH_HZ, db - 5, second=0.2)
    wick = bend(2.0 * _PITCH_HZ, 0.24, top * _PITCH_HZ, 2.3 * _PITCH_HZ, db, second=0.25)
    return ke + rest(0.04) + wick


ANSWERS: Final[tuple[Call, ...]] = (
    call("ke-wick", _kewick()),
    call("ke-wick twice", _kewick() + rest(0.5) + _kewick(-1, 3.0)),
    call("ke-wick thrice", trill(_kewick(), 3, 1.1, -0.04)),
    call("hoarse hoot", _hoot(0.75, 1.5, 1.3, -3, 27.0)),
    call("wick", bend(2.1 * _PITCH_HZ, 0.22, 3.3 * _PITCH_HZ, 2.4 * _PITCH_HZ, second=0.25)),
    call("ke-wick, hoarse", _kewick(0, 2.9) + rest(0.6) + _hoot(0.6, 1.55, 1.35, -2, 24.0)),
    call("bubbling", trill(note(1.7 * _PITCH_HZ, 0.06, 1.85 * _PITCH_HZ, -5), 16, 13.0, 0.04, 3)),
)


def _shriek(s: float, hz: float, db: float = 0.0) -> Phrase:
    """A barn owl's: a tearing hiss with a rough voice in it."""
    hiss = note(6.2 * hz, s, 5.6 * hz, db, noise_hz=5.0 * hz, attack=0.25)
    return together(hiss, note(5.0 * hz, s, 4.6 * hz, db - 5, am_hz=76.0, am=0.9, second=0.3, attack=0.3))


SHRIEKS: Final[tuple[Call, ...]] = (
    call("shriek", _shriek(1.3, _PITCH_HZ)),
    call("long shriek", _shriek(2.0, 0.94 * _PITCH_HZ)),
    call("short shriek", _shriek(0.7, 1.05 * _PITCH_HZ)),
    call("shriek, broken", _shriek(0.5, _PITCH_HZ, -4) + rest(0.08) + _shriek(1.1, 1.04 * _PITCH_HZ)),
    call("two shrieks", _shriek(0.9, 0.97 * _PITCH_HZ) + rest(0.9) + _shriek(1.2, _PITCH_HZ, -2)),
)
_LOW_HZ: Final = 180.0
_FOLLOW_PITCH: Final = by("owl_pitch_hz", lambda v: np.log2(np.maximum(v, _LOW_HZ) / _PITCH_HZ))
_HIGH_VOICED: Final = by("owl_pitch_hz", lambda v: np.clip(np.log2(np.maximum(v, _LOW_HZ) / 260.0) / 0.4, 0.0, 1.0))
_LOW_VOICED: Final = by("owl_pitch_hz", lambda v: np.clip(np.log2(560.0 / np.maximum(v, _LOW_HZ)) / 0.4, 0.0, 1.0))


_NEARER: Final = by("owl_activity", lambda v: 14.0 * np.sqrt(v) - 12.0)
"""In the busiest nights the nearest is near."""


def _there(activity: Floats, individuals: int, enter: float) -> Floats:
    """Share of the individuals that are out, [levels] → [levels]: of those that begin at once all, else one by one."""
    share = 1.0 if enter == 0.0 else 0.6 / individuals + (activity - enter) / (1.0 - enter)
    return np.where(activity > enter, np.minimum(share, 1.0), 0.0)


def _caller(
    name: str, calls: tuple[Call, ...], individuals: int, often: float, enter: float, pitch: Draw, kind: Table
) -> Caller:
    return Caller(
        name,
        calls,
        individuals,
        window_s=9.0,
        activity=(by("owl_activity", lambda v: often * v**0.75),),
        level_db=Draw(68.0, 3.0, (_NEARER,), "bell"),
        presence=(by("owl_activity", lambda v: _there(v, individuals, enter)), kind),
        pitch=pitch,
        call_pitch_oct=0.015,
        tempo_oct=0.08,
        distance="owl_distance_m",
    )


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The owls' patches, their pitches drawn to the profile "owl"."""
    pitch = sung_like(Draw(1.0, 0.09, (_FOLLOW_PITCH,)), _PITCH_HZ, known.get("owl"), 0.5, 250.0, 1_000.0)
    return (
        Patch(
            "owl",
            callers=(
                _caller("tawny", TAWNY, 3, 0.4, 0.0, pitch, _HIGH_VOICED),
                _caller("horned", HORNED, 3, 0.33, 0.0, pitch, _LOW_VOICED),
                _caller("answer", ANSWERS, 2, 0.3, 0.25, pitch, _HIGH_VOICED),
                _caller("barn owl", SHRIEKS, 1, 0.07, 0.3, pitch, _HIGH_VOICED),
            ),
        ),
        Patch(
            "owl",
            source="event",
            kind="owl",
            callers=(
                Caller(
                    "owl",
                    (*TAWNY, *HORNED, *ANSWERS),
                    individuals=1,
                    window_s=6.0,
                    activity=(),
                    level_db=Draw(68.0, 1.0, (by("strength", lambda v: 14.0 * v - 7.0, "event"),)),
                    pitch=replace(pitch, spread=0.12),
                    call_pitch_oct=0.03,
                ),
            ),
        ),
    )
