"""The golden vectors of presets, and how an answer is compared with them, for every client that blends."""

import json
import math
import random
from pathlib import Path
from typing import Any

from ambiome_client.blending import Layer, blend
from ambiome_client.presets import load, names
from ambiome_protocol import vectors

PATH = vectors.ROOT / "presets.json"
VECTORS: list[dict[str, Any]] = json.loads(PATH.read_text("utf-8"))
DATA = Path(__file__).parents[1] / "integrations" / "python" / "ambiome_client" / "presets"
"""Where the presets lie; all other places hold copies of these."""


def close(got: object, wanted: object) -> bool:
    """Whether they are equal, numbers to 1e-9 of themselves, as values that came through JSON."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(close(got[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(close, got, wanted))
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return type(got) is type(wanted) and got == wanted
    is_number = isinstance(got, int | float) and not isinstance(got, bool)
    return is_number and math.isclose(got, wanted, rel_tol=1e-9, abs_tol=1e-12)


def misses(answers: list[Any]) -> list[str]:
    """The names of the vectors, in order, to which these answers are not right."""
    pairs = zip(VECTORS, answers, strict=True)
    return [vector["name"] for vector, answer in pairs if not close(answer, vector["result"])]


def days(answers: list[Any]) -> list[object]:
    """The days of the year in answers: these must be integers, for the protocol takes nothing else."""
    found = [answer["world"].get("time", {}).get("day_of_year") for answer in answers]
    return [day for day in found if day is not None]


def at_random(count: int) -> list[dict[str, Any]]:
    """Stacks of built-in presets, as the vectors have them, with what the Python client makes of each."""
    chance = random.Random(4)
    presets = {name: dict(load(name)) for name in names()}
    made = []
    for _ in range(count):
        stack = [
            {
                "preset": presets[chance.choice(names())],
                "priority": chance.randint(-2, 2),
                "weight": chance.choice((0, 1, 0.25, 0.5, chance.random(), chance.random(), chance.random())),
            }
            for _ in range(chance.randint(1, 7))
        ]
        blended = blend([Layer(entry["preset"], entry["priority"], entry["weight"]) for entry in stack])
        made.append({"stack": stack, "result": {"world": blended.world, "mix": blended.mix}})
    return made
