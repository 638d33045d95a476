"""Living grains as flat numbers, for devices that render all of them at once.

One segment is one grain's share of one step. What needs float64 (phases, envelopes at the start of each tile of 384
samples) is worked out here; the rest is the same arithmetic as in `grains`, done by `gpu` on all segments together.
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.sound.arrays import F32, F64, I16, I32, I64, U64
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.control import AT_CUT
from ambiome_middleware.sound.decibels import up
from ambiome_middleware.sound.grains import TILE, ramp, span
from ambiome_middleware.sound.layouts import MAX_ACTIVE, Field
from ambiome_middleware.sound.plan import DONE, plan_step
from ambiome_middleware.sound.records import (
    G_AM,
    G_ATTACK,
    G_BEND,
    G_DECAY,
    G_DEPTH,
    G_NOISE,
    G_SECOND,
    G_SWEEP,
    G_THIRD,
    G_TURNS,
    I_FORM,
    I_LENGTH,
    I_SEED,
)
from ambiome_middleware.tokens import STEP_SAMPLES

TILES: Final = STEP_SAMPLES // TILE
# Integers of a segment.
(X_ROW, X_RANK, X_FORM, X_FIRST, X_LAST, X_ONSET, X_LENGTH, X_SEED, X_CUT) = range(9)
SEGMENT_INTS: Final = 9
# Numbers of a segment that hold for the whole step; each channel's gain at its start and end come last.
(Y_BEND, Y_DECAY, Y_ATTACK, Y_NOISE, Y_AM, Y_DEPTH, Y_SECOND, Y_THIRD, Y_GAIN) = range(9)
SEGMENT_FLOATS: Final = Y_GAIN + 2 * MAX_ACTIVE
# Numbers of each of its tiles.
(Z_PHASE, Z_TURNS, Z_SWEEP, Z_ENVELOPE, Z_NOISE_AT, Z_AM) = range(6)
TILE_FLOATS: Final = 6
MORE_SEGMENTS: Final = 3
"""Beside `plan`'s: there is no room for another row's segments."""


@jit_inner
def collect(
    row: int, step: int, gains: F64, gf: F64, gi: I64,
    count: int, pans: F64, at: int, ints: I64, floats: F32,
    tiles: F32, cells: I64, ends: F32,
) -> int:  # fmt: skip
    """Append the segments of one row behind `at`; returns the new count. The arrays must have room for `count` more.

    `ints` [M, SEGMENT_INTS], `floats` [M, SEGMENT_FLOATS], `tiles` [M, TILES, TILE_FLOATS], `cells` [M, TILES]: the
    whole part of the noise position. `ends` [n, 2] is room to work in.
    """
    rank, channels = 0, pans.shape[1]
    for g in range(count):
        f, i = gf[g], gi[g]
        onset, first, last, is_cut = span(i, step, gains[1, AT_CUT])
        if first >= last or not ramp(gains[0], gains[1], f, i, step, pans, ends):
            continue
        x, y = ints[at], floats[at]
        x[X_ROW], x[X_RANK], x[X_FORM], x[X_FIRST], x[X_LAST] = row, rank, i[I_FORM], first, last
        x[X_ONSET], x[X_LENGTH], x[X_SEED], x[X_CUT] = onset, i[I_LENGTH], i[I_SEED], is_cut
        y[Y_BEND], y[Y_DECAY], y[Y_ATTACK], y[Y_NOISE] = f[G_BEND], f[G_DECAY], f[G_ATTACK], f[G_NOISE]
        y[Y_AM], y[Y_DEPTH], y[Y_SECOND], y[Y_THIRD] = f[G_AM], f[G_DEPTH], f[G_SECOND], f[G_THIRD]
        for channel in range(channels):
            y[Y_GAIN + 2 * channel], y[Y_GAIN + 2 * channel + 1] = ends[channel, 0], ends[channel, 1]
        for t in range(TILES):
            n0 = float(t * TILE - onset)
            z = tiles[at, t]
            phase = n0 * (f[G_TURNS] + n0 * (f[G_SWEEP] + n0 * f[G_BEND]))
            z[Z_PHASE] = phase - np.floor(phase)
            z[Z_TURNS] = f[G_TURNS] + n0 * (2.0 * f[G_SWEEP] + n0 * 3.0 * f[G_BEND])
            z[Z_SWEEP] = f[G_SWEEP] + 3.0 * n0 * f[G_BEND]
            z[Z_ENVELOPE] = up(f[G_DECAY] * max(n0, -float(TILE)))
            place = n0 * f[G_NOISE]
            cells[at, t] = int(np.floor(place))
            z[Z_NOISE_AT] = place - np.floor(place)
            am = n0 * f[G_AM]
            z[Z_AM] = am - np.floor(am)
        at += 1
        rank += 1
    return at


@jit
def plan_rows(
    bank: Bank, field: Field, slots: I64, seeds: U64, steps: I64,
    rows: I16, done: int, gf: F64, gi: I64,
    sf: F64, si: I64, counts: I64, gains: F64,
    energy: F64, noted: I16, rates: I32, expected: F64, shapes: F32, keys: I64, at: int,
    ints: I64, floats: F32, tiles: F32,
    cells: I64,
) -> Any:  # fmt: skip
    """Plan rows `done` … and collect their segments; (rows done, segments, DONE or what is full)."""
    length = rows.shape[1]
    ends = np.empty((field.pans.shape[1], 2), np.float32)
    for n in range(done, rows.shape[0] * length):
        r, t = n // length, n % length
        s = slots[r]
        # A step can add no more segments than lists can hold, so there is room before anything changes.
        if at + gf.shape[1] > len(ints):
            return n, at, MORE_SEGMENTS
        step = steps[r] + t
        key, missing = plan_step(
            bank, field, seeds[r], step, rows[r, t], gf[s], gi[s], sf[s], si[s], counts[s], gains[s], energy[s],
            noted[s], rates[s], expected[s], shapes[n],
        )  # fmt: skip
        if missing != DONE:
            return n, at, missing
        keys[n] = key
        at = collect(n, step, gains[s], gf[s], gi[s], counts[s, 0], field.pans, at, ints, floats, tiles, cells, ends)
    return rows.shape[0] * length, at, DONE
