"""A real server over a real socket."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import zmq
from ambiome_client import Ambience
from ambiome_protocol.audio import unpack
from ambiome_protocol.codec import encode
from ambiome_protocol.messages import (
    ClientBye,
    Credit,
    Event,
    EventMessage,
    Explain,
    Frame,
    Hello,
    Location,
    SceneReport,
    Weather,
    World,
    WorldMessage,
)

from benchmarks.zones import Card, periods

RAIN = WorldMessage(seq=1, world=World(weather=Weather(rain_mm_h=8)))


def test_frames_come_in_order_under_credit_and_no_further(server, connect):
    client = connect(server.address)
    assert client.hello(seed=42).next_step == 0
    audio = client.frames(0, 60)
    steps = [round(float(unpack(part, "f32le", 2)[0, 0]) * 1_000) for part in audio]
    assert steps == list(range(60))
    client.send(Explain(seq=1))
    answer, _ = client.receive()
    assert (type(answer), answer.step) == (SceneReport, 59)


def test_a_change_is_heard_from_the_frame_that_names_it(server, connect):
    client = connect(server.address)
    client.hello()
    client.frames(0, 3)
    client.send(RAIN, Credit(until_step=4))
    header, _ = client.receive()
    assert (header.step, header.applied_seq) == (3, 1)


BAD = [
    (b"", "malformed"),
    (b"\xc1", "malformed"),
    (encode(RAIN)[:-3], "malformed"),
    (b"\x80" * 20_000, "too_large"),
    (encode(WorldMessage(seq=9, world=World(location=Location(biome="nowhere")))), "unknown_name"),
    (encode(WorldMessage(seq=9, world=World(weather=Weather(rain_mm_h=float("nan"))))), "out_of_range"),
    (encode(Credit(until_step=10_000)), "credit"),
    (encode(Hello(version="1.0")), "already_open"),
]


def test_bad_input_is_answered_and_harms_neither_its_sender_nor_another(server, connect):
    calm, rude = connect(server.address), connect(server.address)
    calm.hello(seed=5)
    rude.hello(seed=5)
    heard, expected = calm.frames(0, 5), rude.frames(0, 5)
    for step, (data, code) in enumerate(BAD, 5):
        rude.send(data)
        assert rude.answer().code == code
        heard += calm.frames(step, step + 1)
        expected += rude.frames(step, step + 1)
    assert heard == expected


def test_a_message_of_several_parts_is_answered(server, connect):
    client = connect(server.address)
    client.hello()
    client.socket.send_multipart([b"", encode(Explain())])
    assert client.answer().code == "malformed"
    client.frames(0, 2)


def test_what_is_far_too_large_ends_the_connection_and_the_session_can_be_resumed(server, connect):
    client, other = connect(server.address), connect(server.address)
    welcome = client.hello(seed=3)
    before = client.frames(0, 4)
    client.send(b"\x00" * 1_000_000)
    again = connect(server.address)
    resumed = again.hello(resume=welcome.resume, next_step=2)
    assert (resumed.resumed, resumed.seed, resumed.next_step) == (True, 3, 2)
    assert again.frames(2, 4) == before[2:]
    other.hello()


def score(client, disturb=lambda: None) -> list[bytes]:
    """A free session that tells, grants and hears, whatever else goes on."""
    client.hello(seed=11, pace="free")
    heard = []
    for second in range(8):
        client.send(
            WorldMessage(seq=3 * second + 1, world=World(weather=Weather(rain_mm_h=float(second)))),
            EventMessage(seq=3 * second + 2, at=second + 0.5, event=Event(kind="gust")),
            Credit(until_step=25 * (second + 1)),
            EventMessage(seq=3 * second + 3, at=second + 0.2, event=Event(kind="splash")),
        )
        disturb()
        while len(heard) < 25 * (second + 1):
            message, audio = client.receive()
            if isinstance(message, Frame):
                assert message.step == len(heard)
                heard.append(audio)
        client.send(Credit(until_step=25 * (second + 1)))
    client.send(ClientBye())
    return heard


def test_a_free_session_gives_the_same_bytes_with_one_and_two_workers_and_beside_a_disturber(server, start, connect):
    rudes = [connect(server.address) for _ in range(4)]
    for rude in rudes:
        rude.hello(pace="free")

    def disturb() -> None:
        for rude in rudes:
            rude.send(RAIN, b"nonsense", Credit(until_step=99_999), Credit(until_step=250), Explain(), Explain())

    alone = start(workers=1).started()
    quiet = score(connect(alone.address))
    assert len(quiet) == 200
    assert score(connect(server.address), disturb) == quiet
    assert score(connect(server.address)) == quiet


def test_a_slow_reader_is_detached_and_nobody_waits_for_it(start, connect):
    server = start().started()
    slow, quick = connect(server.address), connect(server.address)
    slow.socket.set(zmq.RCVHWM, 1)
    slow.socket.disconnect(server.address)
    slow.socket.connect(server.address)
    welcome = slow.hello(pace="free")
    quick.hello()
    step = 0
    for until_step in range(25, 6_000, 25):
        slow.send(Credit(until_step=until_step))
        quick.frames(step, step + 1)
        step += 1
    received, message = 0, None
    while getattr(message, "code", "") != "unknown_session":
        if not slow.socket.poll(100):
            slow.send(Explain())
        message, _ = slow.receive()
        if isinstance(message, Frame):
            assert message.step == received
            received += 1
    assert 0 < received < 5_975
    again = connect(server.address)
    assert again.hello(resume=welcome.resume, next_step=received).next_step == received
    again.frames(received, received + 3)
    quick.frames(step, step + 1)


def test_who_says_bye_while_frames_are_on_their_way_is_not_taken_for_lost(start):
    server = start().started()
    for _ in range(200):
        with Ambience(server.address) as ambience:
            ambience.read(1)
    _, _, errors = server.stop()
    assert "is detached" not in errors
    assert errors.count("is over") >= 199  # the last bye may come to a server that ends


def test_a_client_that_was_away_for_longer_than_the_idle_time_goes_on_at_the_exact_sample(start, connect):
    server = start(detach_after_s=0.3).started()
    client, steady = connect(server.address), connect(server.address)
    welcome = client.hello(seed=8)
    client.send(RAIN)
    before = client.frames(0, 20)
    assert client.answer().reason == "detached"
    client.send(Credit(until_step=30))
    assert client.answer().code == "unknown_session"
    resumed = client.hello(resume=welcome.resume, next_step=12)
    assert (resumed.resumed, resumed.session, resumed.last_seq) == (True, welcome.session, 1)
    steady.hello(seed=8)
    steady.send(RAIN)
    expected = steady.frames(0, 40)
    assert before == expected[:20]
    assert client.frames(12, 40) == expected[12:]


def test_a_session_that_was_away_for_too_long_is_gone(start, connect):
    server = start(detach_after_s=0.3, keep_detached_s=0.1, max_sessions=1).started()
    client, waiting = connect(server.address), connect(server.address)
    welcome = client.hello()
    assert client.answer().reason == "detached"
    while True:  # there is room for another only once the first is gone
        waiting.send(Hello(version="1.0"))
        message = waiting.answer()
        if getattr(message, "code", "") != "busy":
            break
    assert message.next_step == 0
    client.send(Hello(version="1.0", resume=welcome.resume, next_step=0))
    assert client.answer().code == "bad_resume"


def test_a_server_that_was_killed_and_started_again_asks_for_hello_and_its_client_goes_on_anew(start, connect):
    first = start().started()
    client = connect(first.address)
    welcome = client.hello(seed=4)
    before = client.frames(0, 10)
    first.process.kill()
    first.ended()
    start(bind=first.address).started()
    client.send(Credit(until_step=12))
    assert client.answer().code == "unknown_session"
    client.send(Hello(version="1.0", resume=welcome.resume, next_step=10))
    assert client.answer().code == "bad_resume"
    assert client.hello(seed=4).resumed is False
    assert client.frames(0, 10) == before


def test_workers_end_when_the_front_is_killed(start):
    psutil = pytest.importorskip("psutil")
    server = start(workers=2).started()
    workers = psutil.Process(server.process.pid).children()
    assert len(workers) == 2
    server.process.kill()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []


def test_a_worker_that_dies_takes_its_sessions_along_and_is_started_again(start, connect):
    psutil = pytest.importorskip("psutil")
    server = start(workers=1).started()
    client = connect(server.address)
    client.hello(seed=4)
    before = client.frames(0, 5)
    psutil.Process(server.process.pid).children()[0].kill()
    assert client.answer().code == "internal"
    for _ in range(200):
        client.send(Hello(version="1.0", seed=4))
        if getattr(message := client.answer(), "code", "") != "busy":
            break
        client.socket.poll(50)
    assert message.next_step == 0
    assert client.frames(0, 5) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_when_it_is_told_to_end_it_says_bye_to_every_client_and_exits_with_0(start, connect, number):
    server = start().started()
    clients = [connect(server.address) for _ in range(3)]
    for client in clients:
        client.hello()
    code, output, _ = server.stop(number)
    assert code == 0
    assert [client.answer().reason for client in clients] == ["shutdown"] * 3
    assert output.split() == ["False"], "the front imported torch"


def test_a_port_in_use_is_said_clearly(server, start):
    code, _, errors = start(bind=server.address).ended()
    assert code == 4
    assert errors.strip().endswith(f"{server.address} is in use: end what listens there, or choose another port")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"bind": "nowhere"}, "'nowhere' is no address"),
        ({"bind": "tcp://127.0.0.1:notaport"}, "port 'notaport' cannot be"),
        ({"bind": "tcp://127.0.0.1:99999"}, "port '99999' cannot be"),
        ({"workers": 0}, "at least 1 is needed"),
        ({"sound": "no_such_sound"}, "worker 0 cannot start: ModuleNotFoundError"),
        (
            {"biomes": "/nowhere/mine", "scene": "ambiome_middleware.scene"},
            "cannot start: biomes: /nowhere/mine is not",
        ),
    ],
)
def test_what_cannot_be_served_is_said_clearly(start, options, text):
    code, output, errors = start(**options).ended()
    assert (code, output) == (4, "")
    assert text in errors


def test_importing_the_server_imports_no_torch():
    program = "import sys, ambiome_middleware.server; sys.exit('torch' in sys.modules or 'numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_telemetry_comes_between_the_frames(server, connect):
    client = connect(server.address)
    client.hello(pace="free", telemetry_hz=5)
    client.send(Credit(until_step=25))
    heard = [client.receive()[0] for _ in range(30)]
    assert [message.step for message in heard if isinstance(message, SceneReport)] == [4, 9, 14, 19, 24]
    assert [message.step for message in heard if isinstance(message, Frame)] == list(range(25))


def test_samples_of_16_bits_are_those_of_32_rounded(server, connect):
    fine, coarse = connect(server.address), connect(server.address)
    fine.hello(seed=2, pace="free", layout="mono")
    coarse.hello(seed=2, pace="free", layout="mono", format="s16le")
    for a, b in zip(fine.frames(0, 5), coarse.frames(0, 5), strict=True):
        assert len(b) == len(a) // 2
        np.testing.assert_allclose(unpack(b, "s16le", 1), unpack(a, "f32le", 1), atol=0.5001 / 32_767)


def test_it_ends_though_many_of_its_listeners_have_just_gone(start):
    """Members of zones who grant several frames at a time, and close their connections as the server is told to end."""
    server = start(max_sessions=100).started()
    members = [Card(server.address, f"zone-{place % 10}", 8, 4) for place in range(100)]
    for member in members:
        member.begin()
    periods(members, time.monotonic(), 75)
    for member in members:
        member.connection.close()
    code, _, _ = server.stop()
    assert code == 0
