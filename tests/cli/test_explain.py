"""`ambiome explain` and `ambiome voices`: what is up, and why; what there is."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ambiome_protocol.lists import VOICES
from matplotlib.image import imread

from .conftest import Done

Ambiome = Callable[..., Done]


def reasons(ambiome: Ambiome, *arguments: object) -> dict[str, dict[str, object]]:
    done = ambiome("explain", *arguments, "--json")
    assert (done.code, done.err) == (0, "")
    return {reason["parameter"]: reason for reason in json.loads(done.out)["reasons"]}


def test_a_parameter_that_is_up_has_a_target_a_rule_and_numbers(ambiome: Ambiome, score: Path) -> None:
    rain = reasons(ambiome, score, "--at", 0.2)["rain_mm_h"]
    assert rain["target"] == pytest.approx(6, rel=0.2)
    assert rain["rule"]
    assert "6" in str(rain["because"])


def test_a_score_is_explained_as_of_the_moment(ambiome: Ambiome, tmp_path: Path) -> None:
    score = tmp_path / "score.jsonl"
    lines = ('{"at": 0, "world": {}}', '{"at": 5, "world": {"weather": {"rain_mm_h": 9}}, "cut": true}')
    score.write_text("\n".join(lines))
    assert "rain_mm_h" not in reasons(ambiome, score, "--at", 4.9)
    assert "rain_mm_h" in reasons(ambiome, score, "--at", 5)
    assert "rain_mm_h" in reasons(ambiome, score)


def test_all_names_what_is_not_up_too(ambiome: Ambiome, score: Path) -> None:
    few, everything = reasons(ambiome, score), reasons(ambiome, score, "--all")
    assert set(few) < set(everything)
    assert "fire_level" in everything
    assert "fire_level" not in few


def test_the_table_names_parameter_rule_and_reason(ambiome: Ambiome, score: Path) -> None:
    done = ambiome("explain", score, "--at", 1)
    assert done.code == 0
    assert "at 1 s" in done.out
    assert any("rain_mm_h" in line and "mm/h" in line for line in done.out.splitlines())


@pytest.mark.parametrize(("at", "code"), [("-1", 2), ("soon", 2)])
def test_a_moment_that_cannot_be(ambiome: Ambiome, score: Path, at: str, code: int) -> None:
    assert ambiome("explain", score, "--at", at).code == code


def test_a_broken_line_is_named(ambiome: Ambiome, tmp_path: Path) -> None:
    score = tmp_path / "score.jsonl"
    score.write_text('{"at": 0, "world": {}}\nrain\n')
    done = ambiome("explain", score)
    assert done.code == 4
    assert ", line 2: " in done.err


def test_voices_are_listed_with_their_controls(ambiome: Ambiome) -> None:
    done = ambiome("voices")
    assert done.code == 0
    first = {line.split()[0] for line in done.out.splitlines() if line.strip()}
    assert set(VOICES) <= first


def test_a_sheet_of_every_voice_is_drawn(ambiome: Ambiome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ambiome_middleware.analysis import sheet

    monkeypatch.setattr(sheet, "SHEETS", {name: sheet.SHEETS[name] for name in ("rain", "owl")})
    done = ambiome("voices", "--sheet", tmp_path / "sheets")
    assert done.code == 0
    assert done.out.split() == [str(tmp_path / "sheets" / f"{name}.png") for name in ("rain", "owl")]
    assert imread(tmp_path / "sheets" / "rain.png").shape[1] > 1_000


def test_a_token_file_cannot_be_explained(ambiome: Ambiome, score: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    assert ambiome("render", score, tmp_path / "out.wav", "--seconds", 1, "--save-tokens", tokens).code == 0
    done = ambiome("explain", tokens)
    assert (done.code, done.err) == (4, f"ambiome: {tokens} is a token file; a score (JSON Lines) is needed here\n")


def test_a_sheet_is_drawn_into_a_folder(ambiome: Ambiome, score: Path) -> None:
    done = ambiome("voices", "--sheet", score)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert str(score) in done.err
