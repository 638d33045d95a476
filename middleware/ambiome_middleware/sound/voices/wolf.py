"""Wolves far away: lone howls, a pack that joins in, and now and then coyotes beyond them.

Structure: Theberge & Falls 1967, Howling as a means of communication in timber wolves, Am. Zool. 7; Harrington & Mech
1979, Wolf howling and its role in territory maintenance, Behaviour 68; Palacios et al. 2007, Iberian wolf howls, J.
Mammal. 88. A howl lasts 1–10 s on a fundamental of some 300–700 Hz: a quick rise, a long note that sinks slowly, often
one break of a third to an octave, and a fall at the end, with a few harmonics. In a chorus the animals keep to pitches
of their own, change them sooner, and the young ones yip. Coyotes: yips and wavering howls at 0.7–1.6 kHz (Lehner 1978,
Coyote vocalizations: a lexicon, Anim. Behav. 26). Level: no better figure than that a howl carries some 10 km over
open land (Harrington & Mech 1979); 100 dB at 1 m assumed, 80 dB at the 10 m of these tables. What comes that far
scintillates in the moving air and is thrown back once more by wood and slope: slow amplitude modulation, and a tail of
narrow noise about the note.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Floats, Patch, by
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, rest, tail, together
from ambiome_middleware.sound.voices.tempered import sung_like
from ambiome_middleware.sound.voices.throat import LONGEST_NOTE_S, ROUGH_HZ, Throat, between, hurried, voiced, wavered

_LONGEST_S: Final = 8.35
_LATEST_S: Final = 4.1
"""The last syllable of a call begins by then, so that it does by 4.8 s at the slowest tempo."""
_WOLF: Final = Throat(second_db=-12.0, third_db=-19.0, breath_db=-17.0, breath=0.3, chirp_oct=0.6, chirp_s=0.4)
_DRAWN: Final = replace(_WOLF, breath=0.0)
"""In a drawn note what comes back covers it."""
_COYOTE: Final = Throat(second_db=-13.0, third_db=-19.0, breath_db=-15.0, breath=0.35, chirp_oct=0.7, chirp_s=0.2)


def _stretch(draws: Random, hz: float, s: float, to_hz: float, db: float, chirp: float, bright: float) -> Phrase:
    """A drawn stretch of a howl, its level stirred by the air on its way, with what wood and slope send back of it."""
    sung = voiced(
        _DRAWN, hz, s, to_hz, db, arch=between(draws, -0.09, 0.16), attack=between(draws, 0.08, 0.5), chirp=chirp,
        bright=bright + between(draws, -3.0, 3.0), am_hz=between(draws, 0.7, 6.5), am=between(draws, 0.2, 0.75),
    )  # fmt: skip
    ends_s, middle_hz = s + between(draws, 0.3, 1.6), 0.5 * (hz + to_hz)
    back_s = min(ends_s, LONGEST_NOTE_S)
    back = tail(middle_hz, back_s, between(draws, 0.07, 0.18) * middle_hz, db - between(draws, 11.0, 18.0))
    return together(sung, later(back, ends_s - back_s + 0.06))


def _down(draws: Random, hz: float, s: float, db: float, bright: float) -> Phrase:
    return voiced(_DRAWN, hz, s, between(draws, 0.6, 0.9) * hz, db, arch=0.05, attack=0.4, chirp=0.0, bright=bright)


def _break(hz: float, db: float) -> Phrase:
    """Where the voice cracks: rough, and its harmonics loud."""
    return voiced(_WOLF, hz, 0.16, 0.97 * hz, db - 4.0, chirp=0.0, bright=6.0, am_hz=ROUGH_HZ, am=0.6)


def _howl(draws: Random, hz: float, s: float, db: float = 0.0) -> Phrase:
    """A howl of some `s` seconds about `hz`: up, along in one to five stretches, and down.

    Each wolf's timbre is its own; the pitch sinks, rises or turns from stretch to stretch by up to a third, and one
    howl in two breaks on its way, by a tone to a sixth, up or down.
    """
    stretches = 1 + int(between(draws, 0.2, 1.5 + 0.65 * s))
    breaks_at = int(between(draws, 1.0, 2.0 * stretches))
    bright, leaning = between(draws, -8.0, 6.0), between(draws, -0.14, 0.08)
    shares = [between(draws, 0.4, 1.6) for _ in range(stretches)]
    phrase, at_s = Phrase(), 0.0
    for index, share in enumerate(shares):
        if index > 0:
            step = between(draws, -0.75, 0.6) if index == breaks_at else leaning + between(draws, -0.12, 0.12)
            hz = min(max(hz * 2.0**step, 290.0), 720.0)
            if abs(step) > 0.25:
                phrase = together(phrase, later(_break(hz, db), max(at_s - 0.06, 0.0)))
        share_s = min(max(1.2 * s * share / sum(shares), 0.3), LONGEST_NOTE_S)
        to_hz = hz * 2.0 ** (leaning + between(draws, -0.16, 0.12))
        chirp = between(draws, 0.2, 1.8) if index == 0 else 0.0
        loud_db = db - between(draws, 0.0, 4.0)
        phrase = together(phrase, later(_stretch(draws, hz, share_s, to_hz, loud_db, chirp, bright), at_s))
        at_s, hz = at_s + 0.78 * share_s, to_hz
    phrase = replace(phrase, length_s=at_s + 0.25)
    if draws.random() < 0.3:
        return phrase
    fall = _down(draws, hz, between(draws, 0.25, 1.3), db - between(draws, 2.0, 8.0), bright)
    return together(phrase, later(fall, at_s))


def _alone(draws: Random, n: int) -> Phrase:
    """One wolf: mostly one long howl, now and then two shorter ones, or another wolf far off that falls in."""
    hz = 320.0 * 2.0 ** between(draws, 0.0, 0.85)
    match n % 5:
        case 4:
            first = _howl(draws, hz, between(draws, 0.9, 1.8))
            second_hz = hz * 2.0 ** between(draws, -0.2, 0.15)
            return first + rest(between(draws, 0.1, 0.6)) + _howl(draws, second_hz, between(draws, 0.9, 2.0), -2.0)
        case 2:
            other_hz = 320.0 * 2.0 ** between(draws, 0.0, 0.85)
            other = _howl(draws, other_hz, between(draws, 1.5, 3.0), between(draws, -14.0, -5.0))
            return together(_howl(draws, hz, between(draws, 2.0, 4.0)), later(other, between(draws, 0.4, 1.8)))
        case _:
            return _howl(draws, hz, between(draws, 2.0, 5.0))


def _yips(draws: Random, throat: Throat, hz: float, db: float) -> Phrase:
    """Short barks that leap over the top and fall, none like the one before."""
    phrase = Phrase()
    for _ in range(round(between(draws, 2.0, 7.0))):
        top, s = between(draws, 0.35, 0.9), between(draws, 0.09, 0.19)
        low_hz = wavered(draws, 0.75 * hz, 0.12)
        yip = voiced(
            throat, low_hz, s, 0.9 * low_hz, db + between(draws, -4.0, 0.0), arch=top, attack=0.3, chirp=0.0,
            bright=6.0, am_hz=37.0, am=0.3,
        )  # fmt: skip
        phrase = phrase + yip + rest(between(draws, 0.07, 0.3))
    return phrase


def _pack(draws: Random, n: int) -> Phrase:
    """Three to five wolves, each beginning while the others still howl, each on a pitch of its own; some yip."""
    pitches_hz = [310.0 * 2.0 ** (0.25 * (step + between(draws, -0.35, 0.35))) for step in range(5)]
    order = sorted(range(5), key=lambda _: draws.random())[: 3 + n % 3]
    phrase, at_s = Phrase(), 0.0
    for place, step in enumerate(order):
        howl = _howl(draws, pitches_hz[step], between(draws, 1.8, 2.7), between(draws, -5.0, 0.0))
        phrase = together(phrase, later(howl, at_s))
        at_s = min(at_s + between(draws, 0.5, 1.3), 1.5 + 0.1 * place)
    if n % 2:
        phrase = together(phrase, later(_yips(draws, _WOLF, between(draws, 700.0, 950.0), -7.0), between(draws, 0, 2)))
    return phrase


def _siren(draws: Random, hz: float, s: float, db: float = 0.0) -> Phrase:
    """A coyote's thin howl: up fast, wavering in two or three steps."""
    on = voiced(
        _COYOTE, hz, 0.6 * s, 1.04 * hz, db, arch=between(draws, 0.0, 0.15), am_hz=between(draws, 3.0, 7.0), am=0.35
    )
    low_hz = between(draws, 0.85, 0.97) * hz
    off = voiced(
        _COYOTE, low_hz, 0.6 * s, 0.88 * low_hz, db - 1.0, arch=between(draws, -0.05, 0.1), chirp=0.0,
        am_hz=between(draws, 4.0, 8.0), am=0.4,
    )  # fmt: skip
    return together(on, later(off, 0.5 * s))


def _coyotes(draws: Random, n: int) -> Phrase:
    siren = _siren(draws, between(draws, 1_000.0, 1_500.0), between(draws, 1.4, 2.4))
    yips = _yips(draws, _COYOTE, between(draws, 900.0, 1_600.0), -3.0)
    if n % 3 == 0:
        return yips + siren
    others = later(
        _siren(draws, between(draws, 1_000.0, 1_600.0), between(draws, 1.2, 2.0), -3.0), between(draws, 1, 2)
    )
    return together(siren, others, later(yips, between(draws, 0.2, 1.0)))


def _of(name: str, kind: Callable[[Random, int], Phrase], count: int) -> tuple[Call, ...]:
    draws = Random(name)
    return tuple(call(f"{name} {n}", hurried(kind(draws, n), _LATEST_S), _LONGEST_S) for n in range(count))


LONE: Final = _of("howl", _alone, 150)
PACK: Final = _of("pack", _pack, 60)
COYOTE: Final = _of("coyote", _coyotes, 36)


def _out(activity: Floats, individuals: int, enter: float = 0.0) -> Floats:
    """Share of the individuals that howl tonight, [levels] → [levels]: the first from `enter` on, all at 1."""
    share = 0.6 / individuals + (activity - enter) / (1.0 - enter)
    return np.where(activity > enter, np.minimum(share, 1.0), 0.0)


_NEARER: Final = by("wolf_activity", lambda v: 8.0 * np.sqrt(v) - 8.0)
"""In the nights when all howl, some are near."""

_HOWL_HZ: Final = 430.0
"""Where these howls are strongest."""
_WOLVES_HZ: Final = (300.0, 800.0)
"""Within which pitches wolves' fundamentals lie; a recording may hold stronger harmonics."""


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The wolves' patches, their howls' pitch drawn to the profile "wolf"; the coyotes keep theirs."""
    profile = known.get("wolf")
    lone = sung_like(Draw(1.0, 0.16), _HOWL_HZ, profile, 0.4, *_WOLVES_HZ)
    pack = sung_like(Draw(1.0, 0.12), _HOWL_HZ, profile, 0.4, *_WOLVES_HZ)
    return (
        Patch(
            "wolf",
            callers=(
                Caller(
                    "wolf",
                    LONE,
                    individuals=6,
                    window_s=15.0,
                    activity=(by("wolf_activity", lambda v: 0.85 * v**0.85),),
                    level_db=Draw(80.0, 3.0, (_NEARER,), "bell"),
                    presence=(),
                    pitch=lone,
                    call_pitch_oct=0.18,
                    tempo_oct=0.2,
                    distance="wolf_distance_m",
                ),
                Caller(
                    "pack",
                    PACK,
                    individuals=2,
                    window_s=31.0,
                    activity=(by("wolf_activity", lambda v: 0.7 * v**1.5),),
                    level_db=Draw(80.0, 2.0, (_NEARER,)),
                    presence=(by("wolf_activity", lambda v: _out(v, 2, 0.12)),),
                    pitch=pack,
                    call_pitch_oct=0.18,
                    tempo_oct=0.2,
                    distance="wolf_distance_m",
                ),
                Caller(
                    "coyotes",
                    COYOTE,
                    individuals=1,
                    window_s=43.0,
                    activity=(by("wolf_activity", lambda v: 0.35 * v),),
                    level_db=Draw(69.0, 4.0),
                    presence=(by("wolf_activity", lambda v: np.where(v > 0.2, 1.0, 0.0)),),
                    pitch=Draw(1.0, 0.15),
                    call_pitch_oct=0.18,
                    tempo_oct=0.2,
                    distance="wolf_distance_m",
                ),
            ),
        ),
        Patch(
            "wolf",
            source="event",
            kind="wolf",
            callers=(
                Caller(
                    "howl",
                    LONE,
                    individuals=1,
                    window_s=17.0,
                    activity=(),
                    level_db=Draw(80.0, 2.0, (by("strength", lambda v: 16.0 * v - 8.0, "event"),)),
                    pitch=lone,
                    call_pitch_oct=0.18,
                    tempo_oct=0.2,
                ),
            ),
        ),
    )
