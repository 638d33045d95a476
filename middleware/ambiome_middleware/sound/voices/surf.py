"""Surf: waves that break and wash up the beach, their roar dulled by distance; surf as a feature.

Levels: 60–75 dB(A) some 30 m from breakers of 1–3 m (20 dB a decade of height, i.e. pressure follows height; Bolin &
Åbom 2010), 3 dB less per doubling of distance while the shore is a line, and what the air absorbs. A plunging breaker
starts low (collective oscillation of the bubble cloud, 100–500 Hz) and turns to broadband hiss as its bubbles shrink.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Layer, Patch, Swell, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.motion import flutter, uneven
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    WIDE,
    level,
    octaves_from,
    rise_and_fall,
    spectrum,
    sweep,
    together,
)
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

ROAR: Final = spectrum(
    (25, -26), (50, -19), (100, -12), (200, -5), (400, -1), (800, -1), (1_600, -4), (3_150, -10), (6_300, -18),
    (12_500, -28)
)  # fmt: skip
CRASH: Final = spectrum(
    (31, -20), (63, -15), (125, -9), (250, -3), (500, -1), (1_000, -1), (2_000, -4), (4_000, -8), (8_000, -14),
    (16_000, -24)
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


HEIGHT_DB: Final = by("surf_height_m", lambda h: 20.0 * np.log10(h))
HIGHER_IS_DARKER: Final = by(
    "surf_height_m", lambda h: -0.5 * np.log2(np.maximum(h, 0.1))[:, None] * octaves_from(800, 63, 8_000)
)
SHORE_DB: Final = by("surf_distance_m", _along_the_shore)
SHORE_LEVEL_DB: Final = by("surf_distance_m", lambda d: _along_the_shore(d)[:, 17])
SHORE_COLOUR: Final = by("surf_distance_m", lambda d: _along_the_shore(d) - _along_the_shore(d)[:, 17:18])
WAVES_PER_S: Final = by("surf_height_m", lambda h: 0.2 * np.clip(h / 0.3, 0.0, 1.0))
HEARD: Final = by("surf_height_m", lambda h: (h / 1.5) ** 0.5)
NEAR: Final = by("surf_distance_m", lambda d: np.clip(1.0 - np.log2(np.maximum(d, 3.0) / 20.0) / 4.0, 0.0, 1.0))
SMALLER_BELOW: Final = by("surf_height_m", lambda h: -0.25 * np.log2(np.maximum(h, 0.1)))

BREAKS_DB: Final = level("surf_break", 0.0)
BREAKING_IS_BRIGHTER: Final = by(
    "surf_break", lambda share: -2.4 * (1.0 - share)[:, None] * octaves_from(500, 500, 8_000)
)

WAVE: Final = uneven(
    together(
        *(
            rise_and_fall(rise, fall, 8.0, 1.2)
            for rise, fall in ((1.0, 1.4), (1.6, 1.8), (0.6, 1.0), (2.2, 2.2), (0.4, 0.7), (1.3, 2.6))
        )
    ),
    3,
)
HISS: Final = uneven(
    together(*(rise_and_fall(rise, fall, 8.0, 0.9) for rise, fall in ((1.5, 1.8), (2.2, 1.6), (1.0, 2.4), (0.7, 1.1)))),
    3,
)
COLLAPSE: Final = together(
    *(rise_and_fall(rise, fall, 1.6) for rise, fall in ((0.06, 0.14), (0.1, 0.2), (0.16, 0.3), (0.05, 0.35)))
)
FLURRIES: Final = np.array([0.7, 0.8, 0.6, 0.4, 0.15, 0.0, 0.0, 0.0])


def _scene(profile: Profile | None) -> Patch:
    crash, wash, roar = drawn_to(CRASH, profile, 0.5), drawn_to(WASH, profile, 0.3, 0.3), drawn_to(ROAR, profile, 0.8)
    return Patch(
        "surf",
        layers=(
            Layer(
                "roar", roar,
                (by("surf_height_m", lambda h: 48.0 + 22.0 * np.log10(h)), HIGHER_IS_DARKER, SHORE_DB), DIFFUSE,
                moved_like(flutter(0.8, 1.0, 1.0, common=0.4), profile, 0.8),
            ),
            Layer(
                "crash", crash, (by("surf_height_m", lambda h: 68.0 + 20.0 * np.log10(h)), HIGHER_IS_DARKER, SHORE_DB,
                    BREAKS_DB, BREAKING_IS_BRIGHTER), DIFFUSE,
                moved_like(flutter(1.1, 1.5, 0.9, treble=1.6, common=0.3), profile, 0.5),
            ),
            Layer(
                "boom", BOOM, (by("surf_height_m", lambda h: 56.0 + 30.0 * np.log10(h)), SHORE_DB,
                    level("surf_break", 0.0, 40.0)), 0.6, flutter(1.0, 1.0, 0.6, common=0.5),
            ),
            Layer(
                "wash", wash, (by("surf_height_m", lambda h: 57.5 + 12.0 * np.log10(h)), SHORE_DB,
                    level("surf_wash", 0.0, 26.0)), WIDE, flutter(1.3, 1.6, 0.9, treble=1.4, common=0.3),
            ),
        ),
        swells=(
            Swell(
                "wave down the shore", crash, (WAVES_PER_S,), 1, WAVE, Draw(60.0, 6.0, (HEIGHT_DB, SHORE_LEVEL_DB)),
                spectrum_by=(SHORE_COLOUR, HIGHER_IS_DARKER), pan="pass", width=0.9,
            ),
            Swell(
                "collapse of the crest", crash, (sweep("surf_break", 0.0, 7.0), HEARD), 1, COLLAPSE,
                Draw(60.0, 7.0, (HEIGHT_DB, SHORE_LEVEL_DB, BREAKS_DB)), spectrum_by=(SHORE_COLOUR, HIGHER_IS_DARKER),
                width=1.0, coherence=0.3,
            ),
            Swell(
                "backwash", wash, (WAVES_PER_S,), 1, HISS, Draw(53.0, 6.0,
                    (by("surf_height_m", lambda h: 12.0 * np.log10(h)), SHORE_LEVEL_DB)),
                spectrum_by=(SHORE_COLOUR,), width=0.8, coherence=0.2,
            ),
            Swell(
                "rush of foam", wash, (sweep("surf_wash", 0.0, 4.0), HEARD), 1, COLLAPSE,
                Draw(51.0, 7.0, (by("surf_height_m", lambda h: 12.0 * np.log10(h)), SHORE_LEVEL_DB,
                    level("surf_wash", 0.0))),
                spectrum_by=(SHORE_COLOUR,), width=1.0, coherence=0.2,
            ),
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
                Draw(46.0, 12.0, (by("surf_distance_m", _close_by), sweep("surf_wash", -6.0, 3.0),
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


SIZE_DB: Final = sweep("size", -12.0, 10.0, "feature")


def _surf(profile: Profile | None) -> Patch:
    crash, wash, roar = drawn_to(CRASH, profile, 0.5), drawn_to(WASH, profile, 0.3, 0.3), drawn_to(ROAR, profile, 0.8)
    return Patch(
        "surf", "feature", "surf",
        layers=(
            Layer(
                "roar", roar, (sweep("size", 45.0, 67.0, "feature"),), 0.4,
                moved_like(flutter(0.8, 1.0, 1.0, common=0.4), profile, 0.8),
            ),
            Layer(
                "set at hand", crash, (sweep("size", 54.0, 76.0, "feature"), BREAKS_DB, BREAKING_IS_BRIGHTER), 0.4,
                moved_like(flutter(1.1, 1.5, 0.9, treble=1.6, common=0.3), profile, 0.5),
            ),
        ),
        swells=(
            Swell(
                "wave", crash, (by("level", lambda v: 0.25 * v**0.2, "feature"), sweep("size", 1.3, 0.7, "feature")), 1,
                WAVE, Draw(67.0, 5.0, (SIZE_DB,)), width=0.6,
            ),
            Swell(
                "collapse of the crest", crash, (by("level", lambda v: 2.0 * v**0.2, "feature"),), 1, COLLAPSE,
                Draw(56.0, 7.0, (SIZE_DB,)), width=0.7, coherence=0.3,
            ),
            Swell(
                "backwash", wash, (by("level", lambda v: 0.25 * v**0.2, "feature"),), 1, HISS,
                Draw(58.0, 5.0, (sweep("size", -8.0, 6.0, "feature"),)), width=0.6, coherence=0.3,
            ),
        ),
        reference_m=20.0,
    )  # fmt: skip


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The surf's patches, its spectra and unrest drawn to the profile "surf"."""
    profile = known.get("surf")
    return _scene(profile), _surf(profile)
