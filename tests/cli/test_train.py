"""`ambiome train`: a small codec and a small model, interrupted and resumed; mistakes are one line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from ambiome_middleware.neural.codec import Codec
from ambiome_middleware.neural.lm import Lm

CONFIG = """
[codec]
filters = 2
dimension = 16
lstm_layers = 1
levels = 2
[lm]
levels = 2
coarse = 1
width = 16
layers = 1
heads = 1
depth_width = 16
depth_layers = 1
depth_heads = 1
latent = 16
[data]
renders_s = 4
render_s = 2
voices_s = 0
[train_codec]
steps = 4
batch = 2
seconds = 0.2
adversary_from = 2
adversary_filters = 2
[train_lm]
steps = 4
batch = 2
seconds = 1
"""
HEAD = "file,category,seconds,source_rate_hz,channels,bandwidth_khz,licence,author,source,original_path\n"


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    folder = tmp_path / "sounds"
    folder.mkdir()
    chance = np.random.default_rng(1)
    soundfile.write(folder / "rain.wav", 0.05 * chance.standard_normal((48_000 * 4, 2)), 48_000)
    row = "rain.wav,rain,4,48000,2,20,CC0-1.0,me,,Rain.wav\n"
    (folder / "manifest.csv").write_text(HEAD + row)
    return folder


def test_a_codec_and_then_a_model(ambiome: Any, sounds: Path, tmp_path: Path) -> None:
    config, out = tmp_path / "small.toml", tmp_path / "out"
    config.write_text(CONFIG)
    options = ("--config", config, "--sounds", sounds)
    done = ambiome("train", "lm", out, *options)
    assert done.code == 4
    assert f"holds no codec.safetensors: ambiome train codec {out}" in done.err
    done = ambiome("train", "codec", out, *options, "--seconds", 0)
    assert (done.code, done.out.split(": ")[1]) == (0, "0 of 4 steps\n")
    done = ambiome("train", "codec", out, *options)
    assert (done.code, done.err, done.out.split(": ")[1]) == (0, "", "4 of 4 steps\n")
    done = ambiome("train", "lm", out, *options)
    assert (done.code, done.err, done.out.split(": ")[1]) == (0, "", "4 of 4 steps\n")
    codec = Codec.load(out / "codec.safetensors")
    assert Lm.load(out / "lm.safetensors", codec.codebooks()).shape.levels == 2
    score, wav = tmp_path / "score.jsonl", tmp_path / "out.wav"
    score.write_text('{"at": 0, "world": {"weather": {"rain_mm_h": 9}}}\n')
    learned = (score, wav, "--seconds", 0.4, "--renderer", "neural")
    done = ambiome("render", *learned, "--weights", out)
    assert (done.code, done.err) == (0, "")
    assert soundfile.read(wav)[0].shape == (19_200, 2)
    done = ambiome("render", score, wav, "--weights", out)
    assert (done.code, "--renderer neural asks for it" in done.err) == (2, True)
    done = ambiome("render", *learned, "--weights", sounds)
    assert done.code == 4
    assert done.err.startswith("ambiome: ")
    assert "codec.safetensors" in done.err
    for picture in ("codec.png", "lm.png"):
        assert (out / picture).read_bytes().startswith(b"\x89PNG")
    config.write_text(CONFIG + "\n[other]\n")
    assert "[other] is none of codec, lm" in ambiome("train", "lm", out, *options).err
    config.write_text("seed = 3\n" + CONFIG)
    refused = ambiome("train", "codec", out, *options)
    assert refused.code == 4
    assert "is of another training" in refused.err


def test_mistakes_are_one_line(ambiome: Any, tmp_path: Path) -> None:
    for arguments, code, said in (
        (("train", "codex", tmp_path), 2, "codex"),
        (("train", "codec", tmp_path, "--config", tmp_path / "none.toml"), 4, "No such file"),
        (("train", "codec", tmp_path, "--sounds", tmp_path), 4, "manifest.csv: no such file"),
    ):
        done = ambiome(*arguments)
        assert done.code == code, done.err
        assert said in done.err
        assert len(done.err.splitlines()) == 1
