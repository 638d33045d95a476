"""A traveller: from place to place, indoors and out."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import simpy

from ambiome_sim.stage import Fields, Stage

TELLINGS = 8
"""How many times on a walk the traveller tells where he is."""


@dataclass(frozen=True)
class Landmark:
    """Something that sounds in a place: a kind of feature, and where it is from where one stands there."""

    kind: str
    distance_m: float
    azimuth_deg: float = 0.0
    size: float = 0.5


@dataclass(frozen=True)
class Place:
    """Where one can be. `openness` None: as its shelter has it."""

    name: str
    biome: str
    shelter: str = "open"
    openness: float | None = None
    landmarks: tuple[Landmark, ...] = ()


@dataclass(frozen=True)
class Leg:
    """The way to a place: begun at `at_s`, `walk_s` long (seconds of an unshortened world) over `walk_m` metres.

    A walk of 0 s is a cut: one is elsewhere.
    """

    at_s: float
    to: Place
    walk_s: float = 0.0
    walk_m: float = 60.0


def traveller(stage: Stage, start: Place, legs: Sequence[Leg]) -> Generator[simpy.Event, object, None]:
    """Stands at `start`, then goes the legs, one after the other. A place is noted when the way to it begins."""
    chance = stage.chance("traveller")
    heading = chance.uniform(0, 360)
    stage.world(location=at_place(start), listener={"heading_deg": round(heading, 1) % 360}, cut=True)
    stage.note(start.name)
    here = start
    for leg in legs:
        yield stage.wait_until(leg.at_s)
        stage.note(leg.to.name)
        if leg.walk_s <= 0:
            stage.world(location=at_place(leg.to), cut=True)
        for share in _shares(leg):
            heading += chance.gauss(0, 12)
            stage.world(
                location=between(here, leg.to, share, leg.walk_m),
                listener={"heading_deg": round(heading % 360, 1) % 360},
                transition_s=leg.walk_s / TELLINGS,
            )
            yield stage.wait(leg.walk_s / TELLINGS)
        here = leg.to


def at_place(place: Place) -> Fields:
    """The location of who stands in a place."""
    return {
        "biome": place.biome,
        "shelter": place.shelter,
        "openness": place.openness,
        "features": [_feature(place, index, mark.distance_m) for index, mark in enumerate(place.landmarks)],
    }


def between(here: Place, there: Place, share: float, walk_m: float) -> Fields:
    """The location of who has gone `share` (0 … 1) of the way from one place to another, `walk_m` metres long."""
    if share >= 1:
        return at_place(there)
    leaving = [(here, index, mark.distance_m + share * walk_m) for index, mark in enumerate(here.landmarks)]
    coming = [(there, index, mark.distance_m + (1 - share) * walk_m) for index, mark in enumerate(there.landmarks)]
    inside = here if share < 0.5 else there
    weights = {here.biome: round(1 - share, 3), there.biome: round(share, 3)}
    return {
        "biome": here.biome if here.biome == there.biome else weights,
        "shelter": inside.shelter,
        "openness": inside.openness,
        "features": [_feature(place, index, distance_m) for place, index, distance_m in leaving + coming],
    }


def _shares(leg: Leg) -> Iterator[float]:
    return ((telling + 1) / TELLINGS for telling in range(TELLINGS if leg.walk_s > 0 else 0))


def _feature(place: Place, index: int, distance_m: float) -> Fields:
    mark = place.landmarks[index]
    return {
        "id": f"{place.name}/{index}",
        "kind": mark.kind,
        "distance_m": round(distance_m, 2),
        "azimuth_deg": mark.azimuth_deg,
        "size": mark.size,
    }
