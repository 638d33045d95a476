from collections.abc import Iterator

import pytest
from toy_server import ToyServer


@pytest.fixture
def server() -> Iterator[ToyServer]:
    toy = ToyServer()
    yield toy
    toy.stop()
