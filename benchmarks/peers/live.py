"""The storm as a server has it: rows that a session makes with its scene, each step another.

No weather is this storm, in whose rain nothing would sing. So the scene runs whole, in the weather nearest to it, and
its targets are the storm's: gusts, showers and bouts move the row as they move any. Breakers alone do not: they would
set off half as many splashes as the peers play, so where a wave moves the surf, its levels step about the storm's.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from ambiome_middleware import scene
from ambiome_middleware.scene.columns import CURVES
from ambiome_middleware.scene.state import SceneState
from ambiome_middleware.session import Session
from ambiome_middleware.tokens import COLUMN, FEATURES_AT, Row
from ambiome_protocol.build import world
from ambiome_protocol.messages import Change
from msgspec import structs

from benchmarks.peers.scene import thunder
from benchmarks.render import storm

_WORLD: Final = world(weather={"rain_mm_h": 50.0, "wind_m_s": 18.0}, location={"biome": "coast"})
_STORM: Final = storm()
_POSITIONS: Final = _STORM[:FEATURES_AT] / CURVES.scale[:FEATURES_AT]
_SURF: Final = np.array([COLUMN["surf_break"], COLUMN["surf_wash"]])


class _Storm:
    """The scene, with the storm for what its rules make of the weather. The seed is the listener's number."""

    def __getattr__(self, name: str) -> Any:
        return getattr(scene, name)

    def advance(self, state: SceneState, messages: Sequence[Change], step: int) -> tuple[SceneState, Row]:
        state, row = scene.advance(state, messages, step)
        if state.mapped_step == step:
            state = structs.replace(state, target=_set(state.target), smooth=_set(state.smooth))
        row[_SURF] = _STORM[_SURF] - 1 + row[_SURF] % 3
        thunder(row, state.seed, step)
        return state, row


def session(listener: int) -> Session:
    """A listener of the storm, at the beginning of its stream."""
    made = Session(listener, "stereo", "free", key=listener, scene=_Storm())
    made.tell(_WORLD)
    return made


def living(listener: int, steps: int) -> Row:
    """The first token frames of one listener, [steps, ROW_WIDTH]."""
    return session(listener).advance(steps).tokens[-steps:]


def _set(positions: Any) -> Any:
    """The storm's positions, and those that only the scene knows as they were."""
    return np.concatenate((_POSITIONS, positions[FEATURES_AT:]))
