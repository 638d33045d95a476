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

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Floats, Patch, by
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


def _long(hz: float, s: float, to_hz: float, db: float, shimmer_hz: float, attack: float = 0.25) -> Phrase:
    """A drawn note, its level stirred by the air on its way."""
    return note(hz, s, to_hz, db, am_hz=shimmer_hz, am=0.35, second=0.22, third=0.08, attack=attack)


def _howl(
    hz: float,
    s: float,
    *,
    up: float = 0.62,
    sag: float = 0.93,
    fall: float = 0.72,
    db: float = 0.0,
    air_hz: float = 1.7,
) -> Phrase:
    """A howl: up into the note at `hz`, along it for most of `s` seconds as it sags, and down at its end."""
    rise = note(up * hz, 0.42, hz, db - 4, second=0.3, third=0.12, attack=0.6)
    along = _long(hz, 0.88 * s, sag * hz, db, air_hz, 0.16)
    down = note(sag * hz, 0.3 * s, fall * hz, db - 5, second=0.15, attack=0.4)
    return together(rise, later(along, 0.22), later(down, 0.22 + 0.72 * s))


def _breaking(
    hz: float, first_s: float, then_hz: float, s: float, *, db: float = 0.0, sag: float = 0.93, air_hz: float = 2.3
) -> Phrase:
    """A howl that breaks from one pitch to another."""
    rise = note(0.58 * hz, 0.16, hz, db - 3, second=0.3, third=0.15, attack=0.7)
    first = _long(hz, first_s, 0.96 * hz, db, air_hz, 0.2)
    then = _long(then_hz, s, sag * then_hz, db - 1, 0.7 * air_hz, 0.1)
    down = note(sag * then_hz, 0.25 * s, 0.8 * sag * then_hz, db - 7, second=0.1, attack=0.4)
    return together(rise, later(first, 0.1), later(then, 0.02 + 0.9 * first_s), later(down, 0.9 * first_s + 0.82 * s))


def _thrown_back(phrase: Phrase, hz: float, at_s: float, s: float = 2.8, db: float = -15.0) -> Phrase:
    return together(phrase, later(tail(hz, s, 0.05 * hz, db), at_s))


LONE: Final[tuple[Call, ...]] = tuple(
    call(f"howl {n}", phrase, _LONGEST_S)
    for n, phrase in enumerate(
        (
            _thrown_back(_howl(430, 4.2), 420, 1.6, 4.0),
            _thrown_back(_breaking(600, 1.0, 385, 2.6), 375, 1.4, 3.6),
            _thrown_back(_howl(360, 5.0, up=0.7, sag=0.9, air_hz=1.1), 345, 2.4, 4.4),
            _howl(510, 2.9, up=0.5, sag=0.88, fall=0.6, air_hz=2.6),
            _thrown_back(_breaking(395, 0.8, 540, 3.1, sag=0.85), 500, 1.8, 3.6, -17),
            _thrown_back(_howl(470, 5.0, up=0.8, sag=0.97, fall=0.85, db=-1), 465, 2.0, 4.2, -16),
            _breaking(650, 0.55, 480, 1.5, air_hz=3.1) + rest(0.1) + _howl(420, 2.0, up=0.85, db=-2),
            _thrown_back(_howl(330, 1.9, up=0.75, fall=0.8) + rest(0.25) + _howl(345, 1.9, sag=0.9, db=-3), 330, 2.2),
            _thrown_back(_breaking(560, 1.7, 425, 3.0, sag=0.9, air_hz=1.4), 410, 2.3, 4.0),
        )
    )
)


def _yips(hz: float, times: int, rate_hz: float, db: float) -> Phrase:
    return trill(bend(0.75 * hz, 0.16, 1.3 * hz, 0.7 * hz, db, 0.3), times, rate_hz, -0.1, -3, -0.2)


def _joining(hz: float, s: float, to_hz: float, db: float, air_hz: float = 2.1, up: float = 0.6) -> Phrase:
    """The howl of one that joins in: up, then one long note that sinks."""
    rise = note(up * hz, 0.3, hz, db - 4, second=0.3, third=0.1, attack=0.6)
    return together(rise, later(_long(hz, s, to_hz, db, air_hz, 0.15), 0.18))


def _pack(*voices: tuple[float, Phrase]) -> Phrase:
    """Several animals, each beginning (seconds) while the others still howl."""
    return together(*(later(phrase, at_s) for at_s, phrase in voices))


PACK: Final[tuple[Call, ...]] = tuple(
    call(f"pack {n}", phrase, _LONGEST_S)
    for n, phrase in enumerate(
        (
            _pack((0.0, _howl(400, 4.0)), (1.2, _breaking(610, 0.9, 470, 2.4, db=-2)),
                (2.6, _joining(530, 3.2, 450, -4)), (3.7, _joining(330, 4.0, 300, -3, 1.2)),
                (1.0, tail(440, 4.4, 120, -16)), (4.1, tail(470, 4.4, 130, -15))),
            _pack((0.0, _breaking(520, 1.2, 390, 2.6)), (0.9, _howl(455, 3.2, db=-3)),
                (2.3, _joining(620, 2.2, 500, -5)), (2.8, _yips(820, 4, 2.6, -7)), (4.0, _joining(430, 2.8, 360, -3)),
                (2.6, tail(450, 4.4, 140, -15))),
            _pack((0.0, _howl(350, 4.9, sag=0.9)), (1.3, _howl(415, 4.0, up=0.5, sag=0.9, db=-2, air_hz=2.9)),
                (3.2, _joining(560, 3.6, 430, -5)), (1.5, tail(380, 4.4, 90, -16))),
            _pack((0.0, _yips(900, 3, 2.9, -6)), (0.7, _howl(480, 3.2, db=-1)), (1.9, _breaking(680, 0.6, 505, 1.6,
                db=-4)), (2.7, _joining(390, 4.2, 345, 0, 1.5)), (4.1, _joining(590, 2.4, 420, -4, 2.8))),
            _pack((0.0, _howl(440, 4.4, sag=0.88)), (2.2, _joining(465, 4.2, 400, -1)),
                (4.0, _joining(570, 2.8, 390, -2, 2.7, 0.5)), (2.4, tail(450, 4.4, 100, -16))),
            _pack((0.0, _breaking(450, 0.6, 640, 1.8, db=-2)), (1.1, _howl(370, 4.0)),
                (2.4, _joining(540, 2.4, 410, -3)), (2.6, _yips(760, 5, 3.2, -8)), (4.3, _joining(500, 2.8, 430, -4)),
                (1.9, tail(390, 4.4, 110, -16))),
        )
    )
)  # fmt: skip


def _siren(hz: float, s: float, db: float = 0.0) -> Phrase:
    """A coyote's thin howl: up fast, wavering in two or three steps."""
    up = note(0.6 * hz, 0.22, hz, db - 3, second=0.2, attack=0.6)
    on = note(hz, 0.55 * s, 1.05 * hz, db, am_hz=4.1, am=0.3, second=0.15, attack=0.25)
    off = note(0.93 * hz, 0.6 * s, 0.84 * hz, db - 1, am_hz=5.3, am=0.35, second=0.12, attack=0.25)
    return together(up, later(on, 0.14), later(off, 0.14 + 0.45 * s))


COYOTE: Final[tuple[Call, ...]] = tuple(
    call(f"coyote {n}", phrase, _LONGEST_S)
    for n, phrase in enumerate(
        (
            _yips(1_150, 6, 3.4, -3) + _siren(1_300, 2.2),
            _pack((0.0, _siren(1_080, 2.6)), (1.6, _yips(1_500, 5, 4.1, -5)), (2.4, _siren(1_400, 2.0, -3))),
            _pack((0.0, _yips(1_300, 8, 4.6, -3)), (0.8, _yips(980, 5, 3.1, -6)), (2.1, _siren(1_500, 1.7, -2)),
                (3.2, _yips(1_700, 6, 5.3, -6))),
            _yips(900, 2, 2.2, -2) + _siren(1_120, 3.0),
            _pack((0.0, _siren(1_450, 1.6)), (1.1, _siren(1_020, 2.4, -3)), (2.2, _yips(1_250, 9, 4.9, -4)),
                (3.5, _siren(1_600, 1.4, -5))),
            trill(shifted(_yips(1_400, 3, 5.2, -2), -0.2), 3, 1.1, 0.15, -3),
        )
    )
)  # fmt: skip


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
                    individuals=4,
                    window_s=17.0,
                    activity=(by("wolf_activity", lambda v: 0.75 * v**0.85),),
                    level_db=Draw(80.0, 3.0, (_NEARER,), "bell"),
                    presence=(),
                    pitch=lone,
                    call_pitch_oct=0.06,
                    tempo_oct=0.08,
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
                    call_pitch_oct=0.08,
                    tempo_oct=0.06,
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
                    call_pitch_oct=0.08,
                    tempo_oct=0.06,
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
                    call_pitch_oct=0.06,
                    tempo_oct=0.08,
                ),
            ),
        ),
    )
