"""The socket of clients: what they send is read in turns that end, and what they are sent never waits.

It knows peers, guests and bytes; what messages mean is known in `front`.
"""

import logging
from collections.abc import Callable
from typing import Final

import zmq
from ambiome_protocol.address import check_address
from ambiome_protocol.limits import MAX_CLIENT_MESSAGE_BYTES, MAX_OUTSTANDING_STEPS

from ambiome_middleware.gate import Gate, Guest, is_closed, is_local
from ambiome_middleware.member_audio import Sound

SEND_QUEUE: Final = 2 * MAX_OUTSTANDING_STEPS["free"]
"""Messages that may wait for one client: all the frames it may have outstanding, and as much again of other things. A
client for which more wait does not read what it asks for, and is detached."""
RECEIVE_QUEUE: Final = 256
LARGEST_READ_BYTES: Final = 4 * MAX_CLIENT_MESSAGE_BYTES
"""What is too large by less than this gets an error in return; beyond it, the transport ends the connection."""
MESSAGES_AT_ONCE: Final = 256
PARTS_AT_ONCE: Final = 256
"""Parts of a message that is let go, between two looks at the clock; one of more parts is worth a line of the log."""
WARN_EVERY_S: Final = 1.0
READ_FOR_S: Final = 0.003
HEARTBEAT_MS: Final = 5_000
HEARTBEAT_TIMEOUT_MS: Final = 10_000

# As integers: to combine enums costs more than to send.
_AT_ONCE, _MORE = int(zmq.DONTWAIT), int(zmq.SNDMORE)
_log: Final = logging.getLogger(__name__)

Take = Callable[[bytes, bytes | None, float, Guest | None, str], None]
"""Takes a message: the peer, its bytes (None: several parts), when it was read, whose key the peer has, and its network
address, "" on this machine."""


class BindError(Exception):
    """No clients can be served at an address; the text says why and what would help."""


class ClientSocket:
    """A ROUTER, bound. `socket` is for polling; `address` is where it is."""

    def __init__(
        self, context: "zmq.Context[zmq.Socket[bytes]]", bind: str, gate: Gate | None, clock: Callable[[], float]
    ) -> None:
        """Take the address `bind`, at once; with a `gate`, only for those that it lets in. BindError if it cannot be
        had.
        """
        self._gate, self._clock = gate, clock
        self._let_go_of, self._parts, self._warned_at = "", 0, float("-inf")
        self._unreached: set[bytes] = set()
        self.socket: Final = context.socket(zmq.ROUTER)
        try:
            self.address: Final = self._bind(bind)
        except BaseException:
            self.close()
            raise
        self._is_closed = is_closed(self.address)
        # What `zmq.Socket` adds to sending is for other kinds of socket, and would be paid for with every frame.
        self._send = super(zmq.Socket, self.socket).send

    def close(self, linger_ms: int = 0) -> None:
        """Close it; what was sent has so long to get out."""
        self.socket.close(linger=linger_ms)

    def read(self, take: Take) -> bool:
        """Let `take` have what clients have sent, for a turn's time; whether that was all of it."""
        clock, recv = self._clock, self.socket.recv
        now_s = clock()
        if self._parts and not self._is_let_go(now_s):
            return False
        for _ in range(MESSAGES_AT_ONCE):
            if clock() - now_s > READ_FOR_S:
                return False  # large messages take long to refuse, and frames wait
            try:
                peer = recv(_AT_ONCE)
            except zmq.Again:
                return True
            part = recv(_AT_ONCE, copy=False)
            guest, address = self._sender_of(part)
            take(peer, None if part.more else part.bytes, now_s, guest, address)
            if part.more:
                self._let_go_of, self._parts = guest.name if guest else _address_of(part), 1
                if not self._is_let_go(now_s):
                    return False
        return False

    def send(self, peer: bytes, data: bytes, audio: memoryview | Sound | None = None) -> bool:
        """Send, or note that the peer is not to be reached: gone, or not reading. Then it is sent nothing more, for its
        frames must come without a gap. Whether it was sent.
        """
        if peer in self._unreached:
            return False
        send = self._send
        try:
            send(peer, _AT_ONCE | _MORE)
        except zmq.ZMQError:
            self._unreached.add(peer)
            return False
        if audio is None:
            send(data)
        else:
            send(data, _MORE)
            send(audio, copy=False) if isinstance(audio, zmq.Frame) else send(audio)
        return True

    @property
    def has_unreached(self) -> bool:
        """Whether there are peers that could not be sent to."""
        return bool(self._unreached)

    def take_unreached(self) -> set[bytes]:
        """Who could not be sent to since this was last asked. To be given up once all is read that they have said
        before: it may have been a bye.
        """
        unreached, self._unreached = self._unreached, set()
        return unreached

    def _is_let_go(self, now_s: float) -> bool:
        """Read over what is left of a message of several parts, for this turn's time; whether that was all of it. There
        may be any number of them, and frames wait; what others have sent can only be read afterwards.
        """
        recv = self.socket.recv
        while self._clock() - now_s <= READ_FOR_S:
            for _ in range(PARTS_AT_ONCE):
                self._parts += 1
                if not recv(_AT_ONCE, copy=False).more:
                    self._parts, parts = 0, self._parts
                    if parts > PARTS_AT_ONCE and now_s - self._warned_at >= WARN_EVERY_S:
                        self._warned_at = now_s
                        _log.warning("a message of %d parts from %s was let go", parts, self._let_go_of)
                    return True
        return False

    def _sender_of(self, part: zmq.Frame) -> tuple[Guest | None, str]:
        """Who sent a message, where there is a gate, and from where: "" for this machine. Where only this machine can
        reach the server, that need not be looked up.
        """
        if self._gate is not None and (guest := self._gate.guest(str(part.get("User-Id")))) is not None:
            return guest, ""
        address = "" if self._is_closed else _address_of(part)
        return None, "" if is_local(address) else address

    def _bind(self, bind: str) -> str:
        """Prepare the socket and bind it; the address that it got."""
        try:
            check_address(bind, is_bound=True)
        except ValueError as error:
            raise BindError(str(error)) from error
        socket = self.socket
        if self._gate is not None:
            self._gate.lock(socket)
        socket.set(zmq.LINGER, 0)  # preset is for ever: of clients that were gone, some held up the server's end
        socket.set(zmq.ROUTER_MANDATORY, 1)
        socket.set(zmq.SNDHWM, SEND_QUEUE)
        socket.set(zmq.RCVHWM, RECEIVE_QUEUE)
        socket.set(zmq.MAXMSGSIZE, LARGEST_READ_BYTES)
        socket.set(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
        socket.set(zmq.HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS)
        try:
            socket.bind(bind)
        except zmq.ZMQError as error:
            if error.errno == zmq.EADDRINUSE:
                raise BindError(f"{bind} is in use: end what listens there, or choose another port") from error
            why = zmq.strerror(error.errno or 0)
            raise BindError(
                f"{bind!r} is no address to serve at ({why}): one like tcp://127.0.0.1:5571 is needed"
            ) from error
        return socket.get_string(zmq.LAST_ENDPOINT)


def _address_of(part: zmq.Frame) -> str:
    """From where a message came, as the transport says it; "" where it does not."""
    try:
        return str(part.get("Peer-Address"))
    except zmq.ZMQError:
        return ""
