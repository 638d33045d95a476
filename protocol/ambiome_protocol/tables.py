"""The tables of SPEC.md, in Markdown, made from what the code goes by: annotations, closed lists, limits, codes."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec import NODEFAULT, inspect

from ambiome_protocol.audio import CHANNEL_NAMES, CHANNELS, SAMPLE_BYTES, frame_bytes
from ambiome_protocol.codec import CLIENT_TYPES, SERVER_TYPES
from ambiome_protocol.diagnose import allowed
from ambiome_protocol.errors import BYES, ERRORS, WARNINGS
from ambiome_protocol.limits import LIMITS
from ambiome_protocol.lists import CLOSED_LISTS
from ambiome_protocol.messages import Message, Part

_LIST_OF: Final = {frozenset(names): name for name, names in CLOSED_LISTS.items()}


def message_table(kind: type[Message]) -> str:
    """A message: its heading, what it is for, and its fields."""
    info = _struct(kind)
    fields = "\n".join(_field_rows(info)) or ""
    head = f"### `{info.tag}`\n\n{_summary(kind)}\n\n"
    return head + (f"{_FIELD_HEAD}\n{fields}\n" if fields else "No fields but `type`.\n")


def part_table(kind: type[Part]) -> str:
    """A map inside messages: its heading, what it is, and its fields."""
    rows = "\n".join(_field_rows(_struct(kind)))
    return f"### Map: {_words(kind)}\n\n{_summary(kind)}\n\n{_FIELD_HEAD}\n{rows}\n"


def parts(kinds: Iterable[type[Message]]) -> list[type[Part]]:
    """The maps that these messages hold, each once, in order of appearance."""
    found: list[type[Part]] = []
    waiting: list[inspect.Type] = [inspect.type_info(kind) for kind in kinds]
    while waiting:
        kind = waiting.pop(0)
        if isinstance(kind, inspect.StructType):
            if issubclass(kind.cls, Part) and kind.cls not in found:
                found.append(kind.cls)
            waiting[:0] = [field.type for field in kind.fields]
        else:
            waiting[:0] = _inner(kind)
    return found


def list_table() -> str:
    """The closed lists."""
    return _table(
        ("list", "names"), ((name, ", ".join(f"`{n}`" for n in names)) for name, names in CLOSED_LISTS.items())
    )


def limit_table() -> str:
    """The limits."""
    rows = ((limit.what, f"{limit.value:,} {limit.unit}".replace(".0 ", " ").strip(), limit.over) for limit in LIMITS)
    return _table(("what", "at most", "beyond it"), ((what, value, _code(over)) for what, value, over in rows))


def error_table() -> str:
    """The error codes."""
    rows = ((f"`{code}`", f"{fault.meaning}", fault.remedy) for code, fault in ERRORS.items())
    return _table(("code", "the field, or the message, …", "what the client does"), rows)


def warning_table() -> str:
    """The warning codes."""
    return _table(("code", "what it says"), ((f"`{code}`", meaning) for code, meaning in WARNINGS.items()))


def bye_table() -> str:
    """The reasons of a server's bye."""
    return _table(("reason", "what it says"), ((f"`{reason}`", meaning) for reason, meaning in BYES.items()))


def layout_table() -> str:
    """The layouts, with the size of a frame in each format."""
    formats = tuple(SAMPLE_BYTES)
    rows = (
        (f"`{layout}`", str(count), CHANNEL_NAMES[layout], *(f"{frame_bytes(layout, f):,}" for f in formats))
        for layout, count in CHANNELS.items()
    )
    return _table(("layout", "channels", "in order", *(f"bytes a frame, `{f}`" for f in formats)), rows)


_FIELD_HEAD: Final = "| field | type and range | unit | without it | meaning |\n|---|---|---|---|---|"


def _field_rows(info: inspect.StructType) -> Iterator[str]:
    for field in info.fields:
        notes = _notes(field.type)
        cells = (f"`{field.encode_name}`", _range(field.type), notes.get("unit", ""), _without(field), notes["meaning"])
        yield f"| {' | '.join(cells)} |"


def _notes(kind: inspect.Type) -> dict[str, str]:
    """Unit and meaning of a field: the outermost annotation that has them."""
    if isinstance(kind, inspect.Metadata) and kind.extra:
        return dict(kind.extra)
    return next((notes for inner in _inner(kind) if (notes := _notes(inner))), {})


def _inner(kind: inspect.Type) -> list[inspect.Type]:
    match kind:
        case inspect.Metadata():
            return [kind.type]
        case inspect.UnionType():
            return list(kind.types)
        case inspect.VarTupleType():
            return [kind.item_type]
        case inspect.DictType():
            return [kind.key_type, kind.value_type]
        case _:
            return []


def _range(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata():
            return _range(kind.type)
        case inspect.UnionType():
            return " or ".join(_range(option) for option in kind.types)
        case inspect.StructType():
            return f"map: {_link(kind.cls)}"
        case inspect.VarTupleType():
            return f"array, at most {kind.max_length}: {_range(kind.item_type)}"
        case inspect.DictType():
            sizes = f", {kind.min_length or 0} to {kind.max_length} entries" if kind.max_length else ""
            return f"map{sizes}: {_range(kind.key_type)} → {_range(kind.value_type)}"
        case inspect.LiteralType():
            name = _LIST_OF[frozenset(map(str, kind.values))]
            return f"a name: [{name}](#closed-lists)"
        case inspect.StrType(pattern=str()):
            return f"string, `{kind.pattern}`"
        case _:
            return allowed(kind).removeprefix("a ").removeprefix("an ")


def _without(field: inspect.Field) -> str:
    """What it means that the field is not there."""
    if field.required:
        return "**required**"
    if isinstance(field.default, str):
        return f"`{field.default!r}`".replace("'", '"')
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    if isinstance(field.default, int | float):
        return f"`{field.default:g}`"
    return "–" if field.default is NODEFAULT and field.default_factory is NODEFAULT else "empty"


def _struct(kind: type) -> inspect.StructType:
    info = inspect.type_info(kind)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{kind} is no struct")
    return info


def _summary(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split())


def _words(kind: type) -> str:
    return "".join(f" {c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(kind.__name__))


def _link(kind: type) -> str:
    return f"[{_words(kind)}](#map-{_words(kind).replace(' ', '-')})"


def _code(over: str) -> str:
    return f"`{over}`" if over in ERRORS else over


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


SECTIONS: Final[dict[str, Callable[[], str]]] = {
    "client messages": lambda: "\n".join(message_table(kind) for kind in CLIENT_TYPES.values()),
    "server messages": lambda: "\n".join(message_table(kind) for kind in SERVER_TYPES.values()),
    "maps": lambda: "\n".join(part_table(kind) for kind in parts((*CLIENT_TYPES.values(), *SERVER_TYPES.values()))),
    "lists": list_table,
    "limits": limit_table,
    "errors": error_table,
    "warnings": warning_table,
    "byes": bye_table,
    "layouts": layout_table,
}
"""Every generated part of SPEC.md, by the name that its marks bear."""
