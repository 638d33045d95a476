"""Whatever a schema allows becomes a world that the protocol takes; whatever it does not allow, an AdapterError."""

import copy
import json
import string
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ambiome_client import adapters
from ambiome_client.adapters import AdapterError, carla, metar, minecraft, open_meteo, openweathermap, osm, uds, wmo
from ambiome_client.adapters.minecraft_biomes import BIOMES
from ambiome_client.adapters.worldcover import CLASSES, to_world
from ambiome_protocol import build
from ambiome_protocol.lists import BIOMES as PLACES
from ambiome_protocol.lists import FEATURE_KINDS, SHELTERS
from hypothesis import given, settings
from hypothesis import strategies as st

CASES = {path.stem: json.loads(path.read_text()) for path in (Path(__file__).parent / "cases").glob("*.json")}
FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30)
SHARES = st.floats(-0.5, 1.5)
JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6) | st.integers(), inner, max_size=4),
    max_leaves=8,
)
QUICKLY = settings(max_examples=60, deadline=None)
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def is_told(world: Any) -> None:
    """The protocol takes it, and every name in it is one of the protocol's own."""
    build.world(**world)
    location = world.get("location", {})
    biome = location.get("biome") or {}
    assert set([biome] if isinstance(biome, str) else biome) <= set(PLACES)
    assert location.get("shelter") in (None, *SHELTERS)
    assert {feature["kind"] for feature in location.get("features", ())} <= set(FEATURE_KINDS)


def told_or_named(call: Callable[[], Any]) -> None:
    try:
        world = call()
    except AdapterError as error:
        assert str(error).startswith(f"{error.schema}: ")  # noqa: PT017
        return
    is_told(world)


@QUICKLY
@given(st.lists(FINITE, min_size=10, max_size=10) | st.lists(FINITE, min_size=14, max_size=14), LATITUDES,
       st.integers(1, 366))  # fmt: skip
def test_any_weather_of_carla(weather: list[float], latitude_deg: float, day_of_year: int) -> None:
    is_told(carla.to_world(weather, latitude_deg=latitude_deg, day_of_year=day_of_year))


@QUICKLY
@given(st.dictionaries(st.sampled_from(range(9)), SHARES), st.none() | st.tuples(FINITE, FINITE, FINITE),
       st.none() | st.datetimes(), FINITE)  # fmt: skip
def test_any_weather_of_airsim(parameters: Any, wind: Any, start: Any, speed: float) -> None:
    is_told(adapters.airsim.to_world(parameters, wind, start_datetime=start, clock_speed=speed))


@QUICKLY
@given(st.dictionaries(st.sampled_from(sorted(uds.STATE)), FINITE), FINITE, FINITE, FINITE)
def test_any_state_of_uds(state: Any, time_of_day: float, season: float, exposure: float) -> None:
    is_told(uds.to_world(state, time_of_day=time_of_day, season=season, exposure=exposure))


@QUICKLY
@given(st.tuples(FINITE, FINITE, FINITE), st.tuples(FINITE, FINITE), st.floats(-360, 360))
def test_any_flash_of_uds(strike: Any, listener: Any, yaw: float) -> None:
    build.event("lightning", **uds.flash(strike, listener, north_yaw_deg=yaw))


@QUICKLY
@given(st.sampled_from(sorted(BIOMES)), st.sampled_from(["clear", "rain", "thunder"]), st.none() | FINITE,
       FINITE, st.none() | st.integers(0, 15))  # fmt: skip
def test_any_biome_of_minecraft(biome: str, weather: str, ticks: Any, speed: float, sky_light: Any) -> None:
    is_told(minecraft.to_world(biome, weather, ticks, ticks_per_s=speed, sky_light=sky_light))


@QUICKLY
@given(st.fixed_dictionaries({"temperature": st.floats(-2, 2), "downfall": st.floats(0, 1)},
                             optional={"has_precipitation": st.booleans()}))  # fmt: skip
def test_any_biome_of_a_data_pack(biome: Any) -> None:
    is_told(minecraft.to_world(biome, "thunder"))


@QUICKLY
@given(st.dictionaries(st.sampled_from([0, *CLASSES]), st.floats(0, 1e9)), st.none() | LATITUDES, st.none() | FINITE,
       st.booleans())  # fmt: skip
def test_any_land_of_worldcover(classes: Any, latitude_deg: Any, altitude_m: Any, is_coast: bool) -> None:
    is_told(to_world(classes, latitude_deg=latitude_deg, altitude_m=altitude_m, is_coast=is_coast))


TAGS = st.dictionaries(
    st.sampled_from(["natural", "landuse", "waterway", "highway", "building", "leaf_type", "tunnel", "water"]),
    st.sampled_from(["wood", "forest", "water", "river", "stream", "primary", "yes", "church", "beach", "needleleaved",
                     "mangrove", "residential", "no"]),
    max_size=4,
)  # fmt: skip
PLACE = st.fixed_dictionaries({"lat": LATITUDES, "lon": LONGITUDES}) | st.builds(
    lambda north, east: {"lat": 48.0 + north, "lon": 8.0 + east}, st.floats(-0.01, 0.01), st.floats(-0.01, 0.01)
)
ELEMENT = st.builds(
    lambda tags, number, shape: {"type": "way", "id": number, "tags": tags, **shape},
    TAGS,
    st.integers(0, 30),
    PLACE
    | st.builds(lambda place: {"center": place}, PLACE)
    | st.builds(lambda places: {"geometry": [*places, places[0]]}, st.lists(PLACE, min_size=1, max_size=6))
    | st.builds(
        lambda lines: {"members": [{"role": "outer", "geometry": line} for line in lines]},
        st.lists(st.lists(PLACE, max_size=4), max_size=3),
    ),
)


@QUICKLY
@given(st.lists(ELEMENT, max_size=40), st.floats(1, 5_000))
def test_any_map(elements: Any, radius_m: float) -> None:
    is_told(osm.to_world(elements, 48.0, 8.0, radius_m=radius_m))


@QUICKLY
@given(TAGS, st.none() | LATITUDES)
def test_any_tags(tags: Any, latitude_deg: Any) -> None:
    is_told(osm.tags_to_world(tags, latitude_deg=latitude_deg))


@QUICKLY
@given(st.sampled_from(sorted(wmo.CODES)), FINITE, FINITE, FINITE, st.floats(0, 4e9), LONGITUDES)
def test_any_answer_of_open_meteo(code: int, mm: float, wind: float, celsius: float, time: float, lon: float) -> None:
    current = {"weather_code": code, "rain": mm, "snowfall": mm, "wind_speed_10m": wind, "wind_gusts_10m": wind,
               "temperature_2m": celsius, "relative_humidity_2m": mm, "time": time}  # fmt: skip
    is_told(open_meteo.to_world({"current": current, "latitude": 1.0, "longitude": lon}))
    is_told(wmo.to_world(code))


@QUICKLY
@given(st.lists(st.sampled_from(sorted(openweathermap.CONDITIONS)), min_size=1, max_size=3), FINITE, FINITE,
       st.sampled_from(["standard", "metric", "imperial"]))  # fmt: skip
def test_any_answer_of_openweathermap(ids: list[int], one: float, other: float, units: str) -> None:
    response = {"weather": [{"id": code} for code in ids], "main": {"temp": one, "humidity": other},
                "wind": {"speed": one, "gust": other, "deg": one}, "clouds": {"all": one}, "visibility": other,
                "rain": {"1h": one}, "snow": {"1h": other}, "coord": {"lat": one, "lon": one}, "dt": other}  # fmt: skip
    is_told(openweathermap.to_world(response, units=units))


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=count, max_size=count)


def _from(*names: str) -> st.SearchStrategy[str]:
    return st.sampled_from(names)


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


CELSIUS = _joined(_from("", "M"), _digits(2)) | st.just("//")
GROUPS = st.one_of(
    _joined(_digits(3) | _from("VRB", "///"), _digits(2), _from("", "G25", "G130"), _from("KT", "MPS", "KMH")),
    _joined(_digits(4), _from("", "NDV", "SW")),
    _joined(_from("", "M", "P", "1 "), _from("1", "3", "5", "7"), _from("/2", "/4", "/16"), st.just("SM")),
    _joined(_from("", "-", "+"), _from("", "SH", "TS", "FZ", "BL", "MI"), _from("RA", "SNRA", "GR", "UP", "BR")),
    _joined(_from("VC"), _from("TS", "SH", "FG", "BLSN")),
    _joined(_from("FEW", "SCT", "BKN", "OVC", "VV"), _digits(3) | st.just("///"), _from("", "CB", "TCU")),
    _joined(CELSIUS, st.just("/"), CELSIUS),
    _joined(_from("Q", "A"), _digits(4)),
    _from("CAVOK", "NSC", "AUTO", "//", "////", "//////", "R24L/0350N", "RETSRA", "NOSIG", "SQ", "+FC", "WS R03"),
)  # fmt: skip
REMARKS = st.lists(_from("AO2", "FRQ LTGICCG OHD", "LTG DSNT NW", "CONS LTG VC", "T10561067", "SLP170"), max_size=3)
REPORTS = st.builds(
    lambda groups, remarks: " ".join(["METAR EDDB 211820Z", *groups, *(["RMK", *remarks] if remarks else []), "="]),
    st.lists(GROUPS, max_size=9),
    REMARKS,
)


@settings(max_examples=200, deadline=None)
@given(REPORTS, st.none() | LONGITUDES)
def test_any_metar(report: str, longitude_deg: Any) -> None:
    is_told(metar.to_world(report, longitude_deg=longitude_deg))


@settings(max_examples=200, deadline=None)
@given(REPORTS, st.integers(0, 200), st.text("/-+ VCTSKM0189ÄÉ٣\n", max_size=4))
def test_any_metar_with_a_fault(report: str, at: int, fault: str) -> None:
    told_or_named(lambda: metar.to_world(report[:at] + fault + report[at + 1 :]))


def _modules() -> list[ModuleType]:
    return [module for name in adapters.__all__ if isinstance(module := getattr(adapters, name), ModuleType)]


@pytest.mark.parametrize("module", _modules(), ids=lambda module: module.__name__.rpartition(".")[2])
@QUICKLY
@given(JUNK)
def test_junk_is_named(module: ModuleType, junk: Any) -> None:
    more = (0.0, 0.0) if module is osm else ()
    told_or_named(lambda: module.to_world(junk, *more))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for key in keys for found in _paths(value[key], (*path, key))]


@pytest.mark.parametrize("schema", sorted(CASES))
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_junk_within_is_named(schema: str, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(CASES[schema]["cases"]))
    held: Any = {"call": copy.deepcopy(row["call"]), "options": dict(row.get("options", {}))}
    call, options = held["call"], held["options"]
    path = data.draw(st.sampled_from([path for path in _paths(held) if len(path) > 1]))
    for key in path[:-1]:
        held = held[key]
    held[path[-1]] = data.draw(JUNK)
    told_or_named(lambda: getattr(adapters, schema).to_world(*call, **options))
