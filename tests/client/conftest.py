from collections.abc import Iterator

import pytest
from real_server import RealServer
from toy_server import ToyServer


@pytest.fixture
def server() -> Iterator[ToyServer]:
    toy = ToyServer()
    yield toy
    toy.stop()


@pytest.fixture(scope="session")
def lasting_server() -> Iterator[RealServer]:
    """A real server that no test may kill."""
    with RealServer() as real:
        yield real
        assert real.stop() == 0
