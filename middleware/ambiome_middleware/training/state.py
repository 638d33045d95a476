"""A training's state on disk: written whole or not at all, and read back only by the configuration that wrote it."""

from pathlib import Path
from typing import Any, Final

import torch

FORMAT: Final = 1


class StateError(ValueError):
    """A state that another training wrote."""


class State:
    """One file. `whose` is what must be the same for a training to go on; `losses` is the curve so far, by name."""

    def __init__(self, path: Path, whose: str) -> None:
        self._path, self._whose = path, whose
        self.losses: dict[str, list[tuple[int, float]]] = {}

    def note(self, step: int, losses: dict[str, float]) -> None:
        """Remember the losses of a step."""
        for name, value in losses.items():
            self.losses.setdefault(name, []).append((step, value))

    def save(self, what: dict[str, Any]) -> None:
        """Write all of it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".part")
        torch.save({"format": FORMAT, "whose": self._whose, "losses": self.losses, **what}, beside)
        beside.replace(self._path)

    def load(self) -> dict[str, Any] | None:
        """What was saved, or None. StateError where it is not ours."""
        if not self._path.exists():
            return None
        found: dict[str, Any] = torch.load(self._path, map_location="cpu", weights_only=True)
        if found.get("format") != FORMAT or found.get("whose") != self._whose:
            raise StateError(f"{self._path} is of another training: {found.get('whose')}; wanted is {self._whose}")
        self.losses = found["losses"]
        return found
