"""Hashed integers in place of random state: the same on every machine, addressable at any step.

64 bits are mixed by SplitMix64's finaliser (see `splitmix`); `hash32` is the two-multiply "lowbias32" (C. Wellons,
hash-prospector, 2018), which vectorises and which the torch backend repeats in masked int64.
"""

from typing import Any

import numpy as np

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.splitmix import GOLDEN, MIX_A, MIX_B, mix64

_11, _32 = np.uint64(11), np.uint64(32)
_TO_UNIT = 2.0**-53


@jit_inner
def hash_step(seed: Any, what: int, step: int) -> Any:
    """The hash that all slots of one part share at one step: whose stream, which part, when."""
    x = mix64(np.uint64(seed) + GOLDEN)
    x = mix64(x + np.uint64(what) * MIX_A + GOLDEN)
    return mix64(x + np.uint64(step) * MIX_B + GOLDEN)


@jit_inner
def hash_slot(at: Any, slot: int) -> Any:
    """The hash of one decision among those of `hash_step`."""
    return mix64(at + np.uint64(slot) * GOLDEN + MIX_A)


@jit_inner
def hash64(seed: Any, what: int, step: int, slot: int) -> Any:
    """The hash of one decision: whose stream, which part, at which step, in which slot."""
    return hash_slot(hash_step(seed, what, step), slot)


@jit_inner
def draw64(key: Any, index: int) -> Any:
    """The index-th further hash of a decision."""
    return mix64(key + np.uint64(index + 1) * GOLDEN)


@jit_inner
def unit(key: Any) -> float:
    """0 ≤ u < 1 from the high 53 bits of a hash."""
    return float(np.int64(key >> _11)) * _TO_UNIT


@jit_inner
def high32(key: Any) -> Any:
    """The high 32 bits of a hash as a signed 64-bit integer, to compare with a threshold."""
    return np.int64(key >> _32)


@jit_inner
def hash32(x: Any) -> Any:
    """uint32 → uint32."""
    x = np.uint32(x ^ (x >> np.uint32(16)))
    x = np.uint32(x * np.uint32(0x7FEB352D))
    x = np.uint32(x ^ (x >> np.uint32(15)))
    x = np.uint32(x * np.uint32(0x846CA68B))
    return np.uint32(x ^ (x >> np.uint32(16)))
