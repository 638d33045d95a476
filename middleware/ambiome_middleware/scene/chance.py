"""Chance: storms choose their lightning, branches break, fish jump. Poisson processes on hashed integers.

How often is mapped (`map.thunder`, `map.chance`); when, where and how strongly is drawn here. `count` is the number of
events that the session has had: it varies the sound of each.
"""

from typing import Final

import numpy as np

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.scene.columns import INDEX, PARAMETERS, Floats, log0_value
from ambiome_middleware.scene.events import Sounding, sounding
from ambiome_middleware.scene.hashing import happens, uniform
from ambiome_middleware.scene.noise import octave
from ambiome_middleware.tokens import STEPS_PER_S

_STEPS_PER_MIN: Final = 60.0 * STEPS_PER_S
_LIGHTNING, _BRANCH, _SPLASH, _PLACE, _SPREAD, _STRENGTH = range(0x5709, 0x570F)
_STREAMS: Final = (_LIGHTNING, _BRANCH, _SPLASH)
_RATED: Final = tuple(PARAMETERS[INDEX[name]] for name in ("lightning_per_min", "branches_per_min", "splashes_per_min"))
_RATES: Final = np.array([INDEX[parameter.name] for parameter in _RATED], np.intp)
_LOWS, _HIGHS = np.array([p.low for p in _RATED]), np.array([p.high for p in _RATED])
_LEVELS: Final = np.array([p.levels for p in _RATED], np.int64)
_per_min: Final = jit_inner(log0_value)
_STORM: Final = 0x57
_BEARING_STEPS, _DISTANCE_STEPS = 6_000, 1_500
"""Where the storm is: its bearing and its distance wander over minutes."""


@jit_inner
def any_happens(seed: int, step: int, smooth: Floats) -> bool:
    """Whether one of the three happens at this step, by the smoothed positions of their rates."""
    for n in range(len(_RATES)):
        position = smooth[_RATES[n]]
        if position > 0.0:
            per_min = _per_min(position, _LOWS[n], _HIGHS[n], _LEVELS[n])
            if per_min > 0.0 and happens(seed, _STREAMS[n], step, per_min / _STEPS_PER_MIN):
                return True
    return False


def lightning(
    seed: int, step: int, per_min: float, storm_km: float, wind_from_deg: float | None = None, *, count: int
) -> Sounding | None:
    """The thunder of a lightning that the storm throws at this step, if it does.

    A storm stands about where the wind comes from; with no wind told, its bearing is hashed. Both wander.
    """
    if per_min <= 0.0 or not happens(seed, _LIGHTNING, step, per_min / _STEPS_PER_MIN):
        return None
    bearing, drift = octave(seed, _STORM, 0, _BEARING_STEPS, step), octave(seed, _STORM, 1, _DISTANCE_STEPS, step)
    scatter = uniform(seed, _PLACE, step) + uniform(seed, _PLACE, step + 1) - 1.0
    distance_m = storm_km * 1_000.0 * 2.0 ** (0.2 * drift + 0.9 * scatter)
    turn = uniform(seed, _SPREAD, step) - 0.5
    centre = bearing * 120.0 if wind_from_deg is None else wind_from_deg + bearing * 30.0
    azimuth = (centre + turn * (120.0 if storm_km > 3.0 else 300.0)) % 360.0
    strength = 0.3 + 0.7 * uniform(seed, _STRENGTH, step)
    return sounding(seed, count, step, "thunder", min(max(distance_m, 30.0), 40_000.0), azimuth, strength)


def branch(seed: int, step: int, per_min: float, *, count: int) -> Sounding | None:
    """A branch that the wind breaks at this step, if it does."""
    return _nearby(seed, step, count, per_min, "branch", _BRANCH, 8.0, 90.0)


def splash(seed: int, step: int, per_min: float, *, count: int) -> Sounding | None:
    """A fish that jumps at this step, if it does."""
    return _nearby(seed, step, count, per_min, "splash", _SPLASH, 6.0, 60.0)


def _nearby(
    seed: int, step: int, count: int, per_min: float, kind: str, stream: int, near_m: float, far_m: float
) -> Sounding | None:
    """Something within near … far m, as likely anywhere on that ground, of hashed direction and strength."""
    if per_min <= 0.0 or not happens(seed, stream, step, per_min / _STEPS_PER_MIN):
        return None
    distance_m = near_m + (far_m - near_m) * uniform(seed, stream + _PLACE, step) ** 0.5
    azimuth = 360.0 * uniform(seed, stream + _SPREAD, step)
    strength = 0.15 + 0.6 * uniform(seed, stream + _STRENGTH, step) ** 2
    return sounding(seed, count, step, kind, distance_m, azimuth, strength)
