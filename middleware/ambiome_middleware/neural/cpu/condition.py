"""What the model is told of token frames, as `condition.Condition` says it, for a tile of streams."""

from typing import Any, Final, NamedTuple

import numpy as np

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.neural.condition import Condition
from ambiome_middleware.neural.cpu.lanes import gelu, load, store
from ambiome_middleware.neural.cpu.packing import linear, plain, vectors
from ambiome_middleware.neural.cpu.products import product
from ambiome_middleware.sound.arrays import F32, I16, I64
from ambiome_middleware.tokens import EVENT, EVENT_SLOTS, EVENTS_AT, FEATURE, FEATURE_SLOTS, FEATURES_AT, Parameter

F = np.float32


class _Slots(NamedTuple):
    """Features, or events: `at` is the first column, how many slots there are and of how many columns, and in a slot
    the columns of kind, strength, distance and what else is told; `most` the largest token of the last three. `kinds`
    [kinds, width], `more` [2, width] and `bias` [width] are the model's.
    """

    at: I64
    most: F32
    kinds: F32
    more: F32
    bias: F32


class CpuCondition:
    """The condition of a model, packed."""

    def __init__(self, condition: Condition) -> None:
        self._columns = condition.straight.cpu().numpy()
        self._most = plain(condition.most)
        self._wider, self._narrower = linear(condition.scene[0]), linear(condition.scene[2])
        self._features = _slots(
            FEATURE, FEATURES_AT, FEATURE_SLOTS, "level", "size", condition.features, condition.feature_more
        )
        self._events = _slots(
            EVENT, EVENTS_AT, EVENT_SLOTS, "strength", "strength", condition.events, condition.event_more
        )
        self._shares = vectors(len(self._columns))
        self._inner = vectors(len(self._wider.bias))

    def __call__(self, rows: I16, out: F32) -> None:
        """Token frames [LANES, ROW_WIDTH] → what is told of them, out [≥ width, LANES]."""
        _tell(
            rows, self._columns, self._most, *self._wider, *self._narrower, self._features, self._events, self._shares,
            self._inner, out,
        )  # fmt: skip


def _slots(table: tuple[Parameter, ...], at: int, slots: int, much: str, more: str, kinds: Any, also: Any) -> _Slots:
    names = [parameter.name for parameter in table]
    columns = [names.index(name) for name in ("kind", much, "distance_m", more)]
    most: Final = [table[column].levels - 1 for column in columns[1:]]
    return _Slots(
        np.array([at, slots, len(table), *columns]), np.array(most, np.float32), plain(kinds.weight),
        np.ascontiguousarray(plain(also.weight).T), plain(also.bias),
    )  # fmt: skip


@jit
def _tell(
    rows: I16, columns: I64, most: F32, wider: F32, wider_bias: F32, narrower: F32, narrower_bias: F32,
    features: _Slots, events: _Slots, shares: F32, inner: F32, out: F32,
) -> None:  # fmt: skip
    for n in range(len(columns)):
        for lane in range(len(rows)):
            shares[n, lane] = F(rows[lane, columns[n]]) / most[n]
    product(shares, wider, wider_bias, inner)
    for n in range(len(inner)):
        store(inner, n, gelu(load(inner, n)))
    product(inner, narrower, narrower_bias, out)
    _add_slots(rows, features, out)
    _add_slots(rows, events, out)


@jit_inner
def _add_slots(rows: I16, slots: _Slots, out: F32) -> None:
    for lane in range(len(rows)):
        for slot in range(slots.at[1]):
            row = rows[lane, slots.at[0] + slot * slots.at[2] :]
            kind = row[slots.at[3]]
            much = F(row[slots.at[4]]) / slots.most[0]
            if kind <= 0 or much == F(0.0):
                continue
            distance, more = F(row[slots.at[5]]) / slots.most[1], F(row[slots.at[6]]) / slots.most[2]
            for c in range(slots.kinds.shape[1]):
                told = slots.kinds[kind, c] + slots.more[0, c] * distance + slots.more[1, c] * more + slots.bias[c]
                out[c, lane] += told * much
