"""What exactly is wrong with a message that msgspec refused.

msgspec says quickly whether a message is right; this says, slowly and only then, where it is wrong: the first bad
field's path, its value, and what would have been allowed. Both read the same annotations.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from msgspec import inspect

from ambiome_protocol.errors import ProtocolError, nearest, shown, unknown_name
from ambiome_protocol.limits import MAX_COUNT, MAX_NAME_CHARS, MAX_SEED

Check = Callable[[Any, Any, str], ProtocolError | None]


def diagnose(raw: object, message: type, field: str = "") -> ProtocolError | None:
    """The first thing that is wrong with `raw` (maps, arrays, strings, numbers) as a `message`; None if nothing is."""
    return _check(raw, _type_info(message), field)


def allowed(kind: inspect.Type) -> str:
    """What values a type allows, in words: "a number from 0 to 200", "an array of at most 16 items"."""
    match kind:
        case inspect.Metadata():
            return allowed(kind.type)
        case inspect.UnionType():
            return " or ".join(allowed(option) for option in kind.types)
        case inspect.NoneType():
            return "null"
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType():
            return f"one of {', '.join(map(str, kind.values))}"
        case inspect.IntType() | inspect.FloatType():
            name = "an integer" if isinstance(kind, inspect.IntType) else "a number"
            return f"{name} from {_figure(kind.ge)} to {_figure(kind.le)}"
        case inspect.StrType(pattern=str()):
            return f"a string of {_sizes(kind)} characters that matches {kind.pattern}"
        case inspect.StrType():
            return f"a string of {_sizes(kind)} characters"
        case inspect.BytesType():
            return f"binary data of {_sizes(kind)} bytes"
        case inspect.VarTupleType():
            return f"an array of {_sizes(kind)} items"
        case inspect.DictType():
            return "a map" if kind.max_length is None else f"a map of {_sizes(kind)} entries"
        case _:
            return "a map"


def _check(raw: Any, kind: inspect.Type, field: str) -> ProtocolError | None:
    if isinstance(kind, inspect.Metadata):
        return _check(raw, kind.type, field)
    if isinstance(kind, inspect.UnionType):
        return _check_union(raw, kind, field)
    takes, check = _CHECKS[type(kind)]
    if not isinstance(raw, takes) or (isinstance(raw, bool) and bool not in takes):
        return ProtocolError("wrong_type", field=field, value=shown(raw), allowed=allowed(kind))
    return check(raw, kind, field)


def _check_union(raw: Any, kind: inspect.UnionType, field: str) -> ProtocolError | None:
    for option in kind.types:
        fault = _check(raw, option, field)
        if fault is None or fault.code != "wrong_type" or fault.field != field:
            return fault
    return ProtocolError("wrong_type", field=field, value=shown(raw), allowed=allowed(kind))


def _check_struct(raw: dict[str, Any], kind: inspect.StructType, field: str) -> ProtocolError | None:
    fields = {item.encode_name: item for item in kind.fields}
    for name, value in raw.items():
        if name == kind.tag_field:
            continue
        if name not in fields:
            listed = f"one of {', '.join(fields)}"
            near = nearest(name, fields)
            return ProtocolError(
                "unknown_field", field=_path(field, name), value=shown(value), allowed=listed, near=near
            )
        fault = _check(value, fields[name].type, _path(field, name))
        if fault:
            return fault
    for name, item in fields.items():
        if item.required and name not in raw:
            return ProtocolError("missing_field", field=_path(field, name), allowed=allowed(item.type))
    return None


def _check_map(raw: dict[str, Any], kind: inspect.DictType, field: str) -> ProtocolError | None:
    if fault := _check_size(raw, kind, field):
        return fault
    for name, value in raw.items():
        fault = _check(name, kind.key_type, _path(field, name)) or _check(value, kind.value_type, _path(field, name))
        if fault:
            return fault
    return None


def _check_array(raw: list[Any], kind: inspect.VarTupleType, field: str) -> ProtocolError | None:
    if fault := _check_size(raw, kind, field):
        return fault
    faults = (_check(item, kind.item_type, f"{field}[{index}]") for index, item in enumerate(raw))
    return next(filter(None, faults), None)


def _check_number(raw: float, kind: Any, field: str) -> ProtocolError | None:
    if kind.ge <= raw <= kind.le:
        return None
    return ProtocolError("out_of_range", field=field, value=shown(raw), allowed=allowed(kind))


def _check_text(raw: str, kind: inspect.StrType, field: str) -> ProtocolError | None:
    if fault := _check_size(raw, kind, field):
        return fault
    if kind.pattern is None or re.search(kind.pattern, raw):
        return None
    return ProtocolError("out_of_range", field=field, value=shown(raw), allowed=allowed(kind))


def _check_size(raw: Any, kind: Any, field: str) -> ProtocolError | None:
    if (kind.min_length or 0) <= len(raw) <= (len(raw) if kind.max_length is None else kind.max_length):
        return None
    return ProtocolError("out_of_range", field=field, value=shown(raw), allowed=allowed(kind))


def _check_name(raw: str, kind: inspect.LiteralType, field: str) -> ProtocolError | None:
    names = [str(value) for value in kind.values]
    return None if raw in names else unknown_name(field, raw, names)


def _no_check(raw: Any, kind: Any, field: str) -> ProtocolError | None:
    return None


_CHECKS: Final[dict[type, tuple[tuple[type, ...], Check]]] = {
    inspect.NoneType: ((type(None),), _no_check),
    inspect.BoolType: ((bool,), _no_check),
    inspect.IntType: ((int,), _check_number),
    inspect.FloatType: ((int, float), _check_number),
    inspect.StrType: ((str,), _check_text),
    inspect.BytesType: ((bytes,), _check_size),
    inspect.LiteralType: ((str,), _check_name),
    inspect.VarTupleType: ((list, tuple), _check_array),
    inspect.DictType: ((dict,), _check_map),
    inspect.StructType: ((dict,), _check_struct),
}


@cache
def _type_info(message: type) -> inspect.Type:
    return inspect.type_info(message)


def _path(field: str, name: str) -> str:
    text = name if len(name) <= MAX_NAME_CHARS else f"{name[:MAX_NAME_CHARS]}…"
    printable = text if text.isidentifier() else repr(text)
    return f"{field}.{printable}" if field else printable


def _sizes(kind: Any) -> str:
    smallest, largest = kind.min_length or 0, _figure(kind.max_length)
    if smallest == kind.max_length:
        return largest
    return f"{smallest} to {largest}" if smallest else f"at most {largest}"


def _figure(value: float | None) -> str:
    if value in _POWERS:
        return _POWERS[value]
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


_POWERS: Final[dict[float | None, str]] = {None: "any", MAX_COUNT: "2^53 - 1", MAX_SEED: "2^63 - 1"}
