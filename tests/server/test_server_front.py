"""The front's decisions, whole and without a socket: who is told what, and what the workers are ordered."""

import itertools

import msgspec
import pytest
from ambiome_middleware.admission import LOOKS, RETRY_S
from ambiome_middleware.front import Command, Front, Manners, Send
from ambiome_middleware.gate import Guest
from ambiome_middleware.wire import Ask, Close, Ended, Grant, Load, Open, Pause, Restore, Resume, Resumed, Say, Tell
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS
from ambiome_protocol.messages import (
    ClientBye,
    Credit,
    Error,
    Event,
    EventMessage,
    Explain,
    Hello,
    ServerBye,
    Welcome,
    World,
    WorldMessage,
)
from hypothesis import given
from hypothesis import strategies as st

MANNERS = Manners(detach_after_s=10, keep_detached_s=120, max_sessions=4)


def token(number: int) -> bytes:
    return bytes([number]) * 16


def front_with(*peers: bytes, workers: int = 1) -> Front:
    """A front whose sessions 1, 2, … were opened by these peers at time 0, with the tokens 1…1, 2…2, …"""
    numbers = iter(range(1, 100))
    front = Front(range(workers), 7, MANNERS, lambda size: token(next(numbers)))
    for peer in peers:
        front.receive(peer, encode(Hello(version="1.0")), 0)
    return front


def told(actions, peer: bytes):
    """What a peer is told."""
    return [decode_server(action.data) for action in actions if isinstance(action, Send) and action.peer == peer]


def codes(actions, peer: bytes) -> list[str]:
    """The codes of the errors that a peer is told."""
    return [error.code for error in told(actions, peer)]


def ordered(actions):
    return [action.order for action in actions if isinstance(action, Command)]


def test_hello_opens_a_session_and_is_welcomed():
    front = front_with()
    actions = front.receive(b"a", encode(Hello(version="1.4", seed=9, layout="mono", pace="free", telemetry_hz=5)), 0)
    assert ordered(actions) == [Open(1, 9, "mono", "f32le", "free", 5.0, token=token(1))]
    (welcome,) = told(actions, b"a")
    assert welcome == Welcome(
        version="1.0", session="s1", resume=token(1), next_step=0, seed=9, layout="mono", format="f32le", pace="free",
        channels=1, sample_rate_hz=48_000, step_samples=1_920, max_outstanding_steps=250, sound_version=7,
    )  # fmt: skip
    assert front.peer_of(1) == b"a"
    assert repr(front) == "<Front, 1 attached, 0 detached>"


def test_tokens_are_128_bits_from_the_systems_secrets_and_differ():
    front = Front([0], 1)
    tokens = {told(front.receive(bytes([n]), encode(Hello(version="1.0")), 0), bytes([n]))[0].resume for n in range(9)}
    assert {len(t) for t in tokens} == {16}
    assert len(tokens) == 9


@pytest.mark.parametrize(
    ("hello", "code", "field"),
    [
        (Hello(version="2.0"), "version", "version"),
        (Hello(version="0.9"), "version", "version"),
        (Hello(version="1.0", resume=b"?" * 16, next_step=3), "bad_resume", "resume"),
        (Hello(version="1.0", layout="7.1"), "unknown_name", "layout"),
    ],
)
def test_a_hello_that_cannot_be_is_refused_and_may_be_said_again(hello, code, field):
    front = front_with()
    (error,) = told(front.receive(b"a", encode(hello), 0), b"a")
    assert (error.code, error.field) == (code, field)
    assert error.detail
    assert isinstance(told(front.receive(b"a", encode(Hello(version="1.0")), 0), b"a")[0], Welcome)


def test_a_second_hello_changes_nothing():
    front = front_with(b"a")
    actions = front.receive(b"a", encode(Hello(version="1.0", seed=3)), 1)
    assert codes(actions, b"a") == ["already_open"]
    assert ordered(actions) == []


def test_sessions_are_limited_and_the_detached_count():
    front = front_with(b"a", b"b", b"c", b"d")
    front.tick(10)
    (error,) = told(front.receive(b"e", encode(Hello(version="1.0")), 11), b"e")
    assert (error.code, error.allowed) == ("busy", f"4 sessions; try again in {error.retry_s:g} s")


def test_sessions_go_to_the_worker_with_the_fewest():
    front = front_with(b"a", b"b", workers=2)
    front.receive(b"a", encode(ClientBye()), 0)
    workers = [action.worker for peer in (b"c", b"d", b"e")
               for action in front.receive(peer, encode(Hello(version="1.0")), 0)
               if isinstance(action, Command)]  # fmt: skip
    assert workers == [0, 0, 1]


def test_messages_are_passed_to_the_sessions_worker_as_they_came():
    front = front_with(b"a")
    splash = encode(EventMessage(seq=1, event=Event(kind="splash")))
    assert front.receive(b"a", splash, 1) == [Command(0, Tell(1, splash, 1))]
    assert front.receive(b"a", encode(Explain(seq=2)), 1) == [Command(0, Ask(1, 2))]
    credit = Credit(until_step=5, played_step=3, underruns=1)
    assert front.receive(b"a", encode(credit), 1) == [Command(0, Grant(1, 5, 3, 1))]


def test_nobody_tells_of_more_underruns_than_there_was_time_for():
    front = front_with(b"a")

    def tell(underruns: int, now_s: float) -> int:
        front.receive(b"a", encode(Credit(until_step=5, underruns=underruns)), now_s)
        return front.underruns

    assert [tell(3, 1.0), tell(3, 1.1), tell(0, 1.2), tell(4, 1.3)] == [3, 3, 3, 4], "they are counted since hello"
    most = MAX_OUTSTANDING_STEPS["live"] + 2 * 25
    assert [tell(each, 2.0) for each in (2**31, 0, 2**31, 2**31 + 1, 2**53 - 1)] == [most] * 5
    assert tell(2**53 - 1, 9.0) == most


@pytest.mark.parametrize(
    "message", [Credit(until_step=1), Explain(seq=4), ClientBye(), EventMessage(seq=4, event=Event(kind="gust"))]
)
def test_who_has_no_session_is_told_so(message):
    front = front_with(b"a")
    (error,) = told(front.receive(b"stranger", encode(message), 0), b"stranger")
    assert (error.code, error.seq) == ("unknown_session", getattr(message, "seq", 0))


def test_bye_ends_the_session_for_good():
    front = front_with(b"a")
    actions = front.receive(b"a", encode(ClientBye(reason="enough")), 1)
    assert ordered(actions) == [Close(1)]
    assert told(actions, b"a") == [ServerBye(reason="bye")]
    assert front.peer_of(1) is None
    resume = Hello(version="1.0", resume=token(1), next_step=0)
    assert codes(front.receive(b"b", encode(resume), 1), b"b") == ["bad_resume"]


def test_the_silent_are_detached_after_10_s_and_closed_after_120_more():
    front = front_with(b"a", b"b")
    front.receive(b"b", encode(Credit(until_step=0)), 5)
    assert front.tick(9.9) == []
    actions = front.tick(10)
    assert told(actions, b"a") == [ServerBye(reason="detached")]
    assert ordered(actions) == [Pause(1)]
    assert (front.peer_of(1), front.peer_of(2)) == (None, b"b")
    assert [error.code for error in told(front.receive(b"a", encode(Credit(until_step=9)), 11), b"a")] == [
        "unknown_session"
    ]
    assert ordered(front.tick(15)) == [Pause(2)]
    assert front.tick(129.9) == []
    assert ordered(front.tick(130)) == [Close(1)]
    assert ordered(front.tick(135)) == [Close(2)]
    assert repr(front) == "<Front, 0 attached, 0 detached>"


def test_any_message_counts_as_a_sign_of_life_even_a_wrong_one():
    front = front_with(b"a")
    front.receive(b"a", b"\xc1", 8)
    assert front.tick(17) == []


def test_who_is_not_to_be_reached_is_detached_at_once():
    front = front_with(b"a")
    assert front.unreachable(b"a", 3) == [Command(0, Pause(1))]
    assert front.unreachable(b"a", 3) == []
    assert front.unreachable(b"stranger", 3) == []
    assert front.peer_of(1) is None


def resume(front: Front, peer: bytes, next_step: int, now: float):
    return front.receive(peer, encode(Hello(version="1.0", resume=token(1), next_step=next_step)), now)


def test_a_detached_session_is_resumed_by_its_token_and_no_frame_goes_before_the_welcome():
    front = front_with(b"a")
    front.tick(10)
    assert resume(front, b"b", 41, 60) == [Command(0, Resume(1, 1, 41))]
    assert front.peer_of(1) is None
    assert ordered(front.receive(b"b", encode(Credit(until_step=44)), 60)) == [Grant(1, 44, 0, 0)]
    (welcome,) = told(front.report(Resumed(1, 1, 41, 6, ""), 60), b"b")
    assert (welcome.resumed, welcome.next_step, welcome.last_seq, welcome.resume) == (True, 41, 6, token(1))
    assert front.peer_of(1) == b"b"
    assert front.tick(69) == []


def test_a_session_in_use_goes_to_whoever_shows_its_token():
    front = front_with(b"a")
    actions = resume(front, b"b", 5, 1)
    assert told(actions, b"a") == [ServerBye(reason="detached")]
    assert ordered(actions) == [Pause(1), Resume(1, 1, 5)]
    front.report(Resumed(1, 1, 5, 0, ""), 1)
    assert front.peer_of(1) == b"b"
    assert [error.code for error in told(front.receive(b"a", encode(Credit(until_step=9)), 2), b"a")] == [
        "unknown_session"
    ]


def test_of_two_that_resume_at_once_the_last_one_has_the_session():
    front = front_with(b"a")
    front.tick(10)
    resume(front, b"b", 5, 11)
    assert told(resume(front, b"c", 7, 11), b"b") == [ServerBye(reason="detached")]
    assert front.report(Resumed(1, 1, 5, 0, ""), 11) == []
    assert front.peer_of(1) is None
    assert told(front.report(Resumed(1, 2, 7, 0, ""), 11), b"c")[0].next_step == 7
    assert front.peer_of(1) == b"c"


def test_a_refused_resumption_leaves_the_session_to_be_resumed_rightly():
    front = front_with(b"a")
    front.tick(10)
    resume(front, b"b", 5, 11)
    (error,) = told(front.report(Resumed(1, 1, 99, 0, "step 5 is gone"), 11), b"b")
    assert (error.code, error.field, error.detail) == ("bad_resume", "next_step", "step 5 is gone")
    assert ordered(resume(front, b"b", 98, 12)) == [Resume(1, 2, 98)]


def test_a_peer_that_takes_anothers_name_does_not_get_its_session():
    front, studio, other = front_with(), Guest("studio"), Guest("other")
    front.receive(b"a", encode(Hello(version="1.0")), 0, studio)
    actions = front.receive(b"a", encode(Credit(until_step=9)), 1, other)
    assert actions[0] == Command(0, Pause(1))
    assert codes(actions, b"a") == ["unknown_session"]
    assert front.peer_of(1) is None
    assert isinstance(told(front.receive(b"a", encode(Hello(version="1.0")), 2, other), b"a")[0], Welcome)
    again = encode(Hello(version="1.0", resume=token(1), next_step=4))
    assert ordered(front.receive(b"b", again, 3, studio)) == [Resume(1, 1, 4)]
    assert codes(front.receive(b"b", encode(Explain()), 3, other), b"b") == ["unknown_session"]
    assert front.report(Resumed(1, 1, 4, 0, ""), 4) == [], "nobody waits for it any more"


def test_what_a_worker_says_reaches_the_sessions_peer_and_nobody_when_it_is_away():
    front = front_with(b"a", b"b")
    assert front.report(Say(2, b"..."), 1) == [Send(b"b", b"...")]
    front.unreachable(b"b", 1)
    assert front.report(Say(2, b"..."), 1) == []
    assert front.report(Say(99, b"..."), 1) == []


def test_a_session_lost_to_a_fault_is_forgotten():
    front = front_with(b"a")
    assert front.report(Ended(1), 1) == []
    assert [error.code for error in told(front.receive(b"a", encode(Credit(until_step=9)), 2), b"a")] == [
        "unknown_session"
    ]


def test_when_a_worker_dies_its_clients_are_told_and_the_others_go_on():
    front = front_with(b"a", b"b", workers=2)
    actions = front.worker_lost(0, 5)
    assert codes(actions, b"a") == ["internal"]
    assert told(actions, b"b") == []
    assert front.peer_of(2) == b"b"
    assert front.receive(b"c", encode(Hello(version="1.0")), 1)[0].worker == 1
    front.worker_lost(1, 5)
    assert codes(front.receive(b"d", encode(Hello(version="1.0")), 1), b"d") == ["busy"]
    front.worker_ready(0)
    assert front.receive(b"d", encode(Hello(version="1.0")), 1)[0].worker == 0


def test_stopping_says_bye_to_every_attached_client():
    front = front_with(b"a", b"b", b"c")
    front.unreachable(b"b", 1)
    assert front.stop() == [Send(peer, encode(ServerBye(reason="shutdown"))) for peer in (b"a", b"c")]


def messages():
    """Bytes of every kind: noise, right messages, right messages cut or with a byte changed, maps of nonsense."""
    right = [
        Hello(version="1.0"), Hello(version="9.0"), Hello(version="1.0", resume=token(1), next_step=3),
        Hello(version="1.0", resume=b"x" * 16, next_step=3), Credit(until_step=5), Explain(), ClientBye(),
        WorldMessage(seq=1, world=World()), EventMessage(event=Event(kind="gust")),
    ]  # fmt: skip
    whole = st.sampled_from([encode(message) for message in right])
    keys = st.sampled_from(["type", "version", "resume", "next_step", "world", "event", "until_step", "?"])
    values = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=9)
    nonsense = st.dictionaries(keys, values | st.sampled_from(["hello", "world", "credit", "bye"]), max_size=6)
    return st.one_of(
        st.binary(max_size=80),
        whole,
        st.builds(lambda data, end: data[:end], whole, st.integers(0, 60)),
        st.builds(lambda data, at, byte: data[: at % len(data)] + bytes([byte]) + data[at % len(data) + 1 :],
                  whole, st.integers(0, 200), st.integers(0, 255)),
        nonsense.map(msgspec.msgpack.encode),
    )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from([b"b", b"c", b"d"]), messages(), st.floats(0, 3)), max_size=25))
def test_whatever_others_send_it_never_fails_and_a_session_goes_on_unharmed(sent):
    front = front_with()
    front._new_token = lambda size: b"a's secret token"
    front.receive(b"a", encode(Hello(version="1.0")), 0)
    numbers = itertools.count(1)
    front._new_token = lambda size: token(next(numbers))
    now = 0.0
    for peer, data, later_s in sent:
        now += later_s
        front.receive(b"a", encode(Credit(until_step=1)), now)
        actions = front.receive(peer, data, now) + front.tick(now)
        assert told(actions, b"a") == []
        assert all(action.order.session != 1 for action in actions if isinstance(action, Command))
        answers = [action for action in actions if isinstance(action, Send)]
        assert all(action.peer in (b"b", b"c", b"d") for action in answers)
        assert len(front._by_token) == len(front._sessions) <= MANNERS.max_sessions
        assert front.peer_of(1) == b"a"


@given(st.binary(max_size=200))
def test_any_bytes_get_one_answer_or_open_a_session(data):
    actions = front_with().receive(b"x", data, 0)
    answers = told(actions, b"x")
    assert len(answers) == 1
    assert isinstance(answers[0], Error | Welcome)


NEURAL = Hello(version="1.0", renderer="neural")


def test_the_neural_renderer_is_refused_where_it_is_not_offered():
    front = front_with()
    actions = front.receive(b"a", encode(NEURAL), 0)
    (error,) = told(actions, b"a")
    assert (error.code, error.field, error.allowed) == ("unknown_name", "renderer", "one of procedural")
    assert ordered(actions) == []
    assert told(front.receive(b"a", encode(Hello(version="1.0")), 0), b"a")[0].session == "s1"


def test_a_neural_session_is_welcomed_with_its_weights_and_a_procedural_one_without():
    front = Front([0], 7, MANNERS, weights="0123456789abcdef")
    actions = front.receive(b"a", encode(NEURAL), 0)
    assert ordered(actions)[0].renderer == "neural"
    (welcome,) = told(actions, b"a")
    assert (welcome.renderer, welcome.weights) == ("neural", "0123456789abcdef")
    (welcome,) = told(front.receive(b"b", encode(Hello(version="1.0")), 0), b"b")
    assert (welcome.renderer, welcome.weights) == ("procedural", "")


def load(streams: int, busy_live: float, worker: int = 0) -> Load:
    return Load(worker, streams, 0, 0, busy_live, busy_live, 1, 1, 1, 0, 0, 0.1, 0.1, {}, streams=streams)


def test_live_sessions_for_which_no_worker_has_time_are_refused_and_free_ones_are_not():
    front = Front([0], 7, Manners(max_sessions=100))
    live, free = encode(Hello(version="1.0")), encode(Hello(version="1.0", pace="free"))
    for number in range(10):
        front.receive(b"%d" % number, live, 0)
    for _ in range(2):
        front.admission.loaded(load(10, 0.78))
    (refusal,) = told(front.receive(b"c", live, 0), b"c")
    again = f"as many live sessions as can be rendered in time; try again in {refusal.retry_s:g} s"
    assert (refusal.code, refusal.allowed) == ("busy", again)
    assert RETRY_S[0] <= refusal.retry_s <= RETRY_S[1]
    assert isinstance(told(front.receive(b"d", free, 0), b"d")[0], Welcome)
    front.receive(b"0", encode(ClientBye()), 1)
    for _ in range(LOOKS):
        front.admission.loaded(load(9, 0.6))
    assert isinstance(told(front.receive(b"c", live, 2), b"c")[0], Welcome)


def test_a_front_takes_as_many_live_sessions_as_it_was_measured_to_bear():
    front = Front([0], 7, Manners(max_sessions=100))
    live, member = encode(Hello(version="1.0")), encode(Hello(version="1.0", zone="hall"))
    for number in range(12):
        front.receive(b"%d" % number, member if number % 2 else live, 0)
    for _ in range(2):
        front.admission.front_loaded(0.9, frames_per_s=300.0)
    for hello in (live, member):
        assert codes(front.receive(b"a", hello, 1), b"a") == ["busy"]
    free = encode(Hello(version="1.0", pace="free"))
    assert isinstance(told(front.receive(b"b", free, 1), b"b")[0], Welcome)
    for _ in range(LOOKS):
        front.admission.front_loaded(0.5, frames_per_s=300.0)
    assert isinstance(told(front.receive(b"d", live, 3), b"d")[0], Welcome)


def test_a_session_goes_to_the_worker_that_has_room():
    front = Front([0, 1], 7, Manners(max_sessions=100))
    for number in range(20):
        front.receive(b"%d" % number, encode(Hello(version="1.0")), 0)
    for _ in range(2):
        front.admission.loaded(load(10, 0.95, worker=0))
        front.admission.loaded(load(10, 0.5, worker=1))
    (order,) = [
        action for action in front.receive(b"b", encode(Hello(version="1.0")), 0) if isinstance(action, Command)
    ]
    assert order.worker == 1


def test_sessions_that_are_written_down_outlive_their_worker():
    front = Front([0], 7, MANNERS, lambda size: token(1), is_written=True)
    front.receive(b"a", encode(Hello(version="1.0")), 0)
    assert told(front.worker_lost(0, 3), b"a") == [ServerBye(reason="detached")]
    assert codes(front.receive(b"b", encode(Hello(version="1.0")), 3), b"b") == ["busy"], "there is no worker"
    assert front.worker_ready(0) == [Command(0, Restore(1))]
    actions = front.receive(b"a", encode(Hello(version="1.0", resume=token(1), next_step=5)), 4)
    assert ordered(actions) == [Resume(1, 1, 5)]


def test_who_resumes_while_the_worker_is_away_is_answered_when_it_is_there_again():
    front = Front([0], 7, MANNERS, lambda size: token(1), is_written=True)
    front.receive(b"a", encode(Hello(version="1.0")), 0)
    front.worker_lost(0, 3)
    resume(front, b"b", 5, 4)
    assert front.worker_ready(0) == [Command(0, Restore(1)), Command(0, Resume(1, 1, 5))]
    assert told(front.report(Resumed(1, 1, 5, 2, ""), 6), b"b")[0].next_step == 5
    assert front.peer_of(1) == b"b"


def test_who_waits_for_a_welcome_and_gets_none_is_detached_and_its_session_expires():
    front = Front([0], 7, MANNERS, lambda size: token(1), is_written=True)
    front.receive(b"a", encode(Hello(version="1.0")), 0)
    front.worker_lost(0, 3)
    resume(front, b"b", 5, 4)
    front.receive(b"b", encode(Credit(until_step=9)), 13)
    assert front.tick(13.9) == []
    assert told(front.tick(14), b"b") == [ServerBye(reason="detached")]
    assert front.tick(133.9) == []
    assert ordered(front.tick(134)) == [Close(1)]
    assert repr(front) == "<Front, 0 attached, 0 detached>"


def test_who_waits_for_a_session_that_its_worker_has_lost_is_told_so():
    front = front_with(b"a")
    front.tick(10)
    resume(front, b"b", 5, 11)
    (error,) = told(front.report(Ended(1), 12), b"b")
    assert (error.code, error.field) == ("bad_resume", "resume")
    assert isinstance(told(front.receive(b"b", encode(Hello(version="1.0")), 13), b"b")[0], Welcome)


def test_sessions_of_a_server_before_are_taken_up_and_kept_as_long_as_any():
    front = Front([0], 7, MANNERS, lambda size: token(9), is_written=True)
    order = Open(6, 3, "mono", "s16le", "free", 2.0, token=token(5), guest="studio")
    assert front.adopt([order], 100) == [Command(0, Restore(6))]
    assert repr(front) == "<Front, 0 attached, 1 detached>"
    back = encode(Hello(version="1.0", resume=token(5), next_step=8))
    assert codes(front.receive(b"x", back, 101), b"x") == ["bad_resume"], "with another key, or none"
    assert ordered(front.receive(b"a", back, 101, Guest("studio"))) == [Resume(6, 1, 8)]
    (welcome,) = told(front.report(Resumed(6, 1, 8, 4, ""), 102), b"a")
    assert (welcome.seed, welcome.layout, welcome.format, welcome.pace) == (3, "mono", "s16le", "free")
    assert ordered(front.receive(b"c", encode(Hello(version="1.0")), 103))[0].session == 7
    front.adopt([Open(8, 3, "mono", "f32le", "live", 0.0, token=token(6))], 104)
    assert Command(0, Close(8)) in front.tick(104 + MANNERS.keep_detached_s)


def test_new_sessions_get_numbers_above_all_that_were_ever_written_down():
    front = Front([0], 7, MANNERS, lambda size: token(9), is_written=True)
    assert front.adopt([], 100, newest=41) == []
    assert ordered(front.receive(b"a", encode(Hello(version="1.0")), 101))[0].session == 42


def test_who_comes_back_to_a_session_that_kills_its_worker_is_told_so_and_by_that_gets_no_new_one():
    front = Front([0], 7, MANNERS, lambda size: token(1), is_written=True)
    front.receive(b"a", encode(Hello(version="1.0")), 0)
    front.worker_lost(0, 3)
    front.worker_ready(0)
    back = encode(Hello(version="1.0", resume=token(1), next_step=5))
    front.receive(b"b", back, 4)
    (error,) = told(front.report(Ended(1, "3 processes have died over it"), 5), b"b")
    assert (error.code, error.detail) == ("internal", "3 processes have died over it")
    assert repr(front) == "<Front, 0 attached, 0 detached>"
    (error,) = told(front.receive(b"c", back, 6), b"c")
    assert (error.code, error.detail) == ("internal", "3 processes have died over it")
    assert isinstance(told(front.receive(b"c", encode(Hello(version="1.0")), 7), b"c")[0], Welcome)


def test_of_questions_so_many_are_asked_a_second():
    front = front_with(b"a", b"b")
    asked = [front.receive(b"a", encode(Explain(seq=n)), 1) for n in range(60)]
    assert [order.seq for actions in asked for order in ordered(actions)] == list(range(50))
    (error,) = told(asked[50], b"a")
    assert (error.code, error.seq, error.retry_s) == ("at_limit", 50, 0.04)
    assert ordered(front.receive(b"b", encode(Explain(seq=1)), 1)) == [Ask(2, 1)], "of each session"
    asked = [order for n in range(1, 101) for order in ordered(front.receive(b"a", encode(Explain()), 1 + n / 50))]
    assert len(asked) == 50, "25 a second"
    assert ordered(front.receive(b"a", encode(Credit(until_step=2)), 3)), "nothing else is refused for it"


def test_of_questions_a_zone_is_asked_no_more_however_many_are_in_it():
    front = Front([0], 7, Manners(max_sessions=100))
    for n in range(80):
        front.receive(b"%d" % n, encode(Hello(version="1.0", zone="hall")), 0)
    asked = [front.receive(b"%d" % n, encode(Explain(seq=n)), 1) for n in range(80)]
    assert sum(len(ordered(actions)) for actions in asked) == 1, "and what renders it but once for all"
    refused = [error.seq for n, actions in enumerate(asked) for error in told(actions, b"%d" % n)]
    assert refused == list(range(50, 80))


def test_a_zone_without_members_counts_as_a_session_of_who_opened_it():
    front, studio, other = Front([0], 7, MANNERS), Guest("studio", 1), Guest("other", 2)

    def hello(zone: str | None, guest: Guest, at_s: float = 1) -> str:
        """Say hello, and bye at once where that is welcome; what the answer was."""
        data = Hello(version="1.0") if zone is None else Hello(version="1.0", zone=zone)
        (answer,) = told(front.receive(b"a", encode(data), at_s, guest), b"a")
        front.receive(b"a", encode(ClientBye()), at_s, guest)
        return getattr(answer, "code", "welcome")

    assert [hello(f"hall-{n}", studio) for n in range(3)] == ["welcome", "busy", "busy"]
    assert hello(None, studio) == "busy"
    assert hello("hall-0", studio) == "welcome", "it may come back to its own"
    assert [hello(f"room-{n}", other) for n in range(3)] == ["welcome", "welcome", "busy"]
    assert hello("hall-0", other) == "busy", "a member of another one's would be a third"
    assert [hello(f"den-{n}", Guest("third")) for n in range(2)] == ["welcome", "busy"], "four are all"
    assert hello("den-0", Guest("third")) == "welcome"
    front.tick(60)
    assert not front._openers
    assert hello("hall-1", studio, 61) == "welcome"


def test_a_zone_of_a_server_before_counts_too():
    front = Front([0], 7, MANNERS, is_written=True)
    front.adopt([Open(6, 3, "mono", "f32le", "live", 0.0, token=token(5), guest="studio", zone="hall")], 0)
    front.report(Resumed(6, 1, 0, 0, ""), 0)
    studio = Guest("studio", 1)
    assert codes(front.receive(b"a", encode(Hello(version="1.0")), 1, studio), b"a") == ["busy"]
    hello = Hello(version="1.0", zone="hall", layout="mono")
    assert isinstance(told(front.receive(b"a", encode(hello), 1, studio), b"a")[0], Welcome)
