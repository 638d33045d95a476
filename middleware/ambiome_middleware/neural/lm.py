"""The model: a causal transformer over steps, and within each step a small one over the codes of its three frames.

At each step the first transformer is given what the scene says of this step and how the step before sounded, the
codec's latents of its three frames, and looks back over a window of steps. What it makes of that opens the step for
the second transformer, which goes from code to code: the coarse levels frame by frame, then the fine levels, all
frames of a level at once. A code is drawn by a hashed number that depends on whose stream it is, the step and the
place in the step, and on nothing else.

Sources: Borsos et al., AudioLM (2022), for tokens of two kinds and coarse before fine; Lee et al., Autoregressive Image
Generation using Residual Quantization (2022), for the second transformer over depth; Su et al., RoFormer (2021), for
rotary positions; Beltagy, Peters & Cohan, Longformer (2020), for the sliding window.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

import torch
from torch import nn
from torch.nn import functional as nnf

from ambiome_middleware.neural.codec import BINS, FRAMES_PER_STEP
from ambiome_middleware.neural.condition import Condition
from ambiome_middleware.neural.files import WeightsError, first_line, read, write

FORMAT: Final = "ambiome-lm 1"
Turn = tuple[torch.Tensor, torch.Tensor]
"""Cosine and sine by which queries and keys are turned."""
ROTARY_BASE: Final = 10_000.0


@dataclass(frozen=True, slots=True)
class LmShape:
    """The size of a model.

    `levels`: codes a frame, of which the first `coarse` are made frame by frame. `window`: how many steps it looks back
    over, the present one among them. `latent`: the codec's dimension.
    """

    levels: int = 8
    coarse: int = 4
    width: int = 256
    layers: int = 6
    heads: int = 4
    window: int = 128
    depth_width: int = 128
    depth_layers: int = 2
    depth_heads: int = 4
    latent: int = 128

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if type(value) is not int or not 1 <= value <= 8_192:
                raise ValueError(f"lm shape: {name} is {value!r}, not a whole number in 1 … 8192")
        if self.coarse > self.levels:
            raise ValueError(f"lm shape: {self.coarse} coarse levels are more than all {self.levels}")
        for width, heads in ((self.width, self.heads), (self.depth_width, self.depth_heads)):
            if width % (2 * heads):
                raise ValueError(f"lm shape: a width of {width} is not {heads} heads of even size")

    @property
    def places(self) -> int:
        """How many times the second transformer runs in a step."""
        return FRAMES_PER_STEP * self.coarse + self.levels - self.coarse

    @property
    def codes(self) -> int:
        """Codes a step."""
        return FRAMES_PER_STEP * self.levels


class Attention(nn.Module):
    """Multi-head self-attention with rotary positions."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.inward = nn.Linear(width, 3 * width, bias=False)
        self.outward = nn.Linear(width, width, bias=False)

    def split(self, x: torch.Tensor, turn: Turn) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Queries, keys and values [B, heads, T, size] of [B, T, width]; the first two turned to their places."""
        query, key, value = (
            part.reshape(*x.shape[:2], self.heads, self.size).transpose(1, 2)
            for part in self.inward(x).chunk(3, dim=-1)
        )
        return turned(query, turn), turned(key, turn), value

    def join(self, heard: torch.Tensor) -> torch.Tensor:
        """[B, heads, T, size] → [B, T, width]."""
        return torch.as_tensor(self.outward(heard.transpose(1, 2).flatten(2)))

    def forward(self, x: torch.Tensor, turn: Turn, is_seen: torch.Tensor) -> torch.Tensor:
        """[B, T, width] → the same shape; `is_seen` [T, T]."""
        query, key, value = self.split(x, turn)
        return self.join(nnf.scaled_dot_product_attention(query, key, value, attn_mask=is_seen))


class Block(nn.Module):
    """Attention and two linear layers, each normalised before and added to what it was given."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.before_attention, self.before_feed = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.feed = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: torch.Tensor, turn: Turn, is_seen: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.before_attention(x), turn, is_seen)
        return torch.as_tensor(x + self.feed(self.before_feed(x)))


class Lm(nn.Module):
    """The whole model. `codebooks` [levels, BINS, latent] are the codec's: codes enter as their vectors."""

    codebooks: torch.Tensor
    scale: torch.Tensor

    def __init__(self, shape: LmShape, codebooks: torch.Tensor) -> None:
        super().__init__()
        wanted = (shape.levels, BINS, shape.latent)
        if tuple(codebooks.shape) != wanted:
            raise ValueError(f"codebooks: {tuple(codebooks.shape)} is not {wanted}")
        self.shape = shape
        self.register_buffer("codebooks", codebooks.clone(), persistent=False)
        self.register_buffer("scale", codebooks.sum(0).std().clamp(min=1e-6).reciprocal(), persistent=False)
        self.condition = Condition(shape.width)
        self.heard = nn.Linear(FRAMES_PER_STEP * shape.latent, shape.width)
        self.nothing_heard = nn.Parameter(torch.zeros(shape.width))
        self.blocks = nn.ModuleList(Block(shape.width, shape.heads) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.opening = nn.Linear(shape.width, shape.depth_width)
        self.place = nn.Parameter(torch.randn(shape.places, shape.depth_width) * 0.02)
        self.entering = nn.ModuleList(nn.Linear(shape.latent, shape.depth_width) for _ in range(shape.levels))
        self.depth = nn.ModuleList(Block(shape.depth_width, shape.depth_heads) for _ in range(shape.depth_layers))
        self.depth_norm = nn.LayerNorm(shape.depth_width)
        self.apart = nn.Linear(shape.depth_width, FRAMES_PER_STEP * shape.depth_width)
        self.heads = nn.ModuleList(nn.Linear(shape.depth_width, BINS) for _ in range(shape.levels))

    @classmethod
    def load(cls, path: Path, codebooks: torch.Tensor) -> Self:
        """A model from its file, for the codec that has these codebooks. WeightsError for any other file."""
        found = read(path, FORMAT, LmShape)
        try:
            made = cls(found.shape, codebooks[: found.shape.levels])
            made.load_state_dict(found.state)
        except (RuntimeError, ValueError) as error:
            raise WeightsError(f"{path.name} is not a model for this codec: {first_line(error)}") from error
        return made.eval().requires_grad_(False)

    def save(self, path: Path, about: Mapping[str, str]) -> None:
        """Write it, in half precision, with what is said of it."""
        write(path, FORMAT, self.shape, {name: value.half() for name, value in self.state_dict().items()}, about)

    def sounded(self, codes: torch.Tensor) -> torch.Tensor:
        """Codes [B, levels, 3 · T] → what the step after each step hears of it, [B, T, width]."""
        latents = sum(nnf.embedding(codes[:, level], self.codebooks[level]) for level in range(self.shape.levels))
        latents = torch.as_tensor(latents) * self.scale
        return torch.as_tensor(self.heard(latents.reshape(len(codes), -1, FRAMES_PER_STEP * self.shape.latent)))

    def forward(
        self, rows: torch.Tensor, codes: torch.Tensor, chosen: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What is to be learned: token frames int16 [B, T, ROW_WIDTH] and the codes int64 [B, levels, 3 · T] of the
        same steps → logits, float [N, codes a step, BINS], and the codes that they are of, [N, codes a step]; of all
        B · T steps, or of those that are `chosen`, int64 [N].
        """
        before = self.sounded(codes)
        begin = self.nothing_heard.expand(len(codes), 1, -1)
        x = self.condition(rows) + torch.cat([begin, before[:, :-1]], dim=1)
        at = torch.arange(x.shape[1], device=x.device)
        back = at[:, None] - at[None, :]
        is_seen = (back >= 0) & (back < self.shape.window)
        turn = angles(at, self.shape.width // self.shape.heads, x.dtype)
        for block in self.blocks:
            x = block(x, turn, is_seen)
        steps = codes.reshape(len(codes), self.shape.levels, -1, FRAMES_PER_STEP).permute(0, 2, 1, 3).flatten(0, 1)
        opened = self.norm(x).flatten(0, 1)
        return self._within(opened, steps) if chosen is None else self._within(opened[chosen], steps[chosen])

    def _within(self, opened: torch.Tensor, steps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Opened steps [N, width] and their codes [N, levels, 3] → logits and codes, in the order of making."""
        shape = self.shape
        entered = [self.opening(opened)]
        for level, frame in places(shape)[:-1]:
            entered.append(self.enter(level, steps[:, level, frame] if frame is not None else steps[:, level]))
        x = torch.stack(entered, dim=1) + self.place
        at = torch.arange(x.shape[1], device=x.device)
        is_seen = at[:, None] >= at[None, :]
        turn = angles(at, shape.depth_width // shape.depth_heads, x.dtype)
        for block in self.depth:
            x = block(x, turn, is_seen)
        x = self.depth_norm(x)
        logits, wanted = [], []
        for place, (level, frame) in enumerate(places(shape)):
            logits.append(self.leave(x[:, place], level, frame))
            wanted.append(steps[:, level, frame : frame + 1] if frame is not None else steps[:, level])
        return torch.cat(logits, dim=1), torch.cat(wanted, dim=1)

    def enter(self, level: int, codes: torch.Tensor) -> torch.Tensor:
        """Codes of a level, [N] or [N, 3] → what the next place is given of them, [N, depth_width]."""
        vectors = nnf.embedding(codes, self.codebooks[level]) * self.scale
        if vectors.ndim == 3:
            vectors = vectors.mean(dim=1)
        return torch.as_tensor(self.entering[level](vectors))

    def leave(self, x: torch.Tensor, level: int, frame: int | None) -> torch.Tensor:
        """A place's output [N, depth_width] → logits [N, 1, BINS] of one frame, or [N, 3, BINS] of all."""
        if frame is not None:
            return torch.as_tensor(self.heads[level](x)[:, None])
        apart = x[:, None] + self.apart(x).reshape(len(x), FRAMES_PER_STEP, -1)
        return torch.as_tensor(self.heads[level](apart))


def places(shape: LmShape) -> list[tuple[int, int | None]]:
    """(level, frame) of each place of a step, in the order of making; the frame is None where all are made at once."""
    coarse: list[tuple[int, int | None]] = [
        (level, frame) for frame in range(FRAMES_PER_STEP) for level in range(shape.coarse)
    ]
    return coarse + [(level, None) for level in range(shape.coarse, shape.levels)]


def angles(at: torch.Tensor, size: int, dtype: torch.dtype) -> Turn:
    """Cosine and sine of the angle of each pair of a head at these places: [T] → [T, size / 2], [B, T] → [B, 1, T,
    size / 2].
    """
    rate = ROTARY_BASE ** (-torch.arange(0, size, 2, device=at.device) / size)
    found = at[..., None] * rate
    found = found if at.ndim == 1 else found[:, None]
    return found.cos().to(dtype), found.sin().to(dtype)


def turned(x: torch.Tensor, turn: Turn) -> torch.Tensor:
    """[B, heads, T, size], its first half against its second, turned by these angles."""
    cosine, sine = turn
    one, other = x.chunk(2, dim=-1)
    return torch.cat([one * cosine - other * sine, one * sine + other * cosine], dim=-1)
