"""The bed: all diffuse sound of a step as one random-phase spectrum a channel, shaped by the sum of the voices' powers.

Hop h begins with step h and lasts two steps under a sine window, so a step is the second half of the hop before and the
first half of its own: at its start it sounds as its predecessor's tokens say, at its end as its own. A hop is 3,840 of
the 4,096 samples of one inverse FFT (4,096 is the faster length); two independent phase streams give any coherence
between left and right by a Cholesky factor per band. Cost does not grow with the number of voices.
"""

import math
from typing import Any, Final

import numpy as np

from ambiome_middleware.sound.arrays import F32, F64, I64
from ambiome_middleware.sound.hashing import hash32, hash64, high32
from ambiome_middleware.sound.jit import jit, jit_inner
from ambiome_middleware.sound.patch import BAND_HZ, BANDS
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_S, STEP_SAMPLES

FFT_SIZE: Final = 4_096
BINS: Final = FFT_SIZE // 2 + 1
WINDOW: Final = np.sin(np.pi * (np.arange(2 * STEP_SAMPLES) + 0.5) / (2 * STEP_SAMPLES)).astype(np.float32)
PHASES: Final = 4_096
PHASORS: Final = np.exp(2j * np.pi * (np.arange(PHASES) + 0.5) / PHASES).astype(np.complex64)
LATE_STEPS: Final = 120
"""How far a reverberant tail reaches (4.8 s); with the longest call before it, it stays within LOOKBACK_STEPS."""
RING: Final = 256
"""Steps in the ring of grain energies: LATE_STEPS behind and the longest delay ahead."""

_BIN_HZ = SAMPLE_RATE_HZ / FFT_SIZE
_CENTRE_BIN = BAND_HZ / _BIN_HZ
_BAND_BINS = _CENTRE_BIN * (2.0 ** (1 / 6) - 2.0 ** (-1 / 6))
DENSITY: Final = np.sqrt(0.5 / _BAND_BINS)
"""Band power 1 → spectrum magnitude a bin, for the unscaled inverse FFT."""
BIN_BAND: Final = np.clip(np.searchsorted(_CENTRE_BIN, np.arange(BINS), side="right") - 1, 0, BANDS - 2)
BIN_SHARE: Final = np.clip((np.arange(BINS) - _CENTRE_BIN[BIN_BAND]) / np.diff(_CENTRE_BIN)[BIN_BAND], 0, 1).astype(
    np.float32
)
BIN_SHARE[0] = 0.0
_FIRST_BIN = np.searchsorted(BIN_BAND, np.arange(BANDS)).astype(np.int64)
_BED_STREAM = 7 << 20


@jit_inner
def phase_key(seed: Any, step: int) -> int:
    """The 32-bit key of one hop's phases."""
    return high32(hash64(seed, _BED_STREAM, step, 0))


@jit_inner
def add_late(step: int, rt60_s: float, late: float, energy: F64, power: F64) -> None:
    """Add the tail of past grains, `energy` [RING, BANDS] by onset step, to `power` [3, BANDS].

    An exponential decay of 60 dB in `rt60_s` (Sabine's definition), faded out linearly at LATE_STEPS; the weights sum
    to one, so `late` is the power of the reverberant field of steady grains against their direct sound.
    """
    if late <= 0.0 or rt60_s <= 0.0:
        return
    ratio = math.exp(-13.815510557964274 * STEP_S / rt60_s)
    weight, total = 1.0, 0.0
    for k in range(LATE_STEPS):
        total += weight * (1.0 - k / LATE_STEPS)
        weight *= ratio
    weight = 0.5 * late / total
    for k in range(LATE_STEPS):
        w = weight * (1.0 - k / LATE_STEPS)
        row = energy[(step - k) % RING]
        for b in range(BANDS):
            power[0, b] += w * row[b]
            power[1, b] += w * row[b]
            power[2, b] += w * row[b] * 0.1
        weight *= ratio


@jit_inner
def shape(power: F64, out: F32) -> None:
    """Powers [3, BANDS] → magnitudes a bin, `out` [3, BANDS]: left from stream 1; right from streams 1 and 2.

    For one channel (`out` [1, BANDS]) the two sides' power is summed.
    """
    for b in range(BANDS):
        if len(out) == 1:
            out[0, b] = math.sqrt(power[0, b] + power[1, b]) * DENSITY[b]
            continue
        left = math.sqrt(power[0, b])
        cross = power[2, b] / left if left > 1e-15 else 0.0
        out[0, b] = left * DENSITY[b]
        out[1, b] = cross * DENSITY[b]
        out[2, b] = math.sqrt(max(power[1, b] - cross * cross, 0.0)) * DENSITY[b]


@jit
def draw_spectra(keys: I64, shapes: F32, spectra: F32) -> None:
    """Keys [R] and magnitudes [R, 1 or 3, BANDS] → spectra [R, C, BINS, 2] (real, imaginary) float32."""
    rows, parts = shapes.shape[0], shapes.shape[1]
    for r in range(rows):
        key = np.uint32(keys[r])
        for band in range(BANDS - 1):
            first = _FIRST_BIN[band]
            last = _FIRST_BIN[band + 1] if band + 1 < BANDS - 1 else BINS
            a0 = shapes[r, 0, band]
            d0 = shapes[r, 0, band + 1] - a0
            if parts == 1:
                for k in range(first, last):
                    h = hash32(np.uint32(key + np.uint32(k) * np.uint32(0x9E3779B9)))
                    phasor = PHASORS[np.int64(h & np.uint32(4095))]
                    g = a0 + d0 * BIN_SHARE[k]
                    spectra[r, 0, k, 0] = g * phasor.real
                    spectra[r, 0, k, 1] = g * phasor.imag
                continue
            a1, a2 = shapes[r, 1, band], shapes[r, 2, band]
            d1, d2 = shapes[r, 1, band + 1] - a1, shapes[r, 2, band + 1] - a2
            for k in range(first, last):
                h = hash32(np.uint32(key + np.uint32(k) * np.uint32(0x9E3779B9)))
                one = PHASORS[np.int64(h & np.uint32(4095))]
                two = PHASORS[np.int64((h >> np.uint32(12)) & np.uint32(4095))]
                share = BIN_SHARE[k]
                g0, g1, g2 = a0 + d0 * share, a1 + d1 * share, a2 + d2 * share
                spectra[r, 0, k, 0] = g0 * one.real
                spectra[r, 0, k, 1] = g0 * one.imag
                spectra[r, 1, k, 0] = g1 * one.real + g2 * two.real
                spectra[r, 1, k, 1] = g1 * one.imag + g2 * two.imag
        for channel in range(spectra.shape[1]):
            spectra[r, channel, 0, 0] = 0.0
            spectra[r, channel, 0, 1] = 0.0
            spectra[r, channel, BINS - 1, 1] = 0.0
