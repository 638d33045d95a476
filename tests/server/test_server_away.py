"""Clients that are away without a word: a laptop that is shut, a network that goes on taking and brings nothing."""

import hashlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import psutil
import pytest
from ambiome_client import Ambience
from ambiome_middleware import Ambience as InProcess
from ambiome_protocol.messages import ServerBye
from real_server import RealServer
from relay import Relay
from server_process import RawClient

DETACH_AFTER_S = 1.0
WORLD = {"weather": {"rain_mm_h": 9}, "location": {"biome": "coast"}, "at": 1.0}
"""Told for a time that has not come: a live session may have begun before it is told."""
_CLIENT = """
import hashlib, json, sys
from ambiome_client import Ambience
address, pace = sys.argv[1:]
with Ambience(address, seed=4, pace=pace) as ambience:
    ambience.world(**json.loads(sys.stdin.readline()), cut=True)
    read = lambda until: ambience.run_until(until / 25) if pace == "free" else ambience.read(until - ambience.step)
    heard = [read(60)]
    print("half", flush=True)
    sys.stdin.readline()
    heard.append(read(120))
    print(json.dumps([hashlib.sha256(part.tobytes()).hexdigest() for part in heard] + [ambience.reconnects]))
"""


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def server(port: int) -> Iterator[RealServer]:
    with RealServer(detach_after_s=DETACH_AFTER_S, metrics_port=port) as one:
        yield one


def wait_until_detached(port: int) -> None:
    while True:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            if 'ambiome_sessions{state="detached"} 1.0' in answer.read().decode():
                return


def undisturbed(steps: int) -> np.ndarray:
    with InProcess(seed=4, pace="free") as ambience:
        ambience.world(**WORLD, cut=True)
        return ambience.run_until(steps / 25)


@pytest.mark.parametrize("pace", ["free", "live"])
def test_a_laptop_that_was_shut_goes_on_at_the_exact_sample(server: RealServer, port: int, pace: str) -> None:
    """The whole client stands still, its thread and its sockets too, until long after the server has let go of it."""
    client = subprocess.Popen(
        [sys.executable, "-c", _CLIENT, server.address, pace], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert client.stdin is not None
    assert client.stdout is not None
    client.stdin.write(json.dumps(WORLD) + "\n")
    client.stdin.flush()
    assert client.stdout.readline() == "half\n"
    client.send_signal(signal.SIGSTOP)
    wait_until_detached(port)
    client.send_signal(signal.SIGCONT)
    out, _ = client.communicate("go on\n", timeout=60)
    first, second, reconnects = json.loads(out)
    assert reconnects == 1
    wanted = undisturbed(120)
    halves = wanted[:, : 60 * 1_920], wanted[:, 60 * 1_920 :]
    assert [first, second] == [hashlib.sha256(half.tobytes()).hexdigest() for half in halves]


@pytest.mark.parametrize("pace", ["free", "live"])
def test_a_connection_that_is_half_open_is_given_up_and_made_anew(server: RealServer, pace: str) -> None:
    """Neither end is told that the network is gone. The client's heartbeat finds out, and what was lost comes again."""
    with Relay(server.address) as relay, Ambience(relay.address, seed=4, pace=pace) as ambience:
        ambience.world(**WORLD, cut=True)
        heard = []
        for until in (60, 120):
            heard.append(ambience.run_until(until / 25) if pace == "free" else ambience.read(until - ambience.step))
            if until == 60:
                relay.fall_silent()
        assert ambience.reconnects >= 1
        assert ambience.step == 120
    np.testing.assert_array_equal(np.concatenate(heard, axis=1), undisturbed(120))


def test_who_comes_back_while_the_worker_is_away_is_welcomed_when_it_is_there_again(
    tmp_path: Path, connect: Callable[[str], RawClient]
) -> None:
    with RealServer(workers=1, detach_after_s=60.0, journal=tmp_path) as server:
        client = connect(server.address)
        welcome = client.hello(seed=4)
        client.frames(0, 5)
        [worker] = psutil.Process(server.process.pid).children()
        worker.kill()
        assert client.answer() == ServerBye(reason="detached"), "the server has seen it"
        again = connect(server.address).hello(resume=welcome.resume, next_step=5)
        assert (again.resumed, again.next_step) == (True, 5)
