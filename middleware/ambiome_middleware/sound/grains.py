"""Grains on a CPU: every sample from a closed form in its distance to the onset.

A tile of 384 samples is evaluated at a time: its first phase and envelope come from float64, the rest from polynomials
that vectorise and need no library function, so a sample's bits depend on nothing but the grain and its place in it.
`grains_torch` says the same in torch for other devices; a conformance test holds the two together.
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.sound.arrays import F32, F64, I64, copy
from ambiome_middleware.sound.chance import heard_azimuth
from ambiome_middleware.sound.control import (
    AT_CUT,
    AT_FEATURE,
    AT_SHELTER,
    AT_VOICE,
    FEATURE_GAINS,
    partly_inside,
    sheltered,
)
from ambiome_middleware.sound.decibels import as_amplitude, up
from ambiome_middleware.sound.hashing import hash32
from ambiome_middleware.sound.jit import jit_inner
from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.records import (
    G_AM,
    G_AMP,
    G_ATTACK,
    G_BEND,
    G_DECAY,
    G_DEPTH,
    G_NOISE,
    G_SECOND,
    G_SWEEP,
    G_THIRD,
    G_TURNS,
    I_AZIMUTH,
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
)
from ambiome_middleware.tokens import STEP_SAMPLES

TILE: Final = 384
RAMP: Final = np.arange(TILE, dtype=np.float32)
"""0, 1, 2 … as float32: cheaper to load than to convert."""
CUT_FADE_SAMPLES: Final = 960
"""20 ms: how long grains of before a cut take to go."""
F = np.float32
NOISE_GAIN: Final = F(2.0096)
"""√3 · 1.1602: unit power for uniform values under smooth steps."""
_C1, _C3, _C5, _C7, _C9 = (F(c) for c in (6.2831853072, -41.341702240, 81.605249276, -76.705859753, 42.058693944))


@jit_inner
def sine(turns: Any) -> Any:
    """sin 2πx by an odd polynomial on the folded quarter (Taylor to x⁹; error below 4e-6)."""
    x = turns - np.floor(turns + F(0.5))
    x = min(max(x, F(-0.5) - x), F(0.5) - x)
    y = x * x
    return x * (_C1 + y * (_C3 + y * (_C5 + y * (_C7 + y * _C9))))


@jit_inner
def smooth(x: Any) -> Any:
    """3x² − 2x³ on 0 … 1, clamped."""
    x = min(max(x, F(0.0)), F(1.0))
    return x * x * (F(3.0) - F(2.0) * x)


@jit_inner
def _fraction(x: float) -> float:
    return x - np.floor(x)


@jit_inner
def _signed(h: Any) -> Any:
    """uint32 → −1 … 1."""
    return F(np.int32(h)) * F(2.0**-31)


@jit_inner
def wave(f: F64, i: I64, n0: int, count: int, decays: F32, out: F32) -> None:
    """Samples n0 … n0 + count (count ≤ TILE) of a grain before its gain, into `out`. `decays` [TILE]: 2^(decay·j)."""
    length, form = i[I_LENGTH], i[I_FORM]
    base = F(_fraction(n0 * (f[G_TURNS] + n0 * (f[G_SWEEP] + n0 * f[G_BEND]))))
    turns = F(f[G_TURNS] + n0 * (2.0 * f[G_SWEEP] + n0 * 3.0 * f[G_BEND]))
    sweep, bend = F(f[G_SWEEP] + 3.0 * n0 * f[G_BEND]), F(f[G_BEND])
    start_n, end_n = F(n0), F(length)
    attack = f[G_ATTACK]
    fade = length - attack if form >= 2 else 0.25 * length
    if form >= 2:
        for j in range(count):
            out[j] = sine(base + RAMP[j] * (turns + RAMP[j] * (sweep + RAMP[j] * bend)))
        if f[G_SECOND] > 0.0 or f[G_THIRD] > 0.0:
            second, third = F(f[G_SECOND]), F(f[G_THIRD])
            for j in range(count):
                x = base + RAMP[j] * (turns + RAMP[j] * (sweep + RAMP[j] * bend))
                out[j] += second * sine(F(2.0) * x) + third * sine(F(3.0) * x)
    else:
        envelope = F(up(f[G_DECAY] * n0))
        for j in range(count):
            out[j] = sine(base + RAMP[j] * (turns + RAMP[j] * sweep)) * (envelope * decays[j])
    # Beyond its rise and before its fade a grain's shape is exactly 1, so only those samples are touched.
    rise, fall = F(1.0 / attack), F(1.0 / fade)
    for j in range(min(count, int(attack) + 1 - n0)):
        out[j] *= smooth((start_n + RAMP[j]) * rise)
    for j in range(max(int(length - fade) - 1 - n0, 0), count):
        out[j] *= smooth((end_n - (start_n + RAMP[j])) * fall)
    if form == 1 or form == 3:
        rate = F(f[G_NOISE])
        place = n0 * f[G_NOISE]
        start = F(place - np.floor(place))
        first = np.uint32(np.int64(np.floor(place)))
        seed = np.uint32(i[I_SEED])
        for j in range(count):
            at = start + RAMP[j] * rate
            cell = np.floor(at)
            # Hashing both ends of the cell vectorises; looking them up in a table would not.
            here = np.uint32(first + np.uint32(np.int32(cell)))
            a = _signed(hash32(np.uint32(seed ^ np.uint32(here * np.uint32(0x9E3779B9)))))
            b = _signed(hash32(np.uint32(seed ^ np.uint32(np.uint32(here + np.uint32(1)) * np.uint32(0x9E3779B9)))))
            x = at - cell
            # A smooth step from value to value: its images lie 14 dB and more below those of a straight line.
            out[j] *= (a + (b - a) * (x * x * (F(3.0) - F(2.0) * x))) * NOISE_GAIN
    if f[G_DEPTH] > 0.0:
        am_base = F(_fraction(n0 * f[G_AM]))
        am, depth = F(f[G_AM]), F(0.5 * f[G_DEPTH])
        for j in range(count):
            out[j] *= F(1.0) - depth + depth * -sine(am_base + RAMP[j] * am + F(0.25))


@jit_inner
def grain_gain(gains: F64, f: F64, i: I64) -> float:
    """Amplitude of a grain under one step's gains: voice, loudness, shelter, feature."""
    gain = f[G_AMP] * gains[AT_VOICE + i[I_VOICE]]
    shelter = partly_inside(gains[AT_SHELTER + i[I_BAND]], i[I_INSIDE] / INSIDE_ONE)
    if i[I_FEATURE] >= 0:
        feature = AT_FEATURE + FEATURE_GAINS * i[I_FEATURE]
        shelter = sheltered(shelter, gains[feature + 2])
        gain *= gains[feature]
        if gain > 0.0:
            gain *= as_amplitude(-AIR_DB_PER_M[i[I_BAND]] * gains[feature + 2])
    return gain * shelter


@jit_inner
def ramp(
    before: F64, after: F64, f: F64,
    i: I64, step: int, pans: F64, out: F32,
) -> bool:  # fmt: skip
    """A grain's gain at the start and the end of a step, `out` [n, 2]; False where it is silent or cut off.

    `pans` [AZIMUTHS, n] is the layout's.
    """
    if i[I_CUT] != after[AT_CUT]:
        if i[I_CUT] != before[AT_CUT] or i[I_STEP] >= step:
            return False
        after = before
    if i[I_STEP] > step:
        return False
    if i[I_STEP] >= step:
        before = after
    start, end = grain_gain(before, f, i), grain_gain(after, f, i)
    here = pans[heard_azimuth(before, i[I_FEATURE], i[I_AZIMUTH])]
    there = pans[heard_azimuth(after, i[I_FEATURE], i[I_AZIMUTH])]
    heard = False
    for channel in range(pans.shape[1]):
        out[channel, 0] = F(start * here[channel])
        out[channel, 1] = F(end * there[channel])
        heard = heard or out[channel, 0] != 0.0 or out[channel, 1] != 0.0
    return heard


@jit_inner
def span(i: I64, step: int, cut: float) -> tuple[int, int, int, bool]:
    """Onset against the step's start, the samples [first, last) in which a grain sounds, and whether it is cut off."""
    onset = (i[I_STEP] - step) * STEP_SAMPLES + i[I_OFFSET]
    is_cut = i[I_CUT] != cut
    last = min(onset + i[I_LENGTH], CUT_FADE_SAMPLES if is_cut else STEP_SAMPLES)
    return onset, max(onset, 0), last, is_cut


@jit_inner
def add_grains(
    step: int, gains: F64, gf: F64, gi: I64,
    count: int, pans: F64, tile: F32, decays: F32, ends: F32, out: F32,
) -> None:  # fmt: skip
    """Add a stream's grains to one step, `out` [n, STEP_SAMPLES]. `gains` [2, GAIN_COLUMNS]: the step before, this."""
    channels = len(out)
    for g in range(count):
        f, i = gf[g], gi[g]
        onset, first, last, is_cut = span(i, step, gains[1, AT_CUT])
        if first >= last or not ramp(gains[0], gains[1], f, i, step, pans, ends):
            continue
        if i[I_FORM] < 2:
            need = min(TILE, last - first)
            decays[0], factor, have = F(1.0), F(up(f[G_DECAY])), 1
            while have < need:
                for j in range(min(have, need - have)):
                    decays[have + j] = decays[j] * factor
                factor, have = factor * factor, 2 * have
        at = first
        while at < last:
            # Tiles are counted from the step's start, so a chunk or a seek cuts them alike.
            size = min(TILE - at % TILE, last - at)
            wave(f, i, at - onset, size, decays, tile)
            if is_cut:
                for j in range(size):
                    tile[j] *= F(1.0) - smooth((F(at) + RAMP[j]) * F(1.0 / CUT_FADE_SAMPLES))
            for channel in range(channels):
                start = ends[channel, 0]
                if start == 0.0 and ends[channel, 1] == 0.0:
                    continue
                slope = (ends[channel, 1] - start) * F(1.0 / STEP_SAMPLES)
                here = start + slope * F(at + 1)
                # A view counted from 0: an index that might be negative would keep the loop from vectorising.
                target = out[channel, at : at + size]
                for j in range(size):
                    target[j] += tile[j] * (here + slope * RAMP[j])
            at += size


@jit_inner
def keep_grains(step: int, cut: int, gf: F64, gi: I64, count: int) -> int:
    """Drop the grains that are over after `step`, keeping the order; returns how many are left."""
    kept = 0
    for g in range(count):
        i = gi[g]
        end = i[I_STEP] * STEP_SAMPLES + i[I_OFFSET] + i[I_LENGTH]
        if end <= (step + 1) * STEP_SAMPLES or i[I_CUT] != cut:
            continue
        if kept != g:
            copy(gf[g], gf[kept])
            copy(i, gi[kept])
        kept += 1
    return kept
