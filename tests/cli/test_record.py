"""What `ambiome record` writes down is what was heard: rendered again, it gives the same samples."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import zmq
from ambiome_cli.local_server import local_server
from ambiome_cli.recorder import Recorder
from ambiome_cli.relay import GONE_AFTER_S, MOST_PEERS, Relay
from ambiome_client import Ambience, BadMessage
from ambiome_middleware import render
from ambiome_middleware.client_socket import LARGEST_READ_BYTES
from ambiome_protocol.codec import encode
from ambiome_protocol.messages import Change, Credit, Error, Frame, Hello, Warning, Welcome
from ambiome_protocol.score import read_score, write_score
from ambiome_protocol.version import VERSION
from real_server import RealServer
from zmq.auth import create_certificates, load_certificate

from .conftest import Done

RAIN = {"rain_mm_h": 20.0}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with local_server(workers=1, device="cpu") as server:
        yield server.address


def recorded(server: str, play: Callable[[str], np.ndarray]) -> tuple[np.ndarray, Recorder]:
    """What `play` hears through a relay, and what the recorder at it heard."""
    recorder = Recorder()
    relay = Relay(server, "tcp://127.0.0.1:*", recorder)
    stop = threading.Event()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    try:
        heard = play(relay.address)
        thread.join(timeout=30)
        assert not thread.is_alive(), "a recording ends when its session does"
    finally:
        stop.set()
        thread.join()
        relay.close()
    return heard, recorder


def rendered(changes: tuple[Change, ...], samples: int) -> np.ndarray:
    """The sound of a score, after its way through a file."""
    return render(read_score(write_score(changes)), seconds=samples / 48_000, seed=11, layout="mono", device="cpu")


def test_a_live_session_is_heard_again(server: str) -> None:
    def play(address: str) -> np.ndarray:
        with Ambience(address, seed=11, layout="mono") as ambience:
            ambience.world(location={"biome": "coast"}, cut=True)
            ambience.event("lightning", distance_m=60, at=1.2)
            heard = [ambience.read(20)]
            ambience.world(weather=RAIN, transition_s=0.5)
            ambience.mix(master_db=-6)
            heard.append(ambience.read(20))
            ambience.world(location={"biome": "nowhere"})
            with pytest.raises(BadMessage, match="nowhere"):
                ambience.read(30)
            heard.append(ambience.read(60 - ambience.step))
            return np.concatenate(heard, axis=1)

    heard, recorder = recorded(server, play)
    changes = recorder.changes()
    assert len(changes) == 4
    assert [change.at for change in changes] == sorted(change.at for change in changes if isinstance(change.at, float))
    assert recorder.session is not None
    assert recorder.session.seed == 11
    sound = rendered(changes, 60 * 1_920)
    np.testing.assert_array_equal(heard[:, -10 * 1_920 :], sound[:, -10 * 1_920 :])


def test_a_free_session_is_heard_again(server: str) -> None:
    def play(address: str) -> np.ndarray:
        with Ambience(address, seed=11, layout="mono", pace="free") as ambience:
            ambience.world(location={"biome": "river"}, cut=True)
            heard = [ambience.run_until(1.0)]
            ambience.world(weather=RAIN, cut=True)
            ambience.event("lightning", distance_m=40, at=0.2)
            heard.append(ambience.run_until(3.0))
            return np.concatenate(heard, axis=1)

    heard, recorder = recorded(server, play)
    assert [change.at for change in recorder.changes()] == [0.0, 1.0, 1.0]
    np.testing.assert_array_equal(heard, rendered(recorder.changes(), heard.shape[1]))


def test_a_recording_ends_with_a_game_that_never_says_bye(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ambiome_cli.relay.GONE_AFTER_S", 0.5)

    def play(address: str) -> np.ndarray:
        with zmq.Context() as context, context.socket(zmq.DEALER) as game:
            game.linger = 0
            game.connect(address)
            game.send(encode(Hello(version=VERSION, seed=11, layout="mono")))
            game.send(encode(Credit(until_step=3)))
            while len(said := game.recv_multipart()) == 1:
                pass
            return np.frombuffer(said[1], np.float32)

    _, recorder = recorded(server, play)
    assert not recorder.is_over
    assert recorder.session is not None
    assert recorder.session.seed == 11


PATIENCE = 200


def test_a_relay_has_no_more_connections_than_it_can_use_and_lets_the_silent_go() -> None:
    now_s = 0.0
    with zmq.Context() as context, context.socket(zmq.ROUTER) as server, ExitStack() as after:
        server.linger = 0
        server.bind("tcp://127.0.0.1:*")
        relay = Relay(server.get_string(zmq.LAST_ENDPOINT), "tcp://127.0.0.1:*", Recorder(), clock=lambda: now_s)
        after.callback(relay.close)
        games = [after.enter_context(context.socket(zmq.DEALER)) for _ in range(MOST_PEERS + 1)]

        def heard() -> tuple[bytes, bytes]:
            """What the server hears next, and from whom."""
            for _ in range(PATIENCE):
                if server.poll(0):
                    peer, said = server.recv_multipart()
                    return peer, said
                relay._turn()
            raise AssertionError("nothing is passed on")

        for game in games:
            game.linger = 0
            game.connect(relay.address)
        games[0].send(bytes(LARGEST_READ_BYTES + 1))
        for number, game in enumerate(games[1:]):
            game.send(b"%d" % number)
            peer, said = heard()
            assert said == b"%d" % number, "one that is too large is not passed on, and its connection is cut"
        games[0].send(b"one too many")
        games[1].send(b"as before")
        assert heard()[1] == b"as before"
        games[-1].close()
        for _ in range(PATIENCE):
            server.send_multipart([peer, b"a frame"])
            relay._turn()
            if len(relay._peers) < MOST_PEERS:
                break
        assert len(relay._peers) == MOST_PEERS - 1, "who is gone is let go"
        now_s = GONE_AFTER_S
        games[1].send(b"still here")
        assert heard()[1] == b"still here"
        relay._turn()
        assert len(relay._peers) == 1


def test_a_session_of_a_server_that_wants_keys_is_recorded_too(tmp_path: Path) -> None:
    for name in ("server", "studio"):
        create_certificates(tmp_path, name)
    key, _ = load_certificate(tmp_path / "server.key")
    guests = tmp_path / "guests.toml"
    guest, _ = load_certificate(tmp_path / "studio.key")
    guests.write_text(f'[studio]\nkey = "{guest.decode()}"\nsessions = 1\n', encoding="utf-8")
    score = tmp_path / "score.jsonl"
    with RealServer(key=tmp_path / "server.key_secret", guests=guests) as server, ExitStack() as after:
        command = [sys.executable, "-m", "ambiome_cli", "record", server.address, str(score)]
        command += ["--bind", "tcp://127.0.0.1:*", "--server-key", key.decode()]
        command += ["--key", str(tmp_path / "studio.key_secret")]
        process = after.enter_context(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        after.callback(process.kill)
        assert process.stderr is not None
        address = process.stderr.readline().split()[3].rstrip(":")
        with Ambience(address, seed=23) as ambience:
            ambience.world(weather=RAIN)
            ambience.read(5)
        assert process.wait(30) == 0
    assert '"rain_mm_h": 20.0' in score.read_text()


@pytest.mark.parametrize("bind", ["tcp://0.0.0.0:5572", "tcp://*:*", "ws://127.0.0.1:5572"])
def test_where_strangers_could_connect_is_refused(ambiome: Callable[..., Done], tmp_path: Path, bind: str) -> None:
    done = ambiome("record", "tcp://127.0.0.1:9", tmp_path / "score.jsonl", "--bind", bind)
    assert (done.code, len(done.err.splitlines())) == (4, 1)
    assert done.err.startswith(f"ambiome: {bind} can be reached by strangers: say --insecure")


def test_where_strangers_could_connect_is_opened_where_that_is_wanted(
    ambiome: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ambiome_cli.commands.record.ANSWER_S", 0.3)
    done = ambiome("record", "tcp://127.0.0.1:9", tmp_path / "score.jsonl", "--bind", "tcp://0.0.0.0:*", "--insecure")
    assert done.code == 5, "there is only no server"


def welcome(pace: str = "live") -> bytes:
    return encode(
        Welcome(
            version="1.0", session="s1", resume=bytes(16), next_step=0, seed=1, layout="mono", format="f32le",
            pace=pace, channels=1, sample_rate_hz=48_000, step_samples=1_920, max_outstanding_steps=25, sound_version=1,
        )
    )  # fmt: skip


def frame(step: int, applied_seq: int) -> list[bytes]:
    return [encode(Frame(step=step, applied_seq=applied_seq, layout="mono", format="f32le")), b""]


def test_the_quality_in_which_it_was_rendered_is_written_down() -> None:
    recorder = Recorder()
    recorder.from_server([welcome()])
    recorder.from_client(change(1))
    for step, quality in enumerate((0, 0, 2, 2, 0)):
        header = Frame(step=step, applied_seq=int(step > 1), layout="mono", format="f32le", quality=quality)
        recorder.from_server([encode(header), b""])
    lines = list(write_score(recorder.changes()))
    assert [line for line in lines if "quality" in line] == [
        '{"at": 0.08, "quality": 2}', '{"at": 0.16, "quality": 0}',
    ]  # fmt: skip
    assert len(lines) == 3


def change(seq: int, at: float | None = None) -> bytes:
    (made,) = read_score([f'{{"at": {at or 0}, "mix": {{"master_db": -{seq}}}}}'])
    fields = {"seq": seq, "mix": made.mix} | ({} if at is None else {"at": at})
    return encode(type(made)(**fields))


def times(recorder: Recorder) -> list[tuple[int, object]]:
    return [(change.seq, change.at) for change in recorder.changes()]


def test_a_live_change_is_at_the_first_frame_that_has_it() -> None:
    recorder = Recorder()
    recorder.from_server([welcome()])
    recorder.from_client(change(1))
    recorder.from_client(change(2))
    for step, applied in ((0, 0), (1, 2), (2, 2)):
        recorder.from_server(frame(step, applied))
    recorder.from_client(change(3))
    recorder.from_client(change(4, at=0.4))
    recorder.from_server(frame(3, 3))
    assert times(recorder) == [(1, 0.04), (2, 0.04), (3, 0.12), (4, 0.4)]


def test_a_free_change_is_at_the_credit_before_it_and_a_late_one_where_the_server_put_it() -> None:
    recorder = Recorder()
    recorder.from_server([welcome("free")])
    recorder.from_client(encode(Credit(until_step=50)))
    recorder.from_client(change(1))
    recorder.from_client(change(2, at=1.0))
    recorder.from_server([encode(Warning(code="late", detail="", seq=2, at=1.0, applied_at=2.0))])
    assert times(recorder) == [(1, 2.0), (2, 2.0)]


def test_what_was_refused_sent_twice_or_not_understood_is_left_out() -> None:
    recorder = Recorder()
    recorder.from_server([welcome()])
    for data in (change(1), change(2), change(2), b"\xff", b""):
        recorder.from_client(data)
    recorder.from_server([encode(Error(code="unknown_name", detail="", seq=1))])
    recorder.from_server(frame(0, 2))
    assert times(recorder) == [(2, 0.0)]


def test_no_server_is_exit_5(ambiome: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ambiome_cli.commands.record.ANSWER_S", 0.3)
    done = ambiome("record", "tcp://127.0.0.1:9", tmp_path / "score.jsonl")
    assert (done.code, len(done.err.splitlines())) == (5, 1)
    assert not (tmp_path / "score.jsonl").exists()
    assert ambiome("record", "nonsense", tmp_path / "score.jsonl").code == 4
    assert ambiome("record", "tcp://127.0.0.1:99999", tmp_path / "score.jsonl").code == 4


@pytest.mark.parametrize(
    ("bind", "text"),
    [
        (
            "5572",
            "ambiome: '5572' is no address to listen at (Invalid argument): one like tcp://127.0.0.1:5572 is needed",
        ),
        ("tcp://127.0.0.1:99999", "port '99999' cannot be; it must be 1 … 65535, or * for a free one"),
        ("server", "is in use: end what listens there, or choose another --bind"),
    ],
)
def test_where_the_game_is_to_connect_must_be_free_and_an_address(
    ambiome: Callable[..., Done], server: str, tmp_path: Path, bind: str, text: str
) -> None:
    taken = server if bind == "server" else bind
    done = ambiome("record", server, tmp_path / "score.jsonl", "--bind", taken)
    assert (done.code, len(done.err.splitlines())) == (4, 1)
    assert text in done.err
    assert not (tmp_path / "score.jsonl").exists()


def test_the_command_writes_the_score_and_says_how_to_render_it(server: str, tmp_path: Path) -> None:
    score = tmp_path / "score.jsonl"
    command = [sys.executable, "-m", "ambiome_cli", "record", server, str(score), "--bind", "tcp://127.0.0.1:*"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, ExitStack() as after:
        after.callback(process.kill)  # whatever went wrong, it must not be waited for
        assert process.stderr is not None
        address = process.stderr.readline().split()[3].rstrip(":")
        with Ambience(address, seed=23) as ambience:
            ambience.world(weather=RAIN)
            ambience.read(5)
        said = process.stderr.read()
        assert process.wait() == 0
    assert "--seed 23 --layout stereo" in said
    assert '"rain_mm_h": 20.0' in score.read_text()
