"""Golden cases of every adapter, from `cases/`: what a description becomes, what the error for a wrong one names."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ambiome_client import adapters
from ambiome_client.adapters import AdapterError
from ambiome_protocol import build

CASES = {path.stem: json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "cases").glob("*.json"))}
MODULES: dict[str, ModuleType] = {
    name: module for name in adapters.__all__ if isinstance(module := getattr(adapters, name), ModuleType)
}


def rows(part: str) -> list[Any]:
    return [
        pytest.param(schema, row, id=f"{schema}: {row['name']}") for schema, held in CASES.items() for row in held[part]
    ]


def close(found: object, wanted: object) -> bool:
    """Whether `found` has what `wanted` names: numbers to 2 in the last of four places, else equal."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(name in found and close(found[name], wanted[name]) for name in wanted)
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(close, found, wanted))
    if isinstance(wanted, bool | str) or wanted is None:
        return found == wanted
    return isinstance(found, int | float) and found == pytest.approx(wanted, abs=2e-4)


def test_every_adapter_has_cases() -> None:
    assert set(CASES) == set(MODULES)


@pytest.mark.parametrize(("schema", "row"), rows("cases"))
def test_a_description_becomes_this_world(schema: str, row: dict[str, Any]) -> None:
    found = MODULES[schema].to_world(*row["call"], **row.get("options", {}))
    build.world(**found)
    assert close(found, row["world"]), found
    biomes = row["world"].get("location", {}).get("biome")
    assert not isinstance(biomes, dict) or found["location"]["biome"].keys() == biomes.keys()


@pytest.mark.parametrize(("schema", "row"), rows("errors"))
def test_a_wrong_description_is_named(schema: str, row: dict[str, Any]) -> None:
    with pytest.raises(AdapterError) as caught:
        MODULES[schema].to_world(*row["call"], **row.get("options", {}))
    error = caught.value
    assert isinstance(error, ValueError)
    assert (error.schema, error.field, error.value) == (schema, row["field"], row["value"])
    assert str(error).startswith(f"{schema}: {row['field']} is ")


@pytest.mark.parametrize(
    "schema", ["metar", "openweathermap", "wmo", "open_meteo", "carla", "airsim", "uds", "minecraft"]
)
def test_the_weather_that_is_told_is_always_the_same_fields(schema: str) -> None:
    """So that one world told after another leaves nothing of the first behind."""
    told = {
        frozenset(MODULES[schema].to_world(*row["call"], **row.get("options", {}))["weather"])
        for row in CASES[schema]["cases"]
    }
    assert len(told) == 1
