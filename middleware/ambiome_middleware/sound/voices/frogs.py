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
from ambiome_middleware.sound.voices.croaks import (
    BULLFROG,
    CHORUS_FROG,
    GREEN_FROG,
    PEEPER,
    SPADEFOOT,
    TOAD,
    TREE_FROG,
    WATER_FROG,
)
from ambiome_middleware.sound.voices.tempered import coloured_like, moved_like


@dataclass(frozen=True, slots=True)
class _Species:
    name: str
    calls: tuple[Call, ...]
    home_hz: float
    individuals: int
    window_s: float
    level_db: float
    repeat_hz: float = 0.0
    level_spread_db: float = 4.0


_SPECIES: Final = (
    _Species("tree frog", TREE_FROG, 1_050.0, 5, 6.0, 71.0),
    _Species("peeper", PEEPER, 2_900.0, 6, 4.4, 68.0, 1.1),
    _Species("water frog", WATER_FROG, 1_350.0, 5, 3.6, 69.0),
    _Species("chorus frog", CHORUS_FROG, 2_800.0, 20, 3.4, 73.0, 0.72, 2.0),
    _Species("spadefoot", SPADEFOOT, 1_200.0, 3, 3.84, 68.0, 0.95),
    _Species("toad", TOAD, 1_550.0, 3, 6.4, 66.0),
    _Species("green frog", GREEN_FROG, 420.0, 3, 9.0, 70.0),
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


_NEARER: Final = by("frogs_activity", lambda v: 8.0 * np.sqrt(v) - 8.0)
"""The more there are, the nearer is the nearest."""


def _caller(species: _Species) -> Caller:
    return Caller(
        species.name,
        species.calls,
        species.individuals,
        species.window_s,
        activity=(by("frogs_activity", lambda v: np.minimum(0.12 + 0.86 * v, 0.95) * (v > 0.0)),),
        level_db=Draw(species.level_db, species.level_spread_db, (_NEARER,), "bell"),
        presence=(by("frogs_activity", lambda v: (0.2 + 0.8 * v) * (v > 0.0)), _at_home(species.home_hz)),
        repeat_hz=Draw(species.repeat_hz, 0.12) if species.repeat_hz else None,
        pitch=Draw(1.0, 0.05, (_follow(species.home_hz),)),
        call_pitch_oct=0.08,
        tempo_oct=0.2,
        distance="frogs_distance_m",
        drop_syllable=0.03,
    )


def _pond(pitch_hz: Floats) -> Floats:
    """The far chorus about the median pitch, [levels, BANDS] dB."""
    octaves = np.log2(BAND_HZ[None, :] / np.maximum(pitch_hz, 300.0)[:, None])
    power = np.exp(-((octaves / 0.5) ** 2)) + 0.35 * np.exp(-(((octaves - 1.1) / 0.4) ** 2)) + 1e-6
    return np.asarray(10.0 * np.log10(power / power.sum(axis=1, keepdims=True)))


def _far_db(pitch_hz: Floats) -> Floats:
    """How much of the far chorus there is: the low ones call by themselves, and their noise would be a rumble."""
    return np.clip(8.0 * np.log2(np.maximum(pitch_hz, _LOW_HZ) / 1_000.0), -10.0, 0.0)


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
                        by("frogs_pitch_hz", lambda v: _BANDS_DB + _far_db(v)[:, None] + pond(v)),
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
                    (
                        *TREE_FROG,
                        *WATER_FROG,
                        *CHORUS_FROG,
                        *GREEN_FROG,
                        *BULLFROG,
                        *PEEPER,
                        *SPADEFOOT,
                        *TOAD,
                    ),
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
