"""Bytes that are no messages, and connections that are cut: whose they are not hears nothing of it."""

import itertools
import logging
import random
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit

import numpy as np
import pytest
import zmq
from ambiome_client import Ambience
from ambiome_middleware.client_socket import PARTS_AT_ONCE, ClientSocket
from ambiome_middleware.front import Front, Send
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import Credit, Error, Hello, Welcome, World, WorldMessage
from real_server import RealServer

SEED = 20
AT_ONCE = 8
MESSAGES = [
    encode(Hello(version="1.0")),
    encode(Credit(until_step=3, played_step=1)),
    encode(WorldMessage(seq=1, world=World())),
]


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    with RealServer(workers=1) as one:
        yield one


def heard(server: RealServer, disturb: Callable[[int], None], steps: int) -> bytes:
    """The sound of a free session beside which something happens between any two frames."""
    with Ambience(server.address, seed=SEED, pace="free") as ambience:
        ambience.world(weather={"rain_mm_h": 9}, location={"biome": "coast"}, cut=True)
        frames = []
        for step in range(steps):
            disturb(step)
            ambience.grant((step + 1) / 25)
            frames.append(ambience.read(1))
        assert ambience.reconnects == 0
        return np.concatenate(frames, axis=1).tobytes()


def bad_bytes(chance: random.Random) -> bytes:
    """Noise, or a right message with some bytes changed, cut or said twice."""
    if chance.random() < 0.3:
        return chance.randbytes(chance.randrange(0, 400))
    data = bytearray(chance.choice(MESSAGES))
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(data))
        data[at : at + chance.randrange(0, 3)] = chance.randbytes(chance.randrange(0, 3))
        data = data or bytearray(b"\x80")
    return bytes(data)


@pytest.mark.parametrize("messages", [3_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_bytes_that_are_no_messages_are_their_senders_affair(server: RealServer, messages: int) -> None:
    chance, steps = random.Random(1), 50
    undisturbed = heard(server, lambda step: None, steps)
    with zmq.Context() as context:
        peers = [context.socket(zmq.DEALER) for _ in range(AT_ONCE)]
        for peer in peers:
            peer.linger = 0
            peer.connect(server.address)
        refused = 0

        def disturb(step: int) -> None:
            nonlocal refused
            for n in range(messages // steps):
                peers[n % AT_ONCE].send(bad_bytes(chance))
            for peer in peers:
                while peer.poll(0):
                    refused += isinstance(decode_server(peer.recv_multipart()[0]), Error)

        assert heard(server, disturb, steps) == undisturbed
        assert refused > messages // 10, "and they are told"
        for peer in peers:
            peer.close()


@pytest.mark.parametrize("connections", [50, pytest.param(1_000, marks=pytest.mark.long)])
def test_connections_that_are_cut_are_nobody_elses_affair(server: RealServer, connections: int) -> None:
    """Some say nothing, some half a greeting, some open a session; each is reset and not closed."""
    steps = 50
    undisturbed = heard(server, lambda step: None, steps)
    where = urlsplit(server.address)
    with zmq.Context() as context:

        def disturb(step: int) -> None:
            for n in range(step * connections // steps, (step + 1) * connections // steps):
                with socket.create_connection((where.hostname, where.port)) as raw:
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                    raw.sendall(b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03"[: n % 12])
                peer = context.socket(zmq.DEALER)
                peer.connect(server.address)
                peer.send(MESSAGES[0])
                peer.send(MESSAGES[1])
                if step % 2:
                    peer.recv_multipart()
                peer.close(linger=0)

        assert heard(server, disturb, steps) == undisturbed


def test_a_message_of_any_number_of_parts_takes_no_more_than_its_turns(caplog: pytest.LogCaptureFixture) -> None:
    """Between two turns frames go out. Every look at the clock here is a millisecond later than the one before."""
    clock = map(float, itertools.count())
    parts = 20 * PARTS_AT_ONCE
    with (
        caplog.at_level(logging.WARNING, "ambiome_middleware"),
        zmq.Context() as context,
        context.socket(zmq.DEALER) as rude,
        context.socket(zmq.DEALER) as other,
        closing(ClientSocket(context, "tcp://127.0.0.1:*", None, lambda: next(clock) / 1_000)) as clients,
    ):
        front = Front([0], 1)

        def take(peer: bytes, *read: object) -> None:
            for action in front.receive(peer, *read):
                if isinstance(action, Send):
                    clients.send(action.peer, action.data)

        for each in (rude, other):
            each.linger = 0
            each.connect(clients.address)
        for _ in range(parts - 1):
            rude.send(b"", zmq.SNDMORE)
        rude.send(b"")
        assert clients.socket.poll(10_000)
        clients.read(take)
        assert isinstance(decode_server(rude.recv()), Error), "it is told at once"
        other.send(MESSAGES[0])
        turns = 1
        while clients._parts:
            assert clients._parts <= 4 * PARTS_AT_ONCE * turns
            clients.read(take)
            turns += 1
        assert turns > 4
        while not other.poll(20):
            clients.read(take)
        assert isinstance(decode_server(other.recv()), Welcome)
    [line] = caplog.messages
    assert line == f"a message of {parts} parts from 127.0.0.1 was let go"
