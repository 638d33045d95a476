"""The sockets of a swarm's listeners, looked at together: of hundreds, only those that have something are touched."""

import errno
import selectors
from typing import Final

import zmq
from ambiome_client.connection import State
from ambiome_client.dealer import Dealer
from ambiome_client.keys import Keys

from ambiome_sim.swarm.listener import Listener
from ambiome_sim.swarm.open_files import too_many

MOST_SOCKETS: Final = 65_536


class Sockets:
    """A socket for each listener that wants one, opened anew where its session wants that.

    ZeroMQ tells at a socket's file that something is to be done there, and tells it once: whatever is done with the
    socket, sending too, may use that up. So all that has come is read whenever something was sent or read. To look for
    more costs as much as to read, and can wait where a frame has come that is yet to be played and no other is owed:
    when it plays, the credit for the next one is sent.
    """

    def __init__(self, address: str, keys: Keys | None) -> None:
        self._address, self._keys = address, keys
        self._context = zmq.Context()
        self._context.set(zmq.MAX_SOCKETS, MOST_SOCKETS)
        self._selector = selectors.DefaultSelector()
        self._dealers: dict[Listener, tuple[int, Dealer]] = {}
        self._unread: set[Listener] = set()

    def send(self, listener: Listener) -> None:
        """What the listener has to send. Where nobody takes it for long, the session's own time-out ends it; where its
        key is not taken, it is turned away. OSError where no more files may be open.
        """
        connection = listener.connection
        generation, dealer = self._dealers.get(listener, (-1, None))
        if dealer is None or generation != connection.generation:
            self.hang_up(listener)
            dealer = self._dealer()
            self._dealers[listener] = connection.generation, dealer
            self._selector.register(dealer.socket, selectors.EVENT_READ, listener)
        if connection.state is State.GREETING:
            if reason := dealer.refusal():
                listener.turn_away(reason)
            connection.suspicion = dealer.suspicion()
        if not connection.outbox:
            return
        while connection.outbox and dealer.send(connection.outbox[0]):
            connection.outbox.popleft()
        self._hear(listener)

    def leave_unread(self, listener: Listener) -> None:
        """Do not look at a listener's socket until it is to be read again."""
        if listener in self._dealers and listener not in self._unread:
            self._unread.add(listener)
            self._selector.unregister(self._dealers[listener][1].socket)

    def read_again(self, listener: Listener) -> None:
        """Read all that has come for a listener meanwhile, and what will come."""
        if listener in self._unread:
            self._unread.discard(listener)
            self._selector.register(self._dealers[listener][1].socket, selectors.EVENT_READ, listener)
            self._hear(listener)

    def receive(self, wait_s: float) -> None:
        """What has come for anybody; where nothing has, it is waited for so long."""
        for key, _ in self._selector.select(wait_s):
            self._read(key.data)

    def hang_up(self, listener: Listener, linger_ms: int = 0) -> None:
        """Close a listener's socket, if it has one; what was sent has so long to get out."""
        if listener in self._dealers:
            _, dealer = self._dealers.pop(listener)
            if listener not in self._unread:
                self._selector.unregister(dealer.socket)
            self._unread.discard(listener)
            dealer.close(linger_ms)

    def close(self) -> None:
        """Close what is left, for good."""
        for listener in list(self._dealers):
            self.hang_up(listener)
        self._selector.close()
        self._context.destroy(linger=0)

    def _dealer(self) -> Dealer:
        try:
            return Dealer(self._context, self._address, self._keys)
        except zmq.ZMQError as error:
            if error.errno == errno.EMFILE:
                raise too_many(f"there is none left for a socket more beside {len(self._dealers)}") from error
            raise

    def _hear(self, listener: Listener) -> None:
        """Read what has come, if anything has."""
        if self._dealers[listener][1].has_come():
            self._read(listener)

    def _read(self, listener: Listener) -> None:
        generation, dealer = self._dealers[listener]
        connection = listener.connection
        while connection.generation == generation and (parts := dealer.receive()) is not None:
            listener.receive(parts)
            if (connection.ledger.waiting and not connection.is_owed) or not dealer.has_come():
                return
