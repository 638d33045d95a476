"""A scene for tests in which rules do not matter: its row holds what it was told, and how often it was cut."""

from collections.abc import Sequence

import msgspec
from ambiome_middleware.tokens import COLUMN, CUT_AT, Row, silent_row
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.messages import Change, EventMessage, Reason, Warning, WorldMessage
from msgspec import UNSET, Struct


class State(Struct, frozen=True):
    """What the stand-in knows."""

    seed: int
    rain: float = 0.0
    cuts: int = 0
    steps: int = 0
    events: int = 0


def initial_state(seed: int) -> State:
    return State(seed)


def check(change: Change) -> None:
    location = change.world.location if isinstance(change, WorldMessage) else UNSET
    if location is not UNSET and location.biome == "nowhere":
        raise ProtocolError("unknown_name", field="world.location.biome", value="'nowhere'", seq=change.seq)


def warnings(state: State, changes: Sequence[Change], step: int) -> tuple[Warning, ...]:
    return tuple(
        Warning(code="gust_raised", detail="a gust of 1", seq=change.seq)
        for change in changes
        if isinstance(change, WorldMessage) and change.world.weather is not UNSET and change.world.weather.gust_m_s == 1
    )


def advance(state: State, messages: Sequence[Change], step: int) -> tuple[State, Row]:
    rain, cuts, events = state.rain, state.cuts, state.events
    for message in messages:
        if isinstance(message, EventMessage):
            events += 1
        if isinstance(message, WorldMessage):
            cuts += message.cut
            if message.world.weather is not UNSET and isinstance(message.world.weather.rain_mm_h, float | int):
                rain = float(message.world.weather.rain_mm_h)
    state = State(state.seed, rain, cuts, step + 1, events)
    row = silent_row()
    row[COLUMN["rain_mm_h"]] = round(rain)
    row[COLUMN["rain_leaves"]] = events
    row[COLUMN["rain_water"]] = (state.seed + step) % 251
    row[CUT_AT] = cuts
    return state, row


def explain(state: State) -> tuple[Reason, ...]:
    return (Reason(parameter="rain_mm_h", value=state.rain, target=state.rain, rule="rain", because="it was told"),)


def values(state: State) -> dict[str, float]:
    return {"rain_mm_h": state.rain}


def targets(state: State) -> dict[str, float]:
    return {"rain_mm_h": state.rain}


def state_to_bytes(state: State) -> bytes:
    return msgspec.msgpack.encode(state)


def state_from_bytes(data: bytes) -> State:
    return msgspec.msgpack.decode(data, type=State)
