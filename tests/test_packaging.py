"""What is stated in more than one place is stated alike."""

import re
import tomllib
from pathlib import Path

from ambiome_cli.choices import LayoutName
from ambiome_protocol.lists import LAYOUTS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LINES = (ROOT / "constraints.txt").read_text().splitlines()
PINS = dict(line.split("==") for line in LINES if not line.startswith("#"))


def requirements(*extras: str) -> list[str]:
    groups = [PROJECT["optional-dependencies"][extra] for extra in extras]
    return [*PROJECT["dependencies"], *(text for group in groups for text in group if not text.startswith("ambiome["))]


def test_torch_is_asked_for_by_exactly_the_version_that_was_tested() -> None:
    asked = [text for text in requirements("server") if text.startswith("torch")]
    assert asked == [f"torch=={PINS['torch']}"]


def test_everything_asked_for_is_pinned() -> None:
    names = {re.split(r"[=<>~!\[ ]", text)[0] for text in requirements("server", "sim", "audio", "dev")}
    assert names <= set(PINS)


def test_no_pin_names_a_place_or_a_build() -> None:
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in PINS.values())


def test_the_command_offers_every_layout() -> None:
    assert [layout.value for layout in LayoutName] == list(LAYOUTS)


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
