"""How loud it is: the scene's affair, as in the procedural renderer, whose level of the same scene is what is wanted.

What a model draws wanders, and a small one heeds what it is told of strength only so far. So each stream is brought to
the level of the scene, A-weighted and below the codec's edge, over the last `WINDOW` steps of both: what is heard of a
scene is seldom its lowest octaves, which hold most of its power. A fixed window is a fixed look back: a gain is a
function of steps that are made anew wherever a stream begins.
"""

from collections import deque
from typing import Final

import numpy as np
from scipy.fft import rfft
from scipy.signal.windows import hann

from ambiome_middleware.neural.upward import EDGE_HZ
from ambiome_middleware.sound.arrays import F32, F64
from ambiome_middleware.sound.weighting import a_weighting_db
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES

WINDOW: Final = 25
"""1 s: longer than a drop or a crackle, which are the model's, and short enough for a gust, a wave or a clap."""
MOST: Final = 10.0 ** (30.0 / 20.0)
"""However faint the model is, it is not made louder than by this."""
LEAST_POWER: Final = 1e-12
_RAMP: Final = ((np.arange(STEP_SAMPLES) + 1.0) / STEP_SAMPLES).astype(np.float32)
_HANN: Final[F32] = hann(2 * STEP_SAMPLES, sym=False).astype(np.float32)
"""Over two steps: a single one tells the lowest octaves too badly from those in which ears are better."""
_HZ: Final[F64] = np.asarray(np.fft.rfftfreq(2 * STEP_SAMPLES, 1.0 / SAMPLE_RATE_HZ), np.float64)
_EARS: Final[F64] = np.where(_HZ < EDGE_HZ, 10.0 ** (a_weighting_db(_HZ) / 10.0), 0.0)
_MEAN_SQUARE: Final[F64] = _EARS * 2.0 / (2 * STEP_SAMPLES * float(np.sum(np.square(_HANN, dtype=np.float64))))


class Powers:
    """The powers of the latest `WINDOW` steps of a sound: A-weighted mean squares below the codec's edge, of each step
    together with the one before it; channels are averaged.
    """

    def __init__(self, silent_steps: int = 0) -> None:
        """So many steps of silence have been heard."""
        self._latest: deque[float] = deque([0.0] * silent_steps, maxlen=WINDOW)
        self._before: F32 = np.zeros(STEP_SAMPLES, np.float32)

    def __len__(self) -> int:
        return len(self._latest)

    def hear(self, step: F32) -> None:
        """The next step, [STEP_SAMPLES] or [channels, STEP_SAMPLES]."""
        spectrum = rfft(np.concatenate([np.broadcast_to(self._before, step.shape), step], axis=-1) * _HANN)
        squares = np.square(spectrum.real, dtype=np.float64) + np.square(spectrum.imag, dtype=np.float64)
        self._latest.append(float(np.mean(squares @ _MEAN_SQUARE)))
        self._before = step

    def mean(self, steps: int = WINDOW) -> float:
        """Of the latest steps, up to so many; 0 where there were none."""
        latest = list(self._latest)[-steps:]
        return sum(latest) / max(len(latest), 1)


def gain(own: float, wanted: float) -> float:
    """What brings sound of one power to another, up to `MOST`."""
    return float(min((wanted / max(own, LEAST_POWER)) ** 0.5, MOST))


class Level:
    """One stream's way to the level that is wanted."""

    def __init__(self) -> None:
        self._own = Powers()
        self._gain: float | None = None

    def hear(self, made: F32) -> None:
        """Take note of a step [STEP_SAMPLES] that was made, handed out or not."""
        self._own.hear(made)

    def __call__(self, made: F32, wanted: Powers, share: float) -> F32:
        """The step that was heard last, at the level of the powers that are `wanted` of it and of those before it; the
        stream is a `share` of those.
        """
        now = gain(self._own.mean(), wanted.mean(len(self._own)) * share)
        before, self._gain = now if self._gain is None else self._gain, now
        return np.asarray(made * (np.float32(before) + np.float32(now - before) * _RAMP), np.float32)
