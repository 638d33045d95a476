"""A scenario: a simulated world with a length, which can be run alone or drive an ambience."""

from collections.abc import Callable
from dataclasses import dataclass

import simpy
from ambiome_protocol.messages import Change

from ambiome_sim.stage import Stage, WorldEvent


@dataclass(frozen=True)
class Scenario:
    """A world that `begin` fills with processes. `scale` is how much shorter it runs than it was written."""

    name: str
    seed: int
    seconds: float
    scale: float
    begin: Callable[[Stage], None]

    def start(self) -> Stage:
        """A fresh run of this world, at time 0; the same seed gives the same run."""
        stage = Stage(simpy.Environment(), self.seed, self.scale)
        self.begin(stage)
        return stage


@dataclass(frozen=True)
class Course:
    """What happened in a world, and what it told: a score that any renderer can play."""

    events: tuple[WorldEvent, ...]
    score: tuple[Change, ...]


def run(scenario: Scenario) -> Course:
    """Runs a world alone, in no time: what would happen, and what would be told."""
    stage = scenario.start()
    while stage.next_s < scenario.seconds:
        stage.happen()
    return Course(tuple(stage.log), tuple(stage.told))
