"""Where generation begins anew, so that a look back ends somewhere.

What a model draws feeds back into what it draws next, and a recurrent layer never forgets: no window bounds what a step
depends on. Therefore a stream is made of segments. Each begins from nothing, at its own beginning less a warm-up, with
chance of its own, and is faded in over the last part of the warm-up while the one before is faded out, at equal power.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ambiome_middleware.sound.arrays import F32


@dataclass(frozen=True, slots=True)
class Segments:
    """Lengths in steps: of a segment, of its warm-up before, and of the fade that ends where the segment begins."""

    length: int = 500
    warm_up: int = 50
    fade: int = 25

    def __post_init__(self) -> None:
        if not 0 < self.fade < self.warm_up < self.length:
            raise ValueError(f"segments: a fade of {self.fade} in a warm-up of {self.warm_up} of {self.length} steps")

    @property
    def lookback(self) -> int:
        """How many steps before the first one asked for may matter."""
        return self.length + self.warm_up

    def begin(self, segment: int) -> int:
        """The first step of a segment's warm-up; below 0 for that of the first one."""
        return segment * self.length - self.warm_up

    def running(self, step: int) -> tuple[int, ...]:
        """The segments that are generated at a step: its own, and the next one where that warms up."""
        own = step // self.length
        return (own,) if step < self.begin(own + 1) else (own, own + 1)

    def weights(self, step: int, samples: int) -> F32:
        """For each of `running`, its amplitude at the step's samples, [running, samples], or [running, 1] for all."""
        count = len(self.running(step))
        into = step % self.length - (self.length - self.fade)
        if into < 0:
            return np.eye(count, 1, dtype=np.float32)
        angles = 0.5 * np.pi * (into + (np.arange(samples) + 0.5) / samples) / self.fade
        return np.stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


def seed_of(seed: int, segment: int, number: int) -> int:
    """Whose chance it is that a stream's so-and-so-many-th channel draws by in a segment: 0 … 2^64 − 1."""
    return (seed * _PRIME + segment * _APART + number) % (1 << 64)


_PRIME: Final = 0x9E3779B97F4A7C15
_APART: Final = 0xD1B54A32D192ED03
SEGMENTS: Final = Segments()
"""20 s, warmed up for 2 s, faded over 1 s."""
