"""`ambiome top`: a server as it is; where there is none, a line that says what is wanted."""

import re
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from ambiome_cli.exits import Exit, Problem
from ambiome_cli.looks import Look, Rates
from ambiome_client import Ambience
from ambiome_middleware.metrics import Figures
from ambiome_middleware.metrics_server import MetricsServer
from ambiome_middleware.wire import Load, Meter
from real_server import RealServer

from .conftest import Done

Ambiome = Callable[..., Done]
SCENE = {"rain_mm_h": 0.4, "wind_foliage_db": 0.31, "birds_songs_per_min": 0.2}


def meter(session: int) -> Meter:
    return Meter(session, "live", "ambisonics", "procedural", 90_000 + session, 6, -31.0, SCENE)


def load(worker: int, meters: tuple[Meter, ...] = ()) -> Load:
    return Load(worker, 20, 1, 250, 0.5, 0.4, 10, 40, 1_000, 2, 0, 1.5, 1.2, {}, meters, loudness_lufs=-31.5)


@pytest.fixture
def figures() -> Figures:
    """Of a server that is well: two workers, one of which tells of 32 of its 40 sessions."""
    figures = Figures(2, clock=lambda: 0.0, turned_at=0.0, attached=43, frames=123_456, zones={3: ("hall", 4)})
    figures.loaded(load(0, tuple(meter(n) for n in range(1, 33))))
    figures.loaded(load(1))
    return figures


@pytest.fixture
def url(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where these figures are told."""
    monkeypatch.setattr("ambiome_cli.commands.top.AGAIN_S", 0.0)
    server = MetricsServer(figures, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.port}"
    server.close()


def looked(at_s: float, reported_at: float = 0.0, **samples: float) -> Look:
    """A look at a server with one worker."""
    told = {("ambiome_frames_sent_total", ""): samples.pop("frames", 0.0)}
    told |= {(f"ambiome_render_{name}_total", "0"): value for name, value in samples.items()}
    return Look(at_s, told | {("ambiome_report_timestamp_seconds", "0"): reported_at}, [], 0, [])


def test_a_server_at_work(ambiome: Ambiome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "180")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with RealServer(workers=1, metrics_port=port) as server, Ambience(server.address, pace="free") as ambience:
        ambience.world(weather={"rain_mm_h": 20}, location={"biome": "coast"}, cut=True)
        ambience.run_until(2.0)
        hall = Ambience(server.address, zone="hall")
        while True:  # a worker tells every second how its sessions stand
            done = ambiome("top", f"127.0.0.1:{port}", "--once")
            if re.search(r"^ +1 .* 2\.0 s", done.out, re.MULTILINE) and "hall" in done.out:
                break
        assert (done.code, done.err) == (0, "")
        assert "  well  2 attached, 0 detached" in done.out
        assert "rain_mm_h" in done.out
        assert re.search(r"free +│ stereo +│ procedural", done.out)
        assert "1 in 1 zones" in done.out
        assert re.search(r"│ hall, 1 members +│ live", done.out)
        hall.close()


@pytest.mark.parametrize(
    ("width", "workers", "sessions"),
    [
        (
            180,
            "worker busy live free owed steps/s batch misses quality LUFS",
            "session worker zone pace layout renderer at held LUFS scene",
        ),
        (80, "worker busy live free owed steps/s batch misses quality LUFS", "session worker zone pace at held LUFS"),
        (40, "worker busy live free steps/s", "session at held LUFS"),
    ],
)
def test_a_row_is_a_line_at_every_width(
    ambiome: Ambiome, url: str, monkeypatch: pytest.MonkeyPatch, width: int, workers: str, sessions: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = ambiome("top", url, "--once").out.splitlines()
    assert max(len(line) for line in lines) <= width
    headings = [n for n, line in enumerate(lines) if "┃" in line]
    found = [" ".join(lines[n].replace("┃", " ").split()) for n in headings]
    assert found == [workers, sessions]
    first, last = headings[0] + 2, headings[1] + 2
    assert [line.split()[0] for line in lines[first : first + 2]] == ["0", "1"]
    assert [line.split()[0] for line in lines[last : last + 32]] == [str(n) for n in range(1, 33)]
    assert lines[last + 32 :] == ["… and 8 more"]


def test_where_it_prints_to_no_terminal_it_leaves(ambiome: Ambiome, url: str) -> None:
    done = ambiome("top", url)
    assert (done.code, done.err) == (0, "")
    assert "  well  43 attached" in done.out


def test_a_server_that_does_not_answer_for_a_while_is_waited_for(
    ambiome: Ambiome, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Look | Exception] = [
        looked(0.0), Problem(Exit.UNREACHABLE, "gone"), looked(1.0), KeyboardInterrupt(),  # type: ignore[list-item]
    ]  # fmt: skip

    def answer(_: str) -> Look:
        first = answers.pop(0)
        if isinstance(first, BaseException):
            raise first
        return first

    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("ambiome_cli.commands.top.look", answer)
    monkeypatch.setattr("ambiome_cli.commands.top.time.sleep", lambda _: None)
    done = ambiome("top", url)
    assert (done.code, answers) == (130, [])
    assert [*re.findall("well|does not answer", done.out)] == ["well", "does not answer", "well"]


def test_rates_are_those_between_two_reports() -> None:
    rates = Rates()
    rates.see(looked(0.0, 100.0, steps=500, requests=40, turns=20))
    assert rates.rate("render_steps_total", "0") is None
    for at_s in (0.2, 0.4, 0.6):
        rates.see(looked(at_s, 100.0, steps=500, requests=40, turns=20))
        assert rates.rate("render_steps_total", "0") is None
    for at_s in (0.8, 1.0):
        rates.see(looked(at_s, 101.0, steps=3_500, requests=100, turns=30))
        assert rates.rate("render_steps_total", "0") == 3_000.0
        assert rates.ratio("render_requests_total", "render_turns_total", "0") == 6.0
    rates.see(looked(3.0, 103.0, steps=100, requests=10, turns=10))
    assert rates.rate("render_steps_total", "0") == 0.0, "it began anew"
    assert rates.ratio("render_requests_total", "render_turns_total", "0") is None


def test_the_front_s_rates_are_those_between_two_looks() -> None:
    rates = Rates()
    rates.see(looked(0.0, frames=100))
    rates.see(looked(0.5, frames=200))
    assert rates.rate("frames_sent_total") == 200.0
    rates.see(looked(1.5, frames=10))
    assert rates.rate("frames_sent_total") == 0.0


def test_no_server_is_a_line(ambiome: Ambiome) -> None:
    done = ambiome("top", "http://127.0.0.1:9", "--once")
    assert done.code == 5
    assert "start it with --metrics" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9/ x", "control characters"),
        ("127.0.0.1:9", "http://127.0.0.1:9 does not tell how a server is (Connection refused"),
        ("localhost:99999999", "does not tell"),
        ("ftp://127.0.0.1:9", "does not tell"),
    ],
)
def test_what_is_no_address_is_a_line(ambiome: Ambiome, url: str, why: str) -> None:
    done = ambiome("top", url, "--once")
    assert done.code == 5
    assert why in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.0 200 OK\r\n\r\n[]", b""])
def test_what_is_no_server_of_ours_is_a_line(ambiome: Ambiome, said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1_024)
                    connection.sendall(said)

        threading.Thread(target=answer, daemon=True).start()
        done = ambiome("top", f"127.0.0.1:{listener.getsockname()[1]}", "--once")
        listener.shutdown(socket.SHUT_RDWR)
    assert done.code == 5
    assert "start it with --metrics" in done.err
    assert len(done.err.splitlines()) == 1
