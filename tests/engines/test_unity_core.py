"""The engine-free core of the Unity package on Mono: golden vectors, rules, and real sound from real servers."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ambiome_client import Ambience
from ambiome_protocol.codec import decode_client, decode_server
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.messages import Hello, Message, Welcome
from client.toy_server import ToyServer
from real_server import RealServer
from relay import Relay

from engines.engines import REPOSITORY
from engines.mono import CORE, PROGRAMS, Map, Player, Programs, Samples, compiled

VECTORS = REPOSITORY / "protocol/vectors"
RATE_HZ = 48_000
RISE, FALL = 720, 480
SEED = 11
RAIN: Map = {"weather": {"rain_mm_h": 60, "wind_m_s": 8}, "location": {"biome": "temperate_forest"}}
CALM: Map = {"weather": {"rain_mm_h": 0, "wind_m_s": 0}}


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    sources = [*sorted(CORE.glob("*.cs")), *sorted(PROGRAMS.glob("*.cs"))]
    return Programs(compiled(tmp_path_factory.mktemp("mono") / "core.exe", sources))


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    """A real server that no test may kill, warm."""
    with RealServer() as real:
        with Ambience(real.address, seed=1, timeout_s=250) as ambience:
            ambience.world(**RAIN)
            ambience.read(5)
        yield real


def _names(file: str) -> list[str]:
    return [vector["name"] for vector in json.loads((VECTORS / file).read_text())]


# The protocol.


def test_reads_every_message(programs: Programs) -> None:
    assert programs.run("read", VECTORS) == _names("messages.json")


def test_writes_every_message_so_that_it_reads_the_same(programs: Programs) -> None:
    (line,) = programs.run("write", VECTORS)
    written = json.loads(line)
    for vector in json.loads((VECTORS / "messages.json").read_text()):
        decode = decode_client if vector["direction"] == "to_server" else decode_server
        assert decode(bytes.fromhex(written[vector["name"]])) == decode(bytes.fromhex(vector["hex"])), vector["name"]


def test_refuses_bad_bytes_with_code_and_field(programs: Programs) -> None:
    refused = programs.run("bad", VECTORS)
    of_bytes = [
        vector["name"]
        for vector in json.loads((VECTORS / "bad.json").read_text())
        if vector["code"] in ("malformed", "too_large") or vector["direction"] == "to_client"
    ]
    assert refused == of_bytes


def test_any_bytes_decode_or_are_refused_in_bounded_memory(programs: Programs) -> None:
    (line,) = programs.run("fuzz", VECTORS, 1, 20_000)
    assert "refused" in line


def test_steps_and_samples(programs: Programs) -> None:
    assert programs.run("steps", VECTORS) == _names("steps.json")
    assert programs.run("audio", VECTORS) == _names("audio.json")


def test_json_is_read_and_written(programs: Programs) -> None:
    right = [
        None,
        True,
        0,
        -7,
        2**63 - 1,
        0.1,
        -1.5e-300,
        1e22,
        "",
        'ä"\\\n€😀',
        [],
        {},
        [1, [2.0]],
        {"a": {"b": None}},
    ]
    texts = [json.dumps(value) for value in right]
    wrong = [
        "",
        "01",
        "1.",
        "+1",
        "nul",
        "[1,]",
        '{"a":1,}',
        '{"a" 1}',
        '{"a":1,"a":2}',
        '"\t"',
        '"\\x"',
        "1 2",
        "[" * 99,
        "1e999",
    ]
    printed = programs.run("json", given="\n".join([*texts, *wrong]))
    assert [json.loads(line) for line in printed[: len(right)]] == right
    assert printed[len(right) :] == ["refused"] * len(wrong)


@pytest.mark.parametrize("program", ["wire", "rules", "sound"])
def test_without_a_socket(programs: Programs, program: str) -> None:
    """ZMTP in every chunking; the table of states and events; ring, fades, resampling and the memory they take."""
    assert programs.run(program) == ["ok"]


@pytest.mark.long
def test_a_ring_between_two_threads_keeps_order(programs: Programs) -> None:
    assert programs.run("ring") == ["2000000 frames"]


@pytest.mark.parametrize(
    ("rate_hz", "minutes"), [pytest.param(44_100, 10, marks=pytest.mark.long), (44_100, 2), (48_000, 2), (96_000, 1)]
)
def test_simulated_minutes_do_not_drift(programs: Programs, rate_hz: int, minutes: int) -> None:
    """Exactly as much is taken as is played, the buffer stays between two and four steps, the tone stays in phase."""
    (line,) = programs.run("drift", rate_hz, minutes)
    assert "off by at most" in line


# Real sound.


def _level_db(sound: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(sound)) + 1e-12))


def _reference(address: str, seconds: float, world: Map) -> Samples:
    """What an uninterrupted Python client of the same seed hears."""
    with Ambience(address, seed=SEED, pace="free") as ambience:
        ambience.world(**world)
        return ambience.run_until(seconds)


def _ramp(frames: int) -> Samples:
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(frames) + 0.5) / frames)).astype(np.float32)


def _stretches(heard: Samples) -> list[tuple[int, int]]:
    """Where there is sound between silences of at least 5 ms: (first, end) in frames."""
    sounding = np.flatnonzero(np.abs(heard).max(axis=0) > 0)
    breaks = np.flatnonzero(np.diff(sounding) > 240)
    firsts = [sounding[0], *sounding[breaks + 1]]
    ends = [*sounding[breaks], sounding[-1]]
    return [(int(first), int(end) + 1) for first, end in zip(firsts, ends, strict=True)]


def _check_exact(heard: Samples, reference: Samples) -> int:
    """Each stretch goes on where the one before ended, under ramps at its ends, and is the reference to the bit else.

    How many stretches there were.
    """
    at = 0
    stretches = _stretches(heard)
    silence = int(np.flatnonzero(np.abs(reference).max(axis=0))[0])  # what the sound itself begins with
    for number, (begin, end) in enumerate(stretches):
        first = begin - (silence if number == 0 else 0)
        length = end - first
        wanted = reference[:, at : at + length].copy()
        wanted[:, :RISE] *= _ramp(RISE)
        is_last = number == len(stretches) - 1
        if not is_last:
            wanted[:, -FALL:] *= _ramp(FALL)[::-1]
        found = heard[:, first:end]
        inner = slice(RISE, length if is_last else length - FALL)
        assert found[:, inner].tobytes() == np.ascontiguousarray(wanted[:, inner]).tobytes(), f"stretch {number}"
        assert np.abs(found - wanted).max() < 1e-6
        at += length
    return len(stretches)


def _check_smooth(heard: Samples, limit: float) -> None:
    """No step from one sample to the next is larger than the sound itself makes them."""
    assert np.abs(np.diff(heard, axis=1)).max() <= limit


def _play(programs: Programs, folder: Path, server: RealServer, seconds: float) -> Player:
    with Player(programs, folder, server.address, seed=SEED, seconds=seconds + 30) as player:
        player.do(world=RAIN)
        player.do(wait="Connected opened")
        player.do(play=seconds / 2)
        player.do(world=CALM, cut=True)
        player.do(play=seconds / 2)
    return player


def _check_played(player: Player, seconds: float) -> None:
    report, heard = player.report, player.heard
    assert report["underruns"] == 0
    assert report["audio_thread_bytes"] == 0
    assert report["gen0"] == 0
    assert report["state"] == "Closed"
    assert report["dispose_s"] < 0.5
    assert player.notices("Error") == player.notices("Disconnected") == []
    first, end = _stretches(heard)[0]
    middle = first + int(seconds / 2 * RATE_HZ)
    rain, calm = heard[:, first + RATE_HZ : middle - RATE_HZ // 4], heard[:, middle + RATE_HZ : end]
    assert _level_db(rain) > _level_db(calm) + 6
    assert len(_stretches(rain)) == 1


def test_six_seconds_of_rain_then_calm(programs: Programs, server: RealServer, tmp_path: Path) -> None:
    _check_played(_play(programs, tmp_path, server, 6), 6)


@pytest.mark.long
def test_thirty_seconds_of_callbacks(programs: Programs, server: RealServer, tmp_path: Path) -> None:
    _check_played(_play(programs, tmp_path, server, 30), 30)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ten_minutes_without_an_underrun(programs: Programs, server: RealServer, tmp_path: Path) -> None:
    with Player(programs, tmp_path, server.address, seed=SEED, seconds=660, rate_hz=44_100, channels=1) as player:
        player.do(wait="Connected opened")
        buffered = []
        for number in range(60):
            player.do(world={"weather": {"rain_mm_h": 40 * (number % 2)}})
            buffered.append(player.do(play=10.0)["buffered_s"])
    assert max(buffered) <= 0.16
    assert np.median(buffered) >= 0.1
    assert player.report["underruns"] == 0
    assert player.report["audio_thread_bytes"] == 0
    assert player.notices("Disconnected") == []


def test_telemetry_is_told(programs: Programs, server: RealServer, tmp_path: Path) -> None:
    with Player(programs, tmp_path, server.address, seed=SEED, telemetry_hz=10) as player:
        player.do(world=RAIN)
        player.do(wait="Scene")
        player.do(play=1.0)
    scenes = player.notices("Scene")
    assert len(scenes) >= 8
    assert scenes[0]["values"].keys() == scenes[0]["targets"].keys() != set()


def test_plays_what_a_python_client_hears_through_pauses(
    programs: Programs, server: RealServer, tmp_path: Path
) -> None:
    with Player(programs, tmp_path, server.address, seed=SEED) as player:
        player.do(world=RAIN)
        player.do(wait="Connected opened")
        for seconds in (0.7, 0.4):
            player.do(play=seconds)
            player.do(pause=True)
            player.do(play=0.5)
            player.do(pause=False)
        player.do(play=1.0)
    assert player.report["underruns"] == 0
    reference = _reference(server.address, 4.0, RAIN)
    assert _check_exact(player.heard, reference) == 3


@pytest.mark.long
def test_killed_and_restarted_it_fades_and_goes_on_in_the_same_world(programs: Programs, tmp_path: Path) -> None:
    with RealServer() as server, Player(programs, tmp_path, server.address, seed=SEED) as player:
        player.do(world=RAIN)
        player.do(wait="Connected opened")
        killed = player.do(play=2.0)["at"]
        server.kill()
        player.do(wait="Disconnected lost")
        player.do(play=0.5)
        server.start()
        player.do(wait="Connected restarted")
        player.do(play=2.0)
    (before, after) = _stretches(player.heard)
    assert before[1] < killed + 0.25 * RATE_HZ
    assert player.report["underruns"] == 1
    assert len(player.notices("Underrun")) == 1
    old, new = player.heard[:, before[0] : killed], player.heard[:, slice(*after)]
    assert abs(_level_db(old[:, RISE:]) - _level_db(new[:, RISE:])) < 6  # it rains there too
    _check_smooth(player.heard, 1.5 * np.abs(np.diff(old[:, RISE:], axis=1)).max())


def test_a_cut_connection_is_resumed_to_the_sample(programs: Programs, server: RealServer, tmp_path: Path) -> None:
    with (
        Relay(server.address) as relay,
        Player(programs, tmp_path, relay.address, seed=SEED) as player,
    ):
        player.do(world=RAIN)
        player.do(wait="Connected opened")
        for _ in range(2):
            player.do(play=1.2)
            relay.cut()
            player.do(wait="Connected resumed")
        player.do(play=1.0)
    assert len(player.notices("Disconnected")) == 2
    assert _check_exact(player.heard, _reference(server.address, 6.0, RAIN)) in (1, 2, 3)


FEATURE: Map = {"id": "f", "kind": "fire", "distance_m": 4, "azimuth_deg": 90, "size": 0.9}
FIRE: Map = {"location": {"biome": "none", "features": [FEATURE]}}


@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 2), (96_000, 6)])
def test_a_fire_to_the_right_at_other_rates_and_channels(
    programs: Programs, server: RealServer, tmp_path: Path, rate_hz: int, channels: int
) -> None:
    options = {"rate_hz": rate_hz, "channels": channels}
    with Player(programs, tmp_path, server.address, seed=SEED, **options) as player:
        player.do(world=FIRE, cut=True)
        player.do(wait="Connected opened")
        player.do(play=3.0)
    sound = player.heard[:, rate_hz:]
    assert _level_db(sound[1]) > _level_db(sound[0]) + 3
    assert not sound[2:].any()
    assert player.report["underruns"] == player.report["audio_thread_bytes"] == 0


@pytest.mark.long
def test_what_is_told_is_heard_within_a_quarter_of_a_second(
    programs: Programs, server: RealServer, tmp_path: Path
) -> None:
    told: list[int] = []
    with Player(programs, tmp_path, server.address, seed=SEED) as player:
        player.do(world=RAIN, cut=True)
        player.do(wait="Connected opened")
        player.do(play=1.0)
        for _ in range(8):
            told.append(player.do(mix={"master_db": -60}, transition_s=0)["at"])
            player.do(play=0.5)
            player.do(mix={"master_db": 0}, transition_s=0)
            player.do(play=0.5)
    heard = np.abs(player.heard[:, told[0] - RATE_HZ // 2 :]).max(axis=0)
    blocks = heard[: len(heard) // 240 * 240].reshape(-1, 240).max(axis=1)  # 5 ms
    quiet = blocks < 0.1 * np.median(blocks[:100])
    delays = []
    for at in told:
        block = (at - told[0] + RATE_HZ // 2) // 240
        assert not quiet[block]
        delays.append(0.005 * int(np.argmax(quiet[block:])))
    print("told to heard, s:", sorted(delays))
    assert np.median(delays) <= 0.25
    assert max(delays) <= 0.3


# Manners.


def test_plays_again_and_again(programs: Programs) -> None:
    toy = ToyServer()
    assert programs.run("again", toy.address, 10) == ["ok"]
    toy.wait(lambda: not toy.peers)  # each said bye
    assert len(toy.hellos) == 10
    toy.stop()


def test_another_major_version_is_refused_in_words(programs: Programs, tmp_path: Path) -> None:
    def refuse(message: Message) -> Message | None:
        if isinstance(message, Hello):
            raise ProtocolError("version", field="version", value="1.0", allowed="2.x; this is 2.3")
        return None

    toy = ToyServer(refuse)
    with Player(programs, tmp_path, toy.address) as player:
        player.do(wait="Error version")
        player.do(play=1.5)
    assert len(toy.hellos) == 1
    toy.stop()
    (error,) = player.notices("Error")
    assert "1.0" in error["detail"]
    assert "2.3" in error["detail"]


def test_a_server_that_welcomes_with_another_major_is_left(programs: Programs, tmp_path: Path) -> None:
    def welcome(message: Message) -> Message | None:
        return Welcome(
            version="2.0", session="toy", resume=bytes(16), next_step=0, seed=0, layout="stereo", format="f32le",
            pace="live", channels=2, sample_rate_hz=48_000, step_samples=1_920, max_outstanding_steps=25,
            sound_version=1,
        ) if isinstance(message, Hello) else None  # fmt: skip

    toy = ToyServer(welcome)
    with Player(programs, tmp_path, toy.address) as player:
        player.do(wait="Error version")
    toy.stop()
    assert "2.0" in player.notices("Error")[0]["detail"]


def test_answers_heartbeats(programs: Programs, tmp_path: Path) -> None:
    """A server that pings and hears nothing hangs up; the client says something of its own every second only."""
    toy = ToyServer(heartbeat_ms=100)
    with Player(programs, tmp_path, toy.address) as player:
        player.do(wait="Connected opened")
        player.do(pause=True)
        player.do(play=3.0)
    toy.stop()
    assert player.notices("Disconnected") == []
    assert len(toy.hellos) == 1


def test_says_something_every_two_seconds_also_while_paused(programs: Programs, tmp_path: Path) -> None:
    toy = ToyServer()
    with Player(programs, tmp_path, toy.address) as player:
        player.do(wait="Connected opened")
        player.do(play=0.3)
        player.do(pause=True)
        player.do(play=0.3)
        toy.wait(lambda: bool(toy.session.credits))
        count, until = len(toy.session.credits), toy.session.credits[-1].until_step
        player.do(play=3.2)
        said = toy.session.credits[count:]
    toy.stop()
    assert len(said) >= 3
    assert {credit.until_step for credit in said} == {until}


def test_refusals_are_told_and_the_sound_goes_on(programs: Programs, server: RealServer, tmp_path: Path) -> None:
    with Player(programs, tmp_path, server.address, seed=SEED) as player:
        player.do(world={"weather": {"rain_mm_h": 4}})
        player.do(wait="Connected opened")
        player.do(world={"location": {"biome": "lagoon_of_doom"}})
        player.do(wait="Error unknown_name")
        player.do(mix={"voices": {"bird": {"mute": True}}})
        player.do(wait="Error unknown_name")
        player.do(world={"weather": {"wind_m_s": 5, "gust_m_s": 3}})
        player.do(wait="Warning gust_raised")
        for biome, code in (
            ("\ud800", "wrong_type"),
            ("x" * 2_000, "too_large"),
            ({"a": {"b": [[[[[[1]]]]]]}}, "too_large"),
        ):
            player.do(world={"location": {"biome": biome}})
            player.do(wait=f"Error {code}")
        player.do(play=0.5)
    fields = [error["field"] for error in player.notices("Error")]
    assert fields == ["world.location.biome", "mix.voices.bird", "world", "world", "world"]
    assert player.report["underruns"] == 0


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://10.255.255.1:5571", "tcp://no.such.host.invalid:5571"])
def test_calls_never_block_while_there_is_no_server(programs: Programs, address: str, tmp_path: Path) -> None:
    with Player(programs, tmp_path, address) as player:
        player.do(hammer=2_000)
        player.do(wait="Disconnected unreachable")
        player.do(play=1.5)
        player.do(hammer=2_000)
    assert player.report["calls"] > 12_000
    assert player.report["mean_call_ms"] < 0.5
    assert player.report["worst_call_ms"] < 500  # this machine may be busy; what waits for a server takes a second
    assert player.report["dispose_s"] < 0.5
    assert len(player.notices("Disconnected")) == 1
    assert not player.heard.any()


def test_waits_for_a_server_that_starts_later(programs: Programs, tmp_path: Path) -> None:
    toy = ToyServer()
    toy.kill()
    with Player(programs, tmp_path, toy.address) as player:
        player.do(world={"weather": {"rain_mm_h": 1}})
        player.do(wait="Disconnected unreachable")
        player.do(world={"weather": {"rain_mm_h": 3}})
        toy.start()
        player.do(wait="Connected opened")
        player.do(play=0.5)
        assert toy.session.heard == [1]  # what waited was merged
    toy.stop()


def test_an_address_that_is_none_is_said(programs: Programs, tmp_path: Path) -> None:
    with Player(programs, tmp_path, "localhost") as player:
        player.do(wait="Error malformed")
    assert "tcp://" in player.notices("Error")[0]["detail"]
