"""A tile: `TILE` streams of model and codec that move on step by step, each by itself, at the price of all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch

from ambiome_middleware.neural.codec import Codec, Decoding
from ambiome_middleware.neural.cpu.decoding import CpuDecoding
from ambiome_middleware.neural.cpu.generation import CpuGeneration
from ambiome_middleware.neural.cpu.model import CpuModel
from ambiome_middleware.neural.generate import TILE, Generation
from ambiome_middleware.neural.lm import Lm
from ambiome_middleware.neural.upward import DELAY_SAMPLES, Doubled
from ambiome_middleware.sound.arrays import F32
from ambiome_middleware.tokens import ROW_WIDTH, Row


def late_samples(decoding: Decoding | CpuDecoding) -> int:
    """By how many samples at 48 kHz a tile's sound is late: the codec's delay and the filter's."""
    return 2 * decoding.latency + DELAY_SAMPLES


@dataclass(frozen=True, slots=True)
class Move:
    """One stream's next step: in which slot, whose chance, which step, under which token frame; and `given` codes
    [levels, 3], where it is not to draw its own.
    """

    slot: int
    seed: int
    step: int
    row: Row
    given: torch.Tensor | None = None


class Tile:
    """The slots of one tile. `free` are those that nobody has taken."""

    def __init__(
        self, generation: Generation | CpuGeneration, decoding: Decoding | CpuDecoding, device: torch.device
    ) -> None:
        self._generation, self._decoding, self._device = generation, decoding, device
        self._doubled = [Doubled() for _ in range(TILE)]
        self.latency_samples: Final = late_samples(self._decoding)
        self.free = list(range(TILE))

    def take(self) -> int:
        """A free slot, in which a stream begins anew. IndexError where there is none."""
        slot = self.free.pop()
        self._generation.reset(slot)
        self._decoding.reset([slot])
        self._doubled[slot] = Doubled()
        return slot

    def move(self, moves: list[Move]) -> dict[int, F32]:
        """Lets these streams make a step: samples [STEP_SAMPLES] at 48 kHz by slot, late by the codec's and the
        filter's delay.
        """
        rows = np.zeros((TILE, ROW_WIDTH), np.int16)
        seeds, steps, moving = np.zeros(TILE, np.uint64), np.zeros(TILE, np.int64), np.zeros(TILE, bool)
        # What happens in a slot that nobody has taken is nobody's; where none stays, nothing need be kept of any.
        moving[self.free] = True
        for each in moves:
            rows[each.slot], seeds[each.slot], steps[each.slot] = each.row, each.seed, each.step
            moving[each.slot] = True
        is_moving = None if moving.all() else torch.from_numpy(moving).to(self._device)
        given = {each.slot: each.given.to(self._device) for each in moves if each.given is not None}
        codes = self._generation.step(torch.from_numpy(rows).to(self._device), seeds, steps, is_moving, given)
        samples = self._decoding(codes, is_moving).cpu().numpy()
        return {each.slot: self._doubled[each.slot](samples[each.slot]) for each in moves}


class Tiles:
    """Makes tiles of a model and a codec on one device: a CPU runs what numba compiles, anything else runs torch.

    `with_torch` has a CPU run torch too, so that what runs elsewhere can be tried there.
    """

    def __init__(self, lm: Lm, codec: Codec, temperature: float, *, with_torch: bool = False) -> None:
        self._made: Callable[[], tuple[Generation | CpuGeneration, Decoding | CpuDecoding]]
        self._device = codec.device
        if with_torch or self._device.type != "cpu":
            self._made = lambda: (Generation(lm, temperature), codec.decoding(TILE))
        else:
            model, decoding = CpuModel(lm), CpuDecoding(codec)
            self._made = lambda: (CpuGeneration(model, temperature), decoding.anew())

    def tile(self) -> Tile:
        """One more, all its slots free."""
        return Tile(*self._made(), self._device)
