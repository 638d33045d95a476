"""The sample in the real engine against a real server: everything that a person can move is moved."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from ambiome_protocol.lists import FEATURE_KINDS, VOICES, WARNING_CODES
from PIL import Image
from real_server import RealServer

from engines.engines import REPOSITORY, godot
from engines.godot import Godot

GODOT: Final = REPOSITORY / "integrations/godot"
PRESETS: Final = sorted((GODOT / "addons/ambiome/presets").glob("*.json"))


EXPORT: Final = """
[preset.0]
name="Linux"
platform="Linux"
runnable=true
export_filter="all_resources"
include_filter=""
exclude_filter=""
export_path="game.pck"

[preset.0.options]
binary_format/embed_pck=false
"""


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    with RealServer() as real:
        yield real


def _check(output: str) -> None:
    """Nothing is refused; the server may warn, that a busy machine is too slow for instance."""
    (said,) = re.findall(r"^SAMPLE (.*)$", output, re.MULTILINE)
    told = json.loads(said)
    assert [error for error in told.pop("errors") if error[0] not in WARNING_CODES] == []
    assert told == {
        "has_sounded": True,
        "has_followed": True,
        "state": "playing",
        "presets": len(PRESETS),
        "voices": len(VOICES),
    }


def test_the_sample_takes_everything_that_a_person_does(godot_game: Godot, server: RealServer) -> None:
    _check(godot_game.run("--script", "res://tests/sample.gd", "--", server.address, timeout_s=240))


@pytest.mark.long
def test_an_exported_pack_plays_too(godot_game: Godot, server: RealServer, tmp_path: Path) -> None:
    (godot_game.folder / "export_presets.cfg").write_text(EXPORT)
    pack, folder = tmp_path / "game.pck", tmp_path / "elsewhere"
    folder.mkdir()
    godot_game.run("--export-pack", "Linux", str(pack))
    command = [godot(), "--headless", "--main-pack", str(pack), "--script", "res://tests/sample.gd", "--"]
    done = subprocess.run(
        [*command, server.address], cwd=folder, capture_output=True, text=True, timeout=240, check=True
    )
    assert "SCRIPT ERROR" not in done.stdout + done.stderr
    _check(done.stdout)


def test_the_project_opens_its_sample_and_goes_on_without_a_server(godot_game: Godot) -> None:
    godot_game.run("--quit-after", "150")


def test_features_offer_the_protocols_kinds() -> None:
    script = (GODOT / "addons/ambiome/feature.gd").read_text()
    (offered,) = re.findall(r"@export_enum\((.*?)\)\s*var kind", script, re.DOTALL)
    assert tuple(re.findall(r'"(\w+)"', offered)) == FEATURE_KINDS


def test_the_page_shows_a_picture_that_a_page_can_carry() -> None:
    path = GODOT / "docs/sample.png"
    assert f"({path.relative_to(GODOT)})" in (GODOT / "README.md").read_text()
    assert path.stat().st_size < 150_000
    with Image.open(path) as picture:
        assert picture.size == (1280, 800)


def test_the_page_names_everything_that_the_player_offers() -> None:
    addon, page = GODOT / "addons/ambiome", (GODOT / "README.md").read_text()
    player, world = (addon / "player.gd").read_text(), (addon / "world.gd").read_text()
    offered = {
        *re.findall(r'^\t"(\w+)": \["(?:weather|location|time|mix)"', world, re.MULTILINE),
        *re.findall(r"^(?:@export\S*(?:\(.*\))? )?var ([a-z]\w*)", player, re.MULTILINE),
        *re.findall(r"^(?:signal|func) ([a-z]\w*)", player, re.MULTILINE),
    }
    assert {"rain_mm_h", "server", "scene_changed", "set_mix"} <= offered
    assert {name for name in offered if not re.search(rf"`{name}[`(]", page)} == set()
