"""How busy a loop is: in what share of its time it does not wait for something to do."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

LOOK_EVERY_S: Final = 1.0
STILL_S: Final = 0.3
"""A turn that takes longer than this, and in which the process had the CPU for less than STILL_CPU of it, is one in
which it stood still: it was stopped, or the machine was. Who only waits for a core gets a share of one much sooner.
"""
STILL_CPU: Final = 0.1


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
    """Of one loop. All time counts as work, waiting for a core too, but that in which the loop says that it waits, and
    turns in which the process stood still: who was stopped for a while has no less room for it.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, cpu_clock: Callable[[], float] = time.process_time
    ) -> None:
        self._clock, self._cpu_clock = clock, cpu_clock
        self._looked_s, self._idle_s = clock(), 0.0
        self._turned_s, self._turned_cpu_s = self._looked_s, cpu_clock()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While this lasts, there is nothing to do."""
        began_s = self.turn()
        yield
        self._turned_s, self._turned_cpu_s = self._clock(), self._cpu_clock()
        self._idle_s += self._turned_s - began_s

    def turn(self) -> float:
        """A turn ends, and the next begins: at that time."""
        now_s, now_cpu_s = self._clock(), self._cpu_clock()
        took_s, cpu_s = now_s - self._turned_s, now_cpu_s - self._turned_cpu_s
        if took_s > STILL_S and cpu_s < STILL_CPU * took_s:
            self._idle_s += took_s - cpu_s
        self._turned_s, self._turned_cpu_s = now_s, now_cpu_s
        return now_s

    def look(self) -> tuple[float, float] | None:
        """Once a second: the seconds since the last look, and the share of them at work, 0 … 1; None in between."""
        past_s = self._clock() - self._looked_s
        if past_s < LOOK_EVERY_S:
            return None
        self.turn()
        share = max(0.0, 1.0 - self._idle_s / past_s)
        self._looked_s, self._idle_s = self._looked_s + past_s, 0.0
        return past_s, share
