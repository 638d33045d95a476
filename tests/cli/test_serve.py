"""`ambiome serve` as a process: ready, stopped by a signal, refused."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ambiome_cli.exits import Exit, Problem
from ambiome_cli.local_server import local_server
from ambiome_client import Ambience

from .conftest import Done

Ambiome = Callable[..., Done]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use(ambiome: Ambiome, taken_port: int) -> None:
    done = ambiome("serve", "--bind", f"tcp://127.0.0.1:{taken_port}", "--workers", 1)
    assert done.code == 4
    assert "is in use" in done.err
    assert str(taken_port) in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("bind", ["5571", "tcp://nowhere.invalid:1", "tcp://127.0.0.1:99999"])
def test_an_address_that_is_none(ambiome: Ambiome, bind: str) -> None:
    done = ambiome("serve", "--bind", bind, "--workers", 1)
    assert done.code == 4
    assert bind in done.err
    assert len(done.err.splitlines()) == 1


def test_biomes_must_be_a_folder(ambiome: Ambiome, tmp_path: Path) -> None:
    done = ambiome("serve", "--biomes", tmp_path / "none")
    assert done.code == 2
    assert "none" in done.err


def test_a_server_serves_until_it_is_terminated() -> None:
    command = [sys.executable, "-m", "ambiome_cli", "serve", "--bind", "tcp://127.0.0.1:*", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        ready = next(line for line in process.stderr if "still starting" not in line)
        assert ready.startswith("ambiome serves at tcp://127.0.0.1:")
        with Ambience(ready.split()[3]) as ambience:
            assert ambience.read(2).shape == (2, 3_840)
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_a_local_server_is_gone_after_its_block() -> None:
    with local_server(workers=1) as server:
        assert server.described.startswith("1 worker on ")
        with Ambience(server.address) as ambience:
            assert ambience.read().shape == (2, 1_920)
    port = int(server.address.rpartition(":")[2])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_server_that_cannot_be_ends_as_its_own_command_would() -> None:
    with pytest.raises(Problem, match=r"did not start: .*'mps' is not there") as raised, local_server(1, "mps"):
        pass
    assert raised.value.exit_code == Exit.BAD_INPUT


def test_weights_without_the_renderer_that_they_are_for_are_a_usage_error(ambiome: Ambiome, tmp_path: Path) -> None:
    done = ambiome("serve", "--weights", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"ambiome: --weights {tmp_path} is for the learned renderer: --neural asks for it\n"


def test_a_folder_without_weights_is_said_so(ambiome: Ambiome, tmp_path: Path) -> None:
    done = ambiome("serve", "--bind", "tcp://127.0.0.1:*", "--workers", 1, "--neural", "--weights", tmp_path)
    assert done.code == 4
    assert f"{tmp_path}/codec.safetensors" in done.err
