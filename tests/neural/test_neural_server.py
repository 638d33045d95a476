"""The learned renderer behind a server: chosen by the session, beside the other one, resumed at the exact sample."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ambiome_client import Ambience
from ambiome_middleware import offline
from ambiome_middleware.ambience import Ambience as InProcess
from ambiome_middleware.neural.files import digest
from ambiome_middleware.neural.render import NeuralRenderer
from ambiome_middleware.session import LOOKBACK
from real_server import RealServer
from relay import Relay

SCORE = ({"at": 0, "world": {"weather": {"rain_mm_h": 9}}}, {"at": 1, "world": {"weather": {"wind_m_s": 12}}})
SECONDS = 3.0


@pytest.fixture(scope="module")
def server(weights: Path) -> Iterator[RealServer]:
    with RealServer(weights=weights) as running:
        yield running


def heard(ambience: Ambience | InProcess) -> np.ndarray:
    for line in SCORE:
        ambience.world(**line["world"], at=line["at"])
    return ambience.run_until(SECONDS)


def test_a_session_that_asks_for_it_hears_what_a_file_would_hold(server: RealServer, weights: Path) -> None:
    recording = offline.recording_of(SCORE, SECONDS, 4)
    wanted = np.concatenate(list(offline.play(recording, "cpu", renderer="neural", weights=weights)), axis=1)
    with Ambience(server.address, seed=4, pace="free", renderer="neural") as ambience:
        assert (ambience.session.renderer, ambience.session.weights) == ("neural", digest(weights))
        assert np.array_equal(heard(ambience), wanted)
    with InProcess(seed=4, pace="free", renderer="neural", weights=weights, device="cpu") as ambience:
        assert np.array_equal(heard(ambience), wanted)


def test_both_renderers_serve_side_by_side(server: RealServer) -> None:
    wanted = offline.render(SCORE, SECONDS, 4, device="cpu")
    with Ambience(server.address, seed=4, pace="free", renderer="neural") as neural:
        neural.grant(SECONDS)
        with Ambience(server.address, seed=4, pace="free") as procedural:
            assert (procedural.session.renderer, procedural.session.weights) == ("procedural", "")
            assert np.array_equal(heard(procedural), wanted)
        assert neural.read(75).shape == wanted.shape


def test_a_listener_that_lost_its_connection_goes_on_at_the_exact_sample(server: RealServer) -> None:
    with Ambience(server.address, seed=4, pace="free", renderer="neural") as ambience:
        wanted = heard(ambience)
    with Relay(server.address) as relay, Ambience(relay.address, seed=4, pace="free", renderer="neural") as ambience:
        for line in SCORE:
            ambience.world(**line["world"], at=line["at"])
        ambience.grant(SECONDS)
        first = ambience.read(20)
        relay.cut()
        rest = ambience.read(55)
        assert np.array_equal(np.concatenate([first, rest], axis=1), wanted)
        assert ambience.reconnects == 1


def test_a_session_keeps_as_many_token_frames_as_the_renderer_looks_back_on(weights: Path) -> None:
    assert NeuralRenderer(weights).lookback == LOOKBACK["neural"]
