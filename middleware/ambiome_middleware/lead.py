"""How far a live session runs ahead of time.

A live client plays, so its steps last as long as they sound. One that takes them faster all the time collects sound; it
has what it asks for, but not in front of those who play.
"""

from typing import Final

from ambiome_middleware.tokens import STEPS_PER_S

STEPS_AHEAD: Final = 2 * STEPS_PER_S
"""What fills a client's buffer, and once more."""
RATE: Final = 1.02 * STEPS_PER_S
"""Steps a second that are no haste: no sound card is so much too fast."""


class Lead:
    """The steps of one session against the clock. `is_hasty` once they are more than STEPS_AHEAD ahead of it."""

    __slots__ = ("_at_s", "_steps", "is_hasty")

    def __init__(self) -> None:
        self._steps = self._at_s = 0.0
        self.is_hasty = False

    def add(self, steps: int, now_s: float) -> None:
        """So many more steps are rendered now."""
        left = self._steps - (now_s - self._at_s) * RATE
        self._steps, self._at_s = max(left, 0.0) + steps, now_s
        self.is_hasty = self._steps > STEPS_AHEAD
