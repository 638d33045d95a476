"""One step of all parameters, compiled: smoothed, evolved, looked at for what happens by itself, and quantised."""

from typing import Final

import numpy as np

from ambiome_middleware.jit import jit
from ambiome_middleware.scene.chance import any_happens
from ambiome_middleware.scene.columns import Floats
from ambiome_middleware.scene.evolve import Gust, evolve
from ambiome_middleware.scene.quantise import quantise
from ambiome_middleware.scene.smooth import smooth
from ambiome_middleware.tokens import Row

_NO_GUSTS: Final = np.zeros((0, 2))


@jit
def stride(
    seed: int, step: int, position: Floats, target: Floats, left: Floats, gusts: Floats, now: Floats,
    still_left: Floats, heard: Floats, row: Row,
) -> tuple[bool, bool]:  # fmt: skip
    """One step from the positions [n], with `left` [n] steps of a transition to go each (see `smooth`) and `gusts`
    [k, 2] (see `gust_array`). Filled are `now` [n], where they are afterwards, `still_left` [n], `heard` [n], with the
    life of the step on them, and the scene columns of the `row`.

    Returns whether a transition goes on, and whether something happens by itself.
    """
    in_transition = smooth(position, target, left, now, still_left)
    evolve(now, seed, step, gusts, heard)
    quantise(heard, row)
    return in_transition, any_happens(seed, step, now)


def gust_array(gusts: tuple[Gust, ...]) -> Floats:
    """Step and strength of each, [k, 2]."""
    return np.array([(gust.step, gust.strength) for gust in gusts], np.float64) if gusts else _NO_GUSTS
