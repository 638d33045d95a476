"""Quantise: the heard positions, the slots and the events of a step → one int16 row."""

from typing import Final

import numpy as np

from ambiome_middleware.jit import jit
from ambiome_middleware.scene.columns import CURVES, Floats
from ambiome_middleware.scene.events import Soundings, event_tokens
from ambiome_middleware.scene.features import AZIMUTH_AT, FEATURE_SCALE, Kinds
from ambiome_middleware.tokens import EVENT, EVENTS_AT, FEATURE, FEATURES_AT, SCENE, Row

_SCALE: Final = CURVES.scale
_TURN: Final = np.array([p.levels if p.curve == "angle" else 0 for p in SCENE], np.int64)
"""Levels of a whole turn, of angles; 0 for all else."""
_AZIMUTH_TURN: Final = int(FEATURE_SCALE[AZIMUTH_AT])
_WIDTH, _FEATURE_WIDTH = len(EVENT), len(FEATURE)


@jit
def quantise(heard: Floats, row: Row) -> None:
    """Put the tokens of the heard positions [n] into the scene columns of a row."""
    for n in range(FEATURES_AT):
        token = np.int64(np.rint(heard[n] * _SCALE[n]))
        row[n] = token % _TURN[n] if _TURN[n] else token


@jit
def quantise_slots(now: Floats, kinds: Kinds, heading_deg: float, row: Row) -> None:
    """Put the slots [16, 4] and their kinds [16] into the feature columns, azimuths relative to where the listener
    looks.
    """
    for slot in range(len(kinds)):
        at = FEATURES_AT + slot * _FEATURE_WIDTH
        row[at] = kinds[slot]
        for n in range(4):
            position = (now[slot, n] - heading_deg / 360.0) % 1.0 if n == AZIMUTH_AT else now[slot, n]
            token = np.int64(np.rint(position * FEATURE_SCALE[n]))
            row[at + 1 + n] = token % _AZIMUTH_TURN if n == AZIMUTH_AT else token


def quantise_events(sounding: Soundings, heading_deg: float, row: Row) -> None:
    """Put the events that are heard at a step, at most the slots, into the event columns."""
    for slot, event in enumerate(sounding):
        at = EVENTS_AT + slot * _WIDTH
        row[at : at + _WIDTH] = event_tokens(event, heading_deg)
