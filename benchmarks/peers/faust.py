"""Faust: DSP written in its language, compiled to C++ and then to machine code, and called by a program of ours.

Written as one would for speed. Every kind of sound is a class of its own, and an object of it is computed only while
its sound lasts, as Faust's own polyphonic voices are; onsets and ends are exact to the sample. Coefficients that stay
are worked out once a block, noises come from the library's multinoise, sines from one small table, gains that wander
from the program, once a block, smoothed. Blocks of 512 samples, single precision, -O3 -march=native -ffast-math,
denormals flushed to zero. Faust's scalar code, which is faster here than its -vec; delays are copied, however short,
rather than wrapped (-mcd 0), and no table is read with a check of its index (-ct 0).
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.peers.beds import Bed
from benchmarks.peers.peer import Peer
from benchmarks.peers.plan import DAMPED_TO, Plan

_OPTIONS: Final = ("-mcd", "0", "-ct", "0")
_PROGRAM: Final = "storm"
_SOUNDS: Final = "sounds.f32"
_COLUMNS: Final = ("length_s", "attack_s", "hz", "end_hz", "width_hz", "depth", "left", "right")
_PARAMETERS: Final = ("length", "attack", "hz", "end_hz", "width_hz", "depth", "left", "right", "seed")
_COMMON: Final = f"""import("stdfaust.lib");
{" ".join(f'{name} = nentry("{name}", 1, 0, 1e9, 1e-9);' for name in _PARAMETERS)}
noises(n) = no.noise_env(int(seed)).multinoise(n);
samples = ba.time;
rise = min(1, samples * (1 / (attack * ma.SR)));
kept = pow({DAMPED_TO:.6g}, 1 / ((length - attack) * ma.SR));
damped = rise * ((1 - 1') : + ~ *(select2(samples > attack * ma.SR, 1, kept)));
cosine(x) = x * x * (3 - 2 * x);
arch = cosine(rise) * cosine(max(0, min(1, (length * ma.SR - samples) * (1 / ((length - attack) * ma.SR)))));
sine(hz) = rdtable(4096, os.sinwaveform(4096), int(4096 * os.lf_sawpos(hz)));
glide = hz + samples * ((end_hz - hz) / (length * ma.SR));
stereo = _ <: *(left), *(right);
"""
_WAVES: Final = {
    "mode": "process = sine(glide) * damped : stereo;",
    "tone": "process = sine(glide) * arch : stereo;",
    "pulse": "process = sine(glide) * arch * (1 - depth / 2 + depth / 2 * sine(width_hz)) : stereo;",
    "hiss": "process = noises(1) : fi.resonbp(hz, hz / width_hz, width_hz / hz) * damped : stereo;",
    # White noise under a one-pole low-pass: a power of 1 again.
    "breath": "process = (noises(1) : fi.lowpass(1, width_hz / 2)) * sqrt(3 * ma.SR / (ma.PI * width_hz / 2))"
    " * sine(glide) * arch : stereo;",
    "clap": "process = noises(2) : par(i, 2, fi.lowpass(2, hz) * damped) : *(left), *(right);",
}


def _beds(beds: Sequence[Bed]) -> str:
    """A listener's beds: noises in pairs, coherent as the bed says, through its sections, under its slow gain."""
    lines = []
    for n, bed in enumerate(beds):
        sections = " : ".join(f"fi.tf2({', '.join(f'{c:.9g}' for c in section)})" for section in bed.sections)
        other = float(np.sqrt(1.0 - bed.coherence**2))
        lines.append(f"bed({n}) = pair({bed.coherence:.6g}, {other:.6g}) : par(i, 2, ({sections}) * gain({n}));")
    return "\n".join(
        (
            'gain(n) = nentry("gain%n", 1, 0, 2, 1e-9) : si.smooth(0.99);',
            "pair(c, s, l, r) = l, c * l + s * r;",
            *lines,
            f"process = noises({2 * len(lines)}) : par(n, {len(lines)}, bed(n)) :> _, _;",
        )
    )


def write(plan: Plan, folder: Path, lengths_s: Sequence[float]) -> None:
    """The program and the sounds it plays. RuntimeError if one of the compilers fails."""
    for name, text in {**_WAVES, "beds": _beds(plan.beds)}.items():
        (folder / f"{name}.dsp").write_text(_COMMON + text + "\n", encoding="ascii")
        _run(["faust", "-lang", "cpp", *_OPTIONS, "-cn", f"{name}_dsp", f"{name}.dsp", "-o", f"{name}.h"], folder)
    wanders = ", ".join(f"{bed.wander:.6f}f" for bed in plan.beds)
    (folder / "wanders.h").write_text(f"constexpr float WANDERS[] = {{{wanders}}};\n", encoding="ascii")
    source = str(Path(__file__).with_name("faust.cpp"))
    _run(["g++", "-std=c++17", "-O3", "-march=native", "-ffast-math", f"-I{folder}", source, "-o", _PROGRAM], folder)
    sounds = plan.sounds
    onset = np.round(sounds["onset_s"] * 48_000)
    # Onsets in two numbers: one single-precision float would not hold them to the sample.
    columns = [onset // 65_536, onset % 65_536, sounds["listener"], sounds["kind"], *(sounds[c] for c in _COLUMNS)]
    (folder / _SOUNDS).write_bytes(np.stack(columns, axis=1).astype("<f4").tobytes())


def command(plan: Plan, seconds: float, file: str | None) -> list[str]:
    return [f"./{_PROGRAM}", _SOUNDS, str(plan.listeners), str(round(seconds * 48_000)), *([file] if file else [])]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2_000:]}")


PEER: Final = Peer("Faust", "faust g++", ("faust", "g++"), write, command, listeners=2)
