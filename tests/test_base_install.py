"""A base install, in a clean environment: no torch, and every command either works or says what it lacks."""

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run(arguments: Sequence[str | Path], **options: object) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(a) for a in arguments], capture_output=True, text=True, check=False, env=clean, stdin=subprocess.DEVNULL,
        **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run([*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT])
    assert built.returncode == 0, built.stderr
    return next(folder.glob("ambiome-*.whl"))


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment's folder of programs, with the wheel and its base dependencies installed."""
    probe = run([*PIP, "download", "--no-deps", "--dest", tmp_path_factory.mktemp("probe"), "typer"])
    if probe.returncode != 0:
        pytest.skip(f"no package index can be reached: {probe.stderr.strip().splitlines()[-1]}")
    place = tmp_path_factory.mktemp("base") / "venv"
    venv.create(place, with_pip=False)
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    installed = run([*PIP, "--python", programs / "python", "install", "-c", ROOT / "constraints.txt", wheel])
    assert installed.returncode == 0, installed.stderr
    return programs


@pytest.fixture(scope="module")
def ambiome(home: Path) -> Run:
    return lambda *arguments: run([home / "ambiome", *arguments], cwd=home.parent)


def test_the_wheel_holds_every_package_and_its_data(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    folders = ("protocol", "middleware", "sim", "integrations/python", "integrations/cli")
    for folder in (ROOT / f for f in folders):
        for package in folder.glob("ambiome_*"):
            files = [f for f in package.rglob("*") if f.is_file() and "__pycache__" not in f.parts]
            assert {str(f.relative_to(folder)) for f in files} <= held
    assert not any(name.startswith("tests/") for name in held)


def test_help_and_version_work(ambiome: Run) -> None:
    assert "render" in ambiome("--help").stdout
    assert ambiome("--version").stdout.startswith("ambiome 0.")
    assert ambiome("voices").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "extras"),
    [
        (["render", "x", "y"], "server"),
        (["serve"], "server"),
        (["demo"], "server,sim"),
        (["voices", "--sheet", "sheets"], "server"),
        (["listen"], "audio"),
    ],
)
def test_a_command_whose_extra_is_missing_names_it(ambiome: Run, arguments: list[str], extras: str) -> None:
    done = ambiome(*arguments)
    assert done.returncode == 3
    assert done.stdout == ""
    assert f'pip install "ambiome[{extras}]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_score_is_explained_without_any_extra(ambiome: Run, tmp_path: Path) -> None:
    score = tmp_path / "score.jsonl"
    score.write_text('{"at": 0, "world": {"weather": {"rain_mm_h": 6}}}\n')
    done = ambiome("explain", score, "--at", "5")
    assert done.returncode == 0, done.stderr
    assert "rain_mm_h" in done.stdout


def test_the_client_is_there_and_torch_is_not(home: Path) -> None:
    assert run([home / "python", "-c", "import ambiome_client, ambiome_client.aio, ambiome_protocol"]).returncode == 0
    assert "No module named 'torch'" in run([home / "python", "-c", "import torch"]).stderr


def test_a_server_that_is_not_there_is_said_so(ambiome: Run, tmp_path: Path) -> None:
    done = ambiome("record", "tcp://127.0.0.1:9", tmp_path / "score.jsonl")
    assert done.returncode == 5
    assert len(done.stderr.splitlines()) == 1
