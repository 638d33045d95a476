"""Tokens → grains and swells: which drop falls, which bird sings, decided on integers alone.

A decision compares a hash of (seed, part, step, slot) with a threshold made from integer log2 rates, so every device
and every chunking agrees. What a step spawns is appended in a fixed order; whoever starts at a later step and spawns
the steps before it finds the same grains in the same order.
"""

from typing import Any

import numpy as np

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.sound.arrays import F64, I16, I32, I64
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.callers import answer, call
from ambiome_middleware.sound.decoded import NEVER
from ambiome_middleware.sound.emitters import emit
from ambiome_middleware.sound.flutter import RATES, common_noise
from ambiome_middleware.sound.lookup import rate_log2
from ambiome_middleware.sound.noted import no_notes, note
from ambiome_middleware.sound.records import (
    E_BURSTS,
    EMITTER_DRAWS,
    EVENT_SOURCE,
    FEATURE_SOURCE,
    FULL,
    O_RATE,
    O_RATE_CONST,
    O_RATE_STOP,
    P_CALLERS,
    P_CALLERS_STOP,
    P_EMITTERS,
    P_EMITTERS_STOP,
    P_KIND,
    P_SOURCE,
    P_SWELLS,
    P_SWELLS_STOP,
    SCENE_SOURCE,
)
from ambiome_middleware.sound.swells import swell
from ambiome_middleware.tokens import EVENT, EVENT_SLOTS, EVENTS_AT, FEATURE, FEATURE_SLOTS, FEATURES_AT

_FEATURE_WIDTH, _EVENT_WIDTH = len(FEATURE), len(EVENT)


@jit_inner
def _slots(source: float) -> tuple[int, int, int]:
    """Where a source's slots begin in a row, how wide each is, how many there are."""
    if source == SCENE_SOURCE:
        return 0, 0, 1
    if source == FEATURE_SOURCE:
        return FEATURES_AT, _FEATURE_WIDTH, FEATURE_SLOTS
    return EVENTS_AT, _EVENT_WIDTH, EVENT_SLOTS


@jit
def spawn_grains(
    bank: Bank, seed: Any, step: int, row: I16, is_open: I64, gains: F64,
    gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """Append to [count, …) all grains that this step's tokens set off; returns the new count, or FULL."""
    noted, rates, expected = no_notes(bank)
    note(bank, row, is_open, noted, rates, expected)
    scratch, common = np.empty((2, EMITTER_DRAWS)), np.empty(RATES, np.int64)
    return set_off_grains(bank, seed, step, row, is_open, rates, gains, gf, gi, count, scratch, common)


@jit_inner
def set_off_grains(
    bank: Bank, seed: Any, step: int, row: I16, is_open: I64, rates: I32, gains: F64,
    gf: F64, gi: I64, count: int, scratch: F64, common: I64,
) -> int:  # fmt: skip
    """`spawn_grains` by the `rates` that are noted; `scratch` [2, EMITTER_DRAWS] and `common` [RATES] are room to work
    in.
    """
    for number in range(len(bank.patches)):
        patch = bank.patches[number]
        if is_open[number] == 0:
            continue
        base, width, slots = _slots(patch[P_SOURCE])
        common_of = -1
        for index in range(int(patch[P_EMITTERS]), int(patch[P_EMITTERS_STOP])):
            for slot in range(slots):
                own_at = base + slot * width
                if patch[P_SOURCE] != SCENE_SOURCE and row[own_at] != patch[P_KIND]:
                    continue
                e = bank.emitters[index]
                rate = rates[index] if patch[P_SOURCE] == SCENE_SOURCE else _rate(bank, row, own_at, e)
                if rate <= NEVER // 2:
                    continue
                if e[E_BURSTS] >= 0.0 and common_of != slot:
                    common_noise(seed, number, slot, step, common)
                    common_of = slot
                count = emit(bank, seed, step, row, gains, index, rate, slot, own_at, gf, gi, count, scratch, common)
                if count == FULL:
                    return FULL
        first, last = int(patch[P_CALLERS]), int(patch[P_CALLERS_STOP])
        if patch[P_SOURCE] == SCENE_SOURCE:
            count = call(bank, seed, step, row, first, last, rates, gf, gi, count)
        elif patch[P_SOURCE] == EVENT_SOURCE:
            for index in range(first, last):
                for slot in range(EVENT_SLOTS):
                    if row[EVENTS_AT + slot * _EVENT_WIDTH] == patch[P_KIND] and count != FULL:
                        count = answer(bank, seed, step, row, gains, index, slot, gf, gi, count)
        if count == FULL:
            return FULL
    return count


@jit
def spawn_swells(
    bank: Bank, seed: Any, step: int, row: I16, is_open: I64, gains: F64,
    sf: F64, si: I64, count: int,
) -> int:  # fmt: skip
    """Append to [count, …) all swells that this step's tokens set off; returns the new count, or FULL."""
    noted, rates, expected = no_notes(bank)
    note(bank, row, is_open, noted, rates, expected)
    return set_off_swells(bank, seed, step, row, is_open, rates, gains, sf, si, count)


@jit_inner
def set_off_swells(
    bank: Bank, seed: Any, step: int, row: I16, is_open: I64, rates: I32, gains: F64,
    sf: F64, si: I64, count: int,
) -> int:  # fmt: skip
    """`spawn_swells` by the `rates` that are noted."""
    for number in range(len(bank.patches)):
        patch = bank.patches[number]
        if is_open[number] == 0:
            continue
        base, width, slots = _slots(patch[P_SOURCE])
        for index in range(int(patch[P_SWELLS]), int(patch[P_SWELLS_STOP])):
            for slot in range(slots):
                own_at = base + slot * width
                if patch[P_SOURCE] != SCENE_SOURCE and row[own_at] != patch[P_KIND]:
                    continue
                noted = rates[len(bank.emitters) + index]
                rate = noted if patch[P_SOURCE] == SCENE_SOURCE else _rate(bank, row, own_at, bank.swells[index])
                if rate > NEVER // 2:
                    count = swell(bank, seed, step, row, gains, index, rate, slot, own_at, sf, si, count)
                if count == FULL:
                    return FULL
    return count


@jit_inner
def _rate(bank: Bank, row: I16, own_at: int, onsets: F64) -> int:
    """The log2 rate of a feature's or an event's emitter or swell."""
    start, stop = int(onsets[O_RATE]), int(onsets[O_RATE_STOP])
    return rate_log2(bank.factors, bank.ints, row, own_at, start, stop, int(onsets[O_RATE_CONST]))
