"""How levels and rates wander by themselves: hashed value noise at the octave-spaced rates of `FLUTTER_STEPS`.

Knots lie at whole multiples of a rate's steps since step 0, so any step is computed from its own number alone (law 4).
A knot's value is a sum of four uniform draws, near enough to a Gaussian; between two knots it is interpolated with
weights that keep its variance. What a patch's layers have in common with its grains' bursts is worked out in integers,
because bursts decide what falls (law 5).
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.sound.arrays import F64, I64
from ambiome_middleware.sound.decibels import up
from ambiome_middleware.sound.hashing import hash32, hash_slot, hash_step
from ambiome_middleware.sound.patch import BANDS, FLUTTER_HZ, FLUTTER_STEPS
from ambiome_middleware.sound.records import (
    BURST_SHIFT,
    FLUTTER_COMMON,
    FLUTTER_HAS_COMMON,
    FLUTTER_HAS_OWN,
    FLUTTER_OWN,
    NOISE_ONE,
)

RATES: Final = len(FLUTTER_STEPS)
OCTAVES: Final = len(FLUTTER_HZ)
_COMMON_STREAM = 4 << 20
_OWN_STREAM = 5 << 20
_STEPS: Final = np.array(FLUTTER_STEPS, np.int64)
_SHIFT: Final = np.log2(_STEPS).astype(np.int64)
_PHASE_AT: Final = np.concatenate([[0], np.cumsum(_STEPS)]).astype(np.int64)
_WORDS = np.uint64(0x0000FFFF0000FFFF)
_16, _32, _LOW32 = np.uint64(16), np.uint64(32), np.uint64(0xFFFFFFFF)
_BYTES, _LOW16 = np.uint32(0x00FF00FF), np.uint32(0xFFFF)
F = np.float64
_WORD_MEAN, _BYTE_MEAN = 2 * 65_535, 2 * 255
_WORD_DEVIATION = float(np.sqrt(4 * (65_536.0**2 - 1) / 12))
_BYTE_DEVIATION = float(np.sqrt(4 * (256.0**2 - 1) / 12))
_OCTAVES_A_DB = float(np.log2(10.0) / 10.0)
_OCTAVES_A_VARIANCE = float(0.5 * (np.log(10.0) / 10.0) ** 2 / np.log(2.0))
"""By so many octaves of power a log-normal gain's mean lies above its median, for each dB² of variance."""
_WEIGHT_SHIFT: Final = 16


def _weights() -> F64:
    """Weights of the knot before and the one after at every phase of every rate, [Σ FLUTTER_STEPS, 2]: smooth, of
    unit power, so that the variance is the same on a knot as between two."""
    phase = np.concatenate([np.arange(steps) / steps for steps in FLUTTER_STEPS])
    after = phase * phase * (3.0 - 2.0 * phase)
    both = np.stack([1.0 - after, after], axis=1)
    return np.asarray(both / np.hypot(both[:, :1], both[:, 1:]))


_WEIGHT: Final = _weights()
_WORD_WEIGHT: Final = np.round(_WEIGHT * (NOISE_ONE / _WORD_DEVIATION * (1 << _WEIGHT_SHIFT))).astype(np.int64)
_BYTE_WEIGHT: Final = _WEIGHT / _BYTE_DEVIATION
LANES: Final = 12
"""OCTAVES in whole vectors."""
_SALT: Final = (np.arange(LANES) * 0x9E3779B9).astype(np.uint32)


@jit_inner
def _words(h: Any) -> Any:
    """The sum of the four 16-bit words of a hash, less its mean."""
    pairs = (h & _WORDS) + ((h >> _16) & _WORDS)
    return np.int64((pairs & _LOW32) + (pairs >> _32)) - _WORD_MEAN


@jit_inner
def _bytes(h: Any) -> Any:
    """The sum of the four bytes of a uint32, less its mean."""
    pairs = np.uint32(h & _BYTES) + np.uint32((h >> np.uint32(8)) & _BYTES)
    return F(np.int32(np.int32((pairs & _LOW16) + (pairs >> np.uint32(16))) - _BYTE_MEAN))


@jit
def common_noise(seed: Any, patch: int, slot: int, step: int, out: I64) -> None:
    """The noise of one patch and source slot at one step, `out` [RATES]: NOISE_ONE is its standard deviation."""
    root = hash_step(seed, _COMMON_STREAM + patch * 64 + slot, 0)
    for rate in range(RATES):
        knot, phase = step >> _SHIFT[rate], (step & (_STEPS[rate] - 1)) + _PHASE_AT[rate]
        before = _words(hash_slot(root, knot * RATES + rate))
        after = _words(hash_slot(root, (knot + 1) * RATES + rate))
        out[rate] = (before * _WORD_WEIGHT[phase, 0] + after * _WORD_WEIGHT[phase, 1]) >> _WEIGHT_SHIFT


@jit_inner
def flutter_gains(
    flutters: F64, seed: Any, layer: int, at: int, depth: float, slot: int, step: int, common: I64, scratch: F64,
    out: F64,
) -> None:  # fmt: skip
    """Power gains of one layer at one step, `out` [BANDS]; `at`: its flutter's row in the bank's, `depth`: a factor.

    `scratch` [2, LANES] is room to work in.
    """
    wander, own = scratch[0], scratch[1]
    root = hash_step(seed, _OWN_STREAM + layer * 64 + slot, 0)
    for o in range(OCTAVES):
        wander[o] = 0.0
    for rate in range(RATES):
        if flutters[at, rate, FLUTTER_HAS_COMMON] > 0.0:
            shared = common[rate] * (1.0 / NOISE_ONE)
            for o in range(OCTAVES):
                wander[o] += flutters[at, rate, FLUTTER_COMMON + o] * shared
        if flutters[at, rate, FLUTTER_HAS_OWN] > 0.0:
            knot, phase = step >> _SHIFT[rate], (step & (_STEPS[rate] - 1)) + _PHASE_AT[rate]
            here, there = _BYTE_WEIGHT[phase, 0], _BYTE_WEIGHT[phase, 1]
            before = np.uint32(hash_slot(root, knot * RATES + rate) >> _32)
            after = np.uint32(hash_slot(root, (knot + 1) * RATES + rate) >> _32)
            for o in range(LANES):
                one, two = _bytes(hash32(np.uint32(before + _SALT[o]))), _bytes(hash32(np.uint32(after + _SALT[o])))
                own[o] = here * one + there * two
            for o in range(OCTAVES):
                wander[o] += flutters[at, rate, FLUTTER_OWN + o] * own[o]
    for o in range(OCTAVES):
        variance = flutters[at, RATES, o] * depth * depth
        wander[o] = up(_OCTAVES_A_DB * depth * wander[o] - _OCTAVES_A_VARIANCE * variance)
    # Between the centres of two octave bands the third-octaves go from one to the other.
    for b in range(3):
        out[b], out[BANDS - 1 - b] = wander[0], wander[OCTAVES - 1]
    for o in range(OCTAVES - 1):
        low, third = wander[o], (wander[o + 1] - wander[o]) * (1.0 / 3.0)
        out[3 * o + 2], out[3 * o + 3], out[3 * o + 4] = low, low + third, low + 2.0 * third


@jit_inner
def burst(ints: I64, at: int, common: I64) -> int:
    """By how much an emitter's log2 rate lies off its mean's, in RATE_ONE an octave; `at`: its table in the bank's."""
    total = 0
    for rate in range(RATES):
        total += ints[at + rate] * common[rate]
    return (total >> BURST_SHIFT) + ints[at + RATES]
