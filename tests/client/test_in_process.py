"""The ambience without a socket: the same face, and the same bytes as a score."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ambiome_client import Ambience as ClientAmbience
from ambiome_middleware import Ambience, render
from ambiome_middleware.sound import Renderer
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.face import Face
from ambiome_protocol.messages import Warning, Weather, World, WorldMessage

SCORE: list[dict[str, object]] = [
    {"at": 0, "world": {"weather": {"rain_mm_h": 6, "wind_m_s": 5}, "location": {"biome": "temperate_forest"}}},
    {"at": 0.4, "event": {"kind": "branch", "distance_m": 5}},
    {"at": 0.8, "mix": {"master_db": -6}},
]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("cpu")


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    return render(SCORE, seconds=1.2, seed=4)


@pytest.fixture
def live(renderer: Renderer) -> Iterator[Ambience]:
    with Ambience(seed=4, renderer=renderer) as ambience:
        yield ambience


@pytest.fixture
def free(renderer: Renderer) -> Iterator[Ambience]:
    with Ambience(seed=4, renderer=renderer, pace="free") as ambience:
        yield ambience


def test_it_has_the_face_of_the_client() -> None:
    assert issubclass(Ambience, Face)
    assert issubclass(ClientAmbience, Face)
    words = {name for name in dir(Face) if not name.startswith("_")} | {"warnings"}
    assert words <= set(dir(Ambience))
    assert words <= set(dir(ClientAmbience))


def test_live_is_the_score_in_order_of_telling(live: Ambience, sound: np.ndarray) -> None:
    live.world(weather={"rain_mm_h": 6, "wind_m_s": 5}, location={"biome": "temperate_forest"})
    frames = [frame for _, frame in zip(range(10), live, strict=False)]
    assert live.event("branch", distance_m=5) == 2
    frames.append(live.read(10))
    assert live.applied_seq == 2
    live.mix(master_db=-6)
    frames.append(live.read(10))
    assert np.concatenate(frames, axis=1).tobytes() == sound.tobytes()
    assert (live.step, live.time_s, live.channels, live.seed, live.layout) == (30, 1.2, 2, 4, "stereo")


def test_free_is_the_score_as_granted(free: Ambience, sound: np.ndarray) -> None:
    free.world(weather={"rain_mm_h": 6, "wind_m_s": 5}, location={"biome": "temperate_forest"})
    frames = [free.run_until(0.4)]
    free.event("branch", distance_m=5)
    free.mix(master_db=-6, at=0.8)
    free.grant(1.2)
    frames += list(free)
    assert np.concatenate(frames, axis=1).tobytes() == sound.tobytes()
    with pytest.raises(ValueError, match="granted"):
        free.read()
    assert free.take() is None


def test_free_says_what_came_too_late(renderer: Renderer) -> None:
    heard: list[Warning] = []
    with Ambience(pace="free", renderer=renderer, on_warning=heard.append) as ambience:
        ambience.grant(2.0)
        ambience.world(weather={"rain_mm_h": 1}, at=1.0)
        assert [(warning.code, warning.at, warning.applied_at) for warning in heard] == [("late", 1.0, 2.0)]
        assert ambience.warnings == tuple(heard)


def test_the_scene_warns_too(renderer: Renderer) -> None:
    heard: list[Warning] = []
    with Ambience(renderer=renderer, on_warning=heard.append) as ambience:
        seq = ambience.world(weather={"wind_m_s": 20, "gust_m_s": 10})
        ambience.read()
        assert [(warning.code, warning.seq) for warning in heard] == [("gust_raised", seq)]


def test_a_bad_change_raises_and_changes_nothing(live: Ambience) -> None:
    for location in ({"biom": "lake"}, {"biome": "lagoon_of_doom"}):
        with pytest.raises(ProtocolError, match="biom"):
            live.world(location=location)
    assert live.world(location={"biome": "lake"}) == 1


def test_explain_has_reasons(live: Ambience) -> None:
    live.world(weather={"rain_mm_h": 20})
    live.read(50)
    assert "rain_mm_h" in {reason.parameter for reason in live.explain()}


def test_pause_and_close(live: Ambience) -> None:
    live.read()
    live.pause()
    assert live.take() is None
    with pytest.raises(RuntimeError, match="resume"):
        live.read()
    live.resume()
    live.read()
    assert live.step == 2
    live.close()
    live.close()
    for use in (live.read, live.explain, lambda: live.event("gust"), live.pause):
        with pytest.raises(RuntimeError, match="closed"):
            use()


def test_grant_is_for_free(live: Ambience) -> None:
    with pytest.raises(ValueError, match="free"):
        live.grant(3.0)


@pytest.mark.parametrize("options", [{"seed": -1}, {"layout": "7.1"}, {"pace": "lively"}])
def test_options_that_cannot_be(options: dict[str, object], renderer: Renderer) -> None:
    (name,) = options
    with pytest.raises(ValueError, match=name):
        Ambience(renderer=renderer, **options)  # type: ignore[arg-type]


def test_a_change_made_by_hand_is_checked_too(live: Ambience) -> None:
    """What a server would refuse; the ambience goes on as if it had not been told."""
    for rain in (-1.0, float("nan")):
        with pytest.raises(ProtocolError, match=r"world\.weather\.rain_mm_h"):
            live.tell(WorldMessage(world=World(weather=Weather(rain_mm_h=rain))))
    assert live.world(weather={"rain_mm_h": 1}) == 1
    assert live.read().shape == (2, 1920)


def test_a_games_own_biomes_are_known(renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "moon.toml").write_text("[birds]\nactivity = 1.0\n")
    moon: dict[str, object] = {"location": {"biome": "moon"}, "time": {"hour": 6, "day_of_year": 150}}
    with Ambience(seed=4, renderer=renderer, biomes=tmp_path) as ambience:
        ambience.world(**moon)
        heard = ambience.read(50)
    with Ambience(seed=4, renderer=renderer) as ambience, pytest.raises(ProtocolError, match="moon"):
        ambience.world(**moon)
    line = {"at": 0, "world": moon}
    assert render([line], seconds=2, seed=4, biomes=tmp_path).tobytes() == heard.tobytes()
    assert np.abs(heard).max() > 1e-4
    with pytest.raises(ProtocolError, match="moon"):
        render([line], seconds=2)
    with pytest.raises(ValueError, match="is not a directory"):
        Ambience(biomes=tmp_path / "nowhere")
