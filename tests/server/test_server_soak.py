"""An hour of a server: what it holds does not grow."""

from collections.abc import Iterator

import psutil
import pytest
from ambiome_client import Ambience
from real_server import RealServer

MINUTE_S = 60.0
PLACES = ("coast", "temperate_forest", "city", "cave")


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    with RealServer() as one:
        yield one


def held_mib(server: RealServer) -> list[float]:
    """Resident memory of the front and of its worker."""
    front = psutil.Process(server.process.pid)
    return [each.memory_info().rss / 2**20 for each in (front, *front.children())]


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_an_hour_takes_no_more_memory_than_five_minutes(server: RealServer) -> None:
    """Free pace. The listener travels every minute, and with each place another session comes and goes, so that what a
    session leaves behind would add up.
    """
    early: list[float] = []
    with Ambience(server.address, seed=1, pace="free") as ambience:
        for minute in range(60):
            ambience.world({"rain_mm_h": minute % 7}, {"biome": PLACES[minute % 4]}, transition_s=5)
            ambience.event("lightning", distance_m=900)
            ambience.run_until((minute + 1) * MINUTE_S)
            with Ambience(server.address, seed=minute, pace="free") as passing:
                passing.run_until(2.0)
            if minute == 4:
                early = held_mib(server)
        late = held_mib(server)
        assert ambience.step == 90_000
    assert len(early) == len(late) == 2
    for before, after in zip(early, late, strict=True):
        assert after < before + 8.0, (early, late)
