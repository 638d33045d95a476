"""A training that can be interrupted: what the two have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from ambiome_middleware.training.state import State

Progress = Callable[[int, dict[str, float]], None]


class Trainer(ABC):
    """All that a training is stands in one file; another one that is given that file goes on from it."""

    def __init__(self, path: Path, whose: str, steps: int, save_every_s: float) -> None:
        """`whose` is what must be the same for a training to go on."""
        self._state, self._steps, self._save_every_s = State(path, whose), steps, save_every_s
        self.step = 0

    @property
    def losses(self) -> dict[str, list[tuple[int, float]]]:
        """The curve so far."""
        return self._state.losses

    def run(self, until: int | None = None, seconds: float | None = None, progress: Progress | None = None) -> None:
        """Train to step `until` (or all steps), or for so many seconds; saves now and then, at the end, and when it is
        interrupted.
        """
        last, began, saved = min(until or self._steps, self._steps), monotonic(), monotonic()
        try:
            while self.step < last and (seconds is None or monotonic() - began < seconds):
                losses = self._learn()
                self._state.note(self.step, losses)
                self.step += 1
                if progress is not None:
                    progress(self.step, losses)
                if monotonic() - saved > self._save_every_s:
                    self.save()
                    saved = monotonic()
        finally:
            self.save()

    def save(self) -> None:
        """Put all away."""
        self._state.save({"step": self.step, **self._parts()})

    def _go_on(self) -> bool:
        """Take up what was saved, if anything was. StateError where it is of another training."""
        if (found := self._state.load()) is None:
            return False
        self.step = found["step"]
        self._restore(found)
        return True

    @abstractmethod
    def _learn(self) -> dict[str, float]:
        """One step; its losses by name."""

    @abstractmethod
    def _parts(self) -> dict[str, Any]:
        """What is saved."""

    @abstractmethod
    def _restore(self, found: dict[str, Any]) -> None:
        """Take it up again."""
