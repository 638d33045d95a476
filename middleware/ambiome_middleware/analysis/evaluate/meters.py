"""The meters on every scene: loudness, its range, true peak, and seams.

Loudness is ITU-R BS.1770-4's, its range EBU Tech 3342's (short scenes have little of it). Layouts are measured as they
are heard: 5.1 without its LFE, quad with the weights of front and surround, ambisonics by its stereo decode.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.evaluate import scenes
from ambiome_middleware.analysis.evaluate.scenes import Render
from ambiome_middleware.analysis.loudness import integrated_lufs, short_term_lufs, true_peak_dbtp
from ambiome_middleware.analysis.seam import seam_ratio
from ambiome_middleware.sound import layouts
from ambiome_middleware.tokens import STEP_SAMPLES

PEAK_WANTED_DBTP: Final = -1.0
SEAM_WANTED: Final = 1.05
PEAK_TOLERANCE_DB: Final = 0.05
PERCENTILE: Final = 99.0
"""Of some thousands of boundaries; a higher one is known to several percent only. What chance leaves is beside it."""
AGAIN_SEEDS: Final = tuple(range(41, 53))
"""A reading above what is wanted is taken once more with these: four times as much sound, and the second one counts."""
_SHIFTS: Final = (480, 960, 1_440)
_GATE_LUFS: Final = -70.0
_RANGE_GATE_LU: Final = 20.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What the meters say of one scene: means over seeds, the largest true peak."""

    lufs: float
    range_lu: float
    peak_dbtp: float


@dataclass(frozen=True, slots=True)
class Meters:
    """Scenes of a category in stereo, and the seams of all of them together (1: none), beside what chance makes."""

    category: str
    scenes: Mapping[str, Reading]
    seam: float
    chance: float

    @property
    def peak_dbtp(self) -> float:
        return max(reading.peak_dbtp for reading in self.scenes.values())


def meters(category: str, renders: Sequence[Render], *, device: str = "auto") -> Meters:
    """Reads the meters on the stereo renders of a category."""
    by_scene: dict[str, list[Audio]] = {}
    for render in renders:
        by_scene.setdefault(render.scene.name, []).append(render.audio)
    readings = {name: reading(sounds) for name, sounds in by_scene.items()}
    seam, chance = seams([render.audio for render in renders])
    if seam > max(SEAM_WANTED, chance):
        again = scenes.rendered(scenes.scenes_of(category), seeds=AGAIN_SEEDS, device=device)
        seam, chance = seams([render.audio for render in again])
    return Meters(category, readings, seam, chance)


def seams(sounds: Sequence[Audio]) -> tuple[float, float]:
    """`seam_ratio` of sounds of whole steps, and the largest that it is where there are no boundaries: chance.

    Among some thousands of boundaries the roughest in a hundred are compared: fewer scatter by several percent.
    """
    whole = joined(sounds)
    ratios = [seam_ratio(whole[:, shift:], percentile=PERCENTILE) for shift in (0, *_SHIFTS)]
    return ratios[0], max(ratios[1:])


def joined(sounds: Sequence[Audio]) -> Audio:
    """Sounds of whole steps one after another, each faded at its ends so that where they join is no seam. -> [C, n]."""
    ramp = np.sin(np.linspace(0.0, np.pi / 2.0, STEP_SAMPLES // 2)) ** 2
    faded = [np.array(sound, np.float64) for sound in sounds]
    for sound in faded:
        sound[:, : len(ramp)] *= ramp
        sound[:, -len(ramp) :] *= ramp[::-1]
    return np.concatenate(faded, axis=1)


def reading(sounds: Sequence[Audio], layout: str = "stereo") -> Reading:
    """One scene's sounds in a layout, a sound a seed."""
    heard = [as_heard(sound, layout) for sound in sounds]
    return Reading(
        float(np.mean([integrated_lufs(sound) for sound in heard])),
        float(np.mean([loudness_range_lu(sound) for sound in heard])),
        max(peak_dbtp(sound, layout) for sound in sounds),
    )


def as_heard(audio: Audio, layout: str) -> Audio:
    """What loudness is measured of, in the order L R C Ls Rs. [C, n] -> [≤ 5, n]."""
    if layout == "5.1":
        return audio[[0, 1, 2, 4, 5]]
    if layout == "quad":
        return np.stack([audio[0], audio[1], np.zeros_like(audio[0]), audio[2], audio[3]])
    return layouts.stereo_decode(audio) if layout == "ambisonics" else audio


def peak_dbtp(audio: Audio, layout: str) -> float:
    """The true peak over all that is listened to: every channel, or of ambisonics W and the stereo decode."""
    if layout == "ambisonics":
        audio = np.concatenate([audio[:1], layouts.stereo_decode(audio)])
    return true_peak_dbtp(audio)


def loudness_range_lu(audio: Audio) -> float:
    """Loudness range by EBU Tech 3342: 10th to 95th percentile of the gated short-term loudness. 0 for silence."""
    half = 15
    loudness = short_term_lufs(audio)[half:-half]
    loudness = loudness[loudness > _GATE_LUFS]
    if loudness.size == 0:
        return 0.0
    gate = 10.0 * np.log10(np.mean(10.0 ** (loudness / 10.0))) - _RANGE_GATE_LU
    low, high = np.percentile(loudness[loudness > gate], (10.0, 95.0))
    return float(high - low)
