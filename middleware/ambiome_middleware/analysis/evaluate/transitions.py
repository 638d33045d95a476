"""Transitions: when the world changes, the level goes where the world asks, and nowhere else on its way.

What the world asks for at a moment is the level that this moment has when it is held: its token frame, repeated, is
rendered with several seeds and measured. The transition itself is rendered with many seeds over the same token frames
(without what happens once, a branch that breaks: that is asked for, too, and would hide what is not), and its level,
the median over seeds, is held against what is asked about that time. What goes above the largest or below the
smallest of that is an excursion; the same measure on the same world, held as it is halfway through the change, says how
much of it is chance. A click at a step boundary is `analysis.seam`'s to find.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from ambiome_middleware import offline
from ambiome_middleware.analysis.seam import largest_seam
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.tokens import CUT_AT, EVENTS_AT, LOOKBACK_STEPS, SAMPLE_RATE_HZ, STEPS_PER_S

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int16]

SCENE_SEED: Final = 51
SEEDS: Final = tuple(range(61, 109))
HELD_SEEDS: Final = tuple(range(201, 213))
HELD_EVERY_STEPS: Final = 10
HELD_STEPS: Final = 150
SHORT_S: Final = 0.4
FRAME_S: Final = 0.04
ABOUT_S: Final = 0.6
"""What is asked for this long before and after counts as asked now: reverberation and the level's own `SHORT_S`."""
WANTED_DB: Final = 2.0
"""An excursion that is allowed beyond what the same world has when it stands still."""
SONG_S: Final = 5.0
"""As long goes the longest call: what was begun is sung to its end, as it was asked for when it began."""
_FLOOR_DB: Final = -100.0


@dataclass(frozen=True, slots=True)
class Change:
    """A world (lines of a score) that changes; measured from `from_s` to `until_s`.

    What was asked for up to `lasting_s` ago counts as asked now.
    """

    name: str
    score: tuple[Mapping[str, Any], ...]
    from_s: float
    until_s: float
    lasting_s: float = ABOUT_S


def _line(at: float, cut: bool = False, transition_s: float | None = None, **world: Any) -> Mapping[str, Any]:
    line: dict[str, Any] = {"at": at, "world": world}
    if cut:
        line["cut"] = True
    if transition_s is not None:
        line["transition_s"] = transition_s
    return line


_WOOD: Final = {"biome": "temperate_forest"}
_AUTUMN: Final = {"hour": 15.0, "day_of_year": 290}
_STORM: Final = {"rain_mm_h": 25.0, "wind_m_s": 15.0}

CHANGES: Final[tuple[Change, ...]] = (
    Change(
        "a storm front",
        (
            _line(0, location=_WOOD, time=_AUTUMN, weather={"rain_mm_h": 0.0, "wind_m_s": 3.0}),
            _line(16, transition_s=10.0, weather=_STORM),
        ),
        14.0, 32.0,
    ),
    Change(
        "a teleport, cut: storm to cave",
        (_line(0, location=_WOOD, time=_AUTUMN, weather=_STORM), _line(16, cut=True, location={"biome": "cave"})),
        14.0, 19.0,
    ),
    Change(
        "a teleport, cut: cave to coast",
        (
            _line(0, location={"biome": "cave"}, time=_AUTUMN, weather={"wind_m_s": 10.0}),
            _line(16, cut=True, location={"biome": "coast"}),
        ),
        14.0, 19.0,
    ),
    Change(
        "a walk indoors",
        (
            _line(0, location=_WOOD, time=_AUTUMN, weather=_STORM),
            _line(16, location={"shelter": "room"}),
        ),
        14.0, 22.0,
    ),
    Change(
        "a walk across a border",
        (
            _line(0, location=_WOOD, time=_AUTUMN, weather={"wind_m_s": 6.0, "rain_mm_h": 3.0}),
            _line(16, transition_s=6.0, location={"biome": {"temperate_forest": 0.5, "coast": 0.5}}),
            _line(22, transition_s=6.0, location={"biome": "coast"}),
        ),
        14.0, 30.0,
    ),
    Change(
        "dawn, a minute a second",
        (
            _line(0, location=_WOOD, time={"hour": 3.7, "day_of_year": 140, "rate": 60.0}, weather={"wind_m_s": 1.0}),
        ),
        12.0, 48.0, SONG_S,
    ),
)  # fmt: skip
STILL: Final = Change(
    "nothing changes", (_line(0, location=_WOOD, time=_AUTUMN, weather=_STORM),), 14.0, 22.0
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transition:
    """A change as it was heard. Times in s from `from_s` on; levels in dB re full scale; `at_s` is of the frames.

    `above_db` and `below_db`: the largest excursions beyond what was asked; `chance_db`: the larger of the two in the
    same world held halfway; `seam`: the boundary that sticks out most over its neighbours, the median over seeds of
    each stream's largest.
    """

    name: str
    at_s: Floats
    level_db: Floats
    asked_db: Floats
    above_db: float
    below_db: float
    chance_db: float
    seam: float

    @property
    def is_reached(self) -> bool:
        return max(self.above_db, self.below_db) <= WANTED_DB + self.chance_db

    @property
    def asked_change_db(self) -> float:
        """From the first moment to the last."""
        return float(self.asked_db[-1] - self.asked_db[0])


def transition(change: Change, *, device: str = "auto") -> Transition:
    """Renders and measures one change."""
    rows = offline.record(change.score, change.until_s, SCENE_SEED).rows.copy()
    rows[:, EVENTS_AT:CUT_AT] = 0
    first, last = round(change.from_s * STEPS_PER_S), round(change.until_s * STEPS_PER_S)
    renderer = Renderer(device)
    window = rows[first - LOOKBACK_STEPS : last]
    sounds = renderer.render([Request(seed, "stereo", first, window) for seed in SEEDS])
    level_db = usual_level_db(sounds)
    asked_db = asked_level_db(renderer, rows[first:last], len(level_db))
    above, below = excursions_db(level_db, asked_db, change.lasting_s)
    chance = chance_db(renderer, rows[(first + last) // 2], last - first, change.lasting_s)
    at_s = np.asarray(np.arange(len(level_db)) * FRAME_S, np.float64)
    seam = float(np.median([largest_seam(sound).ratio for sound in sounds]))
    return Transition(change.name, at_s, level_db, asked_db, above, below, chance, seam)


def levels_db(sound: npt.NDArray[np.float32]) -> Floats:
    """Level each `FRAME_S`, over the `SHORT_S` about it, channels averaged in power. [C, n] -> [frames]."""
    hop, half = round(FRAME_S * SAMPLE_RATE_HZ), round(SHORT_S * SAMPLE_RATE_HZ / 2)
    power = np.mean(np.asarray(sound, np.float64) ** 2, axis=0)
    total = np.concatenate([[0.0], np.cumsum(power)])
    centres = np.arange(hop // 2, len(power), hop)
    low, high = np.maximum(centres - half, 0), np.minimum(centres + half, len(power))
    return np.asarray(
        10.0 * np.log10(np.maximum((total[high] - total[low]) / (high - low), 10.0 ** (_FLOOR_DB / 10.0)))
    )


def usual_level_db(sounds: Sequence[npt.NDArray[np.float32]]) -> Floats:
    """The median over sounds at each frame: one bird close by in one of many seeds is nobody's transition."""
    return np.asarray(np.median([levels_db(sound) for sound in sounds], axis=0), np.float64)


def asked_level_db(renderer: Renderer, rows: Rows, frames: int) -> Floats:
    """The usual level that each moment of `rows` [n, ROW_WIDTH] has when it is held, one value a frame."""
    steps = np.arange(0, len(rows), HELD_EVERY_STEPS)
    requests = [held(seed, rows[step], HELD_STEPS) for step in steps for seed in HELD_SEEDS]
    levels = [levels_db(sound) for sound in renderer.render(requests)]
    usual = np.median(np.reshape(levels, (len(steps), -1)), axis=1)
    asked: Floats = np.interp(np.arange(frames) + 0.5, steps + 0.5, usual)
    return asked


def chance_db(renderer: Renderer, row: Rows, steps: int, lasting_s: float = ABOUT_S) -> float:
    """The larger excursion in a world that stands still at one token frame [ROW_WIDTH] for so many steps."""
    level_db = usual_level_db(renderer.render([held(seed, row, steps) for seed in SEEDS]))
    return max(excursions_db(level_db, asked_level_db(renderer, row[None], len(level_db)), lasting_s))


def held(seed: int, row: Rows, steps: int) -> Request:
    """`steps` of a token frame that stays as it is, and has been. [ROW_WIDTH]"""
    return Request(seed, "stereo", 10_000, np.tile(row, (LOOKBACK_STEPS + steps, 1)))


def excursions_db(level_db: Floats, asked_db: Floats, lasting_s: float = ABOUT_S) -> tuple[float, float]:
    """How far the level goes above, and below, all that is asked from `lasting_s` before to `ABOUT_S` after; or 0."""
    before, after = round(lasting_s / FRAME_S), round(ABOUT_S / FRAME_S)
    about = sliding_window_view(np.pad(asked_db, (before, after), mode="edge"), before + after + 1)
    above, below = level_db - about.max(axis=1), about.min(axis=1) - level_db
    return max(float(above.max()), 0.0), max(float(below.max()), 0.0)
