"""Examples of wrong messages, out of which the golden vectors are made, and of the other errors that there are."""

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_CLIENT_MESSAGE_BYTES, MAX_DEPTH, MAX_PENDING
from ambiome_protocol.lists import ErrorCode


@dataclass(frozen=True, slots=True)
class Bad:
    """A wrong message, as bytes or as what msgpack makes bytes of, and the error it meets."""

    name: str
    meaning: str
    data: bytes | dict[str, Any]
    code: ErrorCode
    field: str = ""
    direction: Literal["to_server", "to_client"] = "to_server"


def _world(**groups: dict[str, Any] | None) -> dict[str, Any]:
    return {"type": "world", "seq": 7, "world": groups}


_LONG: Final = b"\x81\xa4type\xda" + (MAX_CLIENT_MESSAGE_BYTES - 8).to_bytes(2) + bytes(MAX_CLIENT_MESSAGE_BYTES - 8)


def _nested(depth: int) -> bytes:
    return b"\x81\xa1a" * depth + b"\xc0"


BAD: Final = (
    Bad("nothing", "no bytes at all", b"", "malformed"),
    Bad("never_used", "the byte that msgpack never uses", b"\xc1", "malformed"),
    Bad("truncated", "ends within a map", b"\x82\xa4type\xa3bye", "malformed"),
    Bad("trailing", "bytes after the map", b"\x81\xa4type\xa3bye\x00", "malformed"),
    Bad("twice", "a key twice", b"\x82\xa4type\xa3bye\xa4type\xa3bye", "malformed", "type"),
    Bad("key_number", "a key that is no string", b"\x82\xa4type\xa3bye\x01\x02", "malformed"),
    Bad("key_map", "a key that is a map", b"\x81\x80\xa3bye", "malformed"),
    Bad("not_utf8", "a string that is not UTF-8", b"\x81\xa4type\xa2\xff\xfe", "malformed"),
    Bad("extension", "an extension type (a timestamp)", b"\x81\xa4type\xd6\xff\x00\x00\x00\x01", "malformed"),
    Bad("array", "an array, not a map", b"\x90", "malformed"),
    Bad("number", "a number, not a map", b"\x03", "malformed"),
    Bad("map_huge", "a map that says it has 4,294,967,295 entries", b"\xdf\xff\xff\xff\xff", "too_large"),
    Bad("array_huge", "an array that says so", b"\x81\xa1a\xdd\xff\xff\xff\xff", "too_large"),
    Bad("binary_long", "17 bytes of binary data", b"\x81\xa1a\xc4\x11" + bytes(17), "too_large"),
    Bad("deep", f"maps {MAX_DEPTH + 1} deep", _nested(MAX_DEPTH + 1), "too_large"),
    Bad("deeper", "maps 2,000 deep", _nested(2_000), "too_large"),
    Bad("long", "a message of one byte too many", _LONG, "too_large"),
    Bad("type_missing", "a map without type", {}, "missing_field", "type"),
    Bad("type_number", "a type that is no string", {"type": 1}, "wrong_type", "type"),
    Bad("type_unknown", "a type that does not exist", {"type": "wold"}, "unknown_type", "type"),
    Bad("type_other_side", "a server's message, sent to a server", {"type": "frame"}, "unknown_type", "type"),
    Bad("field_unknown", "a field that does not exist", _world(weather={"rain": 4}),
        "unknown_field", "world.weather.rain"),
    Bad("renderer_unknown", "a renderer that does not exist", {"type": "hello", "version": "1.0", "renderer": "neura"},
        "unknown_name", "renderer"),
    Bad("world_missing", "no world", {"type": "world"}, "missing_field", "world"),
    Bad("text_for_number", "text for a number", _world(weather={"fog": "1"}), "wrong_type", "world.weather.fog"),
    Bad("bool_for_number", "true for a number", _world(weather={"fog": True}), "wrong_type", "world.weather.fog"),
    Bad("null_for_map", "null for a map", _world(weather=None),
        "wrong_type", "world.weather"),
    Bad("fraction_for_step", "a fraction for a step", {"type": "credit", "until_step": 1.5},
        "wrong_type", "until_step"),
    Bad("text_for_binary", "base64 for the token",
        {"type": "hello", "version": "1.0", "resume": "A" * 22 + "==", "next_step": 0}, "wrong_type", "resume"),
    Bad("rain_above", "rain beyond its range", _world(weather={"rain_mm_h": 200.5}),
        "out_of_range", "world.weather.rain_mm_h"),
    Bad("rain_below", "rain below 0", _world(weather={"rain_mm_h": -1}), "out_of_range", "world.weather.rain_mm_h"),
    Bad("rain_nan", "NaN", _world(weather={"rain_mm_h": math.nan}), "out_of_range", "world.weather.rain_mm_h"),
    Bad("rain_infinite", "infinity", _world(weather={"rain_mm_h": math.inf}),
        "out_of_range", "world.weather.rain_mm_h"),
    Bad("at_negative", "a time before the beginning", {"type": "mix", "mix": {}, "at": -1}, "out_of_range", "at"),
    Bad("seq_huge", "a seq beyond 2^53 - 1", {"type": "explain", "seq": 2**53}, "out_of_range", "seq"),
    Bad("features_many", "17 features",
        _world(location={"features": [{"id": str(i), "kind": "fire"} for i in range(17)]}),
        "out_of_range", "world.location.features"),
    Bad("feature_id_empty", "a feature without a name", _world(location={"features": [{"id": "", "kind": "fire"}]}),
        "out_of_range", "world.location.features[0].id"),
    Bad("feature_id_twice", "two features of one id", _world(location={"features": [{"id": "a", "kind": "fire"}] * 2}),
        "contradiction", "world.location.features[1].id"),
    Bad("biomes_many", "five biomes", _world(location={"biome": dict.fromkeys("abcde", 0.2)}), "out_of_range",
        "world.location.biome"),
    Bad("biomes_weightless", "biomes whose weights are all 0", _world(location={"biome": {"lake": 0}}), "out_of_range",
        "world.location.biome"),
    Bad("shelter_unknown", "a shelter that is not in the list", _world(location={"shelter": "rom"}), "unknown_name",
        "world.location.shelter"),
    Bad("voice_unknown", "a voice that is not in the list",
        {"type": "mix", "mix": {"voices": {"bird": {"mute": True}}}},
        "unknown_name", "mix.voices.bird"),
    Bad("animal_missing", "an animal event without its animal", {"type": "event", "event": {"kind": "animal"}},
        "missing_field", "event.animal"),
    Bad("animal_contradicts", "a gust with an animal", {"type": "event", "event": {"kind": "gust", "animal": "owl"}},
        "contradiction", "event.animal"),
    Bad("cut_contradicts", "a cut that takes a second", {**_world(), "cut": True, "transition_s": 1}, "contradiction",
        "transition_s"),
    Bad("resume_half", "a resume token without next_step", {"type": "hello", "version": "1.0", "resume": bytes(16)},
        "missing_field", "next_step"),
    Bad("zone_named_badly", "a zone's name with a space", {"type": "hello", "version": "1.0", "zone": "the tavern"},
        "out_of_range", "zone"),
    Bad("zone_free", "a zone at pace free", {"type": "hello", "version": "1.0", "zone": "tavern", "pace": "free"},
        "contradiction", "pace"),
    Bad("zone_key_alone", "a zone's key without the zone", {"type": "hello", "version": "1.0", "zone_key": bytes(16)},
        "missing_field", "zone"),
    Bad("zone_key_short", "a zone's key of 15 bytes",
        {"type": "hello", "version": "1.0", "zone": "tavern", "zone_key": bytes(15)}, "out_of_range", "zone_key"),
    Bad("version_other", "another major, with fields of its own", {"type": "hello", "version": "2.0", "novel": 1},
        "version", "version"),
    Bad("version_none", "no version at all", {"type": "hello", "version": "latest"}, "out_of_range", "version"),
    Bad("frame_header_short", "a frame without its step", {"type": "frame", "applied_seq": 0, "layout": "mono",
        "format": "f32le"}, "missing_field", "step", "to_client"),
    Bad("warning_unknown", "a warning that does not exist", {"type": "warning", "code": "soon", "detail": ""},
        "unknown_name", "code", "to_client"),
)  # fmt: skip

REFUSALS: Final = (
    (ProtocolError("unknown_session", field="type", seq=7), "a world from a peer that said no hello"),
    (ProtocolError("already_open", field="type", value="'hello'"), "a second hello on one connection"),
    (
        ProtocolError("bad_resume", field="resume", allowed="the token of a session that is still kept"),
        "a hello that resumes a session that is gone",
    ),
    (
        ProtocolError("busy", field="type", value="'hello'", allowed="1024 sessions"),
        "a hello when all places are taken",
    ),
    (
        ProtocolError("credit", field="until_step", value="26", allowed="at most 25, 25 steps beyond the frames sent"),
        "26 steps of credit in a live session that has sent no frame",
    ),
    (
        ProtocolError("at_limit", value=str(MAX_PENDING + 1), allowed=f"{MAX_PENDING} changes that wait", seq=7),
        "one change more than may wait",
    ),
    (
        ProtocolError("not_owner", field="type", value="'world'", allowed="explain; the heading, in ambisonics", seq=7),
        "a world from a member of a zone that is not its owner",
    ),
    (
        ProtocolError("zone_mismatch", field="layout", value="'mono'", allowed="'stereo', which the zone 'tavern' has"),
        "a hello that asks for another layout than the zone has",
    ),
    (
        ProtocolError("bad_zone_key", field="zone_key", allowed="the key of the zone 'tavern', or none"),
        "a hello with another key than the zone's",
    ),
    (ProtocolError("internal", "the process that rendered this session has died; open a new one"), "bad luck"),
)
"""Errors that no bytes alone give: they need a session, or a server in trouble. With what they answer."""
