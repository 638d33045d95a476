"""`ambiome swarm`: a table and a picture; mistakes are one line."""

import json
import subprocess
import sys
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
    assert (done.code, done.err) == (2, "ambiome: --seconds is 3; to listen after all have joined, 6 are needed\n")
    done = ambiome("swarm", "--join", 100_000)
    assert (done.code, done.err) == (2, "ambiome: --join is 100000; it can be 0 … 86400\n")
    done = ambiome("swarm", "nowhere", "--seconds", 7)
    assert done.code == 4
    assert "nowhere" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("option", [("--workers", 2), ("--device", "cpu")])
def test_what_is_of_a_server_that_is_started_here_is_refused_with_an_address(
    ambiome: Ambiome, option: tuple[object, ...]
) -> None:
    done = ambiome("swarm", "tcp://127.0.0.1:9", *option)
    says = f"ambiome: {option[0]} is of a server that is started here, and tcp://127.0.0.1:9 is there already\n"
    assert (done.code, done.err) == (2, says)


def test_nobody_there_is_a_failure_of_all(ambiome: Ambiome, tmp_path: Path) -> None:
    done = ambiome(
        "swarm",
        "tcp://127.0.0.1:9",
        "--listeners",
        2,
        "--seconds",
        2,
        "--join",
        0,
        "--leaves",
        0,
        "--json",
        "--out",
        tmp_path,
    )
    assert done.code == 1
    assert "2 sessions failed; the first, live 0.0: tcp://127.0.0.1:9 has not answered in " in done.err
    told = json.loads(done.out)
    assert (told["silent"], told["longest_underrun_ms"], told["server_mib"]) == (2, None, None)
    assert (tmp_path / "swarm.png").stat().st_size > 10_000


def test_too_few_open_files_are_a_line_that_says_so() -> None:
    command = [sys.executable, "-m", "ambiome_cli", "swarm", "tcp://127.0.0.1:9", "--listeners", "400"]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -n 1024 && exec "$@"', "sh", *command], capture_output=True, text=True, timeout=120
    )
    says = "ambiome: too many open files: 400 listeners need some 1,664, and this process may have 1,024 (ulimit -Hn)\n"
    assert (done.returncode, done.stderr) == (4, says)


@pytest.mark.long
def test_no_server_is_a_line_that_says_so(ambiome: Ambiome) -> None:
    done = ambiome(
        "swarm", "tcp://127.0.0.1:9", "--seconds", 12.5, "--join", 0, "--listeners", 1, "--drops", 0, "--leaves", 0
    )
    assert done.code == 1
    assert "1 sessions failed" in done.err
    assert "does not answer" in done.err
