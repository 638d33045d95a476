"""Quantise: the heard positions, the slots and the events of a step → one int16 row."""

import numpy as np

from ambiome_middleware.scene.columns import CURVES
from ambiome_middleware.scene.events import Soundings, event_tokens
from ambiome_middleware.scene.features import feature_tokens
from ambiome_middleware.scene.state import SceneState
from ambiome_middleware.tokens import CUT_AT, EVENT, EVENTS_AT, FEATURES_AT, ROW_WIDTH, Row

_WIDTH = len(EVENT)


def quantised(state: SceneState, sounding: Soundings) -> Row:
    """The token frame of a state, [ROW_WIDTH] int16, with the events that are heard at it (at most the slots)."""
    row = np.zeros(ROW_WIDTH, np.int16)
    row[:FEATURES_AT] = CURVES.tokens(state.heard)[:FEATURES_AT]
    if state.slots.in_use:
        row[FEATURES_AT:EVENTS_AT] = feature_tokens(state.slots, state.held.heading_deg)
    for slot, event in enumerate(sounding):
        at = EVENTS_AT + slot * _WIDTH
        row[at : at + _WIDTH] = event_tokens(event, state.held.heading_deg)
    row[CUT_AT] = state.cut
    return row
