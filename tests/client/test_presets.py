"""Presets: blending by the golden vectors, what is told when a stack changes, and that the built-in ones are right."""

import json
import math
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ambiome_client.blending import Blended, Layer, blend, difference
from ambiome_protocol import vectors

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((vectors.ROOT / "presets.json").read_text("utf-8"))


def stack_of(vector: dict) -> list[Layer]:
    return [Layer(entry["preset"], entry["priority"], entry["weight"]) for entry in vector["stack"]]


def close(got: object, wanted: object) -> bool:
    """Equal, numbers to 1e-9 of themselves, after JSON."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(close(got[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(close, got, wanted))
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return type(got) is type(wanted) and got == wanted
    return not isinstance(got, bool) and math.isclose(got, wanted, rel_tol=1e-9, abs_tol=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_stack_blends_to_this(vector: dict) -> None:
    blended = blend(stack_of(vector))
    assert close(json.loads(json.dumps({"world": blended.world, "mix": blended.mix})), vector["result"]), blended
