"""The sockets of a swarm: to look whether there is more can wait, and yet nothing that comes is left lying."""

import simpy
import zmq
from ambiome_client.terms import Terms
from ambiome_protocol.codec import decode_client, encode
from ambiome_protocol.messages import Credit, Hello, Warning
from ambiome_sim.swarm.listener import Listener
from ambiome_sim.swarm.sockets import Sockets
from client.toy_server import ToySession

WAIT_S = 10.0


def test_what_comes_behind_the_last_frame_owed_is_read_with_the_next_credit() -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        address = f"tcp://127.0.0.1:{router.bind_to_random_port('tcp://127.0.0.1')}"
        listener = Listener(simpy.Environment(), address, "live 0", Terms(buffer_steps=2), set())
        sockets = Sockets(address, None)
        sockets.send(listener)
        peer, data = router.recv_multipart()
        hello = decode_client(data)
        assert isinstance(hello, Hello)
        session = ToySession(hello, bytes(16))
        router.send_multipart([peer, encode(session.welcome(is_resumed=False))])
        while not listener.is_welcome:
            sockets.receive(WAIT_S)
        sockets.send(listener)
        for _ in range(2):
            router.send_multipart([peer, *session.frame()])
        while listener.connection.ledger.waiting < 2:
            sockets.receive(WAIT_S)
        assert not listener.connection.is_owed

        router.send_multipart([peer, encode(Warning(code="late", detail="it is late"))])
        _, dealer = sockets._dealers[listener]
        assert dealer.socket.poll(1_000 * WAIT_S), "it is here, and to look has used up that this was told"
        assert listener.take() is not None
        assert listener.take() is not None
        sockets.send(listener)
        assert [notice.code for notice in listener.connection.notices if isinstance(notice, Warning)] == ["late"]
        assert [decode_client(router.recv_multipart()[1]) for _ in range(2)] == [
            Credit(until_step=2),
            Credit(until_step=3, played_step=2),
        ]
        sockets.close()


def test_a_listener_that_has_nothing_to_say_is_not_looked_at() -> None:
    listener = Listener(simpy.Environment(), "tcp://toy", "live 0", Terms(buffer_steps=2), talkative := set())
    hello = decode_client(listener.connection.outbox.popleft())
    assert isinstance(hello, Hello)
    session = ToySession(hello, bytes(16))
    listener.receive([encode(session.welcome(is_resumed=False))])
    listener.connection.outbox.clear()
    talkative.clear()
    listener.receive(session.frame())
    listener.receive(session.frame())
    assert not talkative
    assert listener.take() is not None
    assert not talkative
    assert listener.take() is not None
    assert talkative == {listener}
