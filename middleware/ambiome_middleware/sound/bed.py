"""The bed: all diffuse sound of a step as one random-phase spectrum a channel, shaped by the sum of the voices' powers.

Hop h begins with step h and lasts two steps under a sine window, so a step is the second half of the hop before and the
first half of its own: at its start it sounds as its predecessor's tokens say, at its end as its own. A hop is 3,840 of
the 4,096 samples of one inverse FFT (4,096 is the faster length); as many independent noises as a layout has channels
get any covariance by a Cholesky factor per band (see `field`). Cost does not grow with the number of voices.
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.sound.arrays import F32, F64, I64, U32
from ambiome_middleware.sound.decoded import RT60_S
from ambiome_middleware.sound.field import add_diffuse
from ambiome_middleware.sound.hashing import hash32, hash64, high32
from ambiome_middleware.sound.layouts import Field
from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.patch import BAND_HZ, BANDS, Floats
from ambiome_middleware.sound.quality import LATE_REACH
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_S, STEP_SAMPLES

FFT_SIZE: Final = 4_096
BINS: Final = FFT_SIZE // 2 + 1
WINDOW: Final = np.sin(np.pi * (np.arange(2 * STEP_SAMPLES) + 0.5) / (2 * STEP_SAMPLES)).astype(np.float32)
PHASES: Final = 4_096
PHASORS: Final = np.exp(2j * np.pi * (np.arange(PHASES) + 0.5) / PHASES).astype(np.complex64)
_PHASOR_PARTS: Final = PHASORS.view(np.float32).reshape(PHASES, 2)
"""Real and imaginary."""
_GOLDEN = np.uint32(0x9E3779B9)
_LOW, _SHIFT = np.uint32(PHASES - 1), np.uint32(12)
"""Two phases out of one hash."""
LATE_COHERENCE: Final = 0.1
"""Of a tail between any two channels."""
SPEED_OF_SOUND_M_S: Final = 343.0
RING: Final = 256
"""Steps in the ring of grain energies: as far as a tail reaches behind (4.8 s; with the longest call before it, that
stays within LOOKBACK_STEPS), and the longest delay ahead."""

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
_SHARES: Final = np.repeat(BIN_SHARE, 2)
"""`BIN_SHARE` of every real and every imaginary part."""
_FIRST_BIN = np.searchsorted(BIN_BAND, np.arange(BANDS)).astype(np.int64)
_BED_STREAM = 7 << 20


@jit_inner
def phase_key(seed: Any, step: int) -> int:
    """The 32-bit key of one hop's phases."""
    return high32(hash64(seed, _BED_STREAM, step, 0))


def _decays(reach: int) -> tuple[Floats, Floats]:
    """By `rt60_s` token and band: what a tail keeps from step to step, and its weight at the onset, [levels, BANDS].

    It decays by 60 dB in RT60 (Sabine's definition) and by what the air takes on the way of the sound (ISO 9613), and
    fades out linearly at `reach`. Without the air's share the weights of all steps would sum to one: what the air
    takes, the steady field of a room has less.
    """
    rt60_s = np.maximum(RT60_S, 1e-3)[:, None]
    fade = 1.0 - np.arange(reach) / reach
    db_a_step = STEP_S * (60.0 / rt60_s + AIR_DB_PER_M * SPEED_OF_SOUND_M_S)
    dry = 10.0 ** (-6.0 * STEP_S / rt60_s * np.arange(reach))
    total = np.sum(dry * fade, axis=1, keepdims=True)
    return 10.0 ** (-db_a_step / 10.0), np.broadcast_to(1.0 / total, db_a_step.shape).copy()


LATE_DECAY: Final = _decays(1)[0]
LATE_WEIGHT: Final = np.stack([_decays(reach)[1] for reach in LATE_REACH.tolist()])
"""[qualities, levels, BANDS]: a tail that reaches less far has the same energy."""


@jit_inner
def add_late(
    field: Field, step: int, rt60: int, late: float, quality: int, energy: F64, power: F64,
    weight: F64, tail: F64, coherent: F64,
) -> None:  # fmt: skip
    """Add the tail of past grains, `energy` [RING, BANDS] by onset step, to `power` [parts, BANDS], all around.

    `rt60` and `quality` are the tokens; `late` is the power of the reverberant field of steady grains against their
    direct sound. `weight`, `tail`, `coherent` [BANDS] are scratch.
    """
    if late <= 0.0 or RT60_S[rt60] <= 0.0:
        return
    for b in range(BANDS):
        weight[b] = late * LATE_WEIGHT[quality, rt60, b]
        tail[b] = 0.0
    reach = LATE_REACH[quality]
    for k in range(reach):
        fade = 1.0 - k / reach
        row = energy[(step - k) % RING]
        for b in range(BANDS):
            tail[b] += weight[b] * fade * row[b]
            weight[b] *= LATE_DECAY[rt60, b]
    for b in range(BANDS):
        coherent[b] = LATE_COHERENCE * tail[b]
    add_diffuse(field, tail, coherent, power)


@jit
def draw_spectra(keys: I64, shapes: F32, spectra: F32) -> None:
    """Keys [R] and factors [≥ R, n(n+1)/2, BANDS] → spectra [≥ R, n, BINS, 2] (real, imaginary) float32.

    Channel i is the sum of the noises 0 … i by row i of the factor; two noises take their phases from one hash.
    """
    channels = spectra.shape[1]
    noise = np.empty((channels if channels > 2 else 0, 2 * BINS), np.float32)
    hashes = np.empty(BINS, np.uint32)
    _draw(keys, shapes, spectra, spectra.reshape(len(spectra), channels, 2 * BINS), noise, hashes)


@jit_inner
def _draw(keys: I64, shapes: F32, spectra: F32, parted: F32, noise: F32, hashes: U32) -> None:
    """`draw_spectra`, where no view is counted; `parted` [≥ R, n, 2 · BINS] are the spectra. The rest is room to work
    in.
    """
    channels = spectra.shape[1]
    for r in range(len(keys)):
        key = np.uint32(keys[r])
        # All at first: beside the look-ups they would be made one by one.
        for k in range(BINS):
            hashes[k] = hash32(np.uint32(key + np.uint32(k) * _GOLDEN))
        if channels > 2:
            _draw_noise(hashes, noise[: _noises(shapes[r], channels)])
        for band in range(BANDS - 1):
            first = _FIRST_BIN[band]
            last = _FIRST_BIN[band + 1] if band + 1 < BANDS - 1 else BINS
            if channels > 2:
                part = 0
                for i in range(channels):
                    for j in range(i + 1):
                        _add_noise(noise[j], shapes[r, part], band, first, last, j == 0, parted[r, i])
                        part += 1
            elif channels == 2:
                _shape_two(hashes[first:last], BIN_SHARE[first:last], shapes[r], band, spectra[r, :, first:last])
            else:
                _shape_one(hashes[first:last], BIN_SHARE[first:last], shapes[r, 0], band, spectra[r, 0, first:last])
        for channel in range(channels):
            spectra[r, channel, 0, 0] = 0.0
            spectra[r, channel, 0, 1] = 0.0
            spectra[r, channel, BINS - 1, 1] = 0.0


@jit_inner
def _shape_one(hashes: U32, shares: F32, magnitude: F32, band: int, spectrum: F32) -> None:
    """One channel's bins, [n, 2], under its magnitudes [BANDS] between two bands."""
    a = magnitude[band]
    d = magnitude[band + 1] - a
    for k in range(len(hashes)):
        at = np.uint64(hashes[k] & _LOW)
        g = a + d * shares[k]
        spectrum[k, 0] = g * _PHASOR_PARTS[at, 0]
        spectrum[k, 1] = g * _PHASOR_PARTS[at, 1]


@jit_inner
def _shape_two(hashes: U32, shares: F32, shape: F32, band: int, spectra: F32) -> None:
    """Two channels' bins, [2, n, 2], under their factor [3, BANDS] between two bands."""
    a0, a1, a2 = shape[0, band], shape[1, band], shape[2, band]
    d0, d1, d2 = shape[0, band + 1] - a0, shape[1, band + 1] - a1, shape[2, band + 1] - a2
    left, right = spectra[0], spectra[1]
    for k in range(len(hashes)):
        # Unsigned: whether an index counts from the end need not be asked.
        one, two = np.uint64(hashes[k] & _LOW), np.uint64((hashes[k] >> _SHIFT) & _LOW)
        real, imaginary, share = _PHASOR_PARTS[one, 0], _PHASOR_PARTS[one, 1], shares[k]
        g0, g1, g2 = a0 + d0 * share, a1 + d1 * share, a2 + d2 * share
        left[k, 0] = g0 * real
        left[k, 1] = g0 * imaginary
        right[k, 0] = g1 * real + g2 * _PHASOR_PARTS[two, 0]
        right[k, 1] = g1 * imaginary + g2 * _PHASOR_PARTS[two, 1]


@jit_inner
def _noises(shapes: F32, channels: int) -> int:
    """How many noises a factor [parts, BANDS] of so many channels makes use of; at least one."""
    used, row = 1, 0
    for i in range(channels):
        row += i
        for b in range(BANDS):
            if shapes[row + i, b] != 0.0:
                used = max(used, i + 1)
    return used


@jit_inner
def _draw_noise(hashes: U32, noise: F32) -> None:
    """Random phases of every noise and bin, `noise` [n, 2 · BINS], two noises from each hash of the bins, `hashes`
    [BINS], which go on to those of the last two.
    """
    for j in range(len(noise)):
        if j % 2 == 0 and j > 0:
            for k in range(BINS):
                hashes[k] = hash32(np.uint32(hashes[k] + _GOLDEN))
        line, shift = noise[j], np.uint32(_SHIFT * (j % 2))
        for k in range(BINS):
            at = np.uint64((hashes[k] >> shift) & _LOW)
            line[2 * k] = _PHASOR_PARTS[at, 0]
            line[2 * k + 1] = _PHASOR_PARTS[at, 1]


@jit_inner
def _add_noise(noise: F32, magnitude: F32, band: int, first: int, last: int, is_first: bool, spectrum: F32) -> None:
    """Add one noise [2 · BINS] to one channel's bins `first` … `last`, under magnitudes [BANDS] between two bands."""
    a = magnitude[band]
    d = magnitude[band + 1] - a
    here, drawn, shares = spectrum[2 * first : 2 * last], noise[2 * first : 2 * last], _SHARES[2 * first : 2 * last]
    if is_first:
        for k in range(len(here)):
            here[k] = (a + d * shares[k]) * drawn[k]
    elif a != 0.0 or d != 0.0:
        for k in range(len(here)):
            here[k] += (a + d * shares[k]) * drawn[k]
