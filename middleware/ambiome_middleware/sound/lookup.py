"""What tokens say of a part: its tables' rows, multiplied or summed.

Handed on are only those of the bank's tables that are read: a call takes along, number by number, all that it is given.
"""

from typing import Any

import numpy as np

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F64, I16, I64
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.records import (
    D_CENTRE,
    D_START,
    D_STOP,
    F_AT,
    F_COLUMN,
    F_SCOPE,
    F_WIDE,
    OWN_SCOPE,
)


@jit_inner
def token(factors: I64, row: I16, own_at: int, factor: int) -> Any:
    """The token that a factor reads: of the scene, or of the feature or event slot that starts at `own_at`."""
    column = factors[factor, F_COLUMN]
    return np.int64(row[own_at + column] if factors[factor, F_SCOPE] == OWN_SCOPE else row[column])


@jit_inner
def scalar_power(factors: I64, floats: F64, row: I16, own_at: int, start: int, stop: int) -> float:
    """Product of the one-number factors of a list."""
    power = 1.0
    for factor in range(start, stop):
        if factors[factor, F_WIDE] == 0:
            power *= floats[factors[factor, F_AT] + token(factors, row, own_at, factor)]
    return power


@jit_inner
def band_powers(
    factors: I64, floats: F64, row: I16, own_at: int, start: int, stop: int, spectrum: int, out: F64,
) -> float:  # fmt: skip
    """Write spectrum × all factors of a list into `out` [BANDS]; returns the one-number product (0: not written)."""
    power = scalar_power(factors, floats, row, own_at, start, stop)
    if power <= 0.0:
        return 0.0
    for band in range(BANDS):
        out[band] = power * floats[spectrum + band]
    for factor in range(start, stop):
        if factors[factor, F_WIDE] == 1:
            at = factors[factor, F_AT] + token(factors, row, own_at, factor) * BANDS
            for band in range(BANDS):
                out[band] *= floats[at + band]
    return power


@jit_inner
def octaves(factors: I64, floats: F64, row: I16, own_at: int, draw: F64) -> float:
    """Centre of a draw plus its tables' octaves at these tokens."""
    total = draw[D_CENTRE]
    for factor in range(int(draw[D_START]), int(draw[D_STOP])):
        total += floats[factors[factor, F_AT] + token(factors, row, own_at, factor)]
    return total


@jit_inner
def rate_log2(factors: I64, ints: I64, row: I16, own_at: int, start: int, stop: int, const: int) -> int:
    """Sum of integer log2 rates (RATE_ONE an octave); anything at or under NEVER / 2 means never."""
    total = const
    for factor in range(start, stop):
        total += ints[factors[factor, F_AT] + token(factors, row, own_at, factor)]
    return total
