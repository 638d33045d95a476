"""A session: time of effect, credit, telemetry, rewinding, and going on from a snapshot to the bit."""

import numpy as np
import pytest
import standin_scene
from ambiome_middleware import scene
from ambiome_middleware.session import LOOKBACK, Session
from ambiome_middleware.snapshot import SnapshotError
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.messages import Event, EventMessage, Location, SceneReport, Warning, Weather, World, WorldMessage
from msgspec import UNSET

RAIN, EVENTS = COLUMN["rain_mm_h"], COLUMN["rain_leaves"]


def session(pace="free", **options) -> Session:
    return Session(1, "stereo", pace, scene=standin_scene, **options)


def rain(seq: int, mm_h: float, at: float | None = None, cut: bool = False) -> WorldMessage:
    world = World(weather=Weather(rain_mm_h=mm_h))
    return WorldMessage(seq=seq, at=UNSET if at is None else at, world=world, cut=cut)


def rains(listener: Session, steps: int) -> list[int]:
    return listener.advance(steps).tokens[LOOKBACK_STEPS:, RAIN].tolist()


def test_a_live_change_takes_effect_at_the_next_step_that_is_not_rendered():
    listener = session("live")
    listener.grant(10)
    rains(listener, 4)
    assert listener.tell(rain(1, 5)) == ()
    assert rains(listener, 3) == [5, 5, 5]
    assert [listener.applied_seq_at(step) for step in range(7)] == [0, 0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("rendered", [0, 1, 7, 99, 100])
def test_a_free_change_takes_effect_at_the_credit_however_far_rendering_has_got(rendered):
    listener = session("free")
    listener.grant(100)
    before = rains(listener, rendered)
    assert listener.tell(rain(1, 5)) == ()
    listener.grant(150)
    assert before + rains(listener, 150 - rendered) == [0] * 100 + [5] * 50


@pytest.mark.parametrize("rendered", [0, 60, 100])
def test_a_past_time_is_taken_at_the_next_possible_step_with_a_warning_that_names_both(rendered):
    listener = session("free")
    listener.grant(100)
    before = rains(listener, rendered)
    (warning,) = listener.tell(rain(3, 5, at=2.0))
    assert (warning.code, warning.seq, warning.at, warning.applied_at) == ("late", 3, 2.0, 4.0)
    listener.grant(101)
    assert before + rains(listener, 101 - rendered) == [0] * 100 + [5]


def test_a_live_time_is_late_only_once_its_step_is_rendered():
    listener = session("live")
    listener.grant(25)
    rains(listener, 10)
    assert listener.tell(rain(1, 5, at=0.4)) == ()
    (warning,) = listener.tell(rain(2, 6, at=0.36))
    assert (warning.at, warning.applied_at) == (0.36, 0.4)
    assert rains(listener, 1) == [6]


def test_changes_are_heard_at_their_times_and_named_by_the_frames():
    listener = session("free")
    for change in (rain(1, 1, at=0.4), rain(2, 2), rain(3, 3, at=0.2), rain(4, 4, at=0.4)):
        listener.tell(change)
    assert rains(listener, 12) == [2] * 5 + [3] * 5 + [4] * 2
    assert [listener.applied_seq_at(step) for step in (0, 4, 5, 9, 10)] == [2, 2, 3, 3, 4]


def test_a_refused_change_leaves_everything_as_it_was():
    listener = session("free")
    nowhere = WorldMessage(seq=2, world=World(location=Location(biome="nowhere")))
    listener.tell(rain(1, 5))
    with pytest.raises(ProtocolError) as caught:
        listener.tell(nowhere)
    assert (caught.value.code, caught.value.seq) == ("unknown_name", 2)
    assert listener.received_seq == 1
    assert listener.tell(rain(2, 7)) == ()
    assert rains(listener, 1) == [7]


def test_a_change_that_comes_twice_is_taken_once():
    listener = session("free")
    splash = EventMessage(seq=4, event=Event(kind="splash"))
    assert listener.tell(splash) == ()
    (warning,) = listener.tell(splash)
    assert (warning.code, warning.seq) == ("repeated", 4)
    listener.tell(EventMessage(event=Event(kind="splash")))
    listener.tell(EventMessage(event=Event(kind="splash")))
    assert listener.advance(1).tokens[-1, EVENTS] == 3


@pytest.mark.parametrize(("pace", "most"), [("live", 25), ("free", 250)])
def test_more_credit_than_may_be_outstanding_is_refused_and_the_credit_before_stands(pace, most):
    listener = session(pace)
    listener.grant(most)
    with pytest.raises(ProtocolError) as caught:
        listener.grant(most + 1)
    assert (caught.value.code, caught.value.field, caught.value.value) == ("credit", "until_step", str(most + 1))
    assert listener.due() == most
    listener.advance(1)
    listener.grant(most + 1)
    assert listener.due() == most


def test_credit_is_cumulative_and_idempotent():
    listener = session("free")
    for until_step in (10, 10, 3, 0, 12):
        listener.grant(until_step)
    assert listener.due() == 12
    listener.advance(12)
    listener.grant(12)
    assert listener.due() == 0


def test_a_client_that_grants_no_more_than_allowed_beyond_what_it_received_is_never_refused():
    listener = session("free")
    received = 0
    for rendered in (250, 3, 100, 250, 1, 0, 77):
        listener.grant(received + 250)
        listener.advance(min(rendered, listener.due()))
        received = listener.next_step


def test_rewinding_gives_the_same_tokens_again_and_what_is_told_meanwhile_comes_after_them():
    listener = session("live")
    listener.tell(rain(1, 5, at=0.4))
    first = listener.advance(20)
    listener.rewind(8)
    listener.tell(rain(2, 9))
    again = listener.advance(13)
    assert again.first_step == 8
    assert (again.tokens[:-1] == first.tokens[-LOOKBACK_STEPS - 12 :]).all()
    assert again.tokens[-1, RAIN] == 9


def test_it_can_rewind_by_all_that_may_be_outstanding_and_no_further_than_it_holds():
    listener = session("live")
    for _ in range(100):
        listener.advance(25)
    listener.rewind(2_475)
    listener.advance(25)
    for step in (2_501, 1_000):
        with pytest.raises(ProtocolError) as caught:
            listener.rewind(step)
        assert (caught.value.code, caught.value.value) == ("bad_resume", str(step))
    assert listener.next_step == 2_500


@pytest.mark.parametrize(("rate_hz", "steps"), [(25, list(range(10))), (5, [4, 9, 14, 19, 24]), (1, [24, 49]), (0, [])])
def test_telemetry_comes_so_many_times_a_second_of_session_time(rate_hz, steps):
    listener = session("free", telemetry_hz=rate_hz)
    listener.tell(rain(1, 5))
    listener.advance(steps[-1] + 1 if steps else 50)
    reports = listener.take_notices()
    assert [report.step for report in reports] == steps
    assert all(report == SceneReport(step=report.step, applied_seq=1, values={"rain_mm_h": 5}, targets={"rain_mm_h": 5})
               for report in reports)  # fmt: skip
    assert listener.take_notices() == ()


def test_the_scene_may_warn_when_a_change_takes_effect():
    listener = session("free")
    listener.tell(WorldMessage(seq=3, at=0.2, world=World(weather=Weather(gust_m_s=1))))
    listener.advance(5)
    assert listener.take_notices() == ()
    listener.advance(1)
    assert listener.take_notices() == (Warning(code="gust_raised", detail="a gust of 1", seq=3),)


def test_explain_answers_with_the_seq_of_the_question():
    listener = session("free")
    listener.tell(rain(1, 5))
    listener.advance(3)
    report = listener.explain(seq=8)
    assert (report.step, report.seq, report.applied_seq, len(report.reasons)) == (2, 8, 1, 1)


def test_a_live_client_that_runs_dry_while_it_has_granted_is_told_once_in_a_while():
    listener = session("live")
    listener.grant(5)
    (warning,) = listener.grant(5, played_step=0, underruns=1)
    assert warning.code == "behind"
    assert listener.grant(5, underruns=2) == ()
    listener.advance(5)
    assert listener.grant(6, underruns=3) == ()
    listener.advance(300)
    listener.grant(310)
    assert [warning.code for warning in listener.grant(310, underruns=4)] == ["behind"]
    free = session("free")
    free.grant(5)
    assert free.grant(5, underruns=1) == ()


def storm(listener: Session) -> None:
    """Tells things of every kind, some of which still wait at step 40."""
    listener.tell(WorldMessage(seq=1, world=World(weather=Weather(rain_mm_h=20.0, wind_m_s=9.0, thunder_per_min=20.0),
                                                  location=Location(biome="temperate_forest"))))  # fmt: skip
    listener.tell(EventMessage(seq=2, at=1.2, event=Event(kind="lightning", distance_m=900.0)))
    listener.tell(rain(3, 60.0, at=2.0, cut=True))


@pytest.mark.parametrize("split", [1, 40, 300, 1_100])
def test_a_restored_session_goes_on_to_the_bit_with_the_real_scene(split):
    whole = Session(5, "stereo", "free", telemetry_hz=2.0, scene=scene)
    storm(whole)
    whole.grant(250)
    expected = whole.advance(split + 60)
    parted = Session(5, "stereo", "free", telemetry_hz=2.0, scene=scene)
    storm(parted)
    parted.grant(250)
    parted.advance(split)
    data = parted.snapshot(sound_version=3)
    restored = Session.restore(data, 3, key="k")
    assert restored.snapshot(3) == data
    request = restored.advance(60)
    assert (request.seed, request.layout, request.first_step, request.key) == (5, "stereo", split, "k")
    assert np.array_equal(request.tokens, expected.tokens[-LOOKBACK_STEPS - 60 :])
    assert restored.take_notices() == whole.take_notices()
    assert (restored.credit, restored.applied_seq, restored.received_seq) == (250, whole.applied_seq, 3)


def test_a_restored_session_still_rewinds_for_a_client_that_comes_back_to_it():
    whole = session("free")
    whole.tell(rain(1, 5, at=30))
    whole.advance(1_000)
    restored = Session.restore(whole.snapshot(0), 0, scene=standin_scene)
    restored.rewind(750)
    whole.rewind(750)
    assert np.array_equal(restored.advance(250).tokens, whole.advance(250).tokens)


def test_a_neural_session_keeps_what_its_renderer_looks_back_on():
    back = LOOKBACK["neural"]
    whole = session("free", renderer="neural")
    assert whole.advance(3).tokens.shape[0] == back + 3
    whole.advance(1_000)
    restored = Session.restore(whole.snapshot(0, "abc"), 0, "abc", scene=standin_scene)
    for each in (whole, restored):
        each.rewind(753)
    request = restored.advance(250)
    assert (request.lookback, request.steps, request.first_step) == (back, 250, 753)
    assert np.array_equal(request.tokens, whole.advance(250).tokens)


def test_a_neural_session_goes_on_only_with_the_weights_that_it_had():
    data = session("free", renderer="neural").snapshot(0, "abc")
    with pytest.raises(SnapshotError, match="weights abc; this process has none"):
        Session.restore(data, 0, scene=standin_scene)
    assert Session.restore(session("free").snapshot(0, "abc"), 0, scene=standin_scene).renderer == "procedural"


def test_what_is_no_snapshot_or_not_of_this_sound_is_refused_and_says_why():
    data = session().snapshot(3)
    for broken, version, why in (
        (b"", 3, "not a snapshot"),
        (data[:-1], 3, "not a snapshot"),
        (data.replace(b"ambiome-session", b"ambiome-sessiom"), 3, "ambiome-sessiom"),
        (data.replace(b"gain_rain_db", b"gain_rein_db"), 3, "'gain_rein_db'"),
        (data, 4, "sound version 3"),
    ):
        with pytest.raises(SnapshotError, match=why):
            Session.restore(broken, version, scene=standin_scene)
