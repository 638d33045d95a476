"""Smooth: each parameter moves to its target with its own rise and fall time, or in the time that the change names.

With a time of its own a parameter goes a fixed share of the way each step (an exponential); in a transition it goes
in a straight line and arrives on time, even when the target moves meanwhile.
"""

from typing import Final

import numpy as np

from ambiome_middleware.scene.columns import FALL, RISE, Floats
from ambiome_middleware.tokens import STEPS_PER_S

NEAR: Final = 1e-6
"""What is as near as this to where it goes counts as there, for an exponential never ends."""


def smoothed(position: Floats, target: Floats) -> Floats:
    """Positions [n] one step further towards `target` [n]."""
    gap = target - position
    return position + gap * np.where(gap > 0.0, RISE, FALL)


def arrived(position: Floats, target: Floats) -> Floats:
    """Positions [n] with those that are as good as there put on their target."""
    return np.where(np.abs(target - position) < NEAR, target, position)


def ramped(position: Floats, target: Floats, left: Floats) -> tuple[Floats, Floats]:
    """The same where some have `left` [n] steps of a transition to go (0: none). Returns (positions, steps left)."""
    straight = position + (target - position) / np.maximum(left, 1.0)
    return np.where(left > 0.0, straight, smoothed(position, target)), np.maximum(left - 1.0, 0.0)


def transition_steps(transition_s: float) -> float:
    """How many steps a transition takes; at least one."""
    return max(float(np.ceil(transition_s * STEPS_PER_S - 1e-9)), 1.0)
