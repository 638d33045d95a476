"""The faces of the client, on a real socket, against a toy server that can be killed."""

import subprocess
import sys
import threading

import numpy as np
import pytest
import zmq
from ambiome_client import (
    Ambience,
    AmbiomeError,
    BadMessage,
    Closed,
    HelloRefused,
    Reconnected,
    ServerLost,
    SessionLost,
    VersionRefused,
)
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.messages import ClientBye, Error, Hello, Message, SceneReport, Warning, Weather
from toy_server import ToyServer, ToySession


def marks(samples: np.ndarray) -> list[int]:
    """The steps that these frames are of."""
    return np.rint(samples[0, ::1920] * 1000).astype(int).tolist()


def read_on(ambience: Ambience, frames: list[int]) -> None:
    """Reads into `frames` until it raises."""
    while True:
        frames += marks(ambience.read())


def test_reads_frames_in_order_one_line_each(server: ToyServer) -> None:
    with Ambience(server.address, seed=5) as ambience:
        ambience.world(weather={"rain_mm_h": 4})
        frames = [frame for _, frame in zip(range(40), ambience, strict=False)]
        assert [frame.shape for frame in frames] == [(2, 1920)] * 40
        assert {frame.dtype for frame in frames} == {np.dtype(np.float32)}
        assert marks(np.concatenate(frames, axis=1)) == list(range(40))
        assert (ambience.step, ambience.time_s, ambience.seed, ambience.channels) == (40, 1.6, 5, 2)
        assert marks(ambience.read(3)) == [40, 41, 42]
    server.wait(lambda: not server.sessions)


def test_mono_and_s16_travel_too(server: ToyServer) -> None:
    with Ambience(server.address, layout="mono", format="s16le") as ambience:
        frames = ambience.read(4)
        assert frames.shape == (1, 4 * 1920)
        np.testing.assert_allclose(frames[0, ::1920], [0, 0.001, 0.002, 0.003], atol=1e-4)


def test_telling_is_one_line_and_numbers_may_be_numpy(server: ToyServer) -> None:
    with Ambience(server.address) as ambience:
        assert ambience.world(weather={"rain_mm_h": np.float32(4)}, location={"biome": {"lake": 1}}) == 1
        assert ambience.world(Weather(wind_m_s=3.0), listener={"heading_deg": 90}, transition_s=2, at=1) == 2
        assert ambience.event("lightning", distance_m=900, azimuth_deg=30) == 3
        assert ambience.mix(master_db=-6, voices={"birds": {"mute": True}}) == 4
        ambience.read(30)
        assert ambience.applied_seq == 4
        assert server.session.heard == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"weather": {"rain_mmh": 4}}, "world.weather.rain_mmh .*did you mean 'rain_mm_h'"),
        ({"weather": {"rain_mm_h": 400}}, "world.weather.rain_mm_h 400.*200"),
        ({"weather": {"rain_mm_h": float("nan")}}, "world.weather.rain_mm_h nan"),
        ({"weather": {"rain_mm_h": "much"}}, "world.weather.rain_mm_h 'much'"),
        ({"weather": {"rain_mm_h": object()}}, "object"),
        ({"location": {"shelter": "hut"}}, "world.location.shelter 'hut'"),
        ({"weather": [1]}, "world.weather"),
        ({"cut": True, "transition_s": 3}, "transition_s"),
        ({"at": -1}, "at -1"),
    ],
)
def test_a_bad_world_raises_before_anything_is_sent(server: ToyServer, fields: dict[str, object], text: str) -> None:
    with Ambience(server.address) as ambience:
        with pytest.raises(BadMessage, match=text) as raised:
            ambience.world(**fields)  # type: ignore[arg-type]
        assert isinstance(raised.value, AmbiomeError)
        assert isinstance(raised.value, ProtocolError)
        assert ambience.world(weather={"rain_mm_h": 4}) == 1
        ambience.read(4)
        assert server.session.heard == [1]


def test_an_unknown_group_is_a_type_error(server: ToyServer) -> None:
    with Ambience(server.address) as ambience, pytest.raises(TypeError, match="wether"):
        ambience.world(wether={"rain_mm_h": 4})  # type: ignore[call-arg]


def test_free_stops_where_it_was_granted(server: ToyServer) -> None:
    with Ambience(server.address, pace="free") as ambience:
        ambience.world(weather={"rain_mm_h": 4})
        assert marks(ambience.run_until(20.0)) == list(range(500))
        assert ambience.run_until(20.0).shape == (2, 0)
        ambience.grant(21.0)
        with pytest.raises(ValueError, match="26 steps were asked for, 25 are granted"):
            ambience.read(26)
        assert len(list(ambience)) == 25
        ambience.event("gust")
        ambience.run_until(22.0)
    assert ambience.applied_seq == 2


def test_free_never_has_more_outstanding_than_allowed(server: ToyServer) -> None:
    with Ambience(server.address, pace="free", buffer_steps=10) as ambience:
        ambience.grant(8.0)
        session = server.session
        for read, _ in enumerate(ambience):
            assert max(credit.until_step for credit in session.credits) <= read + 1 + 10


def test_explain_gives_reasons(server: ToyServer) -> None:
    with Ambience(server.address) as ambience:
        (reason,) = ambience.explain()
        assert (reason.parameter, reason.rule) == ("wind_m_s", "Beaufort")


def test_take_never_waits(server: ToyServer) -> None:
    with Ambience(server.address) as ambience:
        frames = []
        while len(frames) < 5:
            frame = ambience.take()
            if frame is not None:
                frames.append(frame)
        assert marks(np.concatenate(frames, axis=1)) == [0, 1, 2, 3, 4]


def test_pause_lets_nothing_be_rendered_and_resume_goes_on(server: ToyServer) -> None:
    with Ambience(server.address) as ambience:
        ambience.read(3)
        ambience.pause()
        left: list[int] = []
        with pytest.raises(RuntimeError, match="resume"):
            read_on(ambience, left)
        seen = len(server.session.credits)
        server.wait(lambda: len(server.session.credits) > seen)
        ambience.resume()
        assert marks(ambience.read(3)) == [3 + len(left) + index for index in range(3)]


def test_a_game_that_does_not_read_keeps_its_session(server: ToyServer) -> None:
    with Ambience(server.address):
        server.wait(lambda: len(server.session.credits) >= 3)


def test_the_same_session_goes_on_after_a_restart(server: ToyServer) -> None:
    back: list[Reconnected] = []
    with Ambience(server.address, on_reconnect=back.append) as ambience:
        ambience.event("branch")
        first = marks(ambience.read(10))
        server.kill(keep=True)
        ambience.event("gust")
        server.start()
        assert first + marks(ambience.read(20)) == list(range(30))
        assert server.session.heard == [1, 2]
        assert ambience.reconnects == len(back) == 1
        assert back[0].resumed


def test_a_new_session_is_told_the_world_and_the_user_is_told(server: ToyServer) -> None:
    back: list[Reconnected] = []
    with Ambience(server.address, on_reconnect=back.append) as ambience:
        ambience.world(weather={"rain_mm_h": 4})
        ambience.read(10)
        server.kill()
        server.start()
        frames = marks(ambience.read(10))
        assert [back_.resumed for back_ in back] == [False]
        assert frames[-1] < 10
        ((_, change),) = server.session.changes
        assert change.world.weather.rain_mm_h == 4


def test_a_free_session_survives_the_loss_of_everything_sample_by_sample(server: ToyServer) -> None:
    with Ambience(server.address, pace="free", buffer_steps=20) as ambience:
        ambience.world(weather={"rain_mm_h": 4})
        ambience.grant(8.0)
        frames = marks(ambience.read(50))
        server.kill()
        server.start()
        assert frames + marks(ambience.read(150)) == list(range(200))
        assert ambience.reconnects == 1
        assert server.session.heard == [1]


def test_a_server_that_does_not_come_back_is_lost(server: ToyServer) -> None:
    with Ambience(server.address, timeout_s=0.3) as ambience:
        ambience.read(3)
        server.kill()
        with pytest.raises(ServerLost, match=r"127.0.0.1:\d+ has not answered for 0.3 s"):
            ambience.read(100)
        with pytest.raises(ServerLost):
            ambience.world(weather={"rain_mm_h": 4})


def test_a_server_that_said_bye_and_stays_away_is_lost(server: ToyServer) -> None:
    with Ambience(server.address, timeout_s=0.3) as ambience:
        server.say_bye()
        server.kill()
        with pytest.raises(ServerLost, match=r"127.0.0.1:\d+ (is gone|has not answered)"):
            ambience.read(100)


def test_who_has_closed_has_no_session_any_more(server: ToyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    is_closed = threading.Event()
    came_before: list[bool] = []
    heed = ToyServer._heed

    def slowly(toy: ToyServer, peer: bytes, session: ToySession, message: Message) -> None:
        if isinstance(message, ClientBye):
            came_before.append(is_closed.wait(0.2))
        heed(toy, peer, session, message)

    monkeypatch.setattr(ToyServer, "_heed", slowly)
    with Ambience(server.address) as ambience:
        ambience.read(2)
    is_closed.set()
    assert (came_before, server.sessions) == ([False], {})


def test_no_server_is_lost_in_time() -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as socket:
        port = socket.bind_to_random_port("tcp://127.0.0.1")
        with pytest.raises(ServerLost, match=r"does not answer within 0\.2 s"):
            Ambience(f"tcp://127.0.0.1:{port}", timeout_s=0.2)


@pytest.mark.parametrize("address", ["127.0.0.1:5571", "tcp://nowhere", "http://localhost", ""])
def test_no_address_is_a_value_error(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Ambience(address)


@pytest.mark.parametrize("port", ["99999", "0", "-1"])
def test_a_port_that_zeromq_would_take_for_another_is_a_value_error(port: str) -> None:
    with pytest.raises(ValueError, match=f"port '{port}' cannot be; it must be 1 … 65535"):
        Ambience(f"tcp://127.0.0.1:{port}")


def test_a_refused_hello_is_its_own_exception(server: ToyServer) -> None:
    with pytest.raises(HelloRefused, match="layout 'octophonic'") as raised:
        Ambience(server.address, layout="octophonic")  # type: ignore[arg-type]
    assert raised.value.allowed
    with pytest.raises(HelloRefused, match="seed -1"):
        Ambience(server.address, seed=-1)


def test_a_wrong_version_is_its_own_exception(server: ToyServer) -> None:
    def refuse(message: Message) -> Message | None:
        return Error(code="version", detail="version '1.0' is not spoken; allowed: 2.x", allowed="2.x")

    server.answer = refuse
    with pytest.raises(VersionRefused, match=r"2\.x") as raised:
        Ambience(server.address)
    assert raised.value.allowed == "2.x"


def test_without_reconnect_a_lost_session_is_an_exception(server: ToyServer) -> None:
    with Ambience(server.address, reconnect=False) as ambience:
        ambience.read(3)
        server.say_bye()
        with pytest.raises(SessionLost, match="bye"):
            ambience.read(100)


def test_what_the_server_refuses_is_raised_and_the_stream_goes_on(server: ToyServer) -> None:
    def refuse(message: Message) -> Message | None:
        if getattr(message, "seq", 0) != 1:
            return None
        return Error(code="unknown_name", detail="no such biome", field="world.location.biome", seq=1)

    server.answer = refuse
    with Ambience(server.address) as ambience:
        ambience.world(location={"biome": "my_biome"})
        frames: list[int] = []
        with pytest.raises(BadMessage, match="no such biome") as raised:
            read_on(ambience, frames)
        assert raised.value.field == "world.location.biome"
        assert frames + marks(ambience.read(3)) == list(range(len(frames) + 3))


def test_warnings_are_kept_and_handed_on(server: ToyServer) -> None:
    heard: list[Warning] = []
    with Ambience(server.address, on_warning=heard.append) as ambience:
        server.say(Warning(code="late", detail="too late", seq=1))
        while not heard:
            ambience.read()
        assert ambience.warnings == tuple(heard) == (Warning(code="late", detail="too late", seq=1),)


def test_every_report_of_the_scene_is_handed_on(server: ToyServer) -> None:
    heard: list[SceneReport] = []
    with Ambience(server.address, telemetry_hz=5, on_telemetry=heard.append) as ambience:
        reports = [SceneReport(step=step, values={"rain_mm_h": 1.0 * step}) for step in range(3)]
        for report in reports:
            server.say(report)
        while len(heard) < len(reports):
            ambience.read()
    assert heard == reports
    assert ambience.warnings == ()


def test_closed_is_closed(server: ToyServer) -> None:
    ambience = Ambience(server.address)
    ambience.close()
    ambience.close()
    for use in (ambience.read, ambience.explain, lambda: ambience.event("gust"), lambda: next(iter(ambience))):
        with pytest.raises(Closed):
            use()


def test_closing_wakes_a_reader_in_another_thread(server: ToyServer) -> None:
    server.answer = lambda message: None if isinstance(message, Hello) else Warning(code="late", detail="")
    ambience = Ambience(server.address)
    ended: list[BaseException] = []

    def read() -> None:
        try:
            ambience.read()
        except AmbiomeError as error:
            ended.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    ambience.close()
    reader.join(timeout=20)
    assert [type(error) for error in ended] == [Closed]


def test_importing_the_client_takes_neither_torch_nor_numba_nor_the_middleware() -> None:
    heavy = ("torch", "numba", "simpy", "ambiome_middleware")
    code = f"import sys, ambiome_client.aio; sys.exit(any(name in sys.modules for name in {heavy}))"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_program_that_forgets_to_close_still_ends(server: ToyServer) -> None:
    code = f"from ambiome_client import Ambience; a = Ambience({server.address!r}); a.read(3)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    server.wait(lambda: not server.sessions)
