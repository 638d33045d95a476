"""Hashed integers: all of the scene's chance comes from (seed, stream, index), so that any step can be computed again.

The mixing function is SplitMix64's finaliser (see `splitmix`).
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.splitmix import GOLDEN, mix64

_S11: Final = np.uint64(11)
_TO_UNIT: Final = 2.0**-53


@jit_inner
def mixed(value: int) -> Any:
    """64 bits, every one of which depends on all bits of `value`."""
    return mix64(np.uint64(value) + GOLDEN)


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
