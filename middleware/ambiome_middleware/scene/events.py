"""Events: what happens once, and when it is heard.

Sound travels at 343 m/s (dry air, 20 °C): thunder is heard distance / 343 s after its lightning, a branch likewise. The
slots of a row are filled on the step at which the event is heard; what does not fit moves to the next step. At most
MAX_PENDING_EVENTS are on their way; when they are full, rumbles give way, and then the newest event is dropped.
"""

from bisect import bisect_right
from typing import Final

from ambiome_protocol.limits import MAX_PENDING_EVENTS
from ambiome_protocol.messages import Event
from msgspec import Struct

from ambiome_middleware.scene.hashing import hashed
from ambiome_middleware.tokens import EVENT, EVENT_KIND_NAMES, EVENT_SLOTS, STEPS_PER_S

SOUND_M_S: Final = 343.0
_ID_STREAM: Final = 0xE1D
_KINDS: Final = {name: index for index, name in enumerate(EVENT_KIND_NAMES)}
_RUMBLE: Final = _KINDS["rumble"]
_, _, _DISTANCE, _AZIMUTH, _STRENGTH = EVENT


class Sounding(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """An event on its way to the listener. `azimuth_deg` is fixed in the world."""

    step: int
    kind: int
    id: int
    distance_m: float
    azimuth_deg: float
    strength: float


Soundings = tuple[Sounding, ...]


def delay_steps(distance_m: float) -> int:
    """Steps between the event and its being heard, at a distance in m."""
    return round(distance_m / SOUND_M_S * STEPS_PER_S)


def heard_as(event: Event) -> str:
    """The name in the token table under which an event of the protocol is heard."""
    if event.kind == "animal":
        return str(event.animal)
    return "thunder" if event.kind == "lightning" else event.kind


def sounding(
    seed: int, count: int, step: int, kind: str, distance_m: float, azimuth_deg: float, strength: float
) -> Sounding:
    """An event that happens at `step`; `count` is how many have happened in this session."""
    variation = int(hashed(seed, _ID_STREAM, count) % EVENT[1].levels)
    return Sounding(
        step + delay_steps(distance_m), _KINDS[kind], variation, float(distance_m), float(azimuth_deg), float(strength)
    )


def queued(pending: Soundings, event: Sounding) -> Soundings:
    """`pending`, in order of being heard, with one more event; where they are full, without it or the last rumble."""
    if is_full(pending, event.kind):
        return pending
    if len(pending) >= MAX_PENDING_EVENTS:
        last = max(index for index, other in enumerate(pending) if other.kind == _RUMBLE)
        pending = (*pending[:last], *pending[last + 1 :])
    at = bisect_right(pending, event.step, key=lambda other: other.step)
    return (*pending[:at], event, *pending[at:])


def is_full(pending: Soundings, kind: int = 0) -> bool:
    """Whether there is no room for one more event of a kind: rumbles make room for all others."""
    if len(pending) < MAX_PENDING_EVENTS:
        return False
    return kind == _RUMBLE or all(other.kind != _RUMBLE for other in pending)


def due(pending: Soundings, step: int) -> tuple[Soundings, Soundings]:
    """(those heard at this step, at most the slots of a row; those still pending)."""
    count = 0
    for event in pending[:EVENT_SLOTS]:
        if event.step > step:
            break
        count += 1
    return pending[:count], pending[count:]


def event_tokens(event: Sounding, heading_deg: float) -> tuple[int, int, int, int, int]:
    """The five columns of an event's slot."""
    return (
        event.kind,
        event.id,
        _DISTANCE.quantise(event.distance_m),
        _AZIMUTH.quantise((event.azimuth_deg - heading_deg) % 360.0),
        _STRENGTH.quantise(event.strength),
    )
