"""Songbirds: fifteen kinds of singer, each with its own places, and beyond them a chorus too far to tell apart.

Levels: a songbird sings at 85–95 dB SPL at 1 m (Brenowitz 1982: 88.5–93.5 for a red-winged blackbird; Brumm 2004: 77–91
for nightingales), so 65–75 dB at the 10 m to which these tables refer where one faces the listener; most do not, and
leaves stand between: 5 dB less. Song rates: two to ten songs a minute and bird
(Catchpole & Slater, Bird Song, 2nd ed., ch. 5).
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import BAND_HZ, Caller, Draw, Floats, Layer, Patch, by
from ambiome_middleware.sound.voices.songs import SONGS

_SPECIES: Final[dict[str, tuple[int, float, float, float, float]]] = {
    # individuals, window s, songs per window at full activity, dB(A) at 10 m, spread of pitch between individuals (oct)
    "blackbird": (3, 6.5, 0.9, 66.0, 0.10),
    "robin": (3, 6.0, 0.9, 63.0, 0.10),
    "tit": (3, 6.5, 0.8, 64.0, 0.08),
    "chiffchaff": (2, 8.0, 0.85, 61.0, 0.05),
    "finch": (3, 7.0, 0.85, 65.0, 0.07),
    "dove": (3, 8.0, 0.5, 61.0, 0.12),
    "thrush": (2, 6.0, 0.95, 68.0, 0.08),
    "wren": (3, 8.5, 0.75, 66.0, 0.05),
    "willow_warbler": (3, 8.0, 0.8, 61.0, 0.06),
    "cuckoo": (2, 6.0, 0.5, 67.0, 0.08),
    "nuthatch": (2, 8.0, 0.6, 65.0, 0.06),
    "greenfinch": (2, 7.0, 0.7, 61.0, 0.06),
    "bunting": (2, 8.5, 0.8, 61.0, 0.06),
    "goldcrest": (2, 7.0, 0.7, 55.0, 0.04),
    "wood_warbler": (2, 8.0, 0.7, 61.0, 0.04),
}


_ENTERS: Final = 0.66
"""The last species comes in at this variety; each fills up over the next third."""


def _share(entered: float, variety: Floats) -> Floats:
    """The share of a species' individuals that are there, [levels] → [levels]: the first as soon as it has entered."""
    return np.where(variety >= entered, np.clip(0.26 + (variety - entered) / 0.34, 0.0, 1.0), 0.0)


def _singer(place: int, name: str) -> Caller:
    individuals, window_s, songs, level_db, pitch_oct = _SPECIES[name]
    entered = _ENTERS * place / (len(SONGS) - 1)
    return Caller(
        name,
        SONGS[name],
        individuals,
        window_s,
        activity=(by("birds_activity", lambda v: 0.9 * songs * v**1.6),),
        level_db=Draw(level_db, 4.5),
        presence=(by("birds_variety", lambda v: _share(entered, v)),),
        pitch=Draw(1.0, pitch_oct),
        call_pitch_oct=0.015,
        tempo_oct=0.06,
        distance="birds_distance_m",
        drop_syllable=0.03,
    )


_CHORUS_DB: Final[Floats] = -14.0 * np.maximum(np.abs(np.log2(BAND_HZ / 3_400.0)) - 0.35, 0.0)
"""Song in the distance: most of it between 2 and 6 kHz, the top taken by the air."""

PATCHES: Final[tuple[Patch, ...]] = (
    Patch(
        "birds",
        layers=(
            Layer(
                "far chorus",
                _CHORUS_DB,
                (
                    by("birds_activity", lambda v: 30.0 + 40.0 * np.log10(v)),
                    by("birds_variety", lambda v: 6.0 * v - 3.0),
                    by("birds_distance_m", lambda v: np.minimum(-8.0 * np.log10(np.maximum(v, 4.0) / 25.0), 0.0)),
                ),
                coherence=0.1,
            ),
        ),
        callers=tuple(_singer(place, name) for place, name in enumerate(SONGS)),
    ),
    Patch(
        "birds",
        source="event",
        kind="songbird",
        callers=(
            Caller(
                "songbird",
                tuple(song for songs in SONGS.values() for song in songs),
                individuals=1,
                window_s=6.0,
                activity=(),
                level_db=Draw(68.0, 1.5, (by("strength", lambda v: 16.0 * v - 8.0, "event"),)),
                pitch=Draw(1.0, 0.1),
                tempo_oct=0.1,
            ),
        ),
    ),
)
