"""Evolve: the scene is alive when the world stands still.

Gusts: octaves of noise weighted by the spectrum of von Kármán (1948), "Progress in the statistical theory of
turbulence", PNAS 34, 530–539: f S(f)/σ² = 4 n / (1 + 70.8 n²)^(5/6), n = f L / U, with L = 55 m (EN 1991-1-4, B.1, 10
m over open land); so gusts quicken as the wind grows. Showers breathe by a cascade of factors (multifractal rain:
Schertzer & Lovejoy 1987). Hail, song, croaking, howls, a herd's answers, traffic, talk and crockery come in bouts, by
slow noise of their own.
"""

from threading import Lock
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct

from ambiome_middleware.scene.columns import INDEX, PARAMETERS, Floats
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.noise import BLOCK_STEPS, Octaves
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
_OCTAVES: Final = Octaves(
    (*_WIND_SPACINGS, *_RAIN_SPACINGS, *(row[2] for row in BOUTS), *(row[3] for row in BOUTS)), 0xE0
)
_WIND_END: Final = len(_WIND_SPACINGS)
_RAIN_END: Final = _WIND_END + len(_RAIN_SPACINGS)
_SLOW_END: Final = _RAIN_END + len(BOUTS)
_SLOW, _QUICK = 0.8, 0.6
_RAIN_WEIGHT: Final = 1.0 / len(_RAIN_SPACINGS) ** 0.5

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


def _wind_weights() -> list[list[float]]:
    """Weight of each octave at the wind speeds of `_SPEEDS` equal positions, [speeds][octaves]; squares sum to 1."""
    frequency: Floats = 0.4 / (np.array(_WIND_SPACINGS) * STEP_S)
    speeds = _MAX_WIND * np.linspace(0.0, 1.0, _SPEEDS) ** 2
    power = np.stack([von_karman(frequency, float(speed)) for speed in speeds])
    weights: list[list[float]] = np.sqrt(power / power.sum(1, keepdims=True)).tolist()
    return weights


_SPEEDS: Final = 33
_WIND_WEIGHTS: Final = _wind_weights()


class _Life(NamedTuple):
    """What moves by itself in BLOCK_STEPS steps."""

    bouts: Floats
    """What the positions of `BOUTS` are multiplied by, [BLOCK_STEPS, n]."""
    showers: list[float]
    wind: Floats
    """The octaves of the gusts, [BLOCK_STEPS, n]."""


class _Lives:
    """The lives of many sessions that take turns: of each the latest blocks, and no more than so many in all."""

    BLOCKS_BACK: Final = 2
    MOST: Final = 2_048

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], _Life] = {}
        self._changes = Lock()

    def at(self, seed: int, block: int) -> _Life:
        found = self._kept.get((seed, block))
        return found or self._begun(seed, block)

    def _begun(self, seed: int, block: int) -> _Life:
        life = _life(_OCTAVES.block(seed, block))
        with self._changes:
            self._kept.pop((seed, block - self.BLOCKS_BACK), None)
            self._kept[seed, block] = life
            if len(self._kept) > self.MOST:
                del self._kept[next(iter(self._kept))]
        return life


def _life(noise: Floats) -> _Life:
    bouts = 1.0 + _DEPTHS * (_SLOW * noise[:, _RAIN_END:_SLOW_END] + _QUICK * noise[:, _SLOW_END:])
    cascade = np.zeros(BLOCK_STEPS)
    for octave in range(_WIND_END, _RAIN_END):
        cascade += noise[:, octave]
    return _Life(np.maximum(bouts, 0.0), (cascade * _RAIN_WEIGHT).tolist(), noise[:, :_WIND_END].copy())


_LIVES: Final = _Lives()


def evolved(position: Floats, seed: int, step: int, gusts: tuple[Gust, ...]) -> Floats:
    """The smoothed positions [n] with the life of this step on them, each 0 … 1."""
    block, inside = divmod(step, BLOCK_STEPS)
    life = _LIVES.at(seed, block)
    alive = position.copy()
    alive[_COLUMNS] = np.minimum(position[_COLUMNS] * life.bouts[inside], 1.0)
    alive[_RAIN] = _rain(float(position[_RAIN]), float(position[_SHOWER]), life.showers[inside])
    alive[_WIND] = _wind(float(position[_WIND]), float(position[_GUST_SHARE]), life.wind[inside].tolist(), gusts, step)
    return alive


def _rain(position: float, depth: float, cascade: float) -> float:
    if position <= 0.0:
        return 0.0
    return min(max(position + depth * cascade * _RAIN_PER_LOG * ramp(position, 0.0, 0.1), 0.0), 1.0)


def _wind(position: float, share: float, noise: list[float], gusts: tuple[Gust, ...], step: int) -> float:
    at = position * (_SPEEDS - 1)
    row = min(int(at), _SPEEDS - 2)
    beyond, turbulence = at - row, 0.0
    for octave, weight, next_weight in zip(noise, _WIND_WEIGHTS[row], _WIND_WEIGHTS[row + 1], strict=True):
        turbulence += (weight + (next_weight - weight) * beyond) * octave
    mean = _MAX_WIND * position * position
    speed = mean * max(1.0 + share * turbulence, 0.1)
    for gust in gusts:
        speed += gust_shape((step - gust.step) * STEP_S) * gust.strength * (4.0 + 0.9 * mean)
    return float(min(speed / _MAX_WIND, 1.0) ** 0.5)


def gust_shape(seconds: float) -> float:
    """A gust over time, 0 … 1: up within 1.5 s, gone after 7 s."""
    return ramp(seconds, -0.04, 1.5) * (1.0 - ramp(seconds, 2.5, 7.0))
