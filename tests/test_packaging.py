"""What is stated in more than one place is stated alike."""

import re
import tomllib
from pathlib import Path

from ambiome_cli.choices import LayoutName
from ambiome_cli.exits import EXTRAS
from ambiome_protocol.lists import LAYOUTS

ROOT = Path(__file__).parents[1]
DOCUMENT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = DOCUMENT["project"]
BASE = PROJECT["dependencies"]
PACKAGES = DOCUMENT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
LINES = (ROOT / "constraints.txt").read_text().splitlines()
PINS = dict(line.split("==") for line in LINES if not line.startswith("#"))
MODULES = {"prometheus-client": "prometheus_client", "pyzmq": "zmq", "ai-edge-litert": "ai_edge_litert"}
"""What is imported by another name than it is installed by."""


def asked(*extras: str) -> set[str]:
    """The distributions that these extras ask for; "" is the base install."""
    texts = [text for extra in extras for text in (PROJECT["optional-dependencies"][extra] if extra else BASE)]
    return {re.split(r"[=<>~!\[ ]", text)[0] for text in texts} - {"ambiome"}


def modules(*extras: str) -> set[str]:
    """What they are imported as."""
    return {MODULES.get(name, name) for name in asked(*extras)}


def test_torch_is_asked_for_by_exactly_the_version_that_was_tested() -> None:
    torch = [text for text in PROJECT["optional-dependencies"]["server"] if text.startswith("torch")]
    assert torch == [f"torch=={PINS['torch']}"]


def test_everything_asked_for_is_pinned() -> None:
    assert asked("", "server", "sim", "audio", "dev") <= set(PINS)


def test_everything_asked_for_is_used() -> None:
    sources = [path for folder in PACKAGES for path in (ROOT / folder).rglob("*.py")]
    imported = {
        name for path in sources for name in re.findall(r"^\s*(?:import|from) (\w+)", path.read_text("utf-8"), re.M)
    }
    assert modules("", "server", "sim", "audio") <= imported


def test_the_command_looks_for_what_each_extra_brings() -> None:
    assert {extra: set(found) for extra, found in EXTRAS.items()} == {extra: modules(extra) for extra in EXTRAS}


def test_no_pin_names_a_place_or_a_build() -> None:
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in PINS.values())


def test_the_command_offers_every_layout() -> None:
    assert [layout.value for layout in LayoutName] == list(LAYOUTS)


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
