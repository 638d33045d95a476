"""Rivers: large water, from a smooth deep stream to rapids; a river and a waterfall as features.

Levels: a wide calm river 40–50 dB(A) on its bank, rapids 65–75, a waterfall of 10 m some 75 dB(A) at 10 m. The
deeper and larger the water, the lower its spectrum: from 500 Hz–2 kHz over gravel down to 50–200 Hz below a fall;
white water adds broadband hiss (air entrained as small bubbles).
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Layer, Patch, Swell, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.motion import flutter, uneven
from ambiome_middleware.sound.voices.shapes import (
    DIFFUSE,
    WIDE,
    becoming,
    level,
    rise_and_fall,
    spectrum,
    sweep,
    together,
)
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

SHALLOW: Final = spectrum(
    (63, -26), (125, -22), (250, -18), (500, -11), (1_000, -7), (2_000, -6.5), (4_000, -8), (8_000, -10), (16_000, -15)
)  # fmt: skip
DEEP: Final = spectrum(
    (25, -12), (50, -6), (100, -2), (200, 0), (400, -2), (800, -6), (1_600, -10.5), (3_150, -16), (6_300, -22),
    (16_000, -34)
)  # fmt: skip
WHITE: Final = spectrum(
    (40, -21), (80, -17), (160, -16), (315, -13), (630, -9.5), (1_250, -7.5), (2_500, -6.5), (5_000, -6.5),
    (10_000, -8), (16_000, -10)
)  # fmt: skip
FALL: Final = spectrum(
    (31, -11), (63, -8), (125, -7), (250, -9.5), (500, -10), (1_000, -9), (2_000, -8.5), (4_000, -9), (8_000, -11),
    (16_000, -16)
)  # fmt: skip
SLOSHING: Final = spectrum(
    (63, -14), (125, -6), (250, -1), (500, -2), (1_000, -7), (2_000, -14), (4_000, -22), (8_000, -32)
)
BURSTS: Final = np.array([0.6, 0.6, 0.4, 0.2, 0.1, 0.0, 0.0, 0.0])
"""Of what falls; a river's own bank is steadier, for there so many places bubble at once."""
FLOW: Final = 14.0
"""dB a decade of flow: with the column's square curve, 28 dB from a tenth of its way to the whole."""


def _by_depth(size: Floats, shallow: Floats) -> Floats:
    """From `shallow` (0) to deep (1), [levels] → [levels, BANDS]: blended in dB."""
    return becoming(shallow, (1.0 - size[:, None]) * shallow + size[:, None] * DEEP)


SIZE_DB: Final = sweep("river_size", -6.0, 5.0)
LEVEL_DB: Final = level("river_level", 0.0, FLOW)
RAPIDS_DB: Final = (level("river_level", 0.0, 10.0), sweep("river_rapids", -2.0, 10.0))
SURGE: Final = together(
    *(rise_and_fall(rise, fall, 1.8) for rise, fall in ((0.12, 0.2), (0.2, 0.35), (0.4, 0.4), (0.08, 0.3), (0.3, 0.2)))
)
BOIL: Final = uneven(
    together(
        *(
            rise_and_fall(rise, fall, 4.0)
            for rise, fall in ((0.4, 0.5), (0.8, 0.7), (0.6, 1.2), (0.25, 0.3), (1.2, 0.9))
        )
    ),
    3,
)
SLOSH: Final = together(*(rise_and_fall(rise, fall, 0.9) for rise, fall in ((0.05, 0.09), (0.09, 0.12), (0.14, 0.15))))


def _scene(profile: Profile | None) -> Patch:
    white, shallow = drawn_to(WHITE, profile, 0.6), drawn_to(SHALLOW, profile, 0.6)
    depth = by("river_size", lambda size: _by_depth(size, shallow))
    return Patch(
        "river",
        layers=(
            Layer(
                "flow", shallow, (level("river_level", 55.0, FLOW), SIZE_DB, depth), DIFFUSE,
                flutter(0.4, 0.1, 0.1, common=0.15),
            ),
            Layer(
                "white water", white,
                (level("river_level", 69.0, FLOW), sweep("river_size", -5.0, 4.0), level("river_rapids", 0.0, 20.0)),
                WIDE, moved_like(flutter(0.3, 0.1, 0.1, common=0.15), profile, 0.9, 0.6),
            ),
        ),
        swells=(
            Swell(
                "boil", shallow, (by("river_level", lambda v: 1.0 * v**0.25), sweep("river_rapids", 0.5, 1.0)), 1, BOIL,
                Draw(40.0, 6.0, (LEVEL_DB, SIZE_DB, sweep("river_rapids", 0.0, 9.0))),
                tilt_db=1.5, spectrum_by=(depth,), width=1.0,
            ),
            Swell(
                "white water", white, (by("river_level", lambda v: 2.0 * v**0.25), sweep("river_rapids", 0.3, 1.0)), 1,
                SURGE, Draw(51.0, 6.0, (LEVEL_DB, sweep("river_size", -5.0, 4.0), level("river_rapids", 0.0, 16.0))),
                tilt_db=1.5, width=1.0, coherence=WIDE,
            ),
            Swell(
                "slosh", SLOSHING, (by("river_level", lambda v: 3.0 * v**0.25), sweep("river_rapids", 0.25, 1.0)), 2,
                SLOSH, Draw(42.5, 7.0, (LEVEL_DB, SIZE_DB, sweep("river_rapids", 0.0, 10.0))), tilt_db=1.5,
                width=1.0, coherence=0.4,
            ),
        ),
        emitters=(
            Emitter(
                "gurgle", "mode", 8, (by("river_level", lambda v: 60.0 * v**0.5), sweep("river_rapids", 0.5, 1.0)),
                Draw(48.5, 8.0, RAPIDS_DB),
                pitch_hz=Draw(450.0, 1.0, (sweep("river_size", 0.7, -0.6),)), decay_s=Draw(0.026, 0.6), attack_s=0.003,
                sweep_oct=Draw(0.3, 0.25), bursts=0.2 * BURSTS,
            ),
            Emitter(
                "slap", "noise", 8, (by("river_level", lambda v: 180.0 * v**0.5), sweep("river_rapids", 0.1, 1.0)),
                Draw(52.5, 7.5, RAPIDS_DB),
                pitch_hz=Draw(1_200.0, 1.4, (sweep("river_size", 0.4, -0.4),)), decay_s=Draw(0.012, 1.0),
                attack_s=0.004, band_hz=Draw(800.0, 1.0), bursts=0.2 * BURSTS,
            ),
            Emitter(
                "spray", "noise", 8, (by("river_level", lambda v: 80.0 * v**0.5), sweep("river_rapids", 0.0, 1.0)),
                Draw(51.0, 12.0, RAPIDS_DB),
                pitch_hz=Draw(5_200.0, 1.0, (sweep("river_size", 0.3, -0.3),)), decay_s=Draw(0.0035, 0.9),
                attack_s=0.001, band_hz=Draw(5_000.0, 0.6), bursts=0.2 * BURSTS,
            ),
            Emitter(
                "ripple", "mode", 12, (by("river_level", lambda v: 160.0 * v**0.5), sweep("river_size", 1.0, 0.15)),
                Draw(50.0, 10.0, (level("river_level", 0.0, 10.0), sweep("river_rapids", 0.0, 6.0))),
                pitch_hz=Draw(1_400.0, 1.1), decay_s=Draw(0.008, 0.6), attack_s=0.001, sweep_oct=Draw(0.2, 0.2),
                bursts=0.2 * BURSTS,
            ),
        ),
    )  # fmt: skip


FEATURE_SIZE_DB: Final = sweep("size", -8.0, 8.0, "feature")


def _river(profile: Profile | None) -> Patch:
    white, shallow = drawn_to(WHITE, profile, 0.6), drawn_to(SHALLOW, profile, 0.6)
    depth = by("size", lambda size: _by_depth(size, shallow), "feature")
    return Patch(
        "river", "feature", "river",
        layers=(
            Layer(
                "flow", shallow, (sweep("size", 45.0, 61.0, "feature"), depth), 0.4,
                flutter(0.4, 0.1, 0.1, common=0.15),
            ),
            Layer(
                "white water", white, (sweep("size", 40.0, 56.0, "feature"),), 0.3,
                moved_like(flutter(0.3, 0.1, 0.1, common=0.15), profile, 0.9, 0.6),
            ),
        ),
        swells=(
            Swell(
                "boil", shallow, (by("level", lambda v: 1.0 * v**0.25, "feature"),), 1, BOIL,
                Draw(49.0, 5.0, (FEATURE_SIZE_DB,)), spectrum_by=(depth,), width=0.5,
            ),
            Swell(
                "slosh", SLOSHING, (by("level", lambda v: 2.0 * v**0.25, "feature"),), 1, SLOSH,
                Draw(46.0, 7.0, (FEATURE_SIZE_DB,)), width=0.5,
            ),
        ),
        emitters=(
            Emitter(
                "gurgle", "mode", 6, (by("level", lambda v: 20.0 * v**0.4, "feature"),), Draw(49.0, 9.0),
                pitch_hz=Draw(400.0, 1.0, (sweep("size", 0.7, -0.6, "feature"),)), decay_s=Draw(0.026, 0.6),
                attack_s=0.003, sweep_oct=Draw(0.3, 0.25), bursts=BURSTS, width=0.5,
            ),
            Emitter(
                "slap", "noise", 6, (by("level", lambda v: 60.0 * v**0.4, "feature"),),
                Draw(44.0, 9.0, (FEATURE_SIZE_DB,)),
                pitch_hz=Draw(1_300.0, 1.4, (sweep("size", 0.4, -0.4, "feature"),)), decay_s=Draw(0.011, 1.0),
                attack_s=0.003, band_hz=Draw(800.0, 1.0), bursts=BURSTS, width=0.5,
            ),
        ),
    )  # fmt: skip


def _waterfall(profile: Profile | None) -> Patch:
    fall, white = drawn_to(FALL, profile, 0.7), drawn_to(WHITE, profile, 0.8)
    larger = by(
        "size", lambda s: becoming(fall, (1.0 - s[:, None]) * white + s[:, None] * (fall + 0.5 * (DEEP - fall))),
        "feature",
    )  # fmt: skip
    return Patch(
        "river", "feature", "waterfall",
        layers=(
            Layer(
                "fall", fall, (sweep("size", 55.0, 85.0, "feature"), larger), 0.35,
                moved_like(flutter(0.3, 0.1, 0.1, common=0.15), profile, 0.9, 0.6),
            ),
        ),
        swells=(
            Swell(
                "plunge", DEEP, (by("level", lambda v: 1.5 * v**0.25, "feature"),), 1, BOIL,
                Draw(54.0, 5.0, (sweep("size", -15.0, 15.0, "feature"),)), width=0.4,
            ),
            Swell(
                "sheet of water", white, (by("level", lambda v: 1.5 * v**0.25, "feature"),), 1, SURGE,
                Draw(50.0, 5.0, (sweep("size", -15.0, 15.0, "feature"),)), width=0.5,
            ),
        ),
        emitters=(
            Emitter(
                "spatter", "noise", 16, (by("level", lambda v: 110.0 * v**0.4, "feature"),
                    sweep("size", 1.0, 0.6, "feature")),
                Draw(58.0, 12.0, (sweep("size", -9.0, 13.0, "feature"),)),
                pitch_hz=Draw(3_600.0, 1.2, (sweep("size", 0.3, -0.4, "feature"),)), decay_s=Draw(0.0045, 0.9),
                attack_s=0.001, band_hz=Draw(3_000.0, 0.6), bursts=BURSTS, width=0.5,
            ),
            Emitter(
                "slap of the fall", "noise", 6, (by("level", lambda v: 22.0 * v**0.4, "feature"),),
                Draw(62.0, 9.0, (sweep("size", -13.0, 15.0, "feature"),)),
                pitch_hz=Draw(650.0, 1.0, (sweep("size", 0.4, -0.6, "feature"),)), decay_s=Draw(0.025, 0.8),
                attack_s=0.006, band_hz=Draw(700.0, 0.6), bursts=BURSTS, width=0.5,
            ),
        ),
    )  # fmt: skip


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The river's patches, white water and its unrest drawn to the profile "river"."""
    profile = known.get("river")
    return _scene(profile), _river(profile), _waterfall(profile)
