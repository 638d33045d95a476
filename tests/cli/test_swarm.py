"""`ambiome swarm`: a table and a picture; mistakes are one line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Done

Ambiome = Callable[..., Done]


def test_a_swarm_on_a_server_of_its_own(ambiome: Ambiome, tmp_path: Path) -> None:
    done = ambiome(
        "swarm", "--listeners", 3, "--seconds", 4, "--join", 1, "--device", "cpu", "--out", tmp_path, "--json"
    )
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert told["listeners"] >= 3
    assert told["frames_a_second"] > 25.0
    assert told["server_mib"] > 50.0
    assert (tmp_path / "swarm.png").stat().st_size > 10_000


def test_mistakes_are_one_line(ambiome: Ambiome) -> None:
    done = ambiome("swarm", "--seconds", 3)
    assert (done.code, done.err) == (2, "ambiome: seconds is 3; to listen after all have joined, 6 are needed\n")
    done = ambiome("swarm", "nowhere", "--seconds", 7)
    assert done.code == 4
    assert "nowhere" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.long
def test_no_server_is_a_line_that_says_so(ambiome: Ambiome) -> None:
    done = ambiome(
        "swarm", "tcp://127.0.0.1:9", "--seconds", 12.5, "--join", 0, "--listeners", 1, "--drops", 0, "--leaves", 0
    )
    assert done.code == 1
    assert "1 sessions failed" in done.err
    assert "does not answer" in done.err
