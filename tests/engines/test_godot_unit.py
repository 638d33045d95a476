"""What the addon can show without a server, in the real engine."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from engines.engines import REPOSITORY
from engines.godot import PROJECT, Godot

GROUPS = ("Weather", "Location", "Time", "Mix")
NOT_PROPERTIES = {"features", "feature_set", "feature_remove", "voices"}


@pytest.mark.parametrize("name", ["unit", "rules"])
def test_what_needs_no_server(godot_game: Godot, name: str) -> None:
    output = godot_game.run("--script", f"res://tests/{name}.gd").splitlines()
    assert [line for line in output if line.startswith("FAIL")] == []
    script = (PROJECT / f"tests/{name}.gd").read_text()
    listed = script.split("for test: Callable in [")[1].split("]:")[0].replace("\n", " ").split(",")
    tests = [name.strip() for name in listed if name.strip()]
    assert [line.split()[1] for line in output if line.startswith("passed")] == tests
    assert len(tests) > 5


def test_properties_are_the_protocols_fields_with_its_ranges_and_names(godot_game: Godot) -> None:
    output = godot_game.run("--script", "res://tests/unit.gd").splitlines()
    (line,) = [line for line in output if line.startswith("fields ")]
    told: dict[str, list[Any]] = json.loads(line.removeprefix("fields "))
    defined = json.loads((REPOSITORY / "protocol/schema.json").read_text())["$defs"]
    wanted = {
        name: (group.lower(), field.get("anyOf", [field])[0])
        for group in GROUPS
        for name, field in defined[group]["properties"].items()
        if name not in NOT_PROPERTIES
    }
    assert set(told) == set(wanted)
    lists = (REPOSITORY / "protocol/SPEC.md").read_text()
    biomes = lists.split("| biome | ")[1].split(" |")[0].replace("`", "").split(", ")
    for name, (group, _, hint) in told.items():
        assert group == wanted[name][0]
        field = wanted[name][1]
        if name == "biome":
            assert hint.split(",") == biomes
        elif "enum" in field:
            assert sorted(hint.split(",")) == sorted(field["enum"])
        else:
            assert [float(bound) for bound in hint.split(",")[:2]] == [field["minimum"], field["maximum"]], name


def test_every_public_name_is_documented(godot_game: Godot) -> None:
    folder = godot_game.folder.parent / "docs"
    folder.mkdir()
    godot_game.run("--doctool", str(folder), "--gdscript-docs", "res://addons/ambiome")
    pages = [ET.parse(path).getroot() for path in sorted(folder.glob("*.xml"))]
    names = [page.attrib["name"] for page in pages]
    assert "AmbiomePlayer" in names
    bare = [
        f"{page.attrib['name']}.{entry.attrib['name']}"
        for page in pages
        for kind in ("methods/method", "members/member", "signals/signal")
        for entry in page.findall(kind)
        if not entry.attrib["name"].startswith("_") and not (entry.findtext("description") or entry.text or "").strip()
    ]
    assert bare == []
    assert all((page.findtext("brief_description") or "").strip() for page in pages)
    assert sum(len(page.findall("members/member")) for page in pages) > 30
