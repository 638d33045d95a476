"""Who sends, whatever number of connections it has, and how many of its messages are read."""

from collections import Counter
from collections.abc import Hashable

from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_MESSAGES_PER_S, MAX_MESSAGES_PER_SESSION_S

from ambiome_middleware.gate import Guest
from ambiome_middleware.rates import Rates


class Clients:
    """The clients of a server by what tells them apart, the sessions of each, and the rates of their messages."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._sessions: Counter[Hashable] = Counter()

    def takes(self, client: Hashable, now_s: float) -> bool:
        """Whether a message that came now is to be read. Who has many sessions may send more."""
        return self._rates.takes(client, now_s, MAX_MESSAGES_PER_SESSION_S * self._sessions[client])

    def refusal(self, client: Hashable, now_s: float) -> ProtocolError | None:
        """What is told about a message that was not taken; None where that was told just before."""
        if not self._rates.is_to_be_told(client, now_s):
            return None
        most = max(MAX_MESSAGES_PER_S, MAX_MESSAGES_PER_SESSION_S * self._sessions[client])
        return ProtocolError(
            "at_limit", allowed=f"{most} messages a second; what came beyond was not read", retry_s=1.0
        )

    def hand_over(self, before: Hashable, client: Hashable) -> None:
        """A session is a client's that was another's before; None: nobody's."""
        if client is not None:
            self._sessions[client] += 1
        if before is not None:
            self._sessions[before] -= 1
            if not self._sessions[before]:
                del self._sessions[before]


def client_of(peer: bytes, guest: Guest | None, address: str) -> Hashable:
    """Who a message is of: a guest; where there is no gate, a network address. On one's own machine, whose `address` is
    "", there are many programs at one, and each connection is a client.
    """
    return guest.name if guest else address or peer
