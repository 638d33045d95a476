"""Control: whether a voice follows its main parameter, in level, in events, and in the tagger's ears.

A voice sounds alone at settings that are evenly spaced over its main control (`analysis.sheet.SHEETS`), each with
several seeds, at nature's own dynamics, so that level is what the world has and not what the mix makes of it.
Spearman's rank correlation is taken over all settings and seeds.

Events are the renderer's own: onsets of grains (drops, crackles, syllables) and of swells (passing cars, claps),
counted as they are decided. Onsets found in the sound (`analysis.onsets`) are given beside them; that detector
saturates where events become a texture.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from ambiome_protocol.lists import VOICES
from scipy.stats import spearmanr

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.evaluate.events import counted
from ambiome_middleware.analysis.onsets import onset_rate_hz
from ambiome_middleware.analysis.sheet import SHEETS, Sheet, shown_value, token_rows, world_level_db

Floats = npt.NDArray[np.float64]

SETTINGS: Final = 9
SEEDS: Final = (21, 22, 23, 24, 25)
LEAD_S: Final = 5.0
"""Left out at the start: calls and tails are under way by then."""
SPARSE_S: Final[Mapping[str, float]] = {
    "owl": 150.0, "wolf": 150.0, "loon": 150.0, "livestock": 150.0, "drips": 40.0, "traffic": 40.0, "birds": 40.0,
    "frogs": 24.0, "cicadas": 40.0, "crowd": 30.0, "surf": 30.0, "shore": 30.0, "room": 40.0, "cafe": 40.0,
}  # fmt: skip
"""What is measured of voices whose events are few, or come in phrases of seconds; 12 s of all others."""
WANTED: Final = 0.95

TAGGED: Final[Mapping[str, str]] = {
    "rain": "rain", "wind": "wind", "thunder": "thunder", "stream": "river", "river": "river", "surf": "ocean",
    "fire": "fire", "birds": "birds", "crickets": "crickets", "cicadas": "crickets", "frogs": "frogs", "owl": "owl",
    "traffic": "city", "crowd": "crowd", "room": "interior", "drips": "underwater", "snow": "snow", "swamp": "swamp",
    "shore": "ocean", "cafe": "cafe", "machinery": "interior", "wolf": "wolf", "loon": "loon", "livestock": "farm",
}  # fmt: skip
"""The category of `tagger.CLASSES` that a voice stands for, where there is one."""


@dataclass(frozen=True, slots=True)
class Control:
    """A voice over its main control; arrays are [settings, seeds].

    `level_db`: dB(A) in the world. `events_hz`: the renderer's onsets a second. `onsets_hz`: those found in the sound.
    `tagged`: the tagger's score, 0 … 1; empty where no category fits.
    """

    voice: str
    control: str
    settings: tuple[str, ...]
    level_db: Floats
    events_hz: Floats
    onsets_hz: Floats
    tagged: Floats

    @property
    def has_events(self) -> bool:
        """Whether anything in it begins and ends by itself."""
        return bool(self.events_hz.any()) and not SHEETS[self.voice].event

    @property
    def level(self) -> float:
        """Spearman's correlation of the setting with the level."""
        return rank_correlation(self.level_db)

    @property
    def rate(self) -> float:
        """The same with the rate of events."""
        return rank_correlation(self.events_hz)

    @property
    def onsets(self) -> float:
        """The same with the onsets that are found in the sound."""
        return rank_correlation(self.onsets_hz)

    @property
    def tagger(self) -> float:
        """The same with the tagger's score; NaN where there is none."""
        return rank_correlation(self.tagged)

    @property
    def is_reached(self) -> bool:
        return self.level >= WANTED and (not self.has_events or self.rate >= WANTED)


def rank_correlation(measured: Floats) -> float:
    """Spearman's correlation of the row with what is measured [settings, seeds]; NaN where nothing varies."""
    if measured.size == 0 or np.ptp(np.nan_to_num(measured, neginf=-300.0)) == 0.0:
        return float("nan")
    rows = np.repeat(np.arange(len(measured)), measured.shape[1])
    return float(spearmanr(rows, measured.ravel()).statistic)


def control(voice: str, *, device: str = "auto", tag: Callable[[Audio, str], float] | None = None) -> Control:
    """Measures a voice of `SHEETS`. `tag` gives the tagger's score of a sound for a category."""
    sheet = SHEETS[voice]
    seconds = LEAD_S + SPARSE_S.get(voice, 12.0)
    shares = [(index + 1) / SETTINGS for index in range(SETTINGS)]
    rows = [token_rows(sheet, share, seconds) for share in shares]
    sounds = counted([(seed, each) for each in rows for seed in SEEDS], lead_s=LEAD_S, device=device)
    category = TAGGED.get(voice, "")
    shape = (SETTINGS, len(SEEDS))
    tagged = [tag(sound.audio, category) for sound in sounds] if tag and category else []
    return Control(
        voice,
        _control_name(sheet),
        tuple(shown_value(sheet, share) for share in shares),
        np.reshape([world_level_db(sound.audio) for sound in sounds], shape),
        np.reshape([sound.events_hz for sound in sounds], shape),
        np.reshape([onset_rate_hz(sound.audio) for sound in sounds], shape),
        np.reshape(tagged, shape) if tagged else np.zeros((0, 0)),
    )


def _control_name(sheet: Sheet) -> str:
    return f"{sheet.event} {sheet.control}" if sheet.event else sheet.control


def voices() -> tuple[str, ...]:
    """The voices that have a main control; `place`, which is a user's own recording, has none."""
    return tuple(voice for voice in VOICES if voice in SHEETS)
