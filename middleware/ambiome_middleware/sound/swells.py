"""Bed noise that comes and goes: spawned like grains, added to the bed's powers."""

from typing import Any

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F64, I16, I64, copy
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.chance import (
    azimuth_about,
    event_azimuth,
    event_share,
    heard_azimuth,
    reach_of,
    spread,
    threshold_of,
)
from ambiome_middleware.sound.control import AT_CUT, AT_FEATURE, AT_SHELTER, AT_VOICE, FEATURE_GAINS
from ambiome_middleware.sound.decibels import as_power, squared, up
from ambiome_middleware.sound.decoded import EVENT_M
from ambiome_middleware.sound.field import add_directional
from ambiome_middleware.sound.hashing import draw64, hash_slot, hash_step, high32, unit
from ambiome_middleware.sound.layouts import AZIMUTHS, Field
from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.lookup import band_powers, octaves
from ambiome_middleware.sound.patch import BAND_OCTAVES, BANDS, MAX_GRAIN_STEPS
from ambiome_middleware.sound.records import (
    B_BY,
    B_BY_STOP,
    B_COHERENCE,
    B_ENVELOPE,
    B_HAS_DELAY,
    B_PASSES,
    B_SHAPE_COLUMN,
    B_SHAPE_SCOPE,
    B_SHAPE_TABLE,
    B_SHAPES,
    B_SPECTRUM,
    B_STEPS,
    B_TILT_DB,
    B_VARIETIES,
    B_WIDTH,
    EVENT_SOURCE,
    FEATURE_SOURCE,
    FULL,
    INSIDE_ONE,
    O_PATCH,
    O_SLOTS,
    P_REFERENCE_M,
    P_SOURCE,
    P_VOICE,
    S_AZIMUTH,
    S_COHERENCE,
    S_CUT,
    S_ENVELOPE,
    S_FEATURE,
    S_INSIDE,
    S_LENGTH,
    S_STEP,
    S_TURN,
    S_VOICE,
)
from ambiome_middleware.sound.shelter import inside_share, partly_inside, sheltered
from ambiome_middleware.tokens import CUT_AT, STEPS_PER_S

_SWELL_BASE = 2 << 20


@jit_inner
def swell(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64, index: int, rate: int,
    source_slot: int, own_at: int, sf: F64, si: I64, count: int,
) -> int:  # fmt: skip
    """Let one swell of one source slot spawn by its log2 `rate`; returns the new count, or FULL."""
    s, draws = bank.swells[index], bank.swell_draws[index]
    patch = bank.patches[int(s[O_PATCH])]
    threshold = threshold_of(rate)
    if threshold == 0:
        return count
    event_id = row[own_at + 1] if patch[P_SOURCE] == EVENT_SOURCE else 0
    at = hash_step(seed, _SWELL_BASE + index * 64 + source_slot, step)
    for slot in range(int(s[O_SLOTS])):
        key = hash_slot(at, slot + 4096 * event_id)
        if high32(key) >= threshold:
            continue
        if count >= len(sf):
            return FULL
        f, i = sf[count], si[count]
        power = squared(octaves(bank.factors, bank.floats, row, own_at, draws[0]) + spread(key, 0, draws[0]))
        distance = 0.0
        if patch[P_SOURCE] == EVENT_SOURCE:
            distance = EVENT_M[row[own_at + 2]]
            power *= (patch[P_REFERENCE_M] / max(distance, 1.0)) ** 2
            power *= event_share(gains, power) ** 2
        elif patch[P_SOURCE] == FEATURE_SOURCE:
            power *= patch[P_REFERENCE_M] * patch[P_REFERENCE_M]
        by, by_stop, spectrum = int(s[B_BY]), int(s[B_BY_STOP]), int(s[B_SPECTRUM])
        if band_powers(bank.factors, bank.floats, row, own_at, by, by_stop, spectrum, f) <= 0.0:
            continue
        tilt_db = s[B_TILT_DB] * (2.0 * unit(draw64(key, 14)) - 1.0) if s[B_TILT_DB] else 0.0
        for b in range(BANDS):
            f[b] *= power * as_power(tilt_db * BAND_OCTAVES[b] - AIR_DB_PER_M[b] * distance)
        centre = event_azimuth(gains, row[own_at + 3]) if patch[P_SOURCE] == EVENT_SOURCE else 0
        i[S_AZIMUTH] = azimuth_about(centre, key, 10, reach_of(patch[P_SOURCE], s[B_WIDTH]))
        i[S_TURN] = 0
        if s[B_PASSES]:
            reach = int(s[B_WIDTH] * (AZIMUTHS // 4)) * (1 if high32(draw64(key, 12)) >> 31 else -1)
            i[S_AZIMUTH] = (centre - reach) % AZIMUTHS
            i[S_TURN] = 2 * reach
        shapes, length = int(s[B_SHAPES]), int(s[B_STEPS])
        shape = (high32(draw64(key, 13)) * shapes) >> 32
        if s[B_SHAPE_TABLE] > 0:
            column = row[(own_at if s[B_SHAPE_SCOPE] else 0) + int(s[B_SHAPE_COLUMN])]
            one_set = shapes // int(s[B_VARIETIES])
            variety = (high32(draw64(key, 13)) * int(s[B_VARIETIES])) >> 32
            shape = variety * one_set + min(max(bank.ints[int(s[B_SHAPE_TABLE]) - 1 + column], 0), one_set - 1)
        delay = 0
        if s[B_HAS_DELAY]:
            drawn = octaves(bank.factors, bank.floats, row, own_at, draws[1]) + spread(key, 1, draws[1])
            delay = int(up(drawn) * STEPS_PER_S)
        i[S_STEP] = step + min(delay, MAX_GRAIN_STEPS - length)
        i[S_ENVELOPE] = int(s[B_ENVELOPE]) + 2 * shape * length
        i[S_LENGTH] = length
        i[S_VOICE] = int(patch[P_VOICE])
        i[S_INSIDE] = int(inside_share(patch, row) * INSIDE_ONE + 0.5)
        i[S_FEATURE] = source_slot if patch[P_SOURCE] == FEATURE_SOURCE else -1
        i[S_CUT] = row[CUT_AT]
        i[S_COHERENCE] = int(s[B_COHERENCE])
        count += 1
    return count


@jit_inner
def add_swells(
    floats: F64, field: Field, step: int, gains: F64, sf: F64, si: I64,
    count: int, power: F64, band: F64,
) -> int:  # fmt: skip
    """Add the swells' power at this step to `power` [parts, BANDS]; drop those that are over; returns what is left."""
    kept = 0
    for n in range(count):
        f, i = sf[n], si[n]
        at = step - i[S_STEP]
        if at >= i[S_LENGTH] or i[S_CUT] != gains[AT_CUT]:
            continue
        if at >= 0:
            level = floats[i[S_ENVELOPE] + at] * gains[AT_VOICE + i[S_VOICE]] ** 2
            far = 0.0
            way = floats[i[S_ENVELOPE] + i[S_LENGTH] + at]
            if i[S_FEATURE] >= 0:
                feature = AT_FEATURE + FEATURE_GAINS * i[S_FEATURE]
                level *= gains[feature] ** 2
                far = gains[feature + 2]
            azimuth = heard_azimuth(gains, i[S_FEATURE], (i[S_AZIMUTH] + round(i[S_TURN] * way)) % AZIMUTHS)
            for b in range(BANDS):
                p = f[b] * level
                shelter = partly_inside(gains[AT_SHELTER + b], i[S_INSIDE] / INSIDE_ONE)
                if far > 0.0:
                    p *= as_power(-AIR_DB_PER_M[b] * far)
                    shelter = sheltered(shelter, far)
                band[b] = p * shelter * shelter
            at = i[S_COHERENCE]
            add_directional(field, azimuth, band, floats[at : at + BANDS], power)
        if kept != n:
            copy(f, sf[kept])
            copy(i, si[kept])
        kept += 1
    return kept
