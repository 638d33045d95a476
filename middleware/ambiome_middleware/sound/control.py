"""Tokens → powers: what each step's token frame says about the bed's bands and the grains' gains.

Runs on the host for every device, in float64, one token frame at a time, so that neither batch nor chunk can matter.
"""

import math
from typing import Any, Final

import numpy as np
from ambiome_protocol.lists import VOICES

from ambiome_middleware.sound import levels
from ambiome_middleware.sound.arrays import F64, I16, I64, fill
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.decibels import as_power, squared, up
from ambiome_middleware.sound.decoded import CUTOFF_POWER, FEATURE_M, GAIN_AMPLITUDE, NEVER, RATE_ONE
from ambiome_middleware.sound.field import add_diffuse, add_directional
from ambiome_middleware.sound.flutter import LANES, RATES, common_noise, flutter_gains
from ambiome_middleware.sound.jit import jit, jit_inner
from ambiome_middleware.sound.layouts import AZIMUTHS, LAYOUTS, Field
from ambiome_middleware.sound.levels import AIR_DB_PER_M, BAND_K
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.records import (
    ALL_INSIDE,
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
    L_DEPTH,
    L_DEPTH_STOP,
    L_FLUTTER,
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
    P_CALLERS,
    P_CALLERS_STOP,
    P_EMITTERS,
    P_EMITTERS_STOP,
    P_FLUTTERS,
    P_GATE,
    P_HEEDED,
    P_HEEDED_STOP,
    P_INSIDE,
    P_KIND,
    P_LAYERS,
    P_LAYERS_STOP,
    P_REFERENCE_M,
    P_SOURCE,
    P_SWELLS,
    P_SWELLS_STOP,
    P_VOICE,
    SCENE_SOURCE,
)
from ambiome_middleware.tokens import (
    COLUMN,
    CUT_AT,
    EVENT,
    EVENT_SLOTS,
    EVENTS_AT,
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
FEATURE_GAINS: Final = 3
"""For each feature slot: amplitude (distance and loudness included), azimuth from the heading, distance in metres."""
AT_HEADING: Final = AT_FEATURE + FEATURE_GAINS * FEATURE_SLOTS
AT_LOUDNESS: Final = AT_HEADING + 1
AT_COMPRESSION: Final = AT_LOUDNESS + 1
AT_CUT: Final = AT_COMPRESSION + 1
GAIN_COLUMNS: Final = AT_CUT + 1

_FEATURE_WIDTH, _EVENT_WIDTH = len(FEATURE), len(EVENT)
_VOICE_GAIN_AT = COLUMN["gain_rain_db"]
_MASTER, _DYNAMICS = COLUMN["master_db"], COLUMN["dynamics"]
_OUTDOOR, _CUTOFF, _HEADING = COLUMN["outdoor"], COLUMN["outdoor_cutoff_hz"], COLUMN["heading_deg"]
_DYNAMICS_TOP = SCENE[_DYNAMICS].levels - 1
_OUTDOOR_TOP = SCENE[_OUTDOOR].levels - 1
_SHARE_TOP = SCENE[COLUMN["crowd_within"]].levels - 1
_LEVEL_TOP = FEATURE[1].levels - 1
AZIMUTHS_A_TOKEN: Final = AZIMUTHS // FEATURE[3].levels
"""Of a feature's, an event's and the heading's token."""
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
            shelter = partly_inside(math.sqrt(outdoor), inside_share(patch, row))
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
    shelter = partly_inside(math.sqrt(outdoor), inside_share(patch, row))
    return power * shelter * shelter


@jit_inner
def inside_share(patch: F64, row: I16) -> float:
    """How much of a patch is heard from inside, 0 … 1."""
    column = int(patch[P_INSIDE])
    if column < 0:
        return 1.0 if column == ALL_INSIDE else 0.0
    return row[column] / _SHARE_TOP


@jit_inner
def partly_inside(shelter: float, share: float) -> float:
    """Amplitude of what is outside under `shelter` and inside, unfiltered, by `share` (0 … 1)."""
    return shelter + (1.0 - shelter) * share


@jit_inner
def sheltered(shelter: float, feature_m: float) -> float:
    """What a shelter leaves of a feature, as amplitude: all of one within 5 m, which stands under it too (a hearth in
    the room); `shelter` of one beyond 15 m."""
    return partly_inside(shelter, min(max((15.0 - feature_m) / 10.0, 0.0), 1.0))


@jit_inner
def open_patches(bank: Bank, row: I16, is_open: I64) -> None:
    """Which patches can sound at all by this token frame, `is_open` [patches]: 0 or 1."""
    features, events = np.int64(0), np.int64(0)
    for slot in range(FEATURE_SLOTS):
        features |= np.int64(1) << np.int64(row[FEATURES_AT + slot * _FEATURE_WIDTH])
    for slot in range(EVENT_SLOTS):
        events |= np.int64(1) << np.int64(row[EVENTS_AT + slot * _EVENT_WIDTH])
    for index in range(len(bank.patches)):
        patch = bank.patches[index]
        if patch[P_SOURCE] == SCENE_SOURCE:
            gate = int(patch[P_GATE])
            is_open[index] = 1 if gate < 0 or row[gate] != 0 else 0
        else:
            kinds = features if patch[P_SOURCE] == FEATURE_SOURCE else events
            is_open[index] = (kinds >> int(patch[P_KIND])) & 1


@jit_inner
def _is_noted(bank: Bank, patch: F64, row: I16, noted: I16) -> bool:
    """Whether the columns that a patch's mean power heeds are those that stand in `noted`; they do then."""
    is_noted = True
    for n in range(int(patch[P_HEEDED]), int(patch[P_HEEDED_STOP])):
        token = row[bank.heeded[n]] + 1
        if noted[n] != token:
            noted[n] = token
            is_noted = False
    return is_noted


@jit_inner
def _loudness(bank: Bank, row: I16, is_open: I64, outdoor: float, noted: I16, expected: F64) -> float:
    """Mean power of all grains, swells and calls of the scene and its features.

    `noted` [len(bank.heeded)] and `expected` [bank.parts] are what a call leaves to the next one, all zeros at first:
    tokens, each plus one, and the power of every part under them. Few columns change from step to step.
    """
    loud = 0.0
    first_swell = len(bank.emitters)
    first_caller = first_swell + len(bank.swells)
    for index in range(len(bank.patches)):
        patch = bank.patches[index]
        if is_open[index] == 0 or patch[P_SOURCE] == EVENT_SOURCE:
            continue
        is_noted = _is_noted(bank, patch, row, noted)
        for n in range(int(patch[P_EMITTERS]), int(patch[P_EMITTERS_STOP])):
            if not is_noted:
                expected[n] = _expected(bank, row, outdoor, bank.emitters[n], bank.emitter_draws[n, E_LEVEL])
            loud += expected[n]
        for n in range(int(patch[P_SWELLS]), int(patch[P_SWELLS_STOP])):
            if not is_noted:
                expected[first_swell + n] = _expected(bank, row, outdoor, bank.swells[n], bank.swell_draws[n, 0])
            loud += expected[first_swell + n]
        for n in range(int(patch[P_CALLERS]), int(patch[P_CALLERS_STOP])):
            if not is_noted:
                expected[first_caller + n] = _expected_calls(bank, row, outdoor, n)
            loud += expected[first_caller + n]
    return loud


@jit
def control(
    bank: Bank, field: Field, seed: Any, step: int, row: I16, is_open: I64,
    noted: I16, expected: F64, power: F64, gains: F64,
) -> None:  # fmt: skip
    """One token frame → the bed's layers as `power` [parts, BANDS] (see `field`) and `gains` [GAIN_COLUMNS].

    Powers are in units of 0 dB(A); `gains` hold what turns them into samples. `noted`, `expected`: see `_loudness`.
    """
    scratch, common, by_octave = np.zeros((5, BANDS)), np.zeros(RATES, np.int64), np.empty((2, LANES))
    _control(bank, field, seed, step, row, is_open, noted, expected, power, gains, scratch, common, by_octave)


@jit_inner
def _control(
    bank: Bank, field: Field, seed: Any, step: int, row: I16, is_open: I64,
    noted: I16, expected: F64, power: F64, gains: F64, scratch: F64, common: I64, by_octave: F64,
) -> None:  # fmt: skip
    """`control` with room to work in: `scratch` [5, BANDS] of zeros, `common` [RATES], `by_octave` [2, LANES]."""
    master = GAIN_AMPLITUDE[row[_MASTER]]
    dynamics = row[_DYNAMICS] / _DYNAMICS_TOP
    outdoor = (row[_OUTDOOR] / _OUTDOOR_TOP) ** 2
    cutoff = CUTOFF_POWER[row[_CUTOFF]]
    fill(gains, 0.0)
    band, all_around, coherent = scratch[0], scratch[1], scratch[2]
    wander, outside = scratch[3], scratch[4]
    for b in range(BANDS):
        outside[b] = math.sqrt(outdoor * cutoff[b])
        gains[AT_SHELTER + b] = outside[b]
    for part in range(len(power)):
        fill(power[part], 0.0)
    loud = _loudness(bank, row, is_open, outdoor, noted, expected)
    for index in range(len(bank.patches)):
        patch = bank.patches[index]
        first, last = int(patch[P_LAYERS]), int(patch[P_LAYERS_STOP])
        if is_open[index] == 0 or first == last or patch[P_SOURCE] == EVENT_SOURCE:
            continue
        is_feature = patch[P_SOURCE] == FEATURE_SOURCE
        voice = GAIN_AMPLITUDE[row[_VOICE_GAIN_AT + int(patch[P_VOICE])]] ** 2
        within = inside_share(patch, row)
        for slot in range(FEATURE_SLOTS if is_feature else 1):
            own_at = FEATURES_AT + slot * _FEATURE_WIDTH
            scale, far = 1.0, 0.0
            if is_feature:
                if row[own_at] != patch[P_KIND] or row[own_at + 1] == 0:
                    continue
                scale, far = feature_power(row, slot, patch[P_REFERENCE_M]), FEATURE_M[row[own_at + 2]]
            if patch[P_FLUTTERS]:
                common_noise(seed, index, slot, step, common)
            for n in range(first, last):
                layer = bank.layers[n]
                start, stop, spectrum = int(layer[L_START]), int(layer[L_STOP]), int(layer[L_SPECTRUM])
                if band_powers(bank, row, own_at, start, stop, spectrum, band) <= 0.0:
                    continue
                for b in range(BANDS):
                    p, shelter = band[b] * scale, partly_inside(outside[b], within)
                    if far > 0.0:
                        p *= as_power(-AIR_DB_PER_M[b] * far)
                        shelter = sheltered(shelter, far)
                    p *= shelter * shelter
                    loud += p * BAND_K[b]
                    band[b] = p * voice
                if layer[L_FLUTTER] >= 0.0:
                    # The dynamics follow what the scene says; what wanders by itself is heard in full.
                    depth = scalar_power(bank, row, own_at, int(layer[L_DEPTH]), int(layer[L_DEPTH_STOP]))
                    flutter_gains(
                        bank.flutters, seed, n, int(layer[L_FLUTTER]), depth, slot, step, common, by_octave, wander
                    )
                    for b in range(BANDS):
                        band[b] *= wander[b]
                at = int(layer[L_COHERENCE])
                if is_feature:
                    azimuth = int(row[own_at + 3]) * AZIMUTHS_A_TOKEN
                    add_directional(field, azimuth, band, bank.floats[at : at + BANDS], power)
                else:
                    for b in range(BANDS):
                        all_around[b] += band[b]
                        coherent[b] += band[b] * bank.floats[at + b]
    add_diffuse(field, all_around, coherent, power)
    loud = max(loud, _P_QUIETEST)
    compression = (loud / _P_REFERENCE) ** ((dynamics - 1.0) / 2.0)
    overall = master * compression * FULL_SCALE
    for v in range(VOICE_COUNT):
        gains[AT_VOICE + v] = overall * GAIN_AMPLITUDE[row[_VOICE_GAIN_AT + v]]
    for part in range(len(power)):
        for b in range(BANDS):
            power[part, b] *= overall * overall
    for slot in range(FEATURE_SLOTS):
        at, own_at = AT_FEATURE + FEATURE_GAINS * slot, FEATURES_AT + slot * _FEATURE_WIDTH
        if row[own_at] != 0:
            gains[at] = math.sqrt(feature_power(row, slot, 1.0))
            gains[at + 1] = row[own_at + 3] * AZIMUTHS_A_TOKEN
            gains[at + 2] = FEATURE_M[row[own_at + 2]]
    gains[AT_HEADING] = row[_HEADING] * AZIMUTHS_A_TOKEN
    gains[AT_LOUDNESS] = loud
    gains[AT_COMPRESSION] = dynamics
    gains[AT_CUT] = row[CUT_AT]


def heard(bank: Bank, row: I16, layout: str = "mono", seed: int = 0, step: int = 0) -> tuple[F64, F64]:
    """`control` on its own: powers [parts, BANDS] and gains [GAIN_COLUMNS] of one token frame."""
    field = LAYOUTS[layout].field
    power, gains = np.empty((len(field.diffuse), BANDS)), np.empty(GAIN_COLUMNS)
    is_open = np.ones(len(bank.patches), np.int64)
    noted, expected = np.zeros(len(bank.heeded), np.int16), np.zeros(bank.parts)
    control(bank, field, np.uint64(seed), step, row, is_open, noted, expected, power, gains)
    return power, gains
