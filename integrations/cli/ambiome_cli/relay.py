"""A relay between clients and a server, at which a recorder listens. Passes everything on as it is."""

import threading
import time
from typing import Final

import zmq
from ambiome_protocol.address import check_address
from ambiome_protocol.limits import DETACH_AFTER_S, KEEP_DETACHED_S

from ambiome_cli.exits import Exit, Problem
from ambiome_cli.recorder import Recorder, hello_in

POLL_MS: Final = 100
GONE_AFTER_S: Final = DETACH_AFTER_S + KEEP_DETACHED_S
"""A client that was silent for so long has no session any more, whether it said bye or not."""
EXAMPLE: Final = "tcp://127.0.0.1:5572"


class Relay:
    """Takes clients at `bind`, each with a connection of its own to `address`; the first that says hello is recorded.

    `is_left` once the client that is recorded was silent for GONE_AFTER_S. Problem (exit 4) if `bind` is in use or no
    address.
    """

    def __init__(self, address: str, bind: str, recorder: Recorder) -> None:
        self._recorder = recorder
        self._address = address
        self._recorded: set[bytes] = set()
        self._heard_at = 0.0
        self.is_left = False
        self._servers: dict[bytes, zmq.Socket[bytes]] = {}
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._clients = self._context.socket(zmq.ROUTER)
        self._clients.set_hwm(0)
        try:
            check_address(bind, is_bound=True)
            self._clients.bind(bind)
        except (zmq.ZMQError, ValueError) as error:
            self.close()
            raise Problem(Exit.BAD_INPUT, _why_not(bind, error)) from error
        self.address: Final[str] = self._clients.get_string(zmq.LAST_ENDPOINT)

    def run(self, stop: threading.Event) -> None:
        """Relays until the recorded session is over, its client has left it, or until told to stop."""
        poller = zmq.Poller()
        poller.register(self._clients, zmq.POLLIN)
        while not (stop.is_set() or self._recorder.is_over or self.is_left):
            ready = dict(poller.poll(POLL_MS))
            if self._clients in ready:
                peer, *parts = self._clients.recv_multipart()
                if peer not in self._servers:
                    poller.register(self._connect(peer), zmq.POLLIN)
                self._to_server(peer, parts)
            for peer, server in self._servers.items():
                if server in ready:
                    self._to_client(peer, server.recv_multipart())
            self.is_left = bool(self._recorded) and time.monotonic() >= self._heard_at + GONE_AFTER_S

    def close(self) -> None:
        """Lets what was said last out, and everything go."""
        self._context.destroy(linger=200)

    def _connect(self, peer: bytes) -> "zmq.Socket[bytes]":
        server = self._context.socket(zmq.DEALER)
        server.set_hwm(0)
        server.connect(self._address)
        self._servers[peer] = server
        return server

    def _to_server(self, peer: bytes, parts: list[bytes]) -> None:
        hello = hello_in(parts[0])
        if hello is not None and (not self._recorded or self._recorder.is_resumed_by(hello)):
            self._recorded.add(peer)
        if peer in self._recorded:
            self._heard_at = time.monotonic()
            self._recorder.from_client(parts[0])
        self._servers[peer].send_multipart(parts)

    def _to_client(self, peer: bytes, parts: list[bytes]) -> None:
        if peer in self._recorded:
            self._recorder.from_server(parts)
        self._clients.send_multipart([peer, *parts])


def _why_not(bind: str, error: Exception) -> str:
    if not isinstance(error, zmq.ZMQError):
        return str(error)
    if error.errno == zmq.EADDRINUSE:
        return f"{bind} is in use: end what listens there, or choose another --bind"
    return f"{bind!r} is no address to listen at ({zmq.strerror(error.errno or 0)}): one like {EXAMPLE} is needed"
