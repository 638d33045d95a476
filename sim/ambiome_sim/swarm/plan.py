"""What a swarm is to do."""

from dataclasses import dataclass, fields
from typing import Final

from ambiome_client.credit import FEWEST_STEPS
from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS, MAX_SEED, MAX_ZONES
from ambiome_protocol.lists import LAYOUTS, Layout

MOST_LISTENERS: Final = 10_000


class PlanError(ValueError):
    """A plan that cannot be. `field` is what is wrong, `fault` what is wrong with it, to be said after its name."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field} {fault}")
        self.field, self.fault = field, fault


@dataclass(frozen=True, slots=True)
class Plan:
    """How many listeners, and what they do. Rates are a minute and for each listener, exponential in between.

    `free` of the `listeners` are of pace free; the others share `zones` zones, or have each a place of its own (0). All
    have joined after `join_s`. `buffer_steps` is what each live one holds; None: as its client does. `travels`: tells
    the server that it is elsewhere (in a zone, its owner does); `stalls`: neither reads nor says anything for a while,
    as in a loading screen, now and then for so long that the server detaches it; `drops`: loses its connection and
    comes back after a while; `leaves`: says bye, or dies without a word, and another one comes in its place.
    """

    listeners: int = 200
    seconds: float = 60.0
    seed: int = 0
    free: int = 0
    zones: int = 0
    join_s: float = 5.0
    layout: Layout = "stereo"
    buffer_steps: int | None = None
    travels: float = 12.0
    stalls: float = 0.2
    drops: float = 0.2
    leaves: float = 0.2

    def __post_init__(self) -> None:
        """PlanError for what cannot be."""
        _check("listeners", self.listeners, 1, MOST_LISTENERS)
        _check("free", self.free, 0, self.listeners)
        _check("zones", self.zones, 0, min(self.listeners - self.free, MAX_ZONES))
        _check("seed", self.seed, 0, MAX_SEED)
        if self.buffer_steps is not None:
            _check("buffer_steps", self.buffer_steps, FEWEST_STEPS, MAX_OUTSTANDING_STEPS["live"])
        for field in fields(self):
            if field.type is float:
                _check(field.name, getattr(self, field.name), 0.0, 86_400.0)
        if self.seconds < self.join_s + 1.0:
            raise PlanError(
                "seconds", f"is {self.seconds:g}; to listen after all have joined, {self.join_s + 1:g} are needed"
            )
        if self.layout not in LAYOUTS:
            raise PlanError("layout", f"is {self.layout!r}; it can be {', '.join(LAYOUTS)}")


def _check(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise PlanError(name, f"is {value:g}; it can be {least:g} … {most:g}")
