"""Drips: in a cave, a cellar, under eaves; on stone or into deep water. Also as a feature.

Each of 24 places has its own pitch. A drop into water is a tick, and some 20–40 ms later the bubble that it trapped
(Pumphrey & Crum 1989; Phillips, Agarwal & Jordan 2018: the "plink" is the bubble); not every drop traps one, some two,
and now and then a thread of water lets go in a run. On stone a drop is a burst of a millisecond and the stone's own
short ring. Peaks of 40–55 dB(A), the near ones; most are farther off.

Where the room rings on (`rt60_s`), the first walls give single echoes back after 60–350 ms, later and duller each: the
cave's own sound, before the tail that the renderer adds.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Emitter, Floats, Layer, Patch, Syllable, Table, by
from ambiome_middleware.sound.voices.motion import flutter
from ambiome_middleware.sound.voices.shapes import spectrum, sweep

PLACES: Final = 24
WINDOW_S: Final = 1.0


def _drop(
    at_s: float, bubble_hz: float, wait_s: float, ring_s: float, rise: float, level_db: float = 0.0
) -> tuple[Syllable, Syllable]:
    """A tick and the bubble behind it."""
    tick = Syllable(at_s, 0.006, 4_200.0, level_db=level_db - 7.0, attack=0.08, noise_hz=4_500.0)
    return tick, Syllable(at_s + wait_s, ring_s, bubble_hz, bubble_hz * rise, level_db=level_db, attack=0.03)


def _plink(bubble_hz: float, wait_s: float, ring_s: float, rise: float, second_db: float = -99.0) -> Call:
    """One drop; `second_db` adds the smaller bubble that sometimes follows."""
    drop = _drop(0.0, bubble_hz, wait_s, ring_s, rise)
    if second_db < -60.0:
        return Call("plink", drop)
    late = Syllable(
        wait_s + 0.07, 0.6 * ring_s, bubble_hz * 1.9, bubble_hz * 2.1, level_db=second_db - 9.0, attack=0.04
    )
    return Call("plink", (*drop, late))


def _run(*drops: tuple[float, float, float]) -> Call:
    """A run of small drops: (time s, bubble Hz, dB)."""
    return Call("run", tuple(s for at_s, hz, db in drops for s in _drop(at_s, hz, 0.014, 0.016, 1.08, db)))


def _echoing(call: Call, *walls: tuple[float, float]) -> Call:
    """A call with what comes back from `walls`: (s behind, dB under); what is farther has lost its tick."""
    heard = list(call.syllables)
    for late_s, under_db in walls:
        heard += [
            Syllable(
                s.at_s + late_s, 1.3 * s.length_s, s.pitch_hz, s.end_hz, level_db=s.level_db - under_db, attack=0.2
            )
            for s in call.syllables
            if not s.noise_hz
        ]
    return Call(call.name, tuple(heard))


PLINKS: Final = (
    _plink(900.0, 0.022, 0.036, 1.06),
    _plink(900.0, 0.028, 0.030, 1.12, -2.0),
    _plink(1_050.0, 0.018, 0.026, 1.03),
    _plink(780.0, 0.034, 0.045, 1.08),
    _plink(900.0, 0.025, 0.050, 1.04, -5.0),
    _plink(1_250.0, 0.016, 0.022, 1.15),
    _plink(660.0, 0.030, 0.060, 1.10),
    _plink(1_600.0, 0.013, 0.018, 1.05),
    Call("tick alone", (Syllable(0.0, 0.008, 3_600.0, level_db=-3.0, attack=0.08, noise_hz=4_000.0),)),
    Call("tick alone", (Syllable(0.0, 0.005, 5_200.0, level_db=-6.0, attack=0.08, noise_hz=6_000.0),)),
    _run((0.0, 1_100.0, -2.0), (0.19, 1_450.0, -6.0), (0.33, 1_250.0, -9.0), (0.61, 1_700.0, -12.0)),
    _run(
        (0.0, 1_500.0, -8.0),
        (0.07, 1_200.0, -5.0),
        (0.16, 1_900.0, -9.0),
        (0.22, 1_350.0, -7.0),
        (0.36, 1_600.0, -13.0),
    ),
)
ECHOED: Final = tuple(
    _echoing(call, *walls)
    for call, walls in zip(
        (*PLINKS, *PLINKS[:4]),
        4 * (
            ((0.075, 13.0), (0.21, 18.0), (0.34, 24.0)),
            ((0.11, 15.0), (0.155, 17.0), (0.29, 22.0)),
            ((0.062, 12.0), (0.18, 19.0)),
            ((0.135, 14.0), (0.24, 20.0), (0.31, 23.0)),
        ),
        strict=True,
    )
)  # fmt: skip


def _chance(rate: Floats) -> Floats:
    """Probability that a place drips in a window, for a total rate (1/s)."""
    return np.asarray(np.minimum(rate * WINDOW_S / PLACES, 1.0))


def _ringing(rt60_s: Floats) -> Floats:
    """From a room that is dry to one whose walls answer, 0 … 1."""
    return np.asarray(np.clip((rt60_s - 0.7) / 1.3, 0.0, 1.0))


SEEP: Final = spectrum(
    (125, -30), (250, -22), (500, -14), (1_000, -9), (2_000, -8), (4_000, -10), (8_000, -15), (16_000, -24)
)
TICK_DB: Final = sweep("drips_size", -6.0, 6.0)


def _plinking(name: str, calls: tuple[Call, ...], share: Table) -> Caller:
    return Caller(
        name, calls, PLACES, WINDOW_S, (by("drips_per_s", _chance), sweep("drips_depth", 0.0, 1.0), share),
        Draw(46.0, 9.0, (TICK_DB,)),
        pitch=Draw(1.0, 0.9, (sweep("drips_size", 0.9, -0.8),)), call_pitch_oct=0.16, tempo_oct=0.2,
    )  # fmt: skip


SCENE: Final = Patch(
    "drips",
    layers=(
        Layer(
            "seeping", SEEP, (by("drips_per_s", lambda r: 14.0 + 13.0 * np.log10(r)), sweep("drips_size", -3.0, 3.0)),
            0.1, flutter(0.8, 0.7, 0.7, common=0.4)),),
    emitters=(
        Emitter(
            "tick on stone", "noise", 4, (by("drips_per_s", lambda r: r), sweep("drips_depth", 1.0, 0.0)),
            Draw(46.0, 9.0, (TICK_DB,)),
            pitch_hz=Draw(4_600.0, 0.8, (sweep("drips_size", 0.5, -0.6),)), decay_s=Draw(0.0014, 0.8), attack_s=0.0001,
            band_hz=Draw(5_000.0, 0.6),
        ),
        Emitter(
            "ring of the stone", "mode", 4, (by("drips_per_s", lambda r: 0.6 * r), sweep("drips_depth", 1.0, 0.0)),
            Draw(43.0, 9.0, (TICK_DB,)),
            pitch_hz=Draw(1_900.0, 0.9, (sweep("drips_size", 0.6, -0.7),)), decay_s=Draw(0.005, 0.8), attack_s=0.0003,
        ),
    ),
    callers=(
        _plinking("plink", PLINKS, by("rt60_s", lambda t: 1.0 - _ringing(t))),
        _plinking("plink between walls", ECHOED, by("rt60_s", _ringing)),
    ),
    inside=True,
)  # fmt: skip

FEATURE_RATE: Final = by("size", lambda s: 0.4 * 12.0**s, "feature")
PRESENT: Final = by("level", lambda v: np.clip(v, 0.0, 1.0) ** 0.5, "feature")
FEATURE: Final = Patch(
    "drips", "feature", "drips",
    emitters=(
        Emitter(
            "tick", "noise", 2, (FEATURE_RATE, PRESENT, by("size", lambda s: np.full_like(s, 0.5), "feature")),
            Draw(45.0, 8.0),
            pitch_hz=Draw(4_400.0, 0.7), decay_s=Draw(0.0016, 0.6), attack_s=0.0002, band_hz=Draw(4_000.0, 0.4),
            width=0.2,
        ),
        Emitter(
            "plink", "mode", 2, (FEATURE_RATE, PRESENT), Draw(48.0, 8.0),
            pitch_hz=Draw(1_100.0, 0.8, (sweep("size", 0.7, -0.6, "feature"),)), decay_s=Draw(0.016, 0.5),
            attack_s=0.0006,
            sweep_oct=Draw(0.2, 0.15), width=0.2,
        ),
    ),
    reference_m=3.0,
    inside=True,
)  # fmt: skip

PATCHES: Final[tuple[Patch, ...]] = (SCENE, FEATURE)
