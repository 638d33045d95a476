"""Short ways to tell a scene of a world, and to read what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from ambiome_middleware import scene
from ambiome_middleware.scene import BoundScene, SceneState
from ambiome_middleware.tokens import COLUMN, EVENT, EVENT_KIND_NAMES, EVENTS_AT, FEATURE, FEATURES_AT, SCENE
from ambiome_protocol.messages import (
    Change,
    Event,
    EventMessage,
    Listener,
    Location,
    Mix,
    MixMessage,
    Time,
    Weather,
    World,
    WorldMessage,
)

SECTIONS = {"weather": Weather, "location": Location, "time": Time, "listener": Listener}
Rows = npt.NDArray[np.int16]


def told(*, transition_s: float | None = None, cut: bool = False, **fields: Any) -> WorldMessage:
    """A world message from fields of any section: told(rain_mm_h=4, biome="lake", hour=6)."""
    parts = {}
    for name, part in SECTIONS.items():
        chosen = {key: fields.pop(key) for key in list(fields) if key in part.__struct_fields__}
        if chosen:
            parts[name] = part(**chosen)
    assert not fields, f"no such fields: {fields}"
    more = {} if transition_s is None else {"transition_s": transition_s}
    return WorldMessage(world=World(**parts), cut=cut, **more)


def happens(kind: str, **fields: Any) -> EventMessage:
    return EventMessage(event=Event(kind=kind, **fields))


def mixed(*, transition_s: float | None = None, **fields: Any) -> MixMessage:
    more = {} if transition_s is None else {"transition_s": transition_s}
    return MixMessage(mix=Mix(**fields), **more)


def run(
    state: SceneState, steps: int, messages: Mapping[int, Sequence[Change]] | None = None
) -> tuple[SceneState, Rows]:
    """So many steps more; `messages` by absolute step. Returns the state and the rows, [steps, ROW_WIDTH]."""
    rows = []
    for step in range(state.step + 1, state.step + 1 + steps):
        state, row = scene.advance(state, (messages or {}).get(step, ()), step)
        rows.append(row)
    return state, np.stack(rows)


def run_in(own: BoundScene, steps: int, messages: Mapping[int, Sequence[Change]], seed: int = 1) -> Rows:
    """The first steps of a scene with biomes of its own, [steps, ROW_WIDTH]."""
    state, rows = own.initial_state(seed), []
    for step in range(steps):
        state, row = own.advance(state, messages.get(step, ()), step)
        rows.append(row)
    return np.stack(rows)


def standing(seed: int = 1, **fields: Any) -> SceneState:
    """A scene that has been told this world and nothing else, after its first step."""
    return run(scene.initial_state(seed), 1, {0: [told(**fields)]})[0]


def target(parameter: str, **fields: Any) -> float:
    """Where a world sends a parameter."""
    return scene.targets(standing(**fields))[parameter]


def values(rows: Rows, parameter: str) -> npt.NDArray[np.float64]:
    """A column of rows as physical values."""
    return SCENE[COLUMN[parameter]].values()[rows[:, COLUMN[parameter]]]


def slot(rows: Rows, index: int, column: str) -> npt.NDArray[np.float64]:
    """A column of a feature slot as physical values."""
    at = [parameter.name for parameter in FEATURE].index(column)
    return FEATURE[at].values()[rows[:, FEATURES_AT + index * len(FEATURE) + at]]


def events(rows: Rows) -> list[tuple[int, str, dict[str, float]]]:
    """(row, kind, columns) of every event heard."""
    width = len(EVENT)
    found = []
    for index, row in enumerate(rows):
        slots = row[EVENTS_AT : EVENTS_AT + 8 * width].reshape(8, width)
        for tokens in slots[slots[:, 0] > 0]:
            columns = {p.name: float(p.values()[token]) for p, token in zip(EVENT, tokens, strict=True)}
            found.append((index, EVENT_KIND_NAMES[tokens[0]], columns))
    return found
