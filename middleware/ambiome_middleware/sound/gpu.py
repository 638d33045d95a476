"""The device half of a step in torch alone, for cuda and mps (and for the CPU, where tests hold it against `cpu`).

Only elementwise arithmetic in a fixed order and inverse FFTs of one fixed batch size touch the samples, so that neither
the batch nor the chunk can change a bit; grains of a row are added one rank after the other, without atomics.
"""

from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ambiome_middleware.sound import segments as seg
from ambiome_middleware.sound.arrays import F32, I16, I64, U64
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.bed import BIN_BAND, BIN_SHARE, BINS, FFT_SIZE, PHASORS, WINDOW
from ambiome_middleware.sound.grains import CUT_FADE_SAMPLES, NOISE_GAIN, TILE
from ambiome_middleware.sound.layouts import MAX_ACTIVE, Layout
from ambiome_middleware.sound.limiter import CEILING, HALF, HOLD, PHASES, REACH, SPAN, TAPS
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.plan import DONE, Lists
from ambiome_middleware.tokens import STEP_SAMPLES

TILE_ROWS: Final = 256
"""Steps rendered together; every FFT runs on exactly this many rows a channel."""
SEGMENTS: Final = 1_024
"""Grain segments worked out together."""
_MASK = 0xFFFFFFFF
_SINE = (6.2831853072, -41.341702240, 81.605249276, -76.705859753, 42.058693944)


def hash32(x: Tensor) -> Tensor:
    """uint32 held in int64 → uint32 held in int64; the same values as `hashing.hash32`."""
    x = x ^ (x >> 16)
    x = (x * 0x7FEB352D) & _MASK
    x = x ^ (x >> 15)
    x = (x * 0x846CA68B) & _MASK
    return x ^ (x >> 16)


def _sine(turns: Tensor) -> Tensor:
    x = turns - torch.floor(turns + 0.5)
    x = torch.minimum(torch.maximum(x, -0.5 - x), 0.5 - x)
    y = x * x
    c1, c3, c5, c7, c9 = _SINE
    return x * (c1 + y * (c3 + y * (c5 + y * (c7 + y * c9))))


def _smooth(x: Tensor) -> Tensor:
    x = x.clamp(0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


class TorchBackend:
    """Renders tiles of (stream, step) rows on `device`; `tail`, `raw` [S, MAX_ACTIVE, STEP_SAMPLES] stay there."""

    tile_rows = TILE_ROWS

    def __init__(self, bank: Bank, device: str, *, compiled: bool = False) -> None:
        """`compiled`: torch.compile fuses the elementwise arithmetic (on a CPU it needs a C++ compiler); same laws."""
        self._bank = bank
        self._waves = torch.compile(waves) if compiled else waves
        self._limit = torch.compile(limit) if compiled else limit
        self._device = torch.device(device)
        self._phasors = torch.view_as_real(self._put(PHASORS)).contiguous()
        self._bin_band = self._put(BIN_BAND.astype(np.int64))
        self._bin_share = self._put(BIN_SHARE)
        self._bin_salt = (torch.arange(BINS, dtype=torch.int64, device=self._device) * 0x9E3779B9) & _MASK
        self._window = self._put(WINDOW)
        self._ramp = torch.arange(TILE, dtype=torch.float32, device=self._device)
        self._position = torch.arange(STEP_SAMPLES, dtype=torch.int64, device=self._device)
        self.tail = torch.zeros((0, MAX_ACTIVE, STEP_SAMPLES), device=self._device)
        self.raw = torch.zeros((0, MAX_ACTIVE, STEP_SAMPLES), device=self._device)

    def _put(self, array: npt.NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._device)

    def add_slots(self, count: int) -> None:
        zeros = torch.zeros((count, MAX_ACTIVE, STEP_SAMPLES), device=self._device)
        self.tail, self.raw = torch.cat([self.tail, zeros]), torch.cat([self.raw, zeros])

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
        shapes = np.zeros((TILE_ROWS, layout.parts, BANDS), np.float32)
        keys = np.zeros(TILE_ROWS, np.int64)
        planned = _Planned(count * length)
        done = 0
        while True:
            done, planned.count, missing = seg.plan_rows(
                self._bank, layout.field, slots, seeds, steps, rows, done, lists.grain_floats, lists.grain_ints,
                lists.swell_floats, lists.swell_ints, lists.counts, lists.gains, lists.energy, lists.noted,
                lists.rates, lists.expected, shapes, keys,
                planned.count, planned.ints, planned.floats, planned.tiles, planned.cells,
            )  # fmt: skip
            if missing == DONE:
                break
            if missing == seg.MORE_SEGMENTS:
                planned.grow()
            else:
                lists.lengthen(missing)
        hops = self._hops(self._put(keys), self._put(shapes))
        now = self._grains(planned, count * length, channels)
        return self._join(hops, now, self._put(slots), layout, count, length)

    def _hops(self, keys: Tensor, shapes: Tensor) -> Tensor:
        """Phase keys [N], factors [N, parts, BANDS] → windowed hops [N, n, 2 · STEP_SAMPLES]; see `bed`."""
        low, high = shapes[..., self._bin_band], shapes[..., self._bin_band + 1]
        gains = (low + (high - low) * self._bin_share).unsqueeze(-1)
        h = hash32((keys.unsqueeze(1) + self._bin_salt) & _MASK)
        noises: list[Tensor] = []
        spectra: list[Tensor] = []
        part = 0
        while part < shapes.shape[1]:
            i = len(noises)
            if i % 2 == 0 and i > 0:
                h = hash32((h + 0x9E3779B9) & _MASK)
            noises.append(self._phasors[(h >> (12 * (i % 2))) & 4095])
            spectrum = gains[:, part] * noises[0]
            for j in range(1, i + 1):
                spectrum = spectrum + gains[:, part + j] * noises[j]
            spectra.append(spectrum)
            part += i + 1
        stacked = torch.stack(spectra, dim=1)
        stacked[:, :, 0] = 0.0
        stacked[:, :, -1, 1] = 0.0
        hops = torch.fft.irfft(torch.view_as_complex(stacked), n=FFT_SIZE, norm="forward")
        return hops[..., : 2 * STEP_SAMPLES] * self._window

    def _grains(self, planned: "_Planned", rows: int, channels: int) -> Tensor:
        """All segments → their sum by row, [rows, C, STEP_SAMPLES], added rank after rank."""
        out = torch.zeros((rows, channels, STEP_SAMPLES), device=self._device)
        order = np.argsort(planned.ints[: planned.count, seg.X_RANK], kind="stable")
        for first in range(0, len(order), SEGMENTS):
            part = order[first : first + SEGMENTS]
            ranks = planned.ints[part, seg.X_RANK]
            x, y = self._put(planned.ints[part]), self._put(planned.floats[part])
            z, cells = self._put(planned.tiles[part]), self._put(planned.cells[part])
            heard = self._waves(x, y, z, cells, self._position, self._ramp, channels)
            where = self._put(planned.ints[part, seg.X_ROW])
            for start, stop in _runs(ranks):
                here = where[start:stop]
                out[here] = out[here] + heard[start:stop]
        return out

    def _join(self, hops: Tensor, grains: Tensor, slots: Tensor, layout: Layout, count: int, length: int) -> F32:
        """Overlap, add, limit; see `cpu.join`."""
        channels = len(layout.active)
        hops = hops[: count * length].view(count, length, channels, 2, STEP_SAMPLES)
        grains = grains.view(count, length, channels, STEP_SAMPLES)
        tails = torch.cat([self.tail[slots, None, :channels], hops[:, :-1, :, 1]], dim=1)
        now = grains + (tails + hops[:, :, :, 0])
        before = torch.cat([self.raw[slots, None, :channels], now[:, :-1]], dim=1)
        self.tail[slots, :channels] = hops[:, -1, :, 1]
        self.raw[slots, :channels] = now[:, -1]
        limited = self._limit(
            before.reshape(-1, channels, STEP_SAMPLES), now.reshape(-1, channels, STEP_SAMPLES), layout.monitor.tolist()
        )
        samples: F32 = limited.view(count, length, channels, STEP_SAMPLES).cpu().numpy()
        return samples


def waves(x: Tensor, y: Tensor, z: Tensor, cells: Tensor, position: Tensor, ramp: Tensor, channels: int) -> Tensor:
    """Segments (see `segments`: x, y [M, …], z [M, TILES, …], cells [M, TILES]) → samples [M, C, STEP_SAMPLES]."""
    z, cells = z.unsqueeze(-1), cells.unsqueeze(-1)
    places = position.view(1, seg.TILES, TILE)

    def each(column: int) -> Tensor:
        return y[:, column].view(-1, 1, 1)

    n = (places - x[:, seg.X_ONSET].view(-1, 1, 1)).to(torch.float32)
    length = x[:, seg.X_LENGTH].view(-1, 1, 1).to(torch.float32)
    form = x[:, seg.X_FORM].view(-1, 1, 1)
    j = ramp
    sweep = z[:, :, seg.Z_SWEEP] + j * each(seg.Y_BEND)
    phase = z[:, :, seg.Z_PHASE] + j * (z[:, :, seg.Z_TURNS] + j * sweep)
    rise = 1.0 / each(seg.Y_ATTACK)
    has_tone = form >= 2
    fall = torch.where(has_tone, 1.0 / (length - each(seg.Y_ATTACK)), 4.0 / length)
    envelope = _smooth(n * rise) * _smooth((length - n) * fall)
    decay = z[:, :, seg.Z_ENVELOPE] * torch.exp2(each(seg.Y_DECAY) * j)
    more = each(seg.Y_SECOND) * _sine(2.0 * phase) + each(seg.Y_THIRD) * _sine(3.0 * phase)
    wave = torch.where(has_tone, _sine(phase) + more, _sine(phase) * decay) * envelope
    at = z[:, :, seg.Z_NOISE_AT] + j * each(seg.Y_NOISE)
    cell = torch.floor(at)
    here = (cells + cell.to(torch.int64)) & _MASK
    seeds = x[:, seg.X_SEED].view(-1, 1, 1)
    a = _signed(hash32(seeds ^ ((here * 0x9E3779B9) & _MASK)))
    b = _signed(hash32(seeds ^ ((((here + 1) & _MASK) * 0x9E3779B9) & _MASK)))
    noise = (a + (b - a) * _smooth(at - cell)) * float(NOISE_GAIN)
    wave = torch.where((form == 1) | (form == 3), wave * noise, wave)
    depth = 0.5 * each(seg.Y_DEPTH)
    am = 1.0 - depth - depth * _sine(z[:, :, seg.Z_AM] + j * each(seg.Y_AM) + 0.25)
    wave = torch.where(each(seg.Y_DEPTH) > 0.0, wave * am, wave).reshape(-1, STEP_SAMPLES)
    p = position
    fade = torch.where(x[:, seg.X_CUT, None] > 0, 1.0 - _smooth(p.to(torch.float32) / CUT_FADE_SAMPLES), 1.0)
    heard = (p >= x[:, seg.X_FIRST, None]) & (p < x[:, seg.X_LAST, None])
    wave = torch.where(heard, wave * fade, 0.0).unsqueeze(1)
    gains = y[:, seg.Y_GAIN : seg.Y_GAIN + 2 * channels].view(-1, channels, 2)
    slope = (gains[..., 1:] - gains[..., :1]) / STEP_SAMPLES
    return wave * (gains[..., :1] + slope * (p + 1).to(torch.float32))


def limit(before: Tensor, now: Tensor, monitor: list[list[float]]) -> Tensor:
    """Raw steps [N, n, STEP_SAMPLES] → limited, delayed by DELAY_SAMPLES; the same filter as `limiter.limit`."""
    sound = torch.cat([before[..., STEP_SAMPLES - 2 * REACH :], now], dim=-1)
    x = torch.stack([_mixed(sound, shares) for shares in monitor], dim=1)
    inner = x[..., HALF : SPAN - HALF]
    top = inner.abs()
    for taps in PHASES.tolist():
        value = torch.zeros_like(inner)
        for k in range(TAPS):
            value = value + taps[k] * x[..., k + 1 : k + 1 + SPAN - 2 * HALF]
        top = torch.maximum(top, value.abs())
    peak = top[:, 0]
    for channel in range(1, top.shape[1]):
        peak = torch.maximum(peak, top[:, channel])
    low = (CEILING / peak.clamp(min=CEILING)).contiguous()
    width = 1
    while 2 * width <= 2 * HOLD + 1:
        low = torch.minimum(low[:, :-width], low[:, width:])
        width *= 2
    rest = 2 * HOLD + 1 - width
    held = torch.minimum(low[:, : low.shape[1] - rest], low[:, rest:])
    gain = _box(_box(held))
    delayed = sound[..., REACH : REACH + STEP_SAMPLES]
    # The first of them belongs to the sample before the step.
    return delayed * gain[:, None, 1 : STEP_SAMPLES + 1].clamp(max=1.0)


def _mixed(sound: Tensor, shares: list[float]) -> Tensor:
    """One monitored signal [N, SPAN] of the channels [N, n, SPAN], summed in their order."""
    heard = [(sound[:, channel], share) for channel, share in enumerate(shares) if share != 0.0]
    total = heard[0][0] * heard[0][1]
    for channel, share in heard[1:]:
        total = total + channel * share
    return total


def _box(x: Tensor) -> Tensor:
    """Mean of HOLD neighbours along the last axis by doubling (240 = 16 · 15), in a fixed order."""
    total, width = x, 1
    while width < 16:
        total = total[:, :-width] + total[:, width:]
        width *= 2
    pieces = total[:, : total.shape[1] - (HOLD - 16)]
    for k in range(1, HOLD // 16):
        pieces = pieces + total[:, 16 * k : 16 * k + pieces.shape[1]]
    return pieces / HOLD


def _signed(h: Tensor) -> Tensor:
    return torch.where(h >= 1 << 31, h - (1 << 32), h).to(torch.float32) * 2.0**-31


def _runs(ranks: I64) -> list[tuple[int, int]]:
    """[start, stop) of every run of equal values."""
    edges = np.flatnonzero(np.diff(ranks)) + 1
    bounds = [0, *edges.tolist(), len(ranks)]
    return list(pairwise(bounds))


class _Planned:
    """The segments of a tile."""

    def __init__(self, rows: int) -> None:
        room = max(rows * 64, 1_024)
        self.count = 0
        self.ints = np.zeros((room, seg.SEGMENT_INTS), np.int64)
        self.floats = np.zeros((room, seg.SEGMENT_FLOATS), np.float32)
        self.tiles = np.zeros((room, seg.TILES, seg.TILE_FLOATS), np.float32)
        self.cells = np.zeros((room, seg.TILES), np.int64)

    def grow(self) -> None:
        for name in ("ints", "floats", "tiles", "cells"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)]))
