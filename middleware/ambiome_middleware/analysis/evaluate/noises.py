"""Noise as a control: what a measure says of noise is what it says of nothing.

White, pink (−3 dB an octave) and brown (−6 dB an octave) noise know nothing of a category. Noise shaped to the
long-term spectrum of a category's recordings knows its colour and nothing else.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.spectrum import Array, power_spectrum
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

SLOPES: Final = {"white": 0.0, "pink": -1.0, "brown": -2.0}
"""Exponents of power by frequency."""
LOW_HZ: Final = 20.0
"""Below this the coloured noises do not rise any further."""
RMS: Final = 0.1


def coloured(name: str, seconds: float, seed: int) -> npt.NDArray[np.float32]:
    """One of `SLOPES` at −20 dBFS RMS. -> [1, samples]."""
    return _noise(lambda hz: np.maximum(hz, LOW_HZ) ** SLOPES[name], seconds, seed)


def shaped(sounds: Sequence[Audio], seconds: float, seed: int) -> npt.NDArray[np.float32]:
    """Noise with the mean spectrum of these sounds, each counted alike, at −20 dBFS RMS. [C, n] each -> [1, samples].

    ValueError for no sounds.
    """
    if not sounds:
        raise ValueError("sounds must not be empty")
    spectra = [power_spectrum(sound) for sound in sounds]
    hz = spectra[0][0]
    alike = [np.interp(hz, at, power / max(float(power.sum()), 1e-20)) for at, power in spectra]
    mean: Array = np.stack(alike).mean(axis=0, dtype=np.float64)
    return _noise(lambda wanted: np.interp(wanted, hz, mean), seconds, seed)


def _noise(power_at: Callable[[Array], Array], seconds: float, seed: int) -> npt.NDArray[np.float32]:
    samples = round(seconds * SAMPLE_RATE_HZ)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples))
    spectrum *= np.sqrt(power_at(np.asarray(np.fft.rfftfreq(samples, 1 / SAMPLE_RATE_HZ), np.float64)))
    spectrum[0] = 0.0
    noise = np.fft.irfft(spectrum, samples)
    return np.asarray(noise * (RMS / np.sqrt(np.mean(noise**2))), np.float32)[None]
