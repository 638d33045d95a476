"""Zones as the front decides about them: many listeners of one place share one rendered stream."""

import numpy as np
import pytest
from ambiome_middleware.front import Command
from ambiome_middleware.gate import Guest
from ambiome_middleware.wire import (
    Ask,
    Close,
    Ended,
    Grant,
    Open,
    Restore,
    Resume,
    Resumed,
    Say,
    Tell,
    pack_orders,
    unpack_orders,
)
from ambiome_middleware.zone import JOIN_BEHIND_STEPS
from ambiome_protocol.audio import pack, unpack
from ambiome_protocol.codec import decode_client, encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import KEEP_ZONE_S, MAX_COUNT, ZONE_RING_STEPS
from ambiome_protocol.messages import (
    UNSET,
    ClientBye,
    Error,
    Event,
    EventMessage,
    Explain,
    Frame,
    Hello,
    Listener,
    Mix,
    MixMessage,
    SceneReport,
    ServerBye,
    Warning,
    Weather,
    Welcome,
    World,
    WorldMessage,
)
from hypothesis import given
from hypothesis import strategies as st
from zone_members import STEP_S, ZONE, Tavern

RAIN = WorldMessage(seq=1, world=World(weather=Weather(rain_mm_h=8)))
GUST = EventMessage(seq=2, event=Event(kind="gust"))
QUIET = MixMessage(seq=3, mix=Mix(master_db=-6))


def look(heading_deg: float, seq: int = 1) -> WorldMessage:
    return WorldMessage(seq=seq, world=World(listener=Listener(heading_deg=heading_deg)))


# Opening and joining.


def test_the_first_opens_the_zone_and_others_share_its_one_session():
    tavern = Tavern()
    opener = tavern.join(b"a", seed=9, telemetry_hz=2)
    joiner = tavern.join(b"b", seed=5)
    assert tavern.taken_orders() == [
        Open(ZONE, 9, "stereo", "f32le", "live", 2.0, token=opener.zone_key, zone="tavern")
    ]
    assert (opener.seed, opener.next_step, opener.session, len(opener.zone_key)) == (9, 0, "s2", 16)
    assert (joiner.seed, joiner.next_step, joiner.session, joiner.zone_key) == (9, 0, "s3", UNSET)
    assert joiner.resume != opener.resume
    assert tavern.front.counts() == (2, 0)
    assert tavern.front.zones.counts() == {ZONE: ("tavern", 2)}


def test_the_holder_of_the_key_is_an_owner_and_a_wrong_key_an_error():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    assert tavern.join(b"b", zone_key=key).zone_key == key
    error = tavern.join(b"c", zone_key=b"?" * 16)
    assert (error.code, error.field) == ("bad_zone_key", "zone_key")
    assert tavern.say(b"b", RAIN) == []
    assert tavern.front.zones.counts() == {ZONE: ("tavern", 2)}


@pytest.mark.parametrize(("field", "value"), [("layout", "mono"), ("format", "s16le"), ("renderer", "neural")])
def test_what_is_not_as_the_zone_has_it_is_refused_and_named(field, value):
    tavern = Tavern(weights="0123456789abcdef")
    tavern.join(b"a")
    error = tavern.join(b"b", **{field: value})
    assert (error.code, error.field, error.value) == ("zone_mismatch", field, repr(value))
    assert "which the zone 'tavern' has" in error.allowed
    assert isinstance(tavern.join(b"b"), Welcome)


def test_a_zone_is_live():
    error = Tavern().join(b"a", pace="free")
    assert (error.code, error.field) == ("contradiction", "pace")


def test_who_has_a_session_joins_no_zone():
    tavern = Tavern()
    tavern.join(b"a")
    assert tavern.join(b"a").code == "already_open"
    assert tavern.join(b"a", "cellar").code == "already_open"
    assert tavern.front.zones.counts() == {ZONE: ("tavern", 1)}


def test_zones_and_members_are_limited(monkeypatch):
    monkeypatch.setattr("ambiome_middleware.zones.MAX_ZONES", 1)
    monkeypatch.setattr("ambiome_middleware.zones.MAX_ZONE_MEMBERS", 2)
    tavern = Tavern()
    assert isinstance(tavern.join(b"a"), Welcome)
    assert isinstance(tavern.join(b"b"), Welcome)
    refused = [tavern.join(b"c"), tavern.join(b"d"), tavern.join(b"c", "cellar")]
    assert [each.code for each in refused] == ["busy"] * 3
    assert len({each.retry_s for each in refused}) == 3, "or all would be there again at once"


def test_a_zone_is_one_session_of_load_and_each_member_one_of_a_guests():
    tavern = Tavern()
    studio = Guest("studio", sessions=2)
    hello = Hello(version="1.0", zone="tavern")
    for peer in (b"a", b"b"):
        [welcome] = tavern.say(peer, hello, studio)
        assert isinstance(welcome, Welcome)
    [refused] = tavern.say(b"c", hello, studio)
    assert (refused.code, refused.allowed.partition(";")[0]) == ("busy", "2 sessions of this key")
    assert tavern.taken_orders()[0].guest == "studio"
    assert tavern.front.admission.load == {0: 1}
    tavern.say(b"a", ClientBye())
    tavern.say(b"b", ClientBye())
    tavern.tick(KEEP_ZONE_S)
    assert tavern.front.admission.load == {0: 0}


# The clock, the ring and credit.


def test_the_furthest_ahead_is_the_clock_and_only_what_it_adds_is_passed_on():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.taken_orders()
    tavern.grant(b"a", 3)
    tavern.grant(b"b", 2)
    tavern.grant(b"a", 3)
    assert tavern.taken_orders() == [Grant(ZONE, 3, 0, 0)]
    tavern.render(3)
    assert (tavern.steps(b"a"), tavern.steps(b"b")) == ([0, 1, 2], [0, 1])
    tavern.grant(b"b", 4, played_step=2)
    assert (tavern.steps(b"b"), tavern.taken_orders()) == ([2], [Grant(ZONE, 4, 2, 0)])


def test_all_are_sent_the_very_same_sound():
    tavern = Tavern()
    for peer in (b"a", b"b", b"c"):
        tavern.join(peer)
        tavern.grant(peer, 1)
    tavern.render(1)
    assert len({id(tavern.sounds[peer][0]) for peer in (b"a", b"b", b"c")}) == 1


def test_a_joiner_begins_a_little_behind_has_sound_at_once_and_is_faded_in():
    tavern = Tavern()
    tavern.join(b"a")
    loud = pack(np.full((2, 1_920), 0.5, np.float32), "f32le")
    tavern.play(b"a", 100, audio=loud)
    tavern.taken_orders()
    assert tavern.join(b"b").next_step == 100 - JOIN_BEHIND_STEPS
    tavern.grant(b"b", 97)
    assert tavern.steps(b"b") == [95, 96]
    assert tavern.taken_orders() == [], "it does not drive the zone"
    first, second = tavern.sounds[b"b"]
    heard = unpack(first, "f32le", 2)
    assert heard[0, 0] == pytest.approx(0.0, abs=1e-5)
    assert np.all(np.diff(heard[:, :960]) > 0)
    assert np.all(heard[:, 960:] == 0.5)
    assert second == loud


def test_who_grants_too_much_is_told_and_nothing_comes_of_it():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.play(b"a", 10)
    tavern.taken_orders()
    [error] = tavern.grant(b"a", 10 + 26)
    assert (error.code, error.allowed) == ("credit", "at most 35, 25 steps beyond the frames sent")
    assert tavern.taken_orders() == []
    assert tavern.grant(b"a", 10 + 25) == []
    tavern.tick(tavern.now_s + STEP_S)
    assert tavern.taken_orders()[-1] == Grant(ZONE, 35, 9, 0)
    tavern.join(b"b")
    assert tavern.grant(b"b", 5 + 26)[0].code == "credit", "a joiner has been sent nothing yet"


def test_what_a_member_says_it_has_played_counts_no_further_than_it_was_sent():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.taken_orders()
    tavern.grant(b"a", 2, played_step=MAX_COUNT)
    assert tavern.taken_orders() == [Grant(ZONE, 2, 0, 0)]


def test_underruns_count_for_the_worker_where_it_was_waited_for():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.play(b"a", 20)
    tavern.join(b"b")
    tavern.taken_orders()
    tavern.grant(b"b", 16, underruns=7)
    tavern.grant(b"a", 21, underruns=2)
    assert tavern.taken_orders() == [Grant(ZONE, 21, 19, 2)]
    assert tavern.front.underruns == 9


def test_however_many_underruns_members_say_they_had_the_worker_can_be_told():
    tavern = Tavern()
    tavern.join(b"a")
    zone = tavern.front.zones.of(ZONE)
    for number in range(1_000, 4_000):
        zone.join(number, Hello(version="1.0", zone="tavern"), False, 0.0)
        zone.obey(Grant(number, 0, 0, MAX_COUNT), 0.0)
    tavern.grant(b"a", 1)
    assert unpack_orders(pack_orders(tavern.taken_orders()))[-1] == Grant(ZONE, 1, 0, MAX_COUNT)


def test_who_falls_out_of_the_ring_skips_is_told_and_is_faded_in():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.grant(b"b", 3)
    tavern.play(b"a", 3 + ZONE_RING_STEPS)
    assert tavern.steps(b"b") == [0, 1, 2]
    tavern.grant(b"b", 4)
    assert tavern.steps(b"b") == [3], "still held"
    tavern.play(b"a", 2, audio=pack(np.full((2, 1_920), 0.5, np.float32), "f32le"))
    [warning] = tavern.grant(b"b", 5)
    assert warning == Warning(
        code="skipped", detail="step 4 is held no more; it goes on at step 50", from_step=4, next_step=50
    )
    assert tavern.steps(b"b") == []
    assert tavern.grant(b"b", 54) == []
    assert tavern.steps(b"b") == [50, 51, 52, 53]
    assert unpack(tavern.sounds[b"b"][-1], "f32le", 2)[0, 0] == 0.5
    tavern.steps(b"a")
    tavern.play(b"a", 1)
    assert tavern.steps(b"a") == [55], "nobody else is touched"


def test_who_is_paused_is_not_warned_before_it_goes_on():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.play(b"a", 100)
    assert tavern.grant(b"b", 0) == []
    assert tavern.grant(b"b", 1)[0].code == "skipped"


# Telling.


@pytest.mark.parametrize("change", [RAIN, GUST, QUIET], ids=["world", "event", "mix"])
def test_only_owners_tell(change):
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.taken_orders()
    [error] = tavern.say(b"b", change)
    assert (error.code, error.field, error.seq) == ("not_owner", "type", change.seq)
    assert tavern.taken_orders() == []
    assert tavern.say(b"a", change) == []
    [tell] = tavern.taken_orders()
    assert (tell.session, decode_client(tell.data).seq) == (ZONE, tell.seq)


def test_changes_of_several_owners_are_numbered_anew_and_named_to_each_by_its_own_number():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    tavern.join(b"b", zone_key=key)
    tavern.join(b"c")
    tavern.taken_orders()
    tavern.say(b"a", RAIN)
    tavern.say(b"b", RAIN)
    tavern.say(b"a", GUST)
    assert [order.seq for order in tavern.taken_orders()] == [1, 2, 3]
    for peer in (b"a", b"b", b"c"):
        tavern.grant(peer, 2)
    tavern.render(1, applied_seq=2)
    tavern.render(1, applied_seq=3)
    applied = {
        peer: [message.applied_seq for message in tavern.told[peer] if isinstance(message, Frame)]
        for peer in (b"a", b"b", b"c")
    }
    assert applied == {b"a": [1, 2], b"b": [1, 1], b"c": [0, 0]}
    assert tavern.say(b"a", GUST)[0].code == "repeated"


def test_what_comes_of_a_change_is_told_to_who_told_it():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    tavern.join(b"b", zone_key=key)
    tavern.say(b"a", RAIN)
    tavern.say(b"b", WorldMessage(seq=41, world=World(weather=Weather(fog=1))))
    late = Warning(code="late", detail="...", seq=2)
    assert tavern.take(tavern.front.report(Say(ZONE, encode(late)), 0), b"b") == [
        Warning(code="late", detail="...", seq=41)
    ]
    assert not any(isinstance(message, Warning) for message in tavern.told[b"a"])
    refusal = error_message(ProtocolError("at_limit", "too many", seq=1))
    [error] = tavern.take(tavern.front.report(Say(ZONE, encode(refusal)), 0), b"a")
    assert (error.code, error.seq) == ("at_limit", 1)
    tavern.taken_orders()
    assert tavern.say(b"a", RAIN) == [], "what was refused may be told again under its number"
    assert [type(order) for order in tavern.taken_orders()] == [Tell]


def test_all_may_ask_and_the_answer_goes_to_who_asked():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.taken_orders()
    tavern.say(b"b", Explain(seq=77))
    assert tavern.taken_orders() == [Ask(ZONE, 1)]
    report = encode(SceneReport(step=4, seq=1, values={"rain_level": 0.5}))
    assert tavern.take(tavern.front.report(Say(ZONE, report), 0), b"b") == [
        SceneReport(step=4, seq=77, values={"rain_level": 0.5})
    ]
    assert tavern.told[b"a"] == [tavern.welcomes[b"a"]]


def test_a_change_of_quality_is_told_to_all_and_named_in_every_header():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.say(b"a", RAIN)
    quality = Warning(code="quality", detail="...", applied_at=0.04)
    tavern.take(tavern.front.report(Say(ZONE, encode(quality)), 0))
    for peer in (b"a", b"b"):
        tavern.grant(peer, 1)
    frame = Frame(step=0, applied_seq=1, layout="stereo", format="f32le", cut=3, quality=2)
    tavern.take(tavern.front.heard(ZONE, encode(frame), b"\0" * 15_360))
    for peer, applied_seq in ((b"a", 1), (b"b", 0)):
        warning, header = tavern.told[peer][-2:]
        assert warning == quality
        assert header == Frame(step=0, applied_seq=applied_seq, layout="stereo", format="f32le", cut=3, quality=2)


def test_telemetry_comes_at_the_openers_rate_to_all_who_asked_for_any():
    tavern = Tavern()
    tavern.join(b"a", telemetry_hz=5)
    tavern.join(b"b", telemetry_hz=1)
    tavern.join(b"c")
    assert tavern.taken_orders()[0].telemetry_hz == 5
    tavern.take(tavern.front.report(Say(ZONE, encode(SceneReport(step=4))), 0))
    reports = [sum(isinstance(each, SceneReport) for each in tavern.told[peer]) for peer in (b"a", b"b", b"c")]
    assert reports == [1, 1, 0]


# Headings.


def source(azimuth_deg: float, format: str = "f32le") -> bytes:
    """A frame of first-order ambisonics with a source at an azimuth, clockwise from where the zone looks: north."""
    angle = np.deg2rad(azimuth_deg)
    gains = np.array([1.0, -np.sin(angle), 0.0, np.cos(angle)], np.float32)
    return pack(0.5 * np.repeat(gains[:, None], 1_920, axis=1), format)


@pytest.mark.parametrize("format", ["f32le", "s16le"])
def test_in_ambisonics_each_member_looks_where_it_wants_and_the_zone_north(format):
    tavern = Tavern("ambisonics", format)
    for peer in (b"a", b"b", b"c"):
        tavern.join(peer)
        tavern.grant(peer, 3)
    tavern.taken_orders()
    assert tavern.say(b"a", look(350)) == []
    assert tavern.say(b"b", look(90)) == []
    assert tavern.taken_orders() == [], "the zone itself does not turn"
    east = source(90, format)
    tavern.render(3, audio=east)
    heard = {peer: [unpack(each, format, 4) for each in tavern.sounds[peer]] for peer in (b"a", b"b", b"c")}
    for peer, azimuth_deg in ((b"a", 100), (b"b", 0), (b"c", 90)):
        wanted = unpack(source(azimuth_deg, format), format, 4)
        for frame in heard[peer][1:]:
            np.testing.assert_allclose(frame, wanted, atol=1e-4)
    turning = heard[b"a"][0]
    np.testing.assert_allclose(turning[:, :1], unpack(east, format, 4)[:, :1], atol=1e-3)
    np.testing.assert_allclose(turning[:, -1:], unpack(source(100, format), format, 4)[:, -1:], atol=1e-4)
    assert np.ptp(turning[1]) < 0.02, "the shorter arc: by 10°, not by 350"
    assert tavern.sounds[b"c"][0] is east
    applied = [message.applied_seq for message in tavern.told[b"b"] if isinstance(message, Frame)]
    assert applied == [1, 1, 1]


def test_in_ambisonics_a_member_tells_nothing_but_its_heading():
    tavern = Tavern("ambisonics")
    tavern.join(b"a")
    tavern.join(b"b")
    rest = WorldMessage(seq=1, world=World(weather=Weather(fog=1), listener=Listener(heading_deg=90)))
    assert tavern.say(b"b", rest)[0].code == "not_owner"
    tavern.taken_orders()
    tavern.say(b"a", rest)
    [order] = tavern.taken_orders()
    assert decode_client(order.data).world == World(weather=Weather(fog=1))


def test_a_change_that_is_refused_turns_nobody():
    tavern = Tavern("ambisonics", is_written=True)
    tavern.join(b"a")
    tavern.grant(b"a", 2)
    tavern.front.zones.of(ZONE).rest()
    rest = WorldMessage(seq=1, world=World(weather=Weather(fog=1), listener=Listener(heading_deg=90)))
    assert tavern.say(b"a", rest)[0].code == "at_limit"
    east = source(90)
    tavern.render(1, audio=east)
    assert tavern.sounds[b"a"] == [east]


def test_elsewhere_a_heading_is_refused_to_members_and_left_out_for_owners():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.taken_orders()
    assert tavern.say(b"b", look(90))[0].code == "not_owner"
    [warning] = tavern.say(b"a", look(90))
    assert (warning.code, warning.seq) == ("heading_ignored", 1)
    assert tavern.taken_orders() == []


# How long a zone lives.


def keep(tavern: Tavern, *peers: bytes, until_s: float) -> None:
    """These members are there until then; the others are silent."""
    while tavern.now_s < until_s:
        for peer in peers:
            tavern.grant(peer, 0)
        tavern.tick(min(until_s, tavern.now_s + 1.0))


def test_a_zone_outlives_its_last_owner_by_so_long_and_then_tells_its_members():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.say(b"a", ClientBye())
    keep(tavern, b"b", until_s=KEEP_ZONE_S - 1.0)
    assert tavern.front.zones.counts() == {ZONE: ("tavern", 1)}
    tavern.grant(b"b", 1)
    tavern.render(1)
    assert tavern.steps(b"b") == [0], "it goes on meanwhile"
    tavern.taken_orders()
    keep(tavern, b"b", until_s=KEEP_ZONE_S)
    assert tavern.told[b"b"][-1] == ServerBye(reason="zone_ended")
    assert tavern.taken_orders() == [Close(ZONE)]
    assert tavern.front.counts() == (0, 0)
    assert tavern.grant(b"b", 5)[0].code == "unknown_session"
    resume = Hello(version="1.0", resume=tavern.welcomes[b"b"].resume, next_step=1)
    assert tavern.say(b"b", resume)[0].code == "bad_resume"


def test_an_owner_who_falls_silent_is_gone_too_and_one_who_comes_back_keeps_the_zone():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    tavern.join(b"b")
    keep(tavern, b"b", until_s=10.0)
    assert tavern.told[b"a"][-1] == ServerBye(reason="detached")
    keep(tavern, b"b", until_s=35.0)
    resume = Hello(version="1.0", resume=tavern.welcomes[b"a"].resume, next_step=0)
    [welcome] = tavern.say(b"c", resume)
    assert (welcome.resumed, welcome.zone_key) == (True, key)
    keep(tavern, b"b", b"c", until_s=80.0)
    assert tavern.front.zones.counts() == {ZONE: ("tavern", 2)}
    tavern.say(b"c", ClientBye())
    keep(tavern, b"b", until_s=100.0)
    assert tavern.join(b"d", zone_key=key).zone_key == key
    keep(tavern, b"b", b"d", until_s=140.0)
    assert tavern.front.zones.counts() == {ZONE: ("tavern", 2)}


def test_a_zone_with_nobody_in_it_ends_too_and_its_name_may_be_taken_again():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    tavern.say(b"a", ClientBye())
    tavern.tick(KEEP_ZONE_S)
    assert tavern.front.zones.counts() == {}
    assert tavern.join(b"b").zone_key not in (UNSET, key)
    assert tavern.join(b"c", zone_key=key).code == "bad_zone_key"


def test_who_opens_a_zone_may_bring_its_key():
    tavern = Tavern()
    assert tavern.join(b"a", zone_key=b"k" * 16).zone_key == b"k" * 16
    assert tavern.join(b"b", zone_key=b"k" * 16).zone_key == b"k" * 16


# Coming back.


def test_a_member_resumes_at_its_step_where_the_ring_has_it():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.grant(b"b", 10)
    tavern.play(b"a", 30)
    tavern.take(tavern.front.unreachable(b"b", 0.0))
    tavern.play(b"a", 5)
    assert tavern.steps(b"b") == list(range(10))
    tavern.taken_orders()
    resume = Hello(version="1.0", resume=tavern.welcomes[b"b"].resume, next_step=8)
    [welcome] = tavern.say(b"c", resume)
    assert (welcome.resumed, welcome.next_step) == (True, 8)
    assert tavern.steps(b"c") == [8, 9], "the credit from before still counts"
    assert tavern.taken_orders() == []
    tavern.grant(b"c", 12)
    assert tavern.steps(b"c") == [10, 11]


def test_a_member_that_was_away_for_long_skips_and_is_told_after_its_welcome():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.play(b"a", 10)
    tavern.take(tavern.front.unreachable(b"b", 0.0))
    tavern.play(b"a", 90)
    resume = Hello(version="1.0", resume=tavern.welcomes[b"b"].resume, next_step=0)
    welcome, warning = tavern.say(b"c", resume)
    assert (welcome.resumed, welcome.next_step) == (True, 95)
    assert (warning.code, warning.from_step, warning.next_step) == ("skipped", 0, 95)
    assert tavern.front.counts() == (2, 0)


def test_a_member_that_asks_for_what_it_cannot_have_had_is_refused():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.play(b"a", 5)
    [error] = tavern.say(b"c", Hello(version="1.0", resume=tavern.welcomes[b"a"].resume, next_step=6))
    assert (error.code, error.field) == ("bad_resume", "next_step")


def test_the_key_of_a_zone_resumes_nothing():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    assert tavern.say(b"c", Hello(version="1.0", resume=key, next_step=0))[0].code == "bad_resume"


# When what renders it is lost.


def test_a_zone_dies_with_its_session_and_all_its_members_know():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    fault = error_message(ProtocolError("internal", "the sound of this session cannot be made"))
    tavern.take(tavern.front.report(Say(ZONE, encode(fault)), 0))
    tavern.take(tavern.front.report(Ended(ZONE), 0))
    assert [tavern.told[peer][-1].code for peer in (b"a", b"b")] == ["internal", "internal"]
    assert tavern.front.counts() == (0, 0)
    assert tavern.front.zones.counts() == {}
    assert tavern.front.admission.load == {0: 0}


def test_a_zone_that_was_lost_with_its_worker_is_kept_for_its_owner_to_open_again():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    tavern.join(b"b")
    tavern.take(tavern.front.worker_lost(0, 1.0))
    assert [tavern.told[peer][-1].code for peer in (b"a", b"b")] == ["internal", "internal"]
    tavern.take(tavern.front.worker_ready(0))
    assert tavern.join(b"b").code == "busy"
    assert tavern.join(b"b", zone_key=b"?" * 16).code == "busy"
    assert tavern.join(b"a", zone_key=key).zone_key == key
    assert tavern.join(b"b").zone_key is UNSET
    tavern.take(tavern.front.worker_lost(0, 2.0))
    tavern.take(tavern.front.worker_ready(0))
    tavern.tick(2.0 + KEEP_ZONE_S)
    assert tavern.join(b"b").zone_key not in (UNSET, key), "for so long, and no longer"


def test_a_zone_that_is_written_down_goes_on_at_the_exact_step_after_its_worker_was_killed():
    tavern = Tavern(is_written=True)
    tavern.join(b"a")
    tavern.play(b"a", 30)
    tavern.take(tavern.front.worker_lost(0, 1.0))
    assert tavern.told[b"a"][-1] == ServerBye(reason="detached")
    resume = Hello(version="1.0", resume=tavern.welcomes[b"a"].resume, next_step=28)
    tavern.taken_orders()
    [welcome] = tavern.say(b"a", resume)
    assert (welcome.resumed, welcome.next_step) == (True, 28)
    tavern.grant(b"a", 32)
    assert tavern.steps(b"a")[-2:] == [28, 29], "of what the ring has"
    assert tavern.say(b"a", RAIN)[0].code == "at_limit"
    assert tavern.join(b"b").code == "busy"
    assert tavern.taken_orders() == []
    tavern.take(tavern.front.worker_ready(0))
    assert tavern.taken_orders() == [Restore(ZONE), Resume(ZONE, 1, 30)]
    tavern.take(tavern.front.report(Resumed(ZONE, 1, 30, 0, ""), 2.0))
    assert tavern.taken_orders() == [Grant(ZONE, 32, 29, 0)]
    tavern.render(2)
    assert tavern.steps(b"a") == [30, 31]
    assert tavern.say(b"a", RAIN) == []


def test_a_zone_of_a_server_before_is_taken_up_with_its_name_and_key_where_its_worker_has_it():
    tavern = Tavern(is_written=True)
    order = Open(6, 3, "stereo", "f32le", "live", 0.0, token=b"k" * 16, zone="tavern")
    assert tavern.front.adopt([order], 0.0) == [Command(0, Restore(6)), Command(0, Resume(6, 1, MAX_COUNT))]
    assert tavern.join(b"a").code == "busy", "where it stands is not known yet"
    [again] = tavern.front.report(Resumed(6, 1, 412, 9, "not there"), 0.0)
    assert again == Command(0, Resume(6, 2, 412))
    assert tavern.front.report(Resumed(6, 2, 412, 9, ""), 0.0) == []
    assert tavern.join(b"b").next_step == 412
    welcome = tavern.join(b"a", zone_key=b"k" * 16)
    assert (welcome.next_step, welcome.seed, welcome.session) == (412, 3, "s8")
    tavern.taken_orders()
    tavern.say(b"a", RAIN)
    assert tavern.taken_orders()[0].seq == 10
    tavern.step = 412
    tavern.grant(b"b", 414)
    tavern.render(2, zone=6)
    assert tavern.steps(b"b") == [412, 413]


def test_stopping_says_bye_to_members_as_to_all():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.take(tavern.front.stop())
    assert [tavern.told[peer][-1] for peer in (b"a", b"b")] == [ServerBye(reason="shutdown")] * 2


def test_a_stranger_has_no_part_in_a_zone():
    tavern = Tavern()
    tavern.join(b"a")
    assert isinstance(tavern.say(b"x", RAIN)[0], Error)
    tavern.grant(b"a", 2)
    tavern.render(2)
    assert set(tavern.sounds) == {b"a"}


PEERS = (b"a", b"b", b"c", b"d")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PEERS),
            st.sampled_from(["join", "grant", "greedy", "render", "lose", "resume", "tell", "bye", "wait", "owner"]),
            st.integers(0, 70),
        ),
        max_size=60,
    )
)
def test_whatever_members_do_each_hears_steps_in_order_within_its_credit(deeds):
    tavern = Tavern()
    credit: dict[bytes, int] = {}
    resumes: dict[bytes, bytes] = {}
    key = b"k" * 16
    for peer, deed, amount in deeds:
        before = len(tavern.told.get(peer, []))
        zone = next(iter(tavern.front.zones), None)
        if deed in ("join", "owner"):
            options = {"zone_key": key} if deed == "owner" or zone is None else {}
            answer = tavern.join(peer, **options)
            if isinstance(answer, Welcome):
                credit[peer], resumes[peer] = 0, answer.resume
        elif deed in ("grant", "greedy"):
            until = (zone.next_step if zone else 0) + (amount if deed == "greedy" else amount % 6)
            errors = [each.code for each in tavern.grant(peer, until, amount) if isinstance(each, Error)]
            credit[peer] = credit.get(peer, 0) if errors else max(credit.get(peer, 0), until)
        elif deed == "render" and zone is not None:
            granted = [order for order in tavern.orders if isinstance(order, Grant) and order.session == zone.number]
            tavern.step = zone.next_step
            tavern.render(max(0, min(amount, max((order.until_step for order in granted), default=0) - tavern.step)),
                          zone=zone.number)  # fmt: skip
        elif deed == "lose":
            tavern.take(tavern.front.unreachable(peer, tavern.now_s))
        elif deed == "resume" and peer in resumes:
            tavern.say(peer, Hello(version="1.0", resume=resumes[peer], next_step=amount))
        elif deed == "tell":
            tavern.say(peer, WorldMessage(seq=amount, world=World()))
        elif deed == "bye":
            tavern.say(peer, ClientBye())
        elif deed == "wait":
            tavern.tick(tavern.now_s + amount / 10)
        heard_steps, expected = [], None
        for message in tavern.told.get(peer, [])[before:]:
            if isinstance(message, Welcome) or (isinstance(message, Warning) and message.code == "skipped"):
                expected = message.next_step
            elif isinstance(message, Frame):
                assert expected in (None, message.step)
                heard_steps.append(message.step)
                expected = message.step + 1
        assert all(step < credit.get(peer, 0) for step in heard_steps)
        for zone in tavern.front.zones:
            assert all(number in tavern.front._sessions for number in zone.members)
            granted = [order for order in tavern.orders if isinstance(order, Grant) and order.session == zone.number]
            assert all(order.until_step <= zone.next_step + 25 for order in granted)
        assert sum(tavern.front.admission.load.values()) == len(list(tavern.front.zones))
