"""Single events in a recording: where in its octave bands it stands out of its own bed, and how.

In each octave band the envelope's power is followed on a grid of half a millisecond. Peaks, of a running mean over
4 ms, well above the quieter third of the second and a half around them are events. Their decay is that of a damped sine
of their peak and energy (energy = peak × time constant / 2), which the beating of a long call does not break up. Pitch
and tonality come from the phase advance between samples of the band (the pulse-pair estimate: its magnitude is 1 for a
sine, and about 0.64 for noise that fills the band at twice its rate). Peaks at the same moment in several octaves are
one event.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.fft import ifft, next_fast_len, rfft
from scipy.ndimage import percentile_filter, uniform_filter1d
from scipy.signal import find_peaks

from ambiome_middleware.sound.patch import FLUTTER_HZ
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

GRID_HZ: Final = 2_000
OCTAVES_HZ: Final[Floats] = FLUTTER_HZ[2:]
"""Octave bands in which events are looked for, 125 Hz … 16 kHz; below, every fluctuation of noise rings for as long."""
ABOVE_BED_DB: Final = 10.0
"""How far above the bed's median an event's peak stands; of noise, every thousandth value does."""
PROMINENCE_DB: Final = 6.0
TONAL: Final = 0.9
"""Pulse-pair magnitude from which on an event is a tone."""
_SMOOTH: Final = 8
_BED_S, _BED_BLOCK_S, _BED_PERCENT = 1.5, 0.02, 33
_LONGEST_S: Final = 0.6
_TOGETHER_S: Final = 0.003
_BESIDE_DB: Final = 9.0
"""An octave so much weaker than the strongest does not count to an event's width."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its time, energy (mean square × s), time constants, pitch, tonality, and the octaves it fills."""

    at_s: float
    energy: float
    decay_s: float
    attack_s: float
    pitch_hz: float
    tonality: float
    sweep_oct: float
    first_octave: int
    last_octave: int


def events_of(signal: Floats, bandwidth_hz: float) -> list[Event]:
    """The events of a mono signal [n], by time. Octaves above `bandwidth_hz` are left out."""
    spectrum = rfft(signal)
    held = [octave for octave, hz in enumerate(OCTAVES_HZ) if bandwidth_hz >= hz]
    found = [event for octave in held for event in _in_octave(spectrum, len(signal), octave)]
    return _merged(found)


def noise_like(signal: Floats, seed: int = 0) -> Floats:
    """Noise of a signal's spectrum, its phases drawn anew [n]: what stands out of it is chance."""
    spectrum = rfft(signal)
    phases = np.random.default_rng(seed).random(len(spectrum))
    made: Floats = np.fft.irfft(np.asarray(spectrum) * np.exp(2j * np.pi * phases), len(signal))
    return made


def _in_octave(spectrum: Complexes, samples: int, octave: int) -> list[Event]:
    hz = float(OCTAVES_HZ[octave])
    first, last = (int(edge * samples / SAMPLE_RATE_HZ) for edge in (hz / np.sqrt(2), hz * np.sqrt(2)))
    bins = spectrum[first : min(last, len(spectrum))]
    grid = samples * GRID_HZ // SAMPLE_RATE_HZ
    size = next_fast_len(max(2 * len(bins), grid))
    band = np.asarray(ifft(bins, size)) * (2.0 * size / samples)
    rate_hz = size * SAMPLE_RATE_HZ / samples
    power = 0.5 * (band.real**2 + band.imag**2)
    below = np.concatenate([[0.0], np.cumsum(power)])
    coarse = np.diff(np.interp(np.linspace(0, size, grid + 1), np.arange(size + 1), below)) * (grid / size)
    bed = _bed(coarse)
    level = 10.0 * np.log10(np.maximum(uniform_filter1d(coarse, _SMOOTH), 1e-16))
    floor = 10.0 * np.log10(np.maximum(bed, 1e-16))
    own_s = 0.5 / (hz / np.sqrt(2))
    peaks, _ = find_peaks(
        level, height=floor + ABOVE_BED_DB, prominence=PROMINENCE_DB, distance=max(_SMOOTH // 2, round(own_s * GRID_HZ))
    )
    low_hz = first * SAMPLE_RATE_HZ / samples
    valleys = [0, *(int(p + np.argmin(level[p:q])) for p, q in pairwise(peaks)), len(level) - 1]
    return (
        [
            _measured(band, rate_hz, low_hz, coarse, level, floor, span, octave, own_s)
            for span in zip(peaks.tolist(), valleys[:-1], valleys[1:], strict=True)
        ]
        if len(peaks)
        else []
    )


def _bed(power: Floats) -> Floats:
    """What the power stands at between events around each point of the grid, [n] -> [n]."""
    block = round(_BED_BLOCK_S * GRID_HZ)
    blocks = np.median(power[: len(power) // block * block].reshape(-1, block), axis=1)
    slow = percentile_filter(blocks, _BED_PERCENT, round(_BED_S / _BED_BLOCK_S), mode="nearest")
    return np.asarray(np.interp(np.arange(len(power)), (np.arange(len(blocks)) + 0.5) * block, slow))


def _measured(
    band: Complexes, rate_hz: float, low_hz: float, power: Floats, level: Floats, floor: Floats,
    span: tuple[int, int, int], octave: int,
    own_s: float,
) -> Event:  # fmt: skip
    """What is known of the event of this peak between its two valleys; `own_s` is how long the band itself rings."""
    peak, reach = span[0], round(_LONGEST_S * GRID_HZ)
    after, before = level[peak : min(peak + reach, span[2] + 1)], level[max(peak - reach, span[1]) : peak + 1][::-1]
    quiet = floor[peak] + 3.0
    start, stop = peak - _until(before, quiet), peak + _until(after, quiet)
    top = start + int(np.argmax(power[start : stop + 1]))
    bed = 10.0 ** (floor[peak] / 10.0) / np.log(2.0)
    parts = [float(power[at].sum()) - bed * (at.stop - at.start) for at in (slice(start, top), slice(top, stop + 1))]
    energy = max(sum(parts), 0.5 * float(power[top])) / GRID_HZ
    rise, fall = (2.0 * max(part, 0.0) / (float(power[top]) * GRID_HZ) for part in parts)
    a, b = int(start / GRID_HZ * rate_hz), int((stop + 1) / GRID_HZ * rate_hz) + 1
    tonality, pitch_hz, sweep = _pitch(band[a : max(b, a + 4)], rate_hz, low_hz)
    return Event(
        top / GRID_HZ, energy, max(np.sqrt(max(fall**2 - own_s**2, 0.0)), 0.0004),
        max(np.sqrt(max(rise**2 - own_s**2, 0.0)), 0.0001), pitch_hz, tonality, sweep, octave, octave,
    )  # fmt: skip


def _until(level: Floats, quiet: float) -> int:
    """How many points from a peak on stay above the bed."""
    under = np.flatnonzero(level < quiet)
    return int(under[0]) if len(under) else len(level) - 1


def _pitch(band: Complexes, rate_hz: float, low_hz: float) -> tuple[float, float, float]:
    """Tonality 0 … 1, pitch (Hz) and how far it sweeps (octaves) over an event's samples of a band."""
    pairs = band[1:] * band[:-1].conj()
    total = float(np.sum(np.abs(pairs))) + 1e-30
    tonality = float(np.abs(pairs.sum())) / total
    half = len(pairs) // 2
    hz = [low_hz + float(np.angle(part.sum()) % (2 * np.pi)) / (2 * np.pi) * rate_hz for part in
          (pairs, pairs[:half], pairs[half:])]  # fmt: skip
    sweep = float(np.log2(max(hz[2], 20.0) / max(hz[1], 20.0))) if half > 2 else 0.0
    return tonality, max(hz[0], 20.0), float(np.clip(2.0 * sweep, -1.0, 1.0))


def _merged(found: list[Event]) -> list[Event]:
    """Events at one moment in several octaves made one, strongest first; by time."""
    found = sorted(found, key=lambda event: event.at_s)
    times = np.array([event.at_s for event in found])
    taken = np.zeros(len(found), bool)
    merged = []
    for index in sorted(range(len(found)), key=lambda i: -found[i].energy):
        if taken[index]:
            continue
        event = found[index]
        near_s = max(_TOGETHER_S, 0.5 / OCTAVES_HZ[event.first_octave])
        low, high = np.searchsorted(times, (event.at_s - near_s, event.at_s + near_s))
        group = [i for i in range(low, high) if not taken[i]]
        taken[group] = True
        merged.append(_one([found[i] for i in group], event))
    return sorted(merged, key=lambda event: event.at_s)


def _one(group: list[Event], strongest: Event) -> Event:
    """What several octaves' events are together; the strongest says when and how long."""
    beside = [e for e in group if e.energy >= strongest.energy * 10.0 ** (-_BESIDE_DB / 10.0)]
    octaves = [e.first_octave for e in beside]
    energy = sum(e.energy for e in group)
    if strongest.tonality >= TONAL and strongest.energy > 0.7 * energy:
        return replace(strongest, energy=energy)
    centre = float(np.exp(sum(e.energy * np.log(e.pitch_hz) for e in beside) / sum(e.energy for e in beside)))
    decay = sum(e.energy * e.decay_s for e in beside) / sum(e.energy for e in beside)
    tonality = strongest.tonality if len(octaves) == 1 else 0.0
    return replace(
        strongest, energy=energy, pitch_hz=centre, decay_s=decay, tonality=tonality,
        first_octave=min(octaves), last_octave=max(octaves),
    )  # fmt: skip
