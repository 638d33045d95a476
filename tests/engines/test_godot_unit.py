"""What the addon can show without a server, in the real engine."""

from engines.godot import PROJECT, Godot


def test_what_needs_no_server(godot_game: Godot) -> None:
    output = godot_game.run("--script", "res://tests/unit.gd").splitlines()
    assert [line for line in output if line.startswith("FAIL")] == []
    script = (PROJECT / "tests/unit.gd").read_text()
    listed = script.split("for test: Callable in [")[1].split("]:")[0].replace("\n", " ").split(",")
    tests = [name.strip() for name in listed if name.strip()]
    assert [line.split()[1] for line in output if line.startswith("passed")] == tests
    assert len(tests) > 5
