"""Slow noise that needs no memory: sums of octaves, each interpolated between hashed values on a lattice of steps.

An octave of spacing n steps has a hashed, nearly normal value (the sum of four uniform ones, variance 1, within ±3.5)
at every n-th step, and between two of them moves from one to the other along 3t² − 2t³, scaled so that its variance is
1 at every step. All is computed from (seed, octave, step): any step can be the first.
"""

from math import sqrt
from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.scene.hashing import mixed
from ambiome_middleware.splitmix import GOLDEN, mix64

_LOW: Final = np.uint64(0xFFFF)
_S16, _S32, _S48 = (np.uint64(shift) for shift in (16, 32, 48))
_SCALE: Final = float(np.sqrt(3.0) / 65_536.0)
_CENTRE: Final = 2.0 * 65_535.0


@jit
def octave(seed: int, stream: int, index: int, spacing: int, step: int) -> float:
    """The octave of this `index` in a stream, of this spacing in steps, at a step: of variance 1, within ±3.5."""
    key, own = mixed(seed), mixed((stream << 16) + index)
    lattice = step // spacing
    t = (step - lattice * spacing) / spacing
    s = t * t * (3.0 - 2.0 * t)
    r = 1.0 - s
    return (_at(key, own, lattice) * r + _at(key, own, lattice + 1) * s) / sqrt(r * r + s * s)


@jit_inner
def _at(key: Any, own: Any, lattice: int) -> float:
    """The hashed value of a point of the lattice, nearly normal, of variance 1."""
    z = mix64((np.uint64(lattice) * GOLDEN + own) ^ key)
    total = (z & _LOW) + ((z >> _S16) & _LOW) + ((z >> _S32) & _LOW) + ((z >> _S48) & _LOW)
    return (float(total) - _CENTRE) * _SCALE
