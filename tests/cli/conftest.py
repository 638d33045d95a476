"""What the tests of the command share: running it in this process, and scores to give it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from ambiome_cli.main import run

SCORE = """\
{"at": 0, "world": {"weather": {"rain_mm_h": 6, "wind_m_s": 4}, "location": {"biome": "temperate_forest"}}, "cut": true}

{"at": 0.4, "event": {"kind": "lightning", "distance_m": 300, "azimuth_deg": 30}}
{"at": 0.8, "mix": {"voices": {"wind": {"gain_db": -6}}}}
"""


@dataclass(frozen=True)
class Done:
    """How a command ended. Errors are one line, or nothing."""

    code: int
    out: str
    err: str


@pytest.fixture
def ambiome(capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs the command in this process."""

    def run_command(*arguments: object) -> Done:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Done(code, captured.out, captured.err)

    return run_command


@pytest.fixture
def score(tmp_path: Path) -> Path:
    """A short score: rain in a forest, a flash, a change of the mix."""
    path = tmp_path / "score.jsonl"
    path.write_text(SCORE)
    return path
