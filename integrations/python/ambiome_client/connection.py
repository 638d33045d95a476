"""The client's side of a session, without socket, thread or clock: messages and the time go in, messages come out.

The rules, as (state, what happens) → what is done, and the state after it:

    greeting  welcome                     tells what is not acknowledged yet, grants credit            → open
    greeting  error bad_resume            new socket, hello without the resume token                   → greeting
    greeting  error busy, internal        (resuming only) waits for the next hello                     → greeting
    greeting  any other error             VersionRefused or HelloRefused                               → failed
    greeting  RETRY_S without an answer   (resuming only) new socket, hello again                      → greeting
    open      frame                       keeps it if it is the next one; after a gap: as server lost  → open
    open      warning skipped             (in a zone) goes on at the step that it names                → open
    open      bye zone_ended              SessionLost: to come back would be to open an empty zone     → failed
    open      error unknown_session, bye  new socket, hello with the resume token                      → greeting
    open      error internal              as server lost                                               → greeting
    open      any other error             raised as BadMessage by the next call                        → open
    open      lost MAX_LOSSES times in a row, each at once and before a frame came: SessionLost        → failed
    any       timeout_s without a word though an answer is owed: ServerLost                            → failed
    any       close                       bye                                                          → closed

"New socket" is `generation` going up by one: the shell closes its socket and opens another, so that nothing that was
meant for a dead server reaches its heir, and each hello is the first message of its connection.

What happens when the server no longer has the session: a live client opens a new one and tells it the world as it
stands (its time starts at 0 again); a free one replays its whole log and leaves out the frames that it has had, so its
samples go on as if nothing had been. Either way a `Reconnected` tells the program.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import msgspec
from ambiome_protocol.audio import SAMPLE_BYTES, Samples, unpack
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.face import check_readable
from ambiome_protocol.messages import (
    Change,
    ClientBye,
    Error,
    Explain,
    Frame,
    Message,
    SceneReport,
    ServerBye,
    Warning,
    Welcome,
)
from ambiome_protocol.steps import step_at

from ambiome_client.credit import KEEPALIVE_S, Ledger
from ambiome_client.errors import (
    AmbiomeError,
    BadMessage,
    Closed,
    HelloRefused,
    NotWelcome,
    ServerFault,
    ServerLost,
    SessionLost,
    VersionRefused,
)
from ambiome_client.terms import Notice, Reconnected, Terms
from ambiome_client.told import Told

RETRY_S: Final = 1.0
"""A hello that resumes is said again this long after the last one, on a new socket."""


MAX_LOSSES: Final = 8
"""So often in a row may a session be lost within RETRY_S and before a frame; then there is no sense in going on."""


class State(Enum):
    """Where a connection stands."""

    GREETING = "greeting"
    OPEN = "open"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass
class Connection:
    """One session as its client sees it. `receive` takes what came in; `outbox` is what is to go out, in order.
    `suspicion` is why the shell thinks that the server does not answer, if it thinks anything.
    """

    address: str
    terms: Terms
    now: float
    state: State = State.GREETING
    failure: AmbiomeError | None = None
    generation: int = 0
    outbox: deque[bytes] = field(default_factory=deque)
    notices: deque[Notice] = field(default_factory=deque)
    refusals: deque[BadMessage] = field(default_factory=deque)
    reports: dict[int, SceneReport] = field(default_factory=dict)
    telemetry: SceneReport | None = None
    welcome: Welcome | None = None
    header: Frame | None = None
    suspicion: str = ""

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.terms.pace, self.terms.buffer_steps)
        self._frames: deque[tuple[Frame, bytes | memoryview]] = deque()
        self._next_step = 0
        self._told = Told(self.terms.pace)
        self._is_forgotten = False
        self._losses = 0
        self._asked: set[int] = set()
        self._heard_at = self._hello_at = self._lost_at = self._opened_at = self.now
        self._greet()

    # What a program does.

    @property
    def step(self) -> int:
        """The step of the frame that is taken next."""
        return self._frames[0][0].step if self._frames else self._next_step

    def tell(self, change: Change) -> int:
        """Sends a change, with the next sequence number, and returns that number."""
        self._check_failure()
        self.notices.extend(self._told.add(change, self.ledger.granted))
        if self.state is State.OPEN:
            self._send_told(self.ledger.sent)
        return self._told.seq

    def grant(self, until_s: float) -> None:
        """Free: lets the session go on up to `until_s`; never lowered."""
        self._check_failure()
        if self.terms.pace != "free":
            raise ValueError("a live session is granted by reading it; grant() is for pace='free'")
        self.ledger.granted = max(self.ledger.granted, step_at(until_s))
        self._pay()

    def take(self) -> Samples | None:
        """The next frame, float32 [channels, 1920], if it is here. Raises once each the refusal of a message."""
        audio = self.take_packed()
        if audio is None or self.header is None or self.welcome is None:
            return None
        return unpack(audio, self.header.format, self.welcome.channels)

    def take_packed(self) -> bytes | memoryview | None:
        """As `take`, for who does not listen: the frame's audio as it came."""
        if self.refusals:
            raise self.refusals.popleft()
        if not self._frames:
            self._check_failure()
            return None
        self.header, audio = self._frames.popleft()
        self.ledger.read(len(self._frames))
        self._pay()
        return audio

    def take_next(self) -> Samples | None:
        """As `take`, for a reader that will wait: it must not be paused."""
        samples = self.take()
        if samples is None and self.ledger.is_paused:
            raise RuntimeError("paused: nothing more will come until resume() is called")
        return samples

    def take_or_miss(self) -> Samples | None:
        """As `take`, for a sound card: a frame that is not there is an underrun (live, after the first, not paused)."""
        samples = self.take()
        if samples is None and self.terms.pace == "live" and self.ledger.is_read and not self.ledger.is_paused:
            self.miss()
        return samples

    def miss(self) -> None:
        """Live: there was nothing to play. It counts as an underrun."""
        self.ledger.miss()
        self._pay()

    def check_readable(self, steps: int) -> None:
        """ValueError if `steps` frames can not be read, however long one waits."""
        check_readable(self.terms.pace, self.step, self.last_granted_step(), steps)

    def last_applied_seq(self) -> int:
        """The last change in effect in the frame that was taken last; 0 for none."""
        return self.header.applied_seq if self.header else 0

    def last_quality(self) -> int:
        """What the frame that was taken last was spared: 0 for nothing, to 3."""
        return self.header.quality if self.header else 0

    def last_granted_step(self) -> int:
        """Free: the step at which reading stops. Live: that of the next frame."""
        return self.ledger.granted if self.terms.pace == "free" else self.step

    def greeted(self) -> Welcome | None:
        """What the server agreed to, once it has."""
        self._check_failure()
        return self.welcome

    def zone_key(self) -> bytes | None:
        """What makes others owners of the zone too, once it is known that this is one."""
        key = msgspec.UNSET if self.welcome is None else self.welcome.zone_key
        return None if key is msgspec.UNSET else key

    def notice(self) -> Notice | None:
        """The next thing that the program should know of, if any."""
        return self.notices.popleft() if self.notices else None

    def pause(self, is_paused: bool) -> None:
        """Grants nothing more, or goes on."""
        self._check_failure()
        self.ledger.is_paused = is_paused
        self._pay()

    def explain(self) -> int:
        """Asks why it sounds as it does; the answer will be in `reports` under the number returned."""
        self._check_failure()
        seq = self._told.number()
        self._asked.add(seq)
        if self.state is State.OPEN:
            self._send(Explain(seq=seq))
        return seq

    def close(self) -> bool:
        """Says bye, also to a server that has not answered the hello yet: it would keep the session for a while.
        Whether there was one to say it to.
        """
        says_bye = self.state in (State.GREETING, State.OPEN)
        if says_bye:
            self._send(ClientBye())
        self.state, self.failure = State.CLOSED, Closed("the ambience is closed")
        self._next_step = self.step  # what has come and was not taken was not heard
        self._frames.clear()
        return says_bye

    def answer(self, seq: int) -> SceneReport | None:
        """The answer to `explain`, if it is here. Raises once each the refusal of a message."""
        if self.refusals:
            raise self.refusals.popleft()
        if seq not in self.reports:
            self._check_failure()
        return self.reports.pop(seq, None)

    def _check_failure(self) -> None:
        if self.failure is not None:
            raise self.failure

    # What the shell does.

    def tick(self, now: float) -> float:
        """Does what is due at `now` (seconds of any steady clock) and returns when to call again at the latest."""
        self.now = now
        if self.state is State.GREETING:
            self._tick_greeting()
        elif self.state is State.OPEN:
            self._pay()
            if not self.is_owed:
                self._heard_at = now
            elif now >= self._heard_at + self.terms.timeout_s:
                self._fail(ServerLost(f"{self.address} has not answered for {self.terms.timeout_s:g} s"))
        return now + min(KEEPALIVE_S, self.terms.timeout_s) / 2

    @property
    def is_owed(self) -> bool:
        """Whether the server has something to answer, frames among it."""
        return self.ledger.is_owed or bool(self._asked)

    def receive(self, parts: Sequence[bytes | memoryview], now: float) -> None:
        """Takes one message of the server, its parts in order."""
        self.now = self._heard_at = now
        handlers = _OPEN if self.state is State.OPEN else _GREETING if self.state is State.GREETING else None
        if handlers is None:
            return
        try:
            message = decode_server(bytes(parts[0]))
            handle = handlers.get(type(message))
            if handle is not None:
                handle(self, message, parts[1:])
        except ProtocolError as error:
            self._fail(ServerFault(f"{self.address} broke the protocol: {error}"))

    def reconnect(self, reason: str) -> None:
        """Begins anew on a new socket, for the shell knows that the old one leads nowhere."""
        if self.state in (State.GREETING, State.OPEN):
            self._lose(reason)

    def fail(self, error: AmbiomeError) -> None:
        """Ends the connection for a reason that the shell knows."""
        self._fail(error)

    # The rules.

    def _welcome(self, welcome: Welcome, rest: Sequence[bytes | memoryview]) -> None:
        is_back = self.welcome is not None
        self.welcome, self.state, self._opened_at = welcome, State.OPEN, self.now
        self._is_forgotten = False
        if is_back and not welcome.resumed:
            self._told.start_over(self._next_step, welcome.next_step)
            self._next_step = self._next_step if self.terms.pace == "free" else welcome.next_step
        elif welcome.next_step > self._next_step and self.terms.zone is None:
            self._fail(SessionLost(f"{self.address} resumed at step {welcome.next_step}, not {self._next_step}"))
            return
        else:
            self._told.resume(welcome.last_seq)
        if self.terms.zone is not None:
            self._next_step = welcome.next_step
        self.ledger.open(welcome.next_step)
        if is_back:
            self.notices.append(Reconnected(welcome.resumed, self._next_step))
        self._send_told(welcome.next_step)
        for seq in sorted(self._asked):
            self._send(Explain(seq=seq))
        self._pay()

    def _frame(self, frame: Frame, rest: Sequence[bytes | memoryview]) -> None:
        if frame.step > self.ledger.arrived:
            self._lose(f"a frame of step {self.ledger.arrived} is missing")
            return
        if frame.step < self.ledger.arrived:
            return
        if self.welcome is None or len(rest) != 1:
            raise ProtocolError("malformed", f"a frame of {len(rest)} parts of audio; there must be 1")
        self.ledger.arrived += 1
        self._losses = 0
        if frame.step >= self._next_step:
            expected = self.welcome.step_samples * self.welcome.channels * SAMPLE_BYTES[frame.format]
            if len(rest[0]) != expected:
                raise ProtocolError("malformed", f"a frame of {len(rest[0])} bytes; there must be {expected}")
            self._frames.append((frame, rest[0]))
            self.ledger.waiting = len(self._frames)
            self._next_step = frame.step + 1
        else:
            self._pay()  # a frame that waits makes no room for another; one that is left out does
        self._told.acknowledge(frame.applied_seq, frame.step)

    def _report(self, report: SceneReport, rest: Sequence[bytes | memoryview]) -> None:
        if report.seq in self._asked:
            self._asked.discard(report.seq)
            self.reports[report.seq] = report
        elif self.ledger.arrived >= self._next_step:  # else it is a replay, and was reported before
            self.telemetry = report
            self.notices.append(report)

    def _warn(self, warning: Warning, rest: Sequence[bytes | memoryview]) -> None:
        if warning.code != "repeated" or warning.seq > self._told.resent:
            self.notices.append(warning)
        if warning.code == "skipped" and warning.next_step is not msgspec.UNSET:
            self._next_step = max(self._next_step, warning.next_step)
            self.ledger.open(self._next_step)
            self._pay()

    def _refuse_hello(self, error: Error, rest: Sequence[bytes | memoryview]) -> None:
        reason = ProtocolError.of(error)
        is_back = self.welcome is not None
        if error.code == "version":
            self._fail(VersionRefused.like(reason))
        elif is_back and error.code in ("bad_resume", "unknown_session") and not self._is_forgotten:
            self._forget(f"{self.address} no longer has the session: {error.detail}")
        elif not (is_back and error.code in ("busy", "internal")):  # those may pass: the next hello comes in RETRY_S
            self._fail(HelloRefused.like(reason))

    def _refuse(self, error: Error, rest: Sequence[bytes | memoryview]) -> None:
        if error.code in ("unknown_session", "internal"):
            self._lose(f"{self.address} has lost the session: {error.detail}")
            return
        self._asked.discard(error.seq)
        self._told.refuse(error.seq)
        self.refusals.append(BadMessage.like(ProtocolError.of(error)))

    def _bye(self, bye: ServerBye, rest: Sequence[bytes | memoryview]) -> None:
        if bye.reason == "zone_ended":
            self._fail(SessionLost(f"the zone {self.terms.zone!r} has been without an owner for too long, and is gone"))
            return
        self._lose(f"{self.address} said bye: {bye.reason or 'no reason given'}")

    # Helpers.

    def _tick_greeting(self) -> None:
        if self.now >= self._lost_at + self.terms.timeout_s:
            within = f"within {self.terms.timeout_s:g} s"
            if self.welcome:
                self._fail(ServerLost(f"{self.address} is gone and did not come back {within}"))
            elif self.suspicion:
                self._fail(NotWelcome(f"{self.address} does not answer {within}: {self.suspicion}"))
            else:
                self._fail(ServerLost(f"{self.address} does not answer {within}"))
        elif self.welcome is not None and self.now >= self._hello_at + RETRY_S:
            self._renew()

    def _lose(self, reason: str) -> None:
        is_lasting = self.now >= self._opened_at + RETRY_S
        self._losses = 1 if is_lasting else self._losses + 1
        if not self.terms.reconnect or self._losses > MAX_LOSSES:
            self._fail(SessionLost(reason))
            return
        self._lost_at = self.now
        self._renew()

    def _forget(self, reason: str) -> None:
        if not self.terms.reconnect:
            self._fail(SessionLost(reason))
            return
        self._is_forgotten = True
        self._renew()

    def _renew(self) -> None:
        self.generation += 1
        self._greet()

    def _greet(self) -> None:
        hello = self.terms.hello()
        if self.zone_key() is not None:
            hello = msgspec.structs.replace(hello, zone_key=self.zone_key())
        if self.welcome is not None and not self._is_forgotten:
            hello = msgspec.structs.replace(hello, resume=self.welcome.resume, next_step=self._next_step)
        self.state, self._hello_at = State.GREETING, self.now
        self.outbox.clear()
        self._send(hello)

    def _pay(self) -> None:
        if self.state is not State.OPEN or (credit := self.ledger.due(self.now)) is None:
            return
        if not self.is_owed:
            self._heard_at = self.now
        self._send_told(credit.until_step)
        self._send(credit)

    def _send_told(self, until_step: int) -> None:
        for change in self._told.ready(until_step):
            self._send(change)

    def _send(self, message: Message) -> None:
        self.outbox.append(encode(message))

    def _fail(self, error: AmbiomeError) -> None:
        self.failure = self.failure or error
        self.state = State.FAILED
        self.outbox.clear()


_GREETING: Final[dict[type, Callable[..., None]]] = {
    Welcome: Connection._welcome,
    Error: Connection._refuse_hello,
}
_OPEN: Final[dict[type, Callable[..., None]]] = {
    Frame: Connection._frame,
    SceneReport: Connection._report,
    Warning: Connection._warn,
    Error: Connection._refuse,
    ServerBye: Connection._bye,
}
