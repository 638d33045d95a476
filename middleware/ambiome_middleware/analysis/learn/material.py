"""What is learned from: one recording's samples, how far up its spectrum reaches, and whose it is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ambiome_middleware.sound.profile import Origin
from ambiome_middleware.tokens import SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """A recording [C, n] at 48 kHz, float64, without its mean; `bandwidth_hz` is where its spectrum ends."""

    audio: npt.NDArray[np.float64]
    bandwidth_hz: float
    origin: Origin

    @property
    def seconds(self) -> float:
        """How long it is."""
        return float(self.audio.shape[1] / SAMPLE_RATE_HZ)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One level of a texture: how intense it is, 0 … 1, and the recordings of it."""

    intensity: float
    material: tuple[Material, ...]


def prepared(audio: npt.NDArray[np.float32], bandwidth_hz: float, origin: Origin) -> Material:
    """A recording made ready: mean taken off, digital silence at its ends cut away."""
    samples = np.asarray(audio, np.float64)
    loud = np.flatnonzero(np.abs(samples).max(axis=0) > 0.0)
    if len(loud):
        samples = samples[:, loud[0] : loud[-1] + 1]
    return Material(samples - samples.mean(axis=1, keepdims=True), bandwidth_hz, origin)
