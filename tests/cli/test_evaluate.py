"""`ambiome evaluate`: what it refuses, and how it says so; the measures are tested in tests/analysis."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ambiome_cli import exits

from .conftest import Done

Ambiome = Callable[..., Done]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--only", "tagger,colour"], "--only: 'colour' is none of texture, tagger, "),
        (["--category", "rains"], "--category: 'rains' is none of rain, wind, "),
        (["--half", "both"], "--half: 'both' is neither learn nor judge"),
    ],
)
def test_a_name_that_there_is_not_is_a_usage_error(ambiome: Ambiome, arguments: list[str], line: str) -> None:
    done = ambiome("evaluate", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"ambiome: {line}")


def test_folders_that_are_not_there_are_named_with_their_option(ambiome: Ambiome, tmp_path: Path) -> None:
    done = ambiome("evaluate", "--sounds", tmp_path)
    assert (done.code, done.out) == (4, "")
    assert done.err == f"ambiome: {tmp_path}/manifest.csv: no such file; --sounds names the folder that holds it\n"
    (tmp_path / "manifest.csv").touch()
    done = ambiome("evaluate", "--sounds", tmp_path, "--models", tmp_path)
    assert done.err == f"ambiome: {tmp_path}/yamnet.tflite: no such file; --models names the folder that holds it\n"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, ambiome: Ambiome) -> None:
    monkeypatch.setitem(exits.EXTRAS, "tools", ("a_module_that_is_not_installed",))
    done = ambiome("evaluate")
    assert (done.code, done.out) == (3, "")
    assert '"tools"' in done.err
