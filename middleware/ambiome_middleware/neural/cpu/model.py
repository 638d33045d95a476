"""The model's weights as compiled code reads them, and a block of its transformers."""

from typing import Any, Final, NamedTuple

import numpy as np
import torch

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.neural.cpu.condition import CpuCondition
from ambiome_middleware.neural.cpu.lanes import every, exp, gelu, if_above, larger, load, multiplied, root, store
from ambiome_middleware.neural.cpu.packing import linear, plain, vectors
from ambiome_middleware.neural.cpu.products import ALONE, TOGETHER, product
from ambiome_middleware.neural.lm import Lm
from ambiome_middleware.sound.arrays import F32, I64

F = np.float32
NORM_EPSILON: Final = F(1e-5)
_NOTHING: Final = F(-1e30)
"""How much heed is paid to what is not seen, before it is weighed."""


class Block(NamedTuple):
    """A block of a transformer. Norms are [2, width], factor and bias; what has no bias adds nothing."""

    before_attention: F32
    inward: F32
    outward: F32
    before_feed: F32
    wider: F32
    wider_bias: F32
    narrower: F32
    narrower_bias: F32
    nothing: F32


class Room(NamedTuple):
    """Where a block puts what it makes on the way: [≥ width, LANES], `parts` [≥ 4 · width, LANES] and `heed` [window,
    LANES].
    """

    normed: F32
    parts: F32
    heard: F32
    added: F32
    heed: F32


class CpuModel:
    """A model, packed for as many generations as there will be.

    `entering` [levels, BINS, depth_width]: what the place after a code is given of it; `place` [places, depth_width];
    `heads`: those of coarse levels for one frame, those of fine levels for three.
    """

    def __init__(self, lm: Lm) -> None:
        self.shape: Final = lm.shape
        self.condition: Final = CpuCondition(lm.condition)
        self.nothing_heard: Final = plain(lm.nothing_heard)
        self.blocks: Final = [_block(block) for block in lm.blocks]
        self.norm: Final = _norm(lm.norm)
        self.opening: Final = linear(lm.opening)
        self.place: Final = plain(lm.place)
        codes = torch.arange(lm.codebooks.shape[1], device=lm.codebooks.device)
        with torch.no_grad():
            self.entering: Final = plain(torch.stack([lm.enter(level, codes) for level in range(lm.shape.levels)]))
        self.depth: Final = [_block(block) for block in lm.depth]
        self.depth_norm: Final = _norm(lm.depth_norm)
        self.apart: Final = linear(lm.apart)
        at_a_time = [ALONE if level < lm.shape.coarse else TOGETHER for level in range(lm.shape.levels)]
        self.heads: Final = [linear(head, outputs) for head, outputs in zip(lm.heads, at_a_time, strict=True)]
        self.books: Final = plain(lm.codebooks * lm.scale)
        self.hearing: Final = linear(lm.heard)


def room(width: int, window: int) -> Room:
    """For the blocks of a transformer of this width."""
    return Room(vectors(width), vectors(4 * width), vectors(width), vectors(width), vectors(window))


def _norm(layer: Any) -> F32:
    return np.stack([plain(layer.weight), plain(layer.bias)])


def _block(block: Any) -> Block:
    inward, outward = linear(block.attention.inward), linear(block.attention.outward)
    wider, narrower = linear(block.feed[0]), linear(block.feed[2])
    return Block(
        _norm(block.before_attention), inward.weight, outward.weight, _norm(block.before_feed), *wider, *narrower,
        inward.bias,
    )  # fmt: skip


@jit_inner
def normed(x: F32, norm: F32, out: F32) -> None:
    """Each lane of x [width, LANES] with mean 0 and variance 1, times norm[0], plus norm[1] → out."""
    width = norm.shape[1]
    total = every(F(0.0))
    for c in range(width):
        total += load(x, c)
    mean = total * F(1.0 / width)
    square = every(F(0.0))
    for c in range(width):
        apart = load(x, c) - mean
        square += apart * apart
    factor = F(1.0) / root(square * F(1.0 / width) + NORM_EPSILON)
    for c in range(width):
        store(out, c, multiplied((load(x, c) - mean) * factor, every(norm[0, c]), every(norm[1, c])))


@jit
def add_block(
    x: F32, block: Block, turn: F32, keys: F32, values: F32, into: I64, seen: F32, count: int, room: Room
) -> None:  # fmt: skip
    """One step of a block, x [≥ width, LANES] → the same array.

    `turn` [2, size / 2, LANES]: cosine and sine of each lane's place. `keys`, `values` [window, width, LANES]: what
    was, and at `into` [LANES] is now. The first `count` of them are looked at, where `seen` [window, LANES] is above 0.
    """
    width = keys.shape[1]
    normed(x, block.before_attention, room.normed)
    product(room.normed, block.inward, block.nothing, room.parts)
    _attend(room.parts, turn, keys, values, into, seen, count, room.heed, room.heard)
    product(room.heard, block.outward, block.nothing, room.added)
    for c in range(width):
        store(x, c, load(x, c) + load(room.added, c))
    normed(x, block.before_feed, room.normed)
    product(room.normed, block.wider, block.wider_bias, room.parts)
    for c in range(4 * width):
        store(room.parts, c, gelu(load(room.parts, c)))
    product(room.parts, block.narrower, block.narrower_bias, room.added)
    for c in range(width):
        store(x, c, load(x, c) + load(room.added, c))


@jit_inner
def _attend(
    parts: F32, turn: F32, keys: F32, values: F32, into: I64, seen: F32, count: int, heed: F32, heard: F32
) -> None:  # fmt: skip
    """Queries, keys and values, one after the other in `parts`, → what is heard, [width, LANES]."""
    width, half = keys.shape[1], turn.shape[1]
    size = 2 * half
    scale = F(1.0 / size**0.5)
    for first in range(0, 2 * width, size):
        for d in range(first, first + half):
            cosine, sine = load(turn, d - first), load(turn, half + d - first)
            one, other = load(parts, d), load(parts, half + d)
            store(parts, d, one * cosine - other * sine)
            store(parts, half + d, one * sine + other * cosine)
    for c in range(width):
        for lane in range(len(into)):
            keys[into[lane], c, lane] = parts[width + c, lane]
            values[into[lane], c, lane] = parts[2 * width + c, lane]
    zero, nothing = every(F(0.0)), every(_NOTHING)
    for first in range(0, width, size):
        most = nothing
        for n in range(count):
            found = zero
            for c in range(first, first + size):
                found = multiplied(load(parts, c), load(keys, n * width + c), found)
            found = if_above(load(seen, n), zero, found * scale, nothing)
            store(heed, n, found)
            most = larger(found, most)
        total = zero
        for c in range(first, first + size):
            store(heard, c, zero)
        for n in range(count):
            weight = if_above(load(seen, n), zero, exp(load(heed, n) - most), zero)
            total += weight
            for c in range(first, first + size):
                store(heard, c, multiplied(weight, load(values, n * width + c), load(heard, c)))
        for c in range(first, first + size):
            store(heard, c, load(heard, c) / total)
