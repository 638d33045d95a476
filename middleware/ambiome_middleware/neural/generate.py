"""Codes without end: the model step by step, for tiles of streams.

The model always runs for `TILE` streams, also where fewer are wanted, because a matrix product of another height may
round differently: so what a stream is does not depend on its company. Each stream holds keys and values of the last
`window` steps and no more.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from ambiome_middleware.jit import jit
from ambiome_middleware.neural.codec import BINS, FRAMES_PER_STEP
from ambiome_middleware.neural.lm import Attention, Lm, Turn, angles, places, turned
from ambiome_middleware.sound.hashing import hash64, unit

TILE: Final = 8
CODES: Final = 5 << 20
"""Which part of a stream's chance is that of its codes; see `hash64`."""


class Generation:
    """`TILE` streams of codes. Each begins anew when it is told to, whatever the others do."""

    def __init__(self, lm: Lm, temperature: float = 1.0) -> None:
        """ValueError for a temperature that is not above 0."""
        if not temperature > 0.0:
            raise ValueError(f"temperature: {temperature} is not above 0")
        self._lm, self._temperature = lm.eval().requires_grad_(False), temperature
        shape = lm.shape
        weight = lm.opening.weight
        self._places = places(shape)
        past = (TILE, shape.heads, shape.window, shape.width // shape.heads)
        self._past = [(weight.new_zeros(past), weight.new_zeros(past)) for _ in lm.blocks]
        within = (TILE, shape.depth_heads, shape.places, shape.depth_width // shape.depth_heads)
        self._within = [(weight.new_zeros(within), weight.new_zeros(within)) for _ in lm.depth]
        self._at = torch.zeros(TILE, dtype=torch.int64, device=weight.device)
        self._heard = weight.new_zeros(TILE, shape.width)
        at = torch.arange(shape.places, device=weight.device)
        cosine, sine = angles(at, shape.depth_width // shape.depth_heads, weight.dtype)
        self._turns = list(zip(cosine[:, None, None, None], sine[:, None, None, None], strict=True))
        self._window = torch.arange(shape.window, device=weight.device)
        self._slots = torch.arange(TILE, device=weight.device)
        every = torch.arange(BINS, device=weight.device)
        with torch.no_grad():
            self._entering = [lm.enter(level, every) for level in range(shape.levels)]

    @torch.no_grad()
    def reset(self, slot: int) -> None:
        """Let a stream begin anew: nothing has sounded."""
        self._at[slot] = 0
        self._heard[slot] = self._lm.nothing_heard

    @torch.no_grad()
    def step(self, rows: torch.Tensor, seeds: npt.NDArray[np.uint64], steps: npt.NDArray[np.int64],
             moving: torch.Tensor | None = None, given: Mapping[int, torch.Tensor] | None = None,
             ) -> torch.Tensor:  # fmt: skip
        """The next step of every stream: token frames int16 [TILE, ROW_WIDTH] → codes int64 [TILE, levels, 3].

        `seeds` and `steps` [TILE] are whose stream it is and which of its steps, on which chance depends. A stream that
        is not `moving`, bool [TILE], stays where it is. `given` are codes [levels, 3] by stream that are not drawn: it
        has heard those.
        """
        if len(rows) != TILE:
            raise ValueError(f"rows: {len(rows)} are not a tile of {TILE}")
        shape = self._lm.shape
        x = self._lm.condition(rows) + self._heard
        into = self._slots, slice(None), self._at % shape.window
        hidden = (self._window > self._at[:, None])[:, None, :, None]
        cosine, sine = angles(self._at, shape.width // shape.heads, x.dtype)
        turn = cosine[:, None, None], sine[:, None, None]
        for block, (keys, values) in zip(self._lm.blocks, self._past, strict=True):
            x = _ahead(block, x, turn, keys, values, into, hidden)
        codes = self._draw(self._lm.norm(x), seeds, steps)
        for stream, told in (given or {}).items():
            codes[stream] = told
        heard = self._lm.sounded(codes)[:, 0]
        # What a stream that stays has written among keys and values is written over by its own next step.
        self._heard = heard if moving is None else torch.where(moving[:, None], heard, self._heard)
        self._at += 1 if moving is None else moving.long()
        return codes

    def _draw(self, opened: torch.Tensor, seeds: npt.NDArray[np.uint64], steps: npt.NDArray[np.int64]) -> torch.Tensor:
        shape = self._lm.shape
        chance = torch.from_numpy(draws(seeds, steps, shape.codes)).to(opened.device)
        codes = torch.zeros(TILE, shape.levels, FRAMES_PER_STEP, dtype=torch.int64, device=opened.device)
        entered, made = self._lm.opening(opened), 0
        for place, (level, frame) in enumerate(self._places):
            x = entered + self._lm.place[place]
            # What lies beyond is of the step before, and will be written over before it is seen.
            for block, (keys, values) in zip(self._lm.depth, self._within, strict=True):
                seen = keys[:, :, : place + 1], values[:, :, : place + 1]
                x = _ahead(block, x, self._turns[place], *seen, (slice(None), slice(None), place), None)
            logits = self._lm.leave(self._lm.depth_norm(x), level, frame)
            drawn = self._pick(logits, chance[:, made : made + logits.shape[1]])
            made += logits.shape[1]
            if frame is None:
                codes[:, level] = drawn
            else:
                codes[:, level, frame] = drawn[:, 0]
            entered = self._entering[level][drawn].mean(dim=1)
        return codes

    def _pick(self, logits: torch.Tensor, chance: torch.Tensor) -> torch.Tensor:
        """Logits [TILE, n, BINS] and numbers 0 ≤ u < 1 [TILE, n] → the codes at which the distribution passes them."""
        weight = torch.exp((logits - logits.amax(dim=-1, keepdim=True)) / self._temperature)
        passed = weight.cumsum(dim=-1, dtype=torch.float64)
        wanted = (chance * passed[..., -1])[..., None]
        return torch.searchsorted(passed, wanted, right=True)[..., 0].clamp(max=BINS - 1)


def _ahead(block: Any, x: torch.Tensor, turn: Turn, keys: torch.Tensor, values: torch.Tensor, into: tuple[Any, ...],
           hidden: torch.Tensor | None) -> torch.Tensor:  # fmt: skip
    """One step of a block, [TILE, width], which remembers its key and value at `into` and does not see what is
    `hidden`. Sums over heads are taken as such, and not as products of matrices, which would round by where they lie.
    """
    attention: Attention = block.attention
    parts = attention.inward(block.before_attention(x)).view(len(x), 3, attention.heads, attention.size)
    pair = turned(parts[:, :2], turn)
    keys[into], values[into] = pair[:, 1], parts[:, 2]
    weight = (pair[:, 0, :, None] * keys).sum(dim=-1, keepdim=True) / attention.size**0.5
    if hidden is not None:
        weight = weight.masked_fill(hidden, float("-inf"))
    heard = (torch.softmax(weight, dim=2) * values).sum(dim=2)
    x = x + attention.outward(heard.flatten(1))
    return torch.as_tensor(x + block.feed(block.before_feed(x)))


def draws(seeds: npt.NDArray[np.uint64], steps: npt.NDArray[np.int64], codes: int) -> npt.NDArray[np.float64]:
    """A hashed number 0 ≤ u < 1 for each code of each stream's step, [streams, codes]."""
    found = np.empty((len(seeds), codes))
    _draws(seeds, steps, found)
    return found


@jit
def _draws(seeds: Any, steps: Any, found: Any) -> None:
    for n in range(len(seeds)):
        for code in range(found.shape[1]):
            found[n, code] = unit(hash64(seeds[n], CODES, steps[n], code))
