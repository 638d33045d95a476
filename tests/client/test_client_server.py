"""A real client and a real server over a real socket: the same bytes as without one, killed, restarted, left alone."""

import asyncio
import threading

import numpy as np
import psutil
import pytest
from ambiome_client import Ambience, BadMessage, HelloRefused, Reconnected, ServerLost, aio
from ambiome_middleware import Ambience as InProcess
from ambiome_middleware import render
from ambiome_protocol.face import Face
from real_server import RealServer

SCORE: list[dict[str, object]] = [
    {"at": 0, "world": {"weather": {"rain_mm_h": 6, "wind_m_s": 5}, "location": {"biome": "temperate_forest"}}},
    {"at": 0.6, "event": {"kind": "branch", "distance_m": 5}},
    {"at": 1.2, "world": {"location": {"biome": "cave", "shelter": "cave"}}, "cut": True},
    {"at": 2.0, "mix": {"master_db": -6}},
]
SECONDS, SEED = 3.2, 11


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    """What the score sounds like, rendered without a server."""
    return render(SCORE, SECONDS, SEED, device="cpu")


def play(ambience: Face) -> list[np.ndarray]:
    """Tells the score in simulated time, and reads as it goes."""
    ambience.world(weather={"rain_mm_h": 6, "wind_m_s": 5}, location={"biome": "temperate_forest"})
    sounds = [ambience.run_until(0.6)]
    ambience.event("branch", distance_m=5)
    sounds.append(ambience.run_until(1.2))
    ambience.world(location={"biome": "cave", "shelter": "cave"}, cut=True)
    sounds.append(ambience.run_until(2.0))
    ambience.mix(master_db=-6)
    sounds.append(ambience.run_until(SECONDS))
    return sounds


def test_over_a_socket_and_in_process_are_the_same_bytes(lasting_server: RealServer, sound: np.ndarray) -> None:
    with Ambience(lasting_server.address, seed=SEED, pace="free") as remote:
        assert np.concatenate(play(remote), axis=1).tobytes() == sound.tobytes()
        assert remote.applied_seq == 4
        assert remote.warnings == ()
    with InProcess(seed=SEED, pace="free", device="cpu") as local:
        assert np.concatenate(play(local), axis=1).tobytes() == sound.tobytes()
        assert local.applied_seq == 4


def test_a_small_buffer_and_times_told_ahead_change_nothing(lasting_server: RealServer, sound: np.ndarray) -> None:
    with Ambience(lasting_server.address, seed=SEED, pace="free", buffer_steps=1) as ambience:
        ambience.mix(master_db=-6, at=2.0)
        ambience.event("branch", distance_m=5, at=0.6)
        ambience.world(weather={"rain_mm_h": 6, "wind_m_s": 5}, location={"biome": "temperate_forest"})
        ambience.world(location={"biome": "cave", "shelter": "cave"}, cut=True, at=1.2)
        assert ambience.run_until(SECONDS).tobytes() == sound.tobytes()


def test_asyncio_hears_the_same(lasting_server: RealServer, sound: np.ndarray) -> None:
    async def one(seed: int) -> np.ndarray:
        async with aio.Ambience(lasting_server.address, seed=seed, pace="free") as ambience:
            ambience.world(weather={"rain_mm_h": 6, "wind_m_s": 5}, location={"biome": "temperate_forest"})
            return await ambience.run_until(0.6)

    async def both() -> list[np.ndarray]:
        return await asyncio.gather(one(SEED), one(SEED + 1))

    same, other = asyncio.run(both())
    assert same.tobytes() == np.ascontiguousarray(sound[:, : same.shape[1]]).tobytes()
    assert other.tobytes() != same.tobytes()


@pytest.mark.parametrize(("buffer_steps", "within"), [({}, 3), ({"buffer_steps": 2}, 2)])
def test_live_hears_what_is_told_within_its_buffer_counting_the_frame_playing(
    lasting_server: RealServer, buffer_steps: dict[str, int], within: int
) -> None:
    with Ambience(lasting_server.address, **buffer_steps) as ambience:  # type: ignore[arg-type]
        for _ in range(20):
            ambience.read()
            seq = ambience.event("branch")
            reads = 0
            while ambience.applied_seq < seq:
                ambience.read()
                reads += 1
            assert reads <= within


def test_a_live_server_explains(lasting_server: RealServer) -> None:
    with Ambience(lasting_server.address) as ambience:
        ambience.world(weather={"rain_mm_h": 20})
        ambience.read(25)
        assert "rain_mm_h" in {reason.parameter for reason in ambience.explain()}


def test_refusals_name_what_is_wrong_and_the_stream_goes_on(lasting_server: RealServer) -> None:
    with pytest.raises(HelloRefused, match="seed -1"):
        Ambience(lasting_server.address, seed=-1)
    with Ambience(lasting_server.address, pace="free") as ambience:
        seq = ambience.world(location={"biome": "lagoon_of_doom"})
        with pytest.raises(BadMessage, match=r"world\.location\.biome.*lagoon_of_doom") as raised:
            ambience.run_until(1.0)
        assert raised.value.seq == seq
        ambience.run_until(1.0)
        assert ambience.step == 25


def test_killed_and_restarted_a_free_session_goes_on_to_the_same_bytes(sound: np.ndarray) -> None:
    back: list[Reconnected] = []
    with (
        RealServer() as server,
        Ambience(server.address, seed=SEED, pace="free", timeout_s=60, on_reconnect=back.append) as ambience,
    ):
        ambience.world(weather={"rain_mm_h": 6, "wind_m_s": 5}, location={"biome": "temperate_forest"})
        sounds = [ambience.run_until(0.6)]
        ambience.event("branch", distance_m=5)
        sounds.append(ambience.run_until(1.2))
        server.kill()
        ambience.world(location={"biome": "cave", "shelter": "cave"}, cut=True)
        server.start()
        sounds.append(ambience.run_until(2.0))
        ambience.mix(master_db=-6)
        sounds.append(ambience.run_until(SECONDS))
        assert np.concatenate(sounds, axis=1).tobytes() == sound.tobytes()
        assert back == [Reconnected(resumed=False, step=30)]


def test_killed_and_restarted_a_live_session_is_a_new_one_in_the_same_world() -> None:
    with RealServer() as server, Ambience(server.address, seed=SEED, timeout_s=60) as ambience:
        ambience.world(weather={"rain_mm_h": 30}, location={"biome": "cave"})
        ambience.read(10)
        server.kill()
        server.start()
        while not ambience.reconnects:
            ambience.read()
        ambience.read(3)
        assert {reason.parameter for reason in ambience.explain()} >= {"rain_mm_h", "drips_per_s"}
        server.kill()


def test_a_worker_that_dies_costs_a_free_session_nothing(sound: np.ndarray) -> None:
    with RealServer() as server, Ambience(server.address, seed=SEED, pace="free", timeout_s=60) as ambience:
        ambience.world(weather={"rain_mm_h": 6, "wind_m_s": 5}, location={"biome": "temperate_forest"})
        first = ambience.run_until(0.4)
        (worker,) = psutil.Process(server.process.pid).children()
        worker.kill()
        rest = ambience.run_until(0.6)
        both = np.concatenate([first, rest], axis=1)
        assert both.tobytes() == np.ascontiguousarray(sound[:, : both.shape[1]]).tobytes()
        assert ambience.reconnects >= 1


def test_left_alone_for_longer_than_the_idle_time_it_resumes_at_the_exact_sample(sound: np.ndarray) -> None:
    resumed = threading.Event()
    back: list[Reconnected] = []

    def heed(reconnected: Reconnected) -> None:
        back.append(reconnected)
        resumed.set()

    with (
        RealServer(detach_after_s=0.25) as server,
        Ambience(server.address, seed=SEED, pace="free", on_reconnect=heed) as ambience,
    ):
        ambience.world(weather={"rain_mm_h": 6, "wind_m_s": 5}, location={"biome": "temperate_forest"})
        first = ambience.run_until(0.4)
        ambience.pause()
        while not resumed.wait(0.02):
            assert ambience.take() is None
        ambience.resume()
        both = np.concatenate([first, ambience.run_until(0.6)], axis=1)
        assert both.tobytes() == np.ascontiguousarray(sound[:, : both.shape[1]]).tobytes()
        assert all(reconnected.resumed for reconnected in back)


def test_a_server_that_ends_says_bye_and_stays_away() -> None:
    with RealServer() as server, Ambience(server.address, timeout_s=3.0) as ambience:
        ambience.read(3)
        assert server.stop() == 0
        with pytest.raises(ServerLost, match=r"did not come back within 3 s"):
            ambience.read(1000)
