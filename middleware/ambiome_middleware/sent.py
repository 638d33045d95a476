"""The last steps of a session as they were rendered, for a client that did not get them.

To render them again would take a look back of seconds, and hold up everybody else.
"""

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.tokens import STEP_SAMPLES

MOST_STEPS: Final = 10

Samples = npt.NDArray[np.float32]


class Sent:
    """Steps on end, each [channels, STEP_SAMPLES]; at most MOST_STEPS of them."""

    def __init__(self) -> None:
        self._steps: deque[Samples] = deque()
        self._first_step = 0

    def put(self, first_step: int, samples: Samples, needed_step: int) -> None:
        """Keep what was rendered, [channels, n · STEP_SAMPLES], and of all only what is not before `needed_step`."""
        if first_step != self._first_step + len(self._steps):
            self._steps.clear()
            self._first_step = first_step
        if samples.shape[1] == STEP_SAMPLES:
            self._steps.append(samples)
        else:
            self._steps.extend(np.split(samples, samples.shape[1] // STEP_SAMPLES, axis=1))
        while self._steps and (self._first_step < needed_step or len(self._steps) > MOST_STEPS):
            self._steps.popleft()
            self._first_step += 1

    def count(self, first_step: int) -> int:
        """How many steps are kept from that one on."""
        at = first_step - self._first_step
        return max(len(self._steps) - at, 0) if at >= 0 else 0

    def get(self, first_step: int, steps: int) -> Samples:
        """Those steps, which are kept, [channels, steps · STEP_SAMPLES]."""
        at = first_step - self._first_step
        return np.concatenate([self._steps[at + step] for step in range(steps)], axis=1)
