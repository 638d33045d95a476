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


def test_a_message_is_received_with_its_parts_in_order_and_none_where_there_is_none() -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as server:
        dealer = Dealer(context, f"tcp://127.0.0.1:{server.bind_to_random_port('tcp://127.0.0.1')}")
        assert not dealer.has_come()
        assert dealer.receive() is None
        assert dealer.send(b"hello")
        peer, _ = server.recv_multipart()
        server.send_multipart([peer, b"header", b"audio"])
        server.send_multipart([peer, b"bye"])
        assert dealer.socket.poll(10_000)
        assert dealer.has_come()
        assert [bytes(part) for part in dealer.receive() or ()] == [b"header", b"audio"]
        assert dealer.socket.poll(10_000)
        assert dealer.receive() == [b"bye"]
        assert dealer.receive() is None
        dealer.close(0)
