"""Where generation begins anew, so that a look back ends somewhere.

What a model draws feeds back into what it draws next, and a recurrent layer never forgets: no window bounds what a step
depends on. Therefore a stream is made of segments. Each begins from nothing, at its own beginning less a warm-up, with
chance of its own, and is faded in over the last part of the warm-up while the one before is faded out, at equal power.
"""

import math
from dataclasses import dataclass
from typing import Final


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

    def weights(self, step: int, samples: int) -> list[list[float]]:
        """For each of `running`, its amplitude at each of the step's samples."""
        own = step // self.length
        into = step - ((own + 1) * self.length - self.fade)
        if into < 0:
            return [[1.0] * samples] if len(self.running(step)) == 1 else [[1.0] * samples, [0.0] * samples]
        angles = [0.5 * math.pi * (into + (n + 0.5) / samples) / self.fade for n in range(samples)]
        return [[math.cos(angle) for angle in angles], [math.sin(angle) for angle in angles]]


SEGMENTS: Final = Segments()
"""20 s, warmed up for 2 s, faded over 1 s."""
