"""How a new grain is written down: its shape, and when it begins."""

import math
from typing import Any, Final

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F64, I16, I64
from ambiome_middleware.sound.bank import DAMPED_DUTY, FORMS, TONE_DUTY
from ambiome_middleware.sound.decibels import up
from ambiome_middleware.sound.hashing import draw64, high32
from ambiome_middleware.sound.levels import BAND_K
from ambiome_middleware.sound.patch import BANDS, MAX_GRAIN_STEPS
from ambiome_middleware.sound.records import (
    G_AM,
    G_AMP,
    G_ATTACK,
    G_BEND,
    G_DECAY,
    G_DEPTH,
    G_NOISE,
    G_POWER,
    G_SECOND,
    G_SWEEP,
    G_THIRD,
    G_TURNS,
    I_BAND,
    I_CUT,
    I_FEATURE,
    I_FORM,
    I_INSIDE,
    I_LENGTH,
    I_OFFSET,
    I_SEED,
    I_STEP,
    I_VOICE,
    INSIDE_ONE,
    P_VOICE,
)
from ambiome_middleware.sound.shelter import inside_share
from ambiome_middleware.tokens import CUT_AT, SAMPLE_RATE_HZ, STEP_SAMPLES, STEPS_PER_S

MAX_DELAY_STEPS: Final = 120
"""No grain begins later than this after the step that set it off."""
_MAX_SAMPLES = MAX_GRAIN_STEPS * STEP_SAMPLES
_NYQUIST_TURNS = 0.46
_DECAYS = 5.5  # −48 dB, and the last quarter of a damped grain fades out besides
_TONE = FORMS["tone"]


@jit_inner
def band_of(turns: float) -> int:
    """Index of the third-octave band of a pitch given in turns a sample."""
    hz = max(turns * SAMPLE_RATE_HZ, 20.0)
    return min(max(round(3.0 * math.log2(hz / 1_000.0)) + 17, 0), BANDS - 1)


@jit_inner
def write_grain(
    f: F64, i: I64, form: int, power: float, turns: float, sweep_oct: float, bend_oct: float,
    decay_s: float, attack: float, noise_hz: float, am_hz: float, depth: float, second: float, third: float,
) -> None:  # fmt: skip
    """Fill a grain's shape. `power`: of a steady sine at its peak, in units of 0 dB(A), before K-weighting."""
    turns = min(max(turns, 10.0 / SAMPLE_RATE_HZ), _NYQUIST_TURNS)
    end = min(max(turns * up(sweep_oct), 10.0 / SAMPLE_RATE_HZ), _NYQUIST_TURNS)
    length = decay_s * SAMPLE_RATE_HZ * (1.0 if form >= _TONE else _DECAYS)
    length = min(max(length, 16.0), float(_MAX_SAMPLES // 2))
    # The arch is a parabola, arch · 4x(1 − x), of which two thirds is the mean.
    middle = 0.5 * (turns + end)
    arch = min(max(middle * up(bend_oct), 10.0 / SAMPLE_RATE_HZ), _NYQUIST_TURNS) - middle if bend_oct != 0.0 else 0.0
    top = max(max(turns, end), middle + arch)
    band = band_of(middle + 2.0 / 3.0 * arch)
    f[G_AMP] = math.sqrt(2.0 * power / BAND_K[band])
    f[G_TURNS] = turns
    f[G_SWEEP] = (0.5 * (end - turns) + 2.0 * arch) / length
    f[G_BEND] = -4.0 / 3.0 * arch / (length * length)
    f[G_DECAY] = -1.4426950408889634 / (max(decay_s, 1e-5) * SAMPLE_RATE_HZ)
    f[G_ATTACK] = min(max(attack if form < _TONE else attack * length, 4.0), 0.9 * length)
    f[G_NOISE] = min(noise_hz / SAMPLE_RATE_HZ, 1.0)
    f[G_AM] = am_hz / SAMPLE_RATE_HZ
    f[G_DEPTH] = depth
    f[G_SECOND] = second if 2.0 * top < _NYQUIST_TURNS else 0.0
    f[G_THIRD] = third if 3.0 * top < _NYQUIST_TURNS else 0.0
    f[G_POWER] = power / BAND_K[band] * decay_s * (TONE_DUTY if form >= _TONE else DAMPED_DUTY) * STEPS_PER_S
    i[I_FORM] = form
    i[I_LENGTH] = int(length)
    i[I_BAND] = band


@jit_inner
def write_onset(i: I64, step: int, delay_samples: int, key: Any, patch: F64, row: I16) -> None:
    i[I_STEP] = step + delay_samples // STEP_SAMPLES
    i[I_OFFSET] = delay_samples % STEP_SAMPLES
    i[I_SEED] = high32(draw64(key, 99))
    i[I_VOICE] = int(patch[P_VOICE])
    i[I_INSIDE] = int(inside_share(patch, row) * INSIDE_ONE + 0.5)
    i[I_FEATURE] = -1
    i[I_CUT] = row[CUT_AT]
