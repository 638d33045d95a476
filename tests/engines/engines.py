"""Finds the engines that tests run on: `.ci/engines` brings them. Where one is missing, its tests are skipped.

`AMBIOME_ENGINES_DIR` names the folder (build/engines by default); `AMBIOME_ENGINES=require` makes a missing engine fail.
"""

import os
import shutil
from pathlib import Path
from typing import Final, NoReturn

import pytest

REPOSITORY: Final = Path(__file__).parents[2]


def missing(reason: str) -> NoReturn:
    """Skips the test, or fails it where the engines are required."""
    if os.environ.get("AMBIOME_ENGINES") == "require":
        pytest.fail(reason)
    pytest.skip(reason)


def godot() -> str:
    """The program of Godot 4."""
    folder = Path(os.environ.get("AMBIOME_ENGINES_DIR", REPOSITORY / "build/engines"))
    found = folder / "godot"
    return str(found) if found.exists() else _program("godot", f"no Godot in {folder} nor on the path")


def mono() -> tuple[str, str]:
    """Mono's compiler and its runtime."""
    return _program("mcs", "no Mono compiler (mcs) on the path"), _program("mono", "no Mono on the path")


def _program(name: str, reason: str) -> str:
    return shutil.which(name) or missing(f"{reason}; `.ci/engines` brings it")
