"""Bytes to messages and back.

A message is one msgpack map. Its size is checked first, then msgpack parses it under limits of its own (entries, items,
string bytes), then msgspec checks names, types and ranges, then what spans two fields is checked here. Any bytes give a
message or a `ProtocolError`; nothing else, and nothing is taken in part.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast, get_args

import msgpack  # type: ignore[import-untyped]
import msgspec

from ambiome_protocol import limits, messages
from ambiome_protocol.diagnose import diagnose
from ambiome_protocol.errors import ProtocolError, nearest, shown
from ambiome_protocol.messages import ClientMessage, Message, ServerMessage
from ambiome_protocol.version import VERSION, is_compatible, major

_M = TypeVar("_M")


@dataclass(frozen=True, slots=True)
class _Side:
    """How one side's messages are read: its limits and its types by name."""

    types: dict[str, type[Message]]
    max_bytes: int
    max_map: int
    max_array: int
    max_string_bytes: int


def _by_name(union: object) -> dict[str, type[Message]]:
    return {str(kind.__struct_config__.tag): kind for kind in get_args(union)}


_CLIENT: Final = _Side(
    _by_name(ClientMessage),
    limits.MAX_CLIENT_MESSAGE_BYTES,
    limits.MAX_CLIENT_MAP,
    limits.MAX_CLIENT_ARRAY,
    limits.MAX_CLIENT_STRING_BYTES,
)
_SERVER: Final = _Side(
    _by_name(ServerMessage),
    limits.MAX_SERVER_MESSAGE_BYTES,
    limits.MAX_SERVER_MAP,
    limits.MAX_SERVER_ARRAY,
    limits.MAX_SERVER_STRING_BYTES,
)
CLIENT_TYPES: Final = _CLIENT.types
SERVER_TYPES: Final = _SERVER.types

_encoder: Final = msgspec.msgpack.Encoder()


def encode(message: Message) -> bytes:
    """The bytes of a message. Fields at their defaults are left out. Values are not checked: see `check`."""
    return _encoder.encode(message)


def decode_client(data: bytes) -> ClientMessage:
    """The client's message in these bytes; ProtocolError if it is not a right one."""
    return cast(ClientMessage, _decode(data, _CLIENT))


def decode_server(data: bytes) -> ServerMessage:
    """The server's message in these bytes (the first part of it); ProtocolError if it is not a right one."""
    return cast(ServerMessage, _decode(data, _SERVER))


def check(message: Message) -> None:
    """Check a message that was made in this process as the other end will: ProtocolError if it is not right."""
    side = _CLIENT if type(message) in _CLIENT.types.values() else _SERVER
    _decode(encode(message), side)


def error_message(error: ProtocolError, seq: int = 0) -> messages.Error:
    """The `error` message that tells a peer of `error`; `seq` is the refused message's, if the error lacks it."""
    return messages.Error(
        code=error.code,
        detail=error.detail,
        field=error.field,
        value=error.value,
        allowed=error.allowed,
        seq=error.seq or seq,
    )


def convert(raw: object, kind: type[_M], field: str = "") -> _M:
    """`raw` (maps, arrays, strings, numbers; parsed from anything) as a checked struct; ProtocolError if it is not one.

    `field` is the path to `raw` in what it came from, for the error to name.
    """
    try:
        made = msgspec.convert(raw, kind, builtin_types=(bytes,))
    except msgspec.ValidationError as exc:
        fault = diagnose(raw, kind, field)
        raise fault or ProtocolError("malformed", str(exc), field=field) from exc
    for rule in _RULES.get(type(made), ()):
        rule(made)
    return made


def unique_pairs(pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
    """A map from its entries, as parsers hand them over; ProtocolError for a key twice, or one that is no string."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if not isinstance(key, str):
            raise ProtocolError("malformed", f"a map's key {shown(key)} is not a string", value=shown(key))
        if key in made:
            raise ProtocolError("malformed", f"a map has the key {shown(key)} twice", field=key, value=shown(value))
        made[key] = value
    return made


def check_depth(raw: object, deepest: int = limits.MAX_DEPTH) -> None:
    """ProtocolError if maps and arrays stand in each other more than `deepest` deep."""
    level: list[Any] = [raw]
    for _ in range(deepest + 1):
        nested = [item for item in level if isinstance(item, dict | list)]
        if not nested:
            return
        level = [inner for item in nested for inner in (item.values() if isinstance(item, dict) else item)]
    raise _too_deep(deepest)


def _too_deep(deepest: int) -> ProtocolError:
    text = f"maps and arrays stand in each other more than {deepest} deep"
    return ProtocolError("too_large", text, allowed=f"at most {deepest} levels")


def _decode(data: bytes, side: _Side) -> Message:
    raw = _parse(data, side)
    seq = raw.get("seq")
    try:
        return convert(raw, _kind(raw, side))
    except ProtocolError as error:
        if type(seq) is int and 0 <= seq <= limits.MAX_COUNT:
            error.seq = seq
        raise


def _parse(data: bytes, side: _Side) -> dict[str, Any]:
    """The map in these bytes, by msgpack, within the limits."""
    if len(data) > side.max_bytes:
        allowed = f"at most {side.max_bytes} bytes"
        raise ProtocolError("too_large", field="message", value=f"of {len(data)} bytes", allowed=allowed)
    try:
        raw = msgpack.unpackb(
            data,
            strict_map_key=False,
            object_pairs_hook=unique_pairs,
            max_map_len=side.max_map,
            max_array_len=side.max_array,
            max_str_len=side.max_string_bytes,
            max_bin_len=limits.RESUME_BYTES,
            max_ext_len=0,
        )
    except ProtocolError:
        raise
    except Exception as exc:
        raise _unparsed(exc) from exc
    check_depth(raw)
    if not isinstance(raw, dict):
        raise ProtocolError("malformed", value=shown(raw), allowed="a map")
    return raw


def _unparsed(exc: Exception) -> ProtocolError:
    """What msgpack's parser stumbled over; it tells what exceeds a limit in its text only."""
    reason = str(exc)
    if isinstance(exc, msgpack.StackError):
        return _too_deep(limits.MAX_DEPTH)
    if over := re.match(r"(\d+) exceeds max_(\w+)_len\((\d+)\)", reason):
        size, kind, most = over.groups()
        if kind == "ext":
            return ProtocolError("malformed", "message has a msgpack extension type; none is allowed")
        what, of = _SIZED.get(kind, (kind, ""))
        return ProtocolError("too_large", field=what, value=f"of {size} {of}", allowed=f"at most {most} {of}")
    return ProtocolError("malformed", f"message is not one msgpack map: {reason or type(exc).__name__}")


_SIZED: Final = {
    "map": ("a map", "entries"),
    "array": ("an array", "items"),
    "str": ("a string", "bytes"),
    "bin": ("binary data", "bytes"),
}


def _kind(raw: dict[str, Any], side: _Side) -> type[Message]:
    name = raw.get("type")
    names = ", ".join(side.types)
    if "type" not in raw:
        raise ProtocolError("missing_field", field="type", allowed=f"one of {names}")
    if not isinstance(name, str):
        raise ProtocolError("wrong_type", field="type", value=shown(name), allowed=f"one of {names}")
    if name not in side.types:
        near = nearest(name, side.types)
        raise ProtocolError("unknown_type", field="type", value=shown(name), allowed=f"one of {names}", near=near)
    if name == "hello":
        _check_version(raw.get("version"))
    return side.types[name]


def _check_version(version: object) -> None:
    """Before all other fields: a client of another major may know other ones."""
    if not isinstance(version, str) or len(version) > limits.MAX_NAME_CHARS:
        return
    try:
        is_spoken = is_compatible(version)
    except ValueError:
        allowed = "major.minor, like 1.0"
        raise ProtocolError("out_of_range", field="version", value=shown(version), allowed=allowed) from None
    if not is_spoken:
        allowed = f"{major(VERSION)}.x; this is {VERSION}"
        raise ProtocolError("version", field="version", value=shown(version), allowed=allowed)


def _check_event(message: messages.EventMessage) -> None:
    event = message.event
    if event.kind == "animal" and event.animal is msgspec.UNSET:
        allowed = "required by the kind 'animal'"
        raise ProtocolError("missing_field", field="event.animal", allowed=allowed)
    if event.kind != "animal" and event.animal is not msgspec.UNSET:
        allowed = f"only with the kind 'animal', not {event.kind!r}"
        raise ProtocolError("contradiction", field="event.animal", value=shown(event.animal), allowed=allowed)


def _check_world(message: messages.WorldMessage) -> None:
    location = message.world.location
    if location is msgspec.UNSET:
        return
    if isinstance(location.biome, dict) and not any(location.biome.values()):
        field, allowed = "world.location.biome", "at least one weight above 0"
        raise ProtocolError("out_of_range", field=field, value=shown(location.biome), allowed=allowed)
    seen: set[str] = set()
    for index, feature in enumerate(location.features or ()):
        if feature.id in seen:
            field, allowed = f"world.location.features[{index}].id", "each id once"
            raise ProtocolError("contradiction", field=field, value=shown(feature.id), allowed=allowed)
        seen.add(feature.id)


def _check_cut(message: messages.WorldMessage) -> None:
    if message.cut and message.transition_s is not msgspec.UNSET and message.transition_s > 0:
        value, allowed = shown(message.transition_s), "no transition with a cut"
        raise ProtocolError("contradiction", field="transition_s", value=value, allowed=allowed)


def _check_hello(message: messages.Hello) -> None:
    if (message.resume is msgspec.UNSET) == (message.next_step is msgspec.UNSET):
        return
    lacking = "resume" if message.resume is msgspec.UNSET else "next_step"
    raise ProtocolError("missing_field", field=lacking, allowed="resume and next_step together")


_RULES: Final[dict[type, tuple[Callable[[Any], None], ...]]] = {
    messages.EventMessage: (_check_event,),
    messages.WorldMessage: (_check_world, _check_cut),
    messages.Hello: (_check_hello,),
}
