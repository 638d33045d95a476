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


def test_a_length_that_rounds_up_to_the_token_files_does_not_contradict_it(
    ambiome: Ambiome, score: Path, tmp_path: Path
) -> None:
    tokens, first, again = tmp_path / "tokens", tmp_path / "first.wav", tmp_path / "again.wav"
    assert ambiome("render", score, first, "--seconds", 1.01, "--save-tokens", tokens).code == 0
    assert ambiome("render", tokens, again, "--seconds", 1.01) == Done(0, "", "")
    assert again.read_bytes() == first.read_bytes()
    assert ambiome("render", tokens, again, "--seconds", 1.05).code == 4


def test_token_frames_go_to_standard_output_too(score: Path, tmp_path: Path) -> None:
    tokens, out = tmp_path / "tokens", tmp_path / "out.wav"
    options = [str(score), str(out), "--seconds", "1", "--save-tokens"]
    assert piped(["render", *options, str(tokens)], b"").returncode == 0
    done = piped(["render", *options, "-"], b"")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == tokens.read_bytes()
    sound = piped(["render", "-", "-"], done.stdout)
    assert sound.stdout == out.read_bytes()


def test_sound_and_token_frames_cannot_share_a_file(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    for target, tokens in ((tmp_path / "x", tmp_path / "x"), (tmp_path / "x", f"{tmp_path}/./x"), ("-", "-")):
        done = ambiome("render", score, target, "--seconds", 1, "--save-tokens", tokens)
        assert (done.code, done.out) == (4, "")
        assert "is where the sound goes" in done.err
    assert list(tmp_path.iterdir()) == [score]


def test_a_score_is_not_written_over(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    held = score.read_bytes()
    for arguments in ((score, score), (score, tmp_path / "out.wav", "--save-tokens", score)):
        done = ambiome("render", *arguments, "--seconds", 1)
        assert done.code == 4
        assert "is what is read" in done.err
    assert score.read_bytes() == held
    assert list(tmp_path.iterdir()) == [score]


def test_what_fails_leaves_the_file_that_was_there(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    out, tokens = tmp_path / "out.wav", tmp_path / "tokens"
    out.write_bytes(b"an hour of work")
    tokens.write_bytes(b"another")
    assert ambiome("render", score, out, "--seconds", 1, "--device", "mps", "--save-tokens", tokens).code == 4
    assert (out.read_bytes(), tokens.read_bytes()) == (b"an hour of work", b"another")
    assert {path.name for path in tmp_path.iterdir()} == {"score.jsonl", "out.wav", "tokens"}
    out.chmod(0o640)
    assert ambiome("render", score, out, "--seconds", 1).code == 0
    assert (out.read_bytes()[:4], out.stat().st_mode & 0o777) == (b"RIFF", 0o640)


def test_a_link_stays_a_link_and_a_pipe_a_pipe(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.wav"
    link.symlink_to(tmp_path / "real.wav")
    assert ambiome("render", score, link, "--seconds", 1).code == 0
    assert link.is_symlink()
    assert soundfile.info(tmp_path / "real.wav").frames == 48_000
    assert ambiome("render", score, "/dev/null", "--seconds", 1) == Done(0, "", "")
    assert Path("/dev/null").is_char_device()


@pytest.fixture
def biomes(tmp_path: Path) -> Path:
    """A game's own biomes: one, with a fire in it."""
    folder = tmp_path / "biomes"
    folder.mkdir()
    (folder / "moon.toml").write_text('shelter = "open"\n[birds]\nactivity = 1.0\nday = 1.0\n')
    return folder


@pytest.fixture
def moon(tmp_path: Path) -> Path:
    """A score on the moon."""
    path = tmp_path / "moon.jsonl"
    path.write_text('{"at": 0, "world": {"location": {"biome": "moon"}, "time": {"hour": 7, "day_of_year": 150}}}\n')
    return path


def test_a_games_own_biomes_are_heard_without_a_server(
    ambiome: Ambiome, biomes: Path, moon: Path, tmp_path: Path
) -> None:
    out, tokens = tmp_path / "out.wav", tmp_path / "tokens"
    unknown = ambiome("render", moon, out, "--seconds", 1)
    assert (unknown.code, unknown.err.startswith(f"ambiome: {moon}, line 1: ")) == (4, True)
    options = ("--biomes", biomes, "--save-tokens", tokens)
    assert ambiome("render", moon, out, "--seconds", 3, *options) == Done(0, "", "")
    assert np.abs(soundfile.read(out)[0]).max() > 1e-4
    assert ambiome("render", tokens, tmp_path / "again.wav").code == 0
    assert (tmp_path / "again.wav").read_bytes() == out.read_bytes()
    refused = ambiome("render", tokens, tmp_path / "again.wav", "--biomes", biomes)
    assert (refused.code, "contradict the token file" in refused.err) == (4, True)
    explained = ambiome("explain", moon, "--at", 1, "--biomes", biomes)
    assert (explained.code, "birds_activity" in explained.out) == (0, True)


def test_broken_biomes_are_bad_input(ambiome: Ambiome, biomes: Path, moon: Path, tmp_path: Path) -> None:
    (biomes / "mars.toml").write_text("[birds]\nactvity = 1\n")
    for command in (("render", moon, tmp_path / "out.wav"), ("explain", moon)):
        done = ambiome(*command, "--biomes", biomes)
        assert done.code == 4
        assert done.err.startswith("ambiome: biome mars: birds.actvity is no field: did you mean 'birds.activity'?")
        assert len(done.err.splitlines()) == 1


BROKEN = {
    "no json": ('{"at": 0, "world": {}}\n{"at": 1, "world": {}\n', "line 2", "JSON"),
    "out of range": ('\n{"at": 0, "world": {"weather": {"rain_mm_h": 900}}}\n', "line 2", "rain_mm_h"),
    "going back": ('{"at": 5, "world": {}}\n{"at": 4, "world": {}}\n', "line 2", "at"),
    "unknown biome": ('{"at": 0, "mix": {}}\n\n{"at": 0, "world": {"location": {"biome": "forrest"}}}\n', "line 3", ""),
    "unknown field": ('{"at": 0, "world": {"wether": {}}}\n', "line 1", "wether"),
    "not a number": ('{"at": 0, "world": {"weather": {"rain_mm_h": NaN}}}\n', "line 1", "rain_mm_h"),
    "no text": ('{"at": 0, "world": {}}\n\udcff\n', "line 2", "UTF-8"),
    "no time": ('{"world": {}}\n', "line 1", "at"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_named(ambiome: Ambiome, tmp_path: Path, name: str) -> None:
    text, line, word = BROKEN[name]
    score = tmp_path / "broken.jsonl"
    score.write_bytes(text.encode(errors="surrogateescape"))
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
        (["--seconds", "1e9"], 4, "at most 86,400"),
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
