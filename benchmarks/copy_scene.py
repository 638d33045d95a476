"""A scene that costs a copy, to go with `copy_sound`: every row is the silent one."""

from collections.abc import Sequence

from ambiome_middleware.tokens import Row, silent_row
from ambiome_protocol.messages import Change, Reason, Warning

_ROW = silent_row()


def initial_state(seed: int) -> int:
    return seed


def check(change: Change) -> None:
    pass


def warnings(state: int, changes: Sequence[Change], step: int) -> tuple[Warning, ...]:
    return ()


def advance(state: int, messages: Sequence[Change], step: int) -> tuple[int, Row]:
    return state, _ROW


def explain(state: int) -> tuple[Reason, ...]:
    return ()


def values(state: int) -> dict[str, float]:
    return {}


def targets(state: int) -> dict[str, float]:
    return {}


def state_to_bytes(state: int) -> bytes:
    return state.to_bytes(8, "little")


def state_from_bytes(data: bytes) -> int:
    return int.from_bytes(data, "little")
