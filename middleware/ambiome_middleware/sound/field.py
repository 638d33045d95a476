"""The bed's powers, [parts, BANDS]: the lower triangle of the covariance of a layout's n channels, in each band.

Entry (i, j ≤ i) stands in row i(i+1)/2 + j. Whatever sounds adds its power from an azimuth or as a diffuse field; a
Cholesky factor of the sum then shapes n independent noises so that they have this covariance.
"""

import math

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F32, F64
from ambiome_middleware.sound.layouts import Field
from ambiome_middleware.sound.patch import BANDS


@jit_inner
def add_directional(field: Field, azimuth: int, source: F64, coherence: F64, power: F64) -> None:
    """Add powers `source` [BANDS] from an azimuth, blurred: `coherence` [BANDS] is between any two loudspeakers.

    Patterns about one place would all be coherent: there a share (1 + coherence)/2 comes from the azimuth, and the
    rest from all around.
    """
    channels = field.pans.shape[1]
    pan = field.pans[azimuth]
    part = 0
    for i in range(channels):
        for j in range(i + 1):
            weight = pan[i] * pan[j]
            if field.is_ambisonic:
                around = field.diffuse[part, 0]
                for b in range(BANDS):
                    power[part, b] += source[b] * (around + (weight - around) * (0.5 + 0.5 * coherence[b]))
            elif i == j and weight != 0.0:
                for b in range(BANDS):
                    power[part, b] += source[b] * weight
            elif weight != 0.0:
                for b in range(BANDS):
                    power[part, b] += source[b] * weight * coherence[b]
            part += 1


@jit_inner
def add_point(field: Field, azimuth: int, band: int, source: float, power: F64) -> None:
    """Add a power `source` in one band, from exactly an azimuth."""
    pan = field.pans[azimuth]
    part = 0
    for i in range(field.pans.shape[1]):
        for j in range(i + 1):
            power[part, band] += source * pan[i] * pan[j]
            part += 1


@jit_inner
def add_diffuse(field: Field, source: F64, coherent: F64, power: F64) -> None:
    """Add powers `source` [BANDS] from all around, of which `coherent` [BANDS] is coherence · power."""
    for part in range(len(field.diffuse)):
        whole, shared = field.diffuse[part, 0], field.diffuse[part, 1]
        if whole != 0.0 or shared != 0.0:
            for b in range(BANDS):
                power[part, b] += source[b] * whole + coherent[b] * shared


@jit_inner
def factor(power: F64, density: F64, out: F32) -> None:
    """Covariances [parts, BANDS] → the lower triangle of their Cholesky factor · `density` [BANDS], `out` likewise.

    A channel that is silent in a band, or all of which others hold already, gets no noise of its own there.
    """
    parts = len(power)
    if parts == 1:
        for b in range(BANDS):
            out[0, b] = math.sqrt(power[0, b]) * density[b]
        return
    if parts == 3:
        for b in range(BANDS):
            left = math.sqrt(power[0, b])
            cross = power[1, b] / left if left > 1e-15 else 0.0
            out[0, b] = left * density[b]
            out[1, b] = cross * density[b]
            out[2, b] = math.sqrt(max(power[2, b] - cross * cross, 0.0)) * density[b]
        return
    for b in range(BANDS):
        row = 0
        i = 0
        while row < parts:
            column = 0
            for j in range(i + 1):
                rest = power[row + j, b]
                for k in range(j):
                    rest -= out[row + k, b] * out[column + k, b]
                if i == j:
                    out[row + j, b] = math.sqrt(rest) if rest > 1e-9 * power[row + j, b] else 0.0
                else:
                    pivot = out[column + j, b]
                    out[row + j, b] = rest / pivot if pivot > 0.0 else 0.0
                column += j + 1
            i += 1
            row += i
        for part in range(parts):
            out[part, b] *= density[b]


@jit_inner
def fold(noises: int, out: F32) -> None:
    """Let a factor, [parts, BANDS], do with so many noises: those beyond are dealt out in turn, their power is kept."""
    row = i = 0
    while row < len(out):
        for j in range(noises, i + 1):
            for b in range(BANDS):
                kept = out[row + j % noises, b]
                out[row + j % noises, b] = math.sqrt(kept * kept + out[row + j, b] * out[row + j, b])
                out[row + j, b] = 0.0
        i += 1
        row += i
