"""Ambiome's own plan of the storm as single sounds that any synthesiser can play: the same drops at the same moments.

The plan is made by the code that renders it, so what is counted here is what Ambiome plays, by construction. The peers
are spared some of it: harmonics of tones, the arch in a pitch, and the swells: those of wind, surf and fire are part of
their beds' mean (see `beds`), and the hundreds that make a stroke of thunder are two claps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.arrays import F64, I64
from ambiome_middleware.sound.layouts import LAYOUTS
from ambiome_middleware.sound.patch import BAND_HZ
from ambiome_middleware.sound.records import (
    G_AM,
    G_ATTACK,
    G_BEND,
    G_DEPTH,
    G_NOISE,
    G_SWEEP,
    G_TURNS,
    I_AZIMUTH,
    I_FORM,
    I_LENGTH,
    I_OFFSET,
    I_STEP,
    I_VOICE,
    S_ENVELOPE,
    S_LENGTH,
    S_STEP,
    S_VOICE,
)
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_S, STEP_SAMPLES, Row
from ambiome_protocol.lists import VOICES

from benchmarks.peers.beds import NOISE_POWER, Bed
from benchmarks.peers.scene import steps_of, still
from benchmarks.peers.spawned import spawned, steady_gains
from benchmarks.render import GROUPS

KINDS: Final = ("mode", "tone", "pulse", "hiss", "breath", "clap")
"""A damped sine; a sine under a raised cosine; the same, pulsed; a damped band of noise; a band of noise about a sine
that glides, under a raised cosine; low noise that swells and dies away."""
DAMPED_TO: Final = float(np.exp(-5.5))
"""What is left of a damped sound at its end."""
COUNTED: Final = {
    **GROUPS, "splashes of the surf": ("surf",), "leaves and howls of the wind": ("wind",),
    "pulses and claps of thunder": ("thunder",),
}  # fmt: skip
STEADY_S: Final = 5.0
"""From then on calls that began before are in full song: the longest syllable comes 4.8 s after its call's onset."""
SOUND: Final = np.dtype(
    [
        ("onset_s", "f8"), ("listener", "i4"), ("kind", "i4"), ("voice", "i4"), ("length_s", "f8"), ("attack_s", "f8"),
        ("hz", "f8"), ("end_hz", "f8"), ("width_hz", "f8"), ("depth", "f8"), ("left", "f8"), ("right", "f8"),
    ]
)  # fmt: skip
"""One sound. `hz` at its onset (of a clap: its low-pass), `end_hz` at its end; `width_hz` of a band of noise, or the
pulses of a tone a second, by `depth` 0 … 1. `left`, `right`: amplitude of a sine; of a breath, of noise of power 1
beside its sine; of a hiss and a clap, of uniform white noise before a band-pass of peak 1, or a low-pass."""

Sounds = npt.NDArray[np.void]
PARTED_HZ: Final = 400.0
_KIND_OF_FORM = np.array([KINDS.index(name) for name in ("mode", "hiss", "tone", "breath")])


@dataclass(frozen=True, slots=True)
class Plan:
    """`sounds` [N] of SOUND in order of their onsets, all within `seconds`, of so many `listeners`, who also hear their
    own noise of each of the `beds`."""

    seconds: float
    listeners: int
    sounds: Sounds
    beds: tuple[Bed, ...]

    def rates(self) -> dict[str, float]:
        """How many of each group of COUNTED a second and listener, from STEADY_S on."""
        of_voice = np.bincount(self._steady()["voice"], minlength=len(VOICES)) * self._share()
        return {group: float(of_voice[[VOICES.index(v) for v in voices]].sum()) for group, voices in COUNTED.items()}

    def sounding(self) -> float:
        """How many sound at once, the mean of one listener, from STEADY_S on."""
        return float(self._steady()["length_s"].sum()) * self._share()

    def _steady(self) -> Sounds:
        return self.sounds[self.sounds["onset_s"] >= STEADY_S]

    def _share(self) -> float:
        return 1.0 / (self.seconds - STEADY_S) / self.listeners


def plan(listeners: int, seconds: float, beds: tuple[Bed, ...], rows: Callable[[int, int], Row] = still) -> Plan:
    """All sounds of so many listeners, listener n being session n of Ambiome, and the beds that they hear. `rows`: of a
    listener, so many token frames.
    """
    parts = [_listener(n, rows(n, steps_of(seconds))) for n in range(listeners)]
    sounds = np.concatenate(parts)
    return Plan(seconds, listeners, sounds[np.argsort(sounds["onset_s"], kind="stable")], beds)


def _listener(listener: int, rows: Row) -> Sounds:
    bank, gains = banks.built_in(), steady_gains()
    thunder = VOICES.index("thunder")
    parts = []
    for step in spawned(listener, rows):
        parts.append(_grains(step.amplitudes, step.grain_floats, step.grain_ints))
        is_thunder = step.swell_ints[:, S_VOICE] == thunder
        if is_thunder.any():
            parts.append(_stroke(bank.floats, gains, step.swell_floats[is_thunder], step.swell_ints[is_thunder]))
    found = np.concatenate(parts)
    found["listener"] = listener
    return found[(found["onset_s"] < len(rows) * STEP_S) & (found["left"] + found["right"] > 0.0)]


def _grains(amplitude: F64, f: F64, i: I64) -> Sounds:
    sounds = np.zeros(len(f), SOUND)
    kind = _KIND_OF_FORM[i[:, I_FORM]]
    kind[(kind == KINDS.index("tone")) & (f[:, G_DEPTH] > 0.0)] = KINDS.index("pulse")
    length, turns = i[:, I_LENGTH], f[:, G_TURNS]
    width_hz = np.where(kind == KINDS.index("pulse"), f[:, G_AM], f[:, G_NOISE]) * SAMPLE_RATE_HZ
    # As much power as the sine's: a two-pole band-pass lets through π/2 times its width.
    passed = NOISE_POWER * np.minimum(np.pi * width_hz / SAMPLE_RATE_HZ, 1.0)
    amplitude = np.where(kind == KINDS.index("hiss"), amplitude * np.sqrt(0.5 / np.maximum(passed, 1e-9)), amplitude)
    pans = LAYOUTS["stereo"].field.pans[i[:, I_AZIMUTH]]
    sounds["onset_s"] = (i[:, I_STEP] * STEP_SAMPLES + i[:, I_OFFSET]) / SAMPLE_RATE_HZ
    sounds["kind"], sounds["voice"] = kind, i[:, I_VOICE]
    sounds["length_s"], sounds["attack_s"] = length / SAMPLE_RATE_HZ, f[:, G_ATTACK] / SAMPLE_RATE_HZ
    sounds["hz"] = turns * SAMPLE_RATE_HZ
    sounds["end_hz"] = (turns + length * (2.0 * f[:, G_SWEEP] + length * 3.0 * f[:, G_BEND])) * SAMPLE_RATE_HZ
    sounds["width_hz"], sounds["depth"] = width_hz, f[:, G_DEPTH]
    sounds["left"], sounds["right"] = amplitude * pans[:, 0], amplitude * pans[:, 1]
    return sounds


def _stroke(tables: F64, gains: F64, f: F64, i: I64) -> Sounds:
    """The swells of one stroke of thunder, hundreds, as one low clap and one bright: what they have below and above
    PARTED_HZ, each as loud at its loudest as their sum, and dying away by when that has."""
    first = int(i[:, S_STEP].min())
    power = np.zeros((int((i[:, S_STEP] + i[:, S_LENGTH]).max()) - first, 2))
    spectra = np.zeros((2, len(BAND_HZ)))
    is_bright = BAND_HZ > PARTED_HZ
    for spectrum, swell in zip(f, i, strict=True):
        at, length = int(swell[S_STEP]) - first, int(swell[S_LENGTH])
        envelope = tables[int(swell[S_ENVELOPE]) : int(swell[S_ENVELOPE]) + length]
        for bright in (0, 1):
            part = np.where(is_bright == bright, spectrum, 0.0) * gains[int(swell[S_VOICE])] ** 2
            power[at : at + length, bright] += part.sum() * envelope
            spectra[bright] += part * envelope.sum()
    sounds = np.zeros(2, SOUND)
    for sound, shape, spectrum in zip(sounds, power.T, spectra, strict=True):
        peak = int(np.argmax(shape))
        end = int(np.flatnonzero(shape > shape[peak] * DAMPED_TO**2)[-1]) + 1
        hz = float(BAND_HZ[np.searchsorted(np.cumsum(spectrum), 0.7 * spectrum.sum())])
        # A second-order Butterworth low-pass lets through 1.11 times its corner.
        passed = NOISE_POWER * 1.11 * hz / (SAMPLE_RATE_HZ / 2)
        sound["onset_s"], sound["kind"], sound["voice"] = first * STEP_S, KINDS.index("clap"), int(i[0, S_VOICE])
        sound["length_s"], sound["attack_s"] = end * STEP_S, max(peak, 1) * STEP_S
        sound["hz"], sound["end_hz"] = hz, hz
        sound["left"] = sound["right"] = np.sqrt(0.5 * shape[peak] / passed)
    return sounds
