"""Which worker a session goes to, and whether there is room for one more: by what is done, as it was measured.

A worker has room for a live session while, with it, live ones would take no more than a share of its time, in full
quality: one that spares its listeners something already takes no others. The front process likewise, members of zones
among them.

    cost of one more    what those of its kind were measured to cost, each; of too few for that, a cautious guess
    who came of late    is not in what was measured, or only in part (`NOT_YET`), and counts at that cost besides
    busy, and costs     are what they were in the worst of the last LOOKS seconds: work comes and goes, and so does the
                        machine's time
    very few            are let in at any rate, for of them nothing can be said: but to a worker that is at its end

So of a crowd that comes all at once only so many are let in as are sure to be borne, and the others a little later.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import Final

from ambiome_protocol.limits import LOWEST_QUALITY
from ambiome_protocol.lists import RendererName
from ambiome_protocol.messages import Hello

from ambiome_middleware.tokens import STEPS_PER_S
from ambiome_middleware.wire import Load

MEASURABLE: Final = 8
"""What one more session costs is measured from so many on: fewer say more of the machine's moods than of sessions."""
NEURAL_LOAD: Final = 50
"""One listener of the neural renderer is as much work for a worker as about so many of the procedural one."""
GUESSES: Final[Mapping[str, float]] = {"procedural": 0.02, "neural": 0.2}
"""What share of a worker's time a live session takes before that was measured: more than it does on most machines."""
FRONT_GUESS: Final = 0.002
"""And of the front's."""
RETRY_SOON_S: Final = 1.5, 3.5
"""When who is refused is told to come again, where it is only not known yet what those cost who came just before: not
all at the same time, or they would all be there again at once.
"""
RETRY_S: Final = 10.0, 18.0
"""And where there is no room."""
_GOLDEN: Final = 0.618034
"""Multiples of it fill the unit interval evenly, however many there are."""
LOOKS: Final = 5
NOT_YET: Final = (1.0, 1.0, 0.25, 0.25, 0.25)
"""What of a session's cost a look does not show, by how many looks ago it came: in its first a session is there for a
part of the time; then it was seen to be a tenth cheaper than later, for some seconds, and more is held back than that.
"""


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
        self._workers: dict[int, _Measured] = {worker: _Measured(GUESSES) for worker in self.load}
        self._front = _Measured({"": FRONT_GUESS})
        self._refused = 0

    def loaded(self, load: Load) -> None:
        """A worker has said how busy it is."""
        if load.worker not in self._workers:
            return
        self._workers[load.worker].measured(
            load.busy_live,
            {
                "procedural": (load.busy_live - load.busy_neural, load.streams, MEASURABLE),
                "neural": (load.busy_neural, load.neural_streams, 1),
            },
            load.quality,
        )

    def front_loaded(self, busy: float, frames_per_s: float) -> None:
        """What share of its time of late the front process was at work, and how many frames a second it sent. What live
        sessions play are its live ones.
        """
        streams = frames_per_s / STEPS_PER_S
        live = busy * min(self._front.count("") / max(streams, 1.0), 1.0)
        self._front.measured(live, {"": (busy, streams, MEASURABLE)})

    def give(self, worker: int, hello: Hello) -> None:
        """A worker has a session more."""
        self.load[worker] += load_of(hello)
        if hello.pace == "live":
            self._workers[worker].come(hello.renderer)

    def take(self, worker: int, hello: Hello) -> None:
        """A worker, if it is still there, has a session less."""
        if worker in self.load:
            self.load[worker] -= load_of(hello)
            if hello.pace == "live":
                self._workers[worker].go(hello.renderer)

    def come(self, is_live: bool) -> None:
        """There is one session more, a member of a zone or not."""
        if is_live:
            self._front.come("")

    def go(self, is_live: bool) -> None:
        """There is one less."""
        if is_live:
            self._front.go("")

    def lose(self, worker: int) -> None:
        """A worker died."""
        self.load.pop(worker, None)
        self._workers.pop(worker, None)

    def welcome(self, worker: int, has: Iterable[Hello]) -> None:
        """A worker is there, with these sessions if it is there anew."""
        if worker in self.load:
            return
        self.load[worker], self._workers[worker] = 0, _Measured(GUESSES)
        for hello in has:
            self.give(worker, hello)

    def least_loaded(self) -> int:
        """The worker that the next session goes to if it takes what others leave. ValueError where there is none."""
        return min(self.load, key=lambda number: (self.load[number], number))

    def place(self, hello: Hello) -> int | None:
        """The worker that the next session goes to: a live one to the one that will be the least busy; None where it
        would be rendered in time by none. ValueError where there is no worker.
        """
        if hello.pace == "free":
            return self.least_loaded()
        fit = [worker for worker in self.load if self._has_room(worker, hello.renderer)]
        by_busy = {worker: self._workers[worker].with_one_more(hello.renderer) for worker in fit}
        return min(fit, key=lambda worker: (by_busy[worker], self.load[worker], worker), default=None)

    def has_front_room(self) -> bool:
        """Whether the front process can serve one live session more in time, as far as was measured."""
        return self._front.count("") < MEASURABLE or self._front.with_one_more("") <= self._most_busy

    def retry_s(self) -> float:
        """When who is refused now for want of time is to try again."""
        measured = [*self._workers.values(), self._front]
        is_for_newcomers = all(each.quality == 0 and each.settled() <= self._most_busy for each in measured)
        return self._between(*RETRY_SOON_S) if is_for_newcomers else self.later_s()

    def later_s(self) -> float:
        """When who is refused now for want of room is to try again."""
        return self._between(*RETRY_S)

    def _between(self, first_s: float, last_s: float) -> float:
        self._refused += 1
        return round(first_s + (last_s - first_s) * (self._refused * _GOLDEN % 1.0), 1)

    def _has_room(self, worker: int, kind: RendererName) -> bool:
        measured = self._workers[worker]
        busy = measured.with_one_more(kind)
        if self.load[worker] < MEASURABLE:
            return measured.quality < LOWEST_QUALITY or busy <= self._most_busy
        return measured.quality == 0 and busy <= self._most_busy


class _Measured:
    """How busy somebody was with live sessions, what one of a kind costs, and who came of late."""

    def __init__(self, guesses: Mapping[str, float]) -> None:
        self._guesses = guesses
        self._busy = deque([0.0], maxlen=LOOKS)
        self._costs = {kind: deque[float](maxlen=LOOKS) for kind in guesses}
        self._live = Counter[str]()
        self._came = deque([Counter[str]()], maxlen=len(NOT_YET))
        """Who came since the last look, in the look before that, and so on."""
        self.quality = 0

    def measured(self, busy: float, by_kind: Mapping[str, tuple[float, float, float]], quality: int = 0) -> None:
        """`by_kind`: what share of its time it was at work for so many streams, and how many tell what one costs."""
        self._busy.append(busy)
        self.quality = quality
        self._came.appendleft(Counter())
        for kind, (share, streams, enough) in by_kind.items():
            if streams >= enough:
                self._costs[kind].append(share / streams)

    def come(self, kind: str) -> None:
        self._live[kind] += 1
        self._came[0][kind] += 1

    def go(self, kind: str) -> None:
        self._live[kind] = max(self._live[kind] - 1, 0)

    def count(self, kind: str) -> int:
        """How many live sessions there are."""
        return self._live[kind]

    def settled(self) -> float:
        """How busy one more would have made it before those of late came."""
        return max(self._busy) + min(map(self._cost, self._costs))

    def with_one_more(self, kind: str) -> float:
        """How busy it will be."""
        return max(self._busy) + self._cost(kind) + sum(self._cost(each) * self._new(each) for each in self._costs)

    def _cost(self, kind: str) -> float:
        return max(self._costs[kind], default=self._guesses[kind])

    def _new(self, kind: str) -> float:
        """How many more there will seem to be, once all that are there are seen."""
        unseen = sum(share * came[kind] for share, came in zip(NOT_YET, self._came, strict=False))
        return min(unseen, self._live[kind])
