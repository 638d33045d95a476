"""Hypothesis strategies for messages, from the same annotations as the decoder: right ones, and ones with a fault."""

import math
from typing import Any, get_args

from ambiome_protocol.messages import ClientMessage, ServerMessage
from hypothesis import strategies as st
from msgspec import inspect

CLIENT_KINDS = get_args(ClientMessage)
SERVER_KINDS = get_args(ServerMessage)
Raw = dict[str, Any]

_TEXT = st.characters(exclude_categories=["Cs"])


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Values that a type allows, as msgpack would deliver them."""
    match kind:
        case inspect.Metadata():
            return values(kind.type)
        case inspect.UnionType():
            return st.one_of([values(option) for option in kind.types])
        case inspect.NoneType():
            return st.none()
        case inspect.BoolType():
            return st.booleans()
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.IntType():
            return st.integers(int(kind.ge or 0), int(kind.le or 0))
        case inspect.FloatType():
            low, high = float(kind.ge or 0), float(kind.le or 0)
            return st.floats(low, high) | st.integers(math.ceil(low), math.floor(high))
        case inspect.StrType(pattern=str()):
            return st.just("1.0")
        case inspect.StrType():
            return st.text(_TEXT, min_size=kind.min_length or 0, max_size=min(kind.max_length or 0, 80))
        case inspect.BytesType():
            return st.binary(min_size=kind.min_length or 0, max_size=kind.max_length)
        case inspect.VarTupleType():
            return st.lists(values(kind.item_type), max_size=min(kind.max_length or 0, 4))
        case inspect.DictType():
            smallest, largest = kind.min_length or 0, min(kind.max_length or 4, 4)
            keys, items = values(kind.key_type), values(kind.value_type)
            return st.dictionaries(keys, items, min_size=smallest, max_size=largest)
        case inspect.StructType():
            return maps(kind)
    raise NotImplementedError(kind)


def maps(kind: inspect.StructType) -> st.SearchStrategy[Raw]:
    """Maps that a struct allows, with any of its optional fields."""
    needed = {field.encode_name: values(field.type) for field in kind.fields if field.required}
    others = {field.encode_name: values(field.type) for field in kind.fields if not field.required}
    tag = {} if kind.tag is None else {str(kind.tag_field): st.just(kind.tag)}
    return st.fixed_dictionaries({**tag, **needed}, optional=others)


def messages(kinds: tuple[type, ...]) -> st.SearchStrategy[Raw]:
    """Maps of these messages that break no rule: neither a field's nor one that spans fields."""
    infos = [inspect.type_info(kind) for kind in kinds]
    return st.one_of([maps(info) for info in infos if isinstance(info, inspect.StructType)]).map(_keep_rules)


def _keep_rules(raw: Raw) -> Raw:
    """The same map without what breaks a rule that spans fields."""
    if raw["type"] == "event":
        event = raw["event"]
        if event["kind"] == "animal":
            event.setdefault("animal", "owl")
        else:
            event.pop("animal", None)
    if raw["type"] == "hello" and ("resume" in raw) != ("next_step" in raw):
        raw.pop("resume", None)
        raw.pop("next_step", None)
    if raw["type"] == "hello" and raw.get("pace") == "free":
        raw.pop("zone", None)
    if raw["type"] == "hello" and "zone" not in raw:
        raw.pop("zone_key", None)
    if raw["type"] == "world":
        if raw.get("cut"):
            raw.pop("transition_s", None)
        location = raw["world"].get("location", {})
        if isinstance(location.get("biome"), dict):
            location["biome"][next(iter(location["biome"]))] = 0.5
        if location.get("features"):
            location["features"] = list({feature["id"]: feature for feature in location["features"]}.values())
    return raw


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(_TEXT, max_size=100)
    | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(_TEXT, max_size=20), inner, max_size=5),
    max_leaves=10,
)
"""Whatever msgpack can carry."""

MISTAKES = st.sampled_from(
    [None, True, -1, 1.5, 1e300, math.nan, math.inf, -math.inf, 2**64 - 1, "", "x" * 65, "zzz", b"", bytes(16), [], {}]
).flatmap(lambda value: st.sampled_from([value, {"zzz": value}, [value]]))
"""Values that are wrong in many places, and right in some."""


@st.composite
def disturbed(draw: st.DrawFn, right: st.SearchStrategy[Raw]) -> Raw:
    """A right message with one value replaced, one field added, or one removed: often wrong, sometimes right."""
    raw = draw(right)
    places = [(raw, key) for key in raw if key != "type"] + [place for key in raw for place in _places(raw[key])]
    maps_there = [raw, *(parent[key] for parent, key in places if isinstance(parent[key], dict))]
    match draw(st.sampled_from(["replace", "add", "remove"]) if places else st.just("add")):
        case "replace":
            parent, key = draw(st.sampled_from(places))
            parent[key] = draw(MISTAKES)
        case "remove":
            parent, key = draw(st.sampled_from(places))
            del parent[key]
        case _:
            draw(st.sampled_from(maps_there))[draw(st.sampled_from(["zzz", "rain", "Weather", ""]))] = draw(MISTAKES)
    return raw


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) below a value."""
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]
    return []


CLIENT = messages(CLIENT_KINDS)
SERVER = messages(SERVER_KINDS)
