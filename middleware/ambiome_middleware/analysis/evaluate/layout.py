"""Every layout on the loudest scenes: loudness, true peak, seams, and how independent its channels are."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt
from ambiome_protocol.audio import CHANNEL_NAMES
from scipy.signal import csd, welch

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.evaluate import scenes
from ambiome_middleware.analysis.evaluate.meters import PEAK_TOLERANCE_DB, PEAK_WANTED_DBTP, Reading, reading, seams
from ambiome_middleware.analysis.evaluate.scenes import Render, Scene
from ambiome_middleware.sound.layouts import LAYOUTS
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Floats = npt.NDArray[np.float64]

OCTAVES_HZ: Final[Floats] = 1_000.0 * 2.0 ** np.arange(-4.0, 4.0)
"""62.5 Hz … 8 kHz."""
SEEDS: Final = (41, 42)
_FFT: Final = 4_096

STORM: Final = Scene(
    "layouts", "storm in a wood",
    (
        {
            "at": 0,
            "world": {
                "weather": {"rain_mm_h": 40.0, "wind_m_s": 18.0, "gust_m_s": 28.0, "thunder_per_min": 12.0,
                            "thunder_km": 1.0},
                "location": {"biome": "temperate_forest"},
                "time": {"hour": 15.0, "day_of_year": 200},
            },
        },
        *({"at": at, "event": {"kind": "lightning", "distance_m": 60.0, "azimuth_deg": 40.0, "strength": 1.0}}
          for at in (14.0, 20.0, 26.0)),
    ),
)  # fmt: skip
LOUD: Final = ((STORM.category, STORM.name), ("rain", "30 mm/h"), ("thunder", "0.3 km"), ("crowd", "1500 people"))
"""The scenes that a layout is measured on; the channels' independence on the second, which is all around."""


@dataclass(frozen=True, slots=True)
class Surround:
    """One layout. `pairs`: correlation of channel pairs in the rain, by the channels' numbers."""

    layout: str
    scenes: Mapping[str, Reading]
    seam: float
    chance: float
    pairs: Mapping[tuple[int, int], float]

    @property
    def peak_dbtp(self) -> float:
        return max(each.peak_dbtp for each in self.scenes.values())

    @property
    def is_below_peak(self) -> bool:
        return self.peak_dbtp <= PEAK_WANTED_DBTP + PEAK_TOLERANCE_DB

    def pair_name(self, pair: tuple[int, int]) -> str:
        """The channels of a pair in words."""
        names = CHANNEL_NAMES[self.layout].split(":")[0].split(", ")  # type: ignore[index]
        return " – ".join(names[channel].strip() for channel in pair)


def surround(layout: str, *, device: str = "auto") -> Surround:
    """Renders the loud scenes in a layout and measures them."""
    heard: list[Render] = []
    readings: dict[str, Reading] = {}
    for category, name in LOUD:
        scene = STORM if category == STORM.category else scenes.scene(category, name)
        part = scenes.rendered([scene], seeds=SEEDS, layout=layout, device=device)
        readings[f"{category}: {name}"] = reading([render.audio for render in part], layout)
        heard += part
    rain = next(render.audio for render in heard if render.scene.category == "rain")
    sounding = [index for index, channel in enumerate(rain) if channel.any()]
    pairs = {(one, two): correlation(rain[one], rain[two]) for one, two in combinations(sounding, 2)}
    return Surround(layout, readings, *seams([render.audio[sounding] for render in heard]), pairs)


def correlation(one: npt.NDArray[np.floating], two: npt.NDArray[np.floating]) -> float:
    """Pearson's correlation of two channels [n], above 20 Hz or so as the sound has it; 0 where one is silent."""
    scale = float(np.sqrt(np.dot(one, one) * np.dot(two, two)))
    return float(np.dot(one, two)) / scale if scale > 0.0 else 0.0


def band_correlation(audio: Audio) -> Floats:
    """Correlation of left and right in each octave of `OCTAVES_HZ`; NaN where nothing sounds. [2, n] -> [8].

    The real part of the cross-spectrum over the octave, divided by the mean power of both.
    """
    left, right = np.asarray(audio[:2], np.float64)
    hz, cross = csd(left, right, SAMPLE_RATE_HZ, nperseg=_FFT, detrend=False)
    _, power_left = welch(left, SAMPLE_RATE_HZ, nperseg=_FFT, detrend=False)
    _, power_right = welch(right, SAMPLE_RATE_HZ, nperseg=_FFT, detrend=False)
    found = np.full(len(OCTAVES_HZ), np.nan)
    for index, centre in enumerate(OCTAVES_HZ):
        band = (hz >= centre / np.sqrt(2.0)) & (hz < centre * np.sqrt(2.0))
        power = np.sqrt(power_left[band].sum() * power_right[band].sum())
        if power > 0.0:
            found[index] = cross[band].real.sum() / power
    return found


@dataclass(frozen=True, slots=True)
class Width:
    """Stereo correlation by octave: the renders' median [octaves], and of each recording [recordings, octaves]."""

    category: str
    renders: Floats
    recordings: Floats


def width(category: str, renders: list[Render], recordings: list[Audio]) -> Width:
    """How wide a category sounds against its stereo recordings (those with two channels that differ)."""
    stereo = [audio for audio in recordings if len(audio) == 2 and not np.allclose(audio[0], audio[1], atol=1e-4)]
    rows = [band_correlation(audio) for audio in stereo]
    return Width(
        category,
        np.nanmedian([band_correlation(render.audio) for render in renders], axis=0),
        np.stack(rows) if rows else np.zeros((0, len(OCTAVES_HZ))),
    )


def layouts() -> tuple[str, ...]:
    """Every layout that the renderer has."""
    return tuple(LAYOUTS)
