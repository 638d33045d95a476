"""When a change takes effect, and the changes that wait for it.

    pace   `at`      takes effect at
    ----   -------   ---------------------------------------------------------------------------
    live   without   the next step that is not rendered
    free   without   the step equal to the credit granted before it, however far rendering has got
    both   with      that time, rounded up to a step

An `at` before the step at which the same change would take effect without one has passed: the change takes effect at
that step, with a warning. In a free session this makes every step below the credit past, rendered or not, so that what
is heard depends on the order of the client's messages alone and never on the speed of the server.
"""

import heapq

from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_PENDING
from ambiome_protocol.lists import Pace
from ambiome_protocol.messages import Change
from ambiome_protocol.steps import step_at
from msgspec import UNSET


def earliest_step(pace: Pace, next_step: int, credit: int) -> int:
    """The step at which a change without `at` takes effect, and the earliest for one with it."""
    return next_step if pace == "live" else max(next_step, credit)


class Schedule:
    """Changes with the steps at which they take effect; equal steps in order of arrival."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, Change]] = []
        self._arrivals = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def check_room(self, change: Change) -> None:
        """ProtocolError if not one change more may wait."""
        if len(self._waiting) >= MAX_PENDING:
            raise ProtocolError("at_limit", value=str(len(self._waiting) + 1), allowed=f"{MAX_PENDING}", seq=change.seq)

    def put(self, change: Change, earliest: int) -> int:
        """Let the change wait for its step, which is returned; ProtocolError if too many wait."""
        self.check_room(change)
        step = earliest if change.at is UNSET else max(earliest, step_at(change.at))
        heapq.heappush(self._waiting, (step, self._arrivals, change))
        self._arrivals += 1
        return step

    def take(self, step: int) -> tuple[Change, ...]:
        """The changes whose step has come, in the order in which they take effect."""
        if not self._waiting or self._waiting[0][0] > step:
            return ()
        due = []
        while self._waiting and self._waiting[0][0] <= step:
            due.append(heapq.heappop(self._waiting)[2])
        return tuple(due)

    def waiting(self) -> tuple[tuple[int, Change], ...]:
        """All that waits, with its step, in the order in which it will take effect."""
        return tuple((step, change) for step, _, change in sorted(self._waiting, key=lambda entry: entry[:2]))

    @classmethod
    def of(cls, waiting: tuple[tuple[int, Change], ...]) -> "Schedule":
        """A schedule of these, which stand in the order in which they take effect."""
        schedule = cls()
        for step, change in waiting:
            heapq.heappush(schedule._waiting, (step, schedule._arrivals, change))
            schedule._arrivals += 1
        return schedule
