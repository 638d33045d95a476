"""Slow noise that needs no memory: sums of octaves, each interpolated between hashed values on a lattice of steps.

An octave of spacing n steps has a hashed, nearly normal value (the sum of four uniform ones, variance 1, within ±3.5)
at every n-th step, and between two of them moves from one to the other along 3t² − 2t³, scaled so that its variance is
1 at every step. All is computed from (seed, octave, step): any step can be the first.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.scene.hashing import GOLDEN, MIX_A, MIX_B, mixed

Floats = npt.NDArray[np.float64]
BLOCK_STEPS: Final = 50
"""Noise is computed this many steps at a time, always the same ones together."""
_A, _B, _GOLDEN = np.uint64(MIX_A), np.uint64(MIX_B), np.uint64(GOLDEN)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_LOW: Final = np.uint64(0xFFFF)
_SHIFTS: Final = tuple(np.uint64(shift) for shift in (0, 16, 32, 48))
_SCALE: Final = float(np.sqrt(3.0) / 65_536.0)
_CENTRE: Final = 2.0 * 65_535.0
_INSIDE: Final = np.arange(BLOCK_STEPS, dtype=np.int64)[:, None]


class Octaves:
    """Independent octaves of noise with the given spacings in steps. `stream` tells two of them apart."""

    def __init__(self, spacings: Sequence[int], stream: int) -> None:
        self._spacings = np.array(spacings, np.int64)
        self._keys = np.array([mixed((stream << 16) + index) for index in range(len(spacings))], np.uint64)

    def at(self, seed: int, step: int) -> Floats:
        """The octaves [n] at a step, each of variance 1, within ±3.5."""
        block, inside = divmod(step, BLOCK_STEPS)
        row: Floats = self.block(seed, block)[inside]
        return row

    def block(self, seed: int, block: int) -> Floats:
        """The same [BLOCK_STEPS, n] from step block · BLOCK_STEPS on."""
        steps = block * BLOCK_STEPS + _INSIDE
        lattice = steps // self._spacings
        t = (steps - lattice * self._spacings) / self._spacings
        s = t * t * (3.0 - 2.0 * t)
        r = 1.0 - s
        key = np.uint64(mixed(seed))
        value: Floats = self._lattice(key, lattice) * r + self._lattice(key, lattice + 1) * s
        value /= np.sqrt(r * r + s * s)
        return value

    def _lattice(self, seed: np.uint64, index: npt.NDArray[np.int64]) -> Floats:
        """Hashed values of the shape of `index`, nearly normal, variance 1."""
        z = (index.astype(np.uint64) * _GOLDEN + self._keys) ^ seed
        z = (z ^ (z >> _S30)) * _A
        z = (z ^ (z >> _S27)) * _B
        z = z ^ (z >> _S31)
        total = sum(((z >> shift) & _LOW for shift in _SHIFTS), start=np.zeros_like(z))
        return (total.astype(np.float64) - _CENTRE) * _SCALE
