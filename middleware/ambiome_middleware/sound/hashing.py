"""Hashed integers in place of random state: the same on every machine, addressable at any step.

`mix64` is the finaliser of SplitMix64 (Steele, Lea & Flood 2014); `hash32` the two-multiply "lowbias32" (C. Wellons,
hash-prospector, 2018), which vectorises and which the torch backend repeats in masked int64.
"""

from typing import Any

import numpy as np

from ambiome_middleware.jit import jit_inner

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11, _32 = (np.uint64(n) for n in (30, 27, 31, 11, 32))
_TO_UNIT = 2.0**-53


@jit_inner
def mix64(x: Any) -> Any:
    """uint64 → uint64, every input bit reaching every output bit."""
    x = (x ^ (x >> _30)) * _M1
    x = (x ^ (x >> _27)) * _M2
    return x ^ (x >> _31)


@jit_inner
def hash_step(seed: Any, what: int, step: int) -> Any:
    """The hash that all slots of one part share at one step: whose stream, which part, when."""
    x = mix64(np.uint64(seed) + _GOLDEN)
    x = mix64(x + np.uint64(what) * _M1 + _GOLDEN)
    return mix64(x + np.uint64(step) * _M2 + _GOLDEN)


@jit_inner
def hash_slot(at: Any, slot: int) -> Any:
    """The hash of one decision among those of `hash_step`."""
    return mix64(at + np.uint64(slot) * _GOLDEN + _M1)


@jit_inner
def hash64(seed: Any, what: int, step: int, slot: int) -> Any:
    """The hash of one decision: whose stream, which part, at which step, in which slot."""
    return hash_slot(hash_step(seed, what, step), slot)


@jit_inner
def draw64(key: Any, index: int) -> Any:
    """The index-th further hash of a decision."""
    return mix64(key + np.uint64(index + 1) * _GOLDEN)


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
