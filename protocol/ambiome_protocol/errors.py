"""What can be wrong with a message, and how it is said.

The tree of exceptions:

    Exception
    └── ProtocolError      a message breaks the protocol: whoever sent it is at fault, nothing of it took effect
        └── ScoreError     the same in a score; names the line

Each carries a code out of the closed list `ERRORS`. `codec.error_message` makes an `error` message of one, and
`ProtocolError.of` makes one of an `error` message, so that both ends show the same sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from ambiome_protocol.limits import MAX_DETAIL_CHARS, MAX_SHOWN_CHARS
from ambiome_protocol.lists import ByeReason, ErrorCode, WarningCode

if TYPE_CHECKING:
    from ambiome_protocol.messages import Error


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of SPEC.md's table of errors: what is wrong (a sentence's end), and what the client does about it."""

    meaning: str
    remedy: str


_MEND = "mend the message; the session goes on as if it had not been sent"

ERRORS: Final[dict[ErrorCode, Fault]] = {
    "malformed": Fault("is not one msgpack map with string keys, each once, in UTF-8", _MEND),
    "too_large": Fault("is larger than the limits allow", _MEND),
    "unknown_type": Fault("is no type of message", _MEND),
    "unknown_field": Fault("is no field of this map", _MEND),
    "missing_field": Fault("is missing", _MEND),
    "wrong_type": Fault("is of the wrong type", _MEND),
    "out_of_range": Fault("is out of range", _MEND),
    "unknown_name": Fault("is not in the closed list of names", _MEND),
    "contradiction": Fault("contradicts another field of the message", _MEND),
    "version": Fault("is a version that this server does not speak", "give up; use a client of the server's major"),
    "unknown_session": Fault("comes from a peer without a session", "send `hello`, with `resume` if there is one"),
    "already_open": Fault("is a second hello on a connection that has a session", "send `bye` first"),
    "bad_resume": Fault("resumes what this server does not have any more", "send `hello` without `resume`"),
    "busy": Fault("asks for one session more than this server takes", "try again after `retry_s`, or elsewhere"),
    "credit": Fault("is more credit than may be outstanding", "grant less; the credit granted before still stands"),
    "at_limit": Fault("is one more than may wait", "send it again when what waits has been dealt with"),
    "not_owner": Fault("is for the owners of the zone to tell", "go on listening, or join with the zone's key"),
    "zone_mismatch": Fault("is not as the zone has it", "ask for what the zone has, or for another zone"),
    "bad_zone_key": Fault("is not the key of this zone", "join without a key, or ask the zone's owner for it"),
    "internal": Fault(
        "met a fault of the server", "go on; if the session is gone, the next message gets `unknown_session`"
    ),
}

WARNINGS: Final[dict[WarningCode, str]] = {
    "late": "its `at` had passed; it took effect at the next possible step (`at` and `applied_at` name both)",
    "repeated": "its `seq` is not above the highest received in this session; it was ignored",
    "gust_raised": "`gust_m_s` was below `wind_m_s`; it counts as equal to the wind",
    "feature_unknown": "`feature_remove` names no feature of this world; nothing was removed",
    "features_full": "`feature_set` would have been one feature too many; it was not added",
    "events_full": "so many events are on their way that this one is not heard",
    "behind": "the server renders slower than this live session plays; frames come late",
    "quality": "from `applied_at` on this live session is rendered in another quality (see [Quality](#quality))",
    "skipped": "this member of a zone was too far behind: not `from_step` but `next_step` comes next, faded in",
    "heading_ignored": "a heading would have turned everybody in this zone, whose layout is not `ambisonics`",
}


BYES: Final[dict[ByeReason, str]] = {
    "bye": "the client said `bye`; the session is gone",
    "shutdown": "the server ends; a session that it has written down can resume when it serves again, others are gone",
    "detached": "the session is detached from this connection, for silence or for a `hello` elsewhere; it can resume",
    "zone_ended": "the zone has been without an owner for too long, and is gone with all its members",
}


class ProtocolError(Exception):
    """A message that breaks the protocol. `str()` is one sentence that names field, value and what is allowed.

    `field` is the path to the field, like `world.weather.rain_mm_h` or `world.location.features[3].id`; "" for the
    message as a whole. `value` is the bad value as text, `allowed` what would have been right, `near` a known name like
    the unknown one, `detail` the sentence (made from these if it is not given), `seq` the message's sequence number,
    `retry_s` after how long it may be sent again, 0 where nothing is known.
    """

    def __init__(
        self,
        code: ErrorCode,
        detail: str = "",
        *,
        field: str = "",
        value: str = "",
        allowed: str = "",
        near: str | None = None,
        seq: int = 0,
        retry_s: float = 0.0,
    ) -> None:
        self.code: ErrorCode = code
        self.field = _cut(field, MAX_DETAIL_CHARS // 2)
        self.value = _cut(value, MAX_SHOWN_CHARS)
        self.allowed = _cut(allowed, MAX_DETAIL_CHARS // 2)
        self.detail = _cut(detail or self._sentence(near), MAX_DETAIL_CHARS)
        self.seq = seq
        self.retry_s = retry_s
        super().__init__(code, self.detail)

    def __str__(self) -> str:
        return self.detail

    @classmethod
    def of(cls, error: "Error") -> "ProtocolError":
        """The exception that an `error` message reports."""
        return cls(
            error.code, error.detail, field=error.field, value=error.value, allowed=error.allowed, seq=error.seq,
            retry_s=error.retry_s,
        )  # fmt: skip

    def _sentence(self, near: str | None) -> str:
        is_named = self.code in ("unknown_field", "missing_field")
        value = f" {self.value}" if self.value and not is_named else ""
        offer = f" (did you mean {near!r}?)" if near else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{self.field or 'message'}{value} {ERRORS[self.code].meaning}{offer}{allowed}"


class ScoreError(ProtocolError):
    """A broken line of a score. `line` counts from 1; `detail` is the fault, `str()` has the line before it."""

    def __init__(self, line: int, error: ProtocolError) -> None:
        super().__init__(
            error.code, error.detail, field=error.field, value=error.value, allowed=error.allowed, seq=error.seq
        )
        self.line = line
        self.args = (line, error)

    def __str__(self) -> str:
        return f"line {self.line}: {self.detail}"


def unknown_name(field: str, name: str, names: Iterable[str], seq: int = 0) -> ProtocolError:
    """`name` is not in the closed list `names`: the error offers the nearest one, and names all that are allowed."""
    known = list(names)
    allowed = f"one of {', '.join(known)}"
    near = nearest(name, known)
    return ProtocolError("unknown_name", field=field, value=shown(name), allowed=allowed, near=near, seq=seq)


def no_room(room: str, retry_s: float, field: str = "type", value: str = "hello") -> ProtocolError:
    """For what a hello asks in `field` there is `room` no more; after `retry_s` seconds it may try again."""
    allowed = f"{room}; try again in {retry_s:.3g} s"
    return ProtocolError("busy", field=field, value=shown(value), allowed=allowed, retry_s=retry_s)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name in `names` that is most like `name`, or None if none is like it."""
    matches = get_close_matches(name.strip().lower().replace(" ", "_").replace("-", "_")[:MAX_SHOWN_CHARS], names, 1)
    return matches[0] if matches else None


def shown(value: object) -> str:
    """A value as an error names it: short, printable, one line."""
    for constant, name in ((None, "null"), (True, "true"), (False, "false")):
        if value is constant:
            return name
    if isinstance(value, dict):
        return f"(a map of {len(value)})"
    if isinstance(value, list | tuple):
        return f"(an array of {len(value)})"
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if isinstance(value, str):
        return _cut(repr(value[:MAX_SHOWN_CHARS]), MAX_SHOWN_CHARS)
    if isinstance(value, int) and value.bit_length() > 128:
        return f"(an integer of {value.bit_length()} bits)"
    return _cut(repr(value), MAX_SHOWN_CHARS)


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars - 1]}…"
