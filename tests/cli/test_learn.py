"""`ambiome learn`: a recording becomes a place that is rendered; wrong files are one line and an exit code."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from ambiome_middleware.sound.profile import read_file
from learn.sounds import drops, noise


@pytest.fixture
def pond(tmp_path: Path) -> Path:
    path = tmp_path / "My Pond.wav"
    both = drops(8, 5.0, 1_500.0, 0.01, 14.0, 5.0)
    soundfile.write(path, 0.03 * np.stack([noise(8, 1) + both, noise(8, 2) + both], axis=1), 48_000)
    return path


def test_a_recording_becomes_a_place_that_sounds(ambiome: Any, pond: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    done = ambiome("learn", pond, "--out", folder, "--rounds", 0, "--author", "me", "--licence", "CC0")
    assert (done.code, done.err) == (0, "")
    profile = read_file(folder / "my_pond.profile.toml")
    assert (profile.voice, profile.name, profile.sources[0].author) == ("place", "my_pond", "me")
    assert profile.grains
    score = tmp_path / "score.jsonl"
    score.write_text('{"at": 0, "world": {"location": {"biome": "my_pond"}}, "cut": true}\n')
    options = (tmp_path / "out.wav", "--seconds", 2, "--biomes", folder)
    done = ambiome("render", score, *options, "--save-tokens", tmp_path / "tokens")
    assert done.code == 0, done.err
    heard = soundfile.read(tmp_path / "out.wav")[0]
    assert np.sqrt(np.mean(heard**2)) > 0.003
    again = ambiome("render", tmp_path / "tokens", tmp_path / "again.wav", "--biomes", folder)
    assert again.code == 0, again.err
    assert (tmp_path / "again.wav").read_bytes() == (tmp_path / "out.wav").read_bytes()
    refused = ambiome("render", tmp_path / "tokens", tmp_path / "again.wav")
    assert refused.code == 4
    assert "made with learned profiles" in refused.err


@pytest.mark.long
def test_a_biome_that_stands_is_left_and_a_texture_needs_none(ambiome: Any, pond: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pond.toml").write_text('[own]\nprofile = "pond"\n')
    assert ambiome("learn", pond, "--name", "Pond!", "--out", folder, "--rounds", 0).code == 0
    assert (folder / "pond.toml").read_text() == '[own]\nprofile = "pond"\n'
    done = ambiome("learn", pond, pond, "--voice", "rain", "--out", folder / "r.profile.toml", "--rounds", 0)
    assert done.code == 0
    profile = read_file(folder / "r.profile.toml")
    assert (profile.voice, [round(level.intensity, 2) for level in profile.levels]) == ("rain", [0.33, 0.67])
    assert sorted(path.name for path in folder.iterdir()) == ["pond.profile.toml", "pond.toml", "r.profile.toml"]


def test_what_cannot_be_learned_is_one_line(ambiome: Any, pond: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(480_000), 48_000)
    for arguments, code, said in (
        ((tmp_path / "silence.wav",), 4, "silence.wav: silence"),
        ((tmp_path / "none.wav",), 4, "none.wav: No such file"),
        ((pond, "--voice", "rian"), 2, "--voice: 'rian' is none of place, birds,"),
        ((pond, "--name", "!"), 2, "--name: '!' holds no letter"),
        ((pond,) * 6, 2, "6 recordings are more than 5 levels"),
    ):
        done = ambiome("learn", *arguments, "--out", tmp_path / "mine", "--rounds", 0)
        assert done.code == code
        assert said in done.err
        assert done.err.count("\n") == 1
    assert not (tmp_path / "mine").exists()
