"""One listener of a swarm: a session with its socket, and a sound card that is simulated."""

from typing import Final

import simpy
from ambiome_client.connection import Connection
from ambiome_client.errors import HelloRefused
from ambiome_client.terms import Reconnected, Terms
from ambiome_protocol.messages import Change, Frame, Warning
from ambiome_protocol.steps import STEPS_PER_S

from ambiome_sim.swarm.findings import Heard

STEP_S: Final = 1.0 / STEPS_PER_S


class Listener:
    """Times are the swarm's, in seconds. `talkative` are the listeners that may have something to send. A listener that
    `is_stalled` does not read, one that `is_gone` has no connection. `ended` is what happens when `is_over` comes true.
    """

    def __init__(
        self, env: simpy.Environment, address: str, name: str, terms: Terms, talkative: "set[Listener]"
    ) -> None:
        self.env, self.heard = env, Heard(name, terms.pace)
        self.connection: Final = Connection(address, terms, float(env.now))
        self.is_stalled = self.is_gone = False
        self.ended = env.event()
        self._arrival: simpy.Event | None = None
        self._talkative = talkative
        self._told_at: dict[int, float] = {}
        talkative.add(self)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.connection.failure is not None

    @property
    def again_in_s(self) -> float:
        """After how long it may try again, where it was refused for want of room; else 0."""
        failure = self.connection.failure
        return failure.retry_s if isinstance(failure, HelloRefused) else 0.0

    @property
    def may_tell(self) -> bool:
        """Whether the world is its to tell: in a zone, its owner's."""
        terms = self.connection.terms
        return terms.zone is None or terms.zone_key is not None

    @property
    def is_waiting(self) -> bool:
        """Whether it reads, and what it wants is not here."""
        is_reading = not (self.is_stalled or self.is_gone or self.is_over)
        return is_reading and not self.connection.ledger.waiting

    def arrival(self) -> simpy.Event:
        """What happens when something comes for it."""
        if self._arrival is None:
            self._arrival = self.env.event()
        return self._arrival

    def receive(self, data: list[bytes]) -> None:
        """A message came."""
        self.connection.receive(data, float(self.env.now))
        self._awake()

    def tick(self) -> None:
        """Let the session do what is due by now."""
        self.connection.tick(float(self.env.now))
        self._awake()

    def tell(self, change: Change) -> None:
        """Tell the server of something, and note how long it takes until it is heard."""
        self._told_at[self.connection.tell(change)] = float(self.env.now)
        self._talkative.add(self)

    def grant(self, until_s: float) -> None:
        """Free: let the session go on."""
        self.connection.grant(until_s)
        self._talkative.add(self)

    def take(self) -> Frame | None:
        """The next frame, if it is here: it begins to play now."""
        audio = self.connection.take_packed()
        self._talkative.add(self)
        self._heed()
        frame = self.connection.header
        if audio is None or frame is None:
            return None
        self.heard.frames += 1
        for seq in [seq for seq in self._told_at if seq <= frame.applied_seq]:
            self.heard.control_s.append(float(self.env.now) - self._told_at.pop(seq))
        return frame

    def miss(self, since_s: float) -> None:
        """The card had nothing to play from then until now."""
        self.heard.underruns_s.append(float(self.env.now) - since_s)
        self.connection.ledger.underruns += 1

    def fail(self, error: Exception) -> None:
        """Note why it does not hear what it wanted."""
        if self.again_in_s:
            self.heard.is_refused = True
        else:
            self.heard.failure = self.heard.failure or str(error)

    def stall(self, is_stalled: bool) -> None:
        """Do not read, or read again. What was told before is not counted as late."""
        self.is_stalled = is_stalled
        self._told_at.clear()
        self._awake()

    def drop(self) -> None:
        """The connection is gone, without a word."""
        self.is_gone = True
        self._told_at.clear()
        self._awake()

    def come_back(self) -> None:
        """There is a connection again."""
        self.is_gone = False
        self.connection.reconnect("the connection was lost")
        self._awake()

    def _awake(self) -> None:
        self._talkative.add(self)
        if self.is_over and not self.ended.triggered:
            self.ended.succeed()
        if self._arrival is not None:
            self._arrival.succeed()
            self._arrival = None

    def _heed(self) -> None:
        while (notice := self.connection.notice()) is not None:
            if isinstance(notice, Reconnected):
                self.heard.reconnects += 1
            elif isinstance(notice, Warning):
                self.heard.warnings += 1
