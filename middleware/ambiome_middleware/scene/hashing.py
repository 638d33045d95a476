"""Hashed integers: all of the scene's chance comes from (seed, stream, index), so that any step can be computed again.

The mixing function is SplitMix64's finaliser (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
generators").
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit, jit_inner

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B: Final = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = (np.uint64(shift) for shift in (30, 27, 31, 11))
_TO_UNIT: Final = 2.0**-53


@jit_inner
def finalised(z: Any) -> Any:
    """uint64 → uint64, every bit of which depends on all bits of `z`."""
    z = (z ^ (z >> _S30)) * _MIX_A
    z = (z ^ (z >> _S27)) * _MIX_B
    return z ^ (z >> _S31)


@jit_inner
def mixed(value: int) -> Any:
    """64 bits, every one of which depends on all bits of `value`."""
    return finalised(np.uint64(value) + GOLDEN)


@jit
def hashed(seed: int, stream: int, index: int) -> int:
    """64 hashed bits of (seed, stream, index)."""
    return mixed(mixed(mixed(seed) ^ np.uint64(stream)) + np.uint64(np.int64(index)) * GOLDEN)  # type: ignore[no-any-return]


@jit
def uniform(seed: int, stream: int, index: int) -> float:
    """A hashed number, 0 ≤ … < 1."""
    return float(hashed(seed, stream, index) >> _S11) * _TO_UNIT


@jit
def happens(seed: int, stream: int, step: int, per_step: float) -> bool:
    """Whether something of this mean rate (events a step, below 1) happens at a step: a Poisson process on integers."""
    return bool(hashed(seed, stream, step) >> _S11 < np.uint64(min(per_step, 1.0) * 2.0**53))
