"""One listener of a swarm: a session with its socket, and a sound card that is simulated."""

from collections.abc import Sequence
from typing import Final

import simpy
from ambiome_client.connection import Connection
from ambiome_client.errors import HelloRefused, NotWelcome, ServerLost
from ambiome_client.terms import Reconnected, Terms
from ambiome_protocol.messages import Change, Frame, Warning
from ambiome_protocol.steps import STEPS_PER_S

from ambiome_sim.swarm.heard import Heard
from ambiome_sim.swarm.stillness import Stillness

STEP_S: Final = 1.0 / STEPS_PER_S
START_S: Final = 1.0
"""So long a hello may wait for its welcome, a welcomed card for its first sound, and a card that comes back for sound
again, before something is missing.
"""


class Listener:
    """Times are the swarm's, in seconds. `talkative` are the listeners that may have something to send. A listener that
    `is_stalled` does nothing, nor is its socket read; when it `is_waking`, it wants that to end. One that `is_gone` has
    no connection. `ended` is what happens when `is_over` comes true. `stillness` tells when the swarm stood still.
    """

    def __init__(
        self,
        env: simpy.Environment,
        address: str,
        name: str,
        terms: Terms,
        talkative: "set[Listener]",
        stillness: Stillness | None = None,
    ) -> None:
        self.env, self.heard = env, Heard(name, terms.pace)
        self.connection: Final = Connection(address, terms, float(env.now))
        self.is_stalled = self.is_waking = self.is_gone = self._is_returning = False
        self.ended = env.event()
        self._hello_s = float(env.now)
        self._has_started = False
        self._arrival: simpy.Event | None = None
        self._talkative, self._stillness = talkative, stillness or Stillness()
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
    def is_welcome(self) -> bool:
        """Whether the server has let it in, at any time."""
        return self.connection.welcome is not None

    @property
    def may_tell(self) -> bool:
        """Whether the world is its to tell: in a zone, its owner's."""
        terms = self.connection.terms
        return terms.zone is None or terms.zone_key is not None

    def arrival(self) -> simpy.Event:
        """What happens when something comes for it."""
        if self._arrival is None:
            self._arrival = self.env.event()
        return self._arrival

    def receive(self, data: Sequence[bytes | memoryview]) -> None:
        """A message came. A card that is welcome for the first time is to play before long."""
        connection, now_s = self.connection, self._now_s
        was_welcome = self.is_welcome
        connection.receive(data, now_s)
        if not was_welcome and self.is_welcome and self.heard.pace == "live":
            self.heard.fall_silent(now_s + START_S)
        if connection.outbox:
            self._talkative.add(self)
        self._note_arrival()

    def tick(self) -> None:
        """Let the session do what is due by now."""
        self.connection.tick(self._now_s)
        self._awake()

    def tell(self, change: Change) -> None:
        """Tell the server of something, and note how long it takes until it is heard."""
        self._told_at[self.connection.tell(change)] = self._now_s
        self._talkative.add(self)

    def grant(self, until_s: float) -> None:
        """Free: let the session go on."""
        self.connection.grant(until_s)
        self._talkative.add(self)

    def take(self) -> Frame | None:
        """The next frame, if it is here: it begins to play now."""
        connection = self.connection
        audio = connection.take_packed()
        if connection.outbox:
            self._talkative.add(self)
        if connection.notices:
            self._heed()
        frame = connection.header
        if audio is None or frame is None:
            return None
        if self.heard.silent_since_s is not None:
            self._end_silence(is_back=self._is_returning and not self._is_long_silent)
        self._is_returning = False
        self.heard.qualities[frame.quality] += 1
        if not self._has_started:
            self._has_started, self.heard.first_sound_s = True, self._now_s - self._hello_s
        if self._told_at:
            self._note_control(frame.applied_seq)
        return frame

    def miss(self) -> None:
        """The card has nothing to play from now on. Before there is a welcome, it is not to play."""
        if self.is_welcome:
            self.heard.fall_silent(self._now_s)

    def fail(self, error: Exception) -> None:
        """Note why it does not hear what it wanted."""
        self._end_silence()
        if self.again_in_s:
            self.heard.is_refused = True
        else:
            self.heard.failure = self.heard.failure or str(error)

    def turn_away(self, reason: str) -> None:
        """The server does not let it in, and says no word of the protocol about it."""
        self.connection.fail(NotWelcome(f"{self.connection.address} refuses this client: {reason}"))
        self._awake()

    def stall(self) -> None:
        """Do nothing more. What was told before is not counted as late, nor is silence from now on."""
        self.is_stalled, self.is_waking = True, False
        self._stop_measuring()

    def want_to_wake(self) -> None:
        """The stall is over as soon as what came meanwhile has been read; what is missing is missed from then on."""
        self.is_waking = True
        self._talkative.add(self)

    def wake(self) -> None:
        """All that came during the stall is read."""
        self.is_stalled = self.is_waking = False
        self._is_returning = True
        self._told_at.clear()
        self._awake()

    def drop(self) -> None:
        """The connection is gone, without a word. What is missing until it is back is not the server's fault."""
        self.is_gone = True
        self._stop_measuring()

    def come_back(self) -> None:
        """There is a connection again: what is missing from now on is missed."""
        self.is_gone, self._is_returning = False, True
        self.connection.reconnect("the connection was lost")
        self._awake()

    def leave(self) -> None:
        """It ends here. One that was never let in, though it has waited, has failed."""
        waited_s = self._now_s - self._hello_s
        if self.connection.failure is not None:
            self.fail(self.connection.failure)
        elif not self.is_welcome and waited_s >= START_S:
            why = f": {self.connection.suspicion}" if self.connection.suspicion else ""
            self.fail(ServerLost(f"{self.connection.address} has not answered in {waited_s:.1f} s{why}"))
        self._end_silence()
        self.connection.close()

    @property
    def _now_s(self) -> float:
        return float(self.env.now)

    @property
    def _is_long_silent(self) -> bool:
        """Whether it has been silent for longer than to come back may take."""
        return self.heard.is_silent(self._now_s - START_S)

    def _end_silence(self, is_back: bool = False) -> None:
        since_s = self.heard.silent_since_s
        is_own = since_s is not None and self._stillness.covers(since_s)
        if self.heard.end_silence(self._now_s, is_back, is_own):
            self.connection.miss()

    def _stop_measuring(self) -> None:
        self._end_silence()
        self._has_started = True
        self._told_at.clear()
        self._awake()

    def _note_control(self, applied_seq: int) -> None:
        """What was told up to this number is heard now."""
        for seq in [seq for seq in self._told_at if seq <= applied_seq]:
            self.heard.control_s.append(self._now_s - self._told_at.pop(seq))

    def _awake(self) -> None:
        self._talkative.add(self)
        self._note_arrival()

    def _note_arrival(self) -> None:
        if self.is_over and not self.ended.triggered:
            self._end_silence()
            self.ended.succeed()
        if self._arrival is not None:
            self._arrival.succeed()
            self._arrival = None

    def _heed(self) -> None:
        while (notice := self.connection.notice()) is not None:
            if isinstance(notice, Reconnected):
                self.heard.reconnects += 1
            elif isinstance(notice, Warning):
                self.heard.warnings[notice.code] += 1
