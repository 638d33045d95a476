"""Hashed integers: all of the scene's chance comes from (seed, stream, index), so that any step can be computed again.

The mixing function is SplitMix64's finaliser (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
generators").
"""

from typing import Final

GOLDEN: Final = 0x9E3779B97F4A7C15
MIX_A: Final = 0xBF58476D1CE4E5B9
MIX_B: Final = 0x94D049BB133111EB
"""SplitMix64's increment and multipliers; `noise` does the same arithmetic on arrays."""
_MASK: Final = (1 << 64) - 1


def mixed(value: int) -> int:
    """64 bits, every one of which depends on all bits of `value`."""
    z = (value + GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * MIX_A) & _MASK
    z = ((z ^ (z >> 27)) * MIX_B) & _MASK
    return z ^ (z >> 31)


def hashed(seed: int, stream: int, index: int) -> int:
    """64 hashed bits of (seed, stream, index)."""
    return mixed(mixed(mixed(seed) ^ stream) + index * GOLDEN)


def uniform(seed: int, stream: int, index: int) -> float:
    """A hashed number, 0 ≤ … < 1."""
    return (hashed(seed, stream, index) >> 11) * 2.0**-53


def happens(seed: int, stream: int, step: int, per_step: float) -> bool:
    """Whether something of this mean rate (events a step, below 1) happens at a step: a Poisson process on integers."""
    return hashed(seed, stream, step) >> 11 < int(min(per_step, 1.0) * 2.0**53)
