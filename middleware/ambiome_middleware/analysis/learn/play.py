"""A profile heard: its bed and its grains, rendered apart as a learned place, at the level of one of its anchors."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.bank import build
from ambiome_middleware.sound.patch import Patch
from ambiome_middleware.sound.profile import Profile
from ambiome_middleware.sound.voices.place import patches_of
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, ROW_WIDTH, SCENE, STEPS_PER_S, silent_row

Sound = npt.NDArray[np.float64]

MASTER_DB = -20.0
"""Turned down, so that the limiter stays out of what is measured."""
_FIRST_STEP = 1_000
_HIGHEST = 0.5
"""The place's level at which a profile of one anchor is heard; its sound is the same at all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What was rendered, [2, n] each: what sounds is their sum."""

    bed: Sound
    grains: Sound

    @property
    def whole(self) -> Sound:
        """Both together, [2, n]."""
        return self.bed + self.grains


def hear(profile: Profile, intensity: float, seconds: float, seed: int = 1) -> Heard:
    """Render a profile at an intensity, in stereo, at nature's own dynamics."""
    (patch,) = patches_of(profile, 1)
    level = intensity if len(profile.levels) > 1 else _HIGHEST
    return Heard(*(_render(part, level, seconds, seed) for part in
                   (replace(patch, emitters=()), replace(patch, layers=()))))  # fmt: skip


def _render(patch: Patch, level: float, seconds: float, seed: int) -> Sound:
    row = silent_row()
    for name, value in {"dynamics": 1.0, "master_db": MASTER_DB, "place1_level": max(level, 0.05)}.items():
        row[COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    rows = np.empty((LOOKBACK_STEPS + round(seconds * STEPS_PER_S), ROW_WIDTH), np.int16)
    rows[:] = row
    (samples,) = Renderer("cpu", bank=build((patch,))).render([Request(seed, "stereo", _FIRST_STEP, rows)])
    return np.asarray(samples, np.float64)
