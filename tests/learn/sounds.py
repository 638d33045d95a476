"""Sounds made for tests of learning: noise that wanders by a known amount, drops of a known kind."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RATE_HZ = 48_000


def noise(seconds: float, seed: int = 0) -> Floats:
    """White Gaussian noise of power 1, [n]."""
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ))


def wandering(seconds: float, depth_db: float, knot_steps: int, seed: int = 0) -> Floats:
    """Noise whose level wanders by a standard deviation of so many dB between knots so many steps apart, [n]."""
    rng = np.random.default_rng(seed + 100)
    samples = round(seconds * RATE_HZ)
    at = np.arange(samples) / (knot_steps * 1_920)
    knots = rng.standard_normal(int(at[-1]) + 2)
    x = at - at.astype(int)
    wander = knots[at.astype(int)] + (knots[at.astype(int) + 1] - knots[at.astype(int)]) * x * x * (3 - 2 * x)
    return noise(seconds, seed) * 10.0 ** (depth_db * wander / wander.std() / 20.0)


def drops(
    seconds: float, rate_hz: float, pitch_hz: float, decay_s: float, level_db: float, spread_db: float, seed: int = 0
) -> Floats:
    """Damped sines at random, `level_db` ± `spread_db` over noise of power 1, phases at random; without the noise, [n].

    `level_db` is that of a steady sine at a drop's peak.
    """
    rng = np.random.default_rng(seed)
    made = np.zeros(round(seconds * RATE_HZ))
    t = np.arange(round(8 * decay_s * RATE_HZ)) / RATE_HZ
    for onset in rng.uniform(0, seconds, rng.poisson(rate_hz * seconds)):
        first = int(onset * RATE_HZ)
        peak = np.sqrt(2) * 10.0 ** ((level_db + rng.uniform(-spread_db, spread_db)) / 20.0)
        drop = peak * np.exp(-t / decay_s) * np.sin(2 * np.pi * (pitch_hz * t + rng.random()))
        made[first : first + len(drop)] += drop[: len(made) - first]
    return made
