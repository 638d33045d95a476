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

from ambiome_middleware.scene.columns import Curves, Floats, Tokens, share_per_step
from ambiome_middleware.scene.smooth import NEAR
from ambiome_middleware.tokens import FEATURE, FEATURE_KIND_NAMES, FEATURE_SLOTS, STEP_S

_, _LEVEL, _DISTANCE, _AZIMUTH, _SIZE = FEATURE
LEVEL_AT, AZIMUTH_AT = 0, 2
KIND_INDEX: Final = {name: index for index, name in enumerate(FEATURE_KIND_NAMES)}
FOLIAGE: Final = KIND_INDEX["foliage"]
ROOF: Final = KIND_INDEX["roof"]
SURF: Final = KIND_INDEX["surf"]
_LIVE: Final = frozenset((FOLIAGE, ROOF, SURF))
"""Kinds whose level moves with each step (see `map.features.live_levels`)."""
_DISTANCE_CURVE: Final = Curves((_DISTANCE,))
_SCALE: Final = np.array([_LEVEL.levels - 1, _DISTANCE.levels - 1, _AZIMUTH.levels, _SIZE.levels - 1], np.float64)
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


def moved(slots: Slots, kind_levels: Floats) -> Slots:
    """The slots one step further. `kind_levels` [kinds]: the level, as a position, that each kind has now."""
    level = kind_levels[_indices(slots.kinds)] * slots.alive
    gap = slots.target - slots.now
    gap[:, LEVEL_AT] += level
    gap[np.abs(gap) < NEAR] = 0.0
    turn = gap[:, AZIMUTH_AT]
    turn += 0.5
    turn %= 1.0
    turn -= 0.5
    now = slots.now + np.minimum(np.maximum(gap * _SHARES, _FURTHEST_DOWN), _FURTHEST_UP)
    if slots.is_settling:
        return _settled(slots, gap, now, level)
    now[:, AZIMUTH_AT] %= 1.0
    is_still = _LIVE.isdisjoint(slots.kinds) and np.array_equal(now, slots.now)
    return structs.replace(slots, now=now, is_still=is_still)


def _settled(slots: Slots, gap: Floats, now: Floats, level: Floats) -> Slots:
    """The slots one step further: `now`, but for those in a transition, which go straight, and those that jump."""
    in_transition = slots.left > 0.0
    now = np.where(in_transition[:, None], slots.now + gap / np.maximum(slots.left, 1.0)[:, None], now)
    now[:, LEVEL_AT] = np.where(slots.now[:, LEVEL_AT] < 0.0, level, now[:, LEVEL_AT])
    now[:, AZIMUTH_AT] %= 1.0
    left = np.maximum(slots.left - 1.0, 0.0)
    return structs.replace(slots, now=now, left=left, is_settling=bool(left.any()))


@lru_cache(1_024)
def _indices(kinds: tuple[int, ...]) -> npt.NDArray[np.intp]:
    return np.array(kinds, np.intp)


def feature_tokens(slots: Slots, heading_deg: float) -> Tokens:
    """The columns of the slots, [16 · 5] int16, azimuths relative to where the listener looks."""
    position = slots.now.copy()
    azimuth = position[:, AZIMUTH_AT]
    azimuth -= heading_deg / 360.0
    azimuth %= 1.0
    position *= _SCALE
    tokens = np.empty((FEATURE_SLOTS, 5), np.int16)
    tokens[:, 0] = _indices(slots.kinds)
    np.rint(position, out=tokens[:, 1:], casting="unsafe")
    tokens[:, 1 + AZIMUTH_AT] %= _AZIMUTH.levels
    return tokens.reshape(-1)


def _position(feature: Feature) -> Floats:
    [distance] = _DISTANCE_CURVE.positions(np.array([feature.distance_m]))
    return np.array([0.0, distance, feature.azimuth_deg / 360.0 % 1.0, feature.size])
