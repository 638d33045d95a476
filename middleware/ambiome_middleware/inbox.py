"""What a worker has been ordered and has not done yet: each session's in order, and no session before its turn.

Orders come as fast as clients send. Were they obeyed as they came, a client that sends without end would keep the
worker from everybody else; so each session's wait by themselves, and in every turn of the worker only so many of each
are taken. What one session may have waiting is bounded, and one more is refused.

Questions wait beside the orders, for to answer one costs much: in a turn one of each session is taken, after its
orders. It sees all that was ordered before it, and what was ordered after it does not wait for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ambiome_protocol.codec import encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_QUESTIONS, MAX_UNREAD

from ambiome_middleware.wire import Ask, Close, Grant, Order, Say, Tell

SHARE: Final = 64
"""So many orders of one session are taken in a turn."""

_CLIENTS: Final = (Grant, Tell)


@dataclass(slots=True)
class _Waiting:
    """What waits of one session. `taken` are the orders that were taken while something waited; a question goes with
    how many of all are to be taken before it.
    """

    orders: list[Order] = field(default_factory=list)
    questions: list[tuple[int, Ask]] = field(default_factory=list)
    taken: int = 0

    def put(self, order: Order) -> Say | None:
        """Let it wait; the refusal where it is one too many."""
        if isinstance(order, Ask):
            if len(self.questions) >= MAX_QUESTIONS:
                return _refusal(order, order.seq, MAX_QUESTIONS, "questions not answered")
            self.questions.append((self.taken + len(self.orders), order))
        elif len(self.orders) >= MAX_UNREAD and isinstance(order, _CLIENTS):
            return _refusal(order, order.seq if isinstance(order, Tell) else 0, MAX_UNREAD, "messages not dealt with")
        else:
            self.orders.append(order)
        return None

    def take(self) -> list[Order]:
        """This turn's."""
        orders, self.orders = self.orders[:SHARE], self.orders[SHARE:]
        self.taken += len(orders)
        if self.questions and self.questions[0][0] <= self.taken:
            orders.append(self.questions.pop(0)[1])
        return orders


class Inbox:
    """Orders that wait, by session."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Waiting] = {}

    def __len__(self) -> int:
        return sum(len(waiting.orders) + len(waiting.questions) for waiting in self._waiting.values())

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
                waiting = self._waiting[order.session] = _Waiting()
            refusal = waiting.put(order)
            if refusal is not None:
                refusals.append(refusal)
        return refusals

    def take(self) -> Iterator[Order]:
        """This turn's orders: up to SHARE of each session, in the order in which they came, then one question."""
        for session, waiting in list(self._waiting.items()):
            yield from waiting.take()
            if not waiting.orders and not waiting.questions:
                del self._waiting[session]


def _refusal(order: Order, seq: int, most: int, what: str) -> Say:
    error = ProtocolError("at_limit", value=str(most + 1), allowed=f"{most} {what}", seq=seq)
    return Say(order.session, encode(error_message(error)))
