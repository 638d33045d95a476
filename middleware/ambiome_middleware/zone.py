"""One zone: a stream that is rendered once, and that many listeners are sent.

    clock      the zone goes on as far as its furthest-ahead member has credit
    ring       its newest frames, ZONE_RING_STEPS of them; each member is sent of them what it has credit for
    joining    a member begins JOIN_BEHIND_STEPS before the newest step: it has sound at once, and drives nobody
    falling    a member whose next step is not in the ring any more goes on as one that joins, warned and faded in
    telling    only owners change the world; where each member looks is its own affair, in ambisonics

For a member's front a zone is what a worker is for a session: it takes the orders about it, and reports. For the worker
that renders it, the zone is a session like any other. Changes of several owners are numbered anew for that session, and
what it says about one goes back to who told it, under the number that it had.
"""

from typing import Final, NamedTuple

import msgspec
from ambiome_protocol.build import restamp
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS, MAX_PENDING, MAX_UNREAD, ZONE_RING_STEPS
from ambiome_protocol.messages import (
    UNSET,
    Change,
    Error,
    Frame,
    Hello,
    SceneReport,
    ServerMessage,
    Warning,
    World,
    WorldMessage,
)
from msgspec.structs import replace

from ambiome_middleware.member import Member
from ambiome_middleware.member_audio import Sound
from ambiome_middleware.wire import Ask, Grant, Open, Order, Pause, Report, Resume, Resumed, Say, Tell

JOIN_BEHIND_STEPS: Final = 5
"""A live client holds two to four steps, and asks for them at once: so many behind, the ring has them all."""
MOST_ASKED: Final = 2 * (MAX_PENDING + MAX_UNREAD)
"""Of so many changes and questions it is known whose they were: of more than can wait for anything."""
_OUTSTANDING: Final = MAX_OUTSTANDING_STEPS["live"]
_FRAMES: Final = msgspec.msgpack.Decoder(Frame)


class Play(NamedTuple):
    """A frame for a member."""

    session: int
    header: bytes
    audio: Sound


class Ordered(NamedTuple):
    """An order for the worker that renders the zone."""

    order: Order


Outcome = Play | Ordered | Report
"""What comes of something: about members, by their numbers, and what the zone's worker is to do."""


class _Held(NamedTuple):
    """A frame in the ring, with the header that members have who have told nothing."""

    frame: Frame
    header: bytes
    audio: Sound


class Zone:
    """A zone and its members, by their numbers. `next_step` is the step that its worker renders next."""

    def __init__(self, number: int, worker: int, name: str, key: bytes, hello: Hello, now_s: float) -> None:
        """`number` is that of its session, `hello` what it was opened with, `key` the secret of its owners."""
        self.number, self.worker, self.name, self.key, self.hello = number, worker, name, key, hello
        self.members: dict[int, Member] = {}
        self.owned_at_s = now_s
        self.next_step = 0
        self.is_resting = False
        self._first_step = 0
        self._credit = self._played_step = self._underruns = 0
        self._ring: list[_Held | None] = [None] * ZONE_RING_STEPS
        self._numbered = self._attempts = 0
        self._asked: dict[int, tuple[int, int, int]] = {}

    def __repr__(self) -> str:
        return f"<Zone {self.name}, step {self.next_step} of {self._credit}, {len(self.members)} members>"

    @property
    def is_owned(self) -> bool:
        """Whether an owner is here."""
        return any(member.is_here and member.is_owner for member in self.members.values())

    def order(self, guest: str) -> Open:
        """What opens its session; `guest` is whose key the opener has."""
        hello = self.hello
        return Open(
            self.number, hello.seed, hello.layout, hello.format, hello.pace, hello.telemetry_hz, hello.renderer,
            self.key, guest, self.name,
        )  # fmt: skip

    def join(self, number: int, hello: Hello, is_owner: bool) -> Member:
        """A member more; it begins at its `next_step`."""
        member = Member(number, is_owner, hello.telemetry_hz > 0, self.next_step)
        if self.next_step:
            member.go_to(self._newest())
        self.members[number] = member
        return member

    def obey(self, order: Order) -> list[Outcome]:
        """An order about a member. ProtocolError, the member's to know, for credit beyond what it may have."""
        member = self.members.get(order.session)
        if member is None:
            return []
        match order:
            case Grant():
                return self._grant(member, order)
            case Ask():
                return [Ordered(Ask(self.number, self._number(member, order.seq)))]
            case Pause():
                member.is_here = False
            case Resume():
                return self._resume(member, order)
        return []

    def tell(self, number: int, change: Change) -> list[Outcome]:
        """A change that a member tells. ProtocolError where it is not its to tell."""
        member = self.members[number]
        if change.seq and change.seq <= member.received_seq:
            detail = f"seq {change.seq} is not above {member.received_seq}, which has been received; it was ignored"
            return [Say(number, encode(Warning(code="repeated", detail=detail, seq=change.seq)))]
        heading_deg, rest = _parted(change)
        is_turning = self.hello.layout == "ambisonics"
        if not member.is_owner and (rest is not None or not is_turning):
            kind = str(change.__struct_config__.tag)
            allowed = "explain" + (", and a world of nothing but listener.heading_deg" if is_turning else "")
            raise ProtocolError("not_owner", field="type", value=repr(kind), allowed=allowed, seq=change.seq)
        outcomes: list[Outcome] = []
        if heading_deg is not None and is_turning:
            member.wanted_deg = heading_deg % 360.0
        elif heading_deg is not None:
            detail = f"in a zone of {self.hello.layout}, a heading would turn everybody; it was left out"
            outcomes.append(Say(number, encode(Warning(code="heading_ignored", detail=detail, seq=change.seq))))
        if rest is None:
            member.applied_seq = change.seq or member.applied_seq
        else:
            outcomes.append(self._pass_on(member, rest))
        member.received_seq = max(member.received_seq, change.seq)
        return outcomes

    def heard(self, header: bytes, audio: Sound) -> list[Play]:
        """A frame was rendered: it is kept, and sent to those who have come to it and have credit."""
        frame = _FRAMES.decode(header)
        if frame.step != self.next_step:  # of a worker that began again
            return []
        held = _Held(frame, header if not frame.applied_seq else encode(replace(frame, applied_seq=0)), audio)
        step = frame.step
        self._ring[step % ZONE_RING_STEPS] = held
        self.next_step = step + 1
        self._first_step = max(self._first_step, self.next_step - ZONE_RING_STEPS)
        return [
            _played(member, held)
            for member in self.members.values()
            if member.next_step == step and member.credit > step and member.is_here
        ]

    def report(self, report: Report) -> list[Outcome]:
        """What the zone's worker says of it."""
        match report:
            case Say():
                return self._say(decode_server(report.data))
            case Resumed():
                return self._restored(report)
        return []

    def rest(self) -> None:
        """Its worker is gone, and the session is written down: what is in the ring is all there is for a while."""
        self.is_resting = True

    def restore(self, at_step: int) -> list[Order]:
        """Its worker is there again: what takes it up where it stood, at `at_step`."""
        self._attempts += 1
        return [Resume(self.number, self._attempts, at_step)]

    def _grant(self, member: Member, order: Grant) -> list[Outcome]:
        most = member.next_step + _OUTSTANDING
        if order.until_step > most:
            allowed = f"at most {most}, {_OUTSTANDING} steps beyond the frames sent"
            raise ProtocolError("credit", field="until_step", value=str(order.until_step), allowed=allowed)
        if order.underruns > member.underruns:
            # Who is not at the newest step did not run dry for want of rendering.
            self._underruns += (order.underruns - member.underruns) * (member.next_step == self.next_step)
            member.underruns = order.underruns
        member.credit = max(member.credit, order.until_step)
        self._played_step = max(self._played_step, min(order.played_step, member.next_step))
        outcomes = self._served(member)
        if member.credit > self._credit:
            self._credit = member.credit
            outcomes += self._granted()
        return outcomes

    def _granted(self) -> list[Outcome]:
        """The zone's credit, for its worker: up to where the furthest-ahead has it, and what is played of that."""
        if self.is_resting:
            return []
        return [Ordered(Grant(self.number, self._credit, self._played_step, self._underruns))]

    def _served(self, member: Member) -> list[Outcome]:
        """What is in the ring for a member and its credit."""
        outcomes: list[Outcome] = []
        if member.next_step < self._first_step and member.credit > member.next_step:
            outcomes.append(self._skip(member))
        end_step = min(member.credit, self.next_step)
        while member.next_step < end_step:
            held = self._ring[member.next_step % ZONE_RING_STEPS]
            assert held is not None  # the ring holds all from its first step on
            outcomes.append(_played(member, held))
        return outcomes

    def _skip(self, member: Member) -> Say:
        """A member has fallen out of the ring."""
        from_step = member.next_step
        member.go_to(self._newest())
        detail = f"step {from_step} is held no more; it goes on at step {member.next_step}"
        warning = Warning(code="skipped", detail=detail, from_step=from_step, next_step=member.next_step)
        return Say(member.number, encode(warning))

    def _newest(self) -> int:
        """Where a member begins."""
        return max(self._first_step, self.next_step - JOIN_BEHIND_STEPS)

    def _resume(self, member: Member, order: Resume) -> list[Outcome]:
        """A member is back, and wants frames from a step on that it may have lost on the way."""
        refusal, skipped = "", list[Outcome]()
        if order.next_step > member.next_step:
            refusal = f"next_step {order.next_step} lies beyond {member.next_step}, which comes next"
        else:
            member.is_here, member.next_step = True, order.next_step
            if member.next_step < self._first_step:
                skipped.append(self._skip(member))
        resumed = Resumed(member.number, order.attempt, member.next_step, member.received_seq, refusal)
        return [resumed, *skipped, *([] if refusal else self._served(member))]

    def _pass_on(self, member: Member, change: Change) -> Ordered:
        if self.is_resting:
            raise ProtocolError("at_limit", "the zone waits for what renders it; tell it again", seq=change.seq)
        number = self._number(member, change.seq)
        member.told[number] = change.seq
        return Ordered(Tell(self.number, encode(restamp(change, number)), number))

    def _number(self, member: Member, seq: int) -> int:
        """The zone's number for what a member calls `seq`."""
        self._numbered += 1
        self._asked[self._numbered] = (member.number, seq, member.received_seq)
        if len(self._asked) > MOST_ASKED:
            oldest = next(iter(self._asked))
            asker = self.members.get(self._asked.pop(oldest)[0])
            if asker is not None:
                asker.told.pop(oldest, None)
        return self._numbered

    def _say(self, message: ServerMessage) -> list[Outcome]:
        """What the zone's session says: to who asked, or to whom it concerns."""
        number = getattr(message, "seq", 0)
        if number in self._asked:
            asker, seq, before = self._asked[number]
            if asker not in self.members:
                return []
            if isinstance(message, Error):
                self._untell(self.members[asker], number, seq, before)
            applied_seq = self.members[asker].applied_seq
            own = {"applied_seq": applied_seq} if isinstance(message, SceneReport) else {}
            return [Say(asker, encode(replace(message, seq=seq, **own)))]
        return [Say(each.number, data) for each, data in self._concerned(message)]

    def _concerned(self, message: ServerMessage) -> list[tuple[Member, bytes]]:
        """Reports are for those who want them, quality and the loss of the session for all, the rest for owners."""
        if isinstance(message, SceneReport):
            return [
                (each, encode(replace(message, applied_seq=each.applied_seq)))
                for each in self.members.values()
                if each.has_telemetry
            ]
        is_for_all = isinstance(message, Error | Warning) and message.code in ("internal", "quality")
        data = encode(message)
        return [(each, data) for each in self.members.values() if is_for_all or each.is_owner]

    def _untell(self, member: Member, number: int, seq: int, before: int) -> None:
        """A change was refused: it does not count as received, unless later ones were."""
        member.told.pop(number, None)
        if member.received_seq == seq:
            member.received_seq = min(before, seq)

    def _restored(self, report: Resumed) -> list[Outcome]:
        """Its worker has the session again, or says at which step it can have it."""
        if report.attempt != self._attempts or not self.is_resting:
            return []
        self._numbered = max(self._numbered, report.last_seq)
        if report.refusal:
            self.next_step = self._first_step = report.next_step
            self._credit = 0
            for member in self.members.values():
                member.credit = 0
            return [Ordered(order) for order in self.restore(report.next_step)]
        self.is_resting = False
        return self._granted() if self._credit else []


def _played(member: Member, held: _Held) -> Play:
    """A frame as this member has it, which is by now as good as sent."""
    member.next_step = held.frame.step + 1
    header, audio = held.header, held.audio
    if member.told or member.applied_seq:
        header = member.header(held.frame, header)
    if member.begins or member.wanted_deg or member.heading_deg:
        audio = member.sound(held.frame, audio)
    return Play(member.number, header, audio)


def _parted(change: Change) -> tuple[float | None, Change | None]:
    """A change as where who tells it looks (None: nothing of that), and the rest (None: nothing else)."""
    if not isinstance(change, WorldMessage) or change.world.listener is UNSET:
        return None, change
    heading_deg = change.world.listener.heading_deg
    world = replace(change.world, listener=UNSET)
    rest = None if world == World() else replace(change, world=world)
    return (None if heading_deg is UNSET else heading_deg or 0.0), rest
