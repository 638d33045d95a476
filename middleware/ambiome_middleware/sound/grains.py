"""Grains on a CPU: every sample from a closed form in its distance to the onset.

A tile of 384 samples is evaluated at a time: its first phase and envelope come from float64, the rest from polynomials
that vectorise and need no library function, so a sample's bits depend on nothing but the grain and its place in it.
`grains_torch` says the same in torch for other devices; a conformance test holds the two together.
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F32, F64, I64, copy
from ambiome_middleware.sound.chance import heard_azimuth
from ambiome_middleware.sound.control import AT_CUT, AT_FEATURE, AT_SHELTER, AT_VOICE, FEATURE_GAINS
from ambiome_middleware.sound.decibels import as_amplitude, up
from ambiome_middleware.sound.hashing import hash32
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
from ambiome_middleware.sound.shelter import partly_inside, sheltered
from ambiome_middleware.tokens import STEP_SAMPLES

F = np.float32
TILE: Final = 384
RAMP: Final = np.arange(TILE, dtype=np.float32)
"""0, 1, 2 … as float32: cheaper to load than to convert."""
VECTOR: Final = 8
"""Samples in 256 bits; TILE is a multiple."""
SLOW: Final = F(1.0 / VECTOR)
"""Cells a sample of a noise that at most once in a vector goes on to the next cell."""
LANES: Final = 16
"""Samples in 512 bits: a loop of half as many more would end in a slower one. TILE is a multiple."""
STRETCH: Final = 64
"""Samples over which a tone is turned by the same table: shorter ones cost more beginnings, longer ones more table."""
STRETCHES: Final = TILE // STRETCH
SPINS: Final = (2, STRETCH + STRETCHES)
"""Room for what turns a tone: see `_spin`."""
QUARTER: Final = F(0.25)
KNOTS: Final = TILE // VECTOR + VECTOR
"""Room for the cells that a slow noise goes through in a tile."""
LONGEST: Final = 128
"""Samples of the longest stretch between two looks at where a slow noise stands."""
CUT_FADE_SAMPLES: Final = 960
"""20 ms: how long grains of before a cut take to go."""
NOISE_GAIN: Final = F(2.0096)
"""√3 · 1.1602: unit power for uniform values under smooth steps."""
_C1, _C3, _C5, _C7, _C9 = (F(c) for c in (6.2831853072, -41.341702240, 81.605249276, -76.705859753, 42.058693944))


@jit_inner
def whole(count: int) -> int:
    """`count` rounded up to whole vectors."""
    return (count + LANES - 1) & -LANES


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
def _knot(seed: Any, cell: Any) -> Any:
    """The value of a grain's noise where one of its cells begins, −1 … 1."""
    return _signed(hash32(np.uint32(seed ^ np.uint32(cell * np.uint32(0x9E3779B9)))))


@jit_inner
def _between(a: Any, rise: Any, x: Any) -> Any:
    """From `a` up by `rise` in a smooth step: its images lie 14 dB and more below those of a straight line."""
    return (a + rise * (x * x * (F(3.0) - F(2.0) * x))) * NOISE_GAIN


@jit_inner
def _hiss(seed: Any, place: float, rate: Any, count: int, knots: F32, out: F32) -> None:
    """Multiply `out`, whole vectors of it, by a noise of `rate` ≤ 1 cells a sample that stands at `place`.

    `knots` [KNOTS] is room to work in.
    """
    start, first = F(place - np.floor(place)), np.uint32(np.int64(np.floor(place)))
    if rate > SLOW:
        # Hashing both ends of the cell vectorises; looking them up in a table would not.
        for j in range(count):
            at = start + RAMP[j] * rate
            cell = np.floor(at)
            here = np.uint32(first + np.uint32(np.int32(cell)))
            a, b = _knot(seed, here), _knot(seed, np.uint32(here + np.uint32(1)))
            out[j] *= _between(a, b - a, at - cell)
        return
    for k in range(int(start + RAMP[count - 1] * rate) + 3):
        knots[k] = _knot(seed, np.uint32(first + np.uint32(k)))
    # Stretches so long that each reaches into two cells at most.
    size = VECTOR
    while size < LONGEST and F(2 * size) * rate <= F(1.0):
        size *= 2
    for n in range(0, count, size):
        cell = np.floor(start + RAMP[n] * rate)
        border = cell + F(1.0)
        at_knot = np.uint64(cell)
        a, b, c = knots[at_knot], knots[at_knot + np.uint64(1)], knots[at_knot + np.uint64(2)]
        stretch, places = out[n : min(n + size, count)], RAMP[n : min(n + size, count)]
        for j in range(len(stretch)):
            at = start + places[j] * rate
            is_next = at >= border
            low, rise = b if is_next else a, c - b if is_next else b - a
            stretch[j] *= _between(low, rise, at - (border if is_next else cell))


@jit_inner
def _stretches(count: int) -> int:
    return (count + STRETCH - 1) // STRETCH


@jit_inner
def _spin(base: Any, turns: Any, count: int, spins: F32) -> None:
    """What a tone of `turns` a sample is turned by, `spins` [SPINS]: the sines and the cosines of the places in a
    stretch, then of where each stretch begins, the first at `base` turns.
    """
    sines, cosines = spins[0], spins[1]
    for j in range(STRETCH):
        sines[j], cosines[j] = sine(RAMP[j] * turns), sine(RAMP[j] * turns + QUARTER)
    stride = F(STRETCH) * turns
    for k in range(_stretches(count)):
        at = base + RAMP[k] * stride
        sines[STRETCH + k], cosines[STRETCH + k] = sine(at), sine(at + QUARTER)


@jit_inner
def _overtones(s: Any, c: Any, second: Any, third: Any) -> Any:
    """sin x + `second` · sin 2x + `third` · sin 3x of sin x and cos x."""
    return s + second * (F(2.0) * s * c) + third * (s * (F(3.0) - F(4.0) * s * s))


@jit_inner
def _tone(base: Any, turns: Any, second: Any, third: Any, count: int, spins: F32, out: F32) -> None:
    """A tone whose pitch stays: sin(a + b) of where a stretch begins and of the place in it."""
    _spin(base, turns, count, spins)
    sines, cosines = spins[0], spins[1]
    if second == 0.0 and third == 0.0:
        for k in range(_stretches(count)):
            s, c = sines[STRETCH + k], cosines[STRETCH + k]
            here = out[k * STRETCH : min((k + 1) * STRETCH, count)]
            for j in range(len(here)):
                here[j] = s * cosines[j] + c * sines[j]
        return
    for k in range(_stretches(count)):
        s, c = sines[STRETCH + k], cosines[STRETCH + k]
        here = out[k * STRETCH : min((k + 1) * STRETCH, count)]
        for j in range(len(here)):
            both = s * cosines[j] + c * sines[j]
            here[j] = _overtones(both, c * cosines[j] - s * sines[j], second, third)


@jit_inner
def _tremble(base: Any, turns: Any, depth: Any, count: int, spins: F32, out: F32) -> None:
    """Multiply `out` by 1 − `depth` · (1 + cos x): at `base` 0 by 1 − 2 · `depth`, half a turn later by 1."""
    _spin(base + QUARTER, turns, count, spins)
    sines, cosines = spins[0], spins[1]
    for k in range(_stretches(count)):
        s, c = depth * sines[STRETCH + k], depth * cosines[STRETCH + k]
        here = out[k * STRETCH : min((k + 1) * STRETCH, count)]
        for j in range(len(here)):
            here[j] *= F(1.0) - depth - (s * cosines[j] + c * sines[j])


@jit_inner
def wave(f: F64, i: I64, n0: int, count: int, decays: F32, knots: F32, spins: F32, out: F32) -> None:
    """Samples n0 … n0 + count (count ≤ TILE) of a grain before its gain, into `out`. `decays` [TILE]: 2^(decay·j).

    Behind `count` follow samples of no meaning up to a whole vector: one by one the last would cost as much as a tile.
    `knots`: see `_hiss`; `spins` [SPINS] is room to work in.
    """
    length, form = i[I_LENGTH], i[I_FORM]
    count = whole(count)
    base = F(_fraction(n0 * (f[G_TURNS] + n0 * (f[G_SWEEP] + n0 * f[G_BEND]))))
    turns = F(f[G_TURNS] + n0 * (2.0 * f[G_SWEEP] + n0 * 3.0 * f[G_BEND]))
    sweep, bend = F(f[G_SWEEP] + 3.0 * n0 * f[G_BEND]), F(f[G_BEND])
    start_n, end_n = F(n0), F(length)
    attack = f[G_ATTACK]
    fade = length - attack if form >= 2 else 0.25 * length
    if form >= 2:
        second, third = F(f[G_SECOND]), F(f[G_THIRD])
        if f[G_SWEEP] == 0.0 and f[G_BEND] == 0.0:
            _tone(base, turns, second, third, count, spins, out)
        elif second > 0.0 or third > 0.0:
            for j in range(count):
                x = base + RAMP[j] * (turns + RAMP[j] * (sweep + RAMP[j] * bend))
                out[j] = _overtones(sine(x), sine(x + QUARTER), second, third)
        else:
            for j in range(count):
                out[j] = sine(base + RAMP[j] * (turns + RAMP[j] * (sweep + RAMP[j] * bend)))
    else:
        envelope = F(up(f[G_DECAY] * n0))
        for j in range(count):
            out[j] = sine(base + RAMP[j] * (turns + RAMP[j] * sweep)) * (envelope * decays[j])
    # Beyond its rise and before its fade a grain's shape is exactly 1, so only those vectors are touched.
    rise, fall = F(1.0 / attack), F(1.0 / fade)
    for j in range(min(count, whole(int(attack) + 1 - n0))):
        out[j] *= smooth((start_n + RAMP[j]) * rise)
    fading = max(int(length - fade) - 1 - n0, 0) & -LANES
    # Views counted from 0: an index that might be negative would keep the loop from vectorising.
    end, places = out[fading:count], RAMP[fading:count]
    for j in range(len(end)):
        end[j] *= smooth((end_n - (start_n + places[j])) * fall)
    if form == 1 or form == 3:
        _hiss(np.uint32(i[I_SEED]), n0 * f[G_NOISE], F(f[G_NOISE]), count, knots, out)
    if f[G_DEPTH] > 0.0:
        _tremble(F(_fraction(n0 * f[G_AM])), F(f[G_AM]), F(0.5 * f[G_DEPTH]), count, spins, out)


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
    count: int, pans: F64, tile: F32, decays: F32, knots: F32, spins: F32, ends: F32, out: F32,
) -> None:  # fmt: skip
    """Add a stream's grains to one step, `out` [n, STEP_SAMPLES]. `gains` [2, GAIN_COLUMNS]: the step before, this.

    `tile` and `decays` [TILE], `knots` [KNOTS], `spins` [SPINS] and `ends` [n, 2] are room to work in.
    """
    channels = len(out)
    for g in range(count):
        f, i = gf[g], gi[g]
        onset, first, last, is_cut = span(i, step, gains[1, AT_CUT])
        if first >= last or not ramp(gains[0], gains[1], f, i, step, pans, ends):
            continue
        if i[I_FORM] < 2:
            need = whole(min(TILE, last - first))
            decays[0], factor, have = F(1.0), F(up(f[G_DECAY])), 1
            while have < need:
                more = decays[have : min(2 * have, need)]
                for j in range(len(more)):
                    more[j] = decays[j] * factor
                factor, have = factor * factor, 2 * have
        at = first
        while at < last:
            # Tiles are counted from the step's start, so a chunk or a seek cuts them alike.
            size = min(TILE - at % TILE, last - at)
            wave(f, i, at - onset, size, decays, knots, spins, tile)
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
