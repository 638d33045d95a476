"""When the swarm's own process stood still: what it grants late is heard late, by no fault of the server's."""

from typing import Final

STILL_S: Final = 0.02
"""A swarm that is later than this has stood still: a card's credit has half a step left then."""
AFTERMATH_S: Final = 0.1
"""What falls silent so shortly after was granted late."""


class Stillness:
    """The last time that it did. Times are the swarm's, in seconds."""

    def __init__(self) -> None:
        self._from_s = self._until_s = float("-inf")

    def note(self, now_s: float, late_s: float) -> None:
        """It is now by so much later than it wanted to be."""
        if late_s > STILL_S:
            if now_s - late_s > self._until_s:
                self._from_s = now_s - late_s
            self._until_s = now_s + AFTERMATH_S

    def covers(self, at_s: float) -> bool:
        """Whether who has fallen silent then may have granted too late."""
        return self._from_s <= at_s < self._until_s
