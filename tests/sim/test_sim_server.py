"""A simulated day on a real server: the same seed gives the same bytes, whoever else is there."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from ambiome_client import Ambience
from ambiome_middleware import Ambience as InProcess
from ambiome_middleware import render
from ambiome_sim import Course, demo_day, drive, run
from real_server import RealServer

SEED, SECONDS = 3, 8.0


@pytest.fixture(scope="module")
def one_worker() -> Iterator[RealServer]:
    with RealServer(workers=1) as server:
        yield server


@pytest.fixture(scope="module")
def two_workers() -> Iterator[RealServer]:
    with RealServer(workers=2) as server:
        yield server


def hear(address: str, seed: int = SEED, seconds: float = SECONDS) -> bytes:
    """The bytes of a day on the server at `address`; checked to be one sound and not silence."""
    with Ambience(address, seed=seed, pace="free") as ambience:
        driven = drive(demo_day(seed, seconds), ambience)
        sound = np.concatenate(list(driven), axis=1)
        assert ambience.warnings == ()
    assert sound.shape == (2, round(seconds * 48_000))
    assert np.abs(sound).max() > 0.01
    assert Course(driven.events, driven.score) == run(demo_day(seed, seconds))
    return sound.tobytes()


@pytest.fixture(scope="module")
def sound(one_worker: RealServer) -> bytes:
    return hear(one_worker.address)


def test_the_same_seed_twice(one_worker: RealServer, sound: bytes) -> None:
    assert hear(one_worker.address) == sound
    assert hear(one_worker.address, seed=SEED + 1) != sound


def test_two_workers_are_one(two_workers: RealServer, sound: bytes) -> None:
    assert hear(two_workers.address) == sound
    assert hear(two_workers.address) == sound


def test_another_client_changes_nothing(two_workers: RealServer, sound: bytes) -> None:
    """A live one that reads as fast as it can, says much and some of it wrong; and free ones beside it."""
    end, began = threading.Event(), threading.Event()

    def disturb(seed: int) -> None:
        with Ambience(two_workers.address, seed=seed, layout="mono") as ambience:
            ambience.world(weather={"rain_mm_h": 90, "wind_m_s": 25}, location={"biome": "rainforest"})
            while not end.is_set():
                ambience.event("lightning", distance_m=100)
                ambience.read(3)
                began.set()

    others = [threading.Thread(target=disturb, args=(seed,)) for seed in range(3)]
    others.append(threading.Thread(target=hear, args=(two_workers.address, 77)))
    for other in others:
        other.start()
    try:
        assert began.wait(60)
        assert hear(two_workers.address) == sound
    finally:
        end.set()
        for other in others:
            other.join()


def test_without_a_server_it_sounds_the_same(sound: bytes) -> None:
    with InProcess(seed=SEED, pace="free", device="cpu") as ambience:
        driven = drive(demo_day(SEED, SECONDS), ambience)
        assert np.concatenate(list(driven), axis=1).tobytes() == sound
    assert render(driven.score, SECONDS, SEED, device="cpu").tobytes() == sound
