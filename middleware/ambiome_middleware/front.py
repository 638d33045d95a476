"""What the front process decides, without a socket: every function takes what came and returns what is to be done.

A peer is a connection, named by the transport. A session belongs to whoever knows its token; at any time it is attached
to one peer, or detached and kept for a while. The life of a session, and what moves it:

    (none) ──hello──▶ attached ──10 s without a message, or not to be reached──▶ detached ──120 s──▶ (none)
                          ▲                                                          │
                          └────────── resuming ◀──hello with the token───────────────┘
    attached ──bye──▶ (none)

A member of a zone is a session too, but its frames come from the zone, which is asked for them where a worker would be
(see `zone` and `zones`).

While a session resumes, its worker looks whether it still has what the client asks for; frames that were on their way
to the old peer are dropped, and no frame goes to the new one before its `welcome`.
"""

import logging
import math
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ambiome_protocol.audio import CHANNELS
from ambiome_protocol.codec import decode_client, encode, error_message
from ambiome_protocol.errors import ProtocolError, no_room, shown, unknown_name
from ambiome_protocol.limits import (
    DETACH_AFTER_S,
    KEEP_DETACHED_S,
    MAX_OUTSTANDING_STEPS,
    MAX_QUESTIONS_PER_S,
    MAX_SESSIONS,
    RESUME_BYTES,
)
from ambiome_protocol.lists import ByeReason
from ambiome_protocol.messages import (
    Change,
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
from msgspec.structs import replace

from ambiome_middleware.admission import Admission
from ambiome_middleware.clients import Clients, client_of
from ambiome_middleware.gate import Guest
from ambiome_middleware.listener import Listener
from ambiome_middleware.member_audio import Sound
from ambiome_middleware.rates import Rates
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES
from ambiome_middleware.wire import (
    Ask,
    Close,
    Ended,
    Grant,
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
from ambiome_middleware.zone import Ordered, Outcome, Play, Zone
from ambiome_middleware.zones import Zones


class Send(NamedTuple):
    """A message for a peer; a frame has audio."""

    peer: bytes
    data: bytes
    audio: Sound | None = None


class Command(NamedTuple):
    """An order for a worker."""

    worker: int
    order: Order


Action = Send | Command


@dataclass(frozen=True, slots=True)
class Manners:
    """How long silence is borne, how many sessions, and how busy a worker or the front may be with live ones, as a
    share of its time, before there is no room for more: below what a worker's `ladder` goes by, so that those who were
    let in are in full quality until they themselves have more to do. Seconds; the times are the protocol's.
    """

    detach_after_s: float = DETACH_AFTER_S
    keep_detached_s: float = KEEP_DETACHED_S
    max_sessions: int = MAX_SESSIONS
    most_busy: float = 0.75


MOST_LOST: Final = 256
"""Of so many sessions that were lost to a fault of ours it is known, for clients that come back to them."""
BUSY_EVERY_S: Final = 10.0
"""That somebody was refused for want of room is logged this often at most."""

_log: Final = logging.getLogger(__name__)


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
        self.admission: Final = Admission(workers, self.manners.most_busy)
        self.zones: Final = Zones(new_token, self.admission.later_s)
        self._sessions: dict[int, Listener] = {}
        self._by_token: dict[bytes, Listener] = {}
        self._by_peer: dict[bytes, Listener] = {}
        self._lost: dict[bytes, str] = {}
        self._openers: dict[int, str] = {}
        self._opened = 0
        self._clients, self._questions = Clients(), Rates(MAX_QUESTIONS_PER_S)
        self._busy_told_at = -math.inf
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

    def peer_of(self, session: int) -> bytes | None:
        """Where frames of a session go; None where to nobody."""
        listener = self._sessions.get(session)
        return listener.peer if listener else None

    def receive(
        self, peer: bytes, data: bytes | None, now_s: float, guest: Guest | None = None, address: str = ""
    ) -> list[Action]:
        """A message came from a peer, any bytes; None: one of several parts. What is wrong with it is told to that peer
        alone. `guest` is whose key the peer has, where keys are needed; `address` is the network address of a peer of
        another machine, "" of one of this machine.
        """
        client = client_of(peer, guest, address)
        if not self._clients.takes(client, now_s):
            self.refused["at_limit"] += 1
            error = self._clients.refusal(client, now_s)
            return [] if error is None else [Send(peer, encode(error_message(error)))]
        actions: list[Action] = []
        listener = self._by_peer.get(peer)
        if listener is not None and listener.guest is not guest and _name(listener.guest) != _name(guest):
            # A connection has the name that it gives itself, and gets one only when whoever had it is gone.
            actions, listener = self._detach(listener, now_s), None
        if listener is not None:
            listener.heard_at = now_s
            if listener.client == client:
                return self._understood(peer, listener, data, now_s, guest)
        actions += self._understood(peer, listener, data, now_s, guest)
        listener = self._by_peer.get(peer)
        if listener is not None and listener.client != client:
            self._clients.hand_over(listener.client, client)
            listener.client = client
        return actions

    def _understood(
        self, peer: bytes, listener: Listener | None, data: bytes | None, now_s: float, guest: Guest | None
    ) -> list[Action]:
        try:
            if data is None:
                raise ProtocolError("malformed", value="of several parts", allowed="one part")
            message = decode_client(data)
            if isinstance(message, Hello):
                return self._hello(peer, message, now_s, guest)
            if listener is None:
                raise ProtocolError("unknown_session", field="type", seq=getattr(message, "seq", 0))
            return self._from_listener(listener, peer, message, data)
        except ProtocolError as error:
            if error.code == "busy" and now_s - self._busy_told_at >= BUSY_EVERY_S:
                self._busy_told_at = now_s
                _log.warning("a hello is refused: there is room for %s", error.allowed, extra={"code": error.code})
            return [self._refusal(peer, error)]

    def _refusal(self, peer: bytes, error: ProtocolError) -> Send:
        self.refused[error.code] += 1
        return Send(peer, encode(error_message(error)))

    def report(self, report: Report, now_s: float) -> list[Action]:
        """A worker said something (frames excepted: they go straight to `peer_of` their session)."""
        zone = self.zones.of(report.session) if isinstance(report, Say | Resumed | Ended) else None
        if zone is not None:
            return self._end(zone) if isinstance(report, Ended) else self._done(zone, zone.report(report, now_s), now_s)
        match report:
            case Say(session, data):
                peer = self.peer_of(session)
                return [Send(peer, data)] if peer is not None else []
            case Resumed():
                return self._resumed(report, now_s)
            case Ended(session, fault):
                return self._ended(self._sessions.get(session), fault)
        return []

    def heard(self, zone: int, header: bytes, audio: Sound) -> list[Action]:
        """A frame of the zone whose session has this number: whom it is sent to."""
        found = self.zones.of(zone)
        return self._done(found, found.heard(header, audio), 0.0) if found else []

    def unreachable(self, peer: bytes, now_s: float) -> list[Action]:
        """The peer is gone, or reads so slowly that no more can be sent: its session is detached, and can resume."""
        listener = self._by_peer.get(peer)
        return self._detach(listener, now_s) if listener else []

    def tick(self, now_s: float) -> list[Action]:
        """Time has passed: the silent are detached, those that were detached for long are closed."""
        actions: list[Action] = []
        for listener in list(self._sessions.values()):
            peer = listener.peer or listener.resuming
            if peer is not None:
                since_s = listener.resuming_at if listener.resuming else listener.heard_at
                if now_s - since_s >= self.manners.detach_after_s:
                    actions += [_bye(peer, "detached"), *self._detach(listener, now_s)]
            elif now_s - listener.detached_at >= self.manners.keep_detached_s:
                self._forget(listener)
                actions += self._order(listener, Close(listener.number))
        for zone in self.zones.overdue(now_s):
            actions += [*self._end(zone, "zone_ended"), Command(zone.worker, Close(zone.number))]
        for zone in self.zones:
            actions += self._done(zone, zone.tick(now_s), now_s)
        return actions

    def adopt(self, orders: Iterable[Open], now_s: float, newest: int = 0) -> list[Action]:
        """Go on with sessions that another process served, and that are written down: they are detached. New ones get
        numbers above `newest` too.
        """
        actions: list[Action] = []
        self._opened = max(self._opened, newest)
        for order in orders:
            hello = Hello(
                version=VERSION, seed=order.seed, layout=order.layout, format=order.format, pace=order.pace,
                renderer=order.renderer, telemetry_hz=order.telemetry_hz,
            )  # fmt: skip
            self._opened = max(self._opened, order.session)
            if order.zone:
                hello, worker = replace(hello, zone=order.zone, zone_key=order.token), self.admission.least_loaded()
                self.admission.give(worker, hello)
                self._openers[order.session] = order.guest
                actions += [Command(worker, each) for each in self.zones.adopt(order.session, worker, hello, now_s)]
                continue
            guest = Guest(order.guest) if order.guest else None
            listener = self._enter(Listener(
                order.session, order.token, self.admission.least_loaded(), hello, None, now_s, guest, detached_at=now_s,
            ))  # fmt: skip
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
        for zone in self.zones.at(worker):
            if self._is_written:
                zone.rest()
            else:
                self.zones.lose(zone, now_s)
                self._openers.pop(zone.number, None)
        self.admission.lose(worker)
        return actions

    def worker_ready(self, worker: int) -> list[Action]:
        """A worker renders and may be given sessions; those that it had, and that are written down, it takes up."""
        own = [each for each in self._sessions.values() if each.worker == worker and not each.zone]
        zones = self.zones.at(worker)
        self.admission.welcome(worker, [*(each.hello for each in own), *(zone.hello for zone in zones)])
        orders: list[Order] = [Restore(listener.number) for listener in own]
        # What was ordered while it was away has not reached it.
        orders += [_resume(listener) for listener in own if listener.resuming is not None]
        for zone in zones:
            orders += [Restore(zone.number), *zone.restore(zone.next_step)]
        return [Command(worker, order) for order in orders]

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
        zone = None if hello.zone is UNSET else self.zones.find(hello, now_s)
        if self._taken(zone) >= self.manners.max_sessions or not self.admission.load:
            limit = self.manners.max_sessions if self.admission.load else 0
            raise no_room(f"{limit} sessions", self.admission.later_s())
        if guest is not None and self._taken(zone, guest) >= guest.sessions:
            raise no_room(f"{guest.sessions} sessions of this key", self.admission.later_s())
        # Free ones use only what live ones leave, and are never refused for want of time.
        worker = zone.worker if zone else self.admission.place(hello)
        if worker is None:
            raise no_room("as many live sessions as can be rendered in time", self.admission.retry_s())
        if hello.pace == "live" and not self.admission.has_front_room():
            raise no_room("as many live sessions as can be sent their frames in time", self.admission.retry_s())
        if hello.zone is not UNSET:
            return self._join(peer, hello, zone, worker, now_s, guest)
        listener = self._open(peer, hello, worker, now_s, guest)
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
        return [Command(listener.worker, order), self._welcome(listener, peer, 0)]

    def _join(
        self, peer: bytes, hello: Hello, zone: Zone | None, worker: int, now_s: float, guest: Guest | None
    ) -> list[Action]:
        """A member of a zone more; where there is no such zone, it is opened."""
        actions: list[Action] = []
        is_owner = zone is None or hello.zone_key is not UNSET
        if zone is None:
            self._opened += 1
            zone = self.zones.open(self._opened, worker, hello, now_s)
            self.admission.give(worker, hello)
            self._openers[zone.number] = _name(guest)
            actions.append(Command(worker, zone.order(_name(guest))))
        listener = self._open(peer, replace(hello, seed=zone.hello.seed), worker, now_s, guest, zone)
        member = zone.join(listener.number, hello, is_owner, now_s)
        return [*actions, self._welcome(listener, peer, member.next_step)]

    def _open(
        self, peer: bytes, hello: Hello, worker: int, now_s: float, guest: Guest | None, zone: Zone | None = None
    ) -> Listener:
        self._opened += 1
        token = self._new_token(RESUME_BYTES)
        listener = self._enter(Listener(self._opened, token, worker, hello, peer, now_s, guest, zone))
        listener.log("is opened")
        return listener

    def _enter(self, listener: Listener) -> Listener:
        """Into the tables."""
        if listener.zone is None:
            self.admission.give(listener.worker, listener.hello)
        self.admission.come(listener.is_live)
        self._sessions[listener.number] = self._by_token[listener.token] = listener
        if listener.peer is not None:
            self._by_peer[listener.peer] = listener
        return listener

    def _taken(self, joined: Zone | None, guest: Guest | None = None) -> int:
        """How many sessions there are, of one guest or of all. A zone without members is one of who opened it, but not
        the one that is being `joined`.
        """
        empty = [zone for zone in self.zones if not zone.members and zone is not joined]
        if guest is None:
            return len(self._sessions) + len(empty)
        names = [_name(each.guest) for each in self._sessions.values()]
        return [*names, *(self._openers.get(zone.number) for zone in empty)].count(guest.name)

    def _resume(self, peer: bytes, token: bytes, next_step: int, now_s: float, guest: Guest | None) -> list[Action]:
        listener = self._by_token.get(token)
        if token in self._lost:
            raise ProtocolError("internal", self._lost[token])
        if listener is None or _name(listener.guest) != _name(guest):
            raise _bad_resume()
        actions: list[Action] = []
        old = listener.peer or listener.resuming
        if old is not None:
            actions.append(_bye(old, "detached"))
            actions += self._detach(listener, now_s)
        self._by_peer[peer] = listener
        listener.resuming, listener.resuming_at, listener.heard_at = peer, now_s, now_s
        listener.wanted_step = next_step
        listener.attempts += 1
        return [*actions, *self._order(listener, _resume(listener))]

    def _resumed(self, report: Resumed, now_s: float) -> list[Action]:
        listener = self._sessions.get(report.session)
        if listener is None or listener.resuming is None or report.attempt != listener.attempts:
            return []
        peer = listener.resuming
        if report.refusal:
            error = ProtocolError("bad_resume", report.refusal, field="next_step")
            return [*self._detach(listener, now_s), Send(peer, encode(error_message(error)))]
        listener.peer, listener.resuming = peer, None
        listener.log("goes on")
        return [self._welcome(listener, peer, report.next_step, report)]

    def _ended(self, listener: Listener | None, fault: str) -> list[Action]:
        """A worker has lost a session. It has told the client so, unless that one still waits for its welcome; where it
        was a fault of ours, who comes back to it later is told so too.
        """
        peer = listener.resuming if listener else None
        if listener is not None and fault:
            self._lost[listener.token] = fault
            if len(self._lost) > MOST_LOST:
                del self._lost[next(iter(self._lost))]
        self._forget(listener)
        if peer is None:
            return []
        return [self._refusal(peer, ProtocolError("internal", fault) if fault else _bad_resume())]

    def _from_listener(self, listener: Listener, peer: bytes, message: ClientMessage, data: bytes) -> list[Action]:
        if isinstance(message, Credit):
            self.underruns += listener.underran(message.underruns)
            order: Order = Grant(listener.number, message.until_step, message.played_step, message.underruns)
            return self._order(listener, order)
        if isinstance(message, ClientBye):
            self._forget(listener, message.reason)
            return [*self._order(listener, Close(listener.number)), _bye(peer, "bye")]
        if isinstance(message, Explain):
            return self._ask(listener, message.seq)
        if listener.zone is not None and isinstance(message, Change):
            return self._done(listener.zone, listener.zone.tell(listener.number, message), listener.heard_at)
        return [Command(listener.worker, Tell(listener.number, data, getattr(message, "seq", 0)))]

    def _ask(self, listener: Listener, seq: int) -> list[Action]:
        """A question, for its worker. To answer one costs that as much as many changes: only so many a second are let
        through.
        """
        asked = [listener.number, *([listener.zone.number] if listener.zone else [])]
        if not all(self._questions.takes(number, listener.heard_at) for number in asked):
            allowed = f"{MAX_QUESTIONS_PER_S} questions a second of a session, and of a zone"
            raise ProtocolError(
                "at_limit", field="type", value="'explain'", allowed=allowed, seq=seq, retry_s=1 / MAX_QUESTIONS_PER_S
            )
        return self._order(listener, Ask(listener.number, seq))

    def _order(self, listener: Listener, order: Order) -> list[Action]:
        """An order about a session, for its worker; the zone of a member does at once what one would."""
        if listener.zone is None:
            return [Command(listener.worker, order)]
        return self._done(listener.zone, listener.zone.obey(order, listener.heard_at), listener.heard_at)

    def _done(self, zone: Zone, outcomes: Iterable[Outcome], now_s: float) -> list[Action]:
        """What is to be done about what came of something at a zone."""
        actions: list[Action] = []
        for each in outcomes:
            if isinstance(each, Play):
                peer = self.peer_of(each.session)
                if peer is not None:
                    actions.append(Send(peer, each.header, each.audio))
            elif isinstance(each, Ordered):
                actions.append(Command(zone.worker, each.order))
            else:
                actions += self.report(each, now_s)
        return actions

    def _end(self, zone: Zone, reason: ByeReason | None = None) -> list[Action]:
        """A zone is over, and its members with it; they are told why, unless they have been."""
        self.zones.close(zone)
        self._openers.pop(zone.number, None)
        self.admission.take(zone.worker, zone.hello)
        members = [self._sessions[number] for number in zone.members]
        peers = [listener.peer or listener.resuming for listener in members]
        for listener in members:
            self._forget(listener)
        return [_bye(peer, reason) for peer in peers if peer is not None and reason is not None]

    def _detach(self, listener: Listener, now_s: float) -> list[Action]:
        for peer in (listener.peer, listener.resuming):
            if peer is not None:
                self._by_peer.pop(peer, None)
        listener.peer = listener.resuming = None
        listener.detached_at = now_s
        listener.log("is detached")
        return self._order(listener, Pause(listener.number))

    def _forget(self, listener: Listener | None, reason: str = "") -> None:
        if listener is None or self._sessions.pop(listener.number, None) is None:
            return
        self._by_token.pop(listener.token, None)
        self._clients.hand_over(listener.client, None)
        if listener.zone is not None:
            listener.zone.members.pop(listener.number, None)
        for peer in (listener.peer, listener.resuming):
            if peer is not None:
                self._by_peer.pop(peer, None)
        if listener.zone is None:
            self.admission.take(listener.worker, listener.hello)
        self.admission.go(listener.is_live)
        listener.log(f"is over: {shown(reason)}" if reason else "is over")

    def _welcome(self, listener: Listener, peer: bytes, next_step: int, resumed: Resumed | None = None) -> Send:
        hello, zone = listener.hello, listener.zone
        welcome = Welcome(
            version=VERSION,
            session=listener.name,
            resume=listener.token,
            next_step=next_step,
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
            zone_key=zone.key if zone and zone.members[listener.number].is_owner else UNSET,
        )
        return Send(peer, encode(welcome))


def _name(guest: Guest | None) -> str:
    return guest.name if guest else ""


def _resume(listener: Listener) -> Resume:
    return Resume(listener.number, listener.attempts, listener.wanted_step)


def _bad_resume() -> ProtocolError:
    return ProtocolError("bad_resume", field="resume", allowed="the token of a session that is still kept")


def _bye(peer: bytes, reason: ByeReason) -> Send:
    return Send(peer, encode(ServerBye(reason=reason)))
