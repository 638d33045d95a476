"""A member of a zone as its client sees it: where it begins, how it skips, who may tell, and when it is over."""

import pytest
from ambiome_client import BadMessage, HelloRefused, SessionLost
from ambiome_client.connection import Connection, State
from ambiome_client.terms import Reconnected, Terms
from ambiome_protocol.codec import encode
from ambiome_protocol.messages import UNSET, Credit, Error, Hello, ServerBye, Warning, Welcome, WorldMessage
from test_client_connection import RAIN, TOKEN, frame, sent, take_steps

KEY = b"k" * 16
TAVERN = Terms(zone="tavern")


def welcome(next_step: int, zone_key: bytes | None = None, resumed: bool = False) -> list[bytes]:
    made = Welcome(
        version="1.0", session="s", resume=TOKEN, next_step=next_step, seed=0, layout="stereo", format="f32le",
        pace="live", channels=2, sample_rate_hz=48_000, step_samples=1920, max_outstanding_steps=25, sound_version=1,
        resumed=resumed, zone_key=UNSET if zone_key is None else zone_key,
    )  # fmt: skip
    return [encode(made)]


def joined(next_step: int = 195, zone_key: bytes | None = None, terms: Terms = TAVERN) -> Connection:
    connection = Connection("tcp://server", terms, 0.0)
    connection.receive(welcome(next_step, zone_key), 0.0)
    return connection


def skipped(from_step: int, next_step: int) -> list[bytes]:
    return [encode(Warning(code="skipped", detail="...", from_step=from_step, next_step=next_step))]


def test_a_member_says_which_zone_and_begins_where_the_zone_is() -> None:
    connection = joined(terms=Terms(zone="tavern", zone_key=KEY))
    hello, credit = sent(connection)
    assert isinstance(hello, Hello)
    assert (hello.zone, hello.zone_key) == ("tavern", KEY)
    assert credit == Credit(until_step=198, played_step=195)
    connection.receive(frame(195), 0.0)
    assert (connection.state, connection.step) == (State.OPEN, 195)
    assert take_steps(connection, 2) == [0.195]


def test_outside_of_zones_a_session_begins_at_0() -> None:
    connection = joined(terms=Terms())
    assert isinstance(connection.failure, SessionLost)


def test_the_key_is_known_to_owners() -> None:
    assert joined(zone_key=KEY).zone_key() == KEY
    assert joined().zone_key() is None
    assert Connection("tcp://server", TAVERN, 0.0).zone_key() is None


def test_who_skips_goes_on_at_the_step_that_is_named_and_the_program_hears_of_it() -> None:
    connection = joined(0)
    connection.receive(frame(0), 0.0)
    sent(connection)
    connection.receive(skipped(1, 95), 0.0)
    assert sent(connection) == [Credit(until_step=97, played_step=94)]
    connection.receive(frame(95), 0.0)
    assert take_steps(connection, 3) == [0.0, 0.095], "what it has is played first"
    notice = connection.notice()
    assert isinstance(notice, Warning)
    assert (notice.code, notice.next_step) == ("skipped", 95)
    assert connection.state is State.OPEN


def test_who_comes_back_late_goes_on_where_the_zone_has_got_to() -> None:
    connection = joined(0)
    connection.receive(frame(0), 0.0)
    connection.reconnect("the connection was lost")
    [hello] = sent(connection)
    assert isinstance(hello, Hello)
    assert (hello.resume, hello.next_step) == (TOKEN, 1)
    connection.receive(welcome(95, resumed=True), 0.1)
    connection.receive(skipped(1, 95), 0.1)
    connection.receive(frame(95), 0.1)
    assert take_steps(connection, 3) == [0.0, 0.095]
    assert connection.notice() == Reconnected(True, 95)


def test_an_owner_whose_session_is_lost_comes_back_with_the_key_and_tells_the_world_again() -> None:
    connection = joined(0, KEY)
    connection.tell(RAIN)
    connection.receive(frame(0, applied_seq=1), 0.0)
    connection.reconnect("the connection was lost")
    sent(connection)
    connection.receive([encode(Error(code="bad_resume", detail="gone", field="resume"))], 0.1)
    [hello] = sent(connection)
    assert isinstance(hello, Hello)
    assert (hello.resume, hello.zone, hello.zone_key) == (UNSET, "tavern", KEY)
    connection.receive(welcome(40, KEY), 0.2)
    told, credit = sent(connection)
    assert isinstance(told, WorldMessage)
    assert told.world == RAIN.world
    assert credit == Credit(until_step=42, played_step=39)


def test_the_end_of_a_zone_is_the_end_of_its_members() -> None:
    connection = joined()
    sent(connection)
    connection.receive([encode(ServerBye(reason="zone_ended"))], 0.0)
    with pytest.raises(SessionLost, match="'tavern'"):
        connection.take()
    assert sent(connection) == [], "to say hello again would open a zone of its own"


def test_what_is_not_its_to_tell_is_a_bad_message_and_it_goes_on_listening() -> None:
    connection = joined()
    connection.tell(RAIN)
    connection.receive([encode(Error(code="not_owner", detail="...", field="type", seq=1))], 0.0)
    with pytest.raises(BadMessage) as caught:
        connection.take()
    assert caught.value.code == "not_owner"
    connection.receive(frame(195), 0.0)
    assert take_steps(connection, 1) == [0.195]


@pytest.mark.parametrize("code", ["zone_mismatch", "bad_zone_key", "busy"])
def test_a_zone_that_refuses_says_why(code: str) -> None:
    connection = Connection("tcp://server", TAVERN, 0.0)
    connection.receive([encode(Error(code=code, detail="...", field="zone"))], 0.0)
    assert isinstance(connection.failure, HelloRefused)
    assert connection.failure.code == code
