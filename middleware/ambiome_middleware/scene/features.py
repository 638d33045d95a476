"""Features: the game's own sources, each in a slot of the row for as long as it lives.

A feature keeps its slot while it lives. One that goes fades out in its slot; the slot is free when a row has gone out
with its level at 0, and a feature that finds no free slot waits for one. Distance and size follow their table;
azimuths go the shorter arc within one step, or within a transition.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ambiome_protocol.messages import Feature
from msgspec import Struct, structs

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.scene.columns import Curves, Floats, share_per_step
from ambiome_middleware.scene.smooth import NEAR
from ambiome_middleware.tokens import FEATURE, FEATURE_KIND_NAMES, FEATURE_SLOTS, STEP_S

Kinds = npt.NDArray[np.int64]
_, _LEVEL, _DISTANCE, _AZIMUTH, _SIZE = FEATURE
LEVEL_AT, AZIMUTH_AT = 0, 2
KIND_INDEX: Final = {name: index for index, name in enumerate(FEATURE_KIND_NAMES)}
FOLIAGE: Final = KIND_INDEX["foliage"]
ROOF: Final = KIND_INDEX["roof"]
SURF: Final = KIND_INDEX["surf"]
_LIVE: Final = frozenset((FOLIAGE, ROOF, SURF))
"""Kinds whose level moves with each step."""
_DISTANCE_CURVE: Final = Curves((_DISTANCE,))
FEATURE_SCALE: Final = np.array(
    [_LEVEL.levels - 1, _DISTANCE.levels - 1, _AZIMUTH.levels, _SIZE.levels - 1], np.float64
)
_RISE_STEP: Final = STEP_S / (2.0 * _LEVEL.rise_s)
_FALL_STEP: Final = STEP_S / (2.0 * _LEVEL.fall_s)
"""A level runs its whole curve in twice its time of the table, in a straight line, so that it does arrive at 0."""
_SHARES: Final = np.array([1.0, share_per_step(_DISTANCE.rise_s), 1.0, share_per_step(_SIZE.rise_s)])
_FURTHEST_DOWN: Final = np.array([-_FALL_STEP, -np.inf, -np.inf, -np.inf])
_FURTHEST_UP: Final = np.array([_RISE_STEP, np.inf, np.inf, np.inf])


class Slots(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The feature slots. Columns of `now` and `target` [16, 4]: level, distance, azimuth (turns), size, as positions.

    The target's level is always 0: what a level moves to depends on its kind (`moved`). A level below 0 jumps there.
    """

    ids: tuple[str, ...] = ("",) * FEATURE_SLOTS
    """The feature in each slot; "" is free. One that has gone and still fades keeps its id here."""
    kinds: tuple[int, ...] = (0,) * FEATURE_SLOTS
    now: npt.NDArray[np.float64]
    target: npt.NDArray[np.float64]
    alive: npt.NDArray[np.float64]
    """1 while the feature is in the world, 0 while it fades, [16]."""
    left: npt.NDArray[np.float64]
    """Steps of a transition to go, [16]."""
    waiting: bool = False
    """Whether a feature waits for a slot."""
    in_use: bool = False
    is_fading: bool = False
    """Whether one of them has gone, and fades."""
    is_settling: bool = False
    """Whether one is in a transition, or jumps."""
    is_still: bool = False
    """Whether nothing moves before something is told, or mapped anew."""
    has_surf: bool = False


def no_slots() -> Slots:
    """Sixteen free slots."""
    zeros = np.zeros((FEATURE_SLOTS, 4))
    return Slots(now=zeros, target=zeros, alive=np.zeros(FEATURE_SLOTS), left=np.zeros(FEATURE_SLOTS))


def retarget(
    slots: Slots, features: tuple[Feature, ...], transition: float | None = None, *, cut: bool = False
) -> Slots:
    """The slots after the world's features changed. `transition`: in how many steps; `cut`: at once."""
    ids, kinds = list(slots.ids), list(slots.kinds)
    now, target, alive, left = slots.now.copy(), slots.target.copy(), np.zeros(FEATURE_SLOTS), slots.left.copy()
    wanted = {(feature.id, KIND_INDEX[feature.kind]): feature for feature in features}
    for slot, key in enumerate(zip(ids, kinds, strict=True)):
        feature = wanted.pop(key, None)
        goal = target[slot] if feature is None else _position(feature)
        is_new = (feature is not None) != bool(slots.alive[slot]) or bool((goal != target[slot]).any())
        if key[0] and is_new:
            left[slot] = transition or 0.0
        target[slot], alive[slot] = goal, float(feature is not None)
    for slot in range(FEATURE_SLOTS):
        if wanted and not alive[slot] and not ids[slot]:
            key, feature = next(iter(wanted.items()))
            del wanted[key]
            ids[slot], kinds[slot] = key
            now[slot] = target[slot] = _position(feature)
            now[slot, LEVEL_AT], alive[slot], left[slot] = 0.0, 1.0, transition or 0.0
    if cut:
        left[:] = 0.0
        now = target.copy()
        now[:, LEVEL_AT] = -alive
    return Slots(
        kinds=tuple(kinds), now=now, target=target, alive=alive, left=left, waiting=bool(wanted),
        is_settling=bool(left.any() or (now[:, LEVEL_AT] < 0.0).any()), **_in_use(ids, kinds, alive),
    )  # fmt: skip


def _in_use(ids: Sequence[str], kinds: Sequence[int], alive: Floats) -> dict[str, Any]:
    """Who has which slot, and what is known from that."""
    return {
        "ids": tuple(ids),
        "in_use": any(ids),
        "is_fading": any(name and not lives for name, lives in zip(ids, alive.tolist(), strict=True)),
        "has_surf": SURF in kinds,
    }


def freed(slots: Slots, features: tuple[Feature, ...]) -> Slots:
    """The slots with those freed that have faded out; waiting features move in."""
    if not slots.is_fading:
        return slots
    gone = [
        bool(i) and not a and n <= 0.0 for i, a, n in zip(slots.ids, slots.alive, slots.now[:, LEVEL_AT], strict=True)
    ]
    if not any(gone):
        return slots
    ids = ["" if g else i for g, i in zip(gone, slots.ids, strict=True)]
    kinds = tuple(0 if g else k for g, k in zip(gone, slots.kinds, strict=True))
    slots = structs.replace(slots, kinds=kinds, **_in_use(ids, kinds, slots.alive))
    return retarget(slots, features) if slots.waiting else slots


def moved(slots: Slots, kind_levels: Floats, wind: float, rain: float, breaks: float) -> Slots:
    """The slots one step further. `kind_levels` [kinds]: the level, as a position, that each kind has as mapped; it
    moves with positions of this step: of wind_m_s, of rain_mm_h or hail_mm_h, and of surf_break.
    """
    now, left = np.empty_like(slots.now), np.empty_like(slots.left)
    kinds = kind_array(slots.kinds)
    has_moved, is_settling = _move(
        slots.now, slots.target, slots.alive, slots.left, kinds, kind_levels, wind, rain, breaks, now, left
    )
    is_still = slots.is_still if slots.is_settling else not has_moved and _LIVE.isdisjoint(slots.kinds)
    return structs.replace(slots, now=now, left=left, is_settling=is_settling, is_still=is_still)


@jit
def _move(
    before: Floats, target: Floats, alive: Floats, left: Floats, kinds: Kinds, kind_levels: Floats, wind: float,
    rain: float, breaks: float, now: Floats, still_left: Floats,
) -> tuple[bool, bool]:  # fmt: skip
    """Fill `now` and `still_left`; whether anything has moved, and whether a transition goes on."""
    has_moved, is_settling = False, False
    for slot in range(len(kinds)):
        level = _live_level(kinds[slot], kind_levels, wind, rain, breaks) * alive[slot]
        for n in range(4):
            now[slot, n] = _next(before[slot, n], target[slot, n], n, level, left[slot])
            has_moved = has_moved or bool(now[slot, n] != before[slot, n])
        still_left[slot] = max(left[slot] - 1.0, 0.0)
        is_settling = is_settling or bool(still_left[slot] > 0.0)
    return has_moved, is_settling


@jit_inner
def _next(before: float, target: float, n: int, level: float, left: float) -> float:
    """One position of a slot one step further: straight in a transition, else in its own time; a level below 0 jumps
    to where it is to be.
    """
    gap = target - before
    if n == LEVEL_AT:
        gap += level
    if abs(gap) < NEAR:
        gap = 0.0
    if n == AZIMUTH_AT:
        gap = (gap + 0.5) % 1.0 - 0.5
    if n == LEVEL_AT and before < 0.0:
        return level
    if left > 0.0:
        now = before + gap / max(left, 1.0)
    else:
        now = before + min(max(gap * _SHARES[n], _FURTHEST_DOWN[n]), _FURTHEST_UP[n])
    return now % 1.0 if n == AZIMUTH_AT else now


@jit_inner
def _live_level(kind: int, kind_levels: Floats, wind: float, rain: float, breaks: float) -> float:
    level: float = kind_levels[kind]
    if kind == FOLIAGE:
        return level * min(1.8 * wind, 1.0)
    if kind == ROOF:
        return level * min(rain, 1.0)
    if kind == SURF:
        return level * (0.55 + 0.45 * breaks)
    return level


@lru_cache(1_024)
def kind_array(kinds: tuple[int, ...]) -> Kinds:
    """The kinds of the slots, [16]."""
    return np.array(kinds, np.int64)


def _position(feature: Feature) -> Floats:
    [distance] = _DISTANCE_CURVE.positions(np.array([feature.distance_m]))
    return np.array([0.0, distance, feature.azimuth_deg / 360.0 % 1.0, feature.size])
