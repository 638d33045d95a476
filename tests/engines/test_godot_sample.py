"""The sample in the real engine against a real server: everything that a person can move is moved."""

import json
import re
from typing import Final

from ambiome_protocol.lists import FEATURE_KINDS, VOICES
from PIL import Image
from real_server import RealServer

from engines.engines import REPOSITORY
from engines.godot import Godot

GODOT: Final = REPOSITORY / "integrations/godot"
PRESETS: Final = sorted((GODOT / "addons/ambiome/presets").glob("*.json"))


def test_the_sample_takes_everything_that_a_person_does(godot_game: Godot) -> None:
    with RealServer() as server:
        output = godot_game.run("--script", "res://tests/sample.gd", "--", server.address, timeout_s=240)
    (told,) = re.findall(r"^SAMPLE (.*)$", output, re.MULTILINE)
    assert json.loads(told) == {
        "has_sounded": True,
        "has_followed": True,
        "state": "playing",
        "presets": len(PRESETS),
        "voices": len(VOICES),
        "errors": [],
    }


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
