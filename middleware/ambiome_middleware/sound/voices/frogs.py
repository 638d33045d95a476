"""Frogs and toads: peepers, chorus frogs, tree frogs, water frogs and bullfrogs; the pitch column says which of them.

Structure: Gerhardt & Huber, Acoustic Communication in Insects and Anurans (2002), chs. 1–3; Schneider, Acoustic
behavior of the European frogs (1988). Spring peeper: a rising whistle near 2.9 kHz about once a second. Chorus frog:
a second of pulses, 15–30 a second, rising at 2.5 kHz. Tree frog: pulsed quacks, 3–6 a second, formants near 1 and 2
kHz. Water frog: a laugh of pulse groups at 1–3 kHz. Bullfrog: low notes, formants near 0.2 and 1.4 kHz. Levels: most
of 21 species peak over 100 dB at 0.5 m (Gerhardt 1975, J. Comp. Physiol. 102), that is some 68–76 dB at the 10 m of
these tables.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, Call, Caller, Draw, Floats, Layer, Patch, Table, by
from ambiome_middleware.sound.voices.phrases import Phrase, call, note, rest, together, trill


def _croak(
    hz: float, s: float, pulse_hz: float, second_hz: float, second_db: float, db: float = 0.0, attack: float = 0.4
) -> Phrase:
    """A pulsed croak with two formants."""
    low = note(hz, s, 1.04 * hz, db, am_hz=pulse_hz, am=1.0, second=0.25, third=0.1, attack=attack)
    high = note(second_hz, s, 1.02 * second_hz, db + second_db, am_hz=pulse_hz, am=1.0, second=0.1, attack=attack)
    return together(low, high)


PEEPER: Final = tuple(
    call(f"peeper {n}", phrase)
    for n, phrase in enumerate(
        (
            note(2_750, 0.17, 3_050, attack=0.25),
            note(2_800, 0.21, 3_000, attack=0.3),
            note(2_700, 0.13, 3_100, attack=0.2),
            note(2_850, 0.19, 2_980, attack=0.25),
            note(2_600, 0.3, 3_100, am_hz=32.0, am=0.7, attack=0.6),
            note(2_780, 0.15, 3_020, attack=0.35),
            note(2_730, 0.18, 3_080, attack=0.28),
        )
    )
)
CHORUS_FROG: Final = tuple(
    call(
        f"chorus frog {n}",
        trill(note(low_hz, 0.022, 1.03 * low_hz, -5, second=0.12, attack=0.2), pulses, rate_hz, rise, 7, 0.2),
    )
    for n, (low_hz, pulses, rate_hz, rise) in enumerate(
        (
            (2_250, 16, 16.0, 0.2),
            (2_350, 20, 19.0, 0.16),
            (2_200, 13, 15.0, 0.25),
            (2_400, 24, 24.0, 0.14),
            (2_300, 18, 21.0, 0.22),
        )
    )
)
TREE_FROG: Final = tuple(
    call(f"tree frog {n}", trill(_croak(hz, s, pulse_hz, 2.05 * hz, -3.0), times, rate_hz, 0.03, 3))
    for n, (hz, s, pulse_hz, times, rate_hz) in enumerate(
        (
            (1_000, 0.14, 105, 7, 4.2),
            (1_050, 0.11, 120, 10, 5.2),
            (940, 0.17, 92, 5, 3.3),
            (1_020, 0.13, 110, 14, 4.6),
            (980, 0.2, 85, 3, 2.6),
            (1_080, 0.12, 98, 18, 4.9),
            (1_010, 0.15, 100, 9, 3.8),
        )
    )
)
WATER_FROG: Final = tuple(
    call(f"water frog {n}", phrase)
    for n, phrase in enumerate(
        (
            trill(_croak(1_350, 0.085, 62, 2_300, -2), 7, 8.5, 0.05, 3, 0.2),
            trill(_croak(1_250, 0.07, 70, 2_150, -1), 5, 9.5, 0.04, 2) + _croak(1_150, 0.26, 48, 2_000, -2, 2, 0.6),
            _croak(1_450, 0.16, 55, 2_450, -2) + rest(0.12) + trill(_croak(1_300, 0.08, 66, 2_250, -2), 4, 8),
            trill(_croak(1_400, 0.06, 75, 2_400, -1, attack=0.3), 12, 11, 0.08, 4, 0.3),
            _croak(1_200, 0.42, 42, 2_100, -3, attack=0.7),
            _croak(1_250, 0.3, 46, 2_150, -2, attack=0.6) + rest(0.1) + _croak(1_220, 0.36, 44, 2_100, -2, attack=0.6),
            trill(_croak(1_320, 0.1, 58, 2_280, -2), 3, 6)
            + rest(0.2)
            + trill(_croak(1_280, 0.08, 64, 2_200, -2), 5, 9),
        )
    )
)


def _jug(s: float, hz: float, db: float = 0.0) -> Phrase:
    """One note of a bullfrog: a hum pulsed at half its pitch, and its second formant."""
    hum = note(hz, s, 0.96 * hz, db, am_hz=0.5 * hz, am=0.35, second=0.55, third=0.3, attack=0.35)
    top = note(6.0 * hz, 0.85 * s, 5.8 * hz, db - 13, am_hz=hz, am=0.9, second=0.2, attack=0.35)
    return together(hum, top)


BULLFROG: Final = tuple(
    call(f"bullfrog {n}", phrase)
    for n, phrase in enumerate(
        (
            _jug(0.55, 205) + rest(0.22) + _jug(0.6, 215, 1) + rest(0.22) + _jug(0.7, 200, 1),
            _jug(0.42, 220) + rest(0.16) + _jug(0.78, 212, 2),
            _jug(0.75, 195),
            _jug(0.5, 210, -2)
            + rest(0.3)
            + _jug(0.55, 208)
            + rest(0.28)
            + _jug(0.6, 205, 1)
            + rest(0.3)
            + _jug(0.62, 200, 1),
            _jug(0.3, 230) + rest(0.1) + _jug(0.3, 222) + rest(0.1) + _jug(0.85, 205, 2),
        )
    )
)


@dataclass(frozen=True, slots=True)
class _Species:
    name: str
    calls: tuple[Call, ...]
    home_hz: float
    individuals: int
    window_s: float
    level_db: float
    repeat_hz: float = 0.0


_SPECIES: Final = (
    _Species("tree frog", TREE_FROG, 1_050.0, 5, 6.0, 71.0),
    _Species("peeper", PEEPER, 2_900.0, 6, 4.8, 70.0, 1.1),
    _Species("water frog", WATER_FROG, 1_350.0, 5, 3.6, 69.0),
    _Species("chorus frog", CHORUS_FROG, 2_450.0, 5, 3.2, 69.0),
    _Species("bullfrog", BULLFROG, 230.0, 4, 7.0, 72.0),
)
_LOW_HZ: Final = 150.0


def _at_home(home_hz: float) -> Table:
    """How much of the chorus is of this species where the median pitch is so far (octaves) from its own."""
    return by("frogs_pitch_hz", lambda v: np.exp(-((np.log2(np.maximum(v, _LOW_HZ) / home_hz) / 1.9) ** 2)))


def _follow(home_hz: float) -> Table:
    """A species goes along with the median pitch, as a small or a large one of its kind: at most half an octave."""
    return by("frogs_pitch_hz", lambda v: np.clip(0.65 * np.log2(np.maximum(v, _LOW_HZ) / home_hz), -0.5, 0.5))


def _caller(species: _Species) -> Caller:
    return Caller(
        species.name,
        species.calls,
        species.individuals,
        species.window_s,
        activity=(by("frogs_activity", lambda v: np.minimum(0.12 + 0.86 * v, 0.95) * (v > 0.0)),),
        level_db=Draw(species.level_db, 2.0),
        presence=(by("frogs_activity", lambda v: (0.2 + 0.8 * v) * (v > 0.0)), _at_home(species.home_hz)),
        repeat_hz=Draw(species.repeat_hz, 0.12) if species.repeat_hz else None,
        pitch=Draw(1.0, 0.08, (_follow(species.home_hz),)),
        call_pitch_oct=0.015,
        tempo_oct=0.08,
        distance="frogs_distance_m",
        drop_syllable=0.01,
    )


def _pond(pitch_hz: Floats) -> Floats:
    """The far chorus about the median pitch, [levels, BANDS] dB."""
    octaves = np.log2(BAND_HZ[None, :] / np.maximum(pitch_hz, 300.0)[:, None])
    power = np.exp(-((octaves / 0.5) ** 2)) + 0.35 * np.exp(-(((octaves - 1.1) / 0.4) ** 2)) + 1e-6
    return np.asarray(10.0 * np.log10(power / power.sum(axis=1, keepdims=True)))


_FLAT_DB: Final[Floats] = np.where(BAND_HZ > 200.0, 0.0, -90.0)
_BANDS_DB: Final = 10.0 * float(np.log10(np.count_nonzero(_FLAT_DB == 0.0)))

PATCHES: Final[tuple[Patch, ...]] = (
    Patch(
        "frogs",
        layers=(
            Layer(
                "far pond",
                _FLAT_DB,
                (
                    by("frogs_activity", lambda v: 46.0 + 45.0 * np.log10(v)),
                    by("frogs_pitch_hz", lambda v: _BANDS_DB + _pond(v)),
                    by("frogs_distance_m", lambda v: np.clip(-12.0 * np.log10(np.maximum(v, 2.0) / 20.0), -18.0, 6.0)),
                ),
                coherence=0.1,
            ),
        ),
        callers=tuple(_caller(species) for species in _SPECIES),
    ),
    Patch(
        "frogs",
        source="event",
        kind="frog",
        callers=(
            Caller(
                "frog",
                (*TREE_FROG, *WATER_FROG, *CHORUS_FROG, *BULLFROG, *PEEPER),
                individuals=1,
                window_s=6.0,
                activity=(),
                level_db=Draw(70.0, 2.0, (by("strength", lambda v: 14.0 * v - 7.0, "event"),)),
                pitch=Draw(1.0, 0.1),
                call_pitch_oct=0.03,
            ),
        ),
    ),
)
