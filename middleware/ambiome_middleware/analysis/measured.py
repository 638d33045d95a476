"""Token frames for a recording, by measuring it: which voice, by its category; how strong, by what it sounds like.

How strong cannot be read off a recording's level, which is its gain. So it is compared with what the renderer makes of
each setting of the voice's main control, by what gain does not change: the shape of its spectrum, its brightness, the
onsets in it and how it swells. The setting that is nearest is the recording's, and its level becomes that render's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.onsets import onset_rate_hz
from ambiome_middleware.analysis.sheet import SHEETS, rows_as_played
from ambiome_middleware.analysis.spectrum import centroid_hz, third_octave_levels_db
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.tokens import LOOKBACK_STEPS, Row

F64 = npt.NDArray[np.float64]

VOICES: Final[Mapping[str, str]] = {
    "rain": "rain", "wind": "wind", "river": "stream", "ocean": "surf", "fire": "fire", "birds": "birds",
    "forest": "birds", "crickets": "crickets", "frogs": "frogs", "owl": "owl", "wolf": "wolf", "loon": "loon",
    "city": "traffic", "crowd": "crowd", "cafe": "cafe", "interior": "room", "train_interior": "machinery",
    "desert_wind": "wind", "farm": "livestock", "animals": "livestock", "snow": "snow", "swamp": "swamp",
    "underwater": "drips", "geothermal": "swamp",
}  # fmt: skip
"""The voice that stands for a category. Categories without one are learned by the codec and not by the model."""
SETTINGS: Final = 7
SECONDS: Final = 8.0
SEED: Final = 77
SCALE: Final[F64] = np.array([*([6.0] * 10), 0.7, 0.5, 2.0])
"""What counts as one difference: dB of an octave's share, octaves of brightness, log-rate of onsets, dB of swelling."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A recording's token frame, and the gain in dB that brings it to where that frame's render plays. `share` is how
    far up its main control the voice stands; `apart`, how unlike the nearest render it is.
    """

    row: Row
    gain_db: float
    voice: str
    share: float
    apart: float


def descriptor(audio: Audio) -> F64:
    """What gain does not change of a sound at 48 kHz [C, n]: octave shares in dB, log2 brightness, onsets, swelling."""
    levels = third_octave_levels_db(audio)
    octaves = np.array([np.logaddexp.reduce(part) for part in np.array_split(levels * np.log(10.0) / 10.0, 10)])
    octaves = (octaves - np.logaddexp.reduce(octaves)) * 10.0 / np.log(10.0)
    blocks = audio.mean(axis=0)[: audio.shape[1] // 9_600 * 9_600].reshape(-1, 9_600).astype(np.float64)
    swelling = float(np.std(10.0 * np.log10(np.mean(blocks**2, axis=1) + 1e-12)))
    brightness, onsets = np.log2(max(centroid_hz(audio), 20.0)), np.log2(1.0 + onset_rate_hz(audio))
    return np.array([*np.maximum(octaves, -50.0), brightness, onsets, swelling])


def measured(category: str, audio: Audio) -> Measured | None:
    """The token frame of a recording at 48 kHz [C, n] of a category; None for one that no voice stands for."""
    voice = VOICES.get(category)
    return None if voice is None else heard_as(voice, audio)


def heard(audio: Audio) -> Measured:
    """The token frame of a sound [C, n] of which nobody says what it is: that of the voice that comes nearest."""
    own, level_db = descriptor(audio), _rms_db(audio)
    return min((_nearest(voice, own, level_db) for voice in sorted(set(VOICES.values()))), key=lambda each: each.apart)


def heard_as(voice: str, audio: Audio) -> Measured:
    """The token frame of a sound [C, n] that is a voice of `VOICES`. KeyError for a voice without a sheet."""
    return _nearest(voice, descriptor(audio), _rms_db(audio))


def _nearest(voice: str, own: F64, own_db: float) -> Measured:
    """The setting of a voice that comes nearest to a descriptor, for a sound of so many dB."""
    known = _settings(voice)
    apart = [float(np.abs((own - each) / SCALE).sum()) for _, _, _, each in known]
    share, row, level_db, _ = known[nearest := int(np.argmin(apart))]
    return Measured(row, level_db - own_db, voice, share, apart[nearest])


@cache
def _settings(voice: str) -> tuple[tuple[float, Row, float, F64], ...]:
    """Of each setting: its share of the control, its token frame, its level as it plays, its descriptor."""
    sheet, found, renderer = SHEETS[voice], [], Renderer("cpu")
    for n in range(SETTINGS):
        share = (n + 1) / SETTINGS
        rows = rows_as_played(sheet, share, SECONDS)
        [heard] = renderer.render([Request(SEED, "mono", LOOKBACK_STEPS, rows)])
        if float(np.abs(heard).max()) > 0.0:
            found.append((share, rows[-1].copy(), _rms_db(heard), descriptor(heard)))
    return tuple(found)


def _rms_db(audio: Audio) -> float:
    return 10.0 * float(np.log10(np.mean(np.square(audio, dtype=np.float64)) + 1e-12))
