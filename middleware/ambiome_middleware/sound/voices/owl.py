"""Owls: long hoots, answers, trills and barks, far apart in time, one or two birds across the valley.

Structure: Cramp et al., The Birds of the Western Palearctic, vol. 4 (1985), Strix aluco, Bubo bubo, Asio otus;
Galeotti 1998, Correlates of hoot rate and structure in male tawny owls, J. Avian Biol. 29. Tawny: a drawn hoot of
about a second, a pause of one to four, a soft "hu" and a wavering hoot, near 0.8 kHz; answer "ke-wick", a whip from
there to twice as high. Long-eared: a short "hoo" near 0.4 kHz every two to four seconds. Eagle and horned owls: two to
five low notes of 0.25–0.4 kHz. Barn owl: a hoarse shriek of a second or two, rarely. All tables are drawn at 400 Hz and
follow `owl_pitch_hz`, which also says whose night it is. Level: no better figure than that they carry 1–2 km on a still
night; 88 dB at 1 m assumed, 68 dB at the 10 m of these tables.

A hoot is all but a pure tone, its harmonics 20–45 dB down and no breath in it to speak of. Its pitch runs up into the
note within some 60 ms and sags, or steps down, as it ends. What tells it from an instrument is the wood: trunks and
crowns send it back for a second from all over, nearly as loud as it comes straight, so that it beats with itself while
it lasts and dies away unevenly (reverberation of a forest: Richards & Wiley 1980, Am. Nat. 115).
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Floats, Patch, Syllable, Table, by
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, note, rest, together, trill
from ambiome_middleware.sound.voices.tempered import sung_like
from ambiome_middleware.sound.voices.throat import Throat, between, hurried, thrown_back, voiced, wavered

_PITCH_HZ: Final = 400.0
_LONGEST_S: Final = 6.3
_LATEST_S: Final = 4.1
"""The last syllable of a call begins by then, so that it does by 4.8 s at the slowest tempo."""
_THROAT: Final = Throat(second_db=-19.0, third_db=-26.0, breath_db=-15.0, breath=0.45, chirp_oct=0.16, chirp_s=0.09)
"""Of a hen that answers."""
_PURE: Final = (0.012, 0.008)
"""Amplitudes of a tawny's second and third harmonic."""
_LOW: Final = (0.13, 0.03)
"""The same of a horned owl."""
_SPREAD: Final = 0.1
_LOW_SPREAD: Final = 0.2
"""How wide what comes back is, as a share of the pitch: as wide as the pitch wanders within a hoot."""
_RUN_S: Final = 0.07
"""How long the pitch takes up into a note."""


def _tone(
    hz: float, s: float, to_hz: float, db: float = 0.0, harmonics: tuple[float, float] = _PURE, *,
    attack: float = 0.2, arch: float = 0.0,
) -> Phrase:  # fmt: skip
    tone = Syllable(0.0, s, hz, to_hz, db, second=harmonics[0], third=harmonics[1], attack=attack, bend=arch)
    return Phrase((tone,), s)


def _wood(phrase: Phrase, hz: float, at_s: float, s: float, db: float, spread: float = _SPREAD) -> Phrase:
    """With what the wood sends back of `s` seconds of it at `hz`."""
    back = later(thrown_back(hz, s, db, spread, 0.9), at_s)
    return replace(together(phrase, back), length_s=phrase.length_s)


def _hoot(draws: Random, s: float, hz: float, fall: float) -> Phrase:
    """A tawny's hoot of `s` seconds: up into the note, along, and, one in two, a step down on the way to its end."""
    run = _tone(between(draws, 0.8, 0.88) * hz, _RUN_S + 0.04, hz, -4.0, attack=0.7)
    if draws.random() < 0.5:
        body = _tone(hz, s, fall * hz, attack=0.07 / s, arch=between(draws, 0.01, 0.05))
    else:
        turn_s, step = between(draws, 0.45, 0.65) * s, between(draws, 0.9, 0.97)
        on = _tone(hz, turn_s + 0.1, between(draws, 0.985, 1.01) * hz, attack=0.07 / turn_s)
        off = _tone(step * hz, s - turn_s, fall * step * hz, -between(draws, 0.0, 3.0), attack=0.12)
        body = together(on, later(off, turn_s))
    return _wood(together(run, later(body, 0.6 * _RUN_S)), 0.98 * hz, 0.05, s, 0.0)


def _boom(draws: Random, s: float, hz: float, fall: float, db: float) -> Phrase:
    """A horned owl's: over an arch, fuller, and with some air in it; a short one is all arch."""
    is_short = s < 0.3
    arch = between(draws, 0.14, 0.24) if is_short else between(draws, 0.06, 0.12)
    low = 0.88 if is_short else 0.96
    body = _tone(low * hz, s, low * fall * hz, db, _LOW, attack=min(0.1 / s, 0.4), arch=arch)
    breath = note(1.1 * hz, s, 0.0, db - 20.0, noise_hz=0.5 * hz, attack=0.2)
    if not is_short:
        run = _tone(between(draws, 0.8, 0.88) * hz, _RUN_S + 0.04, hz, db - 4.0, _LOW, attack=0.7)
        body, breath = together(run, later(body, 0.6 * _RUN_S)), later(breath, 0.05)
    return _wood(together(body, breath), 0.98 * hz, 0.04, s, db, _LOW_SPREAD)


def _hu(draws: Random, db: float = -6.0) -> Phrase:
    hz, s = wavered(draws, 0.95 * _PITCH_HZ, 0.04), between(draws, 0.1, 0.18)
    return _wood(_tone(0.93 * hz, s, 0.97 * hz, db, attack=0.35, arch=0.08), hz, 0.03, s, db)


def _wavering(draws: Random) -> Phrase:
    """hu-huhuhuhooo: a note that shakes, ever less, until it is drawn out."""
    rate_hz, pulses = between(draws, 9.0, 13.5), round(between(draws, 4.0, 9.0))
    hz = wavered(draws, 0.99 * _PITCH_HZ, 0.02)
    pulse = _tone(0.96 * hz, 1.6 / rate_hz, 0.97 * hz, -3.0, attack=0.4, arch=0.07)
    shaken = trill(pulse, pulses, rate_hz, 0.04, 3.0, between(draws, 0.0, 0.35))
    s, fall = between(draws, 0.4, 0.9), between(draws, 0.86, 0.95)
    drawn = _tone(1.02 * hz, s, fall * hz, attack=0.15, arch=0.02)
    return _wood(shaken + drawn, hz, 0.05, shaken.length_s + s, 0.0)


def _tawny(draws: Random, shape: int) -> Phrase:
    """One of the things a tawny owl says, in a timing of its own: mostly all of its song or a part of it."""
    drawn = _hoot(draws, between(draws, 0.6, 1.05), wavered(draws, 1.0, 0.03) * _PITCH_HZ, between(draws, 0.9, 0.97))
    match shape:
        case 0 | 1 | 2 | 7:
            pause_s = between(draws, 0.6, 1.7)
            return drawn + rest(pause_s) + _hu(draws) + rest(between(draws, 0.3, 0.6)) + _wavering(draws)
        case 3 | 8:
            return _hu(draws) + rest(between(draws, 0.35, 0.6)) + _wavering(draws)
        case 4 | 9:
            return drawn
        case 5:
            soft = _hu(draws, -8.0) + rest(between(draws, 0.2, 0.35)) + _hu(draws) + rest(between(draws, 0.2, 0.4))
            return drawn + rest(between(draws, 0.7, 1.0)) + soft + _wavering(draws)
        case 6:
            return _hu(draws) + rest(between(draws, 0.35, 0.7)) + drawn
        case _:
            soft = _tone(wavered(draws, 0.92 * _PITCH_HZ, 0.04), 0.09, 0.0, -10.0, attack=0.4, arch=0.06)
            return trill(soft, round(between(draws, 8.0, 16.0)), between(draws, 7.5, 11.0), 0.06, 6.0)


def _horned(draws: Random, shape: int) -> Phrase:
    """Three to six low notes, the second and third short and close: hoo h-hoo … hoo … hoo; or the deep pair."""
    key = wavered(draws, 0.8, 0.03) * _PITCH_HZ

    def low(s: float, db: float = 0.0, drop: float = 0.95) -> Phrase:
        return _boom(draws, wavered(draws, s, 0.15), wavered(draws, key, 0.015), drop, db)

    def gap(s: float) -> Phrase:
        return rest(wavered(draws, s, 0.25))

    match shape:
        case 0 | 1:
            opening = low(0.4) + gap(0.25) + low(0.15, -3.0) + gap(0.12) + low(0.4, 1.0)
            return opening + gap(0.5) + low(0.42) + gap(0.5) + low(0.5, -1.0, 0.91)
        case 2:
            return low(0.42) + gap(0.32) + low(0.6, 0.0, 0.91)
        case 3:
            return low(0.16, -3.0) + gap(0.15) + low(0.42) + gap(0.5) + low(0.42) + gap(0.45) + low(0.6, 0.0, 0.91)
        case 4:
            return low(0.5, 0.0, 0.92)
        case 5:
            return low(0.14, -2.0) + gap(0.2) + low(0.13) + gap(0.12) + low(0.35) + gap(0.4) + low(0.4, -1.0)
        case _:
            return low(0.3, -1.0) + gap(0.3) + low(0.3, -1.0) + gap(0.4) + low(0.6, 0.0, 0.91)


def _long_eared(draws: Random, shape: int) -> Phrase:
    """One hoo or two, seconds apart, soft and even."""
    s, hz = between(draws, 0.25, 0.42), wavered(draws, 0.95, 0.03) * _PITCH_HZ
    hoo = _boom(draws, s, hz, between(draws, 0.93, 0.98), 0.0)
    if shape == 0:
        return hoo
    pause_s = between(draws, 1.8, 3.2)
    return hoo + rest(pause_s) + _boom(draws, wavered(draws, s, 0.06), wavered(draws, hz, 0.006), 0.95, -1.0)


def _kewick(draws: Random, db: float = 0.0) -> Phrase:
    """ke-wick: a short step up and a whip over the top, its harmonics loud, its onset rough."""
    low_hz, top = wavered(draws, 1.1 * _PITCH_HZ, 0.06), between(draws, 0.6, 0.85)
    ke = voiced(_THROAT, low_hz, between(draws, 0.07, 0.11), 1.2 * low_hz, db - 5.0, bright=6.0)
    s = between(draws, 0.18, 0.28)
    wick = voiced(
        _THROAT, low_hz, s, 1.15 * low_hz, db, arch=top, attack=0.35, chirp=0.5, bright=8.0, am_hz=38.0, am=0.25
    )
    phrase = ke + rest(between(draws, 0.02, 0.06)) + wick
    return _wood(phrase, 1.5 * low_hz, ke.length_s + 0.05, 0.8 * s, db - 4.0, 0.5)


def _answer(draws: Random, shape: int) -> Phrase:
    """A female's: mostly kewicks; at times hoarse, or a hoot of her own."""
    match shape:
        case 0 | 1:
            return _kewick(draws)
        case 2:
            return _kewick(draws) + rest(between(draws, 0.4, 0.8)) + _kewick(draws, -1.0)
        case 3:
            first = _kewick(draws) + rest(between(draws, 0.4, 0.7)) + _kewick(draws)
            return first + rest(between(draws, 0.4, 0.7)) + _kewick(draws, -2.0)
        case 4:
            hz, s = wavered(draws, 1.05 * _PITCH_HZ, 0.06), between(draws, 0.55, 0.9)
            hoarse = voiced(_THROAT, hz, s, 0.88 * hz, -3.0, bright=7.0, am_hz=between(draws, 22.0, 34.0), am=0.6)
            return _wood(hoarse, hz, 0.05, s, -3.0)
        case _:
            return _wood(_hoot(draws, between(draws, 0.5, 0.8), 0.92 * _PITCH_HZ, 0.9), _PITCH_HZ, 0.0, 0.8, -8.0)


def _said(name: str, of: Callable[[Random, int], Phrase], shapes: int, count: int) -> tuple[Call, ...]:
    """`count` calls, every shape in turn, each drawn anew."""
    draws = Random(name)
    return tuple(call(f"{name} {n}", hurried(of(draws, n % shapes), _LATEST_S), _LONGEST_S) for n in range(count))


TAWNY: Final = _said("tawny", _tawny, 11, 77)
HORNED: Final = _said("horned", _horned, 7, 56)
LONG_EARED: Final = _said("long-eared", _long_eared, 3, 30)
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
_KIND_OCT: Final = 0.3
"""Over so much of pitch one kind makes way for another."""


def _pitched(low_hz: float, high_hz: float) -> Table:
    """Whose hoots are that high: 1 well between two pitches, 0 outside."""

    def share(hz: Floats) -> Floats:
        inside_oct = np.log2(np.maximum(hz, _LOW_HZ) / low_hz), np.log2(high_hz / np.maximum(hz, _LOW_HZ))
        return np.clip(np.minimum(*inside_oct) / _KIND_OCT, 0.0, 1.0)

    return by("owl_pitch_hz", share)


_HIGH_VOICED: Final = _pitched(430.0, 2_000.0)
_MIDDLE_VOICED: Final = _pitched(300.0, 580.0)
_LOW_VOICED: Final = _pitched(100.0, 480.0)


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
                _caller("tawny", TAWNY, 3, 0.8, 0.0, pitch, _HIGH_VOICED),
                _caller("long-eared", LONG_EARED, 2, 1.0, 0.0, pitch, _MIDDLE_VOICED),
                _caller("horned", HORNED, 3, 0.75, 0.0, pitch, _LOW_VOICED),
                _caller("answer", ANSWERS, 2, 0.25, 0.25, pitch, _HIGH_VOICED),
                _caller("barn owl", SHRIEKS, 1, 0.07, 0.3, pitch, _MIDDLE_VOICED),
            ),
        ),
        Patch(
            "owl",
            source="event",
            kind="owl",
            callers=(
                Caller(
                    "owl",
                    (*TAWNY, *LONG_EARED, *HORNED, *ANSWERS),
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
