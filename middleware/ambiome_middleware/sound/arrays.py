"""Short names for the arrays that the kernels hand each other, and a copy that compiles fast."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ambiome_middleware.jit import jit_inner

_T = TypeVar("_T", bound=np.generic)
F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]
I32 = npt.NDArray[np.int32]
I16 = npt.NDArray[np.int16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]


def lengthened(old: npt.NDArray[_T], more: int, axis: int = 0) -> npt.NDArray[_T]:
    """The array with so many zeros more along an axis, which take no memory before they are written to."""
    shape = list(old.shape)
    shape[axis] += more
    new = np.zeros(shape, old.dtype)
    new[tuple(slice(length) for length in old.shape)] = old
    return new


@jit_inner
def copy(source: npt.NDArray[Any], target: npt.NDArray[Any]) -> None:
    """Copy one row onto another of its length. (`target[:] = source` compiles a page of error formatting each time.)"""
    for n in range(len(target)):
        target[n] = source[n]


@jit_inner
def fill(target: npt.NDArray[Any], value: float) -> None:
    """Fill one row; see `copy`."""
    for n in range(len(target)):
        target[n] = value
