"""Frogs and toads: peepers, chorus, tree and water frogs, spadefoots, toads, bullfrogs; the pitch says which of them.

Structure: Gerhardt & Huber, Acoustic Communication in Insects and Anurans (2002), chs. 1–3; Schneider, Acoustic
behavior of the European frogs (1988). Spring peeper: a rising whistle near 2.9 kHz about once a second. Chorus frog: a
second of crisp pulses, 15–22 a second, rising from 2.5 to 3.2 kHz, again and again. Spadefoot: a snore of most of a
second near 1.2 kHz, about once a second. True toad: a trill of many seconds, 25–40 pulses a second at 1.5 kHz. Tree
frog: pulsed quacks, 3–6 a second, formants near 1 and 2 kHz. Water frog: a laugh of pulse groups at 1–3 kHz. Bullfrog:
low notes, formants near 0.2 and 1.4 kHz. Levels: most of 21 species peak over 100 dB at 0.5 m (Gerhardt 1975, J. Comp.
Physiol. 102), that is some 68–76 dB at the 10 m of these tables; some sit near, most far.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import (
    BAND_HZ,
    FLUTTER_HZ,
    Call,
    Caller,
    Draw,
    Floats,
    Flutter,
    Layer,
    Patch,
    Table,
    by,
)
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, note, rest, together, trill
from ambiome_middleware.sound.voices.tempered import coloured_like, moved_like
from ambiome_middleware.sound.voices.throat import between, wavered


def _croak(
    hz: float, s: float, pulse_hz: float, second_hz: float, second_db: float, db: float = 0.0, attack: float = 0.4
) -> Phrase:
    """A pulsed croak with two formants."""
    low = note(hz, s, 1.04 * hz, db, am_hz=pulse_hz, am=1.0, second=0.25, third=0.1, attack=attack)
    high = note(second_hz, s, 1.02 * second_hz, db + second_db, am_hz=pulse_hz, am=1.0, second=0.1, attack=attack)
    return together(low, high)


PEEPER: Final = tuple(
    call(f"peeper {n}", phrase)
    for n, phrase in enumerate(
        (
            note(2_750, 0.17, 3_050, attack=0.25),
            note(2_800, 0.21, 3_000, attack=0.3),
            note(2_700, 0.13, 3_100, attack=0.2),
            note(2_850, 0.19, 2_980, attack=0.25),
            note(2_600, 0.3, 3_100, am_hz=32.0, am=0.7, attack=0.6),
            note(2_780, 0.15, 3_020, attack=0.35),
            note(2_730, 0.18, 3_080, attack=0.28),
        )
    )
)


def _prreep(draws: Random) -> Phrase:
    """A chorus frog's: a second of hard clicks of tone, each struck and at once dying, that climb and swell."""
    pulses, rate_hz = round(between(draws, 12.0, 20.0)), between(draws, 15.0, 22.0)
    hz, rise = between(draws, 2_450.0, 2_750.0), between(draws, 0.16, 0.3)
    s = wavered(draws, 0.016, 0.25)
    struck = note(0.97 * hz, s, 1.04 * hz, -7, second=0.15, third=0.05, attack=0.07)
    rung = note(hz, 0.7 * s, 1.03 * hz, -12, second=0.1, attack=0.07)
    return trill(together(struck, later(rung, 0.9 * s)), pulses, rate_hz, rise, 8, between(draws, -0.1, 0.3))


_CHORUS: Final = Random("chorus frog")
CHORUS_FROG: Final = tuple(call(f"chorus frog {n}", _prreep(_CHORUS)) for n in range(24))


def _snore(hz: float, s: float, pulse_hz: float, rise: float = 1.2) -> Phrase:
    """A spadefoot: a rough note that rises, with a breath of noise in it."""
    voice = note(hz, s, rise * hz, 0, am_hz=pulse_hz, am=1.0, second=0.25, third=0.08, attack=0.22)
    return together(voice, note(1.1 * hz, s, rise * hz, -5, am_hz=pulse_hz, am=1.0, noise_hz=0.4 * hz, attack=0.22))


_SNORES: Final = Random("spadefoot")
SPADEFOOT: Final = tuple(
    call(
        f"spadefoot {n}",
        _snore(
            wavered(_SNORES, 1_100.0, 0.06), between(_SNORES, 0.45, 0.85), between(_SNORES, 56.0, 76.0),
            between(_SNORES, 1.08, 1.28),
        ),
    )
    for n in range(15)
)  # fmt: skip
TOAD: Final = tuple(
    call(f"toad {n}", together(
        note(hz, s, 1.02 * hz, 0, am_hz=pulse_hz, am=1.0, second=0.12, third=0.03, attack=0.12),
        note(2.02 * hz, s, 2.06 * hz, -16, am_hz=pulse_hz, am=1.0, attack=0.12),
    ))
    for n, (hz, s, pulse_hz) in enumerate(
        ((1_480, 4.2, 31), (1_520, 3.1, 29), (1_450, 2.2, 34), (1_500, 4.4, 27), (1_550, 1.6, 36))
    )
)  # fmt: skip
TREE_FROG: Final = tuple(
    call(f"tree frog {n}", trill(_croak(hz, s, pulse_hz, 2.05 * hz, -3.0), times, rate_hz, 0.03, 3))
    for n, (hz, s, pulse_hz, times, rate_hz) in enumerate(
        (
            (1_000, 0.14, 105, 7, 4.2),
            (1_050, 0.11, 120, 10, 5.2),
            (940, 0.17, 92, 5, 3.3),
            (1_020, 0.13, 110, 14, 4.6),
            (980, 0.2, 85, 3, 2.6),
            (1_080, 0.12, 98, 18, 4.9),
            (1_010, 0.15, 100, 9, 3.8),
        )
    )
)
WATER_FROG: Final = tuple(
    call(f"water frog {n}", phrase)
    for n, phrase in enumerate(
        (
            trill(_croak(1_350, 0.085, 62, 2_300, -2), 7, 8.5, 0.05, 3, 0.2),
            trill(_croak(1_250, 0.07, 70, 2_150, -1), 5, 9.5, 0.04, 2) + _croak(1_150, 0.26, 48, 2_000, -2, 2, 0.6),
            _croak(1_450, 0.16, 55, 2_450, -2) + rest(0.12) + trill(_croak(1_300, 0.08, 66, 2_250, -2), 4, 8),
            trill(_croak(1_400, 0.06, 75, 2_400, -1, attack=0.3), 12, 11, 0.08, 4, 0.3),
            _croak(1_200, 0.42, 42, 2_100, -3, attack=0.7),
            _croak(1_250, 0.3, 46, 2_150, -2, attack=0.6) + rest(0.1) + _croak(1_220, 0.36, 44, 2_100, -2, attack=0.6),
            trill(_croak(1_320, 0.1, 58, 2_280, -2), 3, 6)
            + rest(0.2)
            + trill(_croak(1_280, 0.08, 64, 2_200, -2), 5, 9),
        )
    )
)


def _jug(s: float, hz: float, db: float = 0.0) -> Phrase:
    """One note of a bullfrog: a hum pulsed at half its pitch, and its second formant."""
    hum = note(hz, s, 0.96 * hz, db, am_hz=0.5 * hz, am=0.35, second=0.55, third=0.3, attack=0.35)
    top = note(6.0 * hz, 0.85 * s, 5.8 * hz, db - 13, am_hz=hz, am=0.9, second=0.2, attack=0.35)
    return together(hum, top)


BULLFROG: Final = tuple(
    call(f"bullfrog {n}", phrase)
    for n, phrase in enumerate(
        (
            _jug(0.55, 205) + rest(0.22) + _jug(0.6, 215, 1) + rest(0.22) + _jug(0.7, 200, 1),
            _jug(0.42, 220) + rest(0.16) + _jug(0.78, 212, 2),
            _jug(0.75, 195),
            _jug(0.5, 210, -2)
            + rest(0.3)
            + _jug(0.55, 208)
            + rest(0.28)
            + _jug(0.6, 205, 1)
            + rest(0.3)
            + _jug(0.62, 200, 1),
            _jug(0.3, 230) + rest(0.1) + _jug(0.3, 222) + rest(0.1) + _jug(0.85, 205, 2),
        )
    )
)


@dataclass(frozen=True, slots=True)
class _Species:
    name: str
    calls: tuple[Call, ...]
    home_hz: float
    individuals: int
    window_s: float
    level_db: float
    repeat_hz: float = 0.0


_SPECIES: Final = (
    _Species("tree frog", TREE_FROG, 1_050.0, 5, 6.0, 71.0),
    _Species("peeper", PEEPER, 2_900.0, 6, 4.8, 70.0, 1.1),
    _Species("water frog", WATER_FROG, 1_350.0, 5, 3.6, 69.0),
    _Species("chorus frog", CHORUS_FROG, 2_800.0, 10, 3.4, 70.0, 0.62),
    _Species("spadefoot", SPADEFOOT, 1_200.0, 3, 4.72, 68.0, 0.95),
    _Species("toad", TOAD, 1_550.0, 3, 6.4, 66.0),
    _Species("bullfrog", BULLFROG, 230.0, 4, 7.0, 72.0),
)
_LOW_HZ: Final = 150.0


_HOMES_HZ: Final = np.array([species.home_hz for species in _SPECIES])


def _at_home(home_hz: float) -> Table:
    """How much of the chorus is of this species at a median pitch: all of the nearest species, less of those beyond."""

    def there(v: Floats) -> Floats:
        nearest = np.min(np.abs(np.log2(np.maximum(v, _LOW_HZ)[:, None] / _HOMES_HZ)), axis=1)
        return np.exp((nearest**2 - np.log2(np.maximum(v, _LOW_HZ) / home_hz) ** 2) / 0.9**2)

    return by("frogs_pitch_hz", there)


def _follow(home_hz: float) -> Table:
    """A species goes along with the median pitch, as small or large ones of its kind: at most a third of an octave."""
    return by("frogs_pitch_hz", lambda v: np.clip(0.65 * np.log2(np.maximum(v, _LOW_HZ) / home_hz), -0.33, 0.33))


_NEARER: Final = by("frogs_activity", lambda v: 5.0 * np.sqrt(v) - 5.0)
"""The more there are, the nearer is the nearest."""


def _caller(species: _Species) -> Caller:
    return Caller(
        species.name,
        species.calls,
        species.individuals,
        species.window_s,
        activity=(by("frogs_activity", lambda v: np.minimum(0.12 + 0.86 * v, 0.95) * (v > 0.0)),),
        level_db=Draw(species.level_db, 4.0, (_NEARER,), "bell"),
        presence=(by("frogs_activity", lambda v: (0.2 + 0.8 * v) * (v > 0.0)), _at_home(species.home_hz)),
        repeat_hz=Draw(species.repeat_hz, 0.12) if species.repeat_hz else None,
        pitch=Draw(1.0, 0.08, (_follow(species.home_hz),)),
        call_pitch_oct=0.03,
        tempo_oct=0.08,
        distance="frogs_distance_m",
        drop_syllable=0.01,
    )


def _pond(pitch_hz: Floats) -> Floats:
    """The far chorus about the median pitch, [levels, BANDS] dB."""
    octaves = np.log2(BAND_HZ[None, :] / np.maximum(pitch_hz, 300.0)[:, None])
    power = np.exp(-((octaves / 0.5) ** 2)) + 0.35 * np.exp(-(((octaves - 1.1) / 0.4) ** 2)) + 1e-6
    return np.asarray(10.0 * np.log10(power / power.sum(axis=1, keepdims=True)))


_PULSING: Final = Flutter(
    np.where(FLUTTER_HZ[:, None] > 200.0, np.array([3.5, 2.5, 2.0, 1.5, 1.0, 1.0, 1.0, 1.0]), 0.0), 0.2
)
"""The far ones' calls run into one another, but not to a hiss."""
_FLAT_DB: Final[Floats] = np.where(BAND_HZ > 200.0, 0.0, -90.0)
_BANDS_DB: Final = 10.0 * float(np.log10(np.count_nonzero(_FLAT_DB == 0.0)))

_DEEPEST_DB: Final = 4.0


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The frogs' patches, the far pond drawn to the profile "frogs"."""
    profile = known.get("frogs")
    pond = coloured_like(_pond, profile, 0.6, 300.0, 4_000.0, 0.4)
    return (
        Patch(
            "frogs",
            layers=(
                Layer(
                    "far pond",
                    _FLAT_DB,
                    (
                        by("frogs_activity", lambda v: 46.0 + 45.0 * np.log10(v)),
                        by("frogs_pitch_hz", lambda v: _BANDS_DB + pond(v)),
                        by(
                            "frogs_distance_m",
                            lambda v: np.clip(-12.0 * np.log10(np.maximum(v, 2.0) / 20.0), -18.0, 6.0),
                        ),
                    ),
                    coherence=0.1,
                    flutter=moved_like(_PULSING, profile, 0.6, _DEEPEST_DB),
                ),
            ),
            callers=tuple(_caller(species) for species in _SPECIES),
        ),
        Patch(
            "frogs",
            source="event",
            kind="frog",
            callers=(
                Caller(
                    "frog",
                    (*TREE_FROG, *WATER_FROG, *CHORUS_FROG, *BULLFROG, *PEEPER, *SPADEFOOT, *TOAD),
                    individuals=1,
                    window_s=6.0,
                    activity=(),
                    level_db=Draw(70.0, 2.0, (by("strength", lambda v: 14.0 * v - 7.0, "event"),)),
                    pitch=Draw(1.0, 0.1),
                    call_pitch_oct=0.03,
                ),
            ),
        ),
    )
