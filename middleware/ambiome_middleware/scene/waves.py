"""Sets of waves: each wave breaks and washes up the beach; every few waves a set of larger ones comes in.

Heights of single waves follow a Rayleigh distribution about the significant height (Longuet-Higgins 1952, "On the
statistical distribution of the heights of sea waves", Journal of Marine Research 11, 245–266); groups come from the
beat of neighbouring swell periods, some seven waves long.
"""

from math import cos, log, pi, sqrt
from typing import Final

from msgspec import Struct

from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.hashing import uniform
from ambiome_middleware.tokens import STEP_S

_HEIGHT, _PERIOD, _GROUP, _START = range(0x3A7E, 0x3A82)
_GROUP_WAVES: Final = 7.0


class Wave(Struct, frozen=True, forbid_unknown_fields=True):
    """The wave at hand: how many came before it, and how far it is, 0 at its breaking … 1 at the next."""

    index: int = 0
    phase: float = 0.0


def first_wave(seed: int) -> Wave:
    """Where a session meets the sea."""
    return Wave(0, uniform(seed, _START, 0))


def rolled(wave: Wave, seed: int, period_s: float) -> Wave:
    """The wave one step later; its own period is the mean one ± 15 %."""
    own_s = period_s * (0.85 + 0.3 * uniform(seed, _PERIOD, wave.index))
    phase = wave.phase + STEP_S / own_s
    return Wave(wave.index, phase) if phase < 1.0 else Wave(wave.index + 1, phase - 1.0)


def height_share(seed: int, index: int) -> float:
    """Height of a wave, 0.2 … 1, where 1 is about the largest in a hundred."""
    rayleigh = sqrt(-log(1.0 - uniform(seed, _HEIGHT, index) * 0.99)) / 2.15
    group = 0.5 - 0.5 * cos(2.0 * pi * (index / _GROUP_WAVES + uniform(seed, _GROUP, index // 21)))
    return min(max(0.45 * rayleigh + 0.55 * group, 0.2), 1.0)


def breaking(wave: Wave, seed: int) -> tuple[float, float]:
    """(breaking, wash), each 0 … 1: it topples within a tenth of its period, then washes up and drains away."""
    height, before = height_share(seed, wave.index), height_share(seed, wave.index - 1)
    p = wave.phase
    breaks = height * ramp(p, 0.0, 0.07) * (1.0 - ramp(p, 0.1, 0.36))
    wash = height * ramp(p, 0.08, 0.25) * (1.0 - 0.85 * ramp(p, 0.32, 0.95))
    drains = 0.15 * before * (1.0 - ramp(p, 0.0, 0.2))
    return breaks, max(wash, drains)
