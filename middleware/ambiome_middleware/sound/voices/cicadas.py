"""Cicadas: seconds of pulsed buzzing that swell and die, each singer in its own time, over a haze of far ones.

Three kinds: pulsed ones at the rate of the column, ones whose pulses run together into a rattle four times as fast and
an octave's third above, and ones that whine, with less noise about the tone.

The tymbals fire some ten to a few hundred times a second; each burst rings at 3–10 kHz with a bandwidth of one or two
kHz (Young & Bennet-Clark 1995, The role of the tymbal in cicada sound production, J. Exp. Biol. 198; Fonseca 2014,
Cicada acoustic communication, in: Insect Hearing and Acoustic Communication). Phrase shapes: continuous, swelling,
broken into short zips, and pulses slowing to an end. Levels: 76–107 dB at 0.5 m (Sanborn & Phillips 1995, Scaling of
sound pressure level and body size in cicadas, Ann. Entomol. Soc. Am. 88), so some 50–80 dB at 10 m; singers stand
15–60 m away here.
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
from ambiome_middleware.sound.voices.phrases import Phrase, call, note, rest, together, trill

_PITCH_HZ: Final = 6_000.0
_RATE_HZ: Final = 20.0


def _buzz(
    s: float, db: float = 0.0, attack: float = 0.4, am: float = 0.85, droop: float = 1.0, rate: float = 1.0
) -> Phrase:
    """A pulsed band of noise with a tone in it, together: the ring of the tymbal, never quite regular."""
    band = note(_PITCH_HZ, s, droop * _PITCH_HZ, db, am_hz=rate * _RATE_HZ, am=am, attack=attack, noise_hz=1_900.0)
    ring = note(1.04 * _PITCH_HZ, s, 1.04 * droop * _PITCH_HZ, db - 7.0, am_hz=rate * _RATE_HZ, am=am, attack=attack)
    return Phrase(band.syllables + ring.syllables, s)


def _zip(s: float, db: float = 0.0, rate: float = 1.0) -> Phrase:
    """One short burst with a sharp start."""
    return note(_PITCH_HZ, s, 0.97 * _PITCH_HZ, db, am_hz=rate * _RATE_HZ, am=0.6, attack=0.12, noise_hz=2_300.0)


_TIMES: Final = ((1.0, 1.0), (0.62, 1.05), (0.8, 0.96), (0.45, 1.03))
"""Lengths and pulse rates at which a singer sings each of its songs, against the first time."""


def _sung(*songs: Call) -> tuple[Call, ...]:
    """Each song several times, longer or shorter and pulsing faster or slower."""
    return tuple(
        Call(f"{song.name}, {length:g}", tuple(
            replace(s, at_s=length * s.at_s, length_s=length * s.length_s, am_hz=rate * s.am_hz) for s in song.syllables
        ))
        for length, rate in _TIMES for song in songs
    )  # fmt: skip


CALLS: Final[tuple[Call, ...]] = _sung(
    call("steady", _buzz(4.4, attack=0.3)),
    call("swelling", _buzz(4.5, attack=0.8)),
    call("dying", _buzz(0.8, -3, 0.6) + _buzz(4.1, 0, 0.1, 0.9, 0.95)),
    call("zips", trill(_buzz(0.3, attack=0.5, am=0.7) + rest(0.05), 11, 2.6, 0.02, 4, 0.4)),
    call("zips and a drawl", trill(_buzz(0.22, attack=0.5), 7, 3.2, 0.03, 3) + _buzz(2.6, 2, 0.15, 0.9, 0.93)),
    call("waves", trill(_buzz(1.5, attack=0.5), 4, 0.86, db=2)),
    call("winding down", _buzz(2.2, 0, 0.5) + trill(_buzz(0.4, 0, 0.2, rate=0.7), 5, 2.2, -0.04, -8, -0.5)),
)


_DRY_HZ: Final = 1.22 * _PITCH_HZ


def _rattle(s: float, db: float = 0.0, attack: float = 0.3, droop: float = 1.0) -> Phrase:
    """Pulses too fast to count, dry and wide, with a slower beat in them."""
    fast = note(_DRY_HZ, s, droop * _DRY_HZ, db, am_hz=4.1 * _RATE_HZ, am=0.9, attack=attack, noise_hz=3_200.0)
    beat = note(0.9 * _DRY_HZ, s, 0.0, db - 5, am_hz=0.31 * _RATE_HZ, am=0.7, attack=attack, noise_hz=1_500.0)
    return together(fast, beat)


RATTLES: Final[tuple[Call, ...]] = _sung(
    call("rattle", _rattle(3.6, attack=0.25)),
    call("rattle, broken off", _rattle(2.2, attack=0.85)),
    call("ticks into a rattle", trill(_zip(0.035), 9, 4.2, 0.02, 5, 0.8) + _rattle(2.6, 1, 0.15, 0.96)),
    call("two rattles", _rattle(1.5, attack=0.6) + rest(0.25) + _rattle(2.4, 1, 0.2, 0.95)),
    call("sharp zips", trill(_zip(0.12) + rest(0.02), 15, 3.4, 0.01, 3)),
)


def _whine(s: float, droop: float, rate: float, attack: float) -> Phrase:
    """More tone than noise, sinking as the singer tires."""
    am_hz, to_hz = rate * _RATE_HZ, droop * _PITCH_HZ
    tone = note(0.8 * _PITCH_HZ, s, to_hz, am_hz=am_hz, am=0.7, second=0.12, attack=attack)
    return together(tone, note(0.84 * _PITCH_HZ, s, to_hz, -4, am_hz=am_hz, am=0.8, attack=attack, noise_hz=900.0))


WHINES: Final[tuple[Call, ...]] = _sung(
    call("whine", _whine(4.5, 0.8, 1.0, 0.5)),
    call("fast whine", _whine(3.4, 0.74, 1.6, 0.3)),
    call("slow whine", _whine(2.6, 0.78, 0.6, 0.6)),
    call("sinking whine", _whine(4.1, 0.7, 1.3, 0.2)),
    call("short whine", _whine(1.8, 0.82, 2.2, 0.4)),
)


def _octaves(column: str, at: float, low: float) -> Table:
    return by(column, lambda v: np.log2(np.maximum(v, low) / at))


_FOLLOW_PITCH: Final = _octaves("cicadas_pitch_hz", _PITCH_HZ, 2_500.0)
_FOLLOW_RATE: Final = _octaves("cicadas_rate_hz", _RATE_HZ, 2.0)


def _haze(pitch_hz: Floats) -> Floats:
    """The far singers: two thirds of an octave about the pitch over a wide skirt, [levels, BANDS] dB."""
    octaves = np.log2(BAND_HZ[None, :] / np.maximum(pitch_hz, 2_500.0)[:, None])
    power = np.exp(-((octaves / 0.35) ** 2)) + 10**-1.6 * np.exp(-((octaves / 0.9) ** 2)) + 1e-6
    return np.asarray(10.0 * np.log10(power / power.sum(axis=1, keepdims=True)))


_FLAT_DB: Final[Floats] = np.where(BAND_HZ > 1_200.0, 0.0, -90.0)
_BANDS_DB: Final = 10.0 * float(np.log10(np.count_nonzero(_FLAT_DB == 0.0)))

_SURGE: Final = Flutter(
    np.where(FLUTTER_HZ[:, None] > 1_200.0, np.array([2.0, 1.2, 1.0, 1.0, 1.5, 2.0, 2.0, 1.5]), 0.0), 0.6
)
"""Choruses surge and sink together."""


def _singers(name: str, calls: tuple[Call, ...], individuals: int, level_db: float, enters: float) -> Caller:
    """A kind that comes in at the level `enters` and is all there at 1."""

    def there(v: Floats) -> Floats:
        share = 0.6 / individuals + np.maximum(v - enters, 0.0) / (1.0 - enters)
        return np.where(v > enters, np.minimum(share, 1.0), 0.0)

    return Caller(
        name,
        calls,
        individuals,
        window_s=6.0,
        activity=(by("cicadas_level", lambda v: np.minimum(v / 0.06, 1.0) * np.minimum(0.25 + 0.75 * v, 0.95)),),
        level_db=Draw(level_db, 6.0, (by("cicadas_level", lambda v: 14.0 * np.sqrt(v) - 14.0),), shape="bell"),
        presence=(by("cicadas_level", there),),
        pitch=Draw(1.0, 0.1, (_FOLLOW_PITCH,)),
        call_pitch_oct=0.02,
        tempo_oct=0.08,
        am_oct=(_FOLLOW_RATE,),
    )


PATCHES: Final[tuple[Patch, ...]] = (
    Patch(
        "cicadas",
        layers=(
            Layer(
                "haze",
                _FLAT_DB,
                (
                    by("cicadas_level", lambda v: 55.0 + 36.0 * np.log10(v)),
                    by("cicadas_pitch_hz", lambda v: _BANDS_DB + _haze(v)),
                ),
                coherence=0.05,
                flutter=_SURGE,
            ),
        ),
        callers=(
            _singers("cicada", CALLS, 4, 66.0, 0.0),
            _singers("rattling cicada", RATTLES, 3, 62.0, 0.15),
            _singers("whining cicada", WHINES, 2, 61.0, 0.3),
        ),
    ),
    Patch(
        "cicadas",
        source="event",
        kind="cicada",
        callers=(
            Caller(
                "cicada",
                (*CALLS, *RATTLES, *WHINES),
                individuals=1,
                window_s=6.0,
                activity=(),
                level_db=Draw(66.0, 2.0, (by("strength", lambda v: 16.0 * v - 8.0, "event"),)),
                pitch=Draw(1.0, 0.1, (_FOLLOW_PITCH,)),
                call_pitch_oct=0.02,
                tempo_oct=0.08,
                am_oct=(_FOLLOW_RATE,),
            ),
        ),
    ),
)
