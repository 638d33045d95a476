"""`preset:NAME` wherever a score is named."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from ambiome_client.presets import load

from .conftest import Done

Ambiome = Callable[..., Done]


def targets(ambiome: Ambiome, name: str) -> dict[str, float]:
    done = ambiome("explain", name, "--all", "--json")
    assert (done.code, done.err) == (0, "")
    return {reason["parameter"]: reason["target"] for reason in json.loads(done.out)["reasons"]}


def test_a_preset_renders_as_its_score_does(ambiome: Ambiome, tmp_path: Path) -> None:
    score, first, again = tmp_path / "score.jsonl", tmp_path / "first.wav", tmp_path / "again.wav"
    score.write_text(json.dumps({"at": 0, "world": load("storm_at_sea")["world"], "cut": True}))
    options = ("--seconds", 1, "--layout", "mono")
    assert ambiome("render", "preset:storm_at_sea", first, *options) == Done(0, "", "")
    assert ambiome("render", score, again, *options).code == 0
    assert first.read_bytes() == again.read_bytes()
    assert np.sqrt((soundfile.read(first)[0] ** 2).mean()) > 0.01


def test_several_lie_upon_each_other(ambiome: Ambiome) -> None:
    alone, both = targets(ambiome, "preset:harbour_market"), targets(ambiome, "preset:harbour_market+downpour+dialogue")
    assert (alone["rain_mm_h"], alone["master_db"]) == (0, 0)
    assert (both["rain_mm_h"], both["master_db"], both["gain_crowd_db"]) == (30, -6, -6)


@pytest.mark.parametrize("name", ["preset:storm_at_see", "preset:", "preset:cave+"])
def test_an_unknown_preset_is_bad_input(ambiome: Ambiome, tmp_path: Path, name: str) -> None:
    for command in (("render", name, tmp_path / "out.wav"), ("explain", name), ("listen", "--score", name)):
        done = ambiome(*command)
        assert done.code == 4
        assert done.err.startswith("ambiome: no preset ")
        assert len(done.err.splitlines()) == 1
