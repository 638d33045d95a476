"""Crickets: field crickets that chirp, ground and tree crickets that trill, bush-crickets that zip, a meadow beyond.

A field cricket's chirp is 3–5 pulses at some 25–30 a second on a nearly pure carrier of 4–5 kHz, each pulse stronger
than the last and falling a little in pitch as the wing closes (Bennet-Clark 1989, Songs and the physics of sound
production, in: Cricket Behavior and Neurobiology); ground crickets give short trills, tree crickets keep their pulses
up for seconds (Walker 1962, Factors responsible for intraspecific variation in the calling songs of crickets, Evolution
16). Both chirp and pulse rate rise with temperature: the scene gives the first, half of its octaves move the second
where a song is one long note. Levels: 66 (Gryllotalpa gryllotalpa) to 88 dB (G. vineae) at 1 m (Bennet-Clark 1970, J.
Exp. Biol. 52); here 74–82 dB at 1 m, singers 5–60 m away, one or two near.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import (
    BAND_HZ,
    FLUTTER_HZ,
    Call,
    Caller,
    Draw,
    Floats,
    Flutter,
    Layer,
    Patch,
    Table,
    by,
)
from ambiome_middleware.sound.profile import Profiles
from ambiome_middleware.sound.voices.phrases import Phrase, call, note, shifted, trill
from ambiome_middleware.sound.voices.tempered import coloured_like, moved_like, pitched_like, ringing_like

_PITCH_HZ: Final = 4_500.0
_RATE_HZ: Final = 2.0


def _chirp(pulses: int, pulse_hz: float, crescendo_db: float = 7.0, share: float = 0.5, pitch: float = 1.0) -> Phrase:
    """One chirp: crisp pulses that fall in pitch, the first the weakest; each sounds for `share` of its period."""
    pulse = note(
        1.02 * pitch * _PITCH_HZ, share / pulse_hz, 0.965 * pitch * _PITCH_HZ, second=0.08, third=0.02, attack=0.35
    )
    return trill(shifted(pulse, db=-crescendo_db), pulses, pulse_hz, -0.01, crescendo_db)


_LONGEST: Final = 0.8
"""Share of its period that a pulse sounds at most: longer ones run into one another."""


def _chirps(longer: float) -> tuple[Phrase, ...]:
    """Field crickets' chirps, their pulses `longer` by this factor."""
    made = (
        (3, 29.0, 7.0, 0.5),
        (4, 30.0, 8.0, 0.5),
        (4, 31.0, 5.0, 0.42),
        (3, 34.0, 6.0, 0.55),
        (5, 36.0, 9.0, 0.5),
        (2, 27.0, 4.0, 0.6),
        (4, 27.0, 6.0, 0.45),
    )
    return tuple(_chirp(n, pulse_hz, db, min(longer * share, _LONGEST)) for n, pulse_hz, db, share in made)


def _field(longer: float) -> tuple[Call, ...]:
    return tuple(call(f"field {n}", chirp) for n, chirp in enumerate(_chirps(longer)))


def _blurred(pulses: int, pulse_hz: float, attack: float = 0.6, pitch: float = 1.0) -> Phrase:
    """A chirp from further off, its pulses no longer crisp: one tone, pulsed."""
    hz = pitch * _PITCH_HZ
    return note(hz, pulses / pulse_hz, 0.98 * hz, am_hz=pulse_hz, am=1.0, second=0.06, attack=attack)


FIELD_AFAR: Final = tuple(
    call(f"field afar {n}", _blurred(pulses, pulse_hz, attack))
    for n, (pulses, pulse_hz, attack) in enumerate(
        ((3, 29.0, 0.6), (4, 30.0, 0.65), (4, 31.0, 0.45), (3, 34.0, 0.5), (5, 36.0, 0.7), (2, 27.0, 0.5))
    )
)


def _ground(longer: float) -> tuple[Call, ...]:
    """Trills of a quarter to half a second, a little below the field crickets."""
    made = ((9, 34.0, 0.86), (14, 36.0, 0.87), (6, 33.0, 0.86), (11, 38.0, 0.85), (17, 35.0, 0.86), (8, 37.0, 0.87))
    return tuple(
        call(f"ground {n}", _chirp(pulses, pulse_hz, 5.0, min(0.55 * longer, _LONGEST), pitch))
        for n, (pulses, pulse_hz, pitch) in enumerate(made)
    )


GROUND_AFAR: Final = tuple(
    call(f"ground afar {n}", _blurred(pulses, pulse_hz, 0.4, 0.86))
    for n, (pulses, pulse_hz) in enumerate(((10, 34.0), (15, 36.0), (7, 33.0), (12, 38.0), (17, 35.0)))
)
SMALL: Final = tuple(
    call(f"small {n}", _blurred(pulses, pulse_hz, 0.35, pitch))
    for n, (pulses, pulse_hz, pitch) in enumerate(
        ((7, 41.0, 1.62), (10, 43.0, 1.65), (5, 38.0, 1.6), (13, 42.0, 1.63), (8, 45.0, 1.66))
    )
)
"""The smaller the higher: trills near 7.5 kHz."""


def _bouts(longer: float) -> tuple[Call, ...]:
    made = zip(_chirps(longer), (5, 4, 7, 3, 6, 8, 4), (2.2, 1.9, 2.6, 2.0, 2.4, 3.1, 1.7), strict=True)
    return tuple(call(f"bout {n}", trill(chirp, times, rate_hz)) for n, (chirp, times, rate_hz) in enumerate(made))


TREE: Final = tuple(
    call(f"tree {n}", note(0.88 * _PITCH_HZ, s, 0.87 * _PITCH_HZ, am_hz=pulse_hz, am=1.0, second=0.05, attack=0.2))
    for n, (s, pulse_hz) in enumerate(((4.3, 46.0), (3.2, 44.0), (2.1, 49.0), (3.9, 42.0), (1.4, 47.0)))
)
BUSH: Final = tuple(
    call(f"bush {n}", trill(note(1.55 * _PITCH_HZ, s, am_hz=pulse_hz, noise_hz=2_600.0, attack=0.55), times, rate_hz))
    for n, (s, pulse_hz, times, rate_hz) in enumerate(
        ((0.09, 75.0, 3, 4.0), (0.16, 62.0, 2, 2.6), (0.06, 90.0, 5, 5.5), (0.3, 70.0, 1, 1.0), (0.11, 80.0, 4, 3.4))
    )
)


def _octaves(column: str, at: float, low: float, share: float = 1.0) -> Table:
    return by(column, lambda v: share * np.log2(np.maximum(v, low) / at))


_FOLLOW_PITCH: Final = _octaves("crickets_pitch_hz", _PITCH_HZ, 2_000.0)
_FOLLOW_PULSES: Final = _octaves("crickets_rate_hz", _RATE_HZ, 0.3, 0.25)
_NEARER: Final = by("crickets_level", lambda v: 8.0 * v - 8.0)
"""The more there are, the nearer is the nearest."""


def _heard(v: Floats) -> Floats:
    """Share of the time that an individual sings, [levels] → [levels]."""
    return np.where(v > 0.0, np.minimum(0.7 + v, 0.96), 0.0)


def _meadow(pitch_hz: Floats) -> Floats:
    """The far chorus: a third of an octave about the carrier, its octave 22 dB below, [levels] → [levels, BANDS] dB."""
    octaves = np.log2(BAND_HZ[None, :] / np.maximum(pitch_hz, 2_000.0)[:, None])
    power = np.exp(-((octaves / 0.14) ** 2)) + 10**-2.2 * np.exp(-(((octaves - 1.0) / 0.25) ** 2)) + 1e-6
    return np.asarray(10.0 * np.log10(power / power.sum(axis=1, keepdims=True)))


_FLAT_DB: Final[Floats] = np.where((BAND_HZ > 1_500.0) & (BAND_HZ < 18_000.0), 0.0, -90.0)
_BANDS_DB: Final = 10.0 * float(np.log10(np.count_nonzero(_FLAT_DB == 0.0)))

_PULSING: Final = Flutter(
    np.where(FLUTTER_HZ[:, None] > 1_500.0, np.array([3.5, 1.5, 1.2, 0.6, 0.6, 0.6, 0.6, 0.6]), 0.0), 0.1
)
"""The far ones' chirps run into one another, but not to a hiss."""


_PULSE_S: Final = 0.006
"""The decay that the pulses of these chirps measure as: 17 ms are a rise of 5 and two decays."""


def _chirping(
    name: str, calls: tuple[Call, ...], pitch: Draw, individuals: int, level_db: float, enters: float,
    rate: float = 1.0, window_s: float = 4.56, low_hz: float = 0.3,
) -> Caller:  # fmt: skip
    """Crickets that repeat a chirp at `rate` times the rate column; the first is there from the level `enters` on.

    A window and the chirp that begins at its end fit into 4.8 s, and so does the period at the slowest, `low_hz`.
    """

    def there(v: Floats) -> Floats:
        share = 0.6 / individuals + np.maximum(v - enters, 0.0) / (1.0 - enters)
        return np.where(v > enters, np.minimum(share, 1.0), 0.0)

    return Caller(
        name,
        calls,
        individuals,
        window_s=window_s,
        activity=(by("crickets_level", _heard),),
        level_db=Draw(level_db, 1.5, (_NEARER,)),
        presence=(by("crickets_level", there),),
        repeat_hz=Draw(rate * _RATE_HZ, 0.07, (_octaves("crickets_rate_hz", _RATE_HZ, low_hz),)),
        pitch=pitch,
        call_pitch_oct=0.004,
        tempo_oct=0.03,
    )


_DEEPEST_DB: Final = 4.0
_APART_OCT: Final = 0.07
"""Between crickets of one kind; what a profile measures is that between all its kinds, which here are callers."""


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The crickets' patches, drawn to the profile "crickets": the meadow, the carriers' pitches, the pulses' length.

    The column's pitch stays what it says where there is no profile; a profile's moves it by a third of the way.
    """
    profile = known.get("crickets")
    carrier_hz = pitched_like(Draw(_PITCH_HZ), profile, 2_000.0, 6_500.0, 0.3).centre
    pitch = Draw(carrier_hz / _PITCH_HZ, _APART_OCT, (_FOLLOW_PITCH,))
    longer = ringing_like(Draw(_PULSE_S), profile, 2_000.0, 6_500.0).centre / _PULSE_S
    meadow, lower = coloured_like(_meadow, profile, 0.6, 2_000.0, 8_000.0), pitch.centre
    return (
        Patch(
            "crickets",
            layers=(
                Layer(
                    "meadow",
                    _FLAT_DB,
                    (
                        by("crickets_level", lambda v: 44.0 + 36.0 * np.log10(v)),
                        by("crickets_pitch_hz", lambda v: _BANDS_DB + meadow(v * lower)),
                        by(
                            "crickets_rate_hz",
                            lambda v: np.clip(1.5 * np.log2(np.maximum(v, 0.3) / _RATE_HZ), -4.0, 3.0),
                        ),
                    ),
                    coherence=0.05,
                    flutter=moved_like(_PULSING, profile, 0.6, _DEEPEST_DB),
                ),
            ),
            callers=(
                _chirping("field cricket", _field(longer), pitch, 2, 61.0, 0.0),
                _chirping("field crickets across the path", _field(longer), pitch, 3, 55.0, 0.1),
                _chirping("field crickets further off", FIELD_AFAR, pitch, 8, 47.0, 0.05),
                _chirping("ground cricket", _ground(longer), pitch, 3, 53.0, 0.08, 0.42, 4.12, 0.8),
                _chirping("ground crickets further off", GROUND_AFAR, pitch, 4, 46.0, 0.2, 0.42, 4.12, 0.8),
                _chirping("small cricket", SMALL, pitch, 3, 45.0, 0.3, 0.55, 4.24, 0.8),
                Caller(
                    "tree cricket",
                    TREE,
                    individuals=4,
                    window_s=5.2,
                    activity=(by("crickets_level", lambda v: 0.85 * v**0.6),),
                    level_db=Draw(51.0, 3.0, (_NEARER,)),
                    presence=(by("crickets_level", lambda v: np.clip(1.3 * v - 0.15, 0.0, 1.0)),),
                    pitch=replace(pitch, spread=0.08),
                    call_pitch_oct=0.004,
                    am_oct=(_FOLLOW_PULSES,),
                ),
                Caller(
                    "bush-cricket",
                    BUSH,
                    individuals=4,
                    window_s=3.2,
                    activity=(by("crickets_level", lambda v: 0.7 * v),),
                    level_db=Draw(46.0, 3.0, (_NEARER,)),
                    presence=(by("crickets_level", lambda v: np.clip(1.4 * v - 0.3, 0.0, 1.0)),),
                    pitch=Draw(pitch.centre, 0.15, (_octaves("crickets_pitch_hz", _PITCH_HZ, 2_000.0, 0.6),)),
                    am_oct=(_FOLLOW_PULSES,),
                ),
            ),
        ),
        Patch(
            "crickets",
            source="event",
            kind="cricket",
            callers=(
                Caller(
                    "cricket",
                    _bouts(longer),
                    individuals=1,
                    window_s=5.0,
                    activity=(),
                    level_db=Draw(57.0, 1.0, (by("strength", lambda v: 12.0 * v - 6.0, "event"),)),
                    pitch=replace(pitch, spread=0.06),
                    call_pitch_oct=0.01,
                ),
            ),
        ),
    )
