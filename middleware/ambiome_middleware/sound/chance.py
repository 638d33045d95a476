"""Chance, hashed: thresholds from integer rates, spreads about a centre, places between the channels."""

import math
from typing import Any

from ambiome_middleware.sound.arrays import F64
from ambiome_middleware.sound.control import AT_COMPRESSION, AT_LOUDNESS
from ambiome_middleware.sound.decoded import EXP2_FRACTION, NEVER, RATE_ONE
from ambiome_middleware.sound.hashing import draw64, unit
from ambiome_middleware.sound.jit import jit_inner
from ambiome_middleware.sound.records import D_BELL, D_SPREAD


@jit_inner
def threshold_of(total: int) -> int:
    """2^32 · 2^(total / RATE_ONE), in integers; at most 2^32."""
    if total >= 0:
        return 1 << 32
    if total <= NEVER // 2:
        return 0
    whole, fraction = (-total) // RATE_ONE, (-total) % RATE_ONE
    if fraction:
        whole, fraction = whole + 1, RATE_ONE - fraction
    return 0 if whole > 40 else EXP2_FRACTION[fraction] >> whole


@jit_inner
def spread(key: Any, index: int, draw: F64) -> float:
    """spread · u of a draw."""
    if draw[D_SPREAD] == 0.0:
        return 0.0
    h = draw64(key, index)
    if draw[D_BELL] == 0.0:
        return draw[D_SPREAD] * (2.0 * unit(h) - 1.0)
    u = unit(h) + unit(draw64(h, 1)) + unit(draw64(h, 2))
    return draw[D_SPREAD] * (u - 1.5)


@jit_inner
def event_share(gains: F64, event_power: float) -> float:
    """What the dynamics take from an event that is louder than its scene, as amplitude."""
    if event_power <= gains[AT_LOUDNESS]:
        return 1.0
    return (event_power / gains[AT_LOUDNESS]) ** ((gains[AT_COMPRESSION] - 1.0) / 2.0)


@jit_inner
def place(key: Any, index: int, width: float) -> tuple[float, float]:
    angle = (width * (2.0 * unit(draw64(key, index)) - 1.0) + 1.0) * (math.pi / 4.0)
    return math.cos(angle), math.sin(angle)
