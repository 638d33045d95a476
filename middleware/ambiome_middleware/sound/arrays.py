"""Short names for the arrays that the kernels hand each other, and a copy that compiles fast."""

import math
import mmap
from typing import Any, Final, TypeVar

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
_PRIVATE: Final[int] = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)
_SMALL_PAGES: Final[int | None] = getattr(mmap, "MADV_NOHUGEPAGE", None)


def lengthened(old: npt.NDArray[_T], more: int) -> npt.NDArray[_T]:
    """The array with so many rows of zeros more."""
    new = np.zeros((len(old) + more, *old.shape[1:]), old.dtype)
    new[: len(old)] = old
    return new


def sparse(shape: tuple[int, ...], kind: type[_T]) -> npt.NDArray[_T]:
    """Zeros that take no memory before they are written to, and then little: for rows of which most stay empty.

    numpy asks for memory in pages of 2 MiB where it can, each of which is cleared whole.
    """
    size = math.prod(shape) * np.dtype(kind).itemsize
    if size == 0:
        return np.zeros(shape, kind)
    memory = mmap.mmap(-1, size, flags=_PRIVATE) if _PRIVATE else mmap.mmap(-1, size)
    if _SMALL_PAGES is not None:
        memory.madvise(_SMALL_PAGES)
    return np.frombuffer(memory, kind).reshape(shape)


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
