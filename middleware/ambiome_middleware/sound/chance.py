"""Chance, hashed: thresholds from integer rates, spreads about a centre, azimuths; and where these are heard."""

from typing import Any, Final

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F64
from ambiome_middleware.sound.control import (
    AT_COMPRESSION,
    AT_FEATURE,
    AT_HEADING,
    AT_LOUDNESS,
    AZIMUTHS_A_TOKEN,
    FEATURE_GAINS,
)
from ambiome_middleware.sound.decoded import EXP2_FRACTION, NEVER, RATE_ONE
from ambiome_middleware.sound.hashing import draw64, high32, unit
from ambiome_middleware.sound.layouts import AZIMUTHS
from ambiome_middleware.sound.records import D_BELL, D_SPREAD, SCENE_SOURCE

WIDE_M: Final = 10.0
"""Up to here a feature is as wide as its parts say; beyond, in proportion narrower."""


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
def azimuth_about(centre: int, key: Any, index: int, reach: int) -> int:
    """A hashed azimuth within ±`reach` of `centre`, of AZIMUTHS."""
    return (centre + (high32(draw64(key, index)) * (2 * reach + 1) >> 32) - reach) % AZIMUTHS


@jit_inner
def reach_of(source: float, width: float) -> int:
    """How far from its centre a part of this width may stand: half a turn for the scene, a sixth for the others."""
    return int(width * (AZIMUTHS // 2 if source == SCENE_SOURCE else AZIMUTHS // 6))


@jit_inner
def event_azimuth(gains: F64, token: int) -> int:
    """An event's azimuth from north, so that it stays where it is when the listener turns."""
    return (token * AZIMUTHS_A_TOKEN + int(gains[AT_HEADING])) % AZIMUTHS


@jit_inner
def heard_azimuth(gains: F64, feature: int, azimuth: int) -> int:
    """Where a grain or swell is heard, clockwise from the heading: its `azimuth` is from north, or from its feature."""
    if feature < 0:
        return (azimuth - int(gains[AT_HEADING])) % AZIMUTHS
    at = AT_FEATURE + FEATURE_GAINS * feature
    beside = azimuth if azimuth < AZIMUTHS // 2 else azimuth - AZIMUTHS
    return int(gains[at + 1] + beside * min(1.0, WIDE_M / gains[at + 2]) + AZIMUTHS) % AZIMUTHS
