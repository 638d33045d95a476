"""Cicadas: seconds of pulsed buzzing that swell and die, each singer in its own time, over a haze of far ones.

The tymbals fire some ten to a few hundred times a second; each burst rings at 3–10 kHz with a bandwidth of one or two
kHz (Young & Bennet-Clark 1995, The role of the tymbal in cicada sound production, J. Exp. Biol. 198; Fonseca 2014,
Cicada acoustic communication, in: Insect Hearing and Acoustic Communication). Phrase shapes: continuous, swelling,
broken into short zips, and pulses slowing to an end. Levels: 76–107 dB at 0.5 m (Sanborn & Phillips 1995, Scaling of
sound pressure level and body size in cicadas, Ann. Entomol. Soc. Am. 88), so some 50–80 dB at 10 m; singers stand
15–60 m away here.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, Call, Caller, Draw, Floats, Layer, Patch, Table, by
from ambiome_middleware.sound.voices.phrases import Phrase, call, note, rest, trill

_PITCH_HZ: Final = 6_000.0
_RATE_HZ: Final = 20.0


def _buzz(
    s: float, db: float = 0.0, attack: float = 0.4, am: float = 0.85, droop: float = 1.0, rate: float = 1.0
) -> Phrase:
    """A pulsed band of noise with a tone in it, together: the ring of the tymbal, never quite regular."""
    band = note(_PITCH_HZ, s, droop * _PITCH_HZ, db, am_hz=rate * _RATE_HZ, am=am, attack=attack, noise_hz=1_900.0)
    ring = note(1.04 * _PITCH_HZ, s, 1.04 * droop * _PITCH_HZ, db - 7.0, am_hz=rate * _RATE_HZ, am=am, attack=attack)
    return Phrase(band.syllables + ring.syllables, s)


CALLS: Final[tuple[Call, ...]] = (
    call("steady", _buzz(4.4, attack=0.3)),
    call("swelling", _buzz(4.5, attack=0.8)),
    call("dying", _buzz(0.8, -3, 0.6) + _buzz(4.1, 0, 0.1, 0.9, 0.95)),
    call("zips", trill(_buzz(0.3, attack=0.5, am=0.7) + rest(0.05), 11, 2.6, 0.02, 4, 0.4)),
    call("zips and a drawl", trill(_buzz(0.22, attack=0.5), 7, 3.2, 0.03, 3) + _buzz(2.6, 2, 0.15, 0.9, 0.93)),
    call("waves", trill(_buzz(1.5, attack=0.5), 4, 0.86, db=2)),
    call("winding down", _buzz(2.2, 0, 0.5) + trill(_buzz(0.4, 0, 0.2, rate=0.7), 5, 2.2, -0.04, -8, -0.5)),
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
            ),
        ),
        callers=(
            Caller(
                "cicada",
                CALLS,
                individuals=6,
                window_s=6.0,
                activity=(by("cicadas_level", lambda v: np.minimum(v / 0.06, 1.0) * np.minimum(0.45 + 0.5 * v, 0.95)),),
                level_db=Draw(65.0, 4.0, (by("cicadas_level", lambda v: 14.0 * np.sqrt(v) - 14.0),)),
                presence=(by("cicadas_level", lambda v: np.where(v > 0.0, 0.1 + 0.9 * v, 0.0)),),
                pitch=Draw(1.0, 0.1, (_FOLLOW_PITCH,)),
                call_pitch_oct=0.01,
                tempo_oct=0.08,
                am_oct=(_FOLLOW_RATE,),
            ),
        ),
    ),
    Patch(
        "cicadas",
        source="event",
        kind="cicada",
        callers=(
            Caller(
                "cicada",
                CALLS,
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
