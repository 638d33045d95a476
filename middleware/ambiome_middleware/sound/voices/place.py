"""Learned places: any profile played as a place of its own, which still obeys the world.

Place n is as loud as `place{n}_level` says: 60 dB(A) at 1, and 40 dB less for each tenth of it, as biomes blend levels;
the level is the intensity too, where a profile has several anchors. `place_density` multiplies the rate of its grains
(1 as recorded). `place_distance_m` is its distance: recordings are taken as made from 10 m; beyond, it falls with the
distance and the air takes the high bands. Shelter, mix and space are the renderer's, as for every voice.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.patch import BAND_HZ, Draw, Emitter, Floats, Layer, Patch, Table, by
from ambiome_middleware.sound.profile import PLACE, Profile, Profiles
from ambiome_middleware.sound.voices import learned
from ambiome_middleware.sound.voices.shapes import WIDE, loudness_db
from ambiome_middleware.tokens import PLACES

FULL_DB: Final = 60.0
"""dB(A) of a place at level 1 and 10 m."""
PER_DECADE_DB: Final = 40.0
AS_RECORDED_M: Final = 10.0
_MOST_AIR_DB: Final = 60.0
_DENSITY: Final = by("place_density", lambda density: density)


def _far_db(metres: Floats) -> Floats:
    return -20.0 * np.log10(np.maximum(metres, 1.0) / AS_RECORDED_M)


def _air_db(metres: Floats, hz: Floats) -> Floats:
    """What the air takes between 10 m and so many, [levels] and [bands] → [levels, bands]."""
    db_per_m = np.interp(np.log2(hz), np.log2(BAND_HZ), AIR_DB_PER_M)
    return np.asarray(-np.minimum(np.maximum(metres - AS_RECORDED_M, 0.0)[:, None] * db_per_m, _MOST_AIR_DB))


_FAR: Final = by("place_distance_m", _far_db)
_AIR: Final = by("place_distance_m", lambda metres: _air_db(metres, BAND_HZ))


def patches_of(profile: Profile, number: int) -> tuple[Patch, ...]:
    """A profile as place `number`, 1 … PLACES."""
    column = f"{PLACE}{number}_level"
    level = by(column, lambda value: FULL_DB + PER_DECADE_DB * np.log10(value))
    bed = learned.bed_of(profile)
    emitters = learned.emitters_of(profile, (_DENSITY,), (level, _FAR), column, _itself)
    return (
        Patch(
            PLACE,
            layers=(
                Layer(
                    "bed", bed, (level, _FAR, _AIR, _bed_db(profile, column),
                        learned.spectrum_by(profile, column, _itself, bed=True)),
                    learned.coherence_of(profile, WIDE), learned.flutter_of(profile, bed=True),
                ),
            ),
            emitters=tuple(_through_air(emitter) for emitter in emitters),
        ),
    )  # fmt: skip


def patches(profiles: Profiles) -> tuple[Patch, ...]:
    """All places that these profiles hold."""
    numbered = [(f"{PLACE}{number}", number) for number in range(1, PLACES + 1)]
    return tuple(patch for key, n in numbered if key in profiles for patch in patches_of(profiles[key], n))


def _itself(value: Floats) -> Floats:
    return value


def _bed_db(profile: Profile, column: str) -> Table:
    """The bed's level against the whole texture's, by intensity."""
    rows = np.concatenate([loudness_db(level.bed_db) for level in profile.levels])
    return by(column, lambda value: learned.between(profile, rows, np.clip(value, 0, 1)))


def _through_air(emitter: Emitter) -> Emitter:
    """The same grains, weaker by what the air takes at their pitch."""
    hz = np.array([emitter.pitch_hz.centre])
    air = by("place_distance_m", lambda metres: _air_db(metres, hz)[:, 0])
    level = emitter.level_db
    return replace(emitter, level_db=Draw(level.centre, level.spread, (*level.by, air), level.shape))
