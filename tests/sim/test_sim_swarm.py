"""A swarm: its listeners hear a real server, and what befalls them is what was planned."""

import errno
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import psutil
import pytest
import simpy
import zmq
from ambiome_client.keys import keys_of
from ambiome_client.terms import Terms
from ambiome_protocol.messages import Warning
from ambiome_sim.swarm import Findings, Heard, Plan, Second, open_files, swarm
from ambiome_sim.swarm.listener import Listener
from ambiome_sim.swarm.picture import draw
from ambiome_sim.swarm.server_load import ServerLoad
from ambiome_sim.swarm.sockets import Sockets
from client.toy_server import ToyServer
from real_server import RealServer
from zmq.auth.thread import ThreadAuthenticator


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    with RealServer(workers=1) as one:
        yield one


@pytest.fixture
def toy() -> Iterator[ToyServer]:
    one = ToyServer()
    yield one
    one.stop()


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
    assert found.as_json()["server_mib"] is None, "its process was not named"


@pytest.mark.long
def test_who_is_refused_for_want_of_room_comes_again_when_he_was_told_to() -> None:
    """A server of two: the third is refused, comes again after some fifteen seconds, and is refused again."""
    with RealServer(workers=1, max_sessions=2) as small:
        plan = Plan(listeners=3, seconds=17.0, join_s=0.3, seed=2, travels=0.0, stalls=0.0, drops=0.0, leaves=0.0)
        found = swarm(plan, small.address)
    told = found.as_json()
    assert (told["listeners"], told["refused"], told["failed"]) == (2, 2, [])
    assert [heard.name for heard in found.listeners if heard.is_refused] == ["live 2.0", "live 2.1"]


def signalled(server: RealServer, signals: dict[float, signal.Signals]) -> Callable[[float], None]:
    """For `progress`: gives the server's front process each signal when so much of the time is over."""
    due = dict(signals)

    def progress(share: float) -> None:
        for each in [each for each in due if share >= each]:
            server.process.send_signal(due.pop(each))

    return progress


QUIET: Final = Plan(listeners=2, seconds=4.0, join_s=0.4, seed=3, travels=0.0, stalls=0.0, drops=0.0, leaves=0.0)


@pytest.mark.parametrize("goes_on_at", [0.7, None])
def test_a_server_that_is_stopped_is_missed(goes_on_at: float | None) -> None:
    signals = {0.35: signal.SIGSTOP} | ({goes_on_at: signal.SIGCONT} if goes_on_at else {})
    with RealServer(workers=1) as own:
        found = swarm(QUIET, own.address, progress=signalled(own, signals))
    told = found.as_json()
    least_ms = 1_000.0 * ((goes_on_at or 1.0) - 0.35) * QUIET.seconds - 200.0
    assert told["failed"] == []
    assert all(heard.longest_s * 1_000 > least_ms for heard in found.live)
    assert (told["share_under"]["200 ms"], told["listeners"]) == (0.0, 2)
    assert found.is_heard


def test_a_server_that_is_not_there_is_a_failure_of_each() -> None:
    found = swarm(replace(QUIET, seconds=1.6), "tcp://127.0.0.1:9")
    told = found.as_json()
    assert [heard.failure.partition(" in ")[0] for heard in found.live] == ["tcp://127.0.0.1:9 has not answered"] * 2
    assert (len(told["failed"]), told["silent"], told["share_under"]["200 ms"]) == (2, 2, 0.0)
    assert told["longest_underrun_ms"] is None
    assert not found.is_heard


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        # Where there is too much to do, the server hangs up before it has said so, each time.
        (False, r"(refuses this client:|has not answered in .* s: it hangs up .*; maybe) a key is wanted there"),
        (True, "refuses this client: this key is not welcome there"),
    ],
)
def test_who_is_not_let_in_has_failed_and_is_told_why(tmp_path: Path, keys: bool, says: str) -> None:
    public, secret = zmq.curve_keypair()
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        gate = ThreadAuthenticator(context)
        gate.start()
        gate.configure_curve(location=str(tmp_path))
        router.curve_server, router.curve_publickey, router.curve_secretkey = True, public, secret
        port = router.bind_to_random_port("tcp://127.0.0.1")
        try:
            found = swarm(
                replace(QUIET, seconds=4.0),
                f"tcp://127.0.0.1:{port}",
                keys=keys_of(public.decode(), None) if keys else None,
            )
        finally:
            gate.stop()
    assert len(found.live) == 2
    assert all(re.match(f"tcp://127.0.0.1:{port} {says}", heard.failure) for heard in found.live)


def test_who_stalls_is_detached_and_comes_back() -> None:
    """A server that is soon impatient, and two listeners that do nothing but stall."""
    with RealServer(workers=1, detach_after_s=0.4) as impatient:
        found = swarm(replace(QUIET, seconds=6.0, stalls=120.0, seed=1), impatient.address)
    assert [heard.failure for heard in found.listeners] == ["", ""]
    assert sum(heard.reconnects for heard in found.listeners) > 0


def test_a_stalled_listener_s_socket_is_not_read(toy: ToyServer) -> None:
    env = simpy.Environment()
    listeners = [Listener(env, toy.address, f"live {place}", Terms(), set()) for place in range(2)]
    sockets = Sockets(toy.address, None)
    try:
        for listener in listeners:
            sockets.send(listener)
        while not all(listener.is_welcome for listener in listeners):
            sockets.receive(1.0)
        stalled, other = listeners
        stalled.stall()
        sockets.leave_unread(stalled)
        toy.say(Warning(code="behind", detail="to all"))
        while not other.connection.notices:
            sockets.receive(1.0)
        assert not stalled.connection.notices
        while not stalled.connection.notices:
            sockets.read_again(stalled)
            sockets.receive(1.0)
    finally:
        sockets.close()


def test_a_swarm_may_have_as_many_files_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [1_024, 4_096]
    monkeypatch.setattr(open_files.resource, "getrlimit", lambda which: tuple(limits))
    monkeypatch.setattr(open_files.resource, "setrlimit", lambda which, new: limits.__setitem__(slice(None), new))
    open_files.allow_files(100)
    assert limits == [1_024, 4_096], "that is enough"
    open_files.allow_files(900)
    assert limits == [4_096, 4_096]
    with pytest.raises(OSError, match="2000 listeners need some 8,064, and this process may have 4,096"):
        open_files.allow_files(2_000)


def test_where_no_socket_is_left_the_swarm_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def monitor(*arguments: object) -> None:
        raise zmq.ZMQError(errno.EMFILE)

    monkeypatch.setattr(zmq.Socket, "get_monitor_socket", monitor)
    with pytest.raises(OSError, match="too many open files: there is none left for a socket more beside 0"):
        swarm(QUIET, "tcp://127.0.0.1:9")


def test_a_process_that_has_just_ended_uses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    gone = psutil.Process(child.pid)
    child.communicate()
    monkeypatch.setattr(psutil.Process, "children", lambda self, recursive: [gone])
    cpu_s, memory_mib = ServerLoad(os.getpid()).look()
    assert cpu_s >= 0.0
    assert memory_mib > 1.0


def test_figures_are_those_of_the_listeners(tmp_path: Path) -> None:
    quiet = Heard("live 0", "live", Counter({0: 60, 2: 40}), control_s=[0.05, 0.07], first_sound_s=0.04)
    quiet.warnings["quality"] = 2
    gap = Heard("live 1", "live", Counter({0: 100}), [0.02, 0.12], [0.06], [0.2], 0.1, 2, failure="lost", own_s=[0.12])
    late = Heard("live 2", "live")
    starved = Heard("live 3", "live", underruns_s=[4.0])
    guest = Heard("free 4", "free", Counter({0: 5_000}))
    turned_away = Heard("live 5", "live", is_refused=True)
    found = Findings(
        "a machine",
        (quiet, gap, late, starved, guest, turned_away),
        (
            Second(5.0, 4, 5_200, 2, 0.5, 300.0, 0.001, Counter({0: 160, 2: 40})),
            Second(6.0, 4, 50, 0, 0.7, 310.0, 0.002, Counter()),
        ),
    )
    told = found.as_json()
    assert (told["listeners"], told["refused"], told["silent"]) == (5, 1, 1)
    assert told["failed"] == ["live 1: lost"]
    assert told["longest_underrun_ms"]["max"] == 4_000.0, "who heard nothing counts most"
    assert told["longest_of_others_ms"]["mean"] == 1_340.0, "but for what came when the swarm itself stood still"
    assert told["underrun_in_all_ms"]["mean"] == 1_380.0
    assert told["share_under"] == {"50 ms": 0.333333, "100 ms": 0.333333, "200 ms": 0.333333}, (
        "who failed is no success"
    )
    assert told["first_sound_ms"]["max"] == 100.0
    assert told["back_ms"]["max"] == 60.0
    assert told["quality"] == {"full": 0.8, "1": 0.0, "2": 0.2, "3": 0.0}, "of live ones"
    assert told["warnings"] == {"quality": 2}
    assert told["control_to_sound_ms"]["max"] == 200.0
    assert (told["changes"], told["reconnects"]) == (3, 2)
    assert (told["frames_a_second"], told["server_cores"], told["server_mib"]) == (2_625.0, 0.6, 310.0)
    assert [each["name"] for each in told["each"]] == ["live 0", "live 1", "live 2", "live 3", "free 4"]
    assert told["each"][1] == {
        "name": "live 1", "pace": "live", "frames": 100, "first_sound_ms": 100.0, "underruns": 2,
        "longest_underrun_ms": 120.0, "longest_of_others_ms": 20.0, "underrun_in_all_ms": 140.0, "back_ms": [60.0],
        "reconnects": 2, "quality": {"full": 1.0, "1": 0.0, "2": 0.0, "3": 0.0}, "warnings": {}, "failure": "lost",
    }  # fmt: skip
    assert ("server", "0.6 cores, 310.0 MiB") in found.rows()
    assert ("quality of live frames", "full 80.0%, 1 0.0%, 2 20.0%, 3 0.0%") in found.rows()
    assert ("warnings", "2 quality") in found.rows()
    draw(tmp_path / "swarm.png", found)
    assert (tmp_path / "swarm.png").read_bytes().startswith(b"\x89PNG")


def test_what_nobody_knows_is_null(tmp_path: Path) -> None:
    found = Findings("", (Heard("live 0", "live"),), (Second(1.0, 1, 0, 0, None, None, 0.0, Counter()),))
    told = found.as_json()
    assert (told["server_cores"], told["server_mib"], told["longest_underrun_ms"]) == (None, None, None)
    assert told["share_under"] == {"50 ms": None, "100 ms": None, "200 ms": None}
    assert "server" not in dict(found.rows())
    draw(tmp_path / "swarm.png", found)


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
        listeners=9, free=1, zones=2, seconds=6.0, join_s=1.0, seed=11, travels=60.0, stalls=6.0, drops=12.0, leaves=0.0
    )
    found = swarm(plan, server.address)
    assert [heard.failure for heard in found.listeners] == [""] * 9
    assert sum(heard.frames for heard in found.live) > 8 * 2 * 25
    assert all(bool(heard.control_s) == (place < 2) for place, heard in enumerate(found.live)), "owners alone tell"
