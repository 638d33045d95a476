"""Learned textures for voices that know their physics: a hand's table drawn towards what recordings measure.

A few recordings of a category carry their microphones, filters and codecs with them. So their spectra pull a voice's
own only so far, smoothed over an octave; their flutter counts only where the scene has no life of its own (the gusts,
sets of waves and bouts that move the columns are slower than a second or two).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, FLUTTER_STEPS, Draw, Floats, Flutter
from ambiome_middleware.sound.profile import Grain, Profile
from ambiome_middleware.sound.voices.learned import flutter_of, spectrum_of
from ambiome_middleware.sound.voices.shapes import loudness_db

MOST_DB: Final = 9.0
"""How far a recording moves a band at most."""
DEEPEST_DB: Final = 3.0
FARTHEST_OCT: Final = 1.0
"""How far a recording moves a pitch or a decay at most, before its share."""
Measured = tuple[float, float]
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


def coloured_like(
    chorus: Callable[[Floats], Floats],
    profile: Profile | None,
    intensity: float,
    low_hz: float,
    high_hz: float,
    share: float = 0.5,
) -> Callable[[Floats], Floats]:
    """A chorus's spectra ([levels] pitches → [levels, BANDS] dB), drawn to a profile's; itself without one.

    The profile's pitch is where it is strongest between `low_hz` and `high_hz`: there the two are compared, and what
    that says about the bands beside and above goes along with the chorus's pitch. Loudness stays.
    """
    if profile is None:
        return chorus
    home_hz, octave = strongest_hz(profile, intensity, low_hz, high_hz), np.log2(BAND_HZ)
    at_home_db = chorus(np.array([home_hz]))[0]
    colour_db = drawn_to(at_home_db, profile, intensity, share) - at_home_db

    def coloured(pitch_hz: Floats) -> Floats:
        own_db = chorus(pitch_hz)
        higher_oct = np.log2(np.maximum(pitch_hz, low_hz) / home_hz)
        theirs_db = own_db + np.interp(octave[None, :] - higher_oct[:, None], octave, colour_db)
        return np.asarray(theirs_db - loudness_db(theirs_db) + loudness_db(own_db))

    return coloured


def strongest_hz(profile: Profile, intensity: float, low_hz: float, high_hz: float) -> float:
    """Where between two pitches a profile is strongest: the mean over log frequency, by the square of the power.

    So peaks count and what slopes evenly does not; long notes, which no grain of a profile is, count too.
    """
    within = (low_hz <= BAND_HZ) & (high_hz >= BAND_HZ)
    power = 10.0 ** (0.1 * (spectrum_of(profile, intensity)[within] - spectrum_of(profile, intensity)[within].max()))
    return float(2.0 ** np.average(np.log2(BAND_HZ[within]), weights=power**2))


def sung_like(
    own: Draw,
    at_hz: float,
    profile: Profile | None,
    intensity: float,
    low_hz: float,
    high_hz: float,
    share: float = 0.3,
) -> Draw:
    """A transposition of calls written about `at_hz`, drawn `share` of the way to where a profile is `strongest_hz`."""
    if profile is None:
        return own
    away_oct = float(np.log2(strongest_hz(profile, intensity, low_hz, high_hz) / at_hz))
    return replace(own, centre=own.centre * 2.0 ** (share * min(max(away_oct, -FARTHEST_OCT), FARTHEST_OCT)))


def moved_like(own: Flutter, profile: Profile | None, intensity: float, deepest_db: float = DEEPEST_DB) -> Flutter:
    """A flutter whose depths are the mean (in power) of its own and a profile's; itself without one."""
    if profile is None:
        return own
    learned = flutter_of(profile, intensity)
    padded = np.pad(learned.depth_db**2, ((1, 1), (0, 0)), mode="edge")
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3.0
    faded = np.minimum(SLOWER_STEPS / np.array(FLUTTER_STEPS, np.float64), 1.0)
    depth_db = np.minimum(np.sqrt(0.5 * own.depth_db**2 + 0.5 * smooth * faded**2), deepest_db)
    return Flutter(depth_db, np.minimum(own.common, 0.3 + 0.7 * learned.common), own.depth_by)


def pitched_like(own: Draw, profile: Profile | None, low_hz: float, high_hz: float, share: float = 0.5) -> Draw:
    """A draw of pitches drawn `share` of the way (in octaves) to those of a profile's grains between two, by energy."""
    return _drawn(own, profile, low_hz, high_hz, share, lambda grain: (grain.pitch_hz, grain.pitch_oct))


def ringing_like(own: Draw, profile: Profile | None, low_hz: float, high_hz: float, share: float = 0.5) -> Draw:
    """The same for how long the grains of those pitches last."""
    return _drawn(own, profile, low_hz, high_hz, share, lambda grain: (grain.decay_s, grain.decay_oct))


def _drawn(
    own: Draw, profile: Profile | None, low_hz: float, high_hz: float, share: float, of: Callable[[Grain], Measured]
) -> Draw:
    heard = [] if profile is None else [g for g in profile.grains if low_hz <= g.pitch_hz <= high_hz]
    weights = np.array([grain.share for grain in heard])
    if weights.sum() <= 0.0:
        return own
    centres, spreads = np.array([of(grain) for grain in heard]).T
    away_oct = float(np.average(np.log2(centres / own.centre), weights=weights))
    away_oct = float(np.clip(away_oct, -FARTHEST_OCT, FARTHEST_OCT))
    spread = (1.0 - share) * own.spread + share * float(np.average(spreads, weights=weights))
    return replace(own, centre=own.centre * 2.0 ** (share * away_oct), spread=spread)
