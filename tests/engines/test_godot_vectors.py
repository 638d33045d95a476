"""The addon's readers and writers against the protocol's golden files, in the real engine."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ambiome_protocol.codec import decode_client, decode_server

from engines.engines import REPOSITORY
from engines.godot import PROJECT, Godot

VECTORS = REPOSITORY / "protocol/vectors"


def _read(name: str) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads((VECTORS / name).read_text())
    return vectors


@pytest.fixture(scope="module")
def output(godot_game: Godot) -> list[str]:
    return godot_game.run("--script", "res://tests/vectors.gd", "--", str(VECTORS), timeout_s=240).splitlines()


def test_reads_every_vector_and_outlives_every_mutation(output: list[str]) -> None:
    assert [line for line in output if line.startswith("FAIL")] == []
    counted = {line.split()[1]: int(line.split()[2]) for line in output if line.startswith("counted")}
    for name in ("messages", "bad", "audio", "steps"):
        assert counted[name] == len(_read(f"{name}.json")), name
    assert counted["fuzzed"] > 10_000
    assert counted["flipped"] > 1_000
    assert counted["stereo"] > 0


def test_writes_what_a_server_reads_as_the_same_message(output: list[str]) -> None:
    wrote = {line.split()[1]: bytes.fromhex(line.split()[2]) for line in output if line.startswith("wrote")}
    for vector in _read("messages.json"):
        decode = decode_client if vector["direction"] == "to_server" else decode_server
        assert decode(wrote[vector["name"]]) == decode(bytes.fromhex(vector["hex"])), vector["name"]


@pytest.mark.parametrize("tool", ["gdparse", "gdlint"])
def test_scripts_parse_and_pass_the_linter(tool: str) -> None:
    pytest.importorskip("gdtoolkit", reason="gdtoolkit is not installed")
    scripts = sorted(str(path) for path in Path(PROJECT).rglob("*.gd") if ".godot" not in path.parts)
    assert scripts
    done = subprocess.run([tool, *scripts], capture_output=True, text=True, cwd=PROJECT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
