"""What the renderer's own code sets off, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from ambiome_middleware.jit import jit
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.arrays import F64, I16, I64
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.control import heard, open_patches
from ambiome_middleware.sound.grains import grain_gain
from ambiome_middleware.sound.records import FULL, GRAIN_FLOATS, GRAIN_INTS, SWELL_FLOATS, SWELL_INTS
from ambiome_middleware.sound.schedule import spawn_grains, spawn_swells
from ambiome_middleware.tokens import Row

from benchmarks.render import storm

ROOM: Final = 4_096
"""Grains, and swells, that a step may set off."""


@dataclass(frozen=True, slots=True)
class Spawned:
    """Of one step: grains with their amplitudes before panning, full scale 1, and swells; rows as in `records`."""

    amplitudes: F64
    grain_floats: F64
    grain_ints: I64
    swell_floats: F64
    swell_ints: I64


@cache
def steady_gains() -> F64:
    """The storm's row of gains (see `control`), which stay as they are."""
    return heard(banks.built_in(), storm(), "stereo")[1]


def spawned(listener: int, rows: Row) -> Iterator[Spawned]:
    """What each of the first token frames [steps, ROW_WIDTH] sets off for one listener. RuntimeError if that is more
    than ROOM."""
    bank = banks.built_in()
    gf, gi, amplitudes = np.zeros((ROOM, GRAIN_FLOATS)), np.zeros((ROOM, GRAIN_INTS), np.int64), np.zeros(ROOM)
    sf, si = np.zeros((ROOM, SWELL_FLOATS)), np.zeros((ROOM, SWELL_INTS), np.int64)
    is_open = np.empty(len(bank.patches), np.int64)
    for step, row in enumerate(rows):
        gains = heard(bank, row, "stereo")[1]
        grains, swells = _spawn(bank, np.uint64(listener), step, row, gains, is_open, gf, gi, sf, si, amplitudes)
        if FULL in (grains, swells):
            raise RuntimeError(f"step {step} sets off more than {ROOM} grains or swells")
        yield Spawned(
            amplitudes[:grains].copy(), gf[:grains].copy(), gi[:grains].copy(), sf[:swells].copy(), si[:swells].copy()
        )


@jit
def _spawn(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64, is_open: I64, gf: F64, gi: I64, sf: F64, si: I64,
    amplitudes: F64,
) -> tuple[int, int]:  # fmt: skip
    """One step's grains, their amplitudes and its swells; how many of each, or FULL."""
    open_patches(bank, row, is_open)
    grains = spawn_grains(bank, seed, step, row, is_open, gains, gf, gi, 0)
    for n in range(grains):
        amplitudes[n] = grain_gain(gains, gf[n], gi[n])
    return grains, spawn_swells(bank, seed, step, row, is_open, gains, sf, si, 0)
