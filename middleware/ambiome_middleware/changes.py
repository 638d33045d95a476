"""The changes of a zone's owners that are not in effect yet, numbered anew for the one session that they go to."""

from itertools import takewhile
from typing import Final, NamedTuple

from ambiome_protocol.build import restamp
from ambiome_protocol.codec import encode
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_PENDING, MAX_UNREAD
from ambiome_protocol.messages import UNSET, Change, Frame
from ambiome_protocol.steps import step_at

from ambiome_middleware.wire import Tell

MOST: Final = MAX_PENDING + MAX_UNREAD
"""So many may wait: for their time, or for the worker to get to them."""


class Told(NamedTuple):
    """A change: the number of the `member` whose it is, its own number for it, what was received of it `before`, the
    step that is the change's time (0 for none), and the order for the worker.
    """

    member: int
    seq: int
    before: int
    at_step: int
    order: Tell


class Changes:
    """Changes by the zone's number of each."""

    def __init__(self) -> None:
        self._told: dict[int, Told] = {}
        self._applied = 0

    def __len__(self) -> int:
        return len(self._told)

    def put(self, number: int, member: int, change: Change, before: int, session: int) -> Told:
        """A member's change, under the next number, for the session of the zone. ProtocolError if too many wait."""
        if len(self._told) >= MOST:
            allowed = f"{MOST} changes that wait"
            raise ProtocolError("at_limit", value=str(MOST + 1), allowed=allowed, seq=change.seq)
        at_step = 0 if change.at is UNSET else step_at(change.at)
        order = Tell(session, encode(restamp(change, number)), number)
        self._told[number] = Told(member, change.seq, before, at_step, order)
        return self._told[number]

    def get(self, number: int) -> Told | None:
        """The change with this number, if it waits."""
        return self._told.get(number)

    def refused(self, number: int) -> None:
        """It will not be in effect."""
        self._told.pop(number, None)

    def begin(self, frame: Frame) -> list[Told]:
        """Those in effect from this frame on: what it names, and what was told before that and whose time has come."""
        self._applied = max(self._applied, frame.applied_seq)
        numbers = [
            number
            for number, told in takewhile(lambda entry: entry[0] <= self._applied, self._told.items())
            if number == frame.applied_seq or told.at_step <= frame.step
        ]
        return [self._told.pop(number) for number in numbers]

    def after(self, number: int) -> list[Told]:
        """Those with higher numbers, in order."""
        return [told for each, told in self._told.items() if each > number]
