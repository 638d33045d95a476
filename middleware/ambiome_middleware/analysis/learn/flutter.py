"""How the level of a recording wanders: standard deviations in dB by octave band and by octave of rate.

What is measured is exactly what `patch.Flutter` makes. Noise of any kind fluctuates by itself, the more the narrower
its band, so each measurement is taken twice: of the recording, and of noise with the recording's spectrum but phases
drawn anew. Variances in dB add up, so the second is taken off the first. Stretches far above the local level are single
events, grains and not flutter, and are held down.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.fft import ifft, next_fast_len, rfft
from scipy.ndimage import median_filter
from scipy.optimize import nnls

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.sound.patch import FLUTTER_HZ, FLUTTER_STEPS
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES, STEPS_PER_S

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

RATE_HZ: Final[Floats] = STEPS_PER_S / (2.0 * np.array(FLUTTER_STEPS))
"""Centre of the octave of rates that noise with knots so many steps apart reaches, 6.25 … 0.05 Hz."""
EVENT_DB: Final = 6.0
"""What stands above the median of a second by more than this is an event."""
DEEPEST_DB: Final = 9.0
_MEDIAN_STEPS: Final = 25
SURROGATES: Final = 2
_ALIKE: Final = 0.1
_PERIODS: Final = 3
"""A rate is measured where the recording holds so many periods of it."""
_FADING: Final = 0.7
"""A slower rate that a short recording cannot hold is taken to be so much shallower than the next one."""


@dataclass(frozen=True, slots=True)
class Wander:
    """`depth_db` [len(FLUTTER_HZ), len(FLUTTER_STEPS)], `common` [len(FLUTTER_STEPS)], both as in `patch.Flutter`."""

    depth_db: Floats
    common: Floats


def measure(audio: Audio, bandwidth_hz: float, surrogates: int = SURROGATES) -> Wander:
    """The flutter of a recording [C, n], at least a second; bands above `bandwidth_hz` are like the highest below.

    `surrogates`: with how many noises it is compared.
    """
    spectra = np.asarray(rfft(np.asarray(audio, np.float64), axis=1))
    samples = audio.shape[1]
    rng = np.random.default_rng(0)
    held = _held(bandwidth_hz)
    real = _covariances(_levels_db(spectra, samples)[:held])
    noise = np.zeros((len(FLUTTER_STEPS), held))
    for _ in range(surrogates):
        turned = spectra * np.exp(2j * np.pi * rng.random(spectra.shape))
        covariance = _covariances(_levels_db(turned, samples)[:held])
        noise += np.array([np.diag(c) for c in covariance]) / surrogates
    variance = np.array([np.diag(c) for c in real]) - noise
    known = int(np.sum(RATE_HZ * samples / SAMPLE_RATE_HZ >= _PERIODS))
    depth = np.zeros((len(FLUTTER_HZ), len(FLUTTER_STEPS)))
    for band in range(held):
        depth[band] = depths_db(np.maximum(variance[:, band], 0.0), max(known, 2))
    depth[held:] = depth[held - 1]
    common = np.array([_common(c, np.maximum(v, 0.0)) for c, v in zip(real, variance, strict=True)])
    common[known:] = common[max(known, 1) - 1]
    return Wander(np.minimum(depth, DEEPEST_DB), common)


def mean(wanders: list[Wander], seconds: list[float]) -> Wander:
    """The mean of several recordings, variances weighted by their lengths."""
    weights = np.array(seconds)
    depth_db = np.sqrt(np.average([each.depth_db**2 for each in wanders], axis=0, weights=weights))
    return Wander(depth_db, np.average([each.common for each in wanders], axis=0, weights=weights))


def depths_db(variance: Floats, known: int) -> Floats:
    """Depths [rates] in dB of the noises that together have this variance (dB²) in each octave of rates, not negative.

    Of the slower rates beyond the first `known` nothing is known; they fade out.
    """
    # Slow rates are few in a recording, so that their variance is uncertain: small ones must not rule the fit.
    scale = 1.0 / np.maximum(variance[:known], max(0.3 * float(variance[:known].max()), 0.02))
    # Several rates can share one variance; neighbours that are alike are the likelier ones.
    alike = _ALIKE * np.minimum(scale[1:], scale[:-1])[:, None] * np.diff(np.eye(known), axis=0)
    weights = np.concatenate([_shares()[:known, :known] * scale[:, None], alike])
    found, _ = nnls(weights, np.concatenate([variance[:known] * scale, np.zeros(known - 1)]))
    rows: Floats = np.sqrt(np.concatenate([found, np.zeros(len(FLUTTER_STEPS) - known)]))
    for rate in range(known, len(rows)):
        rows[rate] = _FADING * rows[rate - 1]
    return rows


def band_spectra(spectra: Complexes, samples: int) -> list[tuple[Complexes, int]]:
    """Each octave band's bins of rffts [C, bins] of `samples` samples, with the number that its envelope needs."""
    bands = []
    for hz in FLUTTER_HZ:
        first, last = (int(edge * samples / SAMPLE_RATE_HZ) for edge in (hz / np.sqrt(2), hz * np.sqrt(2)))
        last = min(last, spectra.shape[1])
        bands.append((spectra[:, first:last], last - first))
    return bands


def _levels_db(spectra: Complexes, samples: int) -> Floats:
    """Level of each octave band in each step, dB, events held down. [C, bins] -> [len(FLUTTER_HZ), steps]."""
    steps = samples // STEP_SAMPLES
    rows = np.empty((len(FLUTTER_HZ), steps))
    edges = np.arange(steps + 1) * STEP_SAMPLES / samples
    for band, (bins, count) in enumerate(band_spectra(spectra, samples)):
        size = next_fast_len(max(count, 2 * steps))
        envelope = ifft(bins, size, axis=1)
        below = np.concatenate([[0.0], np.cumsum((envelope.real**2 + envelope.imag**2).sum(axis=0))])
        power = np.diff(np.interp(edges * size, np.arange(size + 1), below))
        level = 10.0 * np.log10(np.maximum(power, 1e-12 * max(float(power.max()), 1e-30)))
        rows[band] = np.minimum(level, median_filter(level, _MEDIAN_STEPS, mode="nearest") + EVENT_DB)
    return rows


def _covariances(levels_db: Floats) -> list[Floats]:
    """Covariance [bands, bands] in dB² between the bands' levels [bands, steps] in each octave of rates."""
    steps = levels_db.shape[1]
    centred = levels_db - levels_db.mean(axis=1, keepdims=True)
    window = np.hanning(steps)
    spectra = np.fft.rfft(centred * window, axis=1)
    hz = np.arange(spectra.shape[1]) * STEPS_PER_S / steps
    scale = 2.0 / (steps * np.sum(window**2))
    found = []
    for centre in RATE_HZ:
        inside = (hz >= centre / np.sqrt(2)) & (hz < centre * np.sqrt(2))
        part = spectra[:, inside]
        found.append((part @ part.conj().T).real * scale)
    return found


def _common(covariance: Floats, variance: Floats) -> float:
    """The share of variance that bands have in common, 0 … 1, by the pairs of bands that flutter at all."""
    off = ~np.eye(len(variance), dtype=bool)
    together = np.sqrt(np.outer(variance, variance))[off].sum()
    return float(np.clip(covariance[off].sum() / together, 0.0, 1.0)) if together > 0.05 else 0.5


def _held(bandwidth_hz: float) -> int:
    """How many octave bands lie mostly below a band limit; at least one."""
    return max(1, int(np.sum(bandwidth_hz >= 1.1 * FLUTTER_HZ)))


@cache
def _shares() -> Floats:
    """What a noise of variance 1 with knots so many steps apart leaves in each octave of rates, [rates, noises]."""
    steps, rng = 1 << 16, np.random.default_rng(1)
    rows = np.empty((len(FLUTTER_STEPS), len(FLUTTER_STEPS)))
    for noise, knot in enumerate(FLUTTER_STEPS):
        values = rng.standard_normal(steps // knot + 2)
        at = np.arange(steps) / knot
        whole = at.astype(int)
        x = at - whole
        blend = x * x * (3.0 - 2.0 * x)
        made = values[whole] + (values[whole + 1] - values[whole]) * blend
        rows[:, noise] = [c[0, 0] for c in _covariances(((made - made.mean()) / made.std())[None])]
    return rows
