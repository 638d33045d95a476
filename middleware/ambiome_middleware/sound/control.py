"""Tokens → powers: what each step's token frame says about the bed's bands and the grains' gains.

Runs on the host for every device, in float64, one token frame at a time, so that neither batch nor chunk can matter.
"""

import math
from typing import Any, Final

import numpy as np
from ambiome_protocol.lists import VOICES

from ambiome_middleware.sound import levels
from ambiome_middleware.sound.arrays import F64, I16, fill
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.decibels import as_power, squared, up
from ambiome_middleware.sound.decoded import CUTOFF_POWER, FEATURE_M, GAIN_AMPLITUDE, NEVER, RATE_ONE
from ambiome_middleware.sound.jit import jit, jit_inner
from ambiome_middleware.sound.levels import AIR_DB_PER_M, BAND_K
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.records import (
    C_ACTIVITY,
    C_ACTIVITY_STOP,
    C_DISTANCE,
    C_DISTANCE_AT,
    C_ENERGY,
    C_PATCH,
    C_PRESENCE,
    C_PRESENCE_STOP,
    C_REFERENCE_M,
    D_CENTRE,
    D_START,
    D_STOP,
    E_LEVEL,
    EVENT_SOURCE,
    F_AT,
    F_COLUMN,
    F_SCOPE,
    F_WIDE,
    FEATURE_SOURCE,
    L_COHERENCE,
    L_PATCH,
    L_SPECTRUM,
    L_START,
    L_STOP,
    O_ENERGY,
    O_PATCH,
    O_RATE,
    O_RATE_CONST,
    O_RATE_STOP,
    O_SLOTS,
    OWN_SCOPE,
    P_INSIDE,
    P_KIND,
    P_REFERENCE_M,
    P_SOURCE,
    P_VOICE,
    SCENE_SOURCE,
)
from ambiome_middleware.tokens import (
    COLUMN,
    CUT_AT,
    FEATURE,
    FEATURE_SLOTS,
    FEATURES_AT,
    SCENE,
    STEP_S,
)

VOICE_COUNT: Final = len(VOICES)
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
    column = bank.factors[factor, F_COLUMN]
    return np.int64(row[own_at + column] if bank.factors[factor, F_SCOPE] == OWN_SCOPE else row[column])


@jit_inner
def scalar_power(bank: Bank, row: I16, own_at: int, start: int, stop: int) -> float:
    """Product of the one-number factors of a list."""
    power = 1.0
    for factor in range(start, stop):
        if bank.factors[factor, F_WIDE] == 0:
            power *= bank.floats[bank.factors[factor, F_AT] + token(bank, row, own_at, factor)]
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
        if bank.factors[factor, F_WIDE] == 1:
            at = bank.factors[factor, F_AT] + token(bank, row, own_at, factor) * BANDS
            for band in range(BANDS):
                out[band] *= bank.floats[at + band]
    return power


@jit_inner
def octaves(bank: Bank, row: I16, own_at: int, draw: F64) -> float:
    """Centre of a draw plus its tables' octaves at these tokens."""
    total = draw[D_CENTRE]
    for factor in range(int(draw[D_START]), int(draw[D_STOP])):
        total += bank.floats[bank.factors[factor, F_AT] + token(bank, row, own_at, factor)]
    return total


@jit_inner
def rate_log2(bank: Bank, row: I16, own_at: int, start: int, stop: int, const: int) -> int:
    """Sum of integer log2 rates (RATE_ONE an octave); anything at or under NEVER / 2 means never."""
    total = const
    for factor in range(start, stop):
        total += bank.ints[bank.factors[factor, F_AT] + token(bank, row, own_at, factor)]
    return total


@jit_inner
def _rate(total: int) -> float:
    return 0.0 if total <= NEVER // 2 else up(total / RATE_ONE)


@jit_inner
def feature_power(row: I16, slot: int, reference_m: float) -> float:
    """Level² × inverse square of the distance, of one feature slot."""
    at = FEATURES_AT + slot * _FEATURE_WIDTH
    level = (row[at + 1] / _LEVEL_TOP) ** 2
    distance = FEATURE_M[row[at + 2]]
    return level * level * (reference_m / max(distance, 1.0)) ** 2


@jit_inner
def _expected(bank: Bank, row: I16, outdoor: float, onsets: F64, level: F64) -> float:
    """Mean power of what one emitter or swell sets off, dB(A) as power (air left out); nothing for events."""
    patch = bank.patches[int(onsets[O_PATCH])]
    if patch[P_SOURCE] == EVENT_SOURCE:
        return 0.0
    total = 0.0
    for slot in range(1 if patch[P_SOURCE] == SCENE_SOURCE else FEATURE_SLOTS):
        own_at = FEATURES_AT + slot * _FEATURE_WIDTH
        if patch[P_SOURCE] == FEATURE_SOURCE and row[own_at] != patch[P_KIND]:
            continue
        log2 = rate_log2(bank, row, own_at, int(onsets[O_RATE]), int(onsets[O_RATE_STOP]), int(onsets[O_RATE_CONST]))
        if log2 > NEVER // 2:
            onsets_hz = min(_rate(log2), 1.0) * onsets[O_SLOTS] / STEP_S
            power = onsets_hz * onsets[O_ENERGY] * squared(octaves(bank, row, own_at, level))
            shelter = 1.0 if patch[P_INSIDE] else math.sqrt(outdoor)
            if patch[P_SOURCE] == FEATURE_SOURCE:
                power *= feature_power(row, slot, patch[P_REFERENCE_M])
                shelter = sheltered(shelter, FEATURE_M[row[own_at + 2]])
            total += power * shelter * shelter
    return total


@jit_inner
def _expected_calls(bank: Bank, row: I16, outdoor: float, index: int) -> float:
    """Mean power of one species of the scene."""
    c = bank.callers[index]
    patch = bank.patches[int(c[C_PATCH])]
    if patch[P_SOURCE] != SCENE_SOURCE:
        return 0.0
    activity = _rate(rate_log2(bank, row, 0, int(c[C_ACTIVITY]), int(c[C_ACTIVITY_STOP]), 0))
    if activity <= 0.0:
        return 0.0
    presence = _rate(rate_log2(bank, row, 0, int(c[C_PRESENCE]), int(c[C_PRESENCE_STOP]), 0))
    power = min(activity, 1.0) * min(presence, 1.0) * c[C_ENERGY]
    power *= squared(octaves(bank, row, 0, bank.caller_draws[index, 0]))
    if c[C_DISTANCE] >= 0:
        power *= (c[C_REFERENCE_M] / max(bank.floats[int(c[C_DISTANCE_AT]) + row[int(c[C_DISTANCE])]], 1.0)) ** 2
    return power * (1.0 if patch[P_INSIDE] else outdoor)


@jit_inner
def sheltered(shelter: float, feature_m: float) -> float:
    """What a shelter leaves of a feature, as amplitude: all of one within 5 m, which stands under it too (a hearth in
    the room); `shelter` of one beyond 15 m."""
    return shelter + (1.0 - shelter) * min(max((15.0 - feature_m) / 10.0, 0.0), 1.0)


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
    loud = 0.0
    for index in range(len(bank.emitters)):
        loud += _expected(bank, row, outdoor, bank.emitters[index], bank.emitter_draws[index, E_LEVEL])
    for index in range(len(bank.swells)):
        loud += _expected(bank, row, outdoor, bank.swells[index], bank.swell_draws[index, 0])
    for index in range(len(bank.callers)):
        loud += _expected_calls(bank, row, outdoor, index)
    for index in range(len(bank.layers)):
        layer = bank.layers[index]
        patch = bank.patches[int(layer[L_PATCH])]
        if patch[P_SOURCE] == EVENT_SOURCE:
            continue
        voice = GAIN_AMPLITUDE[row[_VOICE_GAIN_AT + int(patch[P_VOICE])]] ** 2
        coherence = int(layer[L_COHERENCE])
        for slot in range(1 if patch[P_SOURCE] == SCENE_SOURCE else FEATURE_SLOTS):
            own_at = FEATURES_AT + slot * _FEATURE_WIDTH
            left, right, scale = math.sqrt(0.5), math.sqrt(0.5), 1.0
            if patch[P_SOURCE] == FEATURE_SOURCE:
                if row[own_at] != patch[P_KIND] or row[own_at + 1] == 0:
                    continue
                left, right = pan_amplitudes(row[own_at + 3])
                scale = feature_power(row, slot, patch[P_REFERENCE_M])
            start, stop, spectrum = int(layer[L_START]), int(layer[L_STOP]), int(layer[L_SPECTRUM])
            if band_powers(bank, row, own_at, start, stop, spectrum, band) <= 0.0:
                continue
            far = FEATURE_M[row[own_at + 2]] if patch[P_SOURCE] == FEATURE_SOURCE else 0.0
            for b in range(BANDS):
                p = band[b] * scale
                shelter = 1.0 if patch[P_INSIDE] else math.sqrt(outdoor * cutoff[b])
                if far > 0.0:
                    p *= as_power(-AIR_DB_PER_M[b] * far)
                    shelter = sheltered(shelter, far)
                p *= shelter * shelter
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
            gains[at] = math.sqrt(feature_power(row, slot, 1.0))
            gains[at + 1], gains[at + 2] = pan_amplitudes(row[own_at + 3])
            gains[at + 3] = FEATURE_M[row[own_at + 2]]
    gains[AT_LOUDNESS] = loud
    gains[AT_COMPRESSION] = dynamics
    gains[AT_CUT] = row[CUT_AT]
