"""The least of ZMTP 3.0 that a simulated client needs: a DEALER's side of one TCP connection, without libzmq.

Hundreds of clients in one process would spend most of their time in libzmq's I/O thread, and the machine's cores with
it; a benchmark is to measure the server, so its clients are as thin as they can be. Frames of https://rfc.zeromq.org/spec/23/:
a byte of flags (1 more, 2 long, 4 command), a size of 1 or 8 bytes, a body.
"""

import select
import socket
from typing import Final

_GREETING: Final = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
_READY: Final = b"\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"
_MORE, _LONG, _COMMAND = 1, 2, 4
_BUFFER_BYTES: Final = 1 << 17
_TIMEOUT_S: Final = 30.0


class Connection:
    """A DEALER on one TCP connection. Sending and receiving never wait once it stands."""

    def __init__(self, address: str) -> None:
        """Connect to an address like tcp://127.0.0.1:5571 and shake hands."""
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        self._socket = socket.create_connection((host, int(port)), _TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._filled = 0
        self._parts: list[bytes] = []
        self._socket.sendall(_GREETING + bytes([_COMMAND, len(_READY)]) + _READY)
        greeting = b""
        while len(greeting) < len(_GREETING):
            greeting += self._socket.recv(len(_GREETING) - len(greeting))
        self._socket.setblocking(False)

    def send(self, data: bytes) -> None:
        """Send a message of one part of at most 255 bytes."""
        self._socket.send(bytes((0, len(data))) + data)

    def receive(self) -> list[list[bytes]]:
        """The messages that have come, each as its parts."""
        while True:
            try:
                received = self._socket.recv_into(self._buffer[self._filled :])
            except BlockingIOError:
                break
            if not received:
                raise ConnectionError("the server has gone")
            self._filled += received
            if self._filled < _BUFFER_BYTES:
                break
        return self._parse()

    def wait(self) -> list[bytes]:
        """The next message, waited for."""
        while not (messages := self.receive()):
            if not select.select([self._socket], [], [], _TIMEOUT_S)[0]:
                raise TimeoutError("the server says nothing")
        return messages[0]

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _parse(self) -> list[list[bytes]]:
        messages, at, buffer = [], 0, self._buffer
        while self._filled - at >= 2:
            flags = buffer[at]
            start = at + (9 if flags & _LONG else 2)
            if start > self._filled:
                break
            size = int.from_bytes(buffer[at + 1 : start], "big")
            if start + size > self._filled:
                break
            at = start + size
            if flags & _COMMAND:
                continue
            self._parts.append(bytes(buffer[start:at]))
            if not flags & _MORE:
                messages.append(self._parts)
                self._parts = []
        rest = self._filled - at
        if at and rest:
            buffer[:rest] = bytes(buffer[at : self._filled])
        self._filled = rest
        return messages
