"""What stands between a source and the ear: distance, and how much of the outside gets in."""

from typing import Final

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F64, I16
from ambiome_middleware.sound.decoded import FEATURE_M
from ambiome_middleware.sound.records import ALL_INSIDE, P_INSIDE
from ambiome_middleware.tokens import COLUMN, FEATURE, FEATURES_AT, SCENE

_FEATURE_WIDTH: Final = len(FEATURE)
_OUTDOOR: Final = COLUMN["outdoor"]
_OUTDOOR_TOP: Final = SCENE[_OUTDOOR].levels - 1
_SHARE_TOP: Final = SCENE[COLUMN["crowd_within"]].levels - 1
_LEVEL_TOP: Final = FEATURE[1].levels - 1


@jit_inner
def outdoor_power(row: I16) -> float:
    """How much of what is outside gets in, as power, 0 … 1."""
    return (row[_OUTDOOR] / _OUTDOOR_TOP) ** 2


@jit_inner
def feature_power(row: I16, slot: int, reference_m: float) -> float:
    """Level² × inverse square of the distance, of one feature slot."""
    at = FEATURES_AT + slot * _FEATURE_WIDTH
    level = (row[at + 1] / _LEVEL_TOP) ** 2
    distance = FEATURE_M[row[at + 2]]
    return level * level * (reference_m / max(distance, 1.0)) ** 2


@jit_inner
def inside_share(patch: F64, row: I16) -> float:
    """How much of a patch is heard from inside, 0 … 1."""
    column = int(patch[P_INSIDE])
    if column < 0:
        return 1.0 if column == ALL_INSIDE else 0.0
    return row[column] / _SHARE_TOP


@jit_inner
def partly_inside(shelter: float, share: float) -> float:
    """Amplitude of what is outside under `shelter` and inside, unfiltered, by `share` (0 … 1)."""
    return shelter + (1.0 - shelter) * share


@jit_inner
def sheltered(shelter: float, feature_m: float) -> float:
    """What a shelter leaves of a feature, as amplitude: all of one within 5 m, which stands under it too (a hearth in
    the room); `shelter` of one beyond 15 m."""
    return partly_inside(shelter, min(max((15.0 - feature_m) / 10.0, 0.0), 1.0))
