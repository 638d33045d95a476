"""Smooth: each parameter moves to its target with its own rise and fall time, or in the time that the change names.

With a time of its own a parameter goes a fixed share of the way each step (an exponential); in a transition it goes
in a straight line and arrives on time, even when the target moves meanwhile.
"""

from typing import Final

import numpy as np

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.scene.columns import FALL, RISE, Floats
from ambiome_middleware.tokens import STEPS_PER_S

NEAR: Final = 1e-6
"""What is as near as this to where it goes counts as there, for an exponential never ends."""


@jit_inner
def smooth(position: Floats, target: Floats, left: Floats, now: Floats, still_left: Floats) -> bool:
    """Put into `now` [n] positions [n] one step further towards `target` [n]. Some may have `left` [n] steps of a
    transition to go (0: none); what is left of these afterwards goes into `still_left`. Returns whether any is.
    """
    in_transition = False
    for n in range(len(position)):
        gap = target[n] - position[n]
        if left[n] > 0.0:
            now[n] = position[n] + gap / max(left[n], 1.0)
            still_left[n] = max(left[n] - 1.0, 0.0)
            in_transition = in_transition or bool(still_left[n] > 0.0)
        else:
            now[n] = position[n] + gap * (RISE[n] if gap > 0.0 else FALL[n])
    return in_transition


def arrived(position: Floats, target: Floats) -> Floats:
    """Positions [n] with those that are as good as there put on their target."""
    return np.where(np.abs(target - position) < NEAR, target, position)


def transition_steps(transition_s: float) -> float:
    """How many steps a transition takes; at least one."""
    return max(float(np.ceil(transition_s * STEPS_PER_S - 1e-9)), 1.0)
