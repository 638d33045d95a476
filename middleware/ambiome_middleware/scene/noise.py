"""Slow noise that needs no memory: sums of octaves, each interpolated between hashed values on a lattice of steps.

An octave of spacing n steps has a hashed, nearly normal value (the sum of four uniform ones, variance 1, within ±3.5)
at every n-th step, and between two of them moves from one to the other along 3t² − 2t³, scaled so that its variance
is 1 at every step. All is computed from (seed, octave, step): any step can be the first.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.scene.hashing import mixed

Floats = npt.NDArray[np.float64]
_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_B: Final = np.uint64(0x94D049BB133111EB)
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_FIELDS: Final = np.array([[[0]], [[16]], [[32]], [[48]]], np.uint64)
_LOW: Final = np.uint64(0xFFFF)
_SCALE: Final = float(np.sqrt(3.0) / 65_536.0)
_CENTRE: Final = 2.0 * 65_535.0


class Octaves:
    """Independent octaves of noise with the given spacings in steps."""

    def __init__(self, spacings: Sequence[int], stream: int) -> None:
        self.spacings = np.array(spacings, np.int64)
        self._keys = np.array([mixed((stream << 16) + index) for index in range(len(spacings))], np.uint64)
        self._ends = np.array([[0], [1]], np.int64)

    def at(self, seed: int, step: int) -> Floats:
        """The octaves [n] at a step, each of variance 1, within ±3.5."""
        lattice = step // self.spacings
        t = (step - lattice * self.spacings) / self.spacings
        s = t * t * (3.0 - 2.0 * t)
        ends = self._lattice(np.uint64(mixed(seed)), (lattice + self._ends).astype(np.uint64))
        r = 1.0 - s
        value: Floats = (ends[0] * r + ends[1] * s) / np.sqrt(r * r + s * s)
        return value

    def _lattice(self, seed: np.uint64, index: npt.NDArray[np.uint64]) -> Floats:
        """Hashed values [2, n], nearly normal, variance 1."""
        z = (index * _GOLDEN + self._keys) ^ seed
        z = (z ^ (z >> _S30)) * _A
        z = (z ^ (z >> _S27)) * _B
        z = z ^ (z >> _S31)
        parts: npt.NDArray[np.uint64] = (z >> _FIELDS) & _LOW
        total: Floats = (parts[0] + parts[1] + parts[2] + parts[3]).astype(np.float64)
        return (total - _CENTRE) * _SCALE
