"""Whole calls: individuals of a species, each on its own grid of windows."""

import math
from typing import Any

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F64, I16, I32, I64
from ambiome_middleware.sound.bank import FORMS, HISS, Bank
from ambiome_middleware.sound.chance import azimuth_about, event_azimuth, event_share, spread, threshold_of
from ambiome_middleware.sound.decibels import as_amplitude, squared, up
from ambiome_middleware.sound.decoded import EVENT_M, NEVER
from ambiome_middleware.sound.hashing import draw64, hash64, hash_slot, hash_step, high32, unit
from ambiome_middleware.sound.layouts import AZIMUTHS
from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.lookup import octaves
from ambiome_middleware.sound.onset import MAX_DELAY_STEPS, write_grain, write_onset
from ambiome_middleware.sound.records import (
    C_CALL_PITCH,
    C_CALLS,
    C_CALLS_STOP,
    C_DISTANCE,
    C_DISTANCE_AT,
    C_DRONE,
    C_DROP,
    C_INDIVIDUALS,
    C_PATCH,
    C_REFERENCE_M,
    C_REPEATS,
    C_TEMPO,
    C_WINDOW,
    FULL,
    G_AMP,
    G_POWER,
    I_AZIMUTH,
    I_BAND,
    I_PART,
    K_START,
    K_STOP,
    Q_AM_HZ,
    Q_AT_S,
    Q_ATTACK,
    Q_BEND,
    Q_DEPTH,
    Q_END_HZ,
    Q_LENGTH_S,
    Q_LEVEL_OCT,
    Q_NOISE_HZ,
    Q_PITCH_HZ,
    Q_SECOND,
    Q_THIRD,
)
from ambiome_middleware.tokens import EVENT, EVENTS_AT, SAMPLE_RATE_HZ, STEP_SAMPLES, STEPS_PER_S

CALLER_BASE = 3 << 20
_EVENT_WIDTH = len(EVENT)
_TONE = FORMS["tone"]


@jit_inner
def utter(
    bank: Bank, key: Any, individual: Any, turn: int, step: int, row: I16, index: int, power: float,
    distance: float, azimuth: int,
    pitch_oct: float, am_oct: float, at_s: float, gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """Append the syllables of one call; returns the new count, or FULL."""
    c = bank.callers[index]
    patch = bank.patches[int(c[C_PATCH])]
    first, variants = int(c[C_CALLS]), int(c[C_CALLS_STOP]) - int(c[C_CALLS])
    # A hashed stride through the variants: within a round of them no two turns that follow each other are the same.
    order = draw64(individual, 200 + turn // variants)
    stride = 1 + (high32(draw64(order, 1)) * max(variants - 1, 1) >> 32)
    while math.gcd(stride, variants) > 1:
        stride += 1
    call = bank.calls[first + (high32(order) % variants + (turn % variants) * stride) % variants]
    tempo = up(c[C_TEMPO] * (2.0 * unit(draw64(key, 21)) - 1.0))
    transpose = up(pitch_oct + c[C_CALL_PITCH] * (2.0 * unit(draw64(key, 22)) - 1.0))
    for n in range(int(call[K_START]), int(call[K_STOP])):
        s = bank.syllables[n]
        skey = draw64(key, 100 + n)
        if unit(skey) < c[C_DROP]:
            continue
        onset = int((at_s + s[Q_AT_S] / tempo) * SAMPLE_RATE_HZ)
        if onset >= MAX_DELAY_STEPS * STEP_SAMPLES:
            continue  # beyond the reach of a look back: left out, since moved together they would click
        if count >= len(gf):
            return FULL
        f, i = gf[count], gi[count]
        turns = s[Q_PITCH_HZ] * transpose / SAMPLE_RATE_HZ
        length_s = s[Q_LENGTH_S] / tempo
        write_grain(
            f, i, HISS if s[Q_NOISE_HZ] > 0.0 else _TONE, power * squared(s[Q_LEVEL_OCT]), turns,
            math.log2(s[Q_END_HZ] / s[Q_PITCH_HZ]), s[Q_BEND], length_s,
            s[Q_ATTACK], s[Q_NOISE_HZ] * transpose, s[Q_AM_HZ] * up(am_oct), s[Q_DEPTH], s[Q_SECOND], s[Q_THIRD],
        )  # fmt: skip
        if distance > 0.0:
            air = as_amplitude(-AIR_DB_PER_M[i[I_BAND]] * distance)
            f[G_AMP] *= air
            f[G_POWER] *= air * air
        write_onset(i, step, onset, skey, patch, row)
        i[I_PART] = CALLER_BASE + index
        i[I_AZIMUTH] = azimuth
        count += 1
    return count


@jit_inner
def call(
    bank: Bank, seed: Any, step: int, row: I16, first: int, last: int, rates: I32,
    gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """Let the individuals of the scene's species `first` … `last` begin what they utter at this step; returns the new
    count, or FULL. `rates`: see `noted`.
    """
    rate_at = len(bank.emitters) + len(bank.swells)
    for index in range(first, last):
        if rates[rate_at + index] <= NEVER // 2:
            continue
        threshold = threshold_of(rates[rate_at + index])
        present = threshold_of(rates[rate_at + len(bank.callers) + index])
        c = bank.callers[index]
        individuals, window = int(c[C_INDIVIDUALS]), int(c[C_WINDOW])
        # Where in its window it begins: at once when it repeats through the window, else anywhere in the first half.
        begins_within = 1 if c[C_REPEATS] or c[C_DRONE] else max(window // 2, 1)
        species = hash_step(seed, CALLER_BASE + index, 0)
        for individual in range(individuals):
            if present * individuals <= (2 * individual + 1) << 31:
                break
            who = hash_slot(species, individual)
            since = step + (high32(who) % window)
            turn = since // window
            if since - turn * window >= begins_within:
                continue
            key = hash64(seed, CALLER_BASE + index, turn, individual + 1_000)
            begin = (high32(draw64(key, 30)) * begins_within) >> 32
            if since - turn * window != begin or high32(key) >= threshold:
                continue
            count = _take_turn(bank, key, who, turn, step, row, index, gf, gi, count)
            if count == FULL:
                return FULL
    return count


@jit_inner
def _take_turn(
    bank: Bank, key: Any, who: Any, turn: int, step: int, row: I16, index: int, gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """What one individual utters in a window of its own; returns the new count, or FULL."""
    c, draws = bank.callers[index], bank.caller_draws[index]
    window = int(c[C_WINDOW])
    power = squared(octaves(bank.factors, bank.floats, row, 0, draws[0]) + spread(key, 0, draws[0]))
    pitch_oct = octaves(bank.factors, bank.floats, row, 0, draws[1]) + spread(who, 1, draws[1])
    am_oct = octaves(bank.factors, bank.floats, row, 0, draws[3])
    azimuth = azimuth_about(0, who, 10, AZIMUTHS // 2)
    distance = 0.0
    if c[C_DISTANCE] >= 0:
        near = bank.floats[int(c[C_DISTANCE_AT]) + row[int(c[C_DISTANCE])]]
        distance = max(near * up(2.0 * unit(draw64(who, 12)) - 1.0), 1.0)
        power *= (c[C_REFERENCE_M] / distance) ** 2
    # A call that is not repeated is one that begins within its first step and whose period outlasts the window.
    period_s, jitter_s = 2.0 * window, 0.0
    at_s = 0.0 if c[C_DRONE] else unit(draw64(key, 31)) / STEPS_PER_S
    if c[C_REPEATS]:
        repeats = octaves(bank.factors, bank.floats, row, 0, draws[2]) + spread(key, 2, draws[2])
        period_s = 1.0 / up(repeats)
        at_s *= period_s * STEPS_PER_S
        jitter_s = 0.05 * period_s
    repeat = 0
    while at_s < (window - 1) / STEPS_PER_S or repeat == 0:
        # Never early: what would begin before its step would begin with it, and many together click.
        late_s = jitter_s * unit(draw64(key, 1_000 + repeat))
        count = utter(
            bank, draw64(key, 40 + repeat), who, turn * (7 if c[C_REPEATS] else 1) + repeat, step, row, index,
            power, distance, azimuth, pitch_oct, am_oct, at_s + late_s, gf, gi, count,
        )  # fmt: skip
        if count == FULL:
            return FULL
        at_s += period_s
        repeat += 1
    return count


@jit_inner
def answer(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64, index: int, slot: int,
    gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """One call of a species as an event; returns the new count, or FULL."""
    c, draws = bank.callers[index], bank.caller_draws[index]
    own_at = EVENTS_AT + slot * _EVENT_WIDTH
    key = hash64(seed, CALLER_BASE + index, step, 5_000 + int(row[own_at + 1]))
    distance = EVENT_M[row[own_at + 2]]
    power = squared(octaves(bank.factors, bank.floats, row, own_at, draws[0]) + spread(key, 0, draws[0]))
    power *= (c[C_REFERENCE_M] / max(distance, 1.0)) ** 2
    power *= event_share(gains, power) ** 2
    pitch_oct = octaves(bank.factors, bank.floats, row, own_at, draws[1]) + spread(key, 1, draws[1])
    am_oct = octaves(bank.factors, bank.floats, row, own_at, draws[3])
    return utter(
        bank,
        key,
        draw64(key, 50),
        0,
        step,
        row,
        index,
        power,
        distance,
        event_azimuth(gains, row[own_at + 3]),
        pitch_oct,
        am_oct,
        0.0,
        gf,
        gi,
        count,
    )
