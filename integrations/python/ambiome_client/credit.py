"""Credit: up to which step a server may send. It follows reading, so the reader is the clock."""

from dataclasses import dataclass
from typing import Final

from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS
from ambiome_protocol.lists import Pace
from ambiome_protocol.messages import Credit

KEEPALIVE_S: Final = 1.0
"""A credit is sent at least this often, also while paused; the protocol asks for one every 2 s."""
FREE_STEPS: Final = MAX_OUTSTANDING_STEPS["free"]
"""The buffer of a free session that names none."""
FEWEST_STEPS: Final = 2
MOST_STEPS: Final = 3
"""Between these is the buffer of a live session that names none: 2 frames keep control → sound under 80 ms and bear a
frame that is 40 ms on its way, 3 frames 120 ms and 80 ms. It begins with the most, and sees whether fewer would do.
"""
CALM_STEPS: Final = 1_500
MOST_CALM_STEPS: Final = 24_000
"""A live buffer gets shorter after so many frames on end that a shorter one would have had in time, too: twice as many
each time that it had to get longer again, up to the most.
"""


@dataclass
class Ledger:
    """The books of one session. Steps count from the session's start.

    `arrived` is the step that the server sends next, `waiting` the frames that arrived and are unread, `granted` where
    a free session is to stop, `sent` the highest credit sent. `fixed_steps` is the buffer asked for: frames on their
    way or waiting, the one being played counted. Where None is, a live session adapts it to how late frames come, as
    the jitter buffer of a telephone does: one less after a calm minute, and one more again after an underrun.
    """

    pace: Pace
    fixed_steps: int | None = None
    arrived: int = 0
    waiting: int = 0
    granted: int = 0
    sent: int = 0
    sent_at: float = float("-inf")
    underruns: int = 0
    is_read: bool = False
    is_paused: bool = False
    _live_steps: int = MOST_STEPS
    _calm_steps: int = 0
    _wanted_calm_steps: int = CALM_STEPS

    @property
    def buffer_steps(self) -> int:
        """The buffer as it is now."""
        return self.fixed_steps or (self._live_steps if self.pace == "live" else FREE_STEPS)

    def read(self, waiting: int) -> None:
        """A frame was taken, to be played now, and so many are still there."""
        self.waiting, self.is_read = waiting, True
        self._calm_steps = self._calm_steps + 1 if waiting and self._live_steps > FEWEST_STEPS else 0
        if self._calm_steps >= self._wanted_calm_steps:
            self._live_steps, self._calm_steps = self._live_steps - 1, 0
            self._wanted_calm_steps = min(2 * self._wanted_calm_steps, MOST_CALM_STEPS)

    def miss(self) -> None:
        """A live session had nothing to play."""
        self.underruns += 1
        self._live_steps, self._calm_steps = min(self._live_steps + 1, MOST_STEPS), 0

    def open(self, next_step: int) -> None:
        """Starts over with a session, new or resumed, or with the next step of a zone that was skipped to."""
        self.arrived = self.sent = next_step
        self.sent_at = float("-inf")

    @property
    def until_step(self) -> int:
        """The credit that is due: what was sent before, or more."""
        if self.is_paused:
            return self.sent
        if self.pace == "free":
            return max(self.sent, min(self.granted, self.arrived + max(0, self.buffer_steps - self.waiting)))
        playing = 1 if self.is_read else 0
        return max(self.sent, self.arrived + max(0, self.buffer_steps - playing - self.waiting))

    @property
    def is_owed(self) -> bool:
        """Whether the server has credit that it has not used up."""
        return self.sent > self.arrived

    def due(self, now: float) -> Credit | None:
        """The credit to send now, if any: when there is more to grant, and every KEEPALIVE_S in any case.

        A free session's credit goes out in quarters of its buffer, not one message for each frame.
        """
        until = self.until_step
        is_worth_it = until > self.sent and (
            self.pace == "live" or until == self.granted or 4 * (until - self.sent) >= self.buffer_steps
        )
        if not is_worth_it and now < self.sent_at + KEEPALIVE_S:
            return None
        self.sent, self.sent_at = until, now
        return Credit(until_step=until, played_step=max(0, self.arrived - self.waiting), underruns=self.underruns)
