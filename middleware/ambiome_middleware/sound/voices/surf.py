"""Surf: waves that break and wash up the beach, their roar dulled by distance; surf as a feature.

Levels: 60–75 dB(A) some 30 m from breakers of 1–3 m (20 dB a decade of height, i.e. pressure follows height; Bolin &
Åbom 2010), 3 dB less per doubling of distance while the shore is a line, and what the air absorbs. A plunging breaker
starts low (collective oscillation of the bubble cloud, 100–500 Hz) and turns to broadband hiss as its bubbles shrink.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Layer, Patch, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.breakers import PARTS, swell
from ambiome_middleware.sound.voices.motion import flutter
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    WIDE,
    level,
    octaves_from,
    spectrum,
    sweep,
)
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

ROAR: Final = spectrum(
    (25, -26), (50, -19), (100, -12), (200, -5), (400, -1), (800, -1), (1_600, -4), (3_150, -9), (6_300, -15),
    (12_500, -24)
)  # fmt: skip
CRASH: Final = spectrum(
    (31, -26), (63, -20), (125, -12), (250, -5), (500, -0.5), (1_000, -0.5), (2_000, -4.5), (4_000, -9),
    (8_000, -15), (16_000, -25)
)  # fmt: skip
BOOM: Final = spectrum((25, 0), (50, 5), (100, 6), (200, 2), (400, -6), (800, -16), (1_600, -28))
WASH: Final = spectrum(
    (125, -30),
    (250, -23),
    (500, -17),
    (1_000, -12),
    (2_000, -9),
    (4_000, -8),
    (8_000, -9),
    (12_500, -13),
    (16_000, -17),
)


def _along_the_shore(distance_m: Floats) -> Floats:
    """3 dB per doubling up to 300 m, where the bay ends, then 6; the air's absorption band by band."""
    near = -10.0 * np.log10(np.maximum(distance_m, 3.0) / 30.0) - 10.0 * np.log10(np.maximum(distance_m / 300.0, 1.0))
    return np.asarray(near[:, None] - np.maximum(distance_m, 3.0)[:, None] * AIR_DB_PER_M)


def _close_by(distance_m: Floats) -> Floats:
    return np.asarray(-20.0 * np.log10(np.maximum(distance_m, 3.0) / 30.0))


def _growing(decade_db: float) -> Callable[[Floats], Floats]:
    return lambda height_m: decade_db * np.log10(height_m)


def _seen(per_s: float) -> Callable[[Floats], Floats]:
    """Waves a second that break elsewhere along the beach; of ripples there is no such thing."""
    return lambda height_m: per_s * np.clip(height_m / 0.3, 0.0, 1.0)


def _lasting(per_s: float) -> Callable[[Floats], Floats]:
    return lambda level: per_s * level**0.2


HEIGHT_DB: Final = by("surf_height_m", lambda h: 20.0 * np.log10(h))
HIGHER_IS_DARKER: Final = by(
    "surf_height_m", lambda h: -0.5 * np.log2(np.maximum(h, 0.1))[:, None] * octaves_from(800, 63, 8_000)
)
SHORE_DB: Final = by("surf_distance_m", _along_the_shore)
SHORE_LEVEL_DB: Final = by("surf_distance_m", lambda d: _along_the_shore(d)[:, 17])
SHORE_COLOUR: Final = by("surf_distance_m", lambda d: _along_the_shore(d) - _along_the_shore(d)[:, 17:18])
HEARD: Final = by("surf_height_m", lambda h: (h / 1.5) ** 0.5)
NEAR: Final = by("surf_distance_m", lambda d: np.clip(1.0 - np.log2(np.maximum(d, 3.0) / 20.0) / 4.0, 0.0, 1.0))
SMALLER_BELOW: Final = by("surf_height_m", lambda h: -0.25 * np.log2(np.maximum(h, 0.1)))

BREAKS_DB: Final = level("surf_break", 0.0)
BREAKING_IS_BRIGHTER: Final = by(
    "surf_break", lambda share: -0.8 * (1.0 - share)[:, None] * octaves_from(500, 500, 8_000)
)

ROARING: Final = flutter(1.0, 0.9, 0.8, treble=2.2, common=0.2)
CRASHING: Final = flutter(2.2, 1.6, 0.8, treble=1.8, common=0.2)
WASHING: Final = flutter(2.2, 1.7, 0.8, treble=1.6, common=0.2)
FLURRIES: Final = np.array([0.7, 0.8, 0.6, 0.4, 0.15, 0.0, 0.0, 0.0])


def _scene(profile: Profile | None) -> Patch:
    crash, wash, roar = drawn_to(CRASH, profile, 0.5), drawn_to(WASH, profile, 0.3, 0.3), drawn_to(ROAR, profile, 0.8)
    return Patch(
        "surf",
        layers=(
            Layer(
                "roar", roar,
                (by("surf_height_m", lambda h: 47.0 + 22.0 * np.log10(h)), HIGHER_IS_DARKER, SHORE_DB), DIFFUSE,
                moved_like(ROARING, profile, 0.8),
            ),
            Layer(
                "crash", crash, (by("surf_height_m", lambda h: 67.5 + 20.0 * np.log10(h)), HIGHER_IS_DARKER, SHORE_DB,
                    BREAKS_DB, BREAKING_IS_BRIGHTER), DIFFUSE,
                moved_like(CRASHING, profile, 0.5),
            ),
            Layer(
                "boom", BOOM, (by("surf_height_m", lambda h: 52.0 + 30.0 * np.log10(h)), SHORE_DB,
                    level("surf_break", 0.0, 40.0)), 0.6, flutter(1.0, 1.0, 0.6, common=0.5),
            ),
            Layer(
                "wash", wash, (by("surf_height_m", lambda h: 52.5 + 12.0 * np.log10(h)), SHORE_DB,
                    level("surf_wash", 0.0, 26.0)), WIDE, WASHING,
            ),
        ),
        swells=tuple(
            swell(
                part, drawn_to(part.spectrum_db, profile, 0.5, 0.2),
                (HEARD,) if part.of else (by("surf_height_m", _seen(part.per_wave)),),
                (by("surf_height_m", _growing(part.decade_db)), SHORE_LEVEL_DB), (SHORE_COLOUR, HIGHER_IS_DARKER),
            )
            for part in PARTS
        ),
        emitters=(
            Emitter(
                "fizz", "mode", 32, (sweep("surf_wash", 4.0, 110.0), NEAR, HEARD),
                Draw(
                    43.0, 10.0, (by("surf_distance_m", _close_by), sweep("surf_wash", -6.0, 4.0),
                        by("surf_height_m", lambda h: 8.0 * np.log10(h)))),
                pitch_hz=Draw(4_400.0, 1.0), decay_s=Draw(0.0033, 0.7), attack_s=0.0005, sweep_oct=Draw(0.1, 0.1),
                bursts=FLURRIES,
            ),
            Emitter(
                "tumble", "noise", 16, (sweep("surf_break", 0.0, 27.0), NEAR, HEARD),
                Draw(60.0, 10.0, (by("surf_distance_m", _close_by), HEIGHT_DB)),
                pitch_hz=Draw(620.0, 1.1, (SMALLER_BELOW,)), decay_s=Draw(0.021, 0.9), attack_s=0.006,
                band_hz=Draw(800.0, 0.6), bursts=FLURRIES,
            ),
            Emitter(
                "splash", "noise", 16, (by("surf_break", lambda share: 1.0 + 50.0 * share), NEAR, HEARD),
                Draw(55.0, 12.0, (by("surf_distance_m", _close_by), by("surf_height_m", lambda h: 14.0 * np.log10(h)))),
                pitch_hz=Draw(2_800.0, 1.4, (SMALLER_BELOW,)), decay_s=Draw(0.0065, 0.9), attack_s=0.002,
                band_hz=Draw(3_200.0, 0.6), bursts=FLURRIES,
            ),
            Emitter(
                "spatter", "noise", 8, (sweep("surf_wash", 1.0, 60.0), NEAR, HEARD),
                Draw(48.0, 12.0, (by("surf_distance_m", _close_by), sweep("surf_wash", -6.0, 3.0),
                    by("surf_height_m", lambda h: 10.0 * np.log10(h)))),
                pitch_hz=Draw(8_500.0, 0.7), decay_s=Draw(0.0025, 0.9), attack_s=0.0006, band_hz=Draw(7_000.0, 0.5),
                bursts=FLURRIES,
            ),
            Emitter(
                "gulp", "mode", 4, (sweep("surf_wash", 0.3, 9.0), NEAR, HEARD),
                Draw(44.0, 9.0, (by("surf_distance_m", _close_by),)),
                pitch_hz=Draw(380.0, 0.8, (SMALLER_BELOW,), "bell"), decay_s=Draw(0.02, 0.5), attack_s=0.003,
                sweep_oct=Draw(0.35, 0.2), bursts=FLURRIES,
            ),
        ),
    )  # fmt: skip


FEATURE_DB: Final = sweep("size", -8.0, 14.0, "feature")
"""Of a surf at hand, 20 m away, against breakers of 1 m at 30 m."""


def _surf(profile: Profile | None) -> Patch:
    crash, roar = drawn_to(CRASH, profile, 0.5), drawn_to(ROAR, profile, 0.8)
    return Patch(
        "surf", "feature", "surf",
        layers=(
            Layer(
                "roar", roar, (sweep("size", 45.0, 67.0, "feature"),), 0.4,
                moved_like(ROARING, profile, 0.8),
            ),
            Layer(
                "set at hand", crash, (sweep("size", 54.0, 76.0, "feature"), BREAKS_DB, BREAKING_IS_BRIGHTER), 0.4,
                moved_like(CRASHING, profile, 0.5),
            ),
        ),
        swells=tuple(
            swell(
                part, drawn_to(part.spectrum_db, profile, 0.5, 0.2),
                (by("level", _lasting(1.0 if part.of else part.per_wave), "feature"),), (FEATURE_DB,)
            )
            for part in PARTS
        ),
        reference_m=20.0,
    )  # fmt: skip


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The surf's patches, its spectra and unrest drawn to the profile "surf"."""
    profile = known.get("surf")
    return _scene(profile), _surf(profile)
