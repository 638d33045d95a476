"""What the model is told of a token frame: every scene parameter, every feature by kind, every event by kind."""

from typing import Final

import torch
from torch import nn

from ambiome_middleware.tokens import (
    EVENT,
    EVENT_KIND_NAMES,
    EVENT_SLOTS,
    EVENTS_AT,
    FEATURE,
    FEATURE_KIND_NAMES,
    FEATURE_SLOTS,
    FEATURES_AT,
    ROW_WIDTH,
    SCENE,
    Parameter,
)

_OF_FEATURE: Final = [parameter.name for parameter in FEATURE]
_OF_EVENT: Final = [parameter.name for parameter in EVENT]


class Condition(nn.Module):
    """Token frames int16 [B, T, ROW_WIDTH] → [B, T, width].

    A parameter enters as its token's share of the range, a feature or an event as a vector of its kind times what there
    is of it; directions are left out, for each of a session's streams is one of several that surround the listener.
    """

    straight: torch.Tensor
    most: torch.Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        straight = [n for n, parameter in enumerate(SCENE) if parameter.curve != "angle"]
        self.register_buffer("straight", torch.tensor(straight), persistent=False)
        most = torch.tensor([SCENE[n].levels - 1 for n in straight], dtype=torch.float32)
        self.register_buffer("most", most, persistent=False)
        self.scene = nn.Sequential(nn.Linear(len(straight), 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.features = nn.Embedding(len(FEATURE_KIND_NAMES), width)
        self.events = nn.Embedding(len(EVENT_KIND_NAMES), width)
        self.feature_more = nn.Linear(2, width)
        self.event_more = nn.Linear(2, width)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        if rows.shape[-1] != ROW_WIDTH:
            raise ValueError(f"token frames: {rows.shape[-1]} columns are not {ROW_WIDTH}")
        dtype = self.features.weight.dtype
        told = self.scene(rows[..., self.straight].to(dtype) / self.most.to(dtype))
        features = _slots(rows, FEATURES_AT, FEATURE_SLOTS, len(FEATURE))
        told = told + self._sum(features, _OF_FEATURE, "level", "size", self.features, self.feature_more, FEATURE)
        events = _slots(rows, EVENTS_AT, EVENT_SLOTS, len(EVENT))
        return torch.as_tensor(
            told + self._sum(events, _OF_EVENT, "strength", "strength", self.events, self.event_more, EVENT)
        )

    @staticmethod
    def _sum(slots: torch.Tensor, names: list[str], much: str, more: str, kinds: nn.Embedding, also: nn.Linear,
             table: tuple[Parameter, ...]) -> torch.Tensor:  # fmt: skip
        def share(name: str) -> torch.Tensor:
            at = names.index(name)
            return torch.as_tensor(slots[..., at].to(kinds.weight.dtype) / (table[at].levels - 1))

        kind = slots[..., names.index("kind")].long()
        vectors = kinds(kind) + also(torch.stack([share("distance_m"), share(more)], dim=-1))
        there = (kind > 0).to(vectors.dtype) * share(much)
        return torch.as_tensor((vectors * there[..., None]).sum(dim=-2))


def _slots(rows: torch.Tensor, at: int, slots: int, width: int) -> torch.Tensor:
    return rows[..., at : at + slots * width].reshape(*rows.shape[:-1], slots, width)
