"""Single grains at random: drops, crackles, bubbles."""

from typing import Any

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F64, I16, I64
from ambiome_middleware.sound.bank import FORMS, Bank
from ambiome_middleware.sound.chance import azimuth_about, event_azimuth, event_share, reach_of, spread, threshold_of
from ambiome_middleware.sound.decibels import as_amplitude, squared, up
from ambiome_middleware.sound.decoded import EVENT_M
from ambiome_middleware.sound.flutter import burst
from ambiome_middleware.sound.hashing import draw64, hash_slot, hash_step, high32
from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.lookup import octaves
from ambiome_middleware.sound.onset import MAX_DELAY_STEPS, write_grain, write_onset
from ambiome_middleware.sound.quality import SINGLE
from ambiome_middleware.sound.records import (
    E_AM,
    E_ATTACK_S,
    E_BAND,
    E_BURSTS,
    E_DECAY,
    E_DELAY,
    E_DEPTH,
    E_FORM,
    E_HAS_DELAY,
    E_LEVEL,
    E_PITCH,
    E_SECOND,
    E_SWEEP,
    E_THIRD,
    E_WIDTH,
    EMITTER_DRAWS,
    EVENT_SOURCE,
    FEATURE_SOURCE,
    FULL,
    G_AMP,
    G_POWER,
    I_AZIMUTH,
    I_BAND,
    I_FEATURE,
    I_LENGTH,
    I_PART,
    O_PATCH,
    O_SLOTS,
    P_REFERENCE_M,
    P_SOURCE,
)
from ambiome_middleware.tokens import QUALITY_AT, SAMPLE_RATE_HZ, STEP_SAMPLES

_EMITTER_BASE = 1 << 20
_TONE = FORMS["tone"]


@jit_inner
def emit(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64, index: int, rate: int,
    source_slot: int, own_at: int, gf: F64, gi: I64, count: int, scratch: F64, common: I64,
) -> int:  # fmt: skip
    """Let one emitter of one source slot spawn by its log2 `rate`; returns the new count, or FULL.

    A grain that is not to sound by itself (see `quality`) has the length 0. `common` [RATES]: the patch's common noise,
    where the emitter has bursts. `scratch` [2, EMITTER_DRAWS] is room to work in.
    """
    e, draws = bank.emitters[index], bank.emitter_draws[index]
    patch = bank.patches[int(e[O_PATCH])]
    if e[E_BURSTS] >= 0.0:
        rate += burst(bank.ints, int(e[E_BURSTS]), common)
    threshold = threshold_of(rate)
    if threshold == 0:
        return count
    event_id = row[own_at + 1] if patch[P_SOURCE] == EVENT_SOURCE else 0
    single = SINGLE[0 if patch[P_SOURCE] == EVENT_SOURCE else row[QUALITY_AT], int(e[O_SLOTS]) - 1]
    at = hash_step(seed, _EMITTER_BASE + index * 64 + source_slot, step)
    centres, drawn = scratch[0], scratch[1]
    has_centres = False
    for slot in range(int(e[O_SLOTS])):
        key = hash_slot(at, slot + 4096 * event_id)
        if high32(key) >= threshold:
            continue
        if count >= len(gf):
            return FULL
        if not has_centres:
            for d in range(EMITTER_DRAWS):
                centres[d] = octaves(bank.factors, bank.floats, row, own_at, draws[d])
            has_centres = True
        if centres[E_LEVEL] < -60.0:
            return count
        for d in range(EMITTER_DRAWS):
            drawn[d] = centres[d] + spread(key, d, draws[d])
        later = int(high32(draw64(key, 11)) * STEP_SAMPLES >> 32)
        if e[E_HAS_DELAY]:
            later += int(up(drawn[E_DELAY]) * SAMPLE_RATE_HZ)
        if later >= MAX_DELAY_STEPS * STEP_SAMPLES:
            continue  # as in calls: beyond the reach of a look back
        f, i = gf[count], gi[count]
        power = squared(drawn[E_LEVEL])
        centre = 0
        if patch[P_SOURCE] == EVENT_SOURCE:
            distance = EVENT_M[row[own_at + 2]]
            power *= (patch[P_REFERENCE_M] / max(distance, 1.0)) ** 2
            centre = event_azimuth(gains, row[own_at + 3])
        write_grain(
            f, i, int(e[E_FORM]), power, up(drawn[E_PITCH]) / SAMPLE_RATE_HZ, drawn[E_SWEEP], 0.0, up(drawn[E_DECAY]),
            0.3 if e[E_FORM] == _TONE else e[E_ATTACK_S] * SAMPLE_RATE_HZ, up(drawn[E_BAND]), up(drawn[E_AM]),
            e[E_DEPTH], e[E_SECOND], e[E_THIRD],
        )  # fmt: skip
        if patch[P_SOURCE] == EVENT_SOURCE:
            air = as_amplitude(-AIR_DB_PER_M[i[I_BAND]] * distance)
            share = air * event_share(gains, power)
            f[G_AMP] *= share
            f[G_POWER] *= share * share
        write_onset(i, step, later, key, patch, row)
        if patch[P_SOURCE] == FEATURE_SOURCE:
            i[I_FEATURE] = source_slot
            f[G_AMP] *= patch[P_REFERENCE_M]
            f[G_POWER] *= patch[P_REFERENCE_M] * patch[P_REFERENCE_M]
        if high32(key) >= single:
            i[I_LENGTH] = 0
        i[I_PART] = _EMITTER_BASE + index
        i[I_AZIMUTH] = azimuth_about(centre, key, 10, reach_of(patch[P_SOURCE], e[E_WIDTH]))
        count += 1
    return count
