"""A listener's card in simulated time: what is missing is missed as long as a game would miss it, whatever ends it."""

from collections.abc import Callable, Iterator
from random import Random

import pytest
import simpy
from ambiome_client.terms import Terms
from ambiome_protocol.codec import decode_client, encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import DETACH_AFTER_S
from ambiome_protocol.messages import Credit, Hello
from ambiome_sim.swarm import Plan, lives
from ambiome_sim.swarm.listener import START_S, STEP_S, Listener
from ambiome_sim.swarm.stillness import AFTERMATH_S, STILL_S, Stillness
from client.toy_server import ToySession

ANSWER_S = 0.001
BUFFER_S = 2 * STEP_S
Deed = Callable[[], None]


class Toy:
    """A server for one listener, without a socket: while it `is_up` it answers within a millisecond of simulated time.
    It plays no frame while it `is_mute`.
    """

    def __init__(self) -> None:
        self.env = simpy.Environment()
        self.stillness = Stillness()
        self.listener = Listener(self.env, "tcp://toy", "live 0.0", Terms(buffer_steps=2), set(), self.stillness)
        self.heard = self.listener.heard
        self.is_up, self.is_mute = True, False
        self._session: ToySession | None = None
        self.env.process(lives.live(self.listener))
        self.env.process(lives.kept(self.listener))
        self.env.process(self._serve())

    def at(self, when_s: float, deed: Deed) -> None:
        """What is done then."""

        def wait() -> lives.Life:
            yield self.env.timeout(when_s)
            deed()

        self.env.process(wait())

    def run(self, until_s: float) -> list[float]:
        """What the listener missed until then, to 10 ms, after it has left."""
        self.env.run(until=until_s)
        self.listener.leave()
        return [round(each, 2) for each in self.heard.underruns_s]

    def go_down(self) -> None:
        self.is_up = False

    def come_up(self) -> None:
        self.is_up = True

    def _serve(self) -> lives.Life:
        while True:
            listener = self.listener
            if listener.is_waking:
                listener.wake()
            while self.is_up and not (listener.is_stalled or listener.is_gone) and listener.connection.outbox:
                for answer in self._answers(listener.connection.outbox.popleft()):
                    listener.receive(answer)
            yield self.env.timeout(ANSWER_S)

    def _answers(self, data: bytes) -> Iterator[list[bytes]]:
        message = decode_client(data)
        if isinstance(message, Hello):
            is_resumed, self._session = self._session is not None, self._session or ToySession(message, bytes(16))
            if is_resumed:
                self._session.next_step = message.next_step  # type: ignore[assignment]
            yield [encode(self._session.welcome(is_resumed))]
        elif isinstance(message, Credit) and self._session and not self.is_mute:
            while self._session.next_step < message.until_step:
                yield self._session.frame()


@pytest.fixture
def toy() -> Toy:
    return Toy()


def test_nothing_is_missed_where_all_is_there(toy: Toy) -> None:
    assert toy.run(4.0) == []
    assert toy.heard.frames == 100
    assert toy.heard.first_sound_s == pytest.approx(ANSWER_S, abs=0.01)


def test_a_server_that_is_silent_for_a_while_is_missed_for_so_long(toy: Toy) -> None:
    toy.at(1.0, toy.go_down)
    toy.at(3.0, toy.come_up)
    [missed_s] = toy.run(5.0)
    assert 2.0 - BUFFER_S <= missed_s <= 2.0
    assert toy.listener.connection.ledger.underruns == 1


def test_a_server_that_is_silent_to_the_end_is_missed_to_the_end(toy: Toy) -> None:
    toy.at(1.0, toy.go_down)
    [missed_s] = toy.run(5.0)
    assert 4.0 - BUFFER_S <= missed_s <= 4.0


def test_what_is_missing_when_the_session_fails_was_missed_till_then(toy: Toy) -> None:
    toy.at(1.0, toy.go_down)
    [missed_s] = toy.run(30.0)
    assert 10.0 - 0.1 <= missed_s <= 10.6, "the client gives up after ten seconds"
    assert "has not answered for 10 s" in toy.heard.failure


def test_what_is_missing_before_a_stall_is_missed_and_what_is_in_it_is_not(toy: Toy) -> None:
    toy.at(1.0, toy.go_down)
    toy.at(2.0, toy.listener.stall)
    toy.at(2.5, toy.come_up)
    toy.at(4.0, toy.listener.want_to_wake)
    [missed_s] = toy.run(6.0)
    assert 1.0 - BUFFER_S <= missed_s <= 1.0
    assert toy.heard.frames > 25 + 40, "it goes on"


def test_what_is_missing_after_a_stall_is_missed_again(toy: Toy) -> None:
    toy.at(2.0, toy.listener.stall)
    toy.at(2.5, toy.go_down)
    toy.at(4.0, toy.listener.want_to_wake)
    toy.at(5.0, toy.come_up)
    [missed_s] = toy.run(6.0)
    assert 1.0 - BUFFER_S <= missed_s <= 1.0


def test_a_lost_connection_is_nobody_s_fault_and_the_resume_is_the_server_s(toy: Toy) -> None:
    toy.at(1.0, toy.listener.drop)
    toy.at(1.5, toy.go_down)
    toy.at(4.0, toy.listener.come_back)
    toy.at(4.25, toy.come_up)
    assert toy.run(6.0) == []
    assert [round(each, 2) for each in toy.heard.back_s] == [0.25]
    assert toy.heard.reconnects == 1


def test_who_does_not_come_back_before_long_misses_sound(toy: Toy) -> None:
    toy.at(1.0, toy.listener.drop)
    toy.at(1.5, toy.go_down)
    toy.at(2.0, toy.listener.come_back)
    toy.at(4.0, toy.come_up)
    assert toy.run(6.0) == [2.0]
    assert toy.heard.back_s == []


def test_what_was_there_when_the_connection_was_lost_is_played(toy: Toy) -> None:
    toy.at(1.0, toy.listener.drop)
    toy.env.run(until=1.5)
    assert toy.heard.frames == pytest.approx(25 + 2, abs=1)
    assert toy.listener.connection.ledger.waiting == 0


def test_a_listener_that_stalls_says_nothing(toy: Toy) -> None:
    toy.at(1.0, toy.listener.stall)
    toy.env.run(until=1.1)
    said = len(toy.listener.connection.outbox)
    toy.env.run(until=20.0)
    assert len(toy.listener.connection.outbox) == said
    assert not toy.listener.is_over, "that it did not read for so long is no fault of the server"


def test_a_welcome_without_a_sound_is_silence(toy: Toy) -> None:
    toy.is_mute = True
    [missed_s] = toy.run(5.0)
    assert missed_s == pytest.approx(5.0 - START_S, abs=0.02)
    assert (toy.heard.first_sound_s, toy.heard.is_judged) == (None, True)


def test_a_first_sound_may_take_a_while_and_is_told(toy: Toy) -> None:
    toy.is_up = False
    toy.at(0.8, toy.come_up)
    assert toy.run(3.0) == []
    assert toy.heard.first_sound_s == pytest.approx(0.8, abs=0.02)


def test_a_first_sound_after_a_stall_says_nothing_of_the_server(toy: Toy) -> None:
    toy.is_mute = True
    toy.at(0.5, toy.listener.stall)
    toy.at(2.5, toy.listener.want_to_wake)
    toy.at(2.5, lambda: setattr(toy, "is_mute", False))
    toy.run(5.0)
    assert toy.heard.frames > 0
    assert toy.heard.first_sound_s is None


def test_who_was_never_let_in_has_failed_if_he_has_waited(toy: Toy) -> None:
    toy.is_up = False
    assert toy.run(5.0) == []
    assert toy.heard.failure == "tcp://toy has not answered in 5.0 s"
    late = Toy()
    late.is_up = False
    late.run(0.9 * START_S)
    assert (late.heard.failure, late.heard.is_judged) == ("", False)


def test_who_finds_no_room_has_neither_failed_nor_missed_anything(toy: Toy) -> None:
    toy.is_up = False
    busy = [encode(error_message(ProtocolError("busy", allowed="2 sessions", retry_s=10.0)))]
    toy.at(0.5, lambda: toy.listener.receive(busy))
    toy.env.run(until=1.0)
    assert toy.listener.again_in_s == 10.0
    assert toy.run(5.0) == []
    assert (toy.heard.is_refused, toy.heard.failure, toy.heard.is_judged) == (True, "", False)


def test_counting_begins_when_all_have_joined(toy: Toy) -> None:
    toy.at(1.0, toy.go_down)
    toy.at(3.0, lambda: toy.heard.begin(3.0))
    assert toy.run(5.0) == [2.0]
    assert toy.heard.frames == 0


class Stalling(Listener):
    """Notes when it begins to stall and when that ends."""

    def __init__(self, env: simpy.Environment) -> None:
        super().__init__(env, "tcp://toy", "live 0.0", Terms(), set())
        self.receive([encode(ToySession(self.connection.terms.hello(), bytes(16)).welcome(False))])
        self.times_s: list[float] = []

    def stall(self) -> None:
        self.times_s.append(float(self.env.now))

    def want_to_wake(self) -> None:
        self.times_s.append(float(self.env.now))


def stalls(seed: int) -> list[float]:
    """How long the stalls of some hours are."""
    env = simpy.Environment()
    listener = Stalling(env)
    env.process(lives.befallen(listener, Plan(travels=0.0, drops=0.0, stalls=2.0), Random(seed)))
    env.run(until=10_000.0)
    times_s = listener.times_s
    return [until_s - since_s for since_s, until_s in zip(times_s[::2], times_s[1::2], strict=False)]


def test_some_stalls_last_until_the_server_has_detached_the_listener() -> None:
    lasted_s = stalls(3)
    long = [each for each in lasted_s if each > DETACH_AFTER_S]
    assert 0.2 < len(long) / len(lasted_s) < 0.3
    assert all(0.5 <= each <= 4.0 for each in lasted_s if each not in long)
    assert stalls(3) == lasted_s, "the seed decides"


def test_what_is_missing_after_the_swarm_itself_stood_still_is_told_apart(toy: Toy) -> None:
    for when_s in (1.0, 2.0):
        toy.at(when_s, toy.go_down)
        toy.at(when_s + 0.3, toy.come_up)
    toy.at(1.0, lambda: toy.stillness.note(1.0, 2.0 * STILL_S))
    toy.at(2.0, lambda: toy.stillness.note(2.0, 0.5 * STILL_S))
    own, other = toy.run(3.0)
    assert [round(each, 2) for each in toy.heard.own_s] == [own]
    assert round(toy.heard.longest_of_others_s, 2) == other


def test_a_swarm_has_stood_still_from_when_it_wanted_to_go_on_until_its_aftermath_is_over() -> None:
    stillness = Stillness()
    stillness.note(5.0, 1.5 * STILL_S)
    stillness.note(5.05, 2.0 * STILL_S)
    since_s, until_s = 5.0 - 1.5 * STILL_S, 5.05 + AFTERMATH_S
    at = (since_s - 0.001, since_s + 0.001, 5.07, until_s - 0.001, until_s + 0.001)
    assert [stillness.covers(each) for each in at] == [False, True, True, True, False]
