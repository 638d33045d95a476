"""The client's state machine, without a socket: what comes in, what goes out, and when it gives up."""

from collections.abc import Callable

import numpy as np
import pytest
from ambiome_client import (
    AmbiomeError,
    BadMessage,
    Closed,
    HelloRefused,
    Reconnected,
    ServerFault,
    ServerLost,
    SessionLost,
    VersionRefused,
)
from ambiome_client.connection import MAX_LOSSES, RETRY_S, Connection, State
from ambiome_client.credit import KEEPALIVE_S
from ambiome_client.options import terms_of
from ambiome_client.terms import Terms
from ambiome_protocol import build
from ambiome_protocol.audio import pack
from ambiome_protocol.codec import decode_client, encode
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.lists import Pace
from ambiome_protocol.messages import (
    ClientBye,
    ClientMessage,
    Credit,
    Error,
    Explain,
    Frame,
    Hello,
    Message,
    SceneReport,
    ServerBye,
    Warning,
    Welcome,
    WorldMessage,
)
from msgspec import UNSET

TOKEN = bytes(range(16))
RAIN = build.world(weather={"rain_mm_h": 4})


def welcome(next_step: int = 0, resumed: bool = False, pace: str = "live", last_seq: int = 0) -> bytes:
    return encode(
        Welcome(
            version="1.0", session="s", resume=TOKEN, next_step=next_step, seed=0, layout="stereo", format="f32le",
            pace=pace, channels=2, sample_rate_hz=48_000, step_samples=1920, max_outstanding_steps=25,
            sound_version=1, resumed=resumed, last_seq=last_seq,
        )
    )  # fmt: skip


def frame(step: int, applied_seq: int = 0) -> list[bytes]:
    header = Frame(step=step, applied_seq=applied_seq, layout="stereo", format="f32le")
    return [encode(header), pack(np.full((2, 1920), step / 1000, np.float32), "f32le")]


def sent(connection: Connection) -> list[ClientMessage]:
    """What goes out, and is gone from the outbox then."""
    messages = [decode_client(data) for data in connection.outbox]
    connection.outbox.clear()
    return messages


def opened(terms: Terms | None = None, now: float = 0.0) -> Connection:
    """A connection that has just been welcomed and has granted its first credit."""
    connection = Connection("tcp://server", terms or Terms(), now)
    connection.receive([welcome(pace=connection.terms.pace)], now)
    sent(connection)
    return connection


def take_steps(connection: Connection, count: int) -> list[float]:
    """The marks (step / 1000) of the frames that are here, at most `count`."""
    frames = [connection.take() for _ in range(count)]
    return [round(float(samples[0, 0]), 3) for samples in frames if samples is not None]


def test_opens_with_hello_then_credit() -> None:
    connection = Connection("tcp://server", Terms(seed=7, layout="mono"), 0.0)
    (hello,) = sent(connection)
    assert isinstance(hello, Hello)
    assert (hello.seed, hello.layout, hello.pace) == (7, "mono", "live")
    connection.receive([welcome()], 0.0)
    assert connection.state is State.OPEN
    assert sent(connection) == [Credit(until_step=3)]


def test_audio_may_lie_where_the_transport_has_put_it() -> None:
    connection = opened()
    header, audio = frame(1)
    connection.receive(frame(0), 0.0)
    connection.receive([header, memoryview(audio)], 0.0)
    assert take_steps(connection, 2) == [0.0, 0.001]


def test_live_credit_follows_reading() -> None:
    connection = opened()
    connection.receive(frame(0), 0.0)
    connection.receive(frame(1), 0.0)
    assert sent(connection) == []
    assert take_steps(connection, 1) == [0.0]
    assert sent(connection) == []
    assert take_steps(connection, 1) == [0.001]
    assert sent(connection) == [Credit(until_step=4, played_step=2)]


@pytest.mark.parametrize("buffer_steps", [2, 3, 25])
def test_live_holds_no_more_than_its_buffer(buffer_steps: int) -> None:
    connection = opened(Terms(buffer_steps=buffer_steps))
    assert connection.ledger.sent == buffer_steps
    for step in range(60):
        connection.receive(frame(step), 0.0)
        assert take_steps(connection, 1) == [step / 1000]
        assert connection.ledger.sent <= step + buffer_steps
        assert connection.ledger.sent > step + 1 or connection.ledger.sent == step + buffer_steps


def test_free_credit_stops_at_the_grant_and_at_the_buffer() -> None:
    connection = opened(Terms(pace="free"))
    connection.grant(2.0)
    assert sent(connection) == [Credit(until_step=50)]
    connection.grant(100.0)
    assert sent(connection) == [Credit(until_step=250)]
    for step in range(250):
        connection.receive(frame(step), 0.0)
    assert sent(connection) == []
    take_steps(connection, 62)
    assert sent(connection) == []
    take_steps(connection, 1)
    assert sent(connection) == [Credit(until_step=313, played_step=63)]


def test_a_grant_is_never_lowered_and_never_given_live() -> None:
    connection = opened(Terms(pace="free"))
    connection.grant(2.0)
    connection.grant(1.0)
    assert connection.last_granted_step() == 50
    with pytest.raises(ValueError, match="free"):
        opened().grant(1.0)


def test_credit_keeps_the_session_alive_also_while_paused() -> None:
    connection = opened()
    for step in range(3):
        connection.receive(frame(step), 0.0)
    connection.pause(True)
    times = [step / 10 for step in range(1, 101)]
    credits = []
    for now in times:
        connection.tick(now)
        credits += [(now, message) for message in sent(connection)]
    assert all(message == Credit(until_step=3, played_step=0) for _, message in credits)
    gaps = np.diff([0.0, *(now for now, _ in credits)])
    assert len(credits) == 10
    assert max(gaps) <= KEEPALIVE_S + 0.1


def test_frames_come_in_order_and_once() -> None:
    connection = opened(Terms(buffer_steps=25))
    for step in (0, 1, 1, 0, 2):
        connection.receive(frame(step), 0.0)
    assert connection.ledger.arrived == 3
    assert take_steps(connection, 5) == [0.0, 0.001, 0.002]


def test_a_gap_is_a_loss_and_resumes_at_the_missing_sample() -> None:
    connection = opened(Terms(buffer_steps=25))
    connection.receive(frame(0), 0.0)
    connection.receive(frame(2), 0.0)
    (hello,) = sent(connection)
    assert connection.generation == 1
    assert isinstance(hello, Hello)
    assert (hello.resume, hello.next_step) == (TOKEN, 1)


@pytest.mark.parametrize(
    "loss",
    [
        Error(code="unknown_session", detail="who?"),
        ServerBye(reason="shutdown"),
        Error(code="internal", detail="x"),
    ],
)
def test_resumes_at_the_exact_step_and_tells_what_was_not_heard(loss: Message) -> None:
    connection = opened()
    connection.tell(RAIN)
    connection.receive(frame(0, applied_seq=1), 0.0)
    thunder = connection.tell(build.event("lightning", distance_m=900))
    sent(connection)
    connection.receive([encode(loss)], 1.0)
    (hello,) = sent(connection)
    assert isinstance(hello, Hello)
    assert (hello.resume, hello.next_step) == (TOKEN, 1)
    connection.receive([welcome(1, resumed=True)], 1.0)
    told, credit = sent(connection)
    assert told.seq == thunder == 2
    assert credit == Credit(until_step=3, played_step=0)
    assert connection.notice() == Reconnected(resumed=True, step=1)
    connection.receive([encode(Warning(code="repeated", detail="", seq=2))], 1.0)
    assert connection.notice() is None
    connection.receive(frame(1, applied_seq=2), 1.0)
    assert take_steps(connection, 3) == [0.0, 0.001]


def test_what_the_server_has_heard_is_not_told_again() -> None:
    connection = opened()
    connection.tell(RAIN)
    connection.tell(RAIN)
    connection.receive([encode(ServerBye())], 1.0)
    connection.receive([welcome(0, resumed=True, last_seq=1)], 1.0)
    assert [message.seq for message in sent(connection) if isinstance(message, WorldMessage)] == [2]


def test_a_new_live_session_is_told_the_world_as_it_stands() -> None:
    connection = opened()
    connection.tell(build.world(weather={"rain_mm_h": 9, "wind_m_s": 3}, time={"hour": 6, "rate": 3600}))
    connection.tell(build.world(weather={"rain_mm_h": 2}, location={"feature_set": {"id": "a", "kind": "fire"}}))
    connection.tell(build.world(location={"feature_set": {"id": "b", "kind": "surf"}, "biome": "coast"}))
    connection.tell(build.world(location={"feature_remove": "a"}))
    connection.tell(build.mix(master_db=-6, voices={"birds": {"mute": True}}))
    connection.tell(build.mix(voices={"birds": {"gain_db": -3}}))
    connection.tell(build.world(weather={"rain_mm_h": 30}, at=5.0))
    for step in range(25):
        connection.receive(frame(step, applied_seq=6), 0.0)
    connection.tell(build.event("branch"))
    connection.receive([encode(ServerBye())], 0.0)
    connection.receive([encode(Error(code="bad_resume", detail="gone"))], 0.0)
    (hello,) = sent(connection)[-1:]
    assert isinstance(hello, Hello)
    assert hello.resume is not TOKEN
    connection.receive([welcome()], 0.0)
    *told, credit = sent(connection)
    assert isinstance(credit, Credit)
    world = build.world(
        weather={"rain_mm_h": 2, "wind_m_s": 3},
        location={"biome": "coast", "features": [{"id": "b", "kind": "surf"}]},
        time={"hour": 7, "rate": 3600},
        cut=True,
    )
    mix = build.mix(master_db=-6, voices={"birds": {"mute": True, "gain_db": -3}})
    later = build.world(weather={"rain_mm_h": 30}, at=4.0)
    changes = [world, mix, later, build.event("branch")]
    assert told == [build.restamp(change, seq) for seq, change in enumerate(changes, 9)]
    assert connection.notice() == Reconnected(resumed=False, step=0)
    assert take_steps(connection, 25) == [step / 1000 for step in range(25)]
    connection.receive(frame(0), 0.0)
    assert take_steps(connection, 2) == [0.0]


@pytest.mark.parametrize("pace", ["live", "free"])
def test_a_refused_change_is_not_told_again(pace: Pace) -> None:
    connection = opened(Terms(pace=pace))
    connection.tell(RAIN)
    bad = connection.tell(build.world(location={"biome": "lagoon_of_doom"}))
    connection.receive([encode(Error(code="unknown_name", detail="no such biome", seq=bad))], 0.0)
    connection.receive([encode(ServerBye())], 0.0)
    connection.receive([encode(Error(code="bad_resume", detail="gone"))], 0.0)
    sent(connection)
    connection.receive([welcome(pace=pace)], 0.0)
    told = [message.world for message in sent(connection) if isinstance(message, WorldMessage)]
    assert told == [RAIN.world]


def test_changes_of_which_no_frame_tells_are_told_as_they_were_to_a_new_session() -> None:
    connection = opened()
    for step in range(5):
        connection.receive(frame(step), 0.0)
    connection.tell(RAIN)
    connection.tell(build.world(weather={"rain_mm_h": 1}, at=1.0))
    connection.receive([encode(ServerBye())], 0.0)
    connection.receive([encode(Error(code="bad_resume", detail="gone"))], 0.0)
    sent(connection)
    connection.receive([welcome()], 0.0)
    told = [message for message in sent(connection) if isinstance(message, WorldMessage)]
    assert told == [build.restamp(RAIN, 3), build.restamp(build.world(weather={"rain_mm_h": 1}), 4, at=0.8)]


def test_a_new_free_session_is_replayed_to_the_same_sample() -> None:
    connection = opened(Terms(pace="free"))
    connection.tell(RAIN)
    connection.grant(2.0)
    connection.tell(build.world(weather={"rain_mm_h": 1}))
    connection.grant(40.0)
    connection.tell(build.event("branch"))
    for step in range(60):
        connection.receive(frame(step, applied_seq=2), 0.0)
    take_steps(connection, 60)
    connection.receive([encode(ServerBye())], 0.0)
    connection.receive([encode(Error(code="bad_resume", detail="gone"))], 0.0)
    sent(connection)
    connection.receive([welcome(pace="free")], 0.0)
    first, second, credit = sent(connection)
    assert [first.at, second.at] == [0.0, 2.0]
    assert [first.seq, second.seq, credit] == [1, 2, Credit(until_step=250, played_step=0)]
    for step in range(250):
        connection.receive(frame(step, applied_seq=2), 0.0)
    assert take_steps(connection, 250) == [step / 1000 for step in range(60, 250)]
    rest = [message for message in sent(connection) if not isinstance(message, Credit)]
    assert rest == []
    for step in range(250, 1000):
        connection.receive(frame(step, applied_seq=2), 0.0)
        take_steps(connection, 1)
    assert [message.seq for message in sent(connection) if not isinstance(message, Credit)] == [3]
    assert connection.notice() == Reconnected(resumed=False, step=60)


def test_free_changes_carry_the_granted_time() -> None:
    connection = opened(Terms(pace="free"))
    connection.tell(RAIN)
    connection.grant(1.0)
    connection.tell(RAIN)
    connection.tell(build.world(weather={"rain_mm_h": 1}, at=3.0))
    connection.tell(build.world(weather={"rain_mm_h": 1}, at=0.5))
    told = [message.at for message in sent(connection) if isinstance(message, WorldMessage)]
    assert told == [0.0, 1.0, 3.0, 1.0]
    late = connection.notice()
    assert isinstance(late, Warning)
    assert (late.code, late.at, late.applied_at, late.seq) == ("late", 0.5, 1.0, 4)


def test_what_is_told_before_the_welcome_is_sent_after_it() -> None:
    connection = Connection("tcp://server", Terms(), 0.0)
    connection.tell(RAIN)
    seq = connection.explain()
    assert len(sent(connection)) == 1
    connection.receive([welcome()], 0.0)
    assert sent(connection) == [build.restamp(RAIN, 1), Explain(seq=seq), Credit(until_step=3)]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("version", VersionRefused),
        ("busy", HelloRefused),
        ("unknown_name", HelloRefused),
        ("out_of_range", HelloRefused),
    ],
)
def test_a_refused_hello_is_its_own_exception(code: str, kind: type[AmbiomeError]) -> None:
    connection = Connection("tcp://server", Terms(), 0.0)
    error = Error(code=code, detail="no, because", field="layout", value="'7.1'", allowed="mono, stereo", retry_s=10.0)
    connection.receive([encode(error)], 0.0)
    with pytest.raises(kind, match="no, because") as raised:
        connection.greeted()
    assert type(raised.value) is kind
    assert raised.value.field == "layout"
    assert raised.value.allowed == "mono, stereo"
    assert raised.value.retry_s == 10.0
    assert isinstance(raised.value, ProtocolError)


def test_a_server_that_never_answers_is_lost() -> None:
    connection = Connection("tcp://server", Terms(timeout_s=3.0), 100.0)
    connection.tick(102.9)
    assert connection.greeted() is None
    connection.tick(103.0)
    with pytest.raises(ServerLost, match="tcp://server does not answer within 3 s"):
        connection.greeted()


def test_a_server_that_owes_frames_and_says_nothing_is_lost() -> None:
    connection = opened(Terms(timeout_s=3.0))
    connection.tick(2.9)
    assert connection.take() is None
    connection.tick(3.0)
    with pytest.raises(ServerLost, match="has not answered for 3 s"):
        connection.take()
    with pytest.raises(ServerLost):
        connection.tell(RAIN)


def test_a_server_that_owes_nothing_may_be_silent() -> None:
    connection = opened(Terms(timeout_s=3.0))
    for step in range(3):
        connection.receive(frame(step), 0.0)
    for now in range(1, 1000):
        connection.tick(now)
    take_steps(connection, 3)
    connection.tick(1001.0)
    assert connection.state is State.OPEN


def test_a_server_that_does_not_come_back_is_lost_and_what_came_can_still_be_read() -> None:
    connection = opened(Terms(timeout_s=5.0))
    connection.receive(frame(0), 1.0)
    connection.receive([encode(ServerBye(reason="shutdown"))], 1.0)
    hellos = 0
    for tenth in range(10, 65):
        connection.tick(tenth / 10)
        hellos += sum(isinstance(message, Hello) for message in sent(connection))
    assert hellos == pytest.approx(5.0 / RETRY_S, abs=1)
    assert take_steps(connection, 1) == [0.0]
    with pytest.raises(ServerLost, match="is gone and did not come back within 5 s"):
        connection.take()


@pytest.mark.parametrize("loss", [Error(code="unknown_session", detail="who?"), ServerBye(reason="shutdown")])
def test_without_reconnect_a_lost_session_is_an_exception(loss: Message) -> None:
    connection = opened(Terms(reconnect=False))
    connection.receive([encode(loss)], 1.0)
    with pytest.raises(SessionLost, match=r"who\?|shutdown"):
        connection.take()


def test_a_session_that_is_lost_again_and_again_is_given_up() -> None:
    connection = opened()
    for _ in range(MAX_LOSSES + 1):
        connection.receive([encode(ServerBye(reason="detached"))], 1.0)
        connection.receive([welcome(0, resumed=True)], 1.0)
    with pytest.raises(SessionLost):
        connection.take()


@pytest.mark.parametrize("code", ["busy", "internal"])
def test_a_server_that_has_no_room_yet_is_asked_again_until_it_has_or_time_is_up(code: str) -> None:
    for comes_back in (True, False):
        connection = opened(Terms(timeout_s=5.0))
        connection.receive([encode(ServerBye(reason="shutdown"))], 1.0)
        connection.receive([encode(Error(code="bad_resume", detail="gone"))], 1.0)
        for tenth in range(10, 50):
            connection.tick(tenth / 10)
            hellos = [message for message in sent(connection) if isinstance(message, Hello)]
            assert all(hello.resume is UNSET for hello in hellos)
            if hellos:
                connection.receive([encode(Error(code=code, detail="no room"))], tenth / 10)
        if comes_back:
            connection.receive([welcome()], 5.9)
            assert connection.state is State.OPEN
        else:
            connection.tick(6.0)
            with pytest.raises(ServerLost, match="did not come back within 5 s"):
                connection.take()


def test_a_hello_that_resumes_nothing_and_is_refused_as_if_it_did_is_not_repeated_for_ever() -> None:
    connection = opened()
    connection.receive([encode(ServerBye(reason="shutdown"))], 1.0)
    for _ in range(2):
        connection.receive([encode(Error(code="bad_resume", detail="gone"))], 1.0)
    with pytest.raises(HelloRefused, match="gone"):
        connection.take()


def test_a_refused_message_is_raised_once_by_reading_and_nothing_is_lost() -> None:
    connection = opened()
    connection.receive(
        [encode(Error(code="unknown_name", detail="no biome", field="world.location.biome", seq=1))], 0.0
    )
    connection.receive(frame(0), 0.0)
    assert connection.tell(RAIN) == 1
    with pytest.raises(BadMessage, match="no biome") as raised:
        connection.take()
    assert (raised.value.field, raised.value.seq) == ("world.location.biome", 1)
    assert take_steps(connection, 1) == [0.0]


def test_answers_to_explain_find_their_question() -> None:
    connection = opened()
    first, second = connection.explain(), connection.explain()
    connection.receive([encode(SceneReport(step=3, seq=second))], 0.0)
    connection.receive([encode(SceneReport(step=4))], 0.0)
    assert connection.answer(first) is None
    assert connection.answer(second) == SceneReport(step=3, seq=second)
    assert connection.telemetry == connection.notice() == SceneReport(step=4)
    assert connection.notice() is None


@pytest.mark.parametrize(
    "parts",
    [[b"\xc1"], [encode(RAIN)], frame(0)[:1], [frame(0)[0], b"123"], [frame(0)[0], bytes(16)], [*frame(0), b""]],
)
def test_a_server_that_breaks_the_protocol_is_a_fault(parts: list[bytes]) -> None:
    connection = opened()
    connection.receive(parts, 0.0)
    with pytest.raises(ServerFault, match="tcp://server broke the protocol"):
        connection.take()


def test_underruns_are_counted_once_playing_began_and_reported() -> None:
    connection = opened()
    connection.take_or_miss()
    connection.receive(frame(0), 0.0)
    connection.take_or_miss()
    connection.take_or_miss()
    connection.pause(True)
    connection.take_or_miss()
    connection.pause(False)
    connection.tick(5.0)
    assert sent(connection)[-1] == Credit(until_step=3, played_step=1, underruns=1)


def test_reading_while_paused_says_so_instead_of_waiting_for_ever() -> None:
    connection = opened()
    connection.receive(frame(0), 0.0)
    connection.pause(True)
    assert connection.take_next() is not None
    with pytest.raises(RuntimeError, match="resume"):
        connection.take_next()


def test_close_says_bye_and_ends_everything() -> None:
    connection = opened()
    connection.receive(frame(0), 0.0)
    connection.close()
    assert sent(connection) == [ClientBye()]
    assert connection.step == 0  # what had come was not taken
    for use in (connection.take, lambda: connection.tell(RAIN), connection.explain):
        with pytest.raises(Closed):
            use()


def test_close_says_bye_to_a_server_that_has_not_answered() -> None:
    connection = Connection("tcp://server", Terms(), 0.0)
    connection.close()
    assert [type(message) for message in sent(connection)] == [Hello, ClientBye]
    connection = opened()
    connection.receive([encode(ServerBye(reason="detached"))], 1.0)
    connection.close()
    (again, bye) = sent(connection)
    assert isinstance(again, Hello)
    assert (again.resume, bye) == (TOKEN, ClientBye())


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"buffer_steps": 1}, "buffer_steps is 1; live it can be 2 … 25"),
        ({"buffer_steps": 26}, "2 … 25"),
        ({"buffer_steps": 251, "pace": "free"}, "1 … 250"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"pace": "lively"}, "live or free"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], text: str) -> None:
    make: Callable[..., Terms] = terms_of
    with pytest.raises(ValueError, match=text):
        make(options)
