"""How busy a loop is: in what share of its time it does not wait for something to do."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

LOOK_EVERY_S: Final = 1.0


class Shares(NamedTuple):
    """What shares of its last second a worker was at work: all in all, for live sessions, and for those of them that
    are neural; and how many `streams` it rendered as fast as they play, by procedural and by neural rendering.
    """

    busy: float
    busy_live: float
    busy_neural: float = 0.0
    streams: float = 0.0
    neural_streams: float = 0.0


class Busyness:
    """Of one loop. All time counts as work, waiting for a core too, but that in which the loop says that it waits."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looked_s, self._idle_s = clock(), 0.0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While this lasts, there is nothing to do."""
        began_s = self._clock()
        yield
        self._idle_s += self._clock() - began_s

    def look(self) -> tuple[float, float] | None:
        """Once a second: the seconds since the last look, and the share of them at work, 0 … 1; None in between."""
        past_s = self._clock() - self._looked_s
        if past_s < LOOK_EVERY_S:
            return None
        share = max(0.0, 1.0 - self._idle_s / past_s)
        self._looked_s, self._idle_s = self._looked_s + past_s, 0.0
        return past_s, share
