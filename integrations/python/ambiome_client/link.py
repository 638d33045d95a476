"""The socket of a connection, and the thread that owns it.

The thread sends, receives and keeps the session alive, whatever the program does meanwhile: a game that stops reading
for a loading screen keeps its session without a call. The program and the thread share the connection under one lock.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar

import zmq
from ambiome_protocol.codec import decode_server
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.messages import ServerBye

from ambiome_client.connection import Connection
from ambiome_client.dealer import Dealer, Parts, has_come
from ambiome_client.errors import AmbiomeError, NotWelcome
from ambiome_client.keys import Keys

_T = TypeVar("_T")
UNSENT_S: Final = 0.02
"""What could not be sent is tried again after so long."""
FAREWELL_S: Final = 0.5
"""How long closing may take to say bye and to hear the server's: then there is room for who comes next."""


class Link:
    """Carries a connection's messages. `call` does something to it, `wait` waits until something came of it."""

    def __init__(
        self, connection: Connection, keys: Keys | None = None, on_change: Callable[[], None] | None = None
    ) -> None:
        """`on_change` is called by the thread whenever something may have come of anything."""
        self._connection, self._keys = connection, keys
        self._on_change = on_change
        self._generation = connection.generation
        self._is_rung = False
        self._changed = threading.Condition()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            self._dealer = Dealer(self._context, connection.address, keys)
        except Exception:
            self._context.term()
            raise
        name = f"inproc://{id(self)}"
        self._bell = self._context.socket(zmq.PAIR)
        self._bell.bind(name)
        self._ear = self._context.socket(zmq.PAIR)
        self._ear.connect(name)
        self._is_closing = self._says_bye = False
        self._thread = threading.Thread(target=self._run, name=f"ambiome {connection.address}", daemon=True)
        self._thread.start()

    def call(self, do: Callable[[Connection], _T]) -> _T:
        """Does something to the connection and sends what comes of it."""
        with self._changed:
            return self._do(do)

    def wait(self, get: Callable[[Connection], _T | None]) -> _T:
        """Waits until `get` returns something. The connection's time-outs end the waiting by an exception."""
        with self._changed:
            while (found := self._do(get)) is None:
                self._changed.wait()
            return found

    def wait_for(self, get: Callable[[Connection], _T | None], wait_s: float) -> _T | None:
        """As `wait`, but no longer than `wait_s`; None where nothing came of it till then."""
        until = time.monotonic() + wait_s
        with self._changed:
            while (found := self._do(get)) is None and (left_s := until - time.monotonic()) > 0.0:
                self._changed.wait(left_s)
            return found

    def close(self) -> None:
        """Closes the connection and ends the thread."""
        with self._changed:
            if self._is_closing:
                return
            self._is_closing = True
            self._says_bye = self._do(Connection.close)
            self._ring()
            self._changed.notify_all()
        self._thread.join()
        self._bell.close(linger=0)
        self._context.term()

    def _do(self, do: Callable[[Connection], _T]) -> _T:
        self._connection.now = time.monotonic()
        try:
            return do(self._connection)
        finally:
            if self._connection.outbox:
                self._ring()

    def _ring(self) -> None:
        if not self._is_rung and self._thread.is_alive():
            self._is_rung = True
            self._bell.send(b"")

    def _tell_change(self) -> None:
        self._changed.notify_all()
        if self._on_change:
            self._on_change()

    def _run(self) -> None:
        try:
            self._carry()
            if self._says_bye:
                self._hear_bye()
        except Exception as error:  # whatever it is, a reader must not wait for ever
            with self._changed:
                self._connection.fail(AmbiomeError(f"the link to {self._connection.address} broke: {error!r}"))
                self._tell_change()
        finally:
            self._dealer.close(0)
            self._ear.close(linger=0)

    def _carry(self) -> None:
        poller = zmq.Poller()
        poller.register(self._ear, zmq.POLLIN)
        poller.register(self._dealer.socket, zmq.POLLIN)
        unsent: deque[bytes] = deque()
        while True:
            refusal = self._dealer.refusal()
            with self._changed:
                self._is_rung = False
                now = time.monotonic()
                if refusal:
                    self._connection.fail(NotWelcome(f"{self._connection.address} refuses this client: {refusal}"))
                self._connection.suspicion = self._dealer.suspicion()
                wait_s = self._connection.tick(now) - now
                outbox = list(self._connection.outbox)
                self._connection.outbox.clear()
                generation, is_closing = self._connection.generation, self._is_closing
                self._tell_change()
            if generation != self._generation:
                self._generation = generation
                self._renew(poller)
                unsent.clear()
            unsent.extend(outbox)
            while unsent and self._dealer.send(unsent[0]):
                unsent.popleft()
            if is_closing:
                return
            poller.poll(max(1, round(min(wait_s, UNSENT_S if unsent else wait_s) * 1_000)))
            while has_come(self._ear):
                self._ear.recv()
            self._receive()

    def _hear_bye(self) -> None:
        """Wait until the server has said bye too: then it has no session of ours any more."""
        until = time.monotonic() + FAREWELL_S
        while (left_s := until - time.monotonic()) > 0.0:
            self._dealer.socket.poll(math.ceil(left_s * 1_000))
            parts = self._dealer.receive()
            if parts is not None and _is_bye(parts):
                return

    def _renew(self, poller: zmq.Poller) -> None:
        poller.unregister(self._dealer.socket)
        self._dealer.close(0)
        self._dealer = Dealer(self._context, self._connection.address, self._keys)
        poller.register(self._dealer.socket, zmq.POLLIN)

    def _receive(self) -> None:
        while self._connection.generation == self._generation and (parts := self._dealer.receive()) is not None:
            with self._changed:
                self._connection.receive(parts, time.monotonic())


def _is_bye(parts: Parts) -> bool:
    try:
        return isinstance(decode_server(bytes(parts[0])), ServerBye)
    except ProtocolError:
        return False
