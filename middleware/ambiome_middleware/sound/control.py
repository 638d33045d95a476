"""Tokens → powers: what each step's token frame says about the bed's bands and the grains' gains.

Runs on the host for every device, in float64, one token frame at a time, so that neither batch nor chunk can matter.
"""

import math
from typing import Any, Final

import numpy as np

from ambiome_middleware.sound import levels
from ambiome_middleware.sound.arrays import F64, I16, fill
from ambiome_middleware.sound.bank import SCOPE_OWN, Bank
from ambiome_middleware.sound.decibels import as_power, squared, up
from ambiome_middleware.sound.decoded import (
    AIR_DB_PER_M,
    BAND_K,
    CUTOFF_POWER,
    FEATURE_M,
    GAIN_AMPLITUDE,
    NEVER,
    RATE_ONE,
)
from ambiome_middleware.sound.jit import jit, jit_inner
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.tokens import (
    COLUMN,
    CUT_AT,
    FEATURE,
    FEATURE_SLOTS,
    FEATURES_AT,
    SCENE,
    STEP_S,
)

VOICE_COUNT: Final = 16
# Columns of a row of gains, all amplitudes.
AT_VOICE: Final = 0
AT_SHELTER: Final = AT_VOICE + VOICE_COUNT
AT_FEATURE: Final = AT_SHELTER + BANDS
"""Four for each feature slot: amplitude (distance and loudness included), left, right, distance in metres."""
AT_LOUDNESS: Final = AT_FEATURE + 4 * FEATURE_SLOTS
AT_COMPRESSION: Final = AT_LOUDNESS + 1
AT_CUT: Final = AT_COMPRESSION + 1
GAIN_COLUMNS: Final = AT_CUT + 1

_FEATURE_WIDTH = len(FEATURE)
_VOICE_GAIN_AT = COLUMN["gain_rain_db"]
_MASTER, _DYNAMICS = COLUMN["master_db"], COLUMN["dynamics"]
_OUTDOOR, _CUTOFF = COLUMN["outdoor"], COLUMN["outdoor_cutoff_hz"]
_DYNAMICS_TOP = SCENE[_DYNAMICS].levels - 1
_OUTDOOR_TOP = SCENE[_OUTDOOR].levels - 1
_LEVEL_TOP = FEATURE[1].levels - 1
_AZIMUTHS = FEATURE[3].levels
_P_QUIETEST = 10.0 ** (levels.QUIETEST_DBA / 10.0)
_P_REFERENCE = 10.0 ** (levels.REFERENCE_DBA / 10.0)
FULL_SCALE: Final = 10.0 ** (-levels.FULL_SCALE_DBA / 20.0)
"""Amplitude of 0 dB(A): what a power of 1 in these units becomes."""


@jit_inner
def token(bank: Bank, row: I16, own_at: int, factor: int) -> Any:
    """The token that a factor reads: of the scene, or of the feature or event slot that starts at `own_at`."""
    column = bank.factors[factor, 0]
    return np.int64(row[own_at + column] if bank.factors[factor, 1] == SCOPE_OWN else row[column])


@jit_inner
def scalar_power(bank: Bank, row: I16, own_at: int, start: int, stop: int) -> float:
    """Product of the one-number factors of a list."""
    power = 1.0
    for factor in range(start, stop):
        if bank.factors[factor, 3] == 0:
            power *= bank.floats[bank.factors[factor, 2] + token(bank, row, own_at, factor)]
    return power


@jit_inner
def band_powers(
    bank: Bank,
    row: I16,
    own_at: int,
    start: int,
    stop: int,
    spectrum: int,
    out: F64,
) -> float:
    """Write spectrum × all factors of a list into `out` [BANDS]; returns the one-number product (0: not written)."""
    power = scalar_power(bank, row, own_at, start, stop)
    if power <= 0.0:
        return 0.0
    for band in range(BANDS):
        out[band] = power * bank.floats[spectrum + band]
    for factor in range(start, stop):
        if bank.factors[factor, 3] == 1:
            at = bank.factors[factor, 2] + token(bank, row, own_at, factor) * BANDS
            for band in range(BANDS):
                out[band] *= bank.floats[at + band]
    return power


@jit_inner
def octaves(bank: Bank, row: I16, own_at: int, draw: F64) -> float:
    """Centre of a draw plus its tables' octaves at these tokens."""
    total = draw[0]
    for factor in range(int(draw[3]), int(draw[4])):
        total += bank.floats[bank.factors[factor, 2] + token(bank, row, own_at, factor)]
    return total


@jit_inner
def rate_log2(bank: Bank, row: I16, own_at: int, start: int, stop: int, const: int) -> int:
    """Sum of integer log2 rates (RATE_ONE an octave); anything at or under NEVER / 2 means never."""
    total = const
    for factor in range(start, stop):
        total += bank.ints[bank.factors[factor, 2] + token(bank, row, own_at, factor)]
    return total


@jit_inner
def _rate(total: int) -> float:
    return 0.0 if total <= NEVER // 2 else up(total / RATE_ONE)


@jit_inner
def feature_power(bank: Bank, row: I16, slot: int, reference_m: float) -> float:
    """Level² × inverse square of the distance, of one feature slot."""
    at = FEATURES_AT + slot * _FEATURE_WIDTH
    level = (row[at + 1] / _LEVEL_TOP) ** 2
    distance = FEATURE_M[row[at + 2]]
    return level * level * (reference_m / max(distance, 1.0)) ** 2


@jit_inner
def _expected_grains(bank: Bank, row: I16, outdoor: float) -> float:
    """Mean power of all grains, callers and swells of the scene and its features, dB(A) as power (air left out)."""
    total = 0.0
    for index in range(len(bank.emitters)):
        e = bank.emitters[index]
        patch = bank.patches[int(e[0])]
        if patch[0] == 2:
            continue
        share = 1.0 if patch[3] else outdoor
        for slot in range(1 if patch[0] == 0 else FEATURE_SLOTS):
            own_at = FEATURES_AT + slot * _FEATURE_WIDTH
            if patch[0] == 1 and row[own_at] != patch[1]:
                continue
            rate = _rate(rate_log2(bank, row, own_at, int(e[3]), int(e[4]), int(e[5])))
            if rate > 0.0:
                power = (
                    min(rate, 1.0)
                    * e[2]
                    / STEP_S
                    * e[12]
                    * squared(octaves(bank, row, own_at, bank.emitter_draws[index, :5]))
                )
                total += power * share * (1.0 if patch[0] == 0 else feature_power(bank, row, slot, patch[4]))
    for index in range(len(bank.swells)):
        s = bank.swells[index]
        patch = bank.patches[int(s[0])]
        if patch[0] == 2:
            continue
        share = 1.0 if patch[3] else outdoor
        for slot in range(1 if patch[0] == 0 else FEATURE_SLOTS):
            own_at = FEATURES_AT + slot * _FEATURE_WIDTH
            if patch[0] == 1 and row[own_at] != patch[1]:
                continue
            rate = _rate(rate_log2(bank, row, own_at, int(s[2]), int(s[3]), int(s[4])))
            if rate > 0.0:
                power = (
                    min(rate, 1.0)
                    * s[1]
                    / STEP_S
                    * s[18]
                    * squared(octaves(bank, row, own_at, bank.swell_draws[index, :5]))
                )
                total += power * share * (1.0 if patch[0] == 0 else feature_power(bank, row, slot, patch[4]))
    for index in range(len(bank.callers)):
        c = bank.callers[index]
        patch = bank.patches[int(c[0])]
        if patch[0] != 0:
            continue
        activity = _rate(rate_log2(bank, row, 0, int(c[3]), int(c[4]), 0))
        if activity > 0.0:
            presence = _rate(rate_log2(bank, row, 0, int(c[5]), int(c[6]), 0))
            power = (
                min(activity, 1.0)
                * min(presence, 1.0)
                * c[16]
                * squared(octaves(bank, row, 0, bank.caller_draws[index, :5]))
            )
            if c[10] >= 0:
                power *= (c[12] / max(bank.floats[int(c[11]) + row[int(c[10])]], 1.0)) ** 2
            total += power * (1.0 if patch[3] else outdoor)
    return total


@jit_inner
def pan_amplitudes(azimuth: int) -> tuple[float, float]:
    """Constant-power left and right of an azimuth token: front and back in the middle, 90° right, 270° left."""
    angle = (math.sin(azimuth * (2.0 * math.pi / _AZIMUTHS)) + 1.0) * (math.pi / 4.0)
    return math.cos(angle), math.sin(angle)


@jit
def control(
    bank: Bank,
    row: I16,
    power: F64,
    gains: F64,
    band: F64,
) -> None:
    """One token frame → left, right and cross power of the bed's layers `power` [3, BANDS] and `gains` [GAIN_COLUMNS].

    Powers are in units of 0 dB(A); `gains` hold what turns them into samples. `band` [BANDS] is scratch.
    """
    master = GAIN_AMPLITUDE[row[_MASTER]]
    dynamics = row[_DYNAMICS] / _DYNAMICS_TOP
    outdoor = (row[_OUTDOOR] / _OUTDOOR_TOP) ** 2
    cutoff = CUTOFF_POWER[row[_CUTOFF]]
    for channel in range(3):
        fill(power[channel], 0.0)
    fill(gains, 0.0)
    loud = _expected_grains(bank, row, outdoor)
    for index in range(len(bank.layers)):
        layer = bank.layers[index]
        patch = bank.patches[int(layer[0])]
        if patch[0] == 2:
            continue
        voice = GAIN_AMPLITUDE[row[_VOICE_GAIN_AT + int(patch[2])]] ** 2
        coherence = int(layer[4])
        for slot in range(1 if patch[0] == 0 else FEATURE_SLOTS):
            own_at = FEATURES_AT + slot * _FEATURE_WIDTH
            left, right, scale = math.sqrt(0.5), math.sqrt(0.5), 1.0
            if patch[0] == 1:
                if row[own_at] != patch[1] or row[own_at + 1] == 0:
                    continue
                left, right = pan_amplitudes(row[own_at + 3])
                scale = feature_power(bank, row, slot, patch[4])
            if band_powers(bank, row, own_at, int(layer[1]), int(layer[2]), int(layer[3]), band) <= 0.0:
                continue
            far = FEATURE_M[row[own_at + 2]] if patch[0] == 1 else 0.0
            for b in range(BANDS):
                p = band[b] * scale
                if patch[3] == 0.0:
                    p *= outdoor * cutoff[b]
                if far > 0.0:
                    p *= as_power(-AIR_DB_PER_M[b] * far)
                loud += p * BAND_K[b]
                p *= voice
                power[0, b] += p * left * left
                power[1, b] += p * right * right
                power[2, b] += p * left * right * bank.floats[coherence + b]
    loud = max(loud, _P_QUIETEST)
    compression = (loud / _P_REFERENCE) ** ((dynamics - 1.0) / 2.0)
    overall = master * compression * FULL_SCALE
    for v in range(VOICE_COUNT):
        gains[AT_VOICE + v] = overall * GAIN_AMPLITUDE[row[_VOICE_GAIN_AT + v]]
    for b in range(BANDS):
        gains[AT_SHELTER + b] = math.sqrt(outdoor * cutoff[b])
        for channel in range(3):
            power[channel, b] *= overall * overall
    for slot in range(FEATURE_SLOTS):
        at, own_at = AT_FEATURE + 4 * slot, FEATURES_AT + slot * _FEATURE_WIDTH
        if row[own_at] != 0:
            gains[at] = math.sqrt(feature_power(bank, row, slot, 1.0))
            gains[at + 1], gains[at + 2] = pan_amplitudes(row[own_at + 3])
            gains[at + 3] = FEATURE_M[row[own_at + 2]]
    gains[AT_LOUDNESS] = loud
    gains[AT_COMPRESSION] = dynamics
    gains[AT_CUT] = row[CUT_AT]
