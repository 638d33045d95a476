"""How many messages a client may send: what is beyond is let go, and leaves nothing behind."""

from ambiome_middleware.front import Command, Front, Manners, Send
from ambiome_middleware.gate import Guest
from ambiome_middleware.rates import SUDDEN_S, SWEEP_ABOVE, Rates
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.limits import MAX_MESSAGES_PER_S, MAX_MESSAGES_PER_SESSION_S
from ambiome_protocol.messages import ClientBye, Credit, Error, Hello, Welcome
from ambiome_protocol.version import VERSION


def test_a_peer_sends_twice_a_second_of_a_sudden_and_its_rate_in_the_long_run():
    rates = Rates(10.0)
    assert sum(rates.takes(b"a", 5.0) for _ in range(100)) == SUDDEN_S * 10
    assert sum(rates.takes(b"a", 5.0 + n / 100) for n in range(1, 1_001)) == 100
    assert rates.takes(b"b", 5.0), "another has a bucket of its own"


def test_who_may_send_more_from_now_on_has_room_for_more():
    rates = Rates(10.0)
    assert sum(rates.takes(b"a", 5.0) for _ in range(100)) == SUDDEN_S * 10
    assert sum(rates.takes(b"a", 6.0, 100.0) for _ in range(1_000)) == 100
    assert sum(rates.takes(b"a", 8.0, 100.0) for _ in range(1_000)) == SUDDEN_S * 100
    assert sum(rates.takes(b"a", 8.0, 5.0) for _ in range(100)) == 0, "a rate below the common one is that"


def test_one_who_is_told_is_not_told_again_at_once():
    rates = Rates(10.0)
    assert [rates.is_to_be_told(b"a", at) for at in (0.0, 0.5, 0.99, 1.0, 1.5)] == [True, False, False, True, False]


def test_peers_that_come_and_go_leave_nothing_behind():
    rates = Rates(10.0)
    for n in range(10 * SWEEP_ABOVE):
        assert rates.takes(b"%d" % n, n / 1_000)
    assert len(rates) <= SWEEP_ABOVE


def test_whoever_floods_the_front_is_told_once_a_second_and_keeps_its_session():
    front = Front([0], 1)
    [_, welcome] = front.receive(b"a", encode(Hello(version=VERSION)), 0.0)
    assert isinstance(welcome, Send)
    assert isinstance(decode_server(welcome.data), Welcome)
    credit, answers = encode(Credit(until_step=2)), []
    for n in range(5 * MAX_MESSAGES_PER_S):
        answers += [each for each in front.receive(b"a", credit, n / 50_000) if isinstance(each, Send)]
    errors = [decode_server(each.data) for each in answers]
    assert len(errors) == 1
    assert isinstance(errors[0], Error)
    assert (errors[0].code, errors[0].retry_s) == ("at_limit", 1.0)
    assert front.refused["at_limit"] > MAX_MESSAGES_PER_S
    [order] = front.receive(b"a", credit, 3.0)
    assert isinstance(order, Command)
    assert front.counts() == (1, 0)


MANY = 50


def read(front: Front, messages: int, guest: Guest | None = None, address: str = "", at_s: float = 0.0) -> int:
    """How many of these are read, which come at once from so many connections."""
    credit, before = encode(Credit(until_step=2)), front.refused["at_limit"]
    for n in range(messages):
        front.receive(b"%d" % (n % MANY), credit, at_s, guest, address)
    return messages - front.refused["at_limit"] + before


def test_one_guest_or_one_address_has_one_bucket_however_many_connections_it_has():
    sudden = int(SUDDEN_S * MAX_MESSAGES_PER_S)
    front = Front([0], 1)
    assert read(front, 2 * sudden, Guest("studio")) == sudden
    assert read(front, 2 * sudden, Guest("other")) == sudden
    assert read(front, 2 * sudden, None, "192.168.1.5") == sudden
    assert read(front, 2 * sudden) == 2 * sudden, "on one's own machine, each connection is somebody"


def test_who_has_many_sessions_may_say_more():
    sessions = 3 * MAX_MESSAGES_PER_S // MAX_MESSAGES_PER_SESSION_S
    front, studio = Front([0], 1, Manners(max_sessions=sessions)), Guest("studio")
    hello, bye = encode(Hello(version=VERSION, pace="free")), encode(ClientBye())
    for n in range(sessions):
        front.receive(b"%d" % n, hello, 0.0, studio)
    sudden = 3 * int(SUDDEN_S * MAX_MESSAGES_PER_S)
    assert read(front, 2 * sudden, studio, at_s=10.0) == sudden
    for n in range(sessions):
        front.receive(b"%d" % n, bye, 20.0, studio)
    assert not front._clients._sessions
    assert read(front, sudden, studio, at_s=100.0) == sudden // 3


def test_a_session_counts_for_who_has_it():
    front = Front([0], 1)
    [_, welcome] = front.receive(b"a", encode(Hello(version=VERSION)), 0.0, None, "192.168.1.5")
    assert front._clients._sessions == {"192.168.1.5": 1}
    resume = decode_server(welcome.data).resume
    front.receive(b"b", encode(Hello(version=VERSION, resume=resume, next_step=0)), 1.0, None, "192.168.1.6")
    assert front._clients._sessions == {"192.168.1.6": 1}
