"""Whether a peer renders what Ambiome renders: one listener's sound beside the same session of Ambiome's.

Noise is drawn by each in its own way, so samples cannot agree; octave bands can, and so can the moments at which the
level above 2 kHz rises, since all play the same sounds at the same moments.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.limiter import DELAY_SAMPLES
from ambiome_middleware.tokens import LOOKBACK_STEPS, SAMPLE_RATE_HZ

from benchmarks.peers.scene import frames, steps_of

Floats = npt.NDArray[np.float64]

SECONDS: Final = 20.0
OCTAVES_HZ: Final = 1_000.0 * 2.0 ** np.arange(-5, 5)
LEVEL_WITHIN_DB: Final = 3.0
OCTAVE_WITHIN_DB: Final = 8.0
"""Wide: the quietest octaves are those that a filter of few poles does not shape."""
ALIKE: Final = 0.6
_ABOVE_HZ: Final = 2_000.0
_WINDOW: Final = SAMPLE_RATE_HZ // 100
_SLOW: Final = 200
"""Windows over which beds wander, each peer's in its own way."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`level_db`, `octave_db`: how much louder than Ambiome, on the side that is farthest off and, both together, in
    the octave that is; `correlation` of the two levels above 2 kHz in windows of 10 ms, in dB, without what changes
    over seconds, on the side where it is least."""

    level_db: float
    octave_db: float
    correlation: float

    @property
    def is_alike(self) -> bool:
        """Neither silence nor something else."""
        is_near = abs(self.level_db) < LEVEL_WITHIN_DB and abs(self.octave_db) < OCTAVE_WITHIN_DB
        return is_near and self.correlation > ALIKE


def likeness(file: Path) -> Likeness:
    """Of a WAV of one listener, SECONDS long, and Ambiome's session 0."""
    sound, rate = soundfile.read(file, always_2d=True)
    if rate != SAMPLE_RATE_HZ or not np.isfinite(sound).all():
        raise RuntimeError(f"{file.name}: {rate} Hz, or samples that are no numbers")
    return compare(sound, _ambiome())


def compare(sound: Floats, reference: Floats) -> Likeness:
    """Two sounds [samples, 2], the shorter of both lengths."""
    count = min(len(sound), len(reference))
    ours, theirs = (_octaves(x[:count]) for x in (reference, sound))
    by_octave = 10.0 * np.log10(theirs.sum(axis=1) / ours.sum(axis=1))
    by_side = 10.0 * np.log10(theirs.sum(axis=0) / ours.sum(axis=0))
    moments = min(
        np.corrcoef(_moments(sound[:count, side]), _moments(reference[:count, side]))[0, 1] for side in range(2)
    )
    return Likeness(_farthest(by_side), _farthest(by_octave), float(moments))


def _farthest(levels_db: Floats) -> float:
    return float(levels_db[np.argmax(np.abs(levels_db))])


@cache
def _ambiome() -> Floats:
    steps = steps_of(SECONDS)
    request = Request(0, "stereo", 0, frames(0, -LOOKBACK_STEPS, LOOKBACK_STEPS + steps))
    return Renderer("cpu").render([request])[0].T[DELAY_SAMPLES:].astype(np.float64)


def _octaves(sound: Floats) -> Floats:
    """Power in each octave band of each channel, [octaves, 2]; at least what rounding leaves."""
    power = np.abs(np.fft.rfft(sound, axis=0)) ** 2 / len(sound) ** 2
    hz = np.fft.rfftfreq(len(sound), 1.0 / SAMPLE_RATE_HZ)
    edges = [(hz >= centre / np.sqrt(2.0)) & (hz < centre * np.sqrt(2.0)) for centre in OCTAVES_HZ]
    return np.array([power[edge].sum(axis=0) for edge in edges], np.float64) + 1e-20


def _moments(sound: Floats) -> Floats:
    """Level of one channel above 2 kHz in windows of 10 ms, dB, against the mean of 2 s around."""
    spectrum = np.fft.rfft(sound)
    spectrum[: int(_ABOVE_HZ * len(sound) / SAMPLE_RATE_HZ)] = 0.0
    bright = np.fft.irfft(spectrum, len(sound))
    windows = bright[: len(bright) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    level_db = 10.0 * np.log10(np.mean(windows**2, axis=1) + 1e-20)
    return np.asarray(level_db - np.convolve(level_db, np.full(_SLOW, 1.0 / _SLOW), "same"), np.float64)
