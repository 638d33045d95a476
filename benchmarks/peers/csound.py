"""Csound: an orchestra and a score, rendered with `csound -n`.

Written as one would for speed: an instrument for every kind of sound, of which an instance lives as long as its sound,
one instance a listener for the beds, opcodes at the rate of blocks wherever nothing is heard of it, blocks of 256
samples, outputs added straight to their channels, sines from a table as they stand in it, noise from the opcode that
draws it cheapest (rnd31). The score is read before the first sample, and so does not count.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.peers.beds import WANDER_HZ, Bed
from benchmarks.peers.peer import Peer
from benchmarks.peers.plan import DAMPED_TO, KINDS, Plan

_BLOCK: Final = 256
_BEDS, _END, _FIRST = 1, 2, 10
_COLUMNS: Final = ("attack_s", "hz", "end_hz", "width_hz", "depth", "left", "right")
_DAMPED: Final = f"aenv expseg 0.02, p5, 1, p3-p5, {DAMPED_TO:.6g}"
_NOISE: Final = "rnd31 1, 0"
"""White and uniform in −1 … 1."""
_ARCH: Final = "aenv linseg 0, p5, 1, p3-p5, 0"
_GLIDE: Final = "kcps line p6, p3, p7"
_MONO: Final = "outch p4, awave*p10, p4+1, awave*p11"
_INSTRUMENTS: Final = {
    "mode": (_DAMPED, _GLIDE, "awave oscil aenv, kcps, gisine", _MONO),
    "tone": (_ARCH, _GLIDE, "awave oscil aenv, kcps, gisine", _MONO),
    "pulse": (
        _ARCH, _GLIDE, "apulse oscil p9*0.5, p8, gisine", "awave oscil aenv*(1-p9*0.5+apulse), kcps, gisine", _MONO,
    ),
    "hiss": (_DAMPED, f"anoise {_NOISE}", "aband butterbp anoise, p6, p8", "awave = aband*aenv", _MONO),
    "breath": (
        _ARCH, _GLIDE, "anoise randi 2.1213, p8, 2, 1", "awave oscil aenv, kcps, gisine", "awave = awave*anoise",
        _MONO,
    ),
    "clap": (
        _DAMPED, f"aleft {_NOISE}", f"aright {_NOISE}", "aleft butterlp aleft, p6", "aright butterlp aright, p6",
        "outch p4, aleft*aenv*p10, p4+1, aright*aenv*p11",
    ),
}  # fmt: skip
"""p4: the first of its two channels; then `_COLUMNS`."""


def orchestra(listeners: int, beds: Sequence[Bed]) -> str:
    """The orchestra, for so many listeners and these beds."""
    head = [
        "sr = 48000", f"ksmps = {_BLOCK}", f"nchnls = {2 * listeners}", "0dbfs = 1",
        "gisine ftgen 1, 0, 4096, 10, 1", "seed 1",
    ]  # fmt: skip
    for kind, lines in _INSTRUMENTS.items():
        head += [f"instr {_FIRST + KINDS.index(kind)} ; {kind}", *lines, "endin"]
    head += [f"instr {_BEDS}", "aleft = 0", "aright = 0", *_bed_lines(beds), "outch p4, aleft, p4+1, aright", "endin"]
    head += [f"instr {_END}", "exitnow", "endin"]
    return "\n".join(head) + "\n"


def _bed_lines(beds: Sequence[Bed]) -> list[str]:
    lines = []
    for bed in beds:
        other = float(np.sqrt(1.0 - bed.coherence**2))
        lines += [
            f"anoise {_NOISE}",
            f"aother {_NOISE}",
            f"aother = anoise*{bed.coherence:.6g}+aother*{other:.6g}",
        ]
        for b0, b1, b2, a1, a2 in bed.sections:
            numbers = ", ".join(f"{c:.9g}" for c in (b0, b1, b2, 1.0, a1, a2))
            lines += [f"anoise biquad anoise, {numbers}", f"aother biquad aother, {numbers}"]
        lines += [f"kgain randi {bed.wander:.6g}, {WANDER_HZ}, 2, 1", "kgain = kgain+1"]
        lines += ["aleft = aleft+anoise*kgain", "aright = aright+aother*kgain"]
    return lines


def write(plan: Plan, folder: Path, lengths_s: Sequence[float]) -> None:
    """The orchestra, and one score with all sounds, which ends when the macro END says."""
    (folder / "storm.orc").write_text(orchestra(plan.listeners, plan.beds), encoding="ascii")
    beds_lines = [f"i {_BEDS} 0 {plan.seconds} {2 * n + 1}" for n in range(plan.listeners)]
    sounds = plan.sounds
    instrument, channel = sounds["kind"] + _FIRST, 2 * sounds["listener"] + 1
    columns = [instrument, sounds["onset_s"], sounds["length_s"], channel, *(sounds[column] for column in _COLUMNS)]
    pattern = "i %d %.6f %.6f %d" + " %.6g" * len(_COLUMNS)
    lines = [pattern % tuple(row) for row in np.stack(columns, axis=1).tolist()]
    (folder / "storm.sco").write_text("\n".join([*beds_lines, f"i {_END} $END 1", *lines, "e", ""]), encoding="ascii")


def command(plan: Plan, seconds: float, file: str | None) -> list[str]:
    output = ["-W", "-f", "-o", file] if file else ["-n"]
    return ["csound", "-d", "-m0", *output, f"--smacro:END={seconds:g}", "storm.orc", "storm.sco"]


PEER: Final = Peer("Csound", "csound", ("csound",), write, command, listeners=2)
