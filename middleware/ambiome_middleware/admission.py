"""Which worker a session goes to, and whether there is room for one more: by what workers say they do."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from ambiome_protocol.messages import Hello

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
        """`most_busy`: what share of its time a worker may be at work for live sessions before it takes no more."""
        self.load: Final = dict.fromkeys(workers, 0)
        self._most_busy = most_busy
        self._told: dict[int, Load] = {}
        self._taken_since: Counter[int] = Counter()

    def loaded(self, load: Load) -> None:
        """A worker has said how busy it is."""
        self._told[load.worker] = load
        self._taken_since[load.worker] = 0

    def give(self, worker: int, load: int, is_live: bool = False) -> None:
        """A worker has so much more to do."""
        self.load[worker] += load
        self._taken_since[worker] += load * is_live

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
        """Whether that worker can render one live session more in time, as far as was measured: free ones use only what
        live ones leave, and are never refused for want of time.
        """
        worker = self.least_loaded()
        told = self._told.get(worker)
        if told is None or told.live < MEASURABLE:
            return True
        more = self._taken_since[worker] + load_of(hello)
        return told.busy_live * (1.0 + more / told.live) <= self._most_busy
