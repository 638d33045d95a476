"""Seams: whether the signal is rougher where two steps meet than it is inside them.

The second difference x[i−1] − 2·x[i] + x[i+1] is small where a signal goes on as it was and large where it jumps. Two
of them span a boundary (those centred on the last sample before it and on the first after it); the larger is that
place's *roughness*. Every other place in the signal has a roughness too, and with those a boundary is compared.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES

FLOOR: Final = 1e-6
"""Roughness of a place is measured against its surroundings, and those count as at least this (−120 dB)."""

_BLOCK_STEPS: Final = 250
_GUARD: Final = 3


@dataclass(frozen=True, slots=True)
class Seam:
    """The boundary that sticks out most: its roughness over the largest within a step on either side, and where.

    About 1 for a signal without seams (one place in some thousands is the roughest of its neighbourhood by chance).
    """

    ratio: float
    at_s: float


def roughness(audio: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Larger of the two second differences that span the place before each sample. [C, n] -> [C, n], 0 at the ends."""
    rough = np.zeros_like(audio)
    if audio.shape[-1] < 4:
        return rough
    second = np.abs(audio[..., :-2] - 2 * audio[..., 1:-1] + audio[..., 2:])
    rough[..., 2:-1] = np.maximum(second[..., :-1], second[..., 1:])
    return rough


def seam_ratio(audio: Audio, *, step_samples: int = STEP_SAMPLES, percentile: float = 99.9) -> float:
    """How much rougher the signal is at step boundaries than inside steps; 1 means not at all. [C, n] -> scalar.

    Every place's roughness is divided by the RMS of its surroundings (half a step to each side, the place itself left
    out), so that a click in a calm night is not hidden by the storm before it; the answer is the ratio of the
    `percentile` at boundaries to that of all places further than three samples from one. Wants many boundaries: the
    99.9th percentile of 10,000 is known to a few per cent.

    Raises ValueError for other than two dimensions or fewer than three steps.
    """
    check_audio(audio, 3 * step_samples)
    half = step_samples // 2
    samples = audio.shape[1]
    at_boundary: list[npt.NDArray[np.float32]] = []
    inside: list[npt.NDArray[np.float32]] = []
    for first in range(half, samples - half, _BLOCK_STEPS * step_samples):
        last = min(first + _BLOCK_STEPS * step_samples, samples - half)
        block = np.asarray(audio[:, max(first - half - 2, 0) : last + half + 2], np.float64)
        lead = min(half + 2, first)
        scaled = _scaled(roughness(block), half)[:, lead : lead + last - first].astype(np.float32)
        offset = np.arange(first, last) % step_samples
        at_boundary.append(scaled[:, offset == 0].ravel())
        inside.append(scaled[:, (offset > _GUARD) & (offset < step_samples - _GUARD)].ravel())
    boundary_level = float(np.percentile(np.concatenate(at_boundary), percentile))
    inside_level = float(np.percentile(np.concatenate(inside), percentile))
    if inside_level == 0.0:
        return 1.0 if boundary_level == 0.0 else float("inf")
    return boundary_level / inside_level


def largest_seam(audio: Audio, *, step_samples: int = STEP_SAMPLES) -> Seam:
    """The boundary with the largest roughness over that of the two steps that it joins. [C, n].

    Raises ValueError for other than two dimensions or fewer than two steps.
    """
    check_audio(audio, 2 * step_samples)
    steps = audio.shape[1] // step_samples
    worst = Seam(0.0, 0.0)
    for first in range(0, steps - 1, _BLOCK_STEPS):
        count = min(_BLOCK_STEPS + 1, steps - first)
        start = first * step_samples
        block = np.asarray(audio[:, start : start + count * step_samples], np.float64)
        rough = roughness(block).reshape(len(block), count, step_samples)
        inside = rough[:, :, _GUARD + 1 : -_GUARD].max(axis=2)
        around = np.maximum(np.maximum(inside[:, :-1], inside[:, 1:]), FLOOR)
        ratio = (rough[:, 1:, 0] / around).max(axis=0)
        index = int(ratio.argmax())
        if ratio[index] > worst.ratio:
            worst = Seam(float(ratio[index]), (first + index + 1) * step_samples / SAMPLE_RATE_HZ)
    return worst


def _scaled(rough: npt.NDArray[np.float64], half: int) -> npt.NDArray[np.float64]:
    """Each place's roughness over the RMS of those within `half` samples of it, itself and its neighbours left out."""
    square = rough**2
    padded = np.pad(square, ((0, 0), (half + 1, half)))
    total = np.cumsum(padded, axis=1)
    around = total[:, 2 * half :] - total[:, : -2 * half]
    around = around[:, : rough.shape[1]]
    near = square.copy()
    near[:, 1:] += square[:, :-1]
    near[:, :-1] += square[:, 1:]
    power = np.maximum(around - near, 0.0) / (2 * half - 3)
    scaled: npt.NDArray[np.float64] = rough / np.maximum(np.sqrt(power), FLOOR)
    return scaled
