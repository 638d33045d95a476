"""The desk of a worker: orders in, reports and audio out."""

import numpy as np
import pytest
import standin_scene
from ambiome_middleware.busyness import Shares
from ambiome_middleware.desk import Desk
from ambiome_middleware.engine import Engine
from ambiome_middleware.wire import (
    Ask,
    Close,
    Ended,
    FrameReport,
    Grant,
    Open,
    Pause,
    Resume,
    Resumed,
    Say,
    Tell,
    pack_orders,
    pack_reports,
    unpack_orders,
    unpack_reports,
)
from ambiome_protocol.audio import unpack
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import (
    Event,
    EventMessage,
    Frame,
    Location,
    SceneReport,
    Warning,
    Weather,
    World,
    WorldMessage,
)
from standin_sound import Renderer


def desk_with(*opens: Open) -> Desk:
    desk = Desk(Engine(Renderer()), standin_scene)
    for order in opens:
        assert desk.obey(order) == []
    return desk


def frames(desk: Desk) -> list[tuple[int, Frame, np.ndarray]]:
    """All that is due: (session, header, samples [channels, 1920]) in order."""
    heard = []
    while not desk.engine.is_idle():
        reports, audio = desk.turn()
        at = 0
        for report in reports:
            if isinstance(report, FrameReport):
                header = decode_server(report.header)
                samples = unpack(
                    audio[at : at + report.audio_bytes], header.format, 2 if header.layout == "stereo" else 1
                )
                heard.append((report.session, header, samples))
                at += report.audio_bytes
        assert at == len(audio)
    return heard


def test_who_has_not_sounded_yet_is_no_silence_in_the_mean():
    desk = desk_with(Open(1, 5, "stereo", "f32le", "free", 0.0))
    desk.obey(Grant(1, 4, 0, 0))
    frames(desk)
    alone = desk.load(0, Shares(0.0, 0.0)).loudness_lufs
    desk.obey(Open(2, 5, "stereo", "f32le", "free", 0.0))
    assert desk.load(0, Shares(0.0, 0.0)).loudness_lufs == alone > -100.0


def test_frames_come_with_headers_that_say_what_they_are():
    desk = desk_with(Open(1, 5, "stereo", "f32le", "free", 0.0), Open(2, 6, "mono", "s16le", "live", 0.0))
    desk.obey(Tell(1, encode(WorldMessage(seq=3, at=0.08, world=World(), cut=True))))
    desk.obey(Grant(1, 4, 0, 0))
    desk.obey(Grant(2, 2, 0, 0))
    heard = frames(desk)
    of_1 = [(header, samples) for key, header, samples in heard if key == 1]
    assert [header for header, _ in of_1] == [
        Frame(step=step, applied_seq=seq, layout="stereo", format="f32le", cut=cut)
        for step, seq, cut in ((0, 0, 0), (1, 0, 0), (2, 3, 1), (3, 3, 1))
    ]
    assert [samples.shape for _, samples in of_1] == [(2, 1920)] * 4
    assert [round(float(samples[1, 0]) * 1000) for _, samples in of_1] == [0, 1, 2, 3]
    of_2 = [(header.step, header.format, samples.shape) for key, header, samples in heard if key == 2]
    assert of_2 == [(0, "s16le", (1, 1920)), (1, "s16le", (1, 1920))]


def said(reports) -> list:
    return [decode_server(report.data) for report in reports if isinstance(report, Say)]


def test_what_is_wrong_is_told_to_that_client_and_its_session_goes_on():
    desk = desk_with(Open(1, 5, "stereo", "f32le", "live", 0.0))
    nowhere = WorldMessage(seq=7, world=World(location=Location(biome="nowhere")))
    (error,) = said(desk.obey(Tell(1, encode(nowhere))))
    assert (error.code, error.seq) == ("unknown_name", 7)
    (error,) = said(desk.obey(Grant(1, 26, 0, 0)))
    assert (error.code, error.field) == ("credit", "until_step")
    desk.obey(Grant(1, 2, 0, 0))
    assert [header.step for _, header, _ in frames(desk)] == [0, 1]


def test_a_fault_of_ours_is_told_as_one_and_the_session_goes_on(monkeypatch, caplog):
    desk = desk_with(Open(1, 5, "stereo", "f32le", "live", 0.0))
    monkeypatch.setattr(standin_scene, "explain", lambda state: 1 // 0)
    (error,) = said(desk.obey(Ask(1, 4)))
    assert error.code == "internal"
    assert "ZeroDivisionError" in caplog.text
    desk.obey(Grant(1, 1, 0, 0))
    assert len(frames(desk)) == 1


def test_a_session_that_cannot_be_rendered_ends_and_its_client_is_told(monkeypatch):
    desk = desk_with(Open(1, 5, "stereo", "f32le", "live", 0.0), Open(2, 5, "stereo", "f32le", "live", 0.0))
    monkeypatch.setattr(desk.engine.get(1), "advance", lambda steps: 1 // 0)
    for key in (1, 2):
        desk.obey(Grant(key, 1, 0, 0))
    reports, _ = desk.turn()
    assert [type(report) for report in reports] == [Say, Ended, FrameReport]
    assert said(reports)[0].code == "internal"
    assert desk.obey(Grant(1, 2, 0, 0)) == []


def test_warnings_explanations_and_telemetry_are_said_telemetry_before_its_frames():
    desk = desk_with(Open(1, 5, "stereo", "f32le", "free", 25.0))
    desk.obey(Grant(1, 2, 0, 0))
    (late,) = said(desk.obey(Tell(1, encode(EventMessage(seq=1, at=0, event=Event(kind="gust"))))))
    assert (late.code, late.at, late.applied_at) == ("late", 0.0, 0.08)
    reports, _ = desk.turn()
    assert [type(report) for report in reports] == [Say, Say, FrameReport, FrameReport]
    assert [(report.step, report.reasons) for report in said(reports)] == [(0, ()), (1, ())]
    (answer,) = said(desk.obey(Ask(1, 9)))
    assert isinstance(answer, SceneReport)
    assert (answer.seq, len(answer.reasons)) == (9, 1)
    gust = WorldMessage(seq=2, world=World(weather=Weather(gust_m_s=1)))
    assert desk.obey(Tell(1, encode(gust))) == []
    desk.obey(Grant(1, 3, 0, 0))
    assert Warning(code="gust_raised", detail="a gust of 1", seq=2) in said(desk.turn()[0])


def test_a_paused_session_is_silent_and_resumes_at_the_very_step():
    desk = desk_with(Open(1, 5, "stereo", "f32le", "live", 0.0))
    desk.obey(Grant(1, 10, 0, 0))
    first = frames(desk)
    desk.obey(Pause(1))
    desk.obey(Grant(1, 12, 0, 0))
    assert frames(desk) == []
    desk.obey(Tell(1, encode(EventMessage(seq=6, event=Event(kind="gust")))))
    assert desk.obey(Resume(1, 3, 4)) == [Resumed(1, 3, 4, 6, "")]
    again = frames(desk)
    assert [header.step for _, header, _ in again] == list(range(4, 12))
    for (_, header, samples), (_, header_before, samples_before) in zip(again[:6], first[4:], strict=True):
        assert header == header_before
        assert np.array_equal(samples, samples_before)
    assert [header.applied_seq for _, header, _ in again] == [0] * 6 + [6] * 2


def test_a_step_that_cannot_be_given_again_is_refused_with_the_reason():
    desk = desk_with(Open(1, 5, "stereo", "f32le", "live", 0.0))
    desk.obey(Pause(1))
    (report,) = desk.obey(Resume(1, 1, 5))
    assert "next_step 5" in report.refusal
    desk.obey(Grant(1, 1, 0, 0))
    assert frames(desk) == []


def test_a_closed_session_is_gone_and_later_orders_to_it_are_nothing():
    desk = desk_with(Open(1, 5, "stereo", "f32le", "live", 0.0))
    desk.obey(Grant(1, 1, 0, 0))
    desk.obey(Close(1))
    for order in (
        Grant(1, 2, 0, 0),
        Tell(1, encode(WorldMessage(world=World()))),
        Ask(1, 0),
        Pause(1),
        Resume(1, 1, 0),
        Close(1),
    ):
        assert desk.obey(order) == []
    assert desk.turn() == ([], b"")


@pytest.mark.parametrize("form", [bytes, memoryview])
def test_orders_and_reports_survive_their_wire(form):
    orders = [Open(1, 2**63 - 1, "mono", "s16le", "free", 2.5), Tell(1, b"\xff", 7), Ask(1, 2**53 - 1),
              Grant(1, 2**53 - 1, 1, 2), Pause(1), Resume(1, 2, 3), Close(1)]  # fmt: skip
    assert unpack_orders(form(pack_orders(orders))) == orders
    reports = [FrameReport(1, b"h", 15_360), Say(1, b"x"), Resumed(1, 2, 3, 4, "no"), Ended(1)]
    assert unpack_reports(form(pack_reports(reports))) == reports
