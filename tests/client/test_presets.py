"""Presets: blending by the golden vectors, what is told when a stack changes, and that the built-in ones are right."""

import asyncio
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ambiome_client import Ambience, BadMessage, aio
from ambiome_client.blending import Blended, Layer, blend, difference
from ambiome_client.credit import MOST_STEPS
from ambiome_client.presets import Stage, load, names, parse
from ambiome_middleware import Ambience as InProcess
from ambiome_middleware import scene
from ambiome_protocol import build
from ambiome_protocol.lists import BIOMES
from preset_vectors import DATA, VECTORS, days, misses
from real_server import RealServer
from toy_server import ToyServer

ROOT = Path(__file__).parents[2]
HEARD_STEPS = MOST_STEPS + 1
"""The first credit is for one less: who has read so many has been heard."""
COPIES = (
    ROOT / "integrations" / "godot" / "addons" / "ambiome" / "presets",
    ROOT / "integrations" / "unity" / "Runtime" / "Resources" / "Ambiome" / "Presets",
)
PLACES = tuple(name for name in names() if "biome" in load(name).get("world", {}).get("location", {}))
MOODS = tuple(name for name in names() if name not in PLACES)

HEARD: dict[str, set[str]] = {
    "autumn_rain": {"rain_mm_h", "wind_m_s", "drips_per_s"},
    "blizzard": {"snow_mm_h", "wind_m_s"},
    "cafe_afternoon": {"cafe_level", "crowd_people", "room_level"},
    "campfire_night": {"feature fire", "owl_activity"},
    "cave": {"drips_per_s", "room_level", "feature drips", "feature stream"},
    "city_dawn": {"birds_activity", "traffic_per_min"},
    "city_rush_hour": {"traffic_per_min", "crowd_people", "feature traffic", "feature crowd"},
    "deep_forest_noon": {"birds_activity", "wind_m_s", "feature stream"},
    "desert_noon": {"wind_m_s", "cicadas_level"},
    "farmyard_morning": {"livestock_activity", "birds_activity"},
    "harbour_market": {"surf_height_m", "traffic_per_min", "crowd_people", "feature crowd", "feature machinery"},
    "industrial_night": {"machinery_level", "room_level", "feature machinery"},
    "lake_evening": {"loon_activity", "frogs_activity", "shore_height_m"},
    "mountain_pass": {"wind_m_s"},
    "spring_dawn_chorus": {"birds_activity"},
    "storm_at_sea": {"surf_height_m", "rain_mm_h", "wind_m_s", "lightning_per_min", "feature surf"},
    "summer_night_meadow": {"crickets_level"},
    "swamp_dusk": {"frogs_activity", "swamp_level", "crickets_level"},
    "tent_in_the_rain": {"rain_mm_h"},
    "thunderstorm_far": {"lightning_per_min", "crickets_level"},
    "thunderstorm_near": {"lightning_per_min", "rain_mm_h", "wind_m_s"},
    "tropical_night": {"frogs_activity", "crickets_level", "drips_per_s"},
    "underwater": {"surf_height_m", "room_level"},
    "waterfall_gorge": {"feature waterfall", "feature river", "river_level"},
    "winter_calm": {"wind_m_s"},
}
"""What each place must have: parameters above 0 ten seconds on, and kinds of its features."""
UNHEARD: dict[str, set[str]] = {
    "desert_noon": {"rain_mm_h", "frogs_activity"},
    "thunderstorm_far": {"rain_mm_h"},
    "underwater": {"birds_activity"},
    "winter_calm": {"rain_mm_h", "snow_mm_h", "crickets_level", "traffic_per_min"},
}
"""What a place must not have."""
STATED = {
    "weather": {
        "rain_mm_h", "snow_mm_h", "wind_m_s", "gust_m_s", "cloud", "temperature_c", "humidity", "thunder_per_min",
    },
    "location": {"biome", "shelter", "features"},
    "time": {"hour", "day_of_year", "latitude_deg"},
}  # fmt: skip
"""What every place says, lest the place before it, or what is derived, show through a blend."""


def world_of(name: str) -> dict[str, dict[str, Any]]:
    world: dict[str, dict[str, Any]] = load(name).get("world", {})
    return world


# Blending.


def test_every_golden_stack_blends_to_its_result() -> None:
    stacks = [[Layer(entry["preset"], entry["priority"], entry["weight"]) for entry in v["stack"]] for v in VECTORS]
    blends = [blend(stack) for stack in stacks]
    answers = json.loads(json.dumps([{"world": blended.world, "mix": blended.mix} for blended in blends]))
    assert misses(answers) == []
    assert {type(day) for day in days(answers)} == {int}
    answers[1]["world"]["weather"]["rain_mm_h"] += 1e-6
    assert misses(answers) == [VECTORS[1]["name"]]


def test_golden_vectors_have_names_of_their_own_and_miss_nothing_that_the_rules_tell() -> None:
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)
    layers = [entry for vector in VECTORS for entry in vector["stack"]]
    told = {field for layer in layers for fields in layer["preset"].get("world", {}).values() for field in fields}
    assert told >= {"rain_mm_h", "wind_from_deg", "hour", "day_of_year", "latitude_deg", "biome", "shelter", "features"}


def test_blending_changes_no_preset_and_weighs_nan_as_nothing() -> None:
    stack = [Layer(load("storm_at_sea")), Layer(load("cave"), weight=0.5), Layer(load("dialogue"), weight=0.5)]
    before = json.dumps([layer.preset for layer in stack])
    whole = blend(stack)
    assert json.dumps([layer.preset for layer in stack]) == before
    assert blend([*stack, Layer(load("blizzard"), 9, float("nan"))]) == whole


@pytest.mark.parametrize("weight", [0.001, 0.3, 0.5, 0.77, 0.999])
def test_the_protocol_takes_every_blend_of_two_presets(weight: float) -> None:
    for below in names():
        for above in names():
            blended = blend([Layer(load(below)), Layer(load(above), 1, weight)])
            build.world(**blended.world)  # type: ignore[arg-type]
            build.mix(**blended.mix)


# What is told.


def test_only_what_differs_is_told() -> None:
    told = Blended(
        {"weather": {"rain_mm_h": 4, "wind_m_s": 3}, "time": {"hour": 6}, "location": {"features": [{"id": "a"}]}},
        {"master_db": -6, "dynamics": 0.3, "voices": {"wind": {"gain_db": -3, "mute": True}, "rain": {"gain_db": 1}}},
    )
    wanted = Blended(
        {"weather": {"rain_mm_h": 8, "wind_m_s": 3.0}, "location": {"features": [{"id": "a"}], "shelter": "tent"}},
        {"master_db": -6, "voices": {"wind": {"gain_db": -3}, "birds": {"solo": True}}},
    )
    assert difference(told, told) == Blended()
    assert difference(told, wanted) == Blended(
        {"weather": {"rain_mm_h": 8}, "location": {"shelter": "tent"}, "time": {"hour": None}},
        {"dynamics": 0.5, "voices": {"wind": {"mute": False}, "rain": {"gain_db": 0.0}, "birds": {"solo": True}}},
    )


def told_to(server: ToyServer) -> list[dict[str, Any]]:
    """The changes that the toy has had, in JSON form."""
    changes = [change for _, change in server.session.changes]
    return [msgspec.to_builtins(change) for change in changes]


def test_a_stack_is_told_in_one_world_and_one_mix(server: ToyServer) -> None:
    wet = {"name": "wet", "world": {"weather": {"rain_mm_h": 8, "cloud": 1}}, "mix": {"master_db": -4}}
    with Ambience(server.address) as ambience:
        assert ambience.presets([Layer(wet), Layer(wet, 1, 0.5)], transition_s=3) == 2
        assert ambience.presets([Layer(wet)]) == 0
        drier = {"name": "drier", "world": {"weather": {"rain_mm_h": 2}}}
        assert ambience.presets([Layer(wet), Layer(drier, 5, 0.5)], transition_s=0.5) == 3
        assert ambience.presets([]) == 5
        ambience.read(HEARD_STEPS)
        told = told_to(server)
    assert told == [
        {"type": "world", "seq": 1, "world": {"weather": {"rain_mm_h": 8, "cloud": 1}}, "transition_s": 3},
        {"type": "mix", "seq": 2, "mix": {"master_db": -4}, "transition_s": 3},
        {"type": "world", "seq": 3, "world": {"weather": {"rain_mm_h": 5}}, "transition_s": 0.5},
        {"type": "world", "seq": 4, "world": {"weather": {"rain_mm_h": None, "cloud": None}}},
        {"type": "mix", "seq": 5, "mix": {"master_db": 0}},
    ]


def test_a_stack_that_is_refused_leaves_the_one_before(server: ToyServer) -> None:
    with Ambience(server.address) as ambience:
        ambience.presets(["downpour"])
        with pytest.raises(ValueError, match="did you mean 'downpour'"):
            ambience.presets(["downpuor"])
        with pytest.raises(BadMessage, match=r"world.weather.rain_mm_h 900"):
            ambience.presets([Layer({"name": "flood", "world": {"weather": {"rain_mm_h": 900}}})])
        assert ambience.presets(["downpour"]) == 0
        assert ambience.presets([]) == 2


def test_the_twin_for_asyncio_has_presets_too(server: ToyServer) -> None:
    async def main() -> None:
        async with aio.Ambience(server.address) as ambience:
            assert ambience.presets(["nightfall"]) == 1
            await ambience.read(HEARD_STEPS)
            assert told_to(server) == [{"type": "world", "seq": 1, "world": {"time": {"hour": 23}}}]

    asyncio.run(main())


def test_what_ends_returns_to_derived_in_a_real_scene() -> None:
    with InProcess(seed=1, pace="free") as ambience:
        stage = Stage(ambience)
        ambience.world(location={"biome": "grassland"}, cut=True)
        stage.set(["blizzard", Layer(load("dialogue"), 9)], transition_s=0)
        ambience.run_until(1.0)
        during = {reason.parameter: reason.target for reason in ambience.explain()}
        stage.set([], transition_s=0)
        ambience.run_until(2.0)
        after = {reason.parameter: reason.target for reason in ambience.explain()}
    assert (during["snow_mm_h"], after["snow_mm_h"]) == (9, 0)
    assert (during["master_db"], after["master_db"]) == (-6, 0)
    assert during["wind_m_s"] > 2 * after["wind_m_s"]


def test_a_real_server_takes_every_preset_without_a_word(lasting_server: RealServer) -> None:
    with Ambience(lasting_server.address, pace="free", layout="mono") as ambience:
        for place in PLACES:
            ambience.presets([place, *(Layer(load(mood), 1, 0.6) for mood in MOODS)], transition_s=0.1)
            ambience.run_until(ambience.time_s + 0.2)
        seq = ambience.presets([], transition_s=0.1)
        ambience.run_until(ambience.time_s + 0.2)
        assert ambience.applied_seq == seq
        assert ambience.warnings == ()


# The presets themselves.


def test_the_built_in_presets_have_their_files_names_and_say_what_they_are() -> None:
    assert len(PLACES) >= 20
    for name in names():
        preset = load(name)
        assert list(preset)[:2] == ["name", "meaning"]
        assert preset["name"] == name
        assert preset["meaning"].endswith(".")
        assert {"world", "mix"} & preset.keys()


@pytest.mark.parametrize("name", PLACES)
def test_a_place_states_all_that_matters(name: str) -> None:
    world = world_of(name)
    for group, fields in STATED.items():
        assert fields <= world[group].keys()
    biome = world["location"]["biome"]
    assert ({biome} if isinstance(biome, str) else set(biome)) <= set(BIOMES)
    assert world["weather"]["gust_m_s"] >= world["weather"]["wind_m_s"]
    assert ("thunder_km" in world["weather"]) == (world["weather"]["thunder_per_min"] > 0)


@pytest.mark.parametrize("name", PLACES)
def test_a_place_sounds_like_its_name(name: str) -> None:
    world = world_of(name)
    state = scene.initial_state(1)
    change = build.world(**world, cut=True)  # type: ignore[arg-type]
    for step in range(251):
        state, _ = scene.advance(state, [change] if step == 0 else [], step)
    up = {reason.parameter for reason in scene.explain(state) if reason.target > 0}
    up |= {f"feature {feature['kind']}" for feature in world["location"]["features"]}
    assert HEARD[name] <= up
    assert not UNHEARD.get(name, set()) & up


def test_moods_lie_over_any_place_and_say_little() -> None:
    assert MOODS == ("dialogue", "downpour", "gathering_storm", "indoors", "nightfall")
    for name in MOODS:
        location = world_of(name).get("location", {})
        assert not {"biome", "features"} & location.keys()


def test_the_page_lists_them_as_they_are() -> None:
    page = (ROOT / "docs" / "presets.md").read_text("utf-8")
    listed = [line for line in page.splitlines() if line.startswith("| `") and line.split("`")[1] in names()]
    assert listed == [f"| `{name}` | {load(name)['meaning']} |" for name in (*PLACES, *MOODS)]


# Loading.


def test_a_preset_is_loaded_by_name_or_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"name": "mine", "world": {"weather": {"rain_mm_h": 1}}}')
    assert load("storm at sea") == load("Storm-at-Sea") == load("storm_at_sea")
    assert load(path) == load(str(path)) == {"name": "mine", "world": {"weather": {"rain_mm_h": 1}}}
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.json")
    with pytest.raises(ValueError, match="no preset 'zzz': there are autumn_rain, "):
        load("zzz")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "mine: Expecting"),
        ("[]", "mine: a preset is a JSON object"),
        ("{}", "mine: a preset has a name"),
        ('{"name": "a", "wrold": {}}', "'wrold' is no field of a preset"),
        ('{"name": "a", "world": []}', "world .*is of the wrong type; allowed: a map"),
        ('{"name": "a", "world": {"listener": {"heading_deg": 1}}}', "world.listener: the listener is the game's own"),
        ('{"name": "a", "world": {"weather": null}}', "world.weather"),
        ('{"name": "a", "world": {"weather": {"rain": 1}}}', r"world\.weather\.rain .*did you mean 'rain_mm_h'"),
        ('{"name": "a", "world": {"weather": {"rain_mm_h": 900}}}', r"rain_mm_h 900"),
        ('{"name": "a", "world": {"location": {"feature_remove": "x"}}}', "feature_remove"),
        ('{"name": "a", "mix": {"volume": 1}}', r"mix\.volume"),
        ('{"name": "a", "mix": {"master_db": null}}', r"mix\.master_db"),
        ('{"name": "a", "mix": {"voices": {"brids": {"mute": true}}}}', "did you mean 'birds'"),
    ],
)
def test_what_is_no_preset_is_a_value_error_that_says_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text, "mine")


# Where they lie.


@pytest.mark.parametrize("folder", COPIES, ids=["godot", "unity"])
def test_the_engines_have_the_same_files(folder: Path) -> None:
    files = {path.name: path.read_bytes() for path in DATA.iterdir()}
    assert {path.name: path.read_bytes() for path in folder.glob("*.json")} == files, "run: make presets"


def test_the_wheel_carries_them(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {Path(entry).stem for entry in archive.namelist() if entry.startswith("ambiome_client/presets/")}
    assert held == set(names())
