"""Training the model: codes of sounds whose token frames are known, or were measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional as nnf

from ambiome_middleware.neural.codec import FRAMES_PER_STEP, Codec
from ambiome_middleware.neural.lm import Lm, places
from ambiome_middleware.neural.upward import STEP_AT_CODEC
from ambiome_middleware.tokens import STEPS_PER_S
from ambiome_middleware.training.config import Config
from ambiome_middleware.training.material import Clip
from ambiome_middleware.training.schedule import rate_at
from ambiome_middleware.training.trainer import Trainer

CLIP: Final = 1.0
BETAS: Final = (0.9, 0.95)
ENCODED_S: Final = 60
"""A clip is encoded in pieces of so many seconds, to bound the memory."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clip in both languages: token frames int16 [steps, ROW_WIDTH], codes int16 [levels, 3 · steps]."""

    name: str
    rows: npt.NDArray[np.int16]
    codes: npt.NDArray[np.int16]


def spoken(clips: Sequence[Clip], codec: Codec, progress: Callable[[float], None] | None = None) -> list[Spoken]:
    """The clips that have token frames, encoded."""
    found = []
    for n, clip in enumerate(clips):
        if clip.rows is None:
            continue
        steps = min(len(clip.samples) // STEP_AT_CODEC, len(clip.rows))
        encoding = codec.encoding(1)
        whole = torch.from_numpy(clip.samples[: steps * STEP_AT_CODEC])[None]
        pieces = torch.split(whole, ENCODED_S * STEPS_PER_S * STEP_AT_CODEC, dim=1)
        codes = [encoding(piece, is_last=at == len(pieces) - 1) for at, piece in enumerate(pieces)]
        joined = torch.cat(codes, dim=-1)[0, :, encoding.latency :]
        found.append(Spoken(clip.name, clip.rows[:steps], joined.numpy().astype(np.int16)))
        if progress is not None:
            progress((n + 1) / len(clips))
    return found


class LmTrainer(Trainer):
    """The model's training."""

    def __init__(
        self, config: Config, codec: Codec, material: Sequence[Spoken], folder: Path, device: str = "cpu"
    ) -> None:
        """Begins, or goes on. StateError where `folder` holds another training; ValueError for no material."""
        if not material:
            raise ValueError("material: nothing in it has token frames")
        how = config.train_lm
        super().__init__(folder / "lm.pt", repr((config.lm, config.data, config.seed)), how.steps, how.save_every_s)
        self.config, self._material, self._device = config, list(material), torch.device(device)
        torch.manual_seed(config.seed)
        self.model = Lm(config.lm, codec.codebooks()).to(device)
        self._steering = torch.optim.AdamW(self.model.parameters(), how.rate, BETAS, weight_decay=0.01)
        coarse = [level < config.lm.coarse for level, frame in places(config.lm) for _ in range(_made(frame))]
        weight = torch.where(torch.tensor(coarse), 1.0, how.fine_weight)
        self._weight = (weight / weight.mean()).to(device)
        self._go_on()

    def _parts(self) -> dict[str, Any]:
        return {"model": self.model.state_dict(), "steering": self._steering.state_dict()}

    def _restore(self, found: dict[str, Any]) -> None:
        self.model.load_state_dict(found["model"])
        self._steering.load_state_dict(found["steering"])

    def _learn(self) -> dict[str, float]:
        how = self.config.train_lm
        for group in self._steering.param_groups:
            group["lr"] = rate_at(self.step, how.rate, how.warm_up, how.steps)
        rows, codes = self._pieces(how.batch, round(how.seconds * STEPS_PER_S))
        self.model.train()
        steps = rows.shape[0] * rows.shape[1]
        chance = torch.Generator().manual_seed(self.config.seed * 1_000_003 + self.step)
        chosen = torch.randperm(steps, generator=chance)[: max(1, round(how.share * steps))]
        logits, wanted = self.model(rows.to(self._device), codes.to(self._device), chosen.to(self._device))
        each = nnf.cross_entropy(logits.transpose(1, 2), wanted, reduction="none").mean(dim=0)
        loss = (each * self._weight).mean()
        self._steering.zero_grad()
        torch.autograd.backward([loss])
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self._steering.step()
        by_level: dict[str, list[float]] = {}
        made = 0
        for level, frame in places(self.config.lm):
            for _ in range(_made(frame)):
                by_level.setdefault(f"level {level}", []).append(each[made].item())
                made += 1
        return {"loss": loss.item(), **{name: float(np.mean(values)) for name, values in by_level.items()}}

    def _pieces(self, batch: int, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Pieces of equal length, the same for the same step whatever was asked for before."""
        weights = np.sqrt([len(each.rows) for each in self._material])
        rows, codes = [], []
        for n in range(batch):
            chance = np.random.default_rng((self.config.seed, self.step, n))
            one = self._material[int(chance.choice(len(self._material), p=weights / weights.sum()))]
            start = int(chance.integers(0, max(len(one.rows) - steps, 0) + 1))
            at = np.arange(start, start + steps) % len(one.rows)
            frames = (FRAMES_PER_STEP * at[:, None] + np.arange(FRAMES_PER_STEP)).ravel()
            rows.append(one.rows[at])
            codes.append(one.codes[:, frames])
        return torch.from_numpy(np.stack(rows)), torch.from_numpy(np.stack(codes).astype(np.int64))


def _made(frame: int | None) -> int:
    return 1 if frame is not None else FRAMES_PER_STEP
