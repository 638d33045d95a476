"""A real worker with more to do than it has time for: it spares its listeners something, lets nobody in, recovers."""

import time
from collections.abc import Callable, Iterator

import pytest
import zmq
from ambiome_middleware.admission import RETRY_S
from ambiome_protocol.messages import ClientBye, Credit, Error, Frame, Hello, Warning
from ambiome_protocol.steps import STEPS_PER_S
from server_process import RawClient, ServerProcess

CROWD, STAYING = 8, 2
PATIENCE_S = 60.0


class Player(RawClient):
    """A client that plays as fast as time passes, and holds two steps."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", address: str) -> None:
        super().__init__(context, address)
        self.hello(layout="mono", format="s16le")
        self.began_s = time.monotonic()
        self.frames = self.granted = self.quality = self.told = 0

    def play(self) -> None:
        while self.socket.poll(0):
            message, _ = self.receive()
            if isinstance(message, Warning) and message.code == "quality":
                self.told += 1
            elif isinstance(message, Frame):
                assert message.step == self.frames, "each once, in order"
                assert message.quality == self.quality or self.told > 0, "it is told before"
                self.told -= message.quality != self.quality
                self.frames, self.quality = self.frames + 1, message.quality
        played = int((time.monotonic() - self.began_s) * STEPS_PER_S)
        until_step = min(self.frames, played) + 2
        if until_step > self.granted:
            self.granted = until_step
            self.send(Credit(until_step=until_step, played_step=min(self.frames, played)))


def play_until(players: list[Player], is_done: Callable[[], bool]) -> None:
    poller, until_s = zmq.Poller(), time.monotonic() + PATIENCE_S
    for player in players:
        poller.register(player.socket, zmq.POLLIN)
    while not is_done():
        assert time.monotonic() < until_s, [(player.frames, player.quality) for player in players]
        poller.poll(10)
        for player in players:
            player.play()


@pytest.fixture
def address() -> Iterator[str]:
    server = ServerProcess({"sound": "laborious_sound"}).started()
    yield server.address
    assert server.stop()[0] == 0


def test_listeners_are_spared_something_while_there_is_too_much_to_do_and_nobody_else_is_let_in(address: str) -> None:
    with zmq.Context() as context:
        players = [Player(context, address) for _ in range(CROWD)]
        play_until(players, lambda: all(player.quality > 0 for player in players))
        late = RawClient(context, address)
        late.send(Hello(version="1.0"))
        refusal = late.answer()
        assert isinstance(refusal, Error)
        assert refusal.code == "busy"
        assert RETRY_S[0] <= refusal.retry_s <= RETRY_S[1]
        leaving = players[STAYING:]
        for player in leaving:
            player.send(ClientBye())
        staying = players[:STAYING]
        play_until(staying, lambda: all(player.quality == 0 for player in staying))
        for player in [*players, late]:
            player.socket.close()
