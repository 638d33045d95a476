"""How air and water move: flutters drawn from three depths, gusts that brighten as they grow, waves in groups.

Noise made by flow past things of given size has a spectrum S(f · d/v), whose level grows with the fifth or sixth power
of the speed v. So a faster wind is louder and the same spectrum stands higher: a band in which it falls by s dB an
octave grows by s dB more for every doubling.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, FLUTTER_HZ, FLUTTER_STEPS, Floats, Flutter, Table
from ambiome_middleware.tokens import STEP_S

STEPS: Final = 240
FASTEST: Final = 0.1
DOUBLING_DB: Final = 18.0
"""What flow noise gains as the speed doubles: its sixth power."""
_GUST_RATES: Final = np.array([0.0, 0.0, 0.05, 0.15, 0.35, 0.6, 0.6, 0.5])
GUST_RATES: Final[Floats] = _GUST_RATES / np.hypot.reduce(_GUST_RATES)
"""How a gust's depth is shared among the rates of a flutter; squares sum to 1."""
EDDY_RATES: Final[Floats] = np.sqrt(np.array([0.5, 0.35, 0.12, 0.03, 0.0, 0.0, 0.0, 0.0]))
"""The same of eddies as large as the ear is high, some 2 m, by von Kármán's spectrum (see the scene's `evolve`)."""
APART: Final = 0.15
"""What the bands have in common of eddies: each size has eddies of its own."""
_GOLDEN: Final = 0.618_033_988_749_895
"""Multiples of it, modulo 1, fall evenly and never in a pattern: chance for tables, which may hold none."""


def flutter(
    fast_db: float,
    middle_db: float,
    slow_db: float,
    *,
    treble: float = 1.0,
    common: float = 0.6,
    depth_by: tuple[Table, ...] = (),
) -> Flutter:
    """A flutter of `fast_db` in each octave about 6 … 1.6 Hz, `middle_db` about 0.8 and 0.4 Hz, `slow_db` below.

    `treble`: factor on all depths at the highest band, 1 at the lowest. `common` is the share at the slowest rate; the
    fastest have a tenth of it in common, for what is quick is small and moves few bands and one spot at a time.
    """
    by_rate = np.array([fast_db, fast_db, fast_db, middle_db, middle_db, slow_db, slow_db, slow_db])
    by_band = np.linspace(1.0, treble, len(FLUTTER_HZ))
    return Flutter(by_band[:, None] * by_rate, common * np.linspace(FASTEST, 1.0, len(FLUTTER_STEPS)), depth_by)


def stretched(spectrum_db: Floats, octaves: Floats) -> Floats:
    """A spectrum [BANDS] moved up by so many octaves each, [n] → [n, BANDS]; beyond its ends it is level."""
    place = np.log2(BAND_HZ)
    return np.interp(place[None, :] - octaves[:, None], place, spectrum_db)


def gusty(
    own: Flutter, spectrum_db: Floats, depth_db: float, *, eddies_db: float = 0.0, common: float = 0.5
) -> Flutter:
    """A flutter with gusts on it, of `depth_db` (standard deviation) where the spectrum [BANDS] of the layer is level.

    Where it falls they are deeper: a gust is brighter than a lull. They last from a second or two to twenty;
    `eddies_db` is the depth of the quick ones that reach an ear near the ground, a second and less.
    """
    at_hz = np.interp(np.log2(FLUTTER_HZ), np.log2(BAND_HZ), spectrum_db)
    more = np.clip(1.0 - np.gradient(at_hz) / DOUBLING_DB, 0.75, 1.45)
    own_power = own.depth_db**2
    gust_power = (more[:, None] * depth_db * GUST_RATES) ** 2
    eddy_power = (more[:, None] * eddies_db * EDDY_RATES) ** 2
    power = own_power + gust_power + eddy_power
    shared = np.mean(own.common * own_power + common * gust_power + APART * eddy_power, axis=0)
    return Flutter(np.sqrt(power), shared / np.maximum(power.mean(axis=0), 1e-9), own.depth_by)


def waves(period_s: float, crests: int, which: int, rise: float = 0.12, fall: float = 0.22) -> Floats:
    """Power envelope [STEPS] of a group of waves that break one after another.

    Each crest rises within `rise` and falls by 1/e within `fall` of its period; the crests' times and heights wander by
    a fifth and by half, another way for every `which`, and the group swells and fades.
    """
    t = np.arange(STEPS) * STEP_S
    chance = (np.arange(2 * crests) + 1 + 37 * which) * _GOLDEN % 1.0
    whole = np.zeros(STEPS)
    for crest in range(crests):
        at_s = period_s * (crest + 0.4 * (chance[2 * crest] - 0.5))
        height = np.sin(np.pi * (crest + 0.7) / (crests + 0.4)) * (0.35 + 0.65 * chance[2 * crest + 1])
        since = t - at_s
        rising = np.clip(1.0 + since / (rise * period_s), 0.0, 1.0) ** 2
        falling = np.exp(-np.maximum(since, 0.0) / (fall * period_s))
        whole += height**2 * rising * falling
    ending = np.clip((STEPS - 1 - np.arange(STEPS)) / 25.0, 0.0, 1.0)
    starting = np.clip(np.arange(STEPS) / 2.0, 0.0, 1.0)
    whole *= np.sin(np.pi / 2 * ending) ** 2 * starting
    return np.asarray(whole / whole.max())


def uneven(envelopes: Floats, copies: int, depth_db: float = 3.0, knot_s: float = 0.4) -> Floats:
    """Envelopes [shapes, steps] → [shapes · copies, steps], each wavering by up to `depth_db` its own way.

    So that no two waves or gusts rise and fall alike; knots stand `knot_s` apart, peaks stay 1, ends stay 0.
    """
    at_s = np.arange(envelopes.shape[1]) * STEP_S
    knots = int(at_s[-1] / knot_s) + 2
    whole = []
    for which in range(len(envelopes) * copies):
        chance = (np.arange(knots) * (which + 1) + 17 * which + 1) * _GOLDEN % 1.0
        waver_db = depth_db * np.interp(at_s / knot_s, np.arange(knots), 2.0 * chance - 1.0)
        shape = envelopes[which % len(envelopes)] * 10.0 ** (waver_db / 10.0)
        whole.append(shape / shape.max())
    return np.stack(whole)
