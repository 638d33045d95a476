"""One zone: a stream that is rendered once, and that many listeners are sent.

    clock      the zone goes on as far as its furthest-ahead member has credit, and no faster than the host's clock
    ring       its newest frames, ZONE_RING_STEPS of them; each member is sent of them what it has credit for
    joining    a member begins JOIN_BEHIND_STEPS before the newest step: it has sound at once, and drives nobody; before
               that where the zone is ahead of the host's clock, so that it can fill its buffer as well
    falling    a member whose next step is not in the ring any more goes on as one that joins, warned and faded in
    telling    only owners change the world; where each member looks is its own affair, in ambisonics
    asking     all may; of what all ask, one question at a time is put

For a member's front a zone is what a worker is for a session: it takes the orders about it, and reports. For the worker
that renders it, the zone is a session like any other. Changes of several owners are numbered anew for that session, and
what it says about one goes back to who told it, under the number that it had.

What calls for frames is told the time, seconds of any steady clock.
"""

from typing import Final, NamedTuple

import msgspec
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_COUNT, MAX_OUTSTANDING_STEPS, ZONE_RING_STEPS
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

from ambiome_middleware.changes import Changes, Told
from ambiome_middleware.host_clock import HostClock
from ambiome_middleware.member import Member
from ambiome_middleware.member_audio import Sound
from ambiome_middleware.questions import Questions
from ambiome_middleware.wire import Ask, Grant, Open, Order, Pause, Report, Resume, Resumed, Say

JOIN_BEHIND_STEPS: Final = 5
"""A live client holds two to four steps, and asks for them at once: so many behind, the ring has them all."""
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
        self._credit = self._granted_step = self._played_step = self._underruns = 0
        self._host = HostClock(0, now_s)
        self._ring: list[_Held | None] = [None] * ZONE_RING_STEPS
        self._numbered = self._attempts = 0
        self._changes = Changes()
        self._questions = Questions()

    def __repr__(self) -> str:
        return f"<Zone {self.name}, step {self.next_step} of {self._granted_step}, {len(self.members)} members>"

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

    def join(self, number: int, hello: Hello, is_owner: bool, now_s: float) -> Member:
        """A member more; it begins at its `next_step`."""
        member = Member(number, is_owner, hello.telemetry_hz > 0, self.next_step)
        if self.next_step:
            member.go_to(self._beginning(now_s))
        self.members[number] = member
        return member

    def obey(self, order: Order, now_s: float) -> list[Outcome]:
        """An order about a member. ProtocolError, the member's to know, for what goes beyond its limits."""
        member = self.members.get(order.session)
        if member is None:
            return []
        match order:
            case Grant():
                return self._grant(member, order, now_s)
            case Ask():
                self._questions.put(member.number, order.seq)
                return self._ask()
            case Pause():
                member.is_here = False
                self._questions.forget(member.number)
            case Resume():
                return self._resume(member, order, now_s)
        return []

    def tick(self, now_s: float) -> list[Outcome]:
        """Time has passed: credit that was held back may be let through."""
        return self._let_through(now_s)

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
        outcomes: list[Outcome] = [] if rest is None else [self._pass_on(member, rest)]
        if heading_deg is not None and is_turning:
            member.look(heading_deg)
        elif heading_deg is not None:
            detail = f"in a zone of {self.hello.layout}, a heading would turn everybody; it was left out"
            outcomes.append(Say(number, encode(Warning(code="heading_ignored", detail=detail, seq=change.seq))))
        if rest is None and change.seq:
            member.applied_seq.put(member.next_step, change.seq)
        member.received_seq = max(member.received_seq, change.seq)
        return outcomes

    def heard(self, header: bytes, audio: Sound) -> list[Play]:
        """A frame was rendered: it is kept, and sent to those who have come to it and have credit."""
        frame = _FRAMES.decode(header)
        if frame.step != self.next_step:  # of a worker that began again
            return []
        held = _Held(frame, header if not frame.applied_seq else encode(replace(frame, applied_seq=0)), audio)
        step = frame.step
        for told in self._changes.begin(frame):
            if told.seq and told.member in self.members:
                self.members[told.member].applied_seq.put(step, told.seq)
        self._ring[step % ZONE_RING_STEPS] = held
        self.next_step = step + 1
        self._first_step = max(self._first_step, self.next_step - ZONE_RING_STEPS)
        return [
            _played(member, held)
            for member in self.members.values()
            if member.next_step == step and member.credit > step and member.is_here
        ]

    def report(self, report: Report, now_s: float) -> list[Outcome]:
        """What the zone's worker says of it."""
        match report:
            case Say():
                return self._say(decode_server(report.data))
            case Resumed():
                return self._restored(report, now_s)
        return []

    def rest(self) -> None:
        """Its worker is gone, and the session is written down: what is in the ring is all there is for a while."""
        self.is_resting = True
        self._questions.lost()

    def restore(self, at_step: int) -> list[Order]:
        """Its worker is there again: what takes it up where it stood, at `at_step`."""
        self._attempts += 1
        return [Resume(self.number, self._attempts, at_step)]

    def _grant(self, member: Member, order: Grant, now_s: float) -> list[Outcome]:
        most = member.next_step + _OUTSTANDING
        if order.until_step > most:
            allowed = f"at most {most}, {_OUTSTANDING} steps beyond the frames sent"
            raise ProtocolError("credit", field="until_step", value=str(order.until_step), allowed=allowed)
        if order.underruns > member.underruns:
            # Who is not at the newest step did not run dry for want of rendering.
            more = (order.underruns - member.underruns) * (member.next_step == self.next_step)
            self._underruns = min(self._underruns + more, MAX_COUNT)
            member.underruns = order.underruns
        member.credit = max(member.credit, order.until_step)
        self._played_step = max(self._played_step, min(order.played_step, member.next_step))
        self._credit = max(self._credit, member.credit)
        return [*self._served(member, now_s), *self._let_through(now_s)]

    def _let_through(self, now_s: float) -> list[Outcome]:
        """Credit for the zone's worker: up to where the furthest-ahead has it, and the host's clock lets it; none where
        nobody is here.
        """
        if self._credit <= self._granted_step or self.is_resting or not self._is_heard():
            return []
        until_step = min(self._credit, self._host.limit(self._granted_step, now_s))
        if until_step <= self._granted_step:
            return []
        self._granted_step = until_step
        return self._granted()

    def _is_heard(self) -> bool:
        return any(member.is_here for member in self.members.values())

    def _granted(self) -> list[Outcome]:
        """What is let through, and what is played of it."""
        return [Ordered(Grant(self.number, self._granted_step, self._played_step, self._underruns))]

    def _served(self, member: Member, now_s: float) -> list[Outcome]:
        """What is in the ring for a member and its credit."""
        outcomes: list[Outcome] = []
        if member.next_step < self._first_step and member.credit > member.next_step:
            outcomes.append(self._skip(member, now_s))
        end_step = min(member.credit, self.next_step)
        while member.next_step < end_step:
            held = self._ring[member.next_step % ZONE_RING_STEPS]
            assert held is not None  # the ring holds all from its first step on
            outcomes.append(_played(member, held))
        return outcomes

    def _skip(self, member: Member, now_s: float) -> Say:
        """A member has fallen out of the ring."""
        from_step = member.next_step
        member.go_to(self._beginning(now_s))
        detail = f"step {from_step} is held no more; it goes on at step {member.next_step}"
        warning = Warning(code="skipped", detail=detail, from_step=from_step, next_step=member.next_step)
        return Say(member.number, encode(warning))

    def _beginning(self, now_s: float) -> int:
        """Where a member begins: it has sound at once, and none of its credit is held back."""
        paced_step = self._host.limit(self._granted_step, now_s) - _OUTSTANDING
        return max(self._first_step, min(self.next_step - JOIN_BEHIND_STEPS, paced_step))

    def _resume(self, member: Member, order: Resume, now_s: float) -> list[Outcome]:
        """A member is back, and wants frames from a step on that it may have lost on the way."""
        refusal, skipped = "", list[Outcome]()
        if order.next_step > member.next_step:
            refusal = f"next_step {order.next_step} lies beyond {member.next_step}, which comes next"
        else:
            member.is_here, member.next_step = True, order.next_step
            if member.next_step < self._first_step:
                skipped.append(self._skip(member, now_s))
        resumed = Resumed(member.number, order.attempt, member.next_step, member.received_seq, refusal)
        return [resumed, *skipped, *([] if refusal else self._served(member, now_s))]

    def _pass_on(self, member: Member, change: Change) -> Ordered:
        if self.is_resting:
            raise ProtocolError("at_limit", "the zone waits for what renders it; tell it again", seq=change.seq)
        self._numbered += 1
        return Ordered(self._changes.put(self._numbered, member.number, change, member.received_seq, self.number).order)

    def _ask(self) -> list[Outcome]:
        """Put a question, if any waits and none is on its way."""
        if self._questions.asked or not self._questions or self.is_resting:
            return []
        self._numbered += 1
        self._questions.ask(self._numbered)
        return [Ordered(Ask(self.number, self._numbered))]

    def _say(self, message: ServerMessage) -> list[Outcome]:
        """What the zone's session says: to who asked, or to whom it concerns."""
        number = getattr(message, "seq", 0)
        if number and number == self._questions.asked:
            return [*self._answered(message), *self._ask()]
        told = self._changes.get(number)
        if told is None:
            return [Say(each.number, data) for each, data in self._concerned(message)]
        if isinstance(message, Error):
            self._untell(number, told)
        return [Say(told.member, encode(replace(message, seq=told.seq)))] if told.member in self.members else []

    def _answered(self, message: ServerMessage) -> list[Outcome]:
        """The answer to a question, for all who had asked."""
        asked = [(member, seq) for number, seq in self._questions.answered() if (member := self.members.get(number))]
        return [Say(member.number, encode(replace(_own(message, member), seq=seq))) for member, seq in asked]

    def _concerned(self, message: ServerMessage) -> list[tuple[Member, bytes]]:
        """Reports are for those who want them, quality and the loss of the session for all, the rest for owners."""
        if isinstance(message, SceneReport):
            return [(each, encode(_own(message, each))) for each in self.members.values() if each.has_telemetry]
        is_for_all = isinstance(message, Error | Warning) and message.code in ("internal", "quality")
        data = encode(message)
        return [(each, data) for each in self.members.values() if is_for_all or each.is_owner]

    def _untell(self, number: int, told: Told) -> None:
        """A change was refused: it does not count as received, unless later ones were."""
        self._changes.refused(number)
        member = self.members.get(told.member)
        if member is not None and member.received_seq == told.seq:
            member.received_seq = min(told.before, told.seq)

    def _restored(self, report: Resumed, now_s: float) -> list[Outcome]:
        """Its worker has the session again, or says at which step it can have it."""
        if report.attempt != self._attempts or not self.is_resting:
            return []
        self._numbered = max(self._numbered, report.last_seq)
        if report.refusal:
            self.next_step = self._first_step = self._granted_step = report.next_step
            self._host = HostClock(report.next_step, now_s)
            self._credit = 0
            for member in self.members.values():
                member.credit = 0
            return [Ordered(order) for order in self.restore(report.next_step)]
        self.is_resting = False
        again = [Ordered(told.order) for told in self._changes.after(report.last_seq)]
        granted = self._let_through(now_s) or (self._granted() if self._credit else [])
        return [*again, *granted, *self._ask()]


def _own(message: ServerMessage, member: Member) -> ServerMessage:
    """A message as it is to one member: a report names the change of its own that is in effect."""
    return replace(message, applied_seq=member.applied_seq.latest) if isinstance(message, SceneReport) else message


def _played(member: Member, held: _Held) -> Play:
    """A frame as this member has it, which is by now as good as sent."""
    member.next_step = held.frame.step + 1
    return Play(member.number, member.header(held.frame, held.header), member.sound(held.frame, held.audio))


def _parted(change: Change) -> tuple[float | None, Change | None]:
    """A change as where who tells it looks (None: nothing of that), and the rest (None: nothing else)."""
    if not isinstance(change, WorldMessage) or change.world.listener is UNSET:
        return None, change
    heading_deg = change.world.listener.heading_deg
    world = replace(change.world, listener=UNSET)
    rest = None if world == World() else replace(change, world=world)
    return (None if heading_deg is UNSET else heading_deg or 0.0), rest
