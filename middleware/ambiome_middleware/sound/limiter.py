"""True peak ≤ −1 dBTP with no memory but the step before: the same output wherever rendering begins.

The gain that each sample needs (4× oversampled peak, after ITU-R BS.1770-5 annex 2) goes through a sliding minimum over
±5 ms and a triangular FIR of ±5 ms, channels linked; the sound is delayed by the reach of all that, `DELAY_SAMPLES`.
Where nothing comes near the ceiling the sound passes bit for bit.
"""

from typing import Any, Final

import numpy as np

from ambiome_middleware.jit import jit_room
from ambiome_middleware.sound.arrays import F32
from ambiome_middleware.tokens import STEP_SAMPLES

HOLD: Final = 240
TAPS: Final = 12
HALF: Final = TAPS // 2
REACH: Final = 2 * HOLD + HALF
DELAY_SAMPLES: Final = REACH
"""10.1 ms."""
CEILING: Final = 10.0 ** (-1.4 / 20.0)
"""−1 dBTP less what a 12-tap interpolator may miss and a moving gain may add."""


def _phases() -> F32:
    """Interpolators for ¼, ½ and ¾ of a sample, [3, TAPS]: sinc under a Kaiser window, unity at DC."""
    taps = np.arange(TAPS)[None, :] - (HALF - 1) - np.array([0.25, 0.5, 0.75])[:, None]
    window = np.i0(5.0 * np.sqrt(np.maximum(1.0 - (taps / HALF) ** 2, 0.0))) / np.i0(5.0)
    kernel = np.sinc(taps) * window
    return np.asarray(kernel / kernel.sum(axis=1, keepdims=True), np.float32)


PHASES: Final = _phases()
WORST: Final = float(np.abs(PHASES).sum(axis=1).max())
"""No interpolated sample exceeds the largest of its neighbours by more than this factor."""
SPAN: Final = STEP_SAMPLES + 2 * REACH
F = np.float32


@jit_room
def _peak(sound: F32) -> Any:
    """The largest magnitude in one row, as integers, which order alike: a maximum of floats does not vectorise."""
    bits, top = sound.view(np.int32), np.empty(1, np.int32)
    largest = np.int32(0)
    for n in range(len(bits)):
        largest = max(largest, np.int32(bits[n] & np.int32(0x7FFFFFFF)))
    top[0] = largest
    return top.view(F)[0]


@jit_room
def limit(before: F32, now: F32, monitor: F32, out: F32) -> None:
    """Raw steps `before` and `now` [n, STEP_SAMPLES] → the limited step, delayed by DELAY_SAMPLES, `out` likewise.

    `monitor` [m, n]: the signals that are held below the ceiling, as sums of the channels (see `layouts`).
    """
    channels, signals = len(now), len(monitor)
    kept = STEP_SAMPLES - DELAY_SAMPLES
    for c in range(channels):
        for n in range(DELAY_SAMPLES):
            out[c, n] = before[c, kept + n]
        for n in range(kept):
            out[c, DELAY_SAMPLES + n] = now[c, n]
    peak = F(0.0)
    for c in range(channels):
        peak = max(peak, max(_peak(before[c]), _peak(now[c])))
    widest = F(0.0)
    for signal in range(signals):
        width = F(0.0)
        for c in range(channels):
            width += abs(monitor[signal, c])
        widest = max(widest, width)
    if peak * widest * WORST <= CEILING:
        return
    # x covers the delayed step and REACH on either side of it.
    x = np.zeros((signals, SPAN), F)
    for signal in range(signals):
        for c in range(channels):
            share = monitor[signal, c]
            for n in range(2 * REACH):
                x[signal, n] += share * before[c, STEP_SAMPLES - 2 * REACH + n]
            for n in range(STEP_SAMPLES):
                x[signal, 2 * REACH + n] += share * now[c, n]
    need = np.ones(SPAN, F)
    is_loud = False
    for c in range(signals):
        for m in range(HALF, SPAN - HALF):
            top = abs(x[c, m])
            near = top
            for k in range(-HALF + 1, HALF + 1):
                near = max(near, abs(x[c, m + k]))
            if near * WORST <= CEILING:
                continue
            for p in range(3):
                value = F(0.0)
                for k in range(TAPS):
                    value += PHASES[p, k] * x[c, m - HALF + 1 + k]
                top = max(top, abs(value))
            if top > CEILING:
                need[m] = min(need[m], CEILING / top)
                is_loud = True
    if not is_loud:
        return
    # Sliding minimum over 2·HOLD + 1 samples by doubling: 1, 2, 4 … 256, then two windows of 256 that overlap.
    low, reach = need.copy(), 1
    while 2 * reach <= 2 * HOLD + 1:
        for m in range(SPAN - 2 * reach + 1):
            low[m] = min(low[m], low[m + reach])
        reach *= 2
    held = np.ones(SPAN)
    for m in range(HOLD, SPAN - HOLD):
        held[m] = min(low[m - HOLD], low[m + HOLD + 1 - reach])
    # Two boxes of HOLD samples make the triangle; sums in float64 from the span's start are the same for every step.
    total, box = 0.0, np.empty(SPAN)
    for m in range(HOLD, SPAN - HOLD):
        total += held[m] - (held[m - HOLD] if m - HOLD >= HOLD else 0.0)
        box[m] = total / HOLD
    total = 0.0
    for m in range(2 * HOLD - 1, SPAN - HOLD):
        total += box[m] - (box[m - HOLD] if m - HOLD >= 2 * HOLD - 1 else 0.0)
        gain_at = m - HOLD - REACH + 1
        if m >= 3 * HOLD - 2 and 0 <= gain_at < STEP_SAMPLES:
            gain = F(min(total / HOLD, 1.0))
            for c in range(channels):
                out[c, gain_at] *= gain
