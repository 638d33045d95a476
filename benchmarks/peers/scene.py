"""What all of them render: the storm of `benchmarks.render`, and thunder in it four times a minute, as in the preset
`thunderstorm_far`."""

from typing import Final

import numpy as np
from ambiome_middleware.tokens import (
    COLUMN,
    EVENT,
    EVENT_KIND_NAMES,
    EVENTS_AT,
    ROW_WIDTH,
    STEP_S,
    Row,
)
from ambiome_protocol.lists import VOICES

from benchmarks.render import storm

THUNDER_EVERY_STEPS: Final = 375
LISTENERS_APART_STEPS: Final = 37
"""How much later than the listener before it each one hears its thunder."""
THUNDER: Final = {"distance_m": 1_500.0, "azimuth_deg": 45.0, "strength": 0.7}
BEDS: Final = ("rain", "wind", "stream", "surf", "fire")
"""The voices whose diffuse part is heard in it."""


def frames(listener: int, first: int, steps: int) -> Row:
    """The token frames of one listener, [steps, ROW_WIDTH]; steps before 0 have no thunder."""
    rows = np.tile(storm(), (steps, 1)).reshape(steps, ROW_WIDTH)
    for step, row in enumerate(rows, first):
        thunder(row, listener, step)
    return rows


def still(listener: int, steps: int) -> Row:
    """The first of them, which but for the thunder are all the same."""
    return frames(listener, 0, steps)


def thunder(row: Row, listener: int, step: int) -> None:
    """Put into a token frame the thunder that this listener hears at its step, if any."""
    if step < 0 or (step - listener * LISTENERS_APART_STEPS) % THUNDER_EVERY_STEPS:
        return
    values = {"kind": EVENT_KIND_NAMES.index("thunder"), "id": step % 32_768, **THUNDER}
    row[EVENTS_AT : EVENTS_AT + len(EVENT)] = [parameter.quantise(values[parameter.name]) for parameter in EVENT]


def solo(voice: str) -> Row:
    """The storm with one voice alone."""
    row = storm()
    for other in VOICES:
        if other != voice:
            row[COLUMN[f"gain_{other}_db"]] = 0
    return row


def steps_of(seconds: float) -> int:
    """Whole steps of so many seconds."""
    return round(seconds / STEP_S)
