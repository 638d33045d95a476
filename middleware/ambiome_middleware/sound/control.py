"""Tokens → powers: what each step's token frame says about the bed's bands and the grains' gains.

Runs on the host for every device, in float64, one token frame at a time, so that neither batch nor chunk can matter.
"""

import math
from typing import Any, Final

import numpy as np
from ambiome_protocol.lists import VOICES

from ambiome_middleware.jit import jit, jit_inner
from ambiome_middleware.sound import levels
from ambiome_middleware.sound.arrays import F64, I16, I64, fill
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.decibels import as_power
from ambiome_middleware.sound.decoded import CUTOFF_POWER, FEATURE_M, GAIN_AMPLITUDE
from ambiome_middleware.sound.field import add_diffuse, add_directional
from ambiome_middleware.sound.flutter import LANES, RATES, common_noise, flutter_gains
from ambiome_middleware.sound.layouts import AZIMUTHS, LAYOUTS, Field
from ambiome_middleware.sound.levels import AIR_DB_PER_M, BAND_K
from ambiome_middleware.sound.lookup import band_powers, scalar_power
from ambiome_middleware.sound.noted import no_notes, note
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.records import (
    EVENT_SOURCE,
    FEATURE_SOURCE,
    L_COHERENCE,
    L_DEPTH,
    L_DEPTH_STOP,
    L_FLUTTER,
    L_SPECTRUM,
    L_START,
    L_STOP,
    P_FLUTTERS,
    P_GATE,
    P_KIND,
    P_LAYERS,
    P_LAYERS_STOP,
    P_REFERENCE_M,
    P_SOURCE,
    P_VOICE,
    SCENE_SOURCE,
)
from ambiome_middleware.sound.shelter import feature_power, inside_share, outdoor_power, partly_inside, sheltered
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
AT_WHOLE: Final = AT_CUT + 1
"""Not an amplitude: the mean power of all that sounds, in full scale."""
GAIN_COLUMNS: Final = AT_WHOLE + 1

_FEATURE_WIDTH, _EVENT_WIDTH = len(FEATURE), len(EVENT)
_VOICE_GAIN_AT = COLUMN["gain_rain_db"]
_MASTER, _DYNAMICS = COLUMN["master_db"], COLUMN["dynamics"]
_CUTOFF, _HEADING = COLUMN["outdoor_cutoff_hz"], COLUMN["heading_deg"]
_DYNAMICS_TOP = SCENE[_DYNAMICS].levels - 1
AZIMUTHS_A_TOKEN: Final = AZIMUTHS // FEATURE[3].levels
"""Of a feature's, an event's and the heading's token."""
_P_QUIETEST = 10.0 ** (levels.QUIETEST_DBA / 10.0)
_P_REFERENCE = 10.0 ** (levels.REFERENCE_DBA / 10.0)
FULL_SCALE: Final = 10.0 ** (-levels.FULL_SCALE_DBA / 20.0)
"""Amplitude of 0 dB(A): what a power of 1 in these units becomes."""


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


@jit
def control(
    bank: Bank, field: Field, seed: Any, step: int, row: I16, is_open: I64, loud: float, power: F64, gains: F64,
) -> None:  # fmt: skip
    """One token frame → the bed's layers as `power` [parts, BANDS] (see `field`) and `gains` [GAIN_COLUMNS].

    Powers are in units of 0 dB(A); `gains` hold what turns them into samples. `loud`: the mean power of all that is no
    layer (see `noted`).
    """
    scratch, common, by_octave = np.zeros((7, BANDS)), np.empty(RATES, np.int64), np.empty((2, LANES))
    _control(bank, field, seed, step, row, is_open, loud, power, gains, scratch, common, by_octave)


@jit_inner
def _control(
    bank: Bank, field: Field, seed: Any, step: int, row: I16, is_open: I64, loud: float,
    power: F64, gains: F64, scratch: F64, common: I64, by_octave: F64,
) -> None:  # fmt: skip
    """`control` with room to work in: `scratch` [7, BANDS] of zeros, `common` [RATES], `by_octave` [2, LANES]."""
    master = GAIN_AMPLITUDE[row[_MASTER]]
    dynamics = row[_DYNAMICS] / _DYNAMICS_TOP
    outdoor = outdoor_power(row)
    cutoff = CUTOFF_POWER[row[_CUTOFF]]
    fill(gains, 0.0)
    band, all_around, coherent = scratch[0], scratch[1], scratch[2]
    wander, outside, air, let_in = scratch[3], scratch[4], scratch[5], scratch[6]
    for b in range(BANDS):
        outside[b] = math.sqrt(outdoor * cutoff[b])
        gains[AT_SHELTER + b] = outside[b]
    for part in range(len(power)):
        fill(power[part], 0.0)
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
            _stand_between(outside, within, far, air, let_in)
            if patch[P_FLUTTERS]:
                common_noise(seed, index, slot, step, common)
            for n in range(first, last):
                layer = bank.layers[n]
                start, stop, spectrum = int(layer[L_START]), int(layer[L_STOP]), int(layer[L_SPECTRUM])
                if band_powers(bank.factors, bank.floats, row, own_at, start, stop, spectrum, band) <= 0.0:
                    continue
                for b in range(BANDS):
                    band[b] = band[b] * scale * air[b] * let_in[b]
                for b in range(BANDS):
                    loud += band[b] * BAND_K[b]
                    band[b] *= voice
                if layer[L_FLUTTER] >= 0.0:
                    # The dynamics follow what the scene says; what wanders by itself is heard in full.
                    depth_at, depth_stop = int(layer[L_DEPTH]), int(layer[L_DEPTH_STOP])
                    depth = scalar_power(bank.factors, bank.floats, row, own_at, depth_at, depth_stop)
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
    gains[AT_WHOLE] = overall * overall * loud


@jit_inner
def _stand_between(outside: F64, within: float, far: float, air: F64, let_in: F64) -> None:
    """What the air over `far` metres and the shelter leave of a patch's power, `air` and `let_in` [BANDS]."""
    for b in range(BANDS):
        shelter = partly_inside(outside[b], within)
        air[b] = 1.0
        if far > 0.0:
            air[b] = as_power(-AIR_DB_PER_M[b] * far)
            shelter = sheltered(shelter, far)
        let_in[b] = shelter * shelter


def heard(bank: Bank, row: I16, layout: str = "mono", seed: int = 0, step: int = 0) -> tuple[F64, F64]:
    """`control` on its own: powers [parts, BANDS] and gains [GAIN_COLUMNS] of one token frame."""
    field = LAYOUTS[layout].field
    power, gains = np.empty((len(field.diffuse), BANDS)), np.empty(GAIN_COLUMNS)
    is_open = np.ones(len(bank.patches), np.int64)
    loud = note(bank, row, is_open, *no_notes(bank))
    control(bank, field, np.uint64(seed), step, row, is_open, loud, power, gains)
    return power, gains
