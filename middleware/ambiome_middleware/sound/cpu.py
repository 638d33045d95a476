"""The device half of a step on a CPU: numba for what is drawn and added, torch for the inverse FFTs."""

from typing import Any, Final

import numpy as np
import torch

from ambiome_middleware.jit import jit
from ambiome_middleware.sound.arrays import F32, F64, I16, I32, I64, U64, copy, fill, lengthened
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.bed import BINS, FFT_SIZE, WINDOW, draw_spectra
from ambiome_middleware.sound.grains import KNOTS, SPINS, TILE, add_grains
from ambiome_middleware.sound.layouts import MAX_ACTIVE, Field, Layout
from ambiome_middleware.sound.limiter import limit
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.plan import DONE, Lists, plan_step
from ambiome_middleware.tokens import STEP_SAMPLES

TILE_ROWS: Final = 32
"""Steps rendered together: their spectra and hops stay in a core's second-level cache."""


class _Room:
    """Where tiles of so many channels are made, TILE_ROWS rows long: fresh memory is cold, and costs page faults."""

    def __init__(self, channels: int, parts: int) -> None:
        self.shapes = np.empty((TILE_ROWS, parts, BANDS), np.float32)
        self.keys = np.empty(TILE_ROWS, np.int64)
        self.spectra = np.empty((TILE_ROWS, channels, BINS, 2), np.float32)
        self.spectrum = torch.view_as_complex(torch.from_numpy(self.spectra))
        self.steps = np.empty((TILE_ROWS, channels, STEP_SAMPLES), np.float32)
        self.out = np.empty((TILE_ROWS, channels, STEP_SAMPLES), np.float32)


class CpuBackend:
    """Renders tiles of (stream, step) rows. `tail`, `raw` [S, MAX_ACTIVE, STEP_SAMPLES]: see `join`."""

    tile_rows = TILE_ROWS

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._rooms: dict[int, _Room] = {}
        self.tail = np.zeros((0, MAX_ACTIVE, STEP_SAMPLES), np.float32)
        self.raw = np.zeros((0, MAX_ACTIVE, STEP_SAMPLES), np.float32)

    def add_slots(self, count: int) -> None:
        self.tail, self.raw = lengthened(self.tail, count), lengthened(self.raw, count)

    def clear(self, slot: int) -> None:
        self.tail[slot] = 0.0
        self.raw[slot] = 0.0

    def render_tile(
        self, lists: Lists, slots: I64, seeds: U64, steps: I64,
        rows: I16, layout: Layout,
    ) -> F32:  # fmt: skip
        """Slots [R], first steps [R], token frames [R, T, ROW_WIDTH] → active channels [R, T, n, STEP_SAMPLES]."""
        count, length = rows.shape[:2]
        channels = len(layout.active)
        if channels not in self._rooms:
            self._rooms[channels] = _Room(channels, layout.parts)
        room, made = self._rooms[channels], slice(count * length)
        done = 0
        while True:
            done, missing = plan_tile(
                self._bank, layout.field, slots, seeds, steps, rows, done, lists.grain_floats, lists.grain_ints,
                lists.swell_floats, lists.swell_ints, lists.counts, lists.gains, lists.energy, lists.noted,
                lists.rates, lists.expected, room.shapes, room.keys, room.steps,
            )  # fmt: skip
            if missing == DONE:
                break
            lists.lengthen(missing)
        draw_spectra(room.keys[made], room.shapes, room.spectra)
        hops = torch.fft.irfft(room.spectrum[made], n=FFT_SIZE, norm="forward").numpy()
        out = room.out[made].reshape(count, length, channels, STEP_SAMPLES)
        join(hops, room.steps, slots, layout.monitor, self.tail, self.raw, out)
        return out


@jit
def plan_tile(
    bank: Bank, field: Field, slots: I64, seeds: U64, steps: I64,
    rows: I16, done: int, gf: F64, gi: I64,
    sf: F64, si: I64, counts: I64, gains: F64,
    energy: F64, noted: I16, rates: I32, expected: F64, shapes: F32, keys: I64, out: F32,
) -> Any:  # fmt: skip
    """Plan rows `done` … and write their grains to `out`; (rows done, DONE or what is full)."""
    length = rows.shape[1]
    tile, decays, knots = np.empty(TILE, np.float32), np.empty(TILE, np.float32), np.empty(KNOTS, np.float32)
    spins = np.empty(SPINS, np.float32)
    ends = np.empty((out.shape[1], 2), np.float32)
    for n in range(done, rows.shape[0] * length):
        r, t = n // length, n % length
        s = slots[r]
        key, missing = plan_step(
            bank,
            field,
            seeds[r],
            steps[r] + t,
            rows[r, t],
            gf[s],
            gi[s],
            sf[s],
            si[s],
            counts[s],
            gains[s],
            energy[s],
            noted[s],
            rates[s],
            expected[s],
            shapes[n],
        )
        if missing != DONE:
            return n, missing
        keys[n] = key
        for c in range(len(out[n])):
            fill(out[n, c], 0.0)
        add_grains(
            steps[r] + t, gains[s], gf[s], gi[s], counts[s, 0], field.pans, tile, decays, knots, spins, ends, out[n]
        )
    return rows.shape[0] * length, DONE


@jit
def join(
    hops: F32, grains: F32, slots: I64, monitor: F32,
    tail: F32, raw: F32, out: F32,
) -> None:  # fmt: skip
    """Overlap hops [R·T, C, FFT_SIZE] with each stream's `tail`, add grains, limit against its step before, `raw`."""
    count, length, channels = out.shape[0], out.shape[1], out.shape[2]
    for r in range(count):
        s = slots[r]
        for t in range(length):
            n = r * length + t
            for c in range(channels):
                now, hop, end = grains[n, c], hops[n, c], tail[s, c]
                for j in range(STEP_SAMPLES):
                    now[j] += end[j] + hop[j] * WINDOW[j]
                    end[j] = hop[STEP_SAMPLES + j] * WINDOW[STEP_SAMPLES + j]
            limit(raw[s, :channels], grains[n], monitor, out[r, t])
            for c in range(channels):
                copy(grains[n, c], raw[s, c])
