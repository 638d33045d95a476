"""Fixtures: real servers and raw clients that end with the test."""

from collections.abc import Callable, Iterator

import pytest
import zmq
from server_process import RawClient, ServerProcess


@pytest.fixture
def start() -> Iterator[Callable[..., ServerProcess]]:
    """Starts a server with these options; it ends with the test."""
    servers: list[ServerProcess] = []

    def begin(**options: object) -> ServerProcess:
        servers.append(ServerProcess(options))
        return servers[-1]

    yield begin
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    """A server with two workers that all tests of a module share."""
    process = ServerProcess({"workers": 2})
    yield process.started()
    assert process.stop()[0] == 0


@pytest.fixture
def connect() -> Iterator[Callable[[str], RawClient]]:
    """Connects a raw client to an address; it hangs up with the test."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    yield lambda address: RawClient(context, address)
    context.destroy(linger=0)
