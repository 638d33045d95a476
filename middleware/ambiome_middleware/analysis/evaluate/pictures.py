"""Render beside recording: two spectrograms a category, small enough to travel between processes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.evaluate.scenes import Render
from ambiome_middleware.analysis.spectrum import log_spectrogram_db
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Picture = npt.NDArray[np.float32]

SECONDS: Final = 10.0
BANDS: Final = 96
COLUMNS: Final = 240
LOW_HZ: Final = 50.0
HIGH_HZ: Final = 16_000.0


@dataclass(frozen=True, slots=True)
class Pictures:
    """Levels in dB over logarithmic bands of one render and one recording, [BANDS, ≤ COLUMNS] each."""

    category: str
    render: Picture
    render_name: str
    recording: Picture
    recording_name: str


def pictures(category: str, renders: Sequence[Render], recordings: Mapping[str, Audio]) -> Pictures:
    """The middle scene's first seed, and the longest recording; the stretch about the loudest second of each."""
    render = renders[len(renders) // 2]
    name = max(recordings, key=lambda each: (recordings[each].shape[1], each))
    return Pictures(
        category,
        _picture(render.audio),
        f"{render.scene.name}, seed {render.seed}",
        _picture(recordings[name]),
        name,
    )


def _picture(audio: Audio) -> Picture:
    second, wanted = SAMPLE_RATE_HZ, round(SECONDS * SAMPLE_RATE_HZ)
    power = np.mean(np.asarray(audio, np.float32) ** 2, axis=0)
    loudest = int(np.add.reduceat(power, np.arange(0, len(power), second)).argmax()) * second
    first = min(max(loudest - wanted // 3, 0), max(audio.shape[1] - wanted, 0))
    stretch = audio[:, first : first + wanted]
    _, levels = log_spectrogram_db(stretch, bands=BANDS, columns=COLUMNS, low_hz=LOW_HZ, high_hz=HIGH_HZ)
    return np.asarray(levels, np.float32)
