"""Learned textures for voices that know their physics: a hand's table drawn towards what recordings measure.

A few recordings of a category carry their microphones, filters and codecs with them. So their spectra pull a voice's
own only so far, smoothed over an octave; their flutter counts only where the scene has no life of its own (the gusts,
sets of waves and bouts that move the columns are slower than a second or two).
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import FLUTTER_STEPS, Floats, Flutter
from ambiome_middleware.sound.profile import Profile
from ambiome_middleware.sound.voices.learned import flutter_of, spectrum_of
from ambiome_middleware.sound.voices.shapes import loudness_db

MOST_DB: Final = 9.0
"""How far a recording moves a band at most."""
DEEPEST_DB: Final = 3.0
SLOWER_STEPS: Final = 24
"""Knots farther apart than this (about a second) belong to what the scene moves, and count less and less."""


def drawn_to(spectrum_db: Floats, profile: Profile | None, intensity: float, share: float = 0.6) -> Floats:
    """A spectrum [BANDS] drawn `share` of the way, and at most `MOST_DB`, to a profile's; itself without one."""
    if profile is None:
        return spectrum_db
    learned_db = spectrum_of(profile, intensity)
    apart = (learned_db - loudness_db(learned_db)) - (spectrum_db - loudness_db(spectrum_db))
    padded = np.pad(np.clip(apart, -2.0 * MOST_DB, 2.0 * MOST_DB), 1, mode="edge")
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3.0
    return spectrum_db + share * np.clip(smooth, -MOST_DB, MOST_DB)


def moved_like(own: Flutter, profile: Profile | None, intensity: float) -> Flutter:
    """A flutter whose depths are the mean (in power) of its own and a profile's; itself without one."""
    if profile is None:
        return own
    learned = flutter_of(profile, intensity)
    padded = np.pad(learned.depth_db**2, ((1, 1), (0, 0)), mode="edge")
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3.0
    faded = np.minimum(SLOWER_STEPS / np.array(FLUTTER_STEPS, np.float64), 1.0)
    depth_db = np.minimum(np.sqrt(0.5 * own.depth_db**2 + 0.5 * smooth * faded**2), DEEPEST_DB)
    return Flutter(depth_db, np.minimum(own.common, 0.3 + 0.7 * learned.common), own.depth_by)
