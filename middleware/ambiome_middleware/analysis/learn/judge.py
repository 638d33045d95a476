"""What is wrong with a recording, before anything is learned from it: one line for each thing, refusals first."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d
from scipy.signal import welch

from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES

Floats = npt.NDArray[np.float64]

SILENT_DB: Final = -70.0
"""Under this (dB re full scale, its loudest 40 ms) a recording holds nothing but a converter's noise."""
SHORTEST_S, SHORT_S = 2.0, 6.0
LOWEST_RATE_HZ: Final = 8_000
NARROW_HZ: Final = 12_500.0
CLIPPED_REFUSED, CLIPPED_WARNED = 0.01, 0.001
"""Shares of samples that stand at full scale."""
_FULL: Final = 0.97
_CLIFF_DB: Final = 24.0
_LOWEST_CLIFF_HZ: Final = 2_500.0
_CLIFF_BELOW, _CLIFF_ABOVE = 0.92, 1.12
_DC_REFUSED: Final = 0.9
_RUMBLE_HZ: Final = 30.0
_RUMBLE_REFUSED: Final = 0.995
_HUM_REFUSED: Final = 0.8
_ONE_EVENT: Final = 0.8


@dataclass(frozen=True, slots=True)
class Judgement:
    """`refused`: why nothing can be learned, or ""; `warnings`: what will be lacking; `bandwidth_hz`: its reach."""

    refused: str
    warnings: tuple[str, ...]
    bandwidth_hz: float


def judged(audio: Floats, rate_hz: int) -> Judgement:
    """Judge a recording [C, n] at 48 kHz that was sampled at `rate_hz`."""
    bandwidth_hz = min(bandwidth_of(audio), 0.5 * rate_hz)
    refused = _refused(audio, rate_hz)
    return Judgement(refused, () if refused else tuple(_warnings(audio, rate_hz, bandwidth_hz)), bandwidth_hz)


def bandwidth_of(audio: Floats) -> float:
    """Where the spectrum ends as if cut off (Hz): a fall of 24 dB within a sixth of an octave either side, for good.

    24 kHz where it does not: no sound of nature ends so.
    """
    if audio.shape[1] < 8_192 or not audio.any():
        return SAMPLE_RATE_HZ / 2
    hz, density = welch(audio, SAMPLE_RATE_HZ, nperseg=4_096)
    level = 10.0 * np.log10(uniform_filter1d(density.mean(axis=0), 5) + 1e-20)
    for centre in np.geomspace(22_500.0, _LOWEST_CLIFF_HZ, 120):
        below = level[(hz > 0.75 * centre) & (hz < _CLIFF_BELOW * centre)]
        above = level[hz > min(_CLIFF_ABOVE * centre, 23_500.0)]
        if np.median(below) - above.max() > _CLIFF_DB:
            near = (hz > 0.75 * centre) & (hz < _CLIFF_ABOVE * centre)
            return float(hz[near][level[near] > np.median(below) - 0.5 * _CLIFF_DB].max())
    return SAMPLE_RATE_HZ / 2


def clipped_share(audio: Floats) -> float:
    """Share of samples that stand at full scale, resampling's overshoot and undershoot included."""
    return float(np.mean(np.abs(audio) >= _FULL))


def _refused(audio: Floats, rate_hz: int) -> str:
    steps = audio[:, : audio.shape[1] // STEP_SAMPLES * STEP_SAMPLES].reshape(len(audio), -1, STEP_SAMPLES)
    moving = steps - steps.mean(axis=(1, 2), keepdims=True) if steps.size else steps
    loudest = float(np.mean(moving**2, axis=2).max()) if steps.size else 0.0
    if loudest < 10.0 ** (SILENT_DB / 10.0):
        return f"silence: nothing in it is louder than {SILENT_DB:g} dB of full scale"
    loud = np.flatnonzero(np.mean(moving**2, axis=2).max(axis=0) > loudest * 1e-6)
    seconds = (loud[-1] - loud[0] + 1) * STEP_SAMPLES / SAMPLE_RATE_HZ
    if seconds < SHORTEST_S:
        return f"{seconds:.1f} s of sound are no texture: at least {SHORTEST_S:g} s are needed, 20 s are good"
    if rate_hz < LOWEST_RATE_HZ:
        return f"sampled at {rate_hz} Hz, which holds only the lowest sounds: at least {LOWEST_RATE_HZ} Hz are needed"
    if (share := clipped_share(audio)) > CLIPPED_REFUSED:
        return f"clipped: {share:.1%} of its samples stand at full scale, allowed are {CLIPPED_REFUSED:.0%}"
    mean = float(np.mean(audio, axis=1).max() ** 2 / np.mean(audio**2))
    if mean > _DC_REFUSED:
        return f"{mean:.0%} of its energy is a constant offset: a fault of the recording, not a sound"
    hz, power = _spectrum(audio)
    low = float(power[hz < _RUMBLE_HZ].sum() / power.sum())
    if low > _RUMBLE_REFUSED:
        return f"{low:.1%} of its energy lies below {_RUMBLE_HZ:g} Hz: rumble of the microphone, not a sound"
    mains, share = _hum(hz, power)
    if share > _HUM_REFUSED:
        return f"{share:.0%} of what is heard in it is mains hum of {mains} Hz: learn a room's tone, not its fault"
    return ""


def _warnings(audio: Floats, rate_hz: int, bandwidth_hz: float) -> list[str]:
    seconds = audio.shape[1] / SAMPLE_RATE_HZ
    found = []
    if seconds < SHORT_S:
        found.append(f"only {seconds:.1f} s long: what wanders more slowly is guessed")
    if bandwidth_hz < NARROW_HZ:
        why = f"sampled at {rate_hz} Hz" if 0.5 * rate_hz <= bandwidth_hz else "cut off by a codec or a resampling"
        found.append(f"{why}: it ends at {bandwidth_hz:,.0f} Hz, and what is above is guessed from the slope below")
    if (share := clipped_share(audio)) > CLIPPED_WARNED:
        found.append(f"clipped in {share:.2%} of its samples: its peaks are flattened")
    if len(audio) < 2:
        found.append("mono: how wide it is is not known")
    power = np.mean(audio[:, : audio.shape[1] // STEP_SAMPLES * STEP_SAMPLES] ** 2, axis=0)
    steps = np.sort(power.reshape(-1, STEP_SAMPLES).mean(axis=1))[::-1]
    if steps[: max(len(steps) // 20, 1)].sum() > _ONE_EVENT * steps.sum():
        found.append(f"{_ONE_EVENT:.0%} of its energy lies in a twentieth of its time: single sounds, hardly a texture")
    hz, spectrum = _spectrum(audio)
    mains, share = _hum(hz, spectrum)
    if share > 0.5 * _HUM_REFUSED:
        found.append(f"{share:.0%} of what is heard in it is mains hum of {mains} Hz")
    return found


def _spectrum(audio: Floats) -> tuple[Floats, Floats]:
    hz, density = welch(audio, SAMPLE_RATE_HZ, nperseg=min(32_768, audio.shape[1]), detrend="constant")
    return hz, density.mean(axis=0)


def _hum(hz: Floats, power: Floats) -> tuple[int, float]:
    """The mains frequency, and what share of the energy above 40 Hz stands in narrow lines at its first harmonics."""
    heard = power[hz > 40.0].sum()
    shares = {}
    for mains in (50, 60):
        lines = 0.0
        for harmonic in range(1, 9):
            near = np.abs(hz - mains * harmonic)
            line, beside = power[near <= 3.0], power[(near > 6.0) & (near < 20.0)]
            lines += max(float(line.sum() - len(line) * beside.mean()), 0.0)
        shares[mains] = lines / float(heard)
    mains = max(shares, key=lambda each: shares[each])
    return mains, shares[mains]
