"""The addon's presets in the real engine: the golden vectors, and loading what lies in the addon."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from preset_vectors import DATA, VECTORS, at_random, close, days, misses

from engines.engines import godot
from engines.godot import Godot

STORM = json.loads((DATA / "storm_at_sea.json").read_text("utf-8"))
DIALOGUE = json.loads((DATA / "dialogue.json").read_text("utf-8"))
ODD = [
    None,
    3,
    "",
    [],
    {"preset": 7},
    {"preset": {}, "weight": "half", "priority": None},
    {"name": "a", "world": 3, "mix": "x"},
    {"world": {"weather": [1], "time": None}},
]
"""What a game may hand over and is no preset, or none that is right."""
EXPORT = """\
[preset.0]
name="game"
platform="Linux"
runnable=true
export_filter="all_resources"
include_filter=""
exclude_filter=""
export_path=""
[preset.0.options]
binary_format/architecture="x86_64"
"""
"""How Godot exports a project if nothing is chosen."""


def ask(game: Godot, *tasks: tuple[str, list[Any]]) -> list[Any]:
    """What functions of AmbiomePresets return for these arguments, after JSON."""
    asked, answered = game.folder.parent / "tasks.json", game.folder.parent / "answers.json"
    asked.write_text(json.dumps([{"call": call, "with": arguments} for call, arguments in tasks]))
    game.run("--script", "res://tests/presets.gd", "--", str(asked), str(answered))
    answers: list[Any] = json.loads(answered.read_text("utf-8"))
    return answers


def test_every_golden_stack_blends_to_its_result(godot_game: Godot) -> None:
    answers = ask(godot_game, *(("blend", [vector["stack"]]) for vector in VECTORS))
    assert misses(answers) == []
    assert {type(day) for day in days(answers)} == {int}
    answers[1]["world"]["weather"]["rain_mm_h"] += 1e-6
    assert misses(answers) == [VECTORS[1]["name"]]


def test_it_blends_as_the_python_client_does(godot_game: Godot) -> None:
    stacks = at_random(200)
    answers = ask(godot_game, *(("blend", [entry["stack"]]) for entry in stacks))
    assert [entry for entry, answer in zip(stacks, answers, strict=True) if not close(answer, entry["result"])] == []


def test_presets_are_there_by_name_and_from_files(godot_game: Godot, tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps(DIALOGUE))
    there, *found = ask(
        godot_game,
        ("names", []),
        ("load_preset", ["storm_at_sea"]),
        ("load_preset", ["Storm at sea"]),
        ("load_preset", [str(mine)]),
    )
    assert there == sorted(path.stem for path in DATA.glob("*.json"))
    assert close(found, [STORM, STORM, DIALOGUE])


def test_a_stack_may_name_its_presets(godot_game: Godot) -> None:
    named = ["storm_at_sea", {"preset": "dialogue", "priority": 5, "weight": 0.5}]
    whole = [{"preset": STORM}, {"preset": DIALOGUE, "priority": 5, "weight": 0.5}]
    bare = [STORM, {"preset": DIALOGUE, "priority": 5, "weight": 0.5}]
    first, *others = ask(godot_game, ("blend", [named]), ("blend", [whole]), ("blend", [bare]))
    assert close(first["world"], STORM["world"])
    assert first["mix"]["master_db"] == -3
    assert others == [first, first]


def test_what_is_no_preset_is_passed_over(godot_game: Godot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    blends = ask(
        godot_game,
        ("blend", [[*ODD, STORM]]),
        ("load_preset", ["no such place"]),
        ("load_preset", [str(broken)]),
        ("blend", [[{"preset": "no such place"}]]),
    )
    assert close(blends[0], {"world": STORM["world"], "mix": STORM.get("mix", {})})
    assert blends[1:] == [{}, {}, {"world": {}, "mix": {}}]


@pytest.mark.long
def test_an_exported_game_carries_them(godot_game: Godot, tmp_path: Path) -> None:
    (godot_game.folder / "export_presets.cfg").write_text(EXPORT)
    pack, asked, answered = tmp_path / "game.pck", tmp_path / "tasks.json", tmp_path / "answers.json"
    godot_game.run("--export-pack", "game", str(pack))
    asked.write_text(json.dumps([{"call": "names", "with": []}, {"call": "load_preset", "with": ["storm_at_sea"]}]))
    command = [godot(), "--headless", "--main-pack", str(pack), "--script", "res://tests/presets.gd", "--"]
    subprocess.run([*command, str(asked), str(answered)], cwd=tmp_path, check=True, timeout=60, capture_output=True)
    there, storm = json.loads(answered.read_text("utf-8"))
    assert len(there) == len(list(DATA.glob("*.json")))
    assert close(storm, STORM)
