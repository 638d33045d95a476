"""What the README shows is run as it stands there."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ambiome_cli.local_server import local_server
from ambiome_cli.main import app

from .conftest import Done

README = (Path(__file__).parents[2] / "README.md").read_text()
ADDRESS = "tcp://127.0.0.1:5571"


class Enough(Exception):
    """Ends the example, which has no end."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_the_python_example_plays() -> None:
    (example,) = blocks("python")
    played: list[np.ndarray] = []

    def play(frame: np.ndarray) -> None:
        played.append(frame)
        if len(played) == 25:
            raise Enough

    assert ADDRESS in example
    with local_server(workers=1) as server, pytest.raises(Enough):
        exec(example.replace(ADDRESS, server.address), {"play": play})
    assert {(frame.shape, frame.dtype.name) for frame in played} == {((2, 1_920), "float32")}
    assert np.abs(np.concatenate(played, axis=1)).max() > 0


def test_the_score_renders_and_is_explained(
    ambiome: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = (block for block in blocks("sh") if "evening.jsonl" in block)
    heredoc = re.search(r"<<'END'\n(.*?)END\n", shown, re.DOTALL)
    assert heredoc
    monkeypatch.chdir(tmp_path)
    Path("evening.jsonl").write_text(heredoc[1])
    commands = re.findall(r"^\.venv/bin/ambiome ([^#\n]+)", shown, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["render", "explain"]
    for command in commands:
        assert ambiome(*command.split()).code == 0
    assert Path("evening.wav").stat().st_size > 1_000_000


def test_the_table_names_every_command() -> None:
    named = re.findall(r"^\| `([a-z]+)` \|", README, re.MULTILINE)
    commands = {info.name or info.callback.__name__ for info in app.registered_commands if info.callback}
    assert set(named) == commands | {group.name for group in app.registered_groups}


def test_its_links_lead_somewhere() -> None:
    root = Path(__file__).parents[2]
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (root / link).exists(), link
