"""`ambiome top`: a server as it is; where there is none, a line that says what is wanted."""

import re
import socket
from collections.abc import Callable

import pytest
from ambiome_client import Ambience
from real_server import RealServer

from .conftest import Done

Ambiome = Callable[..., Done]


def test_a_server_at_work(ambiome: Ambiome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "180")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with RealServer(workers=1, metrics_port=port) as server, Ambience(server.address, pace="free") as ambience:
        ambience.world(weather={"rain_mm_h": 20}, location={"biome": "coast"}, cut=True)
        ambience.run_until(2.0)
        hall = Ambience(server.address, zone="hall")
        while True:  # a worker tells every second how its sessions stand
            done = ambiome("top", f"http://127.0.0.1:{port}", "--once")
            if re.search(r"^ +1 .* 2\.0 s", done.out, re.MULTILINE) and "hall" in done.out:
                break
        assert (done.code, done.err) == (0, "")
        assert "  well  2 attached, 0 detached" in done.out
        assert "rain_mm_h" in done.out
        assert re.search(r"free +│ stereo +│ procedural", done.out)
        assert "1 in 1 zones" in done.out
        assert re.search(r"│ hall, 1 members +│ live", done.out)
        hall.close()


def test_no_server_is_a_line(ambiome: Ambiome) -> None:
    done = ambiome("top", "http://127.0.0.1:9", "--once")
    assert done.code == 5
    assert "start it with --metrics" in done.err
    assert len(done.err.splitlines()) == 1
