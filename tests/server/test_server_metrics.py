"""What a server tells those who watch it: figures of a real one, and what counts as sick."""

import itertools
import json
import re
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import msgspec
import psutil
import pytest
import zmq
from ambiome_client import Ambience
from ambiome_client.errors import BadMessage
from ambiome_middleware.buckets import CALL_S, CALL_SESSIONS, empty, put
from ambiome_middleware.crew import Parts
from ambiome_middleware.front import Front, Manners, Send
from ambiome_middleware.metrics import Figures
from ambiome_middleware.metrics_server import MOST_CONNECTIONS, MetricsServer
from ambiome_middleware.server import ServeError, Server, serve
from ambiome_middleware.wire import Load, Meter
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from real_server import RealServer

DOCS = Path(__file__).parents[2] / "docs"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
LOAD = Load(
    0, 3, 1, 7, 0.25, 0.2, 10, 40, 50, 2, 1, 1.5, 1.2, {"credit": 2}, quality=1, loudness_lufs=-31.5, owed_live_steps=3,
    calls_by_s=[10] + [0] * len(CALL_S), calls_by_sessions=[10] + [0] * len(CALL_SESSIONS),
)  # fmt: skip


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def samples(text: str) -> Samples:
    families = text_string_to_metric_families(text)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(port: int) -> Iterator[RealServer]:
    with RealServer(workers=1, metrics_port=port) as one:
        yield one


def test_a_real_server_counts_what_it_does(server: RealServer, port: int) -> None:
    with Ambience(server.address, pace="free") as ambience:
        ambience.world(weather={"rain_mm_h": 20}, location={"biome": "coast"}, cut=True)
        ambience.run_until(4.0)
        ambience.world(location={"biome": "nowhere"})
        ambience.grant(4.04)
        with pytest.raises(BadMessage):
            ambience.read(1)
        while True:  # a worker tells what it has done every second
            found = samples(asked(port, "/metrics")[1])
            if found.get(("ambiome_render_steps_total", (("worker", "0"),)), 0.0) >= 100.0:
                break
        told = json.loads(asked(port, "/sessions")[1])
        (session,) = told["sessions"]
        assert told["count"] == 1
        assert (session["worker"], session["pace"], session["layout"]) == (0, "free", "stereo")
        assert session["step"] >= 100
        assert len(session["scene"]) == 3
        assert -100.0 < session["loudness_lufs"] < 0.0
        assert asked(port, "/health") == (200, '{"sick":[]}\n')
    assert found["ambiome_frames_sent_total", ()] >= 100.0
    assert found["ambiome_audio_bytes_sent_total", ()] >= 100 * 2 * 4 * 1_920
    assert found["ambiome_sessions", (("state", "attached"),)] == 1.0
    assert found["ambiome_free_sessions", (("worker", "0"),)] == 1.0
    assert found["ambiome_errors_total", (("code", "unknown_name"),)] == 1.0
    assert found["ambiome_render_seconds_total", (("worker", "0"),)] > 0.0
    assert -100.0 < found["ambiome_loudness_lufs", (("worker", "0"),)] < 0.0
    assert found["ambiome_healthy", ()] == 1.0


def half_asked(port: int) -> socket.socket:
    """A connection whose question does not come to its end."""
    half = socket.create_connection(("127.0.0.1", port), timeout=10)
    half.sendall(b"GET /metrics HT")
    return half


def test_half_a_question_holds_up_neither_another_nor_the_end() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with RealServer(workers=1, metrics_port=port) as server, half_asked(port):
        assert asked(port, "/health")[0] in (200, 503)
        assert server.stop() == 0


def test_a_worker_that_is_killed_is_told_and_comes_back() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with RealServer(workers=1, metrics_port=port) as server:
        (worker,) = psutil.Process(server.process.pid).children()
        worker.kill()
        while asked(port, "/health") != (503, '{"sick":["worker 0 is gone"]}\n'):
            pass
        while asked(port, "/health")[0] != 200:
            pass
        assert samples(asked(port, "/metrics")[1])["ambiome_worker_deaths_total", (("worker", "0"),)] == 1.0


def test_frames_count_once_they_are_sent() -> None:
    with Server("tcp://127.0.0.1:*", 0, Parts("cpu"), Manners()) as server:
        server._do([Send(b"nobody", b"header", b"audio")])
        assert (server.figures.frames, server.figures.audio_bytes) == (0, 0)
        with zmq.Context() as context, context.socket(zmq.DEALER) as client:
            client.set(zmq.ROUTING_ID, b"somebody")
            client.connect(server.address)
            client.send(b"hello")
            assert server._clients.socket.recv_multipart() == [b"somebody", b"hello"]
            server._do([Send(b"somebody", b"header", b"audio")])
            assert client.recv_multipart() == [b"header", b"audio"]
        assert (server.figures.frames, server.figures.audio_bytes) == (1, 5)


def test_of_too_many_connections_the_oldest_is_let_go() -> None:
    server = MetricsServer(Figures(0), "127.0.0.1", 0)
    held = [half_asked(server.port) for _ in range(MOST_CONNECTIONS)]
    try:
        assert asked(server.port, "/health")[0] == 503
        assert held[0].recv(1) == b""
    finally:
        for half in held:
            half.close()
        server.close()


@pytest.mark.parametrize("path", ["/metrics", "/health", "/sessions"])
def test_who_would_change_something_is_told_that_there_is_nothing_to_change(path: str) -> None:
    server = MetricsServer(Figures(0), "127.0.0.1", 0)
    try:
        for method in ("POST", "PUT", "DELETE"):
            with pytest.raises(HTTPError) as refused:
                urlopen(Request(f"http://127.0.0.1:{server.port}{path}", method=method), timeout=10)
            assert (refused.value.code, refused.value.headers["Allow"]) == (405, "GET, HEAD")
    finally:
        server.close()


def test_other_paths_are_not_there(server: RealServer, port: int) -> None:
    assert asked(port, "/") == (
        404,
        json.dumps({"there is": ["/metrics", "/health", "/sessions"]}, separators=(",", ":")) + "\n",
    )


def test_a_port_that_is_taken(server: RealServer, port: int) -> None:
    with pytest.raises(ServeError, match=f"metrics at port {port}: Address already in use"):
        serve("tcp://127.0.0.1:*", metrics_port=port)


def test_who_is_not_heard_of_is_sick() -> None:
    now = [100.0]
    figures = Figures(2, clock=lambda: now[0])
    assert figures.sick() == [
        "the front process does not go round", "worker 0 is not heard of", "worker 1 is not heard of",
    ]  # fmt: skip
    figures.turned_at = 100.0
    figures.loaded(LOAD)
    assert figures.sick() == ["worker 1 is not heard of"]
    figures.loaded(Load(1, 0, 0, 0, 0.0, 0.0, 0, 0, 0, 0, 0, 0.0, 0.0, {}))
    assert figures.sick() == []
    now[0] = 106.0
    assert len(figures.sick()) == 3
    server = MetricsServer(figures, "127.0.0.1", 0)
    try:
        assert asked(server.port, "/health")[0] == 503
        assert samples(asked(server.port, "/metrics")[1])["ambiome_healthy", ()] == 0.0
    finally:
        server.close()


def collected(figures: Figures) -> Samples:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(figures)
    return samples(generate_latest(registry).decode())


def test_a_worker_that_died_is_sick_until_it_is_there_again_and_its_sessions_are_gone() -> None:
    meter = Meter(7, "live", "stereo", "procedural", 25, 4, -30.0, {})
    load = msgspec.structs.replace(LOAD, meters=(meter,))
    figures = Figures(1, clock=lambda: 1.0, turned_at=1.0, attached=1)
    figures.loaded(load)
    assert [each["session"] for each in figures.sessions()["sessions"]] == [7]
    figures.lost(0)
    assert figures.sick() == ["worker 0 is gone"]
    figures.loaded(load)  # was on its way
    assert figures.sick() == ["worker 0 is gone"]
    assert figures.sessions()["sessions"] == []
    found = collected(figures)
    assert ("ambiome_live_sessions", (("worker", "0"),)) not in found
    assert ("ambiome_report_timestamp_seconds", (("worker", "0"),)) not in found
    assert found["ambiome_worker_deaths_total", (("worker", "0"),)] == 1.0
    figures.ready(0)
    figures.loaded(load)
    assert figures.sick() == []


def test_no_worker_s_death_makes_errors_fewer() -> None:
    figures = Figures(2)
    figures.refused["credit"] = 1
    figures.loaded(LOAD)
    figures.loaded(msgspec.structs.replace(LOAD, worker=1))
    told = []
    for step in (
        lambda: None,
        lambda: figures.lost(0),
        lambda: figures.loaded(LOAD),
        lambda: figures.ready(0),
        lambda: figures.loaded(msgspec.structs.replace(LOAD, errors={})),
        lambda: figures.loaded(msgspec.structs.replace(LOAD, errors={"credit": 1})),
    ):
        step()
        told.append(collected(figures)["ambiome_errors_total", (("code", "credit"),)])
    assert told == [5.0, 5.0, 5.0, 5.0, 5.0, 6.0]


def test_how_many_sessions_there_are_is_told_beside_those_that_are() -> None:
    meters = tuple(Meter(n, "live", "stereo", "procedural", 1, 1, -30.0, {}) for n in range(1, 33))
    figures = Figures(1, attached=43, detached=1, zones={32: ("hall", 4)})
    figures.loaded(msgspec.structs.replace(LOAD, meters=meters))
    told = figures.sessions()
    assert (told["count"], len(told["sessions"])) == (41, 32)


def test_how_calls_spread_is_a_histogram() -> None:
    load = msgspec.structs.replace(LOAD, calls_by_s=empty(CALL_S), calls_by_sessions=empty(CALL_SESSIONS))
    figures = Figures(1)
    for took_s, sessions in ((0.004, 1), (0.0041, 3), (3.0, 300)):
        put(load.calls_by_s, CALL_S, took_s)
        put(load.calls_by_sessions, CALL_SESSIONS, sessions)
    figures.loaded(load)
    found = collected(figures)

    def at_most(name: str, bound: str) -> float:
        return found[f"ambiome_{name}_bucket", (("le", bound), ("worker", "0"))]

    assert [at_most("render_call_seconds", bound) for bound in ("0.002", "0.004", "0.008", "1.024", "+Inf")] == [
        0.0, 1.0, 2.0, 2.0, 3.0,
    ]  # fmt: skip
    assert [at_most("render_call_sessions", bound) for bound in ("1", "2", "4", "256", "+Inf")] == [1, 1, 2, 2, 3]
    assert found["ambiome_render_call_seconds_sum", (("worker", "0"),)] == LOAD.render_s
    assert found["ambiome_render_call_seconds_count", (("worker", "0"),)] == 3.0


def test_workers_stand_in_the_order_of_their_numbers() -> None:
    figures = Figures(11)
    for worker in (10, 2):
        figures.loaded(msgspec.structs.replace(LOAD, worker=worker))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(figures)
    text = generate_latest(registry).decode()
    assert re.findall(r'^ambiome_busy_ratio{worker="(\d+)"}', text, re.MULTILINE) == ["2", "10"]


def test_figures_are_those_of_workers_and_front_together() -> None:
    figures = Figures(1, attached=3, detached=1, frames=50, underruns=4)
    figures.refused["credit"] += 1
    figures.loaded(LOAD)
    found = collected(figures)
    assert found["ambiome_errors_total", (("code", "credit"),)] == 3.0
    assert found["ambiome_client_underruns_total", ()] == 4.0
    assert found["ambiome_deadline_misses_total", (("worker", "0"),)] == 2.0
    assert found["ambiome_render_requests_total", (("worker", "0"),)] == 40.0
    assert found["ambiome_loudness_lufs", (("worker", "0"),)] == -31.5


def test_the_dashboard_asks_for_metrics_that_there_are() -> None:
    figures = Figures(1)
    figures.refused["busy"] += 1
    figures.loaded(LOAD)
    there = {name for name, _ in collected(figures)}
    panels = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))["panels"]
    asked_for = {
        name for panel in panels for one in panel["targets"] for name in re.findall(r"ambiome_\w+", one["expr"])
    }
    assert len(asked_for) > 10
    assert asked_for <= there
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)


def test_seconds_and_sessions_have_axes_of_their_own() -> None:
    panels = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))["panels"]
    (panel,) = (each for each in panels if any("render_seconds_total" in one["expr"] for one in each["targets"]))
    (override,) = panel["fieldConfig"]["overrides"]
    (target,) = (one for one in panel["targets"] if one["refId"] == override["matcher"]["options"])
    assert "render_seconds_total" in target["expr"]
    assert {each["id"]: each["value"] for each in override["properties"]} == {
        "unit": "s", "custom.axisPlacement": "right",
    }  # fmt: skip


def test_every_metric_is_documented() -> None:
    figures = Figures(1, refused=Counter(busy=1))
    figures.loaded(LOAD)
    there = {re.sub("_(bucket|sum|count)$", "", name) for name, _ in collected(figures)}
    page = (DOCS / "server.md").read_text(encoding="utf-8")
    assert [name for name in sorted(there) if not re.search(rf"`{name.removeprefix('ambiome_')}[`{{]", page)] == []


def test_the_time_that_it_took_to_start_is_not_told_as_work() -> None:
    """Every look at the clock is a tenth of a second later than the one before, and to start takes a hundred."""
    now_s, started_s = itertools.count(0.0, 0.1), 0.0
    servers: list[Server] = []

    def clock() -> float:
        for each in servers:
            if each.figures.front_busy:
                each.stop()
        return started_s + next(now_s)

    with Server("tcp://127.0.0.1:*", 0, Parts("cpu"), Manners(), clock=clock) as server:
        server._front, started_s = Front([0], 1), 100.0
        servers.append(server)
        server.run()
        assert 0.0 < server.figures.front_busy < 0.9
