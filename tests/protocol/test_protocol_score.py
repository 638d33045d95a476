"""Scores: what is right reads and writes back; what is broken names its line."""

import json

import pytest
from ambiome_protocol import limits
from ambiome_protocol.errors import ProtocolError, ScoreError
from ambiome_protocol.messages import Event, EventMessage, Mix, MixMessage, Weather, World, WorldMessage
from ambiome_protocol.score import read_score, write_score
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import messages

CHANGES = messages((WorldMessage, EventMessage, MixMessage))
RIGHT = '{"at": 0.5, "mix": {}}'


def broken(*lines: str) -> ScoreError:
    with pytest.raises(ScoreError) as caught:
        read_score(lines)
    return caught.value


def test_a_score_reads():
    lines = [
        '\ufeff{"at": 0, "world": {"weather": {"rain_mm_h": 6, "fog": null}}}\r\n',
        "\n",
        '{"at": 8, "world": {}, "cut": true}\n',
        '{"at": 12.5, "event": {"kind": "lightning", "distance_m": 900}}',
        '{"at": 12.5, "mix": {"master_db": -6}, "transition_s": 2}',
    ]
    assert read_score(lines) == (
        WorldMessage(seq=1, at=0.0, world=World(weather=Weather(rain_mm_h=6.0, fog=None))),
        WorldMessage(seq=2, at=8.0, world=World(), cut=True),
        EventMessage(seq=3, at=12.5, event=Event(kind="lightning", distance_m=900.0)),
        MixMessage(seq=4, at=12.5, mix=Mix(master_db=-6.0), transition_s=2.0),
    )


def test_an_empty_score_has_no_changes():
    assert read_score([]) == read_score(["", "  \n"]) == ()


@given(changes=st.lists(CHANGES, max_size=5))
def test_scores_go_both_ways(changes):
    times = sorted(change.pop("at", 0.0) for change in changes)
    lines = []
    for at, change in zip(times, changes, strict=True):
        lines.append(json.dumps({"at": at} | {k: v for k, v in change.items() if k not in ("type", "seq")}))
    score = read_score(lines)
    assert [change.at for change in score] == times
    assert [change.seq for change in score] == list(range(1, len(changes) + 1))
    assert read_score(write_score(score)) == score


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ("{", "malformed", ""),
        ("rain, please", "malformed", ""),
        ("[]", "malformed", ""),
        ("3", "malformed", ""),
        ("null", "malformed", ""),
        ('{"at": 1, "mix": {}} {}', "malformed", ""),
        ('{"at": NaN, "mix": {}}', "out_of_range", "at"),
        ('{"at": 1, "world": {"weather": {"rain_mm_h": NaN}}}', "out_of_range", "world.weather.rain_mm_h"),
        ('{"at": 1, "world": {"weather": {"rain_mm_h": -Infinity}}}', "out_of_range", "world.weather.rain_mm_h"),
        ('{"at": 1, "mix": {"master": NaN}}', "unknown_field", "mix.master"),
        ('{"at": -Infinity, "mix": {}}', "out_of_range", "at"),
        ('{"at": 1e999, "mix": {}}', "out_of_range", "at"),
        ('{"at": ' + "9" * 400 + ', "mix": {}}', "out_of_range", "at"),
        ('{"at": ' + "9" * 5_000 + ', "mix": {}}', "malformed", ""),
        ('{"at": -1, "mix": {}}', "out_of_range", "at"),
        ('{"at": true, "mix": {}}', "wrong_type", "at"),
        ('{"at": 1, "mix": {}, "mix": {}}', "malformed", "mix"),
        ('{"at": 1, "mix": {}, "world": {}}', "contradiction", "mix"),
        ('{"at": 1, "type": "mix", "mix": {}}', "unknown_field", "type"),
        ('{"at": 1, "seq": 1, "mix": {}}', "unknown_field", "seq"),
        ('{"at": 1, "wrld": {}}', "missing_field", "world or event or mix or quality"),
        ('{"mix": {}}', "missing_field", "at"),
        ('{"quality": 1}', "missing_field", "at"),
        ('{"at": 1, "quality": 4}', "out_of_range", "quality"),
        ('{"at": 1, "quality": 1, "mix": {}}', "contradiction", "quality"),
        ('{"at": 1, "mix": {}, "cut": true}', "unknown_field", "cut"),
        ('{"at": 1, "world": {"weather": {"rain_mm_h": 1000}}}', "out_of_range", "world.weather.rain_mm_h"),
        ('{"at": 1, "event": {"kind": "animal"}}', "missing_field", "event.animal"),
        ('{"at": 1, "world": {"location": {"biome": "\\ud800"}}}', "malformed", ""),
        ('{"at": 1, "\\ud800": 1}', "malformed", ""),
        ('{"at": 1, "mix": ' + '{"a":' * 20 + "1" + "}" * 20 + "}", "too_large", ""),
        ("[" * 60_000, "too_large", ""),
        ('{"at": 1, "mix": {}}' + " " * 10 + "x" * limits.MAX_SCORE_LINE_CHARS, "too_large", ""),
    ],
)
def test_a_broken_line_is_named(line, code, field):
    error = broken(RIGHT, "", line, RIGHT)
    assert (error.line, error.code, error.field) == (3, code, field)
    assert str(error) == f"line 3: {error.detail}"


def test_what_was_meant_is_offered():
    assert "did you mean 'world'?" in str(broken('{"at": 1, "wrld": {}}'))


def test_time_never_descends():
    error = broken('{"at": 3, "mix": {}}', '{"at": 2.5, "mix": {}}')
    assert (error.line, error.field, error.value) == (2, "at", "2.5")
    changes = [MixMessage(at=3.0, mix=Mix()), MixMessage(at=2.5, mix=Mix())]
    with pytest.raises(ProtocolError, match="at least 3"):
        list(write_score(changes))


def test_a_change_without_time_is_not_written():
    with pytest.raises(ProtocolError, match="at is missing"):
        list(write_score([MixMessage(mix=Mix())]))


NOT_UTF8 = RIGHT.encode() + b"\n" + b'{"at": 1, "mix": {"\xff": 1}}\n' + RIGHT.encode()


def test_a_line_that_is_not_utf8_is_named():
    with pytest.raises(ScoreError, match="line 2: this is not text in UTF-8"):
        read_score(NOT_UTF8.splitlines())


def test_a_text_file_that_is_not_utf8_is_a_broken_score(tmp_path):
    path = tmp_path / "score.jsonl"
    path.write_bytes(NOT_UTF8)
    with path.open(encoding="utf-8") as lines, pytest.raises(ScoreError, match="not text in UTF-8"):
        read_score(lines)


@given(line=st.text(max_size=50) | st.binary(max_size=50))
def test_any_line_gives_a_change_or_a_score_error(line):
    try:
        assert len(read_score([line])) <= 1
    except ScoreError as error:
        assert error.line == 1  # noqa: PT017
