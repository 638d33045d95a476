"""What was told, what of it the server is known to have heard, and what another server would have to be told.

A change is acknowledged by the first frame whose `applied_seq` is not below its own number: messages arrive in order,
so the server has had it. What is not acknowledged is told again after a reconnection.
"""

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec
from ambiome_protocol import build
from ambiome_protocol.limits import MAX_COUNT
from ambiome_protocol.lists import Pace
from ambiome_protocol.messages import Change, Warning
from ambiome_protocol.steps import seconds_at, step_at

from ambiome_client.memory import Memory


class Told:
    """The changes of one session, in order. `seq` is the number given last, `resent` that of the last reconnection."""

    def __init__(self, pace: Pace) -> None:
        self.seq = self.resent = 0
        self._pace = pace
        self._unacknowledged: deque[Change] = deque()
        self._unsent: deque[tuple[int, Change]] = deque()
        self._log: list[Change] = []
        self._memory = Memory()

    def add(self, change: Change, granted_step: int) -> tuple[Warning, ...]:
        """Takes a change that is to be sent, under the next number; a free one's time may give a warning."""
        self.seq += 1
        change = build.restamp(change, self.seq)
        late: tuple[Warning, ...] = ()
        is_replaying = bool(self._unsent)
        if self._pace == "free":
            change, late = build.timed(change, granted_step)
            self._log.append(change)
        self._unacknowledged.append(change)
        self._unsent.append((_step_of(change) if is_replaying else 0, change))
        return late

    def number(self) -> int:
        """The next number, for a message that is no change."""
        self.seq += 1
        return self.seq

    def ready(self, until_step: int) -> Iterator[Change]:
        """What is to be sent before the credit up to `until_step` is."""
        while self._unsent and self._unsent[0][0] <= until_step:
            yield self._unsent.popleft()[1]

    def acknowledge(self, applied_seq: int, step: int) -> None:
        """A frame of `step` came with this `applied_seq`."""
        while self._unacknowledged and self._unacknowledged[0].seq <= applied_seq:
            change = self._unacknowledged.popleft()
            if self._pace == "live":
                self._memory.tell(change, step)

    def refuse(self, seq: int) -> None:
        """The server refused this change: it is not told again."""
        self._unacknowledged = deque(change for change in self._unacknowledged if change.seq != seq)
        self._log = [change for change in self._log if change.seq != seq]

    def resume(self, last_seq: int) -> None:
        """The same session is back, and has heard everything up to `last_seq`."""
        self.resent = self.seq
        self._send_again(change for change in self._unacknowledged if change.seq > last_seq)

    def start_over(self, step: int, first_step: int) -> None:
        """There is a new session, whose `first_step` follows on (live) or replays up to (free) the old one's `step`."""
        if self._pace == "free":
            self._unacknowledged = deque(self._log)
        else:
            told = self._memory.move(step, first_step)
            told += [_shifted(change, first_step - step) for change in self._unacknowledged]
            self._unacknowledged = deque(build.restamp(change, self.number()) for change in told)
        self.resume(0)

    def _send_again(self, changes: Iterable[Change]) -> None:
        """Live at once; free only as the credit gets to them, lest too many wait at the server."""
        self._unsent.clear()
        earliest = MAX_COUNT
        for change in reversed(list(changes)):
            earliest = min(earliest, _step_of(change)) if self._pace == "free" else 0
            self._unsent.appendleft((earliest, change))


def _step_of(change: Change) -> int:
    return 0 if change.at is msgspec.UNSET else step_at(change.at)


def _shifted(change: Change, steps: int) -> Change:
    if change.at is msgspec.UNSET:
        return change
    return build.restamp(change, change.seq, max(0.0, seconds_at(step_at(change.at) + steps)))
