"""A client's socket: a DEALER that never makes its owner wait, and that knows why it is not let in."""

from typing import Final

import zmq
from ambiome_protocol.address import check_address
from zmq.utils.monitor import recv_monitor_message

from ambiome_client.keys import Keys

HEARTBEAT_MS: Final = 2_000
"""How often ZeroMQ itself asks whether the peer is there; a dead connection is dropped and made anew."""
_REFUSED: Final = int(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
_MISMATCH: Final = int(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL)
_BROKEN_OFF: Final = int(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)
_SHAKEN: Final = int(zmq.EVENT_HANDSHAKE_SUCCEEDED)
_TOO_OFTEN: Final = 3
"""So many handshakes broken off, and none that went well, are no accident."""
_KEY_WANTED: Final = "a key is wanted there: server_key, maybe key"
_AT_ONCE, _EVENTS, _IN = int(zmq.DONTWAIT), int(zmq.EVENTS), int(zmq.POLLIN)  # as integers: enums cost more than words
Parts = list[bytes | memoryview]
"""A message: its first part, and what of audio came with it, where the transport has put it."""


class Dealer:
    """A fresh DEALER on its way to an address, encrypted with `keys`. `socket` is for polling and receiving."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", address: str, keys: Keys | None = None) -> None:
        """ValueError for what is no address, or no key. ZMQError where there are too many sockets or open files."""
        check_address(address)
        self._has_keys = keys is not None
        self._broken_off = 0
        self.socket = context.socket(zmq.DEALER)
        try:
            self._prepare(keys)
            self._events = self.socket.get_monitor_socket(_REFUSED | _MISMATCH | _BROKEN_OFF | _SHAKEN)
        except Exception:
            self.socket.close(linger=0)
            raise
        try:
            self.socket.connect(address)
        except zmq.ZMQError as error:
            self.close(0)
            raise ValueError(
                f"{address!r} is no address to connect to, like tcp://127.0.0.1:5571: {zmq.strerror(error.errno or 0)}"
            ) from error

    def send(self, data: bytes) -> bool:
        """Send a message if there is a way for it now. There is none after a handshake that failed for good, nor to a
        server that has not read the thousand before; to wait for one could be to wait for ever.
        """
        try:
            self.socket.send(data, _AT_ONCE)
        except zmq.Again:
            return False
        return True

    def has_come(self) -> bool:
        """Whether there is a message to receive."""
        return has_come(self.socket)

    def receive(self) -> Parts | None:
        """The next message, if it is here."""
        recv = self.socket.recv
        try:
            part = recv(_AT_ONCE, copy=False)
        except zmq.Again:
            return None
        parts: Parts = [part.bytes]
        while part.more:
            part = recv(_AT_ONCE, copy=False)
            parts.append(part.buffer)
        return parts

    def refusal(self) -> str:
        """Why the server lets this client in no more; "" where nothing is known of that."""
        while has_come(self._events):
            event = recv_monitor_message(self._events)
            if event["event"] == _REFUSED:
                return "this key is not welcome there"
            if event["event"] == _SHAKEN:
                self._broken_off = 0
            elif event["event"] == _BROKEN_OFF:
                self._broken_off += 1
            elif int(event["value"]) == zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH:
                return "no keys are wanted there" if self._has_keys else _KEY_WANTED
        return ""

    def suspicion(self) -> str:
        """Why the server may not let this client in, as far as `refusal` has looked; "" where nothing speaks for that.
        A server that wants keys, or none, can hang up before it has said so: on a machine with too much to do it always
        does. So does whatever stands before a server that is not there.
        """
        if self._broken_off < _TOO_OFTEN:
            return ""
        maybe = "its key is another, or no keys are wanted there" if self._has_keys else _KEY_WANTED
        return f"it hangs up each time; maybe {maybe}"

    def close(self, linger_ms: int) -> None:
        """Close it; what was sent has so long to get out."""
        self.socket.disable_monitor()
        self._events.close(linger=0)
        self.socket.close(linger=linger_ms)

    def _prepare(self, keys: Keys | None) -> None:
        if keys is not None:
            try:
                keys.lock(self.socket)
            except zmq.ZMQError as error:
                raise ValueError(f"server_key is {keys.server.decode()!r}, which is no public key (Z85)") from error
        self.socket.linger = 0
        self.socket.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 50)
        self.socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)


def has_come(socket: "zmq.Socket[bytes]") -> bool:
    """Whether there is something to read at a socket; to poll one alone costs several times as much."""
    return bool(int(socket.get(_EVENTS)) & _IN)
