"""Scores: client messages in a file, one JSON map a line, in ascending `at`.

    {"at": 0, "world": {"weather": {"rain_mm_h": 6}, "location": {"biome": "temperate_forest"}}}
    {"at": 8, "world": {"location": {"biome": "cave"}}, "cut": true}
    {"at": 12.5, "event": {"kind": "lightning", "distance_m": 900, "azimuth_deg": 30}}
    {"at": 20, "mix": {"voices": {"wind": {"gain_db": -6}}}, "transition_s": 2}
    {"at": 31.2, "quality": 1}

A line is a `world`, `event` or `mix` message without `type` and `seq`; which one it is, its one key among `world`,
`event` and `mix` says. `quality` is what a server did by itself, see `Quality`. `at` is required. Empty lines are
skipped.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final

import msgspec

from ambiome_protocol import meta
from ambiome_protocol.codec import check, check_depth, convert, unique_pairs
from ambiome_protocol.errors import ProtocolError, ScoreError, nearest, shown
from ambiome_protocol.limits import LOWEST_QUALITY, MAX_SCORE_LINE_CHARS
from ambiome_protocol.messages import Change, EventMessage, MixMessage, WorldMessage


class Quality(Change, frozen=True, kw_only=True, tag="quality"):
    """From its time on, a live session was rendered in this quality: a line of a score, and no message."""

    quality: Annotated[int, meta.number(0, LOWEST_QUALITY, "", "what each step was spared; 0 for nothing")]


KINDS: Final[dict[str, type[Change]]] = {
    "world": WorldMessage, "event": EventMessage, "mix": MixMessage, "quality": Quality,
}  # fmt: skip


def read_score(lines: Iterable[str] | Iterable[bytes]) -> tuple[Change, ...]:
    """The changes of a score, in order, numbered (`seq`) from 1. ScoreError names the line, the field and the fault.

    Lines of a file opened in binary are best: of those, one that is not UTF-8 is named exactly.
    """
    changes: list[Change] = []
    for number, line in _numbered(lines):
        try:
            text = _text(line)
            if text:
                change = _read_line(text, len(changes) + 1)
                _check_order(change, changes)
                changes.append(change)
        except ProtocolError as error:
            raise ScoreError(number, error) from error
    return tuple(changes)


def told(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Those lines of a score that a client can tell a server: all but its qualities."""
    return tuple(change for change in changes if not isinstance(change, Quality))


def write_score(changes: Iterable[Change]) -> Iterator[str]:
    """The lines of a score, without line ends, for changes that all have `at`, in ascending order."""
    earlier: list[Change] = []
    for change in changes:
        if change.at is msgspec.UNSET:
            raise ProtocolError("missing_field", field="at", allowed="a time for every line of a score", seq=change.seq)
        _check_order(change, earlier[-1:])
        earlier = [change]
        fields = msgspec.to_builtins(change)
        kept = {name: value for name, value in fields.items() if name not in ("type", "seq", "at")}
        yield json.dumps({"at": change.at, **kept}, ensure_ascii=False, allow_nan=False)


def _numbered(lines: Iterable[str | bytes]) -> Iterator[tuple[int, str | bytes]]:
    """Lines with their numbers from 1. A text file decodes many lines at once, and fails at the first of them."""
    number = 0
    remaining = iter(lines)
    while True:
        number += 1
        try:
            line = next(remaining)
        except StopIteration:
            return
        except UnicodeDecodeError as exc:
            fault = ProtocolError("malformed", "this line, or one after it, is not text in UTF-8")
            raise ScoreError(number, fault) from exc
        yield number, line


def _text(line: str | bytes) -> str:
    """A line without its end, and without the mark that some editors put before the first."""
    if len(line) > MAX_SCORE_LINE_CHARS:
        raise ProtocolError("too_large", "this line is too long", allowed=f"at most {MAX_SCORE_LINE_CHARS} characters")
    try:
        text = line.decode() if isinstance(line, bytes) else line
        text.encode()
    except UnicodeError as exc:
        raise ProtocolError("malformed", "this is not text in UTF-8") from exc
    return text.removeprefix("\ufeff").strip()


def _read_line(text: str, seq: int) -> Change:
    raw = _parse(text)
    named = [kind for kind in KINDS if kind in raw]
    if len(named) > 1:
        raise ProtocolError("contradiction", field=named[1], allowed=f"not beside {named[0]!r}: one of them a line")
    for name in ("type", "seq"):
        if name in raw:
            raise ProtocolError("unknown_field", field=name, value=shown(raw[name]), allowed="not in a score")
    if not named:
        near = next((name for name in raw if nearest(name, KINDS)), None)
        raise ProtocolError("missing_field", field=" or ".join(KINDS), near=near and nearest(near, KINDS))
    if "at" not in raw:
        raise ProtocolError("missing_field", field="at", allowed="seconds from the beginning")
    change = convert({**raw, "type": named[0]}, KINDS[named[0]])
    numbered = msgspec.structs.replace(change, seq=seq)
    if isinstance(numbered, Quality):
        numbered = msgspec.structs.replace(numbered, seq=0)
    else:
        check(numbered)
    return numbered


def _parse(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text, object_pairs_hook=unique_pairs, parse_constant=float)
        check_depth(raw)
        json.dumps(raw, ensure_ascii=False).encode()
    except json.JSONDecodeError as exc:
        raise ProtocolError("malformed", f"this is not JSON: {exc.msg} at column {exc.colno}") from exc
    except RecursionError as exc:
        raise ProtocolError("too_large", "maps and arrays stand too deep in each other") from exc
    except UnicodeEncodeError as exc:
        raise ProtocolError("malformed", "this has half of a surrogate pair, which is no character") from exc
    except ValueError as exc:
        raise ProtocolError("malformed", f"this is not JSON: {exc}") from exc
    if not isinstance(raw, dict):
        raise ProtocolError("malformed", f"{shown(raw)} is not a map", value=shown(raw), allowed="a map")
    return raw


def _check_order(change: Change, earlier: list[Change]) -> None:
    before = earlier[-1].at if earlier else 0.0
    if not isinstance(change.at, float) or not isinstance(before, float) or change.at >= before:
        return
    allowed = f"at least {before:g}, the time of the line before"
    raise ProtocolError("out_of_range", field="at", value=shown(change.at), allowed=allowed)
