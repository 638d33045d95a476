"""Bytes to messages and back.

A message is one msgpack map. Its size is checked first, then msgpack parses it under limits of its own (entries, items,
string bytes), then msgspec checks names, types and ranges, then what spans two fields is checked here. Any bytes give a
message or a `ProtocolError`; nothing else, and nothing is taken in part.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast, get_args

import msgpack  # type: ignore[import-untyped]
import msgspec

from ambiome_protocol import limits, messages
from ambiome_protocol.diagnose import diagnose
from ambiome_protocol.errors import ProtocolError, nearest, shown
from ambiome_protocol.messages import ClientMessage, Message, ServerMessage
from ambiome_protocol.rules import RULES
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
_credits: Final = msgspec.msgpack.Decoder(messages.Credit)
_frames: Final = msgspec.msgpack.Decoder(messages.Frame)
_PLAIN_BYTES: Final = 128
"""Nothing that `encode` makes of a credit or of a frame's header is longer."""


def encode(message: Message) -> bytes:
    """The bytes of a message. Fields at their defaults are left out. Values are not checked: see `check`."""
    return _encoder.encode(message)


def decode_client(data: bytes) -> ClientMessage:
    """The client's message in these bytes; ProtocolError if it is not a right one."""
    return _plain(data, b"credit", _credits) or cast(ClientMessage, _decode(data, _CLIENT))


def decode_server(data: bytes) -> ServerMessage:
    """The server's message in these bytes (the first part of it); ProtocolError if it is not a right one."""
    return _plain(data, b"frame", _frames) or cast(ServerMessage, _decode(data, _SERVER))


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
        retry_s=error.retry_s,
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
    for rule in RULES.get(type(made), ()):
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
    return _too_large("maps and arrays nested deeper", f"at most {deepest} levels")


def _too_large(what: str, allowed: str) -> ProtocolError:
    return ProtocolError("too_large", f"{what}; allowed: {allowed}", value=what, allowed=allowed)


def _plain(data: bytes, name: bytes, decoder: msgspec.msgpack.Decoder[_M]) -> _M | None:
    """The message of this name in these bytes if they are just what `encode` makes of one, else None, and nothing is
    said about them.

    Most messages are credits and frames, one for the other: here they cost a sixth.
    """
    if len(data) > _PLAIN_BYTES or name not in data:
        return None
    try:
        message = decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return message if _encoder.encode(message) == data else None


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
        raise _too_large(f"a message of {len(data)} bytes", f"at most {side.max_bytes} bytes")
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
        return _too_large(f"{what} of {size} {of}", f"at most {most} {of}")
    found = next((text for kind, text in _BROKEN.items() if isinstance(exc, kind)), "it ends too soon")
    return ProtocolError("malformed", f"message is not one msgpack map: {found}")


_BROKEN: Final[dict[type[Exception], str]] = {
    msgpack.ExtraData: "there are bytes after it",
    msgpack.FormatError: "it has a byte that msgpack does not use",
    UnicodeDecodeError: "it has a string that is not UTF-8",
}
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
