"""Things that happen once, at times that a scenario has set."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

from ambiome_sim.stage import Stage


@dataclass(frozen=True)
class Moment:
    """An event of the protocol at `at_s` (seconds of an unshortened world)."""

    at_s: float
    kind: str
    label: str
    distance_m: float
    azimuth_deg: float
    strength: float = 0.6


def moments(stage: Stage, plan: Sequence[Moment]) -> Generator[simpy.Event, object, None]:
    """Lets them happen; `plan` is in order of time."""
    for moment in plan:
        yield stage.wait_until(moment.at_s)
        stage.event(
            moment.kind,
            moment.label,
            distance_m=moment.distance_m,
            azimuth_deg=moment.azimuth_deg,
            strength=moment.strength,
        )
