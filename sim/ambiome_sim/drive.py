"""A world drives an ambience: what happens is told at its time, and the sound up to then is read."""

from collections.abc import Callable, Iterator
from typing import Protocol

from ambiome_protocol.audio import Samples
from ambiome_protocol.messages import Change

from ambiome_sim.scenario import Scenario
from ambiome_sim.stage import WorldEvent


class FreeAmbience(Protocol):
    """What a world needs of an ambience of pace "free": `ambiome_client.Ambience` is one."""

    def tell(self, change: Change) -> int: ...
    def grant(self, until_s: float) -> None: ...
    def __iter__(self) -> Iterator[Samples]: ...


class Drive:
    """The frames of a world, float32 [channels, 1920], to be read once; `events` and `score` grow as they are read.

    In simulated time: what the world tells at a time is sent, then the stretch up to the next time is granted and read.
    Nothing waits for a clock, so an hour of world takes as long as its sound takes to render.
    """

    def __init__(
        self, scenario: Scenario, ambience: FreeAmbience, progress: Callable[[float], None] | None = None
    ) -> None:
        self._seconds = scenario.seconds
        self._stage = scenario.start()
        self._ambience = ambience
        self._progress = progress or (lambda share: None)

    @property
    def events(self) -> tuple[WorldEvent, ...]:
        """What has happened so far."""
        return tuple(self._stage.log)

    @property
    def score(self) -> tuple[Change, ...]:
        """What has been told so far; `ambiome_middleware.render` makes the same sound of it."""
        return tuple(self._stage.told)

    def __iter__(self) -> Iterator[Samples]:
        stage, sent = self._stage, 0
        while (next_s := stage.next_s) < self._seconds:
            yield from self._read_until(next_s)
            stage.happen()
            for change in stage.told[sent:]:
                self._ambience.tell(change)
            sent = len(stage.told)
        yield from self._read_until(self._seconds)

    def _read_until(self, until_s: float) -> Iterator[Samples]:
        self._ambience.grant(until_s)
        yield from self._ambience
        self._progress(until_s / self._seconds)


def drive(scenario: Scenario, ambience: FreeAmbience, progress: Callable[[float], None] | None = None) -> Drive:
    """Lets a world drive an ambience of pace "free": iterate the result for its frames.

    `progress` is called with 0 … 1. Whatever the ambience raises comes through.
    """
    return Drive(scenario, ambience, progress)
