"""What no single field's range says: rules that span the fields of a message. SPEC.md lists them under "Rules"."""

from collections.abc import Callable
from typing import Any, Final

from ambiome_protocol import messages
from ambiome_protocol.errors import ProtocolError, shown
from ambiome_protocol.messages import UNSET


def _check_event(message: messages.EventMessage) -> None:
    event = message.event
    if event.kind == "animal" and event.animal is UNSET:
        allowed = "required by the kind 'animal'"
        raise ProtocolError("missing_field", field="event.animal", allowed=allowed)
    if event.kind != "animal" and event.animal is not UNSET:
        allowed = f"only with the kind 'animal', not {event.kind!r}"
        raise ProtocolError("contradiction", field="event.animal", value=shown(event.animal), allowed=allowed)


def _check_world(message: messages.WorldMessage) -> None:
    location = message.world.location
    if location is UNSET:
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
    if message.cut and message.transition_s is not UNSET and message.transition_s > 0:
        value, allowed = shown(message.transition_s), "no transition with a cut"
        raise ProtocolError("contradiction", field="transition_s", value=value, allowed=allowed)


def _check_hello(message: messages.Hello) -> None:
    if (message.resume is UNSET) == (message.next_step is UNSET):
        return
    lacking = "resume" if message.resume is UNSET else "next_step"
    raise ProtocolError("missing_field", field=lacking, allowed="resume and next_step together")


def _check_zone(message: messages.Hello) -> None:
    if message.zone is UNSET:
        if message.zone_key is not UNSET:
            raise ProtocolError("missing_field", field="zone", allowed="required by zone_key")
    elif message.pace != "live":
        raise ProtocolError("contradiction", field="pace", value=shown(message.pace), allowed="live, in a zone")


RULES: Final[dict[type, tuple[Callable[[Any], None], ...]]] = {
    messages.EventMessage: (_check_event,),
    messages.WorldMessage: (_check_world, _check_cut),
    messages.Hello: (_check_hello, _check_zone),
}
"""By type of message."""
