"""SuperCollider: scsynth in non-realtime mode, from a binary score (`scsynth -N`).

Written as one would for speed: a synth for every sound that frees itself when it is over, one synth a listener for the
beds, everything that does not change fixed when the synth starts (scalar rate), gains that glide at the rate of blocks,
blocks of 128 samples, no buses or groups but the output's. The definitions are what sclang would compile.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.peers.beds import WANDER_HZ, Bed
from benchmarks.peers.osc import bundle, message, synths
from benchmarks.peers.peer import Peer
from benchmarks.peers.plan import DAMPED_TO, KINDS, Plan
from benchmarks.peers.synthdef import EXPONENTIAL, LINEAR, SINE, Out, SynthDef, file

ARGUMENTS: Final = ("bus", "length", "attack", "hz", "end_hz", "width_hz", "depth", "left", "right")
NAMES: Final = {kind: kind[:4] for kind in KINDS}
"""Of the definitions: of one length, see `osc.synths`."""
UNIT_NOISE: Final = float(np.sqrt(4.5))
"""Brings uniform values under straight lines to a power of 1."""
_BLOCK: Final = 128


def definitions(beds: Sequence[Bed]) -> list[SynthDef]:
    """One for each kind of sound, and the beds of a listener."""
    return [_sound(kind) for kind in KINDS] + [_beds(beds)]


def _sound(kind: str) -> SynthDef:
    d = SynthDef(NAMES[kind], ARGUMENTS)
    length, attack, hz = d.argument("length"), d.argument("attack"), d.argument("hz")
    rest = d.plus(length, d.times(attack, -1.0))
    if kind in ("mode", "hiss", "clap"):
        envelope = d.envelope([(1.0, attack, LINEAR), (DAMPED_TO, rest, EXPONENTIAL)])
    else:
        envelope = d.envelope([(1.0, attack, SINE), (0.0, rest, SINE)])
    if kind == "clap":
        left, right = (d.audio("LPF", d.audio("WhiteNoise"), hz) for _ in range(2))
        left, right = d.times(left, envelope), d.times(right, envelope)
    else:
        left = right = d.times(_wave(d, kind), envelope)
    d.out(d.argument("bus"), d.times(left, d.argument("left")), d.times(right, d.argument("right")))
    return d


def _wave(d: SynthDef, kind: str) -> Out:
    hz, end_hz, length = d.argument("hz"), d.argument("end_hz"), d.argument("length")
    width_hz, depth = d.argument("width_hz"), d.argument("depth")
    if kind == "hiss":
        return d.audio("BPF", d.audio("WhiteNoise"), hz, d.over(width_hz, hz))
    sine = d.audio("SinOsc", d.control("Line", hz, end_hz, length, 0.0), 0.0)
    if kind == "breath":
        return d.times(sine, d.times(d.audio("LFNoise1", width_hz), UNIT_NOISE))
    if kind == "pulse":
        half = d.times(depth, 0.5)
        pulses = d.times_plus(d.audio("SinOsc", width_hz, 0.0), half, d.plus(d.times(half, -1.0), 1.0))
        return d.times(sine, pulses)
    return sine


def _beds(beds: Sequence[Bed]) -> SynthDef:
    d = SynthDef("beds", ("bus",))
    sums: list[Out | None] = [None, None]
    for bed in beds:
        gain = d.times_plus(d.control("LFNoise1", WANDER_HZ), bed.wander, 1.0)
        left, other = d.audio("WhiteNoise"), d.audio("WhiteNoise")
        right = d.times_plus(left, bed.coherence, d.times(other, float(np.sqrt(1.0 - bed.coherence**2))))
        for side, noise in enumerate((left, right)):
            for b0, b1, b2, a1, a2 in bed.sections:
                noise = d.audio("SOS", noise, b0, b1, b2, -a1, -a2)
            total = sums[side]
            sums[side] = d.times(noise, gain) if total is None else d.times_plus(noise, gain, total)
    d.out(d.argument("bus"), *(total for total in sums if total is not None))
    return d


def write(plan: Plan, folder: Path, lengths_s: Sequence[float]) -> None:
    """A score for each length: the definitions, the beds, the sounds, and the moment at which it ends."""
    start = bundle(
        0.0, message("/d_recv", file(definitions(plan.beds))),
        *(message("/s_new", "beds", -1, 0, 0, 0, float(2 * n)) for n in range(plan.listeners)),
    )  # fmt: skip
    columns = ("length_s", "attack_s", "hz", "end_hz", "width_hz", "depth", "left", "right")
    for seconds in lengths_s:
        sounds = plan.sounds[plan.sounds["onset_s"] < seconds]
        arguments = np.stack([sounds["listener"] * 2.0, *(sounds[column] for column in columns)], axis=1)
        score = synths(sounds["onset_s"], [NAMES[kind] for kind in KINDS], sounds["kind"], arguments)
        end = bundle(seconds, message("/c_set", 0, 0.0))
        (folder / _score(seconds)).write_bytes(start + score + end)


def command(plan: Plan, seconds: float, file: str | None) -> list[str]:
    return [
        "scsynth", "-N", _score(seconds), "_", file or "/dev/null", "48000", "WAV" if file else "RAW", "float",
        "-o", str(2 * plan.listeners), "-i", "0", "-z", str(_BLOCK), "-n", "65536", "-m", "262144", "-D", "0",
        "-V", "-1",
    ]  # fmt: skip


def _score(seconds: float) -> str:
    return f"score-{seconds:g}.osc"


PEER: Final = Peer("SuperCollider", "supercollider-server", ("scsynth",), write, command, 2, version_flag="-v")
