"""`ambiome render` as a stranger would use it, and misuse it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from .conftest import SCORE, Done

Ambiome = Callable[..., Done]


def piped(arguments: list[str], data: bytes) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "ambiome_cli", *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=False)


def test_a_score_becomes_a_sound(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    assert ambiome("render", score, out, "--seconds", 2, "--seed", 5) == Done(0, "", "")
    audio, rate = soundfile.read(out)
    assert (audio.shape, rate) == ((96_000, 2), 48_000)
    assert soundfile.info(out).subtype == "PCM_24"
    assert 1e-4 < np.sqrt((audio**2).mean()) < 1


def test_without_seconds_it_ends_ten_seconds_after_the_last_line(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    assert ambiome("render", score, tmp_path / "out.wav", "--layout", "mono", "--format", "s16").code == 0
    info = soundfile.info(tmp_path / "out.wav")
    assert (info.frames, info.channels, info.subtype) == (round(10.8 * 48_000), 1, "PCM_16")


def test_a_token_file_renders_to_the_same_bytes(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    first, again, tokens = tmp_path / "first.wav", tmp_path / "again.wav", tmp_path / "tokens"
    options = ("--seconds", 2, "--format", "f32", "--device", "cpu")
    assert ambiome("render", score, first, *options, "--seed", 9, "--save-tokens", tokens).code == 0
    assert ambiome("render", tokens, again, "--format", "f32", "--device", "cpu").code == 0
    assert again.read_bytes() == first.read_bytes()
    assert ambiome("render", tokens, again, *options, "--seed", 9, "--layout", "stereo").code == 0
    assert ambiome("render", score, again, *options, "--seed", 10).code == 0
    assert again.read_bytes() != first.read_bytes()


@pytest.mark.parametrize(
    ("option", "value", "held"), [("seed", "8", "9"), ("layout", "mono", "stereo"), ("seconds", "1", "2")]
)
def test_an_option_that_contradicts_the_token_file_is_an_error(
    ambiome: Ambiome, score: Path, tmp_path: Path, option: str, value: str, held: str
) -> None:
    tokens, out = tmp_path / "tokens", tmp_path / "out.wav"
    made = ambiome("render", score, tmp_path / "a.wav", "--seconds", 2, "--seed", 9, "--save-tokens", tokens)
    assert made.code == 0
    done = ambiome("render", tokens, out, f"--{option}", value)
    assert done.code == 4
    assert option in done.err
    assert held in done.err
    assert len(done.err.splitlines()) == 1
    assert not out.exists()


def test_from_standard_input_to_standard_output(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    assert ambiome("render", score, tmp_path / "out.wav", "--seconds", 1).code == 0
    done = piped(["render", "-", "-", "--seconds", "1"], SCORE.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (tmp_path / "out.wav").read_bytes()


def test_a_reader_that_leaves_is_no_error(score: Path) -> None:
    command = f"{sys.executable} -m ambiome_cli render {score} - --seconds 20 | head -c 100"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (len(done.stdout), done.stderr) == (100, b"")


BROKEN = {
    "no json": ('{"at": 0, "world": {}}\n{"at": 1, "world": {}\n', "line 2", "JSON"),
    "out of range": ('\n{"at": 0, "world": {"weather": {"rain_mm_h": 900}}}\n', "line 2", "rain_mm_h"),
    "going back": ('{"at": 5, "world": {}}\n{"at": 4, "world": {}}\n', "line 2", "at"),
    "unknown biome": ('{"at": 0, "mix": {}}\n\n{"at": 0, "world": {"location": {"biome": "forrest"}}}\n', "line 3", ""),
    "unknown field": ('{"at": 0, "world": {"wether": {}}}\n', "line 1", "wether"),
    "no time": ('{"world": {}}\n', "line 1", "at"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_named(ambiome: Ambiome, tmp_path: Path, name: str) -> None:
    text, line, word = BROKEN[name]
    score = tmp_path / "broken.jsonl"
    score.write_text(text)
    done = ambiome("render", score, tmp_path / "out.wav")
    assert done.code == 4
    assert done.err.startswith(f"ambiome: {score}, {line}: ")
    assert word in done.err
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "out.wav").exists()


def test_an_unknown_biome_offers_the_nearest(ambiome: Ambiome, tmp_path: Path) -> None:
    score = tmp_path / "score.jsonl"
    score.write_text('{"at": 0, "world": {"location": {"biome": "temperat_forest"}}}\n')
    assert "did you mean 'temperate_forest'" in ambiome("render", score, tmp_path / "out.wav").err


def test_files_that_are_not_there_or_not_to_be_written(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    missing = ambiome("render", tmp_path / "none.jsonl", tmp_path / "out.wav")
    assert (missing.code, missing.err) == (4, f"ambiome: {tmp_path / 'none.jsonl'}: No such file or directory\n")
    nowhere = ambiome("render", score, tmp_path / "none" / "out.wav")
    assert (nowhere.code, nowhere.err) == (4, f"ambiome: {tmp_path / 'none' / 'out.wav'}: No such file or directory\n")
    folder = ambiome("render", score, tmp_path)
    assert (folder.code, folder.err) == (4, f"ambiome: {tmp_path}: Is a directory\n")
    tokens = ambiome("render", score, tmp_path / "out.wav", "--save-tokens", tmp_path / "none" / "tokens")
    assert (tokens.code, len(tokens.err.splitlines())) == (4, 1)


def test_a_token_file_that_was_cut_off(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    assert ambiome("render", score, tmp_path / "out.wav", "--seconds", 1, "--save-tokens", tokens).code == 0
    tokens.write_bytes(tokens.read_bytes()[:-10])
    done = ambiome("render", tokens, tmp_path / "again.wav")
    assert done.code == 4
    assert "cut off" in done.err
    assert str(tokens) in done.err


@pytest.mark.parametrize(
    ("options", "code", "word"),
    [
        (["--seconds", "0"], 4, "seconds"),
        (["--seconds", "nan"], 4, "seconds"),
        (["--seed", "-1"], 4, "seed"),
        (["--device", "mps"], 4, "mps"),
        (["--device", "gpu"], 2, "gpu"),
        (["--layout", "7.1"], 2, "7.1"),
        (["--format", "mp3"], 2, "mp3"),
        (["--loud"], 2, "--loud"),
    ],
)
def test_options_that_cannot_be(
    ambiome: Ambiome, score: Path, tmp_path: Path, options: list[str], code: int, word: str
) -> None:
    done = ambiome("render", score, tmp_path / "out.wav", *options)
    assert done.code == code
    assert word in done.err
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "out.wav").exists()
