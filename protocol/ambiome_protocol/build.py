"""Changes, built and checked before they travel: what `world`, `event` and `mix` of every face have in common.

Whatever a caller hands over (mappings or the typed parts, numpy numbers too) becomes the bytes of a message and is
decoded like a server would decode it. So a mistake is found where it was made, in the words that a server would use.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from ambiome_protocol.codec import decode_client
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.messages import (
    Change,
    EventMessage,
    Listener,
    Location,
    Mix,
    MixMessage,
    Part,
    Time,
    VoiceMix,
    Warning,
    Weather,
    WorldMessage,
)
from ambiome_protocol.steps import seconds_at, step_at

Fields = Mapping[str, object]
ChangeT = TypeVar("ChangeT", bound=Change)


def world(
    weather: Weather | Fields | None = None,
    location: Location | Fields | None = None,
    time: Time | Fields | None = None,
    listener: Listener | Fields | None = None,
    *,
    at: float | None = None,
    transition_s: float | None = None,
    cut: bool = False,
) -> WorldMessage:
    """What the world is like. A group that is None is left out; a field that is None returns to "derived".

    Raises ProtocolError, naming field, value and what is allowed.
    """
    groups = _given(weather=weather, location=location, time=time, listener=listener)
    return _checked(
        WorldMessage, {"type": "world", "world": groups, "cut": cut, **_given(at=at, transition_s=transition_s)}
    )


def event(
    kind: str,
    *,
    distance_m: float | None = None,
    azimuth_deg: float | None = None,
    strength: float | None = None,
    animal: str | None = None,
    at: float | None = None,
) -> EventMessage:
    """Something that happens once: distance 0.5 … 30,000 m, azimuth 0 … 360° from north, strength 0 … 1.

    Raises ProtocolError, naming field, value and what is allowed.
    """
    fields = _given(distance_m=distance_m, azimuth_deg=azimuth_deg, strength=strength, animal=animal)
    return _checked(EventMessage, {"type": "event", "event": {"kind": kind, **fields}, **_given(at=at)})


def mix(
    *,
    master_db: float | None = None,
    voices: Mapping[str, VoiceMix | Fields] | None = None,
    dynamics: float | None = None,
    transition_s: float | None = None,
    at: float | None = None,
) -> MixMessage:
    """How loud: gains −60 … 12 dB, `voices` {name: {"gain_db", "mute", "solo"}}, dynamics 0 … 1.

    Raises ProtocolError, naming field, value and what is allowed.
    """
    fields: Mix | dict[str, object] = _given(master_db=master_db, voices=voices, dynamics=dynamics)
    return _checked(MixMessage, {"type": "mix", "mix": fields, **_given(at=at, transition_s=transition_s)})


def restamp(change: ChangeT, seq: int, at: float | None = None) -> ChangeT:
    """The same change with another sequence number and, unless None, another time (seconds of session time)."""
    if at is None:
        return msgspec.structs.replace(change, seq=seq)
    return msgspec.structs.replace(change, seq=seq, at=at)


def timed(change: ChangeT, granted_step: int) -> tuple[ChangeT, tuple[Warning, ...]]:
    """A free session's change with its time: that of `granted_step`, unless it names a later one itself.

    A free session that is granted much takes its credit bit by bit, so the time is said, not left to the server. An
    `at` that has passed gives the warning that a server gives.
    """
    at = seconds_at(granted_step)
    if change.at is UNSET:
        return restamp(change, change.seq, at), ()
    if step_at(change.at) >= granted_step:
        return change, ()
    detail = f"at {change.at:g} s has passed; it takes effect at {at:g} s"
    warning = Warning(code="late", detail=detail, seq=change.seq, at=change.at, applied_at=at)
    return restamp(change, change.seq, at), (warning,)


def _given(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _checked(kind: type[ChangeT], fields: dict[str, object]) -> ChangeT:
    try:
        data = msgspec.msgpack.encode(fields, enc_hook=_plain)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ProtocolError("wrong_type", str(error)) from error
    message = decode_client(data)
    if not isinstance(message, kind):  # `fields` names its type, so decoding yields no other
        raise ProtocolError("unknown_type", value=type(message).__name__)
    return message


def _plain(value: Any) -> object:
    """A number of numpy, or of anything else that has `item()`, as Python's own."""
    if isinstance(value, Part) or not hasattr(value, "item"):
        raise ProtocolError("wrong_type", value=type(value).__name__, allowed="numbers, text, true, false, null, maps")
    return value.item()
