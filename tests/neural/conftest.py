"""Weights that nobody trained, in a folder."""

from pathlib import Path

import pytest
from neural.codecs import write_weights


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_weights(tmp_path_factory.mktemp("weights"))
