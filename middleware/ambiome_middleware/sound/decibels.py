"""Decibels and octaves as factors, for the kernels: exp2 costs a fifth of a general power."""

import numpy as np

from ambiome_middleware.jit import jit_inner

_OCTAVES_A_POWER_DB = 0.33219280948873623
_OCTAVES_AN_AMPLITUDE_DB = 0.16609640474436812


@jit_inner
def up(octaves: float) -> float:
    """2^octaves."""
    return np.exp2(octaves)


@jit_inner
def squared(octaves: float) -> float:
    """4^octaves: a power from octaves of amplitude."""
    return np.exp2(2.0 * octaves)


@jit_inner
def as_power(db: float) -> float:
    """10^(db / 10)."""
    return np.exp2(_OCTAVES_A_POWER_DB * db)


@jit_inner
def as_amplitude(db: float) -> float:
    """10^(db / 20)."""
    return np.exp2(_OCTAVES_AN_AMPLITUDE_DB * db)
