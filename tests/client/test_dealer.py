"""A client's socket: where it cannot be made, nothing of it is left, and its context ends."""

import errno

import pytest
import zmq
from ambiome_client.dealer import Dealer


def test_a_dealer_that_cannot_be_made_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[zmq.Socket[bytes]] = []

    def monitor(socket: "zmq.Socket[bytes]", events: int) -> None:
        made.append(socket)
        raise zmq.ZMQError(errno.EMFILE)

    monkeypatch.setattr(zmq.Socket, "get_monitor_socket", monitor)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    with pytest.raises(zmq.ZMQError):
        Dealer(context, "tcp://127.0.0.1:9")
    assert [socket.closed for socket in made] == [True]
    context.term()
