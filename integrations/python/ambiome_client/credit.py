"""Credit: up to which step a server may send. It follows reading, so the reader is the clock."""

from dataclasses import dataclass
from typing import Final

from ambiome_protocol.lists import Pace
from ambiome_protocol.messages import Credit

KEEPALIVE_S: Final = 1.0
"""A credit is sent at least this often, also while paused; the protocol asks for one every 2 s."""
BUFFER_STEPS: Final[dict[Pace, int]] = {"live": 2, "free": 250}
"""Frames on their way or waiting, the one being played counted. Live, 2 keep control → sound under 100 ms."""


@dataclass
class Ledger:
    """The books of one session. Steps count from the session's start.

    `arrived` is the step that the server sends next, `waiting` the frames that arrived and are unread, `granted` where
    a free session is to stop, `sent` the highest credit sent.
    """

    pace: Pace
    buffer_steps: int
    arrived: int = 0
    waiting: int = 0
    granted: int = 0
    sent: int = 0
    sent_at: float = float("-inf")
    underruns: int = 0
    is_read: bool = False
    is_paused: bool = False

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
