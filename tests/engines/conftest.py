from pathlib import Path

import pytest

from engines.godot import Godot


@pytest.fixture(scope="session")
def godot_game(tmp_path_factory: pytest.TempPathFactory) -> Godot:
    """The Godot project, imported, in a folder of its own."""
    return Godot(Path(tmp_path_factory.mktemp("godot")))
