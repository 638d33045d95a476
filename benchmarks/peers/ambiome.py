"""Ambiome itself, as a server runs it: a batch of sessions a step at a time, caches warm, one thread."""

import time

from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.tokens import LOOKBACK_STEPS, STEP_S

from benchmarks.peers.scene import frames


class Ambiome:
    """A renderer in the middle of its work. It plans what falls and sings itself, which the peers read from a file."""

    def __init__(self, sessions: int, steps: int, first: int = 300) -> None:
        self._renderer = Renderer("cpu")
        self._first = self._step = first
        self._rows = [frames(n, first - LOOKBACK_STEPS, LOOKBACK_STEPS + steps) for n in range(sessions)]

    def streams_a_core(self, steps: int) -> float:
        """Seconds of sound for a second of CPU time, over the next `steps` of those it was made for."""
        began = time.process_time()
        for _ in range(steps):
            self._call()
        return len(self._rows) * steps * STEP_S / (time.process_time() - began)

    def _call(self) -> None:
        at = self._step - self._first
        self._renderer.render(
            [
                Request(n, "stereo", self._step, rows[at : at + LOOKBACK_STEPS + 1], key=n)
                for n, rows in enumerate(self._rows)
            ]
        )
        self._step += 1
