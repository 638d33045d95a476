"""What the front process decides, without a socket: every function takes what came and returns what is to be done.

A peer is a connection, named by the transport. A session belongs to whoever knows its token; at any time it is attached
to one peer, or detached and kept for a while. The life of a session, and what moves it:

    (none) ──hello──▶ attached ──10 s without a message, or not to be reached──▶ detached ──120 s──▶ (none)
                          ▲                                                          │
                          └────────── resuming ◀──hello with the token───────────────┘
    attached ──bye──▶ (none)

While a session resumes, its worker looks whether it still has what the client asks for; frames that were on their way
to the old peer are dropped, and no frame goes to the new one before its `welcome`.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ambiome_protocol.audio import CHANNELS
from ambiome_protocol.codec import decode_client, encode, error_message
from ambiome_protocol.errors import ProtocolError, shown, unknown_name
from ambiome_protocol.limits import (
    DETACH_AFTER_S,
    KEEP_DETACHED_S,
    MAX_MESSAGES_PER_S,
    MAX_OUTSTANDING_STEPS,
    MAX_SESSIONS,
    RESUME_BYTES,
)
from ambiome_protocol.lists import ByeReason
from ambiome_protocol.messages import (
    ClientBye,
    ClientMessage,
    Credit,
    Explain,
    Hello,
    ServerBye,
    Welcome,
)
from ambiome_protocol.version import VERSION, is_compatible
from msgspec import UNSET

from ambiome_middleware.gate import Guest
from ambiome_middleware.rates import Rates
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES
from ambiome_middleware.wire import (
    Ask,
    Close,
    Ended,
    Grant,
    Load,
    Open,
    Order,
    Pause,
    Report,
    Restore,
    Resume,
    Resumed,
    Say,
    Tell,
)


@dataclass(frozen=True, slots=True)
class Send:
    """A message for a peer."""

    peer: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Command:
    """An order for a worker."""

    worker: int
    order: Order


Action = Send | Command


@dataclass(frozen=True, slots=True)
class Manners:
    """How long silence is borne, how many sessions, and how busy a worker may be with live ones, as a share of its
    time, before it takes no more of them. Seconds; the defaults are the protocol's.
    """

    detach_after_s: float = DETACH_AFTER_S
    keep_detached_s: float = KEEP_DETACHED_S
    max_sessions: int = MAX_SESSIONS
    most_busy: float = 0.9


RETRY_S: Final = 10
"""Who is refused for want of room is told to come again after so long."""
MEASURABLE: Final = 8
"""What one more session costs is measured from so many on: fewer say more of the machine's moods than of sessions."""
NEURAL_LOAD: Final = 50
"""One listener of the neural renderer is as much work for a worker as about so many of the procedural one."""


@dataclass(slots=True, eq=False)
class Listener:
    """A session as the front knows it. `peer` is None while it is detached or resuming; times in seconds."""

    number: int
    token: bytes
    worker: int
    hello: Hello
    peer: bytes | None
    heard_at: float
    guest: Guest | None = None
    underruns: int = 0
    resuming: bytes | None = None
    attempts: int = 0
    detached_at: float = field(default=0.0)

    @property
    def name(self) -> str:
        """What logs call it."""
        return f"s{self.number}"

    @property
    def load(self) -> int:
        """How much work it is for its worker, in listeners of the procedural renderer."""
        return NEURAL_LOAD if self.hello.renderer == "neural" else 1


class Front:
    """All sessions of a server, by number, token and peer."""

    def __init__(
        self,
        workers: Sequence[int],
        sound_version: int,
        manners: Manners | None = None,
        new_token: Callable[[int], bytes] = secrets.token_bytes,
        weights: str = "",
        is_written: bool = False,
    ) -> None:
        """`workers` are the numbers of those that render; `new_token` makes so many unguessable bytes; `weights` is the
        digest of what the neural renderer has learned, "" where it is not offered. Where sessions are `is_written`
        down, they outlive their worker.
        """
        self.manners: Final = manners or Manners()
        self._sound_version, self._weights, self._is_written = sound_version, weights, is_written
        self._new_token = new_token
        self._load = dict.fromkeys(workers, 0)
        self._told: dict[int, Load] = {}
        self._taken_since: Counter[int] = Counter()
        self._sessions: dict[int, Listener] = {}
        self._by_token: dict[bytes, Listener] = {}
        self._by_peer: dict[bytes, Listener] = {}
        self._opened = 0
        self._rates = Rates()
        self.underruns = 0
        """Underruns that clients have reported."""
        self.refused: Final[Counter[str]] = Counter()
        """Errors that peers were told from here, by code."""

    def __repr__(self) -> str:
        return "<Front, {} attached, {} detached>".format(*self.counts())

    def counts(self) -> tuple[int, int]:
        """How many sessions are attached, and how many detached."""
        attached = sum(listener.peer is not None for listener in self._sessions.values())
        return attached, len(self._sessions) - attached

    def loaded(self, load: Load) -> None:
        """A worker has said how busy it is."""
        self._told[load.worker] = load
        self._taken_since[load.worker] = 0

    def peer_of(self, session: int) -> bytes | None:
        """Where frames of a session go; None where to nobody."""
        listener = self._sessions.get(session)
        return listener.peer if listener else None

    def receive(self, peer: bytes, data: bytes, now_s: float, guest: Guest | None = None) -> list[Action]:
        """A message came from a peer, any bytes. What is wrong with it is told to that peer alone. `guest` is whose key
        the peer has, where keys are needed.
        """
        if not self._rates.takes(peer, now_s):
            return self._too_many(peer, now_s)
        listener = self._by_peer.get(peer)
        if listener is not None:
            listener.heard_at = now_s
        try:
            message = decode_client(data)
            if isinstance(message, Hello):
                return self._hello(peer, message, now_s, guest)
            if listener is None:
                raise ProtocolError("unknown_session", field="type", seq=getattr(message, "seq", 0))
            return self._from_listener(listener, peer, message, data)
        except ProtocolError as error:
            self.refused[error.code] += 1
            return [Send(peer, encode(error_message(error)))]

    def _too_many(self, peer: bytes, now_s: float) -> list[Action]:
        """A message beyond what a peer may send is not read; that it was not, the peer is told now and then."""
        self.refused["at_limit"] += 1
        if not self._rates.is_to_be_told(peer, now_s):
            return []
        allowed = f"{MAX_MESSAGES_PER_S} messages a second; what came beyond was not read"
        return [Send(peer, encode(error_message(ProtocolError("at_limit", allowed=allowed, retry_s=1.0))))]

    def report(self, report: Report, now_s: float) -> list[Action]:
        """A worker said something (frames excepted: they go straight to `peer_of` their session)."""
        match report:
            case Say(session, data):
                peer = self.peer_of(session)
                return [Send(peer, data)] if peer is not None else []
            case Resumed():
                return self._resumed(report, now_s)
            case Ended(session):
                self._forget(self._sessions.get(session))
        return []

    def unreachable(self, peer: bytes, now_s: float) -> list[Action]:
        """The peer is gone, or reads so slowly that no more can be sent: its session is detached, and can resume."""
        listener = self._by_peer.get(peer)
        return self._detach(listener, now_s) if listener else []

    def tick(self, now_s: float) -> list[Action]:
        """Time has passed: the silent are detached, those that were detached for long are closed."""
        actions: list[Action] = []
        for listener in list(self._sessions.values()):
            if listener.peer is not None:
                if now_s - listener.heard_at >= self.manners.detach_after_s:
                    actions.append(_bye(listener.peer, "detached"))
                    actions += self._detach(listener, now_s)
            elif listener.resuming is None and now_s - listener.detached_at >= self.manners.keep_detached_s:
                self._forget(listener)
                actions.append(Command(listener.worker, Close(listener.number)))
        return actions

    def adopt(self, orders: Iterable[Open], now_s: float) -> list[Action]:
        """Go on with sessions that another process served, and that are written down: they are detached."""
        actions: list[Action] = []
        for order in orders:
            hello = Hello(
                version=VERSION, seed=order.seed, layout=order.layout, format=order.format, pace=order.pace,
                renderer=order.renderer, telemetry_hz=order.telemetry_hz,
            )  # fmt: skip
            guest = Guest(order.guest) if order.guest else None
            listener = Listener(order.session, order.token, self._least_loaded(), hello, None, now_s, guest)
            listener.detached_at = now_s
            self._opened = max(self._opened, order.session)
            self._load[listener.worker] += listener.load
            self._sessions[listener.number] = self._by_token[listener.token] = listener
            actions.append(Command(listener.worker, Restore(listener.number)))
        return actions

    def worker_lost(self, worker: int, now_s: float) -> list[Action]:
        """A worker died. Where its sessions are written down, they are detached until it is there again; else they are
        gone with it: their clients are told, and get new ones when they ask.
        """
        actions: list[Action] = []
        fault = ProtocolError("internal", "the process that rendered this session has died; open a new one")
        for listener in [listener for listener in self._sessions.values() if listener.worker == worker]:
            peer = listener.peer or listener.resuming
            if self._is_written:
                self._detach(listener, now_s)
            else:
                self._forget(listener)
            if peer is not None:
                actions.append(_bye(peer, "detached") if self._is_written else Send(peer, encode(error_message(fault))))
        self._load.pop(worker, None)
        self._told.pop(worker, None)
        return actions

    def worker_ready(self, worker: int) -> list[Action]:
        """A worker renders and may be given sessions; those that it had, and that are written down, it takes up."""
        own = [listener for listener in self._sessions.values() if listener.worker == worker]
        self._load.setdefault(worker, sum(listener.load for listener in own))
        return [Command(worker, Restore(listener.number)) for listener in own]

    def stop(self) -> list[Action]:
        """The server ends: whom to tell."""
        return [_bye(peer, "shutdown") for peer in self._by_peer]

    def _hello(self, peer: bytes, hello: Hello, now_s: float, guest: Guest | None) -> list[Action]:
        if peer in self._by_peer:
            raise ProtocolError("already_open", field="type", value="'hello'")
        if not is_compatible(hello.version):
            allowed = f"{VERSION.partition('.')[0]}.x (it speaks {VERSION})"
            raise ProtocolError("version", field="version", value=shown(hello.version), allowed=allowed)
        if hello.resume is not UNSET and hello.next_step is not UNSET:
            return self._resume(peer, hello.resume, hello.next_step, now_s, guest)
        if hello.renderer == "neural" and not self._weights:
            raise unknown_name("renderer", hello.renderer, ["procedural"])
        if len(self._sessions) >= self.manners.max_sessions or not self._load:
            limit = self.manners.max_sessions if self._load else 0
            raise _busy(f"{limit} sessions")
        if guest is not None and self._sessions_of(guest) >= guest.sessions:
            raise _busy(f"{guest.sessions} sessions of this key")
        if hello.pace == "live" and not self._has_room(self._least_loaded(), hello):
            raise _busy("as many live sessions as can be rendered in time")
        listener = self._open(peer, hello, now_s, guest)
        order = Open(
            listener.number,
            hello.seed,
            hello.layout,
            hello.format,
            hello.pace,
            hello.telemetry_hz,
            hello.renderer,
            listener.token,
            _name(guest),
        )
        return [Command(listener.worker, order), self._welcome(listener, peer)]

    def _open(self, peer: bytes, hello: Hello, now_s: float, guest: Guest | None) -> Listener:
        self._opened += 1
        worker = self._least_loaded()
        listener = Listener(self._opened, self._new_token(RESUME_BYTES), worker, hello, peer, now_s, guest)
        self._load[worker] += listener.load
        self._taken_since[worker] += listener.load * (hello.pace == "live")
        self._sessions[listener.number] = listener
        self._by_token[listener.token] = listener
        self._by_peer[peer] = listener
        return listener

    def _sessions_of(self, guest: Guest) -> int:
        return sum(_name(each.guest) == guest.name for each in self._sessions.values())

    def _least_loaded(self) -> int:
        return min(self._load, key=lambda number: (self._load[number], number))

    def _has_room(self, worker: int, hello: Hello) -> bool:
        """Whether a worker can render one live session more in time, as far as was measured: free ones use only what
        live ones leave, and are never refused for want of time.
        """
        told = self._told.get(worker)
        if told is None or told.live < MEASURABLE:
            return True
        more = self._taken_since[worker] + (NEURAL_LOAD if hello.renderer == "neural" else 1)
        return told.busy_live * (1.0 + more / told.live) <= self.manners.most_busy

    def _resume(self, peer: bytes, token: bytes, next_step: int, now_s: float, guest: Guest | None) -> list[Action]:
        listener = self._by_token.get(token)
        if listener is None or _name(listener.guest) != _name(guest):
            raise ProtocolError("bad_resume", field="resume", allowed="the token of a session that is still kept")
        actions: list[Action] = []
        old = listener.peer or listener.resuming
        if old is not None:
            actions.append(_bye(old, "detached"))
            actions += self._detach(listener, now_s)
        self._by_peer[peer] = listener
        listener.resuming, listener.heard_at = peer, now_s
        listener.attempts += 1
        return [*actions, Command(listener.worker, Resume(listener.number, listener.attempts, next_step))]

    def _resumed(self, report: Resumed, now_s: float) -> list[Action]:
        listener = self._sessions.get(report.session)
        if listener is None or listener.resuming is None or report.attempt != listener.attempts:
            return []
        peer = listener.resuming
        if report.refusal:
            error = ProtocolError("bad_resume", report.refusal, field="next_step")
            return [*self._detach(listener, now_s), Send(peer, encode(error_message(error)))]
        listener.peer, listener.resuming = peer, None
        return [self._welcome(listener, peer, report)]

    def _from_listener(self, listener: Listener, peer: bytes, message: ClientMessage, data: bytes) -> list[Action]:
        if isinstance(message, Credit):
            self.underruns += max(0, message.underruns - listener.underruns)
            listener.underruns = message.underruns
            order: Order = Grant(listener.number, message.until_step, message.played_step, message.underruns)
            return [Command(listener.worker, order)]
        if isinstance(message, ClientBye):
            self._forget(listener)
            return [Command(listener.worker, Close(listener.number)), _bye(peer, "bye")]
        if isinstance(message, Explain):
            return [Command(listener.worker, Ask(listener.number, message.seq))]
        return [Command(listener.worker, Tell(listener.number, data, getattr(message, "seq", 0)))]

    def _detach(self, listener: Listener, now_s: float) -> list[Action]:
        for peer in (listener.peer, listener.resuming):
            if peer is not None:
                self._by_peer.pop(peer, None)
        listener.peer = listener.resuming = None
        listener.detached_at = now_s
        return [Command(listener.worker, Pause(listener.number))]

    def _forget(self, listener: Listener | None) -> None:
        if listener is None or self._sessions.pop(listener.number, None) is None:
            return
        self._by_token.pop(listener.token, None)
        for peer in (listener.peer, listener.resuming):
            if peer is not None:
                self._by_peer.pop(peer, None)
        if listener.worker in self._load:
            self._load[listener.worker] -= listener.load

    def _welcome(self, listener: Listener, peer: bytes, resumed: Resumed | None = None) -> Send:
        hello = listener.hello
        welcome = Welcome(
            version=VERSION,
            session=listener.name,
            resume=listener.token,
            next_step=resumed.next_step if resumed else 0,
            seed=hello.seed,
            layout=hello.layout,
            format=hello.format,
            pace=hello.pace,
            renderer=hello.renderer,
            weights=self._weights if hello.renderer == "neural" else "",
            channels=CHANNELS[hello.layout],
            sample_rate_hz=SAMPLE_RATE_HZ,
            step_samples=STEP_SAMPLES,
            max_outstanding_steps=MAX_OUTSTANDING_STEPS[hello.pace],
            sound_version=self._sound_version,
            resumed=resumed is not None,
            last_seq=resumed.last_seq if resumed else 0,
        )
        return Send(peer, encode(welcome))


def _name(guest: Guest | None) -> str:
    return guest.name if guest else ""


def _busy(room: str) -> ProtocolError:
    allowed = f"{room}; try again in {RETRY_S} s"
    return ProtocolError("busy", field="type", value="'hello'", allowed=allowed, retry_s=RETRY_S)


def _bye(peer: bytes, reason: ByeReason) -> Send:
    return Send(peer, encode(ServerBye(reason=reason)))
