"""Codes without end, as `generate.Generation` makes them, on a CPU: a few dozen compiled calls a step.

Logits are equal to its up to rounding, so of the same past the two nearly always draw the same codes.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.neural.codec import BINS, FRAMES_PER_STEP
from ambiome_middleware.neural.cpu.lanes import LANES, every, exp, if_above, larger, load, store
from ambiome_middleware.neural.cpu.latents import add_up
from ambiome_middleware.neural.cpu.model import CpuModel, add_block, normed, room
from ambiome_middleware.neural.cpu.packing import vectors
from ambiome_middleware.neural.cpu.products import product, products
from ambiome_middleware.neural.generate import CODES
from ambiome_middleware.neural.lm import ROTARY_BASE, places
from ambiome_middleware.sound.arrays import F32, F64, I64, U64
from ambiome_middleware.sound.hashing import hash64, unit

F = np.float32
NOT_GIVEN: Final = -1
"""In place of a code that is to be drawn."""


class CpuGeneration:
    """As many streams of codes as a vector has lanes. Each begins anew when it is told to, whatever the others do."""

    def __init__(self, model: CpuModel, temperature: float = 1.0) -> None:
        """ValueError for a temperature that is not above 0."""
        if not temperature > 0.0:
            raise ValueError(f"temperature: {temperature} is not above 0")
        self._model, self._temperature, shape = model, F(temperature), model.shape
        self._at = np.zeros(LANES, np.int64)
        self._heard = np.zeros((shape.width, LANES), np.float32)
        past = (shape.window, shape.width, LANES)
        self._past = [(np.zeros(past, np.float32), np.zeros(past, np.float32)) for _ in model.blocks]
        within = (shape.places, shape.depth_width, LANES)
        self._within = [(np.zeros(within, np.float32), np.zeros(within, np.float32)) for _ in model.depth]
        self._turns = np.zeros((shape.places, 2, shape.depth_width // shape.depth_heads // 2, LANES), np.float32)
        for place in range(shape.places):
            _turn(np.full(LANES, place), self._turns[place])
        self._places = [(n, place, np.full(LANES, n)) for n, place in enumerate(places(shape))]
        self._every_place = np.ones((shape.places, LANES), np.float32)
        # Room for what is made on the way.
        self._turned = np.zeros((2, shape.width // shape.heads // 2, LANES), np.float32)
        self._into, self._seen = np.zeros(LANES, np.int64), np.zeros((shape.window, LANES), np.float32)
        self._x, self._room = vectors(shape.width), room(shape.width, shape.window)
        self._inner, self._inner_room = vectors(shape.depth_width), room(shape.depth_width, shape.places)
        self._latents = vectors(FRAMES_PER_STEP * shape.latent)
        self._apart = vectors(FRAMES_PER_STEP * shape.depth_width)
        self._logits, self._passed = vectors(FRAMES_PER_STEP * BINS), np.zeros((BINS, LANES))

    def reset(self, slot: int) -> None:
        """Let a stream begin anew: nothing has sounded."""
        self._at[slot] = 0
        self._heard[:, slot] = self._model.nothing_heard

    def step(self, rows: torch.Tensor, seeds: npt.NDArray[np.uint64], steps: npt.NDArray[np.int64],
             moving: torch.Tensor | None = None, given: Mapping[int, torch.Tensor] | None = None,
             ) -> torch.Tensor:  # fmt: skip
        """See `Generation.step`."""
        if len(rows) != LANES:
            raise ValueError(f"rows: {len(rows)} are not a tile of {LANES}")
        model = self._model
        model.condition(rows.numpy(), self._x)
        _begin(self._heard, self._at, self._x, self._into, self._seen, self._turned)
        for block, past in zip(model.blocks, self._past, strict=True):
            add_block(self._x, block, self._turned, *past, self._into, self._seen, len(self._seen), self._room)
        codes = np.full((LANES, model.shape.levels, FRAMES_PER_STEP), NOT_GIVEN, np.int64)
        for stream, these in (given or {}).items():
            codes[stream] = these.numpy()
        self._draw(seeds, steps, codes)
        is_moving = np.ones(LANES, np.float32) if moving is None else moving.numpy().astype(np.float32)
        _hear(model.books, codes, *model.hearing, self._latents, self._room.added, is_moving, self._heard, self._at)
        return torch.from_numpy(codes)

    def _draw(self, seeds: U64, steps: I64, codes: I64) -> None:
        """The codes of a step, from place to place, where they are `NOT_GIVEN`."""
        model, x, logits, made, room = self._model, self._inner, self._logits, 0, self._inner_room
        _leave(self._x, model.norm, *model.opening, self._room.normed, x)
        for n, (level, frame), into in self._places:
            _add_place(model.place[n], x)
            for block, within in zip(model.depth, self._within, strict=True):
                add_block(x, block, self._turns[n], *within, into, self._every_place, n + 1, room)
            if frame is not None:
                _leave(x, model.depth_norm, *model.heads[level], room.normed, logits)
                first, end = frame, frame + 1
            else:
                _leave_all(x, model.depth_norm, *model.apart, *model.heads[level], room.normed, self._apart, logits)
                first, end = 0, FRAMES_PER_STEP
            table = model.entering[level]
            _choose(logits, self._temperature, seeds, steps, made, self._passed, table, codes[:, level, first:end], x)
            made += end - first


@jit
def _turn(at: I64, turn: F32) -> None:
    """Cosine and sine by which each lane's place turns queries and keys, [2, size / 2, LANES]; see `lm.angles`."""
    half = turn.shape[1]
    for n in range(half):
        rate = F(ROTARY_BASE ** (-n / half))
        for lane in range(len(at)):
            angle = float(F(at[lane]) * rate)
            turn[0, n, lane] = np.cos(angle)
            turn[1, n, lane] = np.sin(angle)


@jit
def _begin(heard: F32, at: I64, x: F32, into: I64, seen: F32, turn: F32) -> None:
    """What a step begins with: what was heard [width, LANES], added to what is told, x; where it stands among the
    steps that are remembered, which of those there are, and the turn of its place.
    """
    for c in range(len(heard)):
        store(x, c, load(x, c) + load(heard, c))
    for lane in range(len(at)):
        into[lane] = at[lane] % len(seen)
        for n in range(len(seen)):
            seen[n, lane] = F(1.0) if n <= at[lane] else F(0.0)
    _turn(at, turn)


@jit
def _leave(x: F32, norm: F32, weight: F32, bias: F32, room: F32, out: F32) -> None:
    """x, normed, through a linear layer."""
    normed(x, norm, room)
    product(room, weight, bias, out)


@jit
def _leave_all(
    x: F32, norm: F32, apart: F32, apart_bias: F32, weight: F32, bias: F32, room: F32, frames: F32, out: F32
) -> None:  # fmt: skip
    """The logits of all frames of a level, one after the other; see `Lm.leave`."""
    normed(x, norm, room)
    product(room, apart, apart_bias, frames)
    width = norm.shape[1]
    for frame in range(FRAMES_PER_STEP):
        for c in range(width):
            store(frames, frame * width + c, load(frames, frame * width + c) + load(room, c))
    products(frames, width, FRAMES_PER_STEP, weight, bias, out)


@jit
def _add_place(place: F32, x: F32) -> None:
    for c in range(len(place)):
        store(x, c, load(x, c) + every(place[c]))


@jit
def _choose(
    logits: F32, temperature: Any, seeds: U64, steps: I64, made: int, passed: F64, entering: F32, codes: I64, x: F32
) -> None:  # fmt: skip
    """Logits [frames · BINS, LANES] → codes [LANES, frames], where they are `NOT_GIVEN`, and what of them enters the
    next place. `made` codes of the step were drawn before.
    """
    for frame in range(codes.shape[1]):
        _pass(logits, frame * BINS, temperature, passed)
        for lane in range(len(codes)):
            if codes[lane, frame] == NOT_GIVEN:
                chance = unit(hash64(seeds[lane], CODES, steps[lane], made + frame))
                codes[lane, frame] = _passing(passed, lane, chance)
    for lane in range(len(codes)):
        for c in range(entering.shape[1]):
            total = F(0.0)
            for frame in range(codes.shape[1]):
                total += entering[codes[lane, frame], c]
            x[c, lane] = total / F(codes.shape[1])


@jit_inner
def _pass(logits: F32, first: int, temperature: Any, passed: F64) -> None:
    """Logits from vector `first` on → the weight of all codes up to each, [BINS, LANES]."""
    most = load(logits, first)
    for n in range(first + 1, first + BINS):
        most = larger(load(logits, n), most)
    for lane in range(LANES):
        passed[0, lane] = 0.0
    for n in range(BINS):
        store(logits, first + n, exp((load(logits, first + n) - most) / temperature))
        for lane in range(LANES):
            passed[n, lane] = passed[max(n - 1, 0), lane] + logits[first + n, lane]


@jit_inner
def _passing(passed: F64, lane: int, chance: float) -> int:
    """The code at which a lane's weight passes a share 0 ≤ u < 1 of the whole."""
    wanted, low, high = chance * passed[BINS - 1, lane], 0, BINS - 1
    while low < high:
        middle = (low + high) // 2
        if passed[middle, lane] > wanted:
            high = middle
        else:
            low = middle + 1
    return low


@jit
def _hear(
    books: F32, codes: I64, weight: F32, bias: F32, latents: F32, out: F32, moving: F32, heard: F32, at: I64
) -> None:  # fmt: skip
    """Codes [LANES, levels, 3] → what the next step hears of them, [width, LANES], and how many steps there were, in
    the lanes that are `moving`, [LANES] above 0.
    """
    add_up(books, codes, books.shape[2], latents)
    product(latents, weight, bias, out)
    moves, zero = load(moving, 0), every(F(0.0))
    for c in range(len(heard)):
        store(heard, c, if_above(moves, zero, load(out, c), load(heard, c)))
    for lane in range(len(at)):
        at[lane] += moving[lane] > 0.0
