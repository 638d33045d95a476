"""Birds: some thirty-five kinds, each individual in its own place, and beyond them a chorus too far to tell apart.

Levels: a songbird sings at 85–95 dB SPL at 1 m (Brenowitz 1982: 88.5–93.5 for a red-winged blackbird; Brumm 2004:
77–91 for nightingales), so 65–75 dB at the 10 m to which these tables refer where one faces the listener; most do not,
and leaves stand between: 5 dB less. What is loud and what soft follows Brackenbury 1979, Power capabilities of the
avian sound-producing system, J. Exp. Biol. 78. Song rates: two to ten songs a minute and bird (Catchpole & Slater, Bird
Song, 2nd ed., ch. 5).

Birds that stand anywhere in an area are mostly far, a few are near, and they turn as they sing: levels are spread wide,
so that one or two stand out of what all sing, as in recordings of a dawn. The tokens do not name the biome; what else
is heard tells which birds are there: gulls where there is surf, ducks on a lake's shore, jays and woodpeckers among
trees, larks where there are none, pigeons in traffic, the birds of the rain forest where cicadas are loud.
"""

from dataclasses import dataclass
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
from ambiome_middleware.sound.voices.cries import CRIES
from ambiome_middleware.sound.voices.songs import SONGS
from ambiome_middleware.sound.voices.syrinx import varied
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like


def _ramp(column: str, none: float, full: float) -> Table:
    """0 … 1 as a column goes from `none` to `full`, either way."""
    return by(column, lambda v: np.clip((v - none) / (full - none), 0.0, 1.0))


ANYWHERE: Final[tuple[Table, ...]] = ()
WOODS: Final = (_ramp("wind_trees", 0.25, 0.6),)
OPEN_LAND: Final = (_ramp("wind_trees", 0.5, 0.3),)
SEA: Final = (_ramp("surf_height_m", 0.0, 0.3),)
LAKE: Final = (_ramp("shore_height_m", 0.0, 0.01),)
REEDS: Final = (_ramp("swamp_level", 0.02, 0.3),)
TOWN: Final = (_ramp("traffic_per_min", 1.0, 10.0),)
TROPICS: Final = (_ramp("cicadas_level", 0.15, 0.4),)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of bird: how many sing, and how often.

    `songs`: songs per window and bird at full activity; `level_db` dB(A) at 10 m; `pitch_oct` between individuals;
    `enters`: the variety at which the first of them is there; `company`: what must be heard besides.
    """

    calls: tuple[Call, ...]
    individuals: int
    window_s: float
    songs: float
    level_db: float
    pitch_oct: float
    enters: float
    company: tuple[Table, ...] = ANYWHERE


KINDS: Final[dict[str, Kind]] = {
    "blackbird": Kind(SONGS["blackbird"], 3, 6.5, 0.9, 67.0, 0.10, 0.0),
    "robin": Kind(SONGS["robin"], 3, 6.0, 0.9, 63.0, 0.10, 0.05),
    "tit": Kind(SONGS["tit"], 3, 6.5, 0.8, 64.0, 0.08, 0.1),
    "crow": Kind(CRIES["crow"], 2, 11.0, 0.45, 68.0, 0.08, 0.12),
    "chiffchaff": Kind(SONGS["chiffchaff"], 2, 8.0, 0.85, 61.0, 0.05, 0.15),
    "finch": Kind(SONGS["finch"], 3, 7.0, 0.85, 65.0, 0.07, 0.2),
    "dove": Kind(SONGS["dove"], 3, 8.0, 0.5, 60.0, 0.12, 0.22),
    "thrush": Kind(SONGS["thrush"], 2, 6.0, 0.95, 68.0, 0.08, 0.25),
    "sparrow": Kind(CRIES["sparrow"], 4, 4.0, 0.6, 57.0, 0.08, 0.28),
    "wren": Kind(SONGS["wren"], 2, 8.5, 0.75, 66.0, 0.05, 0.3),
    "blackcap": Kind(SONGS["blackcap"], 2, 8.0, 0.8, 64.0, 0.07, 0.33),
    "willow warbler": Kind(SONGS["willow_warbler"], 2, 8.0, 0.8, 61.0, 0.06, 0.36),
    "cuckoo": Kind(SONGS["cuckoo"], 1, 6.0, 0.4, 72.0, 0.08, 0.4),
    "magpie": Kind(CRIES["magpie"], 2, 17.0, 0.5, 64.0, 0.08, 0.42),
    "nuthatch": Kind(SONGS["nuthatch"], 2, 8.0, 0.6, 65.0, 0.06, 0.45),
    "greenfinch": Kind(SONGS["greenfinch"], 2, 7.0, 0.7, 61.0, 0.06, 0.48),
    "collared dove": Kind(CRIES["collared dove"], 2, 9.0, 0.5, 60.0, 0.06, 0.5),
    "bunting": Kind(SONGS["bunting"], 2, 8.5, 0.8, 61.0, 0.06, 0.52),
    "jackdaw": Kind(CRIES["jackdaw"], 4, 9.0, 0.4, 61.0, 0.1, 0.55),
    "goldcrest": Kind(SONGS["goldcrest"], 2, 7.0, 0.7, 55.0, 0.04, 0.58),
    "nightingale": Kind(SONGS["nightingale"], 1, 6.0, 0.85, 76.0, 0.06, 0.62),
    "wood warbler": Kind(SONGS["wood_warbler"], 2, 8.0, 0.7, 61.0, 0.04, 0.66),
    "woodpecker": Kind(CRIES["woodpecker"], 2, 13.0, 0.5, 64.0, 0.12, 0.25, WOODS),
    "jay": Kind(CRIES["jay"], 2, 19.0, 0.45, 66.0, 0.07, 0.35, WOODS),
    "green woodpecker": Kind(CRIES["green woodpecker"], 1, 21.0, 0.5, 72.0, 0.07, 0.5, WOODS),
    "raven": Kind(CRIES["raven"], 1, 23.0, 0.5, 76.0, 0.08, 0.25),
    "skylark": Kind(SONGS["skylark"], 3, 5.0, 0.9, 62.0, 0.06, 0.15, OPEN_LAND),
    "gull": Kind(CRIES["gull"], 6, 9.0, 0.75, 71.0, 0.12, 0.0, SEA),
    "oystercatcher": Kind(CRIES["oystercatcher"], 3, 11.0, 0.6, 65.0, 0.06, 0.1, SEA),
    "mallard": Kind(CRIES["mallard"], 3, 12.0, 0.5, 65.0, 0.1, 0.1, LAKE),
    "reed warbler": Kind(CRIES["reed warbler"], 3, 4.8, 0.85, 59.0, 0.06, 0.1, REEDS),
    "pigeon": Kind(CRIES["pigeon"], 4, 8.0, 0.5, 54.0, 0.08, 0.05, TOWN),
    "piha": Kind(CRIES["piha"], 3, 8.0, 0.6, 74.0, 0.06, 0.3, TROPICS),
    "parrot": Kind(CRIES["parrot"], 4, 13.0, 0.5, 66.0, 0.15, 0.3, TROPICS),
    "forest flute": Kind(CRIES["forest flute"], 3, 8.0, 0.65, 66.0, 0.12, 0.3, TROPICS),
}
"""In the order in which they are tried; a kind fills up over the third of the variety after it has entered."""


def _share(enters: float, variety: Floats) -> Floats:
    """The share of a kind's individuals that are there, [levels] → [levels]: the first as soon as it has entered."""
    return np.where(variety >= enters, np.clip(0.55 + (variety - enters) / 0.34, 0.0, 1.0), 0.0)


_NEARER: Final = by("birds_activity", lambda v: 8.0 * np.sqrt(v) - 7.0)
"""The more there are, the nearer is the nearest; and they sing against one another."""


_VARIANTS: Final = 28
"""At least so many songs or calls of a kind: a bird goes through them before it sings one again, minutes later."""


def _singers(name: str, kind: Kind) -> Caller:
    return Caller(
        name,
        varied(kind.calls, _VARIANTS),
        kind.individuals,
        kind.window_s,
        activity=(by("birds_activity", lambda v: 0.85 * kind.songs * v**1.5),),
        level_db=Draw(kind.level_db - 3.0, 9.0, (_NEARER,), "bell"),
        presence=(by("birds_variety", lambda v: _share(kind.enters, v)), *kind.company),
        pitch=Draw(1.0, kind.pitch_oct),
        call_pitch_oct=0.025,
        tempo_oct=0.07,
        distance="birds_distance_m",
        drop_syllable=0.04,
    )


_CHORUS_DB: Final[Floats] = -14.0 * np.maximum(np.abs(np.log2(BAND_HZ / 3_400.0)) - 0.35, 0.0)
"""Song in the distance: most of it between 2 and 6 kHz, the top taken by the air."""
_CHORUS_FLUTTER: Final = Flutter(
    np.where(FLUTTER_HZ[:, None] > 800.0, np.array([4.5, 3.5, 3.0, 3.0, 2.5, 2.0, 1.5, 1.5]), 0.0), 0.15
)
"""It comes in syllables (the fastest rates) and songs (the slower ones), each band by itself."""

_DEEPEST_DB: Final = 4.5
_LOWEST_HZ: Final = 1_200.0
"""What recordings hold below it is the place's wind and rumble rather than its birds."""


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The birds' patches, the far chorus drawn to the profile "birds"."""
    profile = known.get("birds")
    chorus = np.where(BAND_HZ > _LOWEST_HZ, drawn_to(_CHORUS_DB, profile, 0.6, 0.4), _CHORUS_DB)
    return (
        Patch(
            "birds",
            layers=(
                Layer(
                    "far chorus",
                    chorus,
                    (
                        by("birds_activity", lambda v: 30.0 + 40.0 * np.log10(v)),
                        by("birds_variety", lambda v: 6.0 * v - 3.0),
                        by("birds_distance_m", lambda v: np.minimum(-8.0 * np.log10(np.maximum(v, 4.0) / 25.0), 0.0)),
                    ),
                    coherence=0.1,
                    flutter=moved_like(_CHORUS_FLUTTER, profile, 0.6, _DEEPEST_DB),
                ),
            ),
            callers=tuple(_singers(name, kind) for name, kind in KINDS.items()),
        ),
        Patch(
            "birds",
            source="event",
            kind="songbird",
            callers=(
                Caller(
                    "songbird",
                    tuple(song for songs in SONGS.values() for song in varied(songs, len(songs))),
                    individuals=1,
                    window_s=6.0,
                    activity=(),
                    level_db=Draw(68.0, 1.5, (by("strength", lambda v: 16.0 * v - 8.0, "event"),)),
                    pitch=Draw(1.0, 0.1),
                    tempo_oct=0.08,
                ),
            ),
        ),
    )
