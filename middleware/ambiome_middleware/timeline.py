"""What something was at each of a zone's last steps, for a member that is sent them again."""

from collections import deque
from typing import Generic, TypeVar

from ambiome_protocol.limits import ZONE_RING_STEPS

Value = TypeVar("Value")


class Timeline(Generic[Value]):
    """A value over steps. It is known for the steps that a zone's ring has, and for the one before them."""

    def __init__(self, value: Value) -> None:
        """It is `value` from the beginning on."""
        self._changes: deque[tuple[int, Value]] = deque([(-1, value)])

    def __repr__(self) -> str:
        return f"<Timeline {list(self._changes)}>"

    @property
    def latest(self) -> Value:
        """What it is after all changes."""
        return self._changes[-1][1]

    def at(self, step: int) -> Value:
        """What it is at a step."""
        for changed_step, value in reversed(self._changes):
            if changed_step <= step:
                return value
        return self._changes[0][1]

    def put(self, step: int, value: Value) -> None:
        """From this step on it is `value`, whatever it was to be. Steps that no ring has any more are forgotten."""
        while self._changes and self._changes[-1][0] >= step:
            self._changes.pop()
        self._changes.append((step, value))
        while len(self._changes) > 1 and self._changes[1][0] < step - ZONE_RING_STEPS:
            self._changes.popleft()
