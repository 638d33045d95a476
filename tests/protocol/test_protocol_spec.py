"""SPEC.md, the JSON Schema and the annotations: they say what the code does, and say it of everything."""

import base64
import json
import re

import pytest
from ambiome_protocol import limits, lists, schema
from ambiome_protocol.audio import CHANNELS, SAMPLE_BYTES
from ambiome_protocol.codec import CLIENT_TYPES, SERVER_TYPES, convert
from ambiome_protocol.errors import BYES, ERRORS, WARNINGS, ProtocolError
from ambiome_protocol.tables import SECTIONS, parts
from ambiome_protocol.version import VERSION
from hypothesis import given, settings
from hypothesis import strategies as st
from json_schema import is_valid
from msgspec import inspect
from protocol_strategies import CLIENT, SERVER, disturbed

SPEC = (schema.ROOT / "SPEC.md").read_text("utf-8")
SCHEMA = json.loads((schema.ROOT / "schema.json").read_text("utf-8"))
KINDS = (*CLIENT_TYPES.values(), *SERVER_TYPES.values())
SIDES = pytest.mark.parametrize(
    ("right", "name", "types"),
    [(CLIENT, "ClientMessage", CLIENT_TYPES), (SERVER, "ServerMessage", SERVER_TYPES)],
    ids=["client", "server"],
)


def test_the_files_are_up_to_date():
    assert list(schema.out_of_date()) == [], "run: python -m ambiome_protocol.schema --write"


def test_a_spec_that_lacks_a_part_is_refused():
    with pytest.raises(ValueError, match="limits"):
        schema.spec_text(SPEC.replace("<!-- generated: limits -->", ""))


@pytest.mark.parametrize("struct", [*KINDS, *parts(KINDS)], ids=lambda struct: struct.__name__)
def test_every_field_is_described_and_every_number_bounded(struct):
    assert struct.__doc__
    for field in inspect.type_info(struct).fields:
        assert re.search(rf"^\| `{field.encode_name}` \|.*\| \S.* \|$", SPEC, re.MULTILINE), field
        for kind in _within(field.type):
            if isinstance(kind, inspect.IntType | inspect.FloatType):
                assert kind.ge is not None, f"{field.name}: without both ends NaN or infinity gets in"
                assert kind.le is not None, f"{field.name}: without both ends NaN or infinity gets in"
            if isinstance(kind, inspect.StrType | inspect.BytesType | inspect.VarTupleType):
                assert kind.max_length is not None, f"{field.name} is unbounded"


def _within(kind):
    yield kind
    for name in ("type", "item_type", "key_type", "value_type"):
        if isinstance(inner := getattr(kind, name, None), inspect.Type):
            yield from _within(inner)
    for inner in getattr(kind, "types", ()):
        yield from _within(inner)


def test_the_closed_tables_are_complete():
    assert tuple(ERRORS) == lists.ERROR_CODES
    assert tuple(WARNINGS) == lists.WARNING_CODES
    assert tuple(BYES) == lists.BYE_REASONS
    assert tuple(CHANNELS) == lists.LAYOUTS
    assert tuple(SAMPLE_BYTES) == lists.FORMATS
    assert tuple(limits.MAX_OUTSTANDING_STEPS) == lists.PACES


def test_the_prose_of_the_spec_says_the_numbers_of_the_code():
    flat = " ".join(SPEC.split())
    assert f"protocol, version {VERSION}" in flat
    for number, text in (
        (limits.CREDIT_INTERVAL_S, "send something at least every {:g} s"),
        (limits.DETACH_AFTER_S, "without a message for {:g} s is detached"),
        (limits.KEEP_DETACHED_S, "keeps the session for {:g} s"),
        (limits.MAX_PENDING, "At most {:,} changes"),
        (limits.MAX_UNREAD, "while {:,} of its session wait to be read"),
        (limits.MAX_QUESTIONS, "while {} of its session are not answered"),
        (limits.MAX_EVENTS_PER_STEP, "At most {} events"),
        (limits.MAX_OUTSTANDING_STEPS["live"], "More than **{} steps when the pace is `live`"),
        (limits.MAX_OUTSTANDING_STEPS["free"], "{} when it is `free`**"),
    ):
        assert text.format(number) in flat


def test_every_generated_part_stands_in_the_spec():
    for name, make in SECTIONS.items():
        assert make().strip() in SPEC, name


@SIDES
@settings(max_examples=50)
@given(data=st.data())
def test_the_schema_takes_what_the_decoder_takes(right, name, types, data):
    assert is_valid(_json_form(data.draw(right)), {"$ref": f"#/$defs/{name}"}, SCHEMA)


RULES = ("at least one weight above 0", "each id once", "no transition with a cut")
"""What the decoder refuses and no schema says; SPEC.md lists them."""


@SIDES
@settings(max_examples=150)
@given(data=st.data())
def test_the_schema_judges_as_the_decoder_does(right, name, types, data):
    raw = data.draw(disturbed(right))
    try:
        convert(raw, types[raw["type"]])
        is_right = True
    except ProtocolError as error:
        is_right = error.allowed in RULES
    if not _has_bytes_elsewhere(raw):  # binary data where none belongs is text in JSON
        assert is_valid(_json_form(raw), {"$ref": f"#/$defs/{name}"}, SCHEMA) == is_right


def _json_form(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _json_form(item) for key, item in value.items()}
    return [_json_form(item) for item in value] if isinstance(value, list) else value


def _has_bytes_elsewhere(raw) -> bool:
    def has_bytes(value) -> bool:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return isinstance(value, bytes) or any(map(has_bytes, inner))

    secrets = ("resume", "zone_key")
    return has_bytes({key: value for key, value in raw.items() if key not in secrets}) or any(
        isinstance(raw.get(key), str) for key in secrets
    )


@pytest.mark.parametrize(
    ("line", "is_right"),
    [
        ({"at": 8, "world": {"weather": {"fog": 1}}, "cut": True}, True),
        ({"at": 8, "event": {"kind": "gust"}}, True),
        ({"event": {"kind": "gust"}}, False),
        ({"at": 8, "event": {"kind": "animal"}}, False),
        ({"at": 8, "type": "mix", "mix": {}}, False),
        ({"at": 8, "mix": {}, "event": {"kind": "gust"}}, False),
    ],
)
def test_the_schema_knows_score_lines(line, is_right):
    assert is_valid(line, {"$ref": "#/$defs/ScoreLine"}, SCHEMA) == is_right


def test_the_schema_knows_the_voices_of_a_mix_and_the_qualities_of_a_score():
    mix = {"type": "mix", "mix": {"voices": {"rain": {"mute": True}}}}
    assert is_valid(mix, {"$ref": "#/$defs/ClientMessage"}, SCHEMA)
    mix["mix"] = {"voices": {"rian": {"mute": True}}}
    assert not is_valid(mix, {"$ref": "#/$defs/ClientMessage"}, SCHEMA)
    line = {"$ref": "#/$defs/ScoreLine"}
    assert [is_valid({"at": 1.0, "quality": each}, line, SCHEMA) for each in (0, 3, 4)] == [True, True, False]
