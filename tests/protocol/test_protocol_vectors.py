"""The golden vectors: what they hold is what the code does, both ways, and they hold everything."""

import json

import msgspec
import numpy as np
import pytest
from ambiome_protocol import vectors
from ambiome_protocol.audio import pack, unpack
from ambiome_protocol.codec import CLIENT_TYPES, SERVER_TYPES, decode_client, decode_server, encode
from ambiome_protocol.errors import ERRORS, WARNINGS, ProtocolError
from ambiome_protocol.lists import BYE_REASONS
from ambiome_protocol.steps import step_at

DECODERS = {"to_server": decode_client, "to_client": decode_server}
TYPES = {"to_server": CLIENT_TYPES, "to_client": SERVER_TYPES}


def read(name: str) -> list[dict]:
    return json.loads((vectors.ROOT / name).read_text("utf-8"))


def named(name: str):
    return pytest.mark.parametrize("vector", read(name), ids=lambda vector: vector["name"])


def test_the_files_are_up_to_date():
    assert list(vectors.out_of_date()) == [], "run: python -m ambiome_protocol.vectors --write"


@named("messages.json")
def test_hex_and_message_are_the_same(vector):
    decode = DECODERS[vector["direction"]]
    kind = TYPES[vector["direction"]][vector["message"]["type"]]
    message = msgspec.convert(vector["message"], kind)  # base64 becomes bytes
    assert decode(bytes.fromhex(vector["hex"])) == message
    assert decode(encode(message)) == message


@named("bad.json")
def test_bad_bytes_are_refused_with_this_code_and_field(vector):
    with pytest.raises(ProtocolError) as caught:
        DECODERS[vector["direction"]](bytes.fromhex(vector["hex"]))
    assert (caught.value.code, caught.value.field) == (vector["code"], vector["field"])


@named("audio.json")
def test_audio_goes_both_ways(vector):
    samples = np.array(vector["samples"], np.float32)
    data = bytes.fromhex(vector["hex"])
    np.testing.assert_array_equal(unpack(data, vector["format"], vector["channels"]), samples)
    assert pack(samples, vector["format"]) == data


@named("steps.json")
def test_times_mean_these_steps(vector):
    assert step_at(vector["at"]) == vector["step"]


def test_every_message_code_and_reason_has_a_vector():
    messages = [(vector["direction"], vector["message"]) for vector in read("messages.json")]
    for direction, types in TYPES.items():
        assert {message["type"] for to, message in messages if to == direction} == set(types)
    assert {message["code"] for _, message in messages if message["type"] == "error"} == set(ERRORS)
    assert {message["code"] for _, message in messages if message["type"] == "warning"} == set(WARNINGS)
    byes = {message.get("reason", "bye") for to, message in messages if (to, message["type"]) == ("to_client", "bye")}
    assert byes == set(BYE_REASONS)


def test_every_code_that_bytes_alone_can_meet_has_a_bad_vector():
    of_sessions = {"unknown_session", "already_open", "bad_resume", "busy", "credit", "at_limit", "internal"}
    of_sessions |= {"not_owner", "zone_mismatch", "bad_zone_key"}
    assert {vector["code"] for vector in read("bad.json")} == set(ERRORS) - of_sessions


def test_names_are_unique():
    for name in vectors.FILES:
        names = [vector["name"] for vector in read(name)]
        assert len(names) == len(set(names))
