"""The presets of the engine-free C# core on Mono: the golden vectors, and what is no preset."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from preset_vectors import DATA, PATH, VECTORS, at_random, close, days, misses

from engines.engines import REPOSITORY, mono

CORE = REPOSITORY / "integrations" / "unity" / "Runtime" / "Core"
SOURCES = (
    *(CORE / name for name in ("Json.cs", "Presets.cs", "PresetLayer.cs")),
    Path(__file__).parent / "preset_tasks",
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that blends, with the core's presets alone, as C# 7.2; a warning is an error."""
    compiler, _ = mono()
    made = Path(tmp_path_factory.mktemp("presets")) / "presets.exe"
    files = [str(source / "PresetTasks.cs" if source.is_dir() else source) for source in SOURCES]
    subprocess.run([compiler, "-langversion:7.2", "-warnaserror", f"-out:{made}", *files], check=True)
    return made


def blends(program: Path, path: Path) -> list[Any]:
    """What the stacks of a file of vectors come to."""
    answers = program.with_name("answers.json")
    subprocess.run([mono()[1], str(program), str(path), str(answers)], check=True, timeout=60)
    found: list[Any] = json.loads(answers.read_text("utf-8"))
    return found


def test_every_golden_stack_blends_to_its_result(program: Path) -> None:
    answers = blends(program, PATH)
    assert misses(answers) == []
    assert {type(day) for day in days(answers)} == {int}
    answers[1]["world"]["weather"]["rain_mm_h"] += 1e-6
    assert misses(answers) == [VECTORS[1]["name"]]


def test_it_blends_as_the_python_client_does(program: Path, tmp_path: Path) -> None:
    stacks, path = at_random(200), tmp_path / "stacks.json"
    path.write_text(json.dumps(stacks))
    answers = blends(program, path)
    assert [entry for entry, answer in zip(stacks, answers, strict=True) if not close(answer, entry["result"])] == []


def test_what_is_no_preset_is_passed_over(program: Path, tmp_path: Path) -> None:
    storm = json.loads((DATA / "storm_at_sea.json").read_text("utf-8"))
    odd = [None, 3, {}, {"world": 3, "mix": "x"}, {"world": {"weather": [1], "time": None, "location": {"biome": 4}}}]
    stack = [{"preset": preset, "priority": 0, "weight": 1} for preset in [*odd, storm]]
    path = tmp_path / "stacks.json"
    path.write_text(json.dumps([{"stack": stack}, {"stack": []}]))
    first, none = blends(program, path)
    assert close(first, {"world": storm["world"], "mix": {}})
    assert none == {"world": {}, "mix": {}}
