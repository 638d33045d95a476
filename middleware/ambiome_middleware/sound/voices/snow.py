"""Snow: the fall itself, from powder that is felt more than heard to wet sleet that ticks, and the drift in a blizzard.

Dry flakes fall at 1 m/s and weigh a milligram: a thousandth of a raindrop's energy, hence nearly 30 dB under rain of
the same rate; no level in air is published that we know. Sleet and half-melted flakes fall at 3–5 m/s as drops and
pellets do, and come within 10 dB of the rain.

Drift: dry snow begins to move at some 7.7 m/s of wind at 10 m, wet snow at 9.9 (Li & Pomeroy 1997), and what is carried
grows with about the fourth power of the wind (Pomeroy, Gray & Landine 1993). Grains of 0.1–0.2 mm hiss over the crust
from 2 kHz up, most of it in streamers that pass with the gusts: between them the snow on the ground takes what is high
from the wind. Ridges and edges of snow, some 5 mm thick, and the hollows behind them howl (see `howling`). The wind
itself is the voice `wind`.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, Draw, Emitter, Floats, Flutter, Layer, Patch, Swell, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.howling import beyond, howls
from ambiome_middleware.sound.voices.nearness import over_a_plane
from ambiome_middleware.sound.voices.shapes import (
    WIDE,
    level,
    octaves_from,
    rise_and_fall,
    share,
    spectrum,
    sweep,
    together,
)
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

LIFT_M_S: Final = 7.7
EDGE_M: Final = 0.005
HOLLOW_M: Final = 0.012


def _carried_db(wind_m_s: Floats) -> Floats:
    """What the wind carries, dB: the fourth power of its speed, cut off around the threshold; 0 at 15 m/s."""
    begun = 1.0 / (1.0 + np.exp(-(wind_m_s - LIFT_M_S) / 0.6))
    return 40.0 * np.log10(wind_m_s / 15.0) + 10.0 * np.log10(begun)


def _carried(wind_m_s: Floats) -> Floats:
    """The root of what is carried: of the single grains, nearer ones hide the farther."""
    return np.asarray(np.where(wind_m_s > 4.0, np.minimum(10.0 ** (_carried_db(wind_m_s) / 20.0), 5.0), 0.0))


CARRIED_DB: Final = by("wind_m_s", _carried_db)
CARRIED: Final = by("wind_m_s", _carried)

POWDER: Final = spectrum(
    (125, -34), (250, -29), (500, -23), (1_000, -17), (2_000, -12), (4_000, -8.5), (7_000, -7.5), (11_000, -9),
    (16_000, -13),
)  # fmt: skip
SLUSH: Final = spectrum(
    (125, -26), (250, -21), (500, -16), (1_000, -12), (2_000, -9.5), (4_000, -8), (8_000, -9.5), (12_500, -14),
    (16_000, -18),
)  # fmt: skip
GRAINS: Final = spectrum(
    (250, -38), (500, -30), (1_000, -22), (2_000, -14), (3_150, -10), (5_000, -7.5), (8_000, -7), (11_000, -9),
    (16_000, -13),
)  # fmt: skip
SHEET: Final = spectrum((125, -16), (250, -12), (500, -9), (1_000, -8), (2_000, -10), (4_000, -15), (10_000, -27))
SLIP: Final = spectrum((40, -8), (80, -5), (160, -6), (315, -9), (630, -12), (1_250, -15), (2_500, -18), (8_000, -28))

BREATHING: Final = Flutter(
    np.full((10, 8), (0.3, 0.3, 0.4, 0.6, 0.9, 1.1, 1.2, 1.2)) * np.linspace(0.8, 1.1, 10)[:, None], 0.8
)
GUSTING: Final = Flutter(
    np.full((10, 8), (0.9, 1.1, 1.5, 2.0, 2.2, 2.0, 1.5, 1.0)) * np.linspace(0.5, 1.2, 10)[:, None], 0.8
)
STREAMING: Final = np.array((0.2, 0.25, 0.3, 0.4, 0.4, 0.35, 0.25, 0.15))

SNOW_DB: Final = by("snow_mm_h", lambda r: 18.0 + 10.0 * np.log10(r))
FLAKES_PER_S: Final = by("snow_mm_h", lambda r: 5.0 * r**0.55)
TICKS_PER_S: Final = by("snow_mm_h", lambda r: 16.0 * r**0.55)
NEAR_DB: Final = by("snow_mm_h", lambda r: 4.0 * np.log10(r))
DRY: Final = sweep("snow_wet", 1.0, 0.0)
DRY_DB: Final = by("snow_wet", lambda w: 10.0 * np.log10(1.0 - w))
WET: Final = by("snow_wet", lambda w: w**1.3)
WET_DB: Final = by("snow_wet", lambda w: 13.0 * np.log10(w))

FALLING: Final = (
    Layer("powder", POWDER, (SNOW_DB, DRY_DB), WIDE, BREATHING),
    Layer("sleet", SLUSH, (by("snow_mm_h", lambda r: 36.0 + 13.0 * np.log10(r)), WET_DB), WIDE, BREATHING),
    Layer(
        "driven flakes", GRAINS,
        (by("snow_mm_h", lambda r: 34.0 + 8.0 * np.log10(r)), by("wind_m_s", lambda v: 40.0 * np.log10(v / 15.0)),
            sweep("snow_wet", 0.0, 6.0)),
        WIDE, GUSTING,
    ),
)  # fmt: skip
ON_THE_GROUND: Final = (
    *over_a_plane(Emitter(
        "flake", "noise", 8, (FLAKES_PER_S, DRY), Draw(26.0, 5.0, (NEAR_DB,)),
        pitch_hz=Draw(5_500.0, 0.8), decay_s=Draw(0.003, 0.8), attack_s=0.0008, band_hz=Draw(5_000.0, 0.5),
        bursts=STREAMING / 2,
    ), 2),
    *over_a_plane(Emitter(
        "sleet tick", "noise", 24, (TICKS_PER_S, WET), Draw(51.0, 5.0, (NEAR_DB,)),
        pitch_hz=Draw(6_000.0, 0.7), decay_s=Draw(0.0009, 0.7), attack_s=0.0001, band_hz=Draw(9_000.0, 0.4),
        bursts=STREAMING / 2,
    )),
    *over_a_plane(Emitter(
        "wet flake", "noise", 16, (TICKS_PER_S, by("snow_wet", lambda w: 2.4 * w * (1.0 - w))),
        Draw(42.0, 5.0, (NEAR_DB,)),
        pitch_hz=Draw(1_900.0, 0.8), decay_s=Draw(0.0035, 0.6), attack_s=0.0006, band_hz=Draw(2_400.0, 0.5),
        bursts=STREAMING / 2,
    ), 2),
)  # fmt: skip
SLIDE: Final = Swell(
    "load slips from a bough", SLIP,
    (by("snow_mm_h", lambda r: 0.05 * np.minimum(r, 6.0) ** 0.5), by("wind_trees", lambda t: t),
        by("snow_wet", lambda w: 0.1 + 3.6 * w * (1.0 - w))),
    1, together(rise_and_fall(0.12, 0.25, 1.2), rise_and_fall(0.3, 0.4, 2.0)), Draw(37.0, 9.0), width=1.0,
)  # fmt: skip

WETTER_DB: Final = sweep("snow_wet", 0.0, -12.0)
DARKER_IN_A_GALE: Final = by(
    "wind_m_s", lambda v: np.clip((v - 15.0) / 20.0, -0.5, 1.0)[:, None] * -1.5 * octaves_from(5_000.0, 500.0)
)
PASSING: Final = together(
    rise_and_fall(0.6, 0.9, 4.0, 1.5), rise_and_fall(1.2, 1.0, 5.0, 1.5), rise_and_fall(1.8, 1.6, 7.0, 1.5)
)
STREAMER: Final = Swell(
    "streamer", GRAINS,
    (by("wind_m_s", lambda v: 0.5 * np.clip((v - 6.0) / 6.0, 0.0, 1.0)), by("snow_drift", lambda d: d**0.5)),
    2, PASSING, Draw(51.5, 6.0, (CARRIED_DB, share("snow_drift"), WETTER_DB)), pan="pass", width=0.9, coherence=0.15,
)  # fmt: skip
STINGING: Final = over_a_plane(Emitter(
    "grain of ice", "noise", 32, (by("snow_drift", lambda d: 60.0 * d**0.7), CARRIED), Draw(44.0, 5.0),
    pitch_hz=Draw(8_500.0, 0.5), decay_s=Draw(0.0004, 0.6), attack_s=0.0001, band_hz=Draw(9_000.0, 0.4),
    bursts=STREAMING,
))  # fmt: skip

HOWLING: Final = (
    howls("howl of an edge", EDGE_M, 4, 44.5, (beyond(9.0, 14.0), sweep("snow_drift", 0.0, 1.0, power=0.5)), (),
        (share("snow_drift"),), spread_oct=0.8, width=0.28),
    howls("moan in a hollow", HOLLOW_M, 3, 44.0, (beyond(9.0, 14.0), sweep("snow_drift", 0.0, 1.0, power=0.5)), (),
        (share("snow_drift"),), spread_oct=0.5, width=0.4),
)  # fmt: skip

LOWEST_HZ: Final = 250.0
"""What recordings hold below it is the wind itself, which has its own voice."""


def _drifting(profile: Profile | None) -> tuple[Layer, ...]:
    """What blows over the crust; recordings of it are dull, so the grains' hiss is drawn to them only a little."""
    grains, sheet = (
        np.where(BAND_HZ > LOWEST_HZ, drawn_to(own, profile, 0.6, share), own)
        for own, share in ((GRAINS, 0.2), (SHEET, 0.4))
    )
    gusting = moved_like(GUSTING, profile, 0.6)
    return (
        Layer(
            "drift", grains, (CARRIED_DB, level("snow_drift", 49.5, 10.0), WETTER_DB, DARKER_IN_A_GALE), WIDE, gusting
        ),
        Layer("rush over the crust", sheet, (CARRIED_DB, level("snow_drift", 45.0, 10.0), WETTER_DB), 0.3, gusting),
    )


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The snow's patch, its drift drawn to the profile "snow"."""
    return (
        Patch(
            "snow",
            layers=(*FALLING, *_drifting(known.get("snow"))),
            swells=(SLIDE, STREAMER),
            emitters=(*ON_THE_GROUND, *STINGING),
            callers=HOWLING,
        ),
    )
