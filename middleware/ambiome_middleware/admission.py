"""Which worker a session goes to, and whether there is room for one more: by what is done, as it was measured.

A worker has room for a live session while, with it, live ones would take no more than a share of its time, in full
quality: one that spares its listeners something already takes no others. The front process likewise, members of zones
among them. What those cost who came of late is not measured yet, and is counted as what the others cost.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ambiome_protocol.messages import Hello

from ambiome_middleware.tokens import STEPS_PER_S
from ambiome_middleware.wire import Load

MEASURABLE: Final = 8
"""What one more session costs is measured from so many on: fewer say more of the machine's moods than of sessions."""
NEURAL_LOAD: Final = 50
"""One listener of the neural renderer is as much work for a worker as about so many of the procedural one."""


def load_of(hello: Hello) -> int:
    """How much work a session is for its worker, in listeners of the procedural renderer."""
    return NEURAL_LOAD if hello.renderer == "neural" else 1


class Admission:
    """The workers, what each was given (`load`, in listeners of the procedural renderer), and what it says it does."""

    def __init__(self, workers: Iterable[int], most_busy: float) -> None:
        """`most_busy`: what share of its time a worker may be at work for live sessions, or the front process at all,
        before it takes no more.
        """
        self.load: Final = dict.fromkeys(workers, 0)
        self._most_busy = most_busy
        self._told: dict[int, Load] = {}
        self._new: dict[int, _Newcomers] = defaultdict(_Newcomers)
        self._live, self._front_busy, self._front_new = 0, 0.0, _Newcomers()

    def loaded(self, load: Load) -> None:
        """A worker has said how busy it is."""
        self._told[load.worker] = load
        self._new[load.worker].measured()

    def front_loaded(self, busy: float, frames_per_s: float) -> None:
        """What share of its time of late the front process was at work, and how many frames a second it sent. What live
        sessions play are its live ones.
        """
        self._front_busy = busy * min(self._live * STEPS_PER_S / max(frames_per_s, 1.0), 1.0)
        self._front_new.measured()

    def give(self, worker: int, load: int, is_live: bool = False) -> None:
        """A worker has so much more to do."""
        self.load[worker] += load
        self._new[worker].since += load * is_live

    def come(self, is_live: bool) -> None:
        """There is one session more, a member of a zone or not."""
        self._live += is_live
        self._front_new.since += is_live

    def go(self, is_live: bool) -> None:
        """There is one less."""
        self._live -= is_live

    def take(self, worker: int, load: int) -> None:
        """A worker, if it is still there, has so much less to do."""
        if worker in self.load:
            self.load[worker] -= load

    def lose(self, worker: int) -> None:
        """A worker died."""
        self.load.pop(worker, None)
        self._told.pop(worker, None)

    def welcome(self, worker: int, load: int) -> None:
        """A worker is there, with so much to do if it is there anew."""
        self.load.setdefault(worker, load)

    def least_loaded(self) -> int:
        """The worker that the next session goes to. ValueError where there is none."""
        return min(self.load, key=lambda number: (self.load[number], number))

    def has_room(self, hello: Hello) -> bool:
        """Whether that worker can render one live session more in time, as far as was measured."""
        worker = self.least_loaded()
        told = self._told.get(worker)
        if told is None or told.live < MEASURABLE:
            return True
        more = self._new[worker].count() + load_of(hello)
        return told.quality == 0 and told.busy_live * (1.0 + more / told.live) <= self._most_busy

    def has_front_room(self) -> bool:
        """Whether the front process can serve one live session more in time, as far as was measured."""
        measured = self._live - self._front_new.since
        if measured < MEASURABLE:
            return True
        more = self._front_new.count() + 1
        return self._front_busy * (1.0 + more / measured) <= self._most_busy


@dataclass(slots=True)
class _Newcomers:
    """Who came since the last measurement, and who so shortly before it that it holds only a part of their cost."""

    since: int = 0
    before: int = 0

    def measured(self) -> None:
        self.since, self.before = 0, self.since

    def count(self) -> int:
        return self.since + self.before
