"""The demo, short form: a real server, a simulated day over a real socket, a sound file and a picture."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from ambiome_cli import local_server
from ambiome_cli.commands.demo import kind_of
from ambiome_cli.exits import Problem
from ambiome_protocol.messages import Change
from ambiome_sim import demo_day, run
from matplotlib.image import imread

from .conftest import Done

Ambiome = Callable[..., Done]


def test_a_short_day_end_to_end(ambiome: Ambiome, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    done = ambiome("demo", "--seconds", 10, "--seed", 3, "--workers", 1, "--device", "cpu", "--out", out, "--json")
    assert (done.code, done.err) == (0, "")
    measured = json.loads(done.out)
    info = soundfile.info(out / "demo.wav")
    assert (info.frames, info.channels, info.samplerate) == (480_000, 2, 48_000)
    assert (measured["length_s"], measured["seed"], measured["wav"]) == (10.0, 3, str(out / "demo.wav"))
    assert measured["speed"] > 0
    assert 0 < measured["largest_seam"] < 2
    assert -60 < measured["loudness_lufs"] < -10
    assert measured["true_peak_dbtp"] <= -1
    height, width, _ = imread(out / "demo.png").shape
    assert width > 1_600
    assert height > 1_200

    score = tmp_path / "score.jsonl"
    _write_score(score, run(demo_day(3, 10)).score)
    again = ambiome("render", score, tmp_path / "again.wav", "--seconds", 10, "--seed", 3, "--device", "cpu")
    assert again.code == 0
    assert (tmp_path / "again.wav").read_bytes() == (out / "demo.wav").read_bytes()


@pytest.mark.long
def test_the_whole_day_is_the_same_bytes_with_one_worker_and_with_two(ambiome: Ambiome, tmp_path: Path) -> None:
    for workers in (1, 2):
        done = ambiome("demo", "--workers", workers, "--device", "cpu", "--out", tmp_path / str(workers))
        assert (done.code, done.err) == (0, "")
    assert (tmp_path / "1" / "demo.wav").read_bytes() == (tmp_path / "2" / "demo.wav").read_bytes()


def _write_score(path: Path, changes: tuple[Change, ...]) -> None:
    from ambiome_protocol.score import write_score

    path.write_text("\n".join(write_score(changes)))


@pytest.mark.parametrize(("option", "value"), [("--seconds", "2"), ("--workers", "0"), ("--device", "toaster")])
def test_a_demo_that_cannot_be(ambiome: Ambiome, tmp_path: Path, option: str, value: str) -> None:
    done = ambiome("demo", "--out", tmp_path, option, value)
    assert done.code == 2
    assert option in done.err


def test_a_folder_that_cannot_be_made(ambiome: Ambiome, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = ambiome("demo", "--out", tmp_path / "file" / "out")
    assert (done.code, len(done.err.splitlines())) == (4, 1)


def test_a_server_that_does_not_start_is_said_so_and_leaves_no_file(ambiome: Ambiome, tmp_path: Path) -> None:
    done = ambiome("demo", "--out", tmp_path, "--device", "mps")
    assert done.code != 0
    assert "mps" in done.err.splitlines()[-1]
    assert not (tmp_path / "demo.wav").exists()


def test_marks_have_kinds() -> None:
    kinds = {event.label.partition(",")[0]: kind_of(event.label) for event in run(demo_day(7)).events}
    assert kinds["dawn in a forest"] == kinds["a city street"] == "place"
    assert kinds["lightning"] == "event"
    assert kinds["shower"] == "weather"
    assert kinds["sunrise"] == "time"


def test_a_server_that_does_not_start_says_all_that_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Its last line may only point to what stands above it."""
    command = [
        sys.executable,
        "-c",
        "import sys; print('the cause', 'see above', sep='\\n', file=sys.stderr); sys.exit(1)",
    ]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process,
        pytest.raises(Problem, match="did not start: see above"),
    ):
        local_server._started(process)
    assert capsys.readouterr().err == "the cause\n"
