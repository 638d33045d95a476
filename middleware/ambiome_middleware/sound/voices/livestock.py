"""Livestock: a herd of cattle, sheep and goats at pasture, hens and cocks in the yard, and a dog.

Levels in 10 m. Dogs: some 100 dB in 1 m, after what kennels measure (Sales, Hubrecht, Peyvandi, Milligan & Shield 1997,
"Noise in dog kennelling: is barking a welfare problem for dogs?", Appl. Anim. Behav. Sci. 52, 321–329: to 85–122 dB
indoors). The others are a judgement: cattle 93 dB in 1 m, cocks 98, sheep and goats 90, hens 78.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Patch, Table, by
from ambiome_middleware.sound.voices.bleats import COW, GOAT, SHEEP
from ambiome_middleware.sound.voices.cackles import COCK, DOG, HEN

_NEARER: Final = by("livestock_activity", lambda v: 14.0 * np.sqrt(v) - 9.0)
"""The more of them are about, the nearer is the nearest."""


def _busy(most: float, power: float = 0.8) -> Table:
    return by("livestock_activity", lambda v: most * v**power)


def _where(pasture: float, yard: float) -> Table:
    """How much of them is heard out at pasture, and about the yard."""
    return by("livestock_yard", lambda v: pasture + (yard - pasture) * v)


_CROWING: Final = by("livestock_crowing", lambda v: v)


def _kind(
    name: str, calls: tuple[Call, ...], individuals: int, window_s: float, level_db: float, pitch_oct: float,
    *activity: Table,
) -> Caller:  # fmt: skip
    return Caller(
        name, calls, individuals, window_s, activity, Draw(level_db, 2.5, (_NEARER,), "bell"),
        pitch=Draw(1.0, pitch_oct), call_pitch_oct=0.05, tempo_oct=0.12, distance="livestock_distance_m",
    )  # fmt: skip


_NEAR_DB: Final = 9.0
"""Hens are about the house, at a third of the distance at which the herd is."""

_ABOUT: Final = (
    _kind("cattle", COW, 5, 17.0, 73.0, 0.12, _busy(0.5), _where(1.0, 0.5)),
    _kind("sheep", SHEEP, 6, 13.0, 70.0, 0.12, _busy(0.5), _where(1.0, 0.4)),
    _kind("goats", GOAT, 2, 23.0, 70.0, 0.1, _busy(0.5), _where(0.4, 1.0)),
    _kind("hens", HEN, 6, 11.0, 58.0 + _NEAR_DB, 0.12, _busy(0.6, 0.7), _where(0.1, 1.0)),
    _kind("cocks", COCK, 3, 19.0, 78.0, 0.1, _busy(0.9, 0.5), _where(0.5, 1.0), _CROWING),
    _kind("dogs", DOG, 2, 29.0, 80.0, 0.08, _busy(0.5, 0.6), _where(0.4, 1.0)),
)
_EVENTS: Final = {
    "cow": (COW, 73.0), "sheep": (SHEEP, 70.0), "goat": (GOAT, 70.0), "hen": (HEN, 58.0), "rooster": (COCK, 78.0),
    "dog": (DOG, 80.0),
}  # fmt: skip
"""Event kind → its calls and their level."""


def _event(kind: str, calls: tuple[Call, ...], level_db: float) -> Patch:
    stronger = by("strength", lambda v: 16.0 * v - 8.0, "event")
    caller = Caller(
        kind, calls, 1, 17.0, (), Draw(level_db, 2.0, (stronger,)), pitch=Draw(1.0, 0.1), call_pitch_oct=0.05,
        tempo_oct=0.12,
    )  # fmt: skip
    return Patch("livestock", "event", kind, callers=(caller,))


PATCHES: Final = (
    Patch("livestock", callers=_ABOUT),
    *(_event(kind, calls, level_db) for kind, (calls, level_db) in _EVENTS.items()),
)
