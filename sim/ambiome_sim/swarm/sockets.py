"""The sockets of a swarm's listeners, looked at together: of hundreds, only those that have something are touched."""

import selectors
from typing import Final

import zmq
from ambiome_client.dealer import Dealer
from ambiome_client.keys import Keys

from ambiome_sim.swarm.listener import Listener

MOST_SOCKETS: Final = 65_536
_EVENTS, _IN, _AT_ONCE = int(zmq.EVENTS), int(zmq.POLLIN), int(zmq.DONTWAIT)


class Sockets:
    """A socket for each listener that wants one, opened anew where its session wants that.

    ZeroMQ tells at a socket's file that something is to be done there, and tells it once: whatever is done with the
    socket, sending too, may use that up. So all that has come is read whenever a socket was touched.
    """

    def __init__(self, address: str, keys: Keys | None) -> None:
        self._address, self._keys = address, keys
        self._context = zmq.Context()
        self._context.set(zmq.MAX_SOCKETS, MOST_SOCKETS)
        self._selector = selectors.DefaultSelector()
        self._dealers: dict[Listener, tuple[int, Dealer]] = {}

    def send(self, listener: Listener) -> None:
        """What the listener has to send. Where nobody takes it for long, the session's own time-out ends it."""
        generation, outbox = listener.connection.generation, listener.connection.outbox
        if listener not in self._dealers or self._dealers[listener][0] != generation:
            self.hang_up(listener)
            dealer = Dealer(self._context, self._address, self._keys)
            self._dealers[listener] = generation, dealer
            self._selector.register(dealer.socket, selectors.EVENT_READ, listener)
        if not outbox:
            return
        _, dealer = self._dealers[listener]
        while outbox and dealer.send(outbox[0]):
            outbox.popleft()
        self._hear(listener)

    def receive(self, wait_s: float) -> None:
        """What has come for anybody; where nothing has, it is waited for so long."""
        for key, _ in self._selector.select(wait_s):
            self._hear(key.data)

    def hang_up(self, listener: Listener, linger_ms: int = 0) -> None:
        """Close a listener's socket, if it has one; what was sent has so long to get out."""
        if listener in self._dealers:
            _, dealer = self._dealers.pop(listener)
            self._selector.unregister(dealer.socket)
            dealer.close(linger_ms)

    def close(self) -> None:
        """Close what is left, for good."""
        for listener in list(self._dealers):
            self.hang_up(listener)
        self._selector.close()
        self._context.term()

    def _hear(self, listener: Listener) -> None:
        generation, dealer = self._dealers[listener]
        socket = dealer.socket
        while listener.connection.generation == generation and int(socket.get(_EVENTS)) & _IN:
            listener.receive(socket.recv_multipart(_AT_ONCE))
