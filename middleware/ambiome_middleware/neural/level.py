"""How loud it is: the scene's affair, as in the procedural renderer, whose level of the same scene is what is wanted.

What a model draws wanders, and a small one heeds what it is told of strength only so far. So each stream is brought to
the level of the scene, below the codec's edge, over the last `WINDOW` steps of both. A fixed window is a fixed look
back: a gain is a function of steps that are made anew wherever a stream begins.
"""

from collections import deque
from typing import Final

import numpy as np

from ambiome_middleware.sound.arrays import F32
from ambiome_middleware.tokens import STEP_SAMPLES

WINDOW: Final = 25
"""1 s: longer than a drop or a crackle, which are the model's, and short enough for a gust, a wave or a clap."""
MOST: Final = 10.0 ** (30.0 / 20.0)
"""However faint the model is, it is not made louder than by this."""
LEAST_POWER: Final = 1e-12
_RAMP: Final = ((np.arange(STEP_SAMPLES) + 1.0) / STEP_SAMPLES).astype(np.float32)


def power(samples: F32) -> float:
    """Mean square of a step."""
    return float(np.mean(np.square(samples, dtype=np.float64)))


def silence() -> deque[float]:
    """The powers of the steps before a stream began."""
    return deque([0.0] * WINDOW, maxlen=WINDOW)


class Level:
    """One stream's way to the level that is wanted."""

    def __init__(self) -> None:
        self._own: deque[float] = deque(maxlen=WINDOW)
        self._gain: float | None = None

    def hear(self, made: F32) -> None:
        """Take note of a step [STEP_SAMPLES] that was made, handed out or not."""
        self._own.append(power(made))

    def __call__(self, made: F32, wanted: deque[float]) -> F32:
        """The step that was heard last, at the level of the powers that are `wanted` of it and of those before it."""
        own = sum(self._own)
        asked = sum(list(wanted)[-len(self._own) :])
        gain = min((asked / max(own, LEAST_POWER)) ** 0.5, MOST)
        before, self._gain = gain if self._gain is None else self._gain, gain
        return np.asarray(made * (np.float32(before) + np.float32(gain - before) * _RAMP), np.float32)
