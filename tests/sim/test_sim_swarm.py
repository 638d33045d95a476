"""A swarm: its listeners hear a real server, and what befalls them is what was planned."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ambiome_sim.swarm import Findings, Heard, Plan, Second, swarm
from ambiome_sim.swarm.picture import draw
from real_server import RealServer


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    with RealServer(workers=1) as one:
        yield one


def test_all_are_heard_live_and_free(server: RealServer) -> None:
    plan = Plan(listeners=6, free=1, seconds=5.0, join_s=1.0, seed=4, travels=60.0, stalls=0.0, drops=0.0, leaves=0.0)
    found = swarm(plan, server.address, machine="here", server_pid=server.process.pid)
    assert [heard.failure for heard in found.listeners] == [""] * 6
    assert [heard.pace for heard in found.listeners] == ["free"] + ["live"] * 5
    told = found.as_json()
    assert all(heard.frames > 2 * 25 for heard in found.live)
    assert found.listeners[0].frames > 2 * max(heard.frames for heard in found.live), "a free one waits for no card"
    assert told["changes"] > 5
    assert 20.0 < told["control_to_sound_ms"]["mean"] < 1_000.0, (
        "a change is not heard before the frame that plays ends"
    )
    assert told["server_cores"] > 0.0
    assert told["server_mib"] > 50.0
    assert len(found.seconds) in (3, 4)


def test_lost_connections_come_back_and_places_are_taken_again(server: RealServer) -> None:
    plan = Plan(listeners=4, seconds=7.0, join_s=0.5, seed=5, travels=0.0, stalls=10.0, drops=60.0, leaves=15.0)
    found = swarm(plan, server.address)
    assert [heard.failure for heard in found.listeners if heard.failure] == []
    assert len(found.listeners) > 4
    assert sum(heard.reconnects for heard in found.listeners) > 0
    assert found.as_json()["server_mib"] == 0.0, "its process was not named"


@pytest.mark.long
def test_who_is_refused_for_want_of_room_comes_again_when_he_was_told_to() -> None:
    """A server of two: the third is refused, comes again after ten seconds, and is refused again."""
    with RealServer(workers=1, max_sessions=2) as small:
        plan = Plan(listeners=3, seconds=14.0, join_s=0.3, seed=2, travels=0.0, stalls=0.0, drops=0.0, leaves=0.0)
        found = swarm(plan, small.address)
    told = found.as_json()
    assert (told["listeners"], told["refused"], told["failed"]) == (2, 2, [])
    assert [heard.name for heard in found.listeners if heard.is_refused] == ["live 2.0", "live 2.1"]


def test_a_server_that_is_not_there_is_a_failure_of_each() -> None:
    plan = Plan(listeners=2, seconds=1.5, join_s=0.2, leaves=600.0)
    found = swarm(plan, "tcp://127.0.0.1:9")
    assert found.live == []
    assert found.as_json()["longest_underrun_ms"]["max"] == 0.0


def test_figures_are_those_of_the_listeners(tmp_path: Path) -> None:
    quiet = Heard("live 0", "live", frames=100, control_s=[0.05, 0.07])
    gap = Heard("live 1", "live", frames=100, underruns_s=[0.02, 0.12], control_s=[0.2], failure="lost", reconnects=2)
    absent = Heard("live 2", "live")
    guest = Heard("free 3", "free", frames=5_000, underruns_s=[])
    turned_away = Heard("live 4", "live", is_refused=True)
    found = Findings(
        "a machine",
        (quiet, gap, absent, guest, turned_away),
        (Second(5.0, 4, 5_200, 2, 0.5, 300.0, 0.001), Second(6.0, 4, 50, 0, 0.7, 310.0, 0.002)),
    )
    told = found.as_json()
    assert (told["listeners"], told["refused"]) == (4, 1)
    assert told["failed"] == ["live 1: lost"]
    assert told["longest_underrun_ms"] == {"mean": 60.0, "p95": 114.0, "p99": 118.8, "max": 120.0}
    assert told["underrun_in_all_ms"]["max"] == 140.0
    assert told["share_under"] == {"50 ms": 0.5, "100 ms": 0.5, "200 ms": 1.0}
    assert told["control_to_sound_ms"]["max"] == 200.0
    assert (told["changes"], told["reconnects"]) == (3, 2)
    assert (told["frames_a_second"], told["server_cores"], told["server_mib"]) == (2_625.0, 0.6, 310.0)
    assert ("server", "0.6 cores, 310.0 MiB") in found.rows()
    draw(tmp_path / "swarm.png", found)
    assert (tmp_path / "swarm.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"listeners": 0}, "listeners is 0; it can be 1 … 10000"),
        ({"listeners": 2, "free": 3}, "free is 3; it can be 0 … 2"),
        ({"listeners": 4, "free": 2, "zones": 3}, "zones is 3; it can be 0 … 2"),
        ({"buffer_steps": 1}, "buffer_steps is 1; it can be 2 … 25"),
        ({"drops": -1.0}, "drops is -1; it can be 0 … 86400"),
        ({"seconds": 3.0}, "seconds is 3; to listen after all have joined, 6 are needed"),
        ({"layout": "round"}, "layout is 'round'; it can be mono"),
    ],
)
def test_a_plan_that_cannot_be(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        Plan(**wrong)  # type: ignore[arg-type]


def test_zones_are_shared_by_the_live_ones_and_told_by_their_owners(server: RealServer) -> None:
    plan = Plan(
        listeners=9, free=1, zones=2, seconds=6.0, join_s=1.0, seed=6, travels=60.0, stalls=6.0, drops=12.0, leaves=0.0
    )
    found = swarm(plan, server.address)
    assert [heard.failure for heard in found.listeners] == [""] * 9
    assert sum(heard.frames for heard in found.live) > 8 * 2 * 25
    assert all(bool(heard.control_s) == (place < 2) for place, heard in enumerate(found.live)), "owners alone tell"
