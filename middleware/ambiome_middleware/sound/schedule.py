"""Tokens → grains and swells: which drop falls, which bird sings, decided on integers alone.

A decision compares a hash of (seed, part, step, slot) with a threshold made from integer log2 rates, so every device
and every chunking agrees. What a step spawns is appended in a fixed order; whoever starts at a later step and spawns
the steps before it finds the same grains in the same order.
"""

import math
from typing import Any, Final

import numpy as np

from ambiome_middleware.sound.arrays import F64, I16, I64
from ambiome_middleware.sound.bank import DRAW, FORMS, HISS, Bank
from ambiome_middleware.sound.control import (
    AT_COMPRESSION,
    AT_LOUDNESS,
    band_powers,
    octaves,
    pan_amplitudes,
    rate_log2,
)
from ambiome_middleware.sound.decibels import as_amplitude, as_power, squared, up
from ambiome_middleware.sound.decoded import AIR_DB_PER_M, BAND_K, EVENT_M, EXP2_FRACTION, NEVER, RATE_ONE
from ambiome_middleware.sound.hashing import draw64, hash64, hash_slot, hash_step, high32, unit
from ambiome_middleware.sound.jit import jit, jit_inner
from ambiome_middleware.sound.levels import REFERENCE_DBA
from ambiome_middleware.sound.patch import BANDS, MAX_GRAIN_STEPS
from ambiome_middleware.tokens import (
    CUT_AT,
    EVENT,
    EVENT_SLOTS,
    EVENTS_AT,
    FEATURE,
    FEATURE_SLOTS,
    FEATURES_AT,
    SAMPLE_RATE_HZ,
    STEP_SAMPLES,
    STEPS_PER_S,
)

# Columns of a grain's numbers (float64): shape in samples, turns a sample and amplitudes.
(G_AMP, G_TURNS, G_SWEEP, G_DECAY, G_ATTACK, G_NOISE, G_AM, G_DEPTH, G_SECOND, G_THIRD, G_LEFT, G_RIGHT, G_POWER) = (
    range(13)
)
GRAIN_FLOATS: Final = 13
# Columns of a grain's integers.
(I_FORM, I_STEP, I_OFFSET, I_LENGTH, I_SEED, I_VOICE, I_BAND, I_INSIDE, I_FEATURE, I_CUT, I_PART) = range(11)
GRAIN_INTS: Final = 11
# A swell: BANDS powers, then left², right² and cross at the start and the end of its way.
W_START, W_END = BANDS, BANDS + 2
SWELL_FLOATS: Final = BANDS + 4
(S_STEP, S_ENVELOPE, S_LENGTH, S_VOICE, S_INSIDE, S_FEATURE, S_CUT, S_COHERENCE) = range(8)
SWELL_INTS: Final = 8
FULL = -1
"""Returned where the list is full: the caller enlarges it and asks again."""

_MAX_SAMPLES = MAX_GRAIN_STEPS * STEP_SAMPLES
_MAX_DELAY_STEPS = 120
_EMITTER_BASE, _SWELL_BASE, _CALLER_BASE = 1 << 20, 2 << 20, 3 << 20
_P_REFERENCE = 10.0 ** (REFERENCE_DBA / 10.0)
_FEATURE_WIDTH, _EVENT_WIDTH = len(FEATURE), len(EVENT)
_NYQUIST_TURNS = 0.46
_DECAYS = 5.5  # −48 dB, and the last quarter of a damped grain fades out besides
_TONE = FORMS["tone"]


@jit_inner
def _threshold(bank: Bank, total: int) -> int:
    """2^32 · 2^(total / RATE_ONE), in integers; at most 2^32."""
    if total >= 0:
        return 1 << 32
    if total <= NEVER // 2:
        return 0
    whole, fraction = (-total) // RATE_ONE, (-total) % RATE_ONE
    if fraction:
        whole, fraction = whole + 1, RATE_ONE - fraction
    return 0 if whole > 40 else EXP2_FRACTION[fraction] >> whole


@jit_inner
def _spread(key: Any, index: int, draw: F64) -> float:
    """spread · u of a draw."""
    if draw[1] == 0.0:
        return 0.0
    h = draw64(key, index)
    if draw[2] == 0.0:
        return draw[1] * (2.0 * unit(h) - 1.0)
    u = unit(h) + unit(draw64(h, 1)) + unit(draw64(h, 2))
    return draw[1] * (u - 1.5)


@jit_inner
def _band(turns: float) -> int:
    """Index of the third-octave band of a pitch given in turns a sample."""
    hz = max(turns * SAMPLE_RATE_HZ, 20.0)
    return min(max(round(3.0 * math.log2(hz / 1_000.0)) + 17, 0), BANDS - 1)


@jit_inner
def _fixed_share(gains: F64, event_power: float) -> float:
    """What the dynamics take from an event that is louder than its scene, as amplitude."""
    if event_power <= gains[AT_LOUDNESS]:
        return 1.0
    return (event_power / gains[AT_LOUDNESS]) ** ((gains[AT_COMPRESSION] - 1.0) / 2.0)


@jit_inner
def _place(key: Any, index: int, width: float) -> tuple[float, float]:
    angle = (width * (2.0 * unit(draw64(key, index)) - 1.0) + 1.0) * (math.pi / 4.0)
    return math.cos(angle), math.sin(angle)


@jit_inner
def _write(
    bank: Bank, f: F64, i: I64, form: int, power: float, turns: float, sweep_oct: float,
    decay_s: float, attack: float, noise_hz: float, am_hz: float, depth: float, second: float, third: float,
) -> None:  # fmt: skip
    """Fill a grain's shape. `power`: of a steady sine at its peak, in units of 0 dB(A), before K-weighting."""
    turns = min(max(turns, 10.0 / SAMPLE_RATE_HZ), _NYQUIST_TURNS)
    end = min(max(turns * up(sweep_oct), 10.0 / SAMPLE_RATE_HZ), _NYQUIST_TURNS)
    length = decay_s * SAMPLE_RATE_HZ * (1.0 if form >= _TONE else _DECAYS)
    length = min(max(length, 16.0), float(_MAX_SAMPLES // 2))
    band = _band(0.5 * (turns + end))
    f[G_AMP] = math.sqrt(2.0 * power / BAND_K[band])
    f[G_TURNS] = turns
    f[G_SWEEP] = 0.5 * (end - turns) / length
    f[G_DECAY] = -1.4426950408889634 / (max(decay_s, 1e-5) * SAMPLE_RATE_HZ)
    f[G_ATTACK] = min(max(attack if form < _TONE else attack * length, 4.0), 0.9 * length)
    f[G_NOISE] = min(noise_hz / SAMPLE_RATE_HZ, 1.0)
    f[G_AM] = am_hz / SAMPLE_RATE_HZ
    f[G_DEPTH] = depth
    f[G_SECOND] = second if 2.0 * max(turns, end) < _NYQUIST_TURNS else 0.0
    f[G_THIRD] = third if 3.0 * max(turns, end) < _NYQUIST_TURNS else 0.0
    f[G_POWER] = power / BAND_K[band] * decay_s * (0.375 if form >= _TONE else 0.5) * STEPS_PER_S
    i[I_FORM] = form
    i[I_LENGTH] = int(length)
    i[I_BAND] = band


@jit_inner
def _onset(i: I64, step: int, delay_samples: int, key: Any, patch: F64, cut: int) -> None:
    i[I_STEP] = step + delay_samples // STEP_SAMPLES
    i[I_OFFSET] = delay_samples % STEP_SAMPLES
    i[I_SEED] = high32(draw64(key, 99))
    i[I_VOICE] = int(patch[2])
    i[I_INSIDE] = int(patch[3])
    i[I_FEATURE] = -1
    i[I_CUT] = cut


@jit_inner
def _emit(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64, index: int,
    source_slot: int, own_at: int, gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """Let one emitter of one source slot spawn; returns the new count, or FULL."""
    e, draws = bank.emitters[index], bank.emitter_draws[index]
    patch = bank.patches[int(e[0])]
    threshold = _threshold(bank, rate_log2(bank, row, own_at, int(e[3]), int(e[4]), int(e[5])))
    if threshold == 0:
        return count
    event_id = row[own_at + 1] if patch[0] == 2 else 0
    at = hash_step(seed, _EMITTER_BASE + index * 64 + source_slot, step)
    centres, drawn = np.empty(7), np.empty(7)
    has_centres = False
    for slot in range(int(e[2])):
        key = hash_slot(at, slot + 4096 * event_id)
        if high32(key) >= threshold:
            continue
        if count >= len(gf):
            return FULL
        if not has_centres:
            for d in range(7):
                centres[d] = octaves(bank, row, own_at, draws[d * DRAW : (d + 1) * DRAW])
            has_centres = True
        if centres[0] < -60.0:
            return count
        for d in range(7):
            drawn[d] = centres[d] + _spread(key, d, draws[d * DRAW : (d + 1) * DRAW])
        f, i = gf[count], gi[count]
        power = squared(drawn[0])
        f[G_LEFT], f[G_RIGHT] = _place(key, 10, e[10])
        if patch[0] == 2:
            distance = EVENT_M[row[own_at + 2]]
            power *= (patch[4] / max(distance, 1.0)) ** 2
            f[G_LEFT], f[G_RIGHT] = pan_amplitudes(row[own_at + 3])
        _write(
            bank, f, i, int(e[1]), power, up(drawn[1]) / SAMPLE_RATE_HZ, drawn[3], up(drawn[2]),
            0.3 if e[1] == _TONE else e[6] * SAMPLE_RATE_HZ, up(drawn[4]), up(drawn[5]), e[7], e[8], e[9],
        )  # fmt: skip
        if patch[0] == 2:
            air = as_amplitude(-AIR_DB_PER_M[i[I_BAND]] * distance)
            share = air * _fixed_share(gains, power)
            f[G_AMP] *= share
            f[G_POWER] *= share * share
        later = int(high32(draw64(key, 11)) * STEP_SAMPLES >> 32)
        if e[11]:
            later += int(up(drawn[6]) * SAMPLE_RATE_HZ)
        _onset(i, step, min(later, _MAX_DELAY_STEPS * STEP_SAMPLES), key, patch, row[CUT_AT])
        if patch[0] == 1:
            i[I_FEATURE] = source_slot
            f[G_AMP] *= patch[4]
            f[G_POWER] *= patch[4] * patch[4]
        i[I_PART] = _EMITTER_BASE + index
        count += 1
    return count


@jit_inner
def _utter(
    bank: Bank, key: Any, individual: Any, turn: int, step: int, row: I16, index: int, power: float,
    distance: float, left: float, right: float,
    pitch_oct: float, am_oct: float, at_s: float, gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """Append the syllables of one call; returns the new count, or FULL."""
    c = bank.callers[index]
    patch = bank.patches[int(c[0])]
    first, variants = int(c[14]), int(c[15]) - int(c[14])
    # A hashed stride through the variants: within a round of them no two turns that follow each other are the same.
    order = draw64(individual, 200 + turn // variants)
    stride = 1 + (high32(draw64(order, 1)) * max(variants - 1, 1) >> 32)
    while math.gcd(stride, variants) > 1:
        stride += 1
    call = bank.calls[first + (high32(order) % variants + (turn % variants) * stride) % variants]
    tempo = up(c[9] * (2.0 * unit(draw64(key, 21)) - 1.0))
    transpose = up(pitch_oct + c[8] * (2.0 * unit(draw64(key, 22)) - 1.0))
    for n in range(int(call[0]), int(call[1])):
        s = bank.syllables[n]
        skey = draw64(key, 100 + n)
        if unit(skey) < c[13]:
            continue
        if count >= len(gf):
            return FULL
        f, i = gf[count], gi[count]
        turns = s[2] * transpose / SAMPLE_RATE_HZ
        length_s = s[1] / tempo
        _write(
            bank, f, i, HISS if s[10] > 0.0 else _TONE, power * squared(s[4]), turns, math.log2(s[3] / s[2]), length_s,
            s[9], s[10] * transpose, s[5] * up(am_oct), s[6], s[7], s[8],
        )  # fmt: skip
        if distance > 0.0:
            air = as_amplitude(-AIR_DB_PER_M[i[I_BAND]] * distance)
            f[G_AMP] *= air
            f[G_POWER] *= air * air
        f[G_LEFT], f[G_RIGHT] = left, right
        onset = int((at_s + s[0] / tempo) * SAMPLE_RATE_HZ)
        _onset(i, step, min(onset, _MAX_DELAY_STEPS * STEP_SAMPLES), skey, patch, row[CUT_AT])
        i[I_PART] = _CALLER_BASE + index
        count += 1
    return count


@jit_inner
def _call(
    bank: Bank, seed: Any, step: int, row: I16, index: int,
    gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """Let the individuals of one species begin what they utter at this step; returns the new count, or FULL."""
    c, draws = bank.callers[index], bank.caller_draws[index]
    activity = rate_log2(bank, row, 0, int(c[3]), int(c[4]), 0)
    if activity <= NEVER // 2:
        return count
    present = _threshold(bank, rate_log2(bank, row, 0, int(c[5]), int(c[6]), 0))
    threshold = _threshold(bank, activity)
    individuals, window = int(c[1]), int(c[2])
    for individual in range(individuals):
        if present <= ((2 * individual + 1) << 31) // individuals:
            break
        who = hash64(seed, _CALLER_BASE + index, 0, individual)
        since = step + (high32(who) % window)
        key = hash64(seed, _CALLER_BASE + index, since // window, individual + 1_000)
        # Where in its window it begins: at once when it repeats through the window, else anywhere in the first half.
        begin = 0 if c[7] else (high32(draw64(key, 30)) * max(window // 2, 1)) >> 32
        if since % window != begin or high32(key) >= threshold:
            continue
        power = squared(octaves(bank, row, 0, draws[0:5]) + _spread(key, 0, draws[0:5]))
        pitch_oct = octaves(bank, row, 0, draws[5:10]) + _spread(who, 1, draws[5:10])
        am_oct = octaves(bank, row, 0, draws[15:20])
        left, right = _place(who, 10, 0.9)
        distance = 0.0
        if c[10] >= 0:
            near = bank.floats[int(c[11]) + row[int(c[10])]]
            distance = max(near * up(2.0 * unit(draw64(who, 12)) - 1.0), 1.0)
            power *= (c[12] / distance) ** 2
        # A call that is not repeated is one that begins within its first step and whose period outlasts the window.
        period_s, jitter_s = 2.0 * window, 0.0
        at_s = unit(draw64(key, 31)) / STEPS_PER_S
        if c[7]:
            period_s = 1.0 / up(octaves(bank, row, 0, draws[10:15]) + _spread(key, 2, draws[10:15]))
            at_s *= period_s * STEPS_PER_S
            jitter_s = 0.05 * period_s
        repeat = 0
        while at_s < (window - 1) / STEPS_PER_S or repeat == 0:
            late_s = jitter_s * (unit(draw64(key, 1_000 + repeat)) - 0.5)
            count = _utter(
                bank, draw64(key, 40 + repeat), who, since // window * (7 if c[7] else 1) + repeat, step, row, index,
                power, distance, left, right, pitch_oct, am_oct, max(at_s + late_s, 0.0), gf, gi, count,
            )  # fmt: skip
            if count == FULL:
                return FULL
            at_s += period_s
            repeat += 1
    return count


@jit_inner
def _answer(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64, index: int, slot: int,
    gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """One call of a species as an event; returns the new count, or FULL."""
    c, draws = bank.callers[index], bank.caller_draws[index]
    own_at = EVENTS_AT + slot * _EVENT_WIDTH
    key = hash64(seed, _CALLER_BASE + index, step, 5_000 + int(row[own_at + 1]))
    distance = EVENT_M[row[own_at + 2]]
    power = squared(octaves(bank, row, own_at, draws[0:5]) + _spread(key, 0, draws[0:5]))
    power *= (c[12] / max(distance, 1.0)) ** 2
    power *= _fixed_share(gains, power) ** 2
    left, right = pan_amplitudes(row[own_at + 3])
    pitch_oct = octaves(bank, row, own_at, draws[5:10]) + _spread(key, 1, draws[5:10])
    am_oct = octaves(bank, row, own_at, draws[15:20])
    return _utter(
        bank,
        key,
        draw64(key, 50),
        0,
        step,
        row,
        index,
        power,
        distance,
        left,
        right,
        pitch_oct,
        am_oct,
        0.0,
        gf,
        gi,
        count,
    )


@jit
def spawn_grains(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64,
    gf: F64, gi: I64, count: int,
) -> int:  # fmt: skip
    """Append to [count, …) all grains that this step's tokens set off; returns the new count, or FULL."""
    for index in range(len(bank.emitters)):
        patch = bank.patches[int(bank.emitters[index, 0])]
        if patch[0] == 0:
            count = _emit(bank, seed, step, row, gains, index, 0, 0, gf, gi, count)
        else:
            base, width = (FEATURES_AT, _FEATURE_WIDTH) if patch[0] == 1 else (EVENTS_AT, _EVENT_WIDTH)
            for slot in range(FEATURE_SLOTS if patch[0] == 1 else EVENT_SLOTS):
                own_at = base + slot * width
                if row[own_at] == patch[1] and count != FULL:
                    count = _emit(bank, seed, step, row, gains, index, slot, own_at, gf, gi, count)
        if count == FULL:
            return FULL
    for index in range(len(bank.callers)):
        patch = bank.patches[int(bank.callers[index, 0])]
        if patch[0] == 0:
            count = _call(bank, seed, step, row, index, gf, gi, count)
        else:
            for slot in range(EVENT_SLOTS):
                if row[EVENTS_AT + slot * _EVENT_WIDTH] == patch[1] and count != FULL:
                    count = _answer(bank, seed, step, row, gains, index, slot, gf, gi, count)
        if count == FULL:
            return FULL
    return count


@jit_inner
def _swell(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64, index: int,
    source_slot: int, own_at: int, sf: F64, si: I64, count: int,
) -> int:  # fmt: skip
    s, draws = bank.swells[index], bank.swell_draws[index]
    patch = bank.patches[int(s[0])]
    threshold = _threshold(bank, rate_log2(bank, row, own_at, int(s[2]), int(s[3]), int(s[4])))
    if threshold == 0:
        return count
    for slot in range(int(s[1])):
        key = hash64(
            seed, _SWELL_BASE + index * 64 + source_slot, step, slot + (4096 * row[own_at + 1] if patch[0] == 2 else 0)
        )
        if high32(key) >= threshold:
            continue
        if count >= len(sf):
            return FULL
        f, i = sf[count], si[count]
        power = squared(octaves(bank, row, own_at, draws[0:5]) + _spread(key, 0, draws[0:5]))
        distance = 0.0
        if patch[0] == 2:
            distance = EVENT_M[row[own_at + 2]]
            power *= (patch[4] / max(distance, 1.0)) ** 2
            power *= _fixed_share(gains, power) ** 2
        elif patch[0] == 1:
            power *= patch[4] * patch[4]
        if band_powers(bank, row, own_at, int(s[13]), int(s[14]), int(s[5]), f) <= 0.0:
            continue
        for b in range(BANDS):
            f[b] *= power * as_power(-AIR_DB_PER_M[b] * distance)
        if patch[0] == 2:
            f[W_START], f[W_START + 1] = pan_amplitudes(row[own_at + 3])
        else:
            f[W_START], f[W_START + 1] = _place(key, 10, s[16])
        f[W_END], f[W_END + 1] = f[W_START], f[W_START + 1]
        if s[15]:
            angle = (1.0 + s[16] * (1.0 if high32(draw64(key, 12)) >> 31 else -1.0)) * (math.pi / 4.0)
            f[W_START], f[W_START + 1] = math.cos(angle), math.sin(angle)
            f[W_END], f[W_END + 1] = f[W_START + 1], f[W_START]
        shapes, length = int(s[8]), int(s[9])
        shape = (high32(draw64(key, 13)) * shapes) >> 32
        if s[10] > 0:
            column = row[(own_at if s[12] else 0) + int(s[11])]
            shape = min(max(bank.ints[int(s[10]) - 1 + column], 0), shapes - 1)
        delay = 0
        if s[17]:
            delay = int(up(octaves(bank, row, own_at, draws[5:10]) + _spread(key, 1, draws[5:10])) * STEPS_PER_S)
        i[S_STEP] = step + min(delay, MAX_GRAIN_STEPS - length)
        i[S_ENVELOPE] = int(s[7]) + 2 * shape * length
        i[S_LENGTH] = length
        i[S_VOICE] = int(patch[2])
        i[S_INSIDE] = int(patch[3])
        i[S_FEATURE] = source_slot if patch[0] == 1 else -1
        i[S_CUT] = row[CUT_AT]
        i[S_COHERENCE] = int(s[6])
        count += 1
    return count


@jit_inner
def spawn_swells(
    bank: Bank, seed: Any, step: int, row: I16, gains: F64,
    sf: F64, si: I64, count: int,
) -> int:  # fmt: skip
    """Append to [count, …) all swells that this step's tokens set off; returns the new count, or FULL."""
    for index in range(len(bank.swells)):
        patch = bank.patches[int(bank.swells[index, 0])]
        if patch[0] == 0:
            count = _swell(bank, seed, step, row, gains, index, 0, 0, sf, si, count)
        else:
            base, width = (FEATURES_AT, _FEATURE_WIDTH) if patch[0] == 1 else (EVENTS_AT, _EVENT_WIDTH)
            for slot in range(FEATURE_SLOTS if patch[0] == 1 else EVENT_SLOTS):
                own_at = base + slot * width
                if row[own_at] == patch[1] and count != FULL:
                    count = _swell(bank, seed, step, row, gains, index, slot, own_at, sf, si, count)
        if count == FULL:
            return FULL
    return count
