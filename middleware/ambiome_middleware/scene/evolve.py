"""Evolve: the scene is alive when the world stands still.

Gusts: octaves of noise weighted by the spectrum of von Kármán (1948), "Progress in the statistical theory of
turbulence", PNAS 34, 530–539: f S(f)/σ² = 4 n / (1 + 70.8 n²)^(5/6), n = f L / U, with L = 55 m (EN 1991-1-4, B.1, 10
m over open land); so gusts quicken as the wind grows. Showers breathe by a cascade of factors (multifractal rain:
Schertzer & Lovejoy 1987). Hail, song, croaking, howls, a herd's answers, traffic, talk and crockery come in bouts, by
slow noise of their own.
"""

from math import sqrt
from typing import Final

import numpy as np
from msgspec import Struct

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.scene.columns import INDEX, PARAMETERS, Floats
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.noise import octave
from ambiome_middleware.tokens import STEP_S, STEPS_PER_S

_WIND_SPACINGS: Final = (1_280, 640, 320, 160, 80, 40, 20)
_RAIN_SPACINGS: Final = (1_600, 800, 400, 200, 100)
_LENGTH_M: Final = 55.0

BOUTS: Final[tuple[tuple[str, float, int, int], ...]] = (
    # parameter, depth (share of its position), slow and quick spacing in steps
    ("birds_activity", 0.16, 600, 150),
    ("crickets_level", 0.04, 2_000, 500),
    ("cicadas_level", 0.15, 900, 300),
    ("frogs_activity", 0.22, 1_200, 400),
    ("owl_activity", 0.20, 2_500, 700),
    ("traffic_per_min", 0.05, 1_500, 500),
    ("crowd_people", 0.02, 3_000, 900),
    ("crowd_excitement", 0.15, 500, 125),
    ("fire_level", 0.05, 250, 60),
    ("fire_roar", 0.12, 150, 40),
    ("stream_level", 0.02, 300, 75),
    ("river_level", 0.02, 500, 125),
    ("drips_per_s", 0.03, 1_000, 250),
    ("surf_height_m", 0.04, 2_000, 500),
    ("snow_mm_h", 0.05, 1_500, 400),
    ("hail_mm_h", 0.12, 1_200, 250),
    ("swamp_level", 0.08, 900, 250),
    ("shore_height_m", 0.08, 900, 200),
    ("cafe_level", 0.05, 900, 250),
    ("cafe_bustle", 0.20, 750, 200),
    ("machinery_load", 0.15, 1_500, 400),
    ("wolf_activity", 0.30, 3_000, 900),
    ("loon_activity", 0.25, 2_500, 700),
    ("livestock_activity", 0.12, 1_200, 350),
)
_COLUMNS: Final = np.array([INDEX[row[0]] for row in BOUTS], np.intp)
_DEPTHS: Final = np.array([row[1] for row in BOUTS])
_SLOW_STEPS: Final = np.array([row[2] for row in BOUTS], np.int64)
_QUICK_STEPS: Final = np.array([row[3] for row in BOUTS], np.int64)
_WIND_STEPS: Final = np.array(_WIND_SPACINGS, np.int64)
_RAIN_STEPS: Final = np.array(_RAIN_SPACINGS, np.int64)
_STREAM: Final = 0xE0
_RAIN_AT: Final = len(_WIND_SPACINGS)
"""Octaves of the stream: those of the wind, of the rain, the slow and then the quick ones of the bouts."""
_SLOW_AT: Final = _RAIN_AT + len(_RAIN_SPACINGS)
_QUICK_AT: Final = _SLOW_AT + len(BOUTS)
_SLOW, _QUICK = 0.8, 0.6
_RAIN_WEIGHT: Final[float] = 1.0 / len(_RAIN_SPACINGS) ** 0.5

_WIND, _GUST_SHARE = INDEX["wind_m_s"], INDEX["gust_share"]
_RAIN, _SHOWER = INDEX["rain_mm_h"], INDEX["shower_depth"]
_MAX_WIND: Final = PARAMETERS[_WIND].high
_RAIN_PER_LOG: Final = 1.0 / float(np.log(PARAMETERS[_RAIN].high / PARAMETERS[_RAIN].low))
"""Position of the rain for a factor of e."""


class Gust(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A gust that the game has sent."""

    step: int
    strength: float


GUST_STEPS: Final = 7 * STEPS_PER_S


def von_karman(frequency_hz: Floats, wind_m_s: float) -> Floats:
    """f · S(f) / σ² of the wind along its direction at 10 m, [n] → [n]."""
    n = frequency_hz * _LENGTH_M / max(wind_m_s, 0.1)
    return 4.0 * n / (1.0 + 70.8 * n * n) ** (5.0 / 6.0)


def _wind_weights() -> Floats:
    """Weight of each octave at the wind speeds of `_SPEEDS` equal positions, [speeds, octaves]; squares sum to 1."""
    frequency: Floats = 0.4 / (np.array(_WIND_SPACINGS) * STEP_S)
    speeds = _MAX_WIND * np.linspace(0.0, 1.0, _SPEEDS) ** 2
    power = np.stack([von_karman(frequency, float(speed)) for speed in speeds])
    weights: Floats = np.sqrt(power / power.sum(1, keepdims=True))
    return weights


_SPEEDS: Final = 33
_WIND_WEIGHTS: Final = _wind_weights()


_ramp: Final = jit_inner(ramp)


@jit_inner
def evolve(position: Floats, seed: int, step: int, gusts: Floats, heard: Floats) -> None:
    """Put into `heard` [n] the smoothed positions [n] with the life of this step on them, each 0 … 1. `gusts` [k, 2]:
    step and strength of those that the game has sent.
    """
    for n in range(len(position)):
        heard[n] = position[n]
    for bout in range(len(_COLUMNS)):
        at = _COLUMNS[bout]
        if position[at] > 0.0:
            slow = octave(seed, _STREAM, _SLOW_AT + bout, _SLOW_STEPS[bout], step)
            quick = octave(seed, _STREAM, _QUICK_AT + bout, _QUICK_STEPS[bout], step)
            life = max(1.0 + _DEPTHS[bout] * (_SLOW * slow + _QUICK * quick), 0.0)
            heard[at] = min(position[at] * life, 1.0)
    heard[_RAIN] = _rain(position[_RAIN], position[_SHOWER], seed, step)
    heard[_WIND] = _wind(position[_WIND], position[_GUST_SHARE], gusts, seed, step)


@jit_inner
def _rain(position: float, depth: float, seed: int, step: int) -> float:
    if position <= 0.0:
        return 0.0
    cascade = 0.0
    for n in range(len(_RAIN_STEPS)):
        cascade += octave(seed, _STREAM, _RAIN_AT + n, _RAIN_STEPS[n], step)
    cascade *= _RAIN_WEIGHT
    return min(max(position + depth * cascade * _RAIN_PER_LOG * _ramp(position, 0.0, 0.1), 0.0), 1.0)


@jit_inner
def _wind(position: float, share: float, gusts: Floats, seed: int, step: int) -> float:
    mean = _MAX_WIND * position * position
    speed = mean
    if mean > 0.0:
        speed = mean * max(1.0 + share * _turbulence(position, seed, step), 0.1)
    for n in range(len(gusts)):
        speed += gust_shape((step - gusts[n, 0]) * STEP_S) * gusts[n, 1] * (4.0 + 0.9 * mean)
    return sqrt(min(speed / _MAX_WIND, 1.0))


@jit_inner
def _turbulence(position: float, seed: int, step: int) -> float:
    """Of variance 1, by the spectrum at this wind."""
    at = position * (_SPEEDS - 1)
    row = min(int(at), _SPEEDS - 2)
    beyond = at - row
    total = 0.0
    for n in range(len(_WIND_STEPS)):
        weight: float = _WIND_WEIGHTS[row, n] + (_WIND_WEIGHTS[row + 1, n] - _WIND_WEIGHTS[row, n]) * beyond
        total += weight * octave(seed, _STREAM, n, _WIND_STEPS[n], step)
    return total


@jit
def gust_shape(seconds: float) -> float:
    """A gust over time, 0 … 1: up within 1.5 s, gone after 7 s."""
    return _ramp(seconds, -0.04, 1.5) * (1.0 - _ramp(seconds, 2.5, 7.0))
