"""Scores to sound without a server: the same each time, in any blocks, and from the token file; what is refused."""

import json
import subprocess
import sys
from pathlib import Path

import ambiome_middleware
import numpy as np
import pytest
from ambiome_middleware import offline, render, token_file
from ambiome_middleware.token_file import TokenFileError
from ambiome_protocol import build
from ambiome_protocol.errors import ProtocolError, ScoreError
from ambiome_protocol.messages import Event, EventMessage

LINES: list[dict[str, object]] = [
    {"at": 0, "world": {"weather": {"rain_mm_h": 6, "wind_m_s": 5}, "location": {"biome": "temperate_forest"}}},
    {"at": 0.5, "event": {"kind": "lightning", "distance_m": 150}},
    {"at": 1.2, "world": {"location": {"biome": "cave", "shelter": "cave"}}, "cut": True},
    {"at": 1.6, "mix": {"master_db": -3}},
]


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    return render(LINES, seconds=2.4, seed=5)


def test_the_same_score_is_the_same_bytes(sound: np.ndarray) -> None:
    assert sound.shape == (2, 60 * 1920)
    assert sound.dtype == np.float32
    assert np.abs(sound).max() > 1e-3
    assert render(LINES, seconds=2.4, seed=5).tobytes() == sound.tobytes()
    assert render(LINES, seconds=2.4, seed=6).tobytes() != sound.tobytes()


def test_paths_maps_and_changes_are_the_same_score(sound: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "score.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES))
    changes = offline.changes_of(path)
    for score in (path, str(path), changes, list(changes), iter(LINES)):
        assert render(score, seconds=2.4, seed=5).tobytes() == sound.tobytes()


def test_a_token_file_renders_the_same_bytes_again(sound: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "take.tokens"
    token_file.write(path, offline.record(LINES, 2.4, seed=5))
    assert render(path).tobytes() == sound.tobytes()
    assert render(token_file.read(path), seconds=2.4, seed=5, layout="stereo").tobytes() == sound.tobytes()


def test_blocks_are_the_whole_and_progress_is_told(sound: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[float] = []
    monkeypatch.setattr(offline, "BLOCK_STEPS", 17)
    blocks = list(offline.stream(LINES, 2.4, 5, progress=heard.append))
    assert [block.shape[1] // 1920 for block in blocks] == [17, 17, 17, 9]
    assert np.concatenate(blocks, axis=1).tobytes() == sound.tobytes()
    assert heard == [17 / 60, 34 / 60, 51 / 60, 1.0]


@pytest.mark.parametrize(("seconds", "steps"), [(0.04, 1), (0.041, 2), (1, 25), (0.28, 7)])
def test_a_length_is_rounded_up_to_a_step(seconds: float, steps: int) -> None:
    assert render(LINES, seconds=seconds, layout="mono").shape == (1, steps * 1920)


def test_without_a_length_it_ends_ten_seconds_after_its_last_line() -> None:
    assert offline.record([{"at": 2.4, "world": {}}]).seconds == 12.4
    assert offline.record([]).seconds == 10.0


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_length_that_cannot_be(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds is"):
        render(LINES, seconds=seconds)


@pytest.mark.parametrize(
    ("options", "text"), [({"seed": -1}, "seed is -1"), ({"layout": "7.1"}, "layout is '7.1'.*mono")]
)
def test_options_that_cannot_be(options: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        render(LINES, 1, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"seed": 6}, {"layout": "mono"}, {"seconds": 2}])
def test_an_option_that_contradicts_the_token_file_is_refused(options: dict[str, object]) -> None:
    take = offline.record(LINES, 2.4, seed=5)
    (name,) = options
    with pytest.raises(ValueError, match=f"{name} .* contradicts the token file"):
        render(take, **options)  # type: ignore[arg-type]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "score.jsonl"
    path.write_text('{"at": 0, "world": {}}\n{"at": 1, "world": {"weather": {"rain": 1}}}\n')
    with pytest.raises(ScoreError, match=r"line 2: world\.weather\.rain .*rain_mm_h"):
        render(path)
    with pytest.raises(ScoreError, match="line 2"):
        render([LINES[1], LINES[0]])


def test_an_unknown_biome_is_refused_with_the_nearest() -> None:
    with pytest.raises(ProtocolError, match=r"temperate_forrest.*temperate_forest"):
        render([build.world(location={"biome": "temperate_forrest"}, at=0)])


def test_a_missing_file_is_an_os_error_and_a_broken_token_file_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        render(tmp_path / "nowhere.jsonl")
    (tmp_path / "cut").write_bytes(token_file.MAGIC + b"\1")
    with pytest.raises(TokenFileError, match="cut: its head is cut off"):
        render(tmp_path / "cut")


def test_importing_the_middleware_takes_no_torch_until_it_is_asked_for() -> None:
    code = "import sys, ambiome_middleware; sys.exit('torch' in sys.modules or 'numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert {"Ambience", "render"} <= set(ambiome_middleware.__all__)
    with pytest.raises(AttributeError, match="rendr"):
        ambiome_middleware.rendr  # noqa: B018


def test_changes_made_by_hand_are_checked_too() -> None:
    with pytest.raises(ProtocolError, match=r"event\.animal is missing"):
        offline.record([EventMessage(at=0.0, event=Event(kind="animal"))])


@pytest.mark.parametrize("name", ["render", "Ambience"])
def test_without_the_extra_it_says_what_to_install(name: str) -> None:
    code = f"import sys; sys.modules['numba'] = None; from ambiome_middleware import {name}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f'{name} needs the extra "server": pip install "ambiome[server]"' in done.stderr.splitlines()[-1]
