"""Owls: long hoots, answers, trills and barks, far apart in time, one or two birds across the valley.

Structure: Cramp et al., The Birds of the Western Palearctic, vol. 4 (1985), Strix aluco, Bubo bubo, Asio otus;
Galeotti 1998, Correlates of hoot rate and structure in male tawny owls, J. Avian Biol. 29. Tawny: a drawn hoot of
about a second, a pause of two to four, a soft "hu" and a wavering hoot; answer "ke-wick", two to three times as high.
Eagle and horned owls: two to five low notes. Barn owl: a hoarse shriek of a second or two, rarely. Fundamentals
0.3–0.9 kHz with weak harmonics: the tables are drawn at 400 Hz and follow `owl_pitch_hz`. Level: no better figure than
that they carry 1–2 km on a still night; 88 dB at 1 m assumed, 68 dB at the 10 m of these tables.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Floats, Patch, Table, by
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, note, rest, tail, together, trill
from ambiome_middleware.sound.voices.tempered import sung_like
from ambiome_middleware.sound.voices.throat import Throat, between, voiced, wavered

_PITCH_HZ: Final = 400.0


_THROAT: Final = Throat(second_db=-19.0, third_db=-26.0, breath_db=-15.0, breath=0.45, chirp_oct=0.16, chirp_s=0.09)


def _hoot(s: float, rise: float = 1.0, fall: float = 0.94, db: float = 0.0, arch: float = 0.04) -> Phrase:
    """A hoot: a chirp into the note, up over its arch, and down at its end."""
    top_hz = rise * _PITCH_HZ
    return voiced(_THROAT, 0.97 * top_hz, s, fall * _PITCH_HZ, db, arch=arch, attack=0.3, bright=2.0 * db)


def _hu(draws: Random, db: float = -5.0) -> Phrase:
    hz = wavered(draws, 0.95 * _PITCH_HZ, 0.04)
    return voiced(_THROAT, hz, between(draws, 0.09, 0.16), 1.02 * hz, db, attack=0.35, chirp=0.6)


def _wavering(draws: Random) -> Phrase:
    """hu-hu-huhuhuhooo: short pulses that hurry, swell and run into one drawn note, itself still unsteady."""
    rate_hz, pulses = between(draws, 9.0, 13.5), round(between(draws, 4.0, 9.0))
    hz = wavered(draws, 0.99 * _PITCH_HZ, 0.02)
    pulse = voiced(_THROAT, hz, 1.15 / rate_hz, 1.01 * hz, -7.0, arch=0.03, attack=0.3, chirp=0.0)
    pulses_first = trill(pulse, pulses, rate_hz, 0.05, 6.0, between(draws, 0.0, 0.35))
    s, fall = between(draws, 0.45, 1.0), between(draws, 0.9, 0.97)
    drawn = voiced(
        _THROAT, 1.04 * hz, s, fall * hz, 0.5, attack=0.2, chirp=0.0, am_hz=0.85 * rate_hz, am=between(draws, 0.15, 0.5)
    )
    return pulses_first + drawn


def _in_the_wood(phrase: Phrase, hz: float = _PITCH_HZ, at_s: float = 0.3) -> Phrase:
    """With what the trunks throw back of it."""
    return together(phrase, later(tail(hz, phrase.length_s - at_s + 0.6, 0.22 * hz, -19), at_s))


def _tawny(draws: Random, shape: int) -> Phrase:
    """One of the things a tawny owl says, in a timing of its own."""
    drawn = _hoot(between(draws, 0.65, 1.15), wavered(draws, 1.0, 0.03), between(draws, 0.88, 0.95))
    match shape:
        case 0 | 1:
            pause_s = between(draws, 1.0, 1.9)
            return drawn + rest(pause_s) + _hu(draws) + rest(between(draws, 0.2, 0.5)) + _wavering(draws)
        case 2:
            return _in_the_wood(_hu(draws) + rest(between(draws, 0.25, 0.5)) + _wavering(draws))
        case 3:
            return _in_the_wood(drawn)
        case 4:
            soft = _hu(draws, -7.0) + rest(between(draws, 0.15, 0.3)) + _hu(draws) + rest(between(draws, 0.15, 0.3))
            return drawn + rest(between(draws, 0.8, 1.3)) + soft + _wavering(draws)
        case 5:
            soft = voiced(_THROAT, wavered(draws, 0.96 * _PITCH_HZ, 0.04), 0.08, 0.0, -7.0, chirp=0.0)
            return trill(soft, round(between(draws, 12.0, 24.0)), between(draws, 8.5, 12.0), 0.06, 6.0)
        case _:
            return _in_the_wood(_hu(draws) + rest(between(draws, 0.35, 0.7)) + drawn)


def _horned(draws: Random, shape: int) -> Phrase:
    """Three to six low notes, the second and third short and close: hoo h-hoo … hoo … hoo; or the deep pair."""
    key = wavered(draws, 1.0, 0.03)

    def low(s: float, db: float = 0.0, drop: float = 0.79) -> Phrase:
        return _hoot(wavered(draws, s, 0.15), 0.82 * key, drop * key, db, 0.02)

    def gap(s: float) -> Phrase:
        return rest(wavered(draws, s, 0.25))

    match shape:
        case 0 | 1:
            opening = low(0.4) + gap(0.2) + low(0.15, -3.0) + gap(0.07) + low(0.4, 1.0)
            return opening + gap(0.45) + low(0.42) + gap(0.4) + low(0.5, -1.0, 0.74)
        case 2:
            return _in_the_wood(low(0.42) + gap(0.28) + low(0.6, 0.0, 0.74), 0.8 * _PITCH_HZ)
        case 3:
            return low(0.16, -3.0) + gap(0.1) + low(0.42) + gap(0.42) + low(0.42) + gap(0.36) + low(0.6, 0.0, 0.74)
        case 4:
            return _in_the_wood(low(0.5, 0.0, 0.75), 0.8 * _PITCH_HZ)
        case 5:
            hz = wavered(draws, 1.1 * _PITCH_HZ, 0.1)
            bark = voiced(_THROAT, hz, 0.16, 0.9 * hz, arch=0.5, bright=8.0, am_hz=33.0, am=0.3)
            return trill(bark, round(between(draws, 2.0, 4.0)), between(draws, 1.8, 2.6), -0.05)
        case _:
            return low(0.3, -1.0) + gap(0.22) + low(0.3, -1.0) + gap(0.3) + low(0.6, 0.0, 0.74)


def _kewick(draws: Random, db: float = 0.0) -> Phrase:
    """ke-wick: a short step up and a whip over the top, its harmonics loud, its onset rough."""
    low_hz, top = wavered(draws, 1.95 * _PITCH_HZ, 0.06), between(draws, 0.45, 0.7)
    ke = voiced(_THROAT, low_hz, between(draws, 0.07, 0.11), 1.2 * low_hz, db - 5.0, bright=6.0)
    s = between(draws, 0.18, 0.28)
    wick = voiced(
        _THROAT, low_hz, s, 1.15 * low_hz, db, arch=top, attack=0.35, chirp=0.5, bright=8.0, am_hz=38.0, am=0.25
    )
    return ke + rest(between(draws, 0.02, 0.06)) + wick


def _answer(draws: Random, shape: int) -> Phrase:
    match shape:
        case 0 | 1:
            return _kewick(draws)
        case 2:
            return _kewick(draws) + rest(between(draws, 0.4, 0.8)) + _kewick(draws, -1.0)
        case 3:
            first = _kewick(draws) + rest(between(draws, 0.4, 0.7)) + _kewick(draws)
            return first + rest(between(draws, 0.4, 0.7)) + _kewick(draws, -2.0)
        case 4:
            hz, s = wavered(draws, 1.5 * _PITCH_HZ, 0.06), between(draws, 0.55, 0.9)
            return voiced(_THROAT, hz, s, 0.88 * hz, -3.0, bright=7.0, am_hz=between(draws, 22.0, 34.0), am=0.6)
        case _:
            bubble = voiced(_THROAT, wavered(draws, 1.7 * _PITCH_HZ, 0.04), 0.065, 0.0, -5.0, arch=0.08, chirp=0.0)
            return trill(bubble, round(between(draws, 10.0, 20.0)), between(draws, 11.0, 15.0), 0.04, 3.0)


def _said(name: str, of: Callable[[Random, int], Phrase], shapes: int, count: int) -> tuple[Call, ...]:
    """`count` calls, every shape in turn, each drawn anew."""
    draws = Random(name)
    return tuple(call(f"{name} {n}", of(draws, n % shapes)) for n in range(count))


TAWNY: Final = _said("tawny", _tawny, 7, 42)
HORNED: Final = _said("horned", _horned, 7, 35)
ANSWERS: Final = _said("answer", _answer, 6, 24)


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
        call_pitch_oct=0.1,
        tempo_oct=0.2,
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
                    call_pitch_oct=0.1,
                ),
            ),
        ),
    )
