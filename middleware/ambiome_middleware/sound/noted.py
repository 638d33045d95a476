"""How often each part sets something off, and how loud all that is in the mean, by a token frame.

Few columns change from step to step, and to look a rate up costs what memory costs. So a stream notes the tokens that
each patch heeds, and only a patch of which one has changed is looked up anew. What is noted holds for whatever stream
comes next, and all zeros are no tokens at all.
"""

import math

import numpy as np

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.sound.arrays import F64, I16, I32, I64
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.decibels import squared, up
from ambiome_middleware.sound.decoded import FEATURE_M, NEVER, RATE_ONE
from ambiome_middleware.sound.lookup import octaves, rate_log2
from ambiome_middleware.sound.records import (
    C_ACTIVITY,
    C_ACTIVITY_STOP,
    C_DISTANCE,
    C_DISTANCE_AT,
    C_ENERGY,
    C_PRESENCE,
    C_PRESENCE_STOP,
    C_REFERENCE_M,
    E_LEVEL,
    EVENT_SOURCE,
    FEATURE_SOURCE,
    O_ENERGY,
    O_RATE,
    O_RATE_CONST,
    O_RATE_STOP,
    O_SLOTS,
    P_CALLERS,
    P_CALLERS_STOP,
    P_EMITTERS,
    P_EMITTERS_STOP,
    P_HEEDED,
    P_HEEDED_STOP,
    P_KIND,
    P_REFERENCE_M,
    P_SOURCE,
    P_SWELLS,
    P_SWELLS_STOP,
    SCENE_SOURCE,
)
from ambiome_middleware.sound.shelter import feature_power, inside_share, outdoor_power, partly_inside, sheltered
from ambiome_middleware.tokens import FEATURE, FEATURE_SLOTS, FEATURES_AT, STEP_S

_FEATURE_WIDTH = len(FEATURE)


@jit
def no_notes(bank: Bank) -> tuple[I16, I32, F64]:
    """What `note` writes to, before the first step: `noted`, `rates` and `expected`."""
    parts = len(bank.emitters) + len(bank.swells) + len(bank.callers)
    return np.zeros(len(bank.heeded), np.int16), np.zeros(parts + len(bank.callers), np.int32), np.zeros(parts)


@jit
def note(bank: Bank, row: I16, is_open: I64, noted: I16, rates: I32, expected: F64) -> float:
    """Look up anew what changed columns say of all open patches; the mean power of their grains, swells and calls.

    `noted` [len(bank.heeded)]: tokens, each plus one. `rates` [bank.rates] of the scene's parts, as log2: of the
    emitters, the swells, the callers' activity, and their presence. `expected` [bank.parts]: the mean power of every
    part of the scene and its features, dB(A) as power (air left out).
    """
    return _note(bank, row, is_open, noted, rates, expected)


@jit_inner
def _note(bank: Bank, row: I16, is_open: I64, noted: I16, rates: I32, expected: F64) -> float:
    """`note`, where no view of a row is counted."""
    loud = 0.0
    outdoor = outdoor_power(row)
    first_swell = len(bank.emitters)
    first_caller = first_swell + len(bank.swells)
    for index in range(len(bank.patches)):
        patch = bank.patches[index]
        if is_open[index] == 0 or patch[P_SOURCE] == EVENT_SOURCE:
            continue
        if not _is_noted(bank.heeded, patch, row, noted):
            _look_up(bank, patch, row, outdoor, rates, expected)
        for n in range(int(patch[P_EMITTERS]), int(patch[P_EMITTERS_STOP])):
            loud += expected[n]
        for n in range(int(patch[P_SWELLS]), int(patch[P_SWELLS_STOP])):
            loud += expected[first_swell + n]
        for n in range(int(patch[P_CALLERS]), int(patch[P_CALLERS_STOP])):
            loud += expected[first_caller + n]
    return loud


@jit_inner
def _is_noted(heeded: I64, patch: F64, row: I16, noted: I16) -> bool:
    """Whether the columns that a patch's rates and mean power heed are those that stand in `noted`; they do then."""
    is_noted = True
    for n in range(int(patch[P_HEEDED]), int(patch[P_HEEDED_STOP])):
        token = row[heeded[n]] + 1
        if noted[n] != token:
            noted[n] = token
            is_noted = False
    return is_noted


@jit_inner
def _look_up(bank: Bank, patch: F64, row: I16, outdoor: float, rates: I32, expected: F64) -> None:
    """One patch's rates and mean powers; see `note`."""
    first_swell = len(bank.emitters)
    first_caller = first_swell + len(bank.swells)
    for n in range(int(patch[P_EMITTERS]), int(patch[P_EMITTERS_STOP])):
        level = bank.emitter_draws[n, E_LEVEL]
        rates[n], expected[n] = _onsets(bank, patch, row, outdoor, bank.emitters[n], level)
    for n in range(int(patch[P_SWELLS]), int(patch[P_SWELLS_STOP])):
        at, level = first_swell + n, bank.swell_draws[n, 0]
        rates[at], expected[at] = _onsets(bank, patch, row, outdoor, bank.swells[n], level)
    for n in range(int(patch[P_CALLERS]), int(patch[P_CALLERS_STOP])):
        at = first_caller + n
        if patch[P_SOURCE] == SCENE_SOURCE:
            c, presence_at = bank.callers[n], at + len(bank.callers)
            rates[at] = rate_log2(bank.factors, bank.ints, row, 0, int(c[C_ACTIVITY]), int(c[C_ACTIVITY_STOP]), 0)
            rates[presence_at] = rate_log2(
                bank.factors, bank.ints, row, 0, int(c[C_PRESENCE]), int(c[C_PRESENCE_STOP]), 0
            )
            expected[at] = _calls(bank, patch, row, outdoor, n, rates[at], rates[presence_at])
        else:
            expected[at] = 0.0


@jit_inner
def _onsets(bank: Bank, patch: F64, row: I16, outdoor: float, onsets: F64, level: F64) -> tuple[int, float]:
    """The log2 rate of an emitter or swell (of a feature's, that of the last slot) and the mean power of what it sets
    off."""
    total, log2 = 0.0, 0
    for slot in range(1 if patch[P_SOURCE] == SCENE_SOURCE else FEATURE_SLOTS):
        own_at = FEATURES_AT + slot * _FEATURE_WIDTH
        if patch[P_SOURCE] == FEATURE_SOURCE and row[own_at] != patch[P_KIND]:
            continue
        start, stop = int(onsets[O_RATE]), int(onsets[O_RATE_STOP])
        log2 = rate_log2(bank.factors, bank.ints, row, own_at, start, stop, int(onsets[O_RATE_CONST]))
        if log2 > NEVER // 2:
            onsets_hz = min(_rate(log2), 1.0) * onsets[O_SLOTS] / STEP_S
            power = onsets_hz * onsets[O_ENERGY] * squared(octaves(bank.factors, bank.floats, row, own_at, level))
            shelter = partly_inside(math.sqrt(outdoor), inside_share(patch, row))
            if patch[P_SOURCE] == FEATURE_SOURCE:
                power *= feature_power(row, slot, patch[P_REFERENCE_M])
                shelter = sheltered(shelter, FEATURE_M[row[own_at + 2]])
            total += power * shelter * shelter
    return log2, total


@jit_inner
def _calls(bank: Bank, patch: F64, row: I16, outdoor: float, index: int, activity: int, presence: int) -> float:
    """Mean power of one species of the scene by its log2 rates."""
    c = bank.callers[index]
    active = _rate(activity)
    if active <= 0.0:
        return 0.0
    power = min(active, 1.0) * min(_rate(presence), 1.0) * c[C_ENERGY]
    power *= squared(octaves(bank.factors, bank.floats, row, 0, bank.caller_draws[index, 0]))
    if c[C_DISTANCE] >= 0:
        power *= (c[C_REFERENCE_M] / max(bank.floats[int(c[C_DISTANCE_AT]) + row[int(c[C_DISTANCE])]], 1.0)) ** 2
    shelter = partly_inside(math.sqrt(outdoor), inside_share(patch, row))
    return power * shelter * shelter


@jit_inner
def _rate(total: int) -> float:
    return 0.0 if total <= NEVER // 2 else up(total / RATE_ONE)
