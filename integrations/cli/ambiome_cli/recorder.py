"""A session's messages as a score: hears both sides of the conversation, and works out when each change took effect.

    change      took effect at
    --------    --------------------------------------------------------------------------------------------
    with `at`   that time; or `applied_at`, where the server warns that the time had passed
    live        the step of the first frame whose `applied_seq` is not below the change's `seq`
    free        the step equal to the credit granted before it

No sockets here: `from_client` and `from_server` take what passes by.
"""

from collections.abc import Sequence
from operator import attrgetter

import msgspec
from ambiome_protocol.codec import decode_client, decode_server
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.messages import (
    UNSET,
    Change,
    Credit,
    Error,
    Frame,
    Hello,
    ServerBye,
    Warning,
    Welcome,
)
from ambiome_protocol.score import Quality
from ambiome_protocol.steps import seconds_at, step_at


class Recorder:
    """The score of the first session that opens. `session` is its welcome, None before it."""

    def __init__(self) -> None:
        self.session: Welcome | None = None
        self.is_over = False
        self.next_step = 0
        self._credit = 0
        self._steps: dict[int, int] = {}
        self._changes: dict[int, Change] = {}
        self._pending: list[int] = []
        self._told = 0
        self._qualities: list[Quality] = []

    def from_client(self, data: bytes) -> None:
        """The client said this. What is not a right message is the server's to refuse, and is left out here."""
        try:
            message = decode_client(data)
        except ProtocolError:
            return
        if isinstance(message, Credit):
            self._credit = max(self._credit, message.until_step)
        elif isinstance(message, Change):
            self._hear(message)

    def from_server(self, parts: Sequence[bytes]) -> None:
        """The server said this, to that client."""
        message = decode_server(parts[0])
        if isinstance(message, Welcome):
            self.is_over = self.is_over or (self.session is not None and not message.resumed)
            self.session = self.session or message
        elif isinstance(message, Frame):
            self._pass(message)
        elif isinstance(message, Warning) and message.applied_at is not UNSET:
            self._steps[message.seq] = step_at(message.applied_at)
        elif isinstance(message, Error):
            self._drop(message)
        elif isinstance(message, ServerBye):
            self.is_over = self.is_over or message.reason != "detached"

    def is_resumed_by(self, hello: Hello) -> bool:
        """Whether a hello resumes the session that is recorded."""
        return self.session is not None and hello.resume == self.session.resume

    def changes(self) -> tuple[Change, ...]:
        """What was told, each with the time at which it took effect, ascending; equal times in order of arrival. Among
        them, in what quality it was rendered, where that changed.
        """
        order = sorted(self._changes, key=lambda seq: self._steps.get(seq, self.next_step))
        timed = ((self._steps.get(seq, self.next_step), self._changes[seq]) for seq in order)
        told = [msgspec.structs.replace(change, at=seconds_at(step)) for step, change in timed]
        return tuple(sorted([*told, *self._qualities], key=attrgetter("at")))

    def _hear(self, change: Change) -> None:
        seq = change.seq or self._told + 1
        if seq in self._changes:
            return
        self._told = max(self._told, seq)
        self._changes[seq] = change
        if change.at is not UNSET:
            self._steps[seq] = step_at(change.at)
        elif self.session is not None and self.session.pace == "free":
            self._steps[seq] = max(self._credit, self.next_step)
        else:
            self._pending.append(seq)

    def _pass(self, frame: Frame) -> None:
        for seq in [seq for seq in self._pending if seq <= frame.applied_seq]:
            self._steps[seq] = frame.step
            self._pending.remove(seq)
        before = self._qualities[-1].quality if self._qualities else 0
        if frame.step >= self.next_step and frame.quality != before:
            self._qualities.append(Quality(at=seconds_at(frame.step), quality=frame.quality))
        self.next_step = max(self.next_step, frame.step + 1)

    def _drop(self, error: Error) -> None:
        self._changes.pop(error.seq, None)
        if error.seq in self._pending:
            self._pending.remove(error.seq)


def hello_in(data: bytes) -> Hello | None:
    """The hello that a client's message is; None if it is something else."""
    try:
        message = decode_client(data)
    except ProtocolError:
        return None
    return message if isinstance(message, Hello) else None
