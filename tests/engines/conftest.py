import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from engines.godot import Godot

URGENCY = 10


@pytest.fixture(scope="module", autouse=True)
def _urgent() -> Iterator[None]:
    """Engines play in real time, what is tested beside them does not: they go first, where the machine allows it."""
    if not hasattr(os, "setpriority"):
        yield
        return
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, before - URGENCY)
    yield
    os.setpriority(os.PRIO_PROCESS, 0, before)


@pytest.fixture(scope="session")
def godot_game(tmp_path_factory: pytest.TempPathFactory) -> Godot:
    """The Godot project, imported, in a folder of its own."""
    return Godot(Path(tmp_path_factory.mktemp("godot")))
