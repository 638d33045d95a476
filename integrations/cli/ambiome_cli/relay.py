"""A relay between clients and a server, at which a recorder listens. Passes everything on as it is."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import zmq
from ambiome_client.keys import Keys
from ambiome_middleware.client_socket import LARGEST_READ_BYTES, SEND_QUEUE
from ambiome_protocol.address import check_address
from ambiome_protocol.limits import DETACH_AFTER_S, KEEP_DETACHED_S, MAX_MESSAGES_PER_S

from ambiome_cli.exits import Exit, Problem
from ambiome_cli.recorder import Recorder, hello_in

POLL_MS: Final = 100
LINGER_MS: Final = 200
GONE_AFTER_S: Final = DETACH_AFTER_S + KEEP_DETACHED_S
"""A client that was silent for so long has no session any more, whether it said bye or not."""
MOST_PEERS: Final = 64
"""Connections at once. Who comes beyond them is not answered: one game is recorded, and comes back now and then."""
TO_SERVER: Final = 2 * MAX_MESSAGES_PER_S
"""So many messages wait for a server that does not read them; those beyond are lost."""
EXAMPLE: Final = "tcp://127.0.0.1:5572"


@dataclass(slots=True)
class _Peer:
    """A client's connection to the server, and when the client was last heard."""

    server: "zmq.Socket[bytes]"
    heard_at: float


class Relay:
    """Takes clients at `bind`, each with a connection of its own to `address`; the first that says hello is recorded.

    `is_left` once the client that is recorded was silent for GONE_AFTER_S. Problem (exit 4) if `bind` is in use or no
    address.
    """

    def __init__(
        self,
        address: str,
        bind: str,
        recorder: Recorder,
        keys: Keys | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`keys` are shown to a server that wants keys; clients of the relay need none."""
        self._recorder, self._clock = recorder, clock
        self._address, self._keys = address, keys
        self._recorded: set[bytes] = set()
        self._heard_at = 0.0
        self.is_left = False
        self._peers: dict[bytes, _Peer] = {}
        self._poller = zmq.Poller()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._clients = self._context.socket(zmq.ROUTER)
        self._clients.set(zmq.ROUTER_MANDATORY, 1)
        self._clients.set(zmq.SNDHWM, SEND_QUEUE)
        self._clients.set(zmq.MAXMSGSIZE, LARGEST_READ_BYTES)
        try:
            check_address(bind, is_bound=True)
            self._clients.bind(bind)
        except (zmq.ZMQError, ValueError) as error:
            self.close()
            raise Problem(Exit.BAD_INPUT, _why_not(bind, error)) from error
        self._poller.register(self._clients, zmq.POLLIN)
        self.address: Final[str] = self._clients.get_string(zmq.LAST_ENDPOINT)

    def run(self, stop: threading.Event) -> None:
        """Relays until the recorded session is over, its client has left it, or until told to stop."""
        while not (stop.is_set() or self._recorder.is_over or self.is_left):
            self._turn()

    def close(self) -> None:
        """Lets what was said last out, and everything go."""
        self._context.destroy(linger=LINGER_MS)

    def _turn(self) -> None:
        ready = dict(self._poller.poll(POLL_MS))
        if self._clients in ready:
            peer, *parts = self._clients.recv_multipart()
            if self._is_taken(peer):
                self._to_server(peer, parts)
        for peer, each in list(self._peers.items()):
            if each.server in ready:
                self._to_client(peer, each.server.recv_multipart())
            elif self._clock() >= each.heard_at + GONE_AFTER_S:
                self._let_go(peer)
        self.is_left = bool(self._recorded) and self._clock() >= self._heard_at + GONE_AFTER_S

    def _is_taken(self, peer: bytes) -> bool:
        """A client was heard: whether it has a connection to the server, or gets one."""
        now_s = self._clock()
        if peer in self._peers:
            self._peers[peer].heard_at = now_s
            return True
        if len(self._peers) >= MOST_PEERS:
            return False
        server = self._context.socket(zmq.DEALER)
        server.set(zmq.SNDHWM, TO_SERVER)
        if self._keys is not None:
            self._keys.lock(server)
        server.connect(self._address)
        self._poller.register(server, zmq.POLLIN)
        self._peers[peer] = _Peer(server, now_s)
        return True

    def _let_go(self, peer: bytes) -> None:
        server = self._peers.pop(peer).server
        self._poller.unregister(server)
        server.close(linger=LINGER_MS)

    def _to_server(self, peer: bytes, parts: list[bytes]) -> None:
        hello = hello_in(parts[0])
        if hello is not None and (not self._recorded or self._recorder.is_resumed_by(hello)):
            self._recorded.add(peer)
        if peer in self._recorded:
            self._heard_at = self._clock()
            self._recorder.from_client(parts[0])
        with suppress(zmq.Again):
            self._peers[peer].server.send_multipart(parts, zmq.DONTWAIT)

    def _to_client(self, peer: bytes, parts: list[bytes]) -> None:
        if peer in self._recorded:
            self._recorder.from_server(parts)
        try:
            self._clients.send_multipart([peer, *parts], zmq.DONTWAIT)
        except zmq.Again:
            return  # it does not read
        except zmq.ZMQError:
            self._let_go(peer)  # it is gone


def _why_not(bind: str, error: Exception) -> str:
    if not isinstance(error, zmq.ZMQError):
        return str(error)
    if error.errno == zmq.EADDRINUSE:
        return f"{bind} is in use: end what listens there, or choose another --bind"
    return f"{bind!r} is no address to listen at ({zmq.strerror(error.errno or 0)}): one like {EXAMPLE} is needed"
