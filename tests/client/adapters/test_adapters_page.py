"""What the page on adapters shows is run as it stands there, with simulators and services that only answer."""

import io
import json
import re
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import ambiome_client
import numpy as np
import pytest
from ambiome_client import adapters
from ambiome_middleware import Ambience
from ambiome_middleware.sound import Renderer

PAGE = (Path(__file__).parents[3] / "docs" / "adapters.md").read_text()
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
ADDRESS = "tcp://127.0.0.1:5571"
CASES = Path(__file__).parent / "cases"


class Enough(Exception):
    """Ends a loop that has no end."""


def blocks(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def module(name: str, **names: Any) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(names)
    return made


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("cpu")


@pytest.fixture
def ambience(renderer: Renderer) -> Iterator[Ambience]:
    with Ambience(seed=7, renderer=renderer) as made:
        yield made


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Sleeping is noted, and ends the second time."""
    asleep: list[float] = []

    def sleep(seconds: float) -> None:
        asleep.append(seconds)
        if len(asleep) == 2:
            raise Enough

    monkeypatch.setattr(time, "sleep", sleep)
    return asleep


def answers(monkeypatch: pytest.MonkeyPatch, *texts: str) -> list[str]:
    """Lets `urlopen` answer with these texts, one after another; the list of what was asked."""
    asked: list[str] = []
    waiting = iter(texts)

    def urlopen(url: str) -> io.BytesIO:
        asked.append(url)
        return io.BytesIO(next(waiting).encode())

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return asked


def case(schema: str, index: int = 0) -> Any:
    return json.loads((CASES / f"{schema}.json").read_text())["cases"][index]["call"][0]


def reasons(ambience: Ambience) -> str:
    """What the scene makes of the world, after a step of it was heard."""
    heard = ambience.read()
    assert heard.shape == (2, 1_920)
    return " ".join(reason.because for reason in ambience.explain())


def test_every_adapter_is_on_the_page() -> None:
    named = re.findall(r"^\| \[`(\w+)`\]\(#([\w-]+)\)", PAGE, re.MULTILINE)
    modules = {name for name in adapters.__all__ if isinstance(getattr(adapters, name), ModuleType)}
    assert {name for name, _ in named} == modules
    anchors = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in SECTIONS}
    assert {anchor for _, anchor in named} <= anchors


def test_the_player_plays(monkeypatch: pytest.MonkeyPatch, ambience: Ambience) -> None:
    def made(address: str, **options: Any) -> Ambience:
        assert (address, options) == (ADDRESS, {"seed": 7, "buffer_steps": 4})
        return ambience

    class OutputStream:
        def __init__(self, rate: int, *, blocksize: int, channels: int, dtype: str, callback: Any) -> None:
            assert (rate, blocksize, channels, dtype) == (48_000, 1_920, 2, "float32")
            self.callback = callback

        def start(self) -> None:
            self.out = np.full((1_920, 2), np.nan, np.float32)
            self.callback(self.out, 1_920, None, None)

    monkeypatch.setattr(ambiome_client, "Ambience", made)
    monkeypatch.setitem(sys.modules, "sounddevice", module("sounddevice", OutputStream=OutputStream))
    names: dict[str, Any] = {}
    exec(blocks(PAGE)[0], names)
    assert np.isfinite(names["card"].out).all()


def test_carla_s_loop(monkeypatch: pytest.MonkeyPatch, ambience: Ambience) -> None:
    ticks = iter(range(2))
    array = adapters.carla.PRESETS["HardRainSunset"]
    weather = SimpleNamespace(
        **{name: value for (name, _, _), value in zip(adapters.carla.PARAMETERS, array, strict=True)}
    )

    def wait_for_tick() -> None:
        if next(ticks, None) is None:
            raise Enough

    world = SimpleNamespace(wait_for_tick=wait_for_tick, get_weather=lambda: weather)
    client = lambda host, port: SimpleNamespace(get_world=lambda: world)  # noqa: E731
    monkeypatch.setitem(sys.modules, "carla", module("carla", Client=client))
    (loop,) = blocks(SECTIONS["CARLA"])
    with pytest.raises(Enough):
        exec(loop, {"ambience": ambience})
    assert "35 mm/h" in reasons(ambience)


def test_airsim_s_lines(monkeypatch: pytest.MonkeyPatch, ambience: Ambience) -> None:
    calls: list[Any] = []
    client = SimpleNamespace(
        simEnableWeather=lambda on: calls.append(on),
        simSetWeatherParameter=lambda parameter, value: calls.append((parameter, value)),
        simSetWind=lambda wind: calls.append(wind.y_val),
        simSetTimeOfDay=lambda on, start, celestial_clock_speed: calls.append(celestial_clock_speed),
    )
    stand_in = module(
        "airsim",
        MultirotorClient=lambda: client,
        WeatherParameter=SimpleNamespace(Rain=0, Fog=7),
        Vector3r=lambda x, y, z: SimpleNamespace(x_val=x, y_val=y, z_val=z),
    )
    monkeypatch.setitem(sys.modules, "airsim", stand_in)
    (loop,) = blocks(SECTIONS["AirSim"])
    exec(loop, {"ambience": ambience})
    assert calls == [True, (0, 0.6), (7, 0.2), 8, 60]
    assert "7 mm/h" in reasons(ambience)


def test_the_lines_from_unreal(monkeypatch: pytest.MonkeyPatch, ambience: Ambience) -> None:
    told = {"weather": {"Rain": 6}, "time": 1_830, "season": 1, "exposure": 1, "seconds": 0}
    flash = {"flash": [90_000, 0, 100], "listener": [0, 0, 0]}
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{json.dumps(told)}\n{json.dumps(flash)}\n"))
    (loop,) = blocks(SECTIONS["Unreal: Ultra Dynamic Sky and Weather"])
    exec(loop, {"ambience": ambience})
    assert "7 mm/h" in reasons(ambience)
    assert ambience.applied_seq == 2


def test_minecraft_s_lines(monkeypatch: pytest.MonkeyPatch, ambience: Ambience) -> None:
    now = {"biome": "minecraft:forest", "weather": "rain", "ticks": 6_000, "sky_light": 15}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(now)))
    (loop,) = blocks(SECTIONS["Minecraft"])
    exec(loop, {"ambience": ambience})
    assert "6.3 mm/h" in reasons(ambience)


def test_metar_s_loop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ambience: Ambience, naps: list[float]
) -> None:
    reports = ["METAR EDDB 211820Z 24012KT 9999 -SHRQ 19/14 Q1009", "METAR EDDB 211850Z 24012KT 9999 RA 19/14 Q1009\n"]
    asked = answers(monkeypatch, *reports)
    loop, _ = blocks(SECTIONS["METAR"])
    with pytest.raises(Enough):
        exec(loop, {"ambience": ambience})
    assert len(asked) == 2
    (comment,) = re.findall(r"print\(error\)  # (.*)", loop)
    assert capsys.readouterr().out == f"{comment}\n"
    assert "5 mm/h" in reasons(ambience)


def test_metar_s_evening(monkeypatch: pytest.MonkeyPatch, renderer: Renderer) -> None:
    def made(address: str, *, seed: int, pace: Any) -> Ambience:
        return Ambience(seed=seed, pace=pace, renderer=renderer)

    monkeypatch.setattr(ambiome_client, "Ambience", made)
    _, evening = blocks(SECTIONS["METAR"])
    frames: list[np.ndarray] = []
    short = evening.replace("seconds=60, scale=60", "seconds=4, scale=4")
    assert short != evening
    exec(short, {"write": frames.append})
    assert len(frames) == 100
    levels = [
        float(np.sqrt(np.mean(np.square(np.concatenate(frames[at : at + 25], axis=1))))) for at in range(0, 100, 25)
    ]
    assert max(levels[1:3]) > 2 * levels[0]


def test_openweathermap_s_loop(monkeypatch: pytest.MonkeyPatch, ambience: Ambience, naps: list[float]) -> None:
    asked = answers(monkeypatch, json.dumps(case("openweathermap", 7)), json.dumps(case("openweathermap", 1)))
    (loop,) = blocks(SECTIONS["OpenWeatherMap"])
    with pytest.raises(Enough):
        exec(loop, {"ambience": ambience})
    assert len(asked) == len(naps) == 2
    assert "0.42 mm/h" in reasons(ambience)


def test_open_meteo_s_loop_and_a_code(monkeypatch: pytest.MonkeyPatch, ambience: Ambience, naps: list[float]) -> None:
    asked = answers(monkeypatch, *[json.dumps(case("open_meteo"))] * 2)
    loop, code = blocks(SECTIONS["Open-Meteo, and WMO codes"])
    with pytest.raises(Enough):
        exec(loop, {"ambience": ambience})
    assert all("weather_code" in url for url in asked)
    assert "3 mm/h" in reasons(ambience)
    exec(code, {"ambience": ambience})
    assert "2 lightnings a minute" in reasons(ambience)


def test_openstreetmap_s_lines_and_tags(monkeypatch: pytest.MonkeyPatch, ambience: Ambience) -> None:
    brook = {"type": "node", "id": 1, "tags": {"waterway": "waterfall"}, "lat": 48.138, "lon": 11.575}
    asked = answers(monkeypatch, json.dumps({"elements": [brook]}))
    lines, tags = blocks(SECTIONS["OpenStreetMap"])
    exec(lines, {"ambience": ambience})
    assert "around%3A300" in asked[0]
    assert "waterfall" in reasons(ambience)
    exec(tags, {"ambience": ambience})
    assert "conifer_forest" in reasons(ambience)


def test_worldcover_s_lines(ambience: Ambience) -> None:
    (lines,) = blocks(SECTIONS["ESA WorldCover"])
    exec(lines, {"ambience": ambience})
    said = reasons(ambience)
    assert "temperate_forest" in said
    assert "lake" in said


def test_its_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert link == "presets.md" or (Path(__file__).parents[3] / "docs" / link).exists(), link
