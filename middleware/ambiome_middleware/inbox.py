"""What a worker has been ordered and has not done yet: each session's in order, and no session before its turn.

Orders come as fast as clients send. Were they obeyed as they came, a client that sends without end would keep the
worker from everybody else; so each session's wait by themselves, and in every turn of the worker only so many of each
are taken. What one session may have waiting is bounded, and one more is refused.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from ambiome_protocol.codec import encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_UNREAD

from ambiome_middleware.wire import Ask, Close, Grant, Order, Say, Tell

SHARE: Final = 64
"""So many orders of one session are taken in a turn. A question ends its share: to explain costs much."""

_CLIENTS: Final = (Ask, Grant, Tell)


class Inbox:
    """Orders that wait, by session."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Order]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, orders: Iterable[Order]) -> list[Say]:
        """Let these wait. Returned is what clients are told whose messages are too many: those were not taken.

        The front's own orders always find room; what is closed needs nothing of what waited for it.
        """
        refusals = []
        for order in orders:
            waiting = self._waiting.get(order.session)
            if waiting is None or isinstance(order, Close):
                self._waiting[order.session] = deque((order,))
            elif len(waiting) >= MAX_UNREAD and isinstance(order, _CLIENTS):
                refusals.append(_refusal(order, len(waiting)))
            else:
                waiting.append(order)
        return refusals

    def take(self) -> Iterator[Order]:
        """This turn's orders: up to SHARE of each session, in the order in which they came."""
        for session in list(self._waiting):
            waiting = self._waiting[session]
            for _ in range(SHARE):
                order = waiting.popleft()
                yield order
                if not waiting:
                    del self._waiting[session]
                    break
                if isinstance(order, Ask):
                    break


def _refusal(order: Order, waiting: int) -> Say:
    seq = order.seq if isinstance(order, Ask | Tell) else 0
    error = ProtocolError("at_limit", value=str(waiting + 1), allowed=f"{MAX_UNREAD} messages not dealt with", seq=seq)
    return Say(order.session, encode(error_message(error)))
