"""The parameters as arrays: what the scene smooths and evolves, all at once.

A parameter is held as its *position*: 0 … 1 along its curve, so that `position · (levels − 1)` is its token (of an
angle: `position · levels`, wrapping). Smoothing by position is even to the ear on every curve (a cutoff moves by
octaves, a level by loudness), and quantising is one rounding. `HIDDEN` parameters are smoothed like the others and
never leave the scene.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.tokens import SCENE, STEP_S, Parameter

Floats = npt.NDArray[np.float64]

HIDDEN: Final[tuple[Parameter, ...]] = (
    Parameter("gust_share", "", 0.0, 1.5, "linear", 256, 2.0, 2.0, 0.2, "standard deviation of the wind over its mean"),
    Parameter("shower_depth", "", 0.0, 1.0, "linear", 256, 4.0, 4.0, 0.3, "how unevenly the rain falls"),
    Parameter("wave_period_s", "s", 1.0, 20.0, "log0", 256, 8.0, 8.0, 6.0, "time between two breakers"),
    Parameter("lightning_per_min", "1/min", 0.01, 60.0, "log0", 256, 0.0, 0.0, 0.0, "lightnings a minute"),
    Parameter("lightning_km", "km", 0.05, 30.0, "log0", 256, 1.0, 1.0, 5.0, "distance of the storm"),
    Parameter("branches_per_min", "1/min", 0.01, 60.0, "log0", 256, 0.0, 0.0, 0.0, "branches that break"),
    Parameter("splashes_per_min", "1/min", 0.01, 60.0, "log0", 256, 0.0, 0.0, 0.0, "splashes in the water nearby"),
)  # fmt: skip
PARAMETERS: Final = (*SCENE, *HIDDEN)
INDEX: Final = {parameter.name: index for index, parameter in enumerate(PARAMETERS)}
COUNT: Final = len(PARAMETERS)


class Curves:
    """The curves of a tuple of parameters, ready for whole arrays at a time; equal to `Parameter.quantise`."""

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        self.low = np.array([p.low for p in parameters], np.float64)
        self.high = np.array([p.high for p in parameters], np.float64)
        self.span = self.high - self.low
        self._angle = np.array([i for i, p in enumerate(parameters) if p.curve == "angle"], np.intp)
        self.scale = np.array([p.levels - (p.curve != "angle") for p in parameters], np.float64)
        self.square = np.array([p.curve == "square" for p in parameters])
        self._log0 = np.array([i for i, p in enumerate(parameters) if p.curve == "log0"], np.intp)
        self._db0 = np.array([i for i, p in enumerate(parameters) if p.curve == "db0"], np.intp)
        self._log_low = self.low[self._log0]
        self._log_span = np.log(self.high[self._log0] / self._log_low)
        self._log_scale = self.scale[self._log0]
        self._db_scale = self.scale[self._db0]

    def positions(self, values: Floats) -> Floats:
        """Values [n] → positions [n], 0 … 1; values beyond the range take the end of it, angles wrap."""
        x = (values - self.low) / self.span
        x[self._angle] %= 1.0
        np.clip(x, 0.0, 1.0, out=x)
        np.sqrt(x, out=x, where=self.square)
        v = values[self._log0]
        above = 1.0 + np.log(np.maximum(v, self._log_low) / self._log_low) / self._log_span * (self._log_scale - 1.0)
        below = np.where(v < self._log_low / 2.0, 0.0, 1.0)
        x[self._log0] = np.minimum(np.where(v < self._log_low, below, above) / self._log_scale, 1.0)
        v = values[self._db0]
        above = 1.0 + np.minimum(x[self._db0], 1.0) * (self._db_scale - 1.0)
        x[self._db0] = np.where(v < self.low[self._db0], 0.0, above) / self._db_scale
        return x

    def values(self, positions: Floats) -> Floats:
        """Positions [n] → values [n]; the inverse of `positions` within the range. Silence of a `db0` is −inf."""
        v: Floats = self.low + self.span * np.where(self.square, positions * positions, positions)
        u = positions[self._log0] * self._log_scale
        above = self._log_low * np.exp((u - 1.0) / (self._log_scale - 1.0) * self._log_span)
        v[self._log0] = np.where(u < 0.5, 0.0, np.where(u < 1.0, self._log_low, above))
        u = positions[self._db0] * self._db_scale
        above = self.low[self._db0] + self.span[self._db0] * (np.maximum(u, 1.0) - 1.0) / (self._db_scale - 1.0)
        v[self._db0] = np.where(u < 0.5, -np.inf, above)
        return v


CURVES: Final = Curves(PARAMETERS)
DEFAULTS: Final = np.array([p.default for p in PARAMETERS], np.float64)


def value_of(positions: Floats, name: str) -> float:
    """One parameter's value out of positions [COUNT]: what `CURVES.values` gives it, without the arrays. Not `db0`."""
    parameter, x = PARAMETERS[INDEX[name]], float(positions[INDEX[name]])
    if parameter.curve == "log0":
        return log0_value(x, parameter.low, parameter.high, parameter.levels)
    return parameter.low + (parameter.high - parameter.low) * (x * x if parameter.curve == "square" else x)


def log0_value(position: float, low: float, high: float, levels: int) -> float:
    """The value at a position of a `log0` curve."""
    u = position * (levels - 1)
    if u < 1.0:
        return 0.0 if u < 0.5 else low
    return float(low * (high / low) ** ((u - 1.0) / (levels - 2)))


def share_per_step(time_constant_s: float) -> float:
    """The share of the way that a parameter goes in one step; 1 for a time constant of 0."""
    return 1.0 if time_constant_s <= 0 else float(1.0 - np.exp(-STEP_S / time_constant_s))


def _shares(times_s: list[float]) -> Floats:
    """Shares per step; a direction turns within the step, as the azimuths of features do, along the shorter arc."""
    return np.array(
        [1.0 if p.curve == "angle" else share_per_step(t) for p, t in zip(PARAMETERS, times_s, strict=True)]
    )


RISE: Final = _shares([p.rise_s for p in PARAMETERS])
FALL: Final = _shares([p.fall_s for p in PARAMETERS])
