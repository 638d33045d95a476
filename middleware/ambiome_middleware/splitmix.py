"""SplitMix64, by which the scene and the sound hash (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
generators").
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit_inner

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
"""The increment."""
MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
MIX_B: Final = np.uint64(0x94D049BB133111EB)
"""The finaliser's multipliers."""
_30, _27, _31 = (np.uint64(shift) for shift in (30, 27, 31))


@jit_inner
def mix64(x: Any) -> Any:
    """uint64 → uint64, every input bit reaching every output bit: the finaliser."""
    x = (x ^ (x >> _30)) * MIX_A
    x = (x ^ (x >> _27)) * MIX_B
    return x ^ (x >> _31)
