"""Pure Data: patches of its own objects, rendered with `pd -batch`.

Written as one would for speed: pools of voices (`clone`), as many of a kind as ever sound at once, each switched off
(`switch~`) but while its sound lasts; the score is a `qlist`, which names the voice, so that none is looked for;
outlets and cords bring what is heard to its listener; envelopes are `vline~`, raised to the fourth power where a sound
is damped. Pd's block of 64 samples: in larger ones voices are on for longer than they sound, which costs more than the
blocks save, and `throw~` to `catch~` is of 64 alone. The score and the patches are read before the first sample, and so
do not count.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.peers.beds import WANDER_HZ, Bed
from benchmarks.peers.peer import Peer
from benchmarks.peers.plan import KINDS, Plan

_TAIL_MS: Final = 5.0
"""How much longer than its sound a voice is on: a block and a bit, so that its envelope comes to rest."""


@dataclass(slots=True)
class Patch:
    """A patch under construction: boxes in the order of their making, which is theirs from left to right, as Pd orders
    outlets; joined by cords."""

    _boxes: list[str] = field(default_factory=list)
    _cords: list[str] = field(default_factory=list)

    def box(self, text: str, *sources: tuple[int, int] | int, kind: str = "obj") -> int:
        """A box whose inlets 0, 1 … take `sources`: other boxes, or a box and which of its outlets; its number."""
        number = len(self._boxes)
        escaped = text.replace("$", "\\$").replace(",", " \\,").replace(";", " \\;")
        self._boxes.append(f"#X {kind} {20 + 10 * number} {20 + 24 * number} {escaped};")
        for inlet, source in enumerate(sources):
            self.cord(source, number, inlet)
        return number

    def message(self, text: str, source: tuple[int, int] | int) -> int:
        """A message that `source` sets off."""
        return self.box(text, source, kind="msg")

    def cord(self, source: tuple[int, int] | int, target: int, inlet: int = 0) -> None:
        """A cord from a box's outlet to another's inlet."""
        out, outlet = source if isinstance(source, tuple) else (source, 0)
        self._cords.append(f"#X connect {out} {outlet} {target} {inlet};")

    def text(self) -> str:
        """The file."""
        return "\n".join(["#N canvas 50 50 700 600 10;", *self._boxes, *self._cords, ""])


def voice(kind: str) -> str:
    """The patch of one voice, with two outlets. It takes a list: attack, rest and whole length (ms), Hz, Hz at the
    end, width (Hz; of a hiss its Q), depth, left, right."""
    p = Patch()
    told = p.box("inlet")
    on = p.box("switch~", p.message("1", told))
    p.cord(p.message("0", p.box("delay", p.message("$3", told))), on)
    envelope = p.box("vline~", p.message("1 $1, 0 $2 $1", told))
    if kind in ("mode", "hiss", "clap"):
        squared = p.box("*~", envelope, envelope)
        envelope = p.box("*~", squared, squared)
    heard = [p.box("*~", wave, envelope) for wave in _waves(p, kind, told)]
    for side in range(2):
        p.box("outlet~", p.box("*~", heard[side % len(heard)], p.message(f"${8 + side}", told)))
    return p.text()


def _waves(p: Patch, kind: str, told: int) -> list[int]:
    """What is heard under the envelope: one box for both sides, or one for each."""
    if kind == "hiss":
        return [p.box("bp~", p.box("noise~"), p.message("$4", told), p.message("$6", told))]
    if kind == "clap":
        hz = p.message("$4", told)
        return [p.box("lop~", p.box("lop~", p.box("noise~"), hz), hz) for _ in range(2)]
    sine = p.box("osc~", p.box("line~", p.message("$4, $5 $3", told)))
    if kind == "breath":
        # White noise under a one-pole low-pass of half the width, brought to a power of 1 again.
        noise = p.box("lop~", p.box("noise~"), p.box("* 0.5", p.message("$6", told)))
        return [p.box("*~", sine, p.box("*~", noise, p.message("$7", told)))]
    if kind == "pulse":
        half = p.box("* 0.5", p.message("$7", told))
        pulses = p.box("*~", p.box("osc~", p.message("$6", told)), half)
        return [p.box("*~", sine, p.box("+~", pulses, p.box("expr 1-$f1", half)))]
    return [sine]


def listener(pools: dict[str, int], beds: Sequence[Bed]) -> str:
    """The patch of a listener, `$1`: its beds, its pools of voices, its two outlets."""
    p = Patch()
    outlets = [p.box("outlet~"), p.box("outlet~")]
    for kind, count in pools.items():
        pool = p.box(f"clone -s 0 {kind} {count}", p.box(f"receive {kind}-$1"))
        for side, outlet in enumerate(outlets):
            p.cord((pool, side), outlet)
    for bed in beds:
        pair = [p.box("noise~"), p.box("noise~")]
        other = float(np.sqrt(1.0 - bed.coherence**2))
        pair[1] = p.box("+~", p.box(f"*~ {bed.coherence:.6g}", pair[0]), p.box(f"*~ {other:.6g}", pair[1]))
        every = p.box(f"metro {500 / WANDER_HZ:g}", p.message("1", p.box("loadbang")))
        drawn = p.box(f"expr 1+{bed.wander:.6g}*($f1-5000)/5000", p.box("random 10001", every))
        gain = p.box("line~", p.message(f"$1 {500 / WANDER_HZ:g}", drawn))
        for side, outlet in enumerate(outlets):
            for b0, b1, b2, a1, a2 in bed.sections:
                pair[side] = p.box(f"biquad~ {-a1:.9g} {-a2:.9g} {b0:.9g} {b1:.9g} {b2:.9g}", pair[side])
            p.cord(p.box("*~", pair[side], gain), outlet)
    return p.text()


def storm(listeners: int, samples: int) -> str:
    """The patch that plays the score: told `seconds` it begins, and ends so much later; told `file` it writes one, of
    at most so many samples.

    What is written is kept in tables until the end: `writesf~` may be ended before it has written what it has.
    """
    p = Patch()
    heard = p.box(f"clone -s 0 listener {listeners}")
    file = p.box("t b s", p.box("receive file"))
    for side, place in enumerate(("left", "right")):
        p.box(f"table {place} {samples}")
        p.cord(file, p.box(f"tabwrite~ {place}", (heard, side)))
    is_told = p.box("spigot")
    p.cord(p.message("1", file), is_told, 1)
    name = p.box("symbol", is_told)
    p.cord((file, 1), name, 1)
    p.box("soundfiler", p.message("write -wave -bytes 4 $1 left right", name))
    score = p.box("qlist", p.message("read storm.txt", p.box("loadbang")))
    begin = p.box("t f b b", p.box("receive seconds"))
    p.message("; pd dsp 1", (begin, 2))
    p.cord((begin, 1), score)
    end = p.box("t b b", p.box("delay", p.box("* 1000", begin)))
    p.cord((end, 1), is_told)
    p.message("; pd quit", end)
    return p.text()


def voices(plan: Plan) -> npt.NDArray[np.int64]:
    """Which voice of its listener's pool plays each sound, [N]: the lowest that is free."""
    free: dict[tuple[int, int], list[int]] = {}
    busy: dict[tuple[int, int], list[tuple[float, int]]] = {}
    made: dict[tuple[int, int], int] = {}
    chosen = np.zeros(len(plan.sounds), np.int64)
    for n, sound in enumerate(plan.sounds[["listener", "kind", "onset_s", "length_s"]].tolist()):
        pool, onset_s = sound[:2], sound[2]
        waiting, playing = free.setdefault(pool, []), busy.setdefault(pool, [])
        while playing and playing[0][0] < onset_s:
            heapq.heappush(waiting, heapq.heappop(playing)[1])
        if waiting:
            chosen[n] = heapq.heappop(waiting)
        else:
            chosen[n] = made[pool] = made.get(pool, -1) + 1
        heapq.heappush(playing, (onset_s + sound[3] + 3e-3 * _TAIL_MS, int(chosen[n])))
    return chosen


def write(plan: Plan, folder: Path, lengths_s: Sequence[float]) -> None:
    """The patches and the score."""
    sounds, chosen = plan.sounds, voices(plan)
    pools = {kind: int(chosen[sounds["kind"] == n].max()) + 1 for n, kind in enumerate(KINDS) if n in sounds["kind"]}
    for kind in KINDS:
        (folder / f"{kind}.pd").write_text(voice(kind), encoding="ascii")
    (folder / "listener.pd").write_text(listener(pools, plan.beds), encoding="ascii")
    (folder / "storm.pd").write_text(storm(plan.listeners, round(plan.seconds * 48_000)), encoding="ascii")
    (folder / "storm.txt").write_text(_score(plan, chosen), encoding="ascii")


def _score(plan: Plan, chosen: npt.NDArray[np.int64]) -> str:
    """Lines of `qlist`: milliseconds since the line before, a pool's name, the voice, and what it takes.

    The Q of `bp~` is one of its pole's radius: twice the usual.
    """
    sounds = plan.sounds
    is_hiss, is_breath = (sounds["kind"] == KINDS.index(kind) for kind in ("hiss", "breath"))
    width = np.maximum(sounds["width_hz"], 1.0)
    depth = np.where(is_breath, np.sqrt(3.0 * 48_000 / (np.pi * width / 2)), sounds["depth"])
    columns = [
        np.diff(sounds["onset_s"], prepend=0.0) * 1e3, sounds["kind"], sounds["listener"], chosen,
        sounds["attack_s"] * 1e3, (sounds["length_s"] - sounds["attack_s"]) * 1e3, sounds["length_s"] * 1e3 + _TAIL_MS,
        sounds["hz"], sounds["end_hz"], np.where(is_hiss, 2.0 * sounds["hz"] / width, width),
        depth, sounds["left"], sounds["right"],
    ]  # fmt: skip
    lines = []
    for wait, kind, number, which, *rest in np.stack(columns, axis=1).tolist():
        numbers = " ".join(f"{x:.6g}" for x in rest)
        lines.append(f"{wait:.6f} {KINDS[int(kind)]}-{int(number)} {int(which)} {numbers};")
    return "\n".join([*lines, ""])


def command(plan: Plan, seconds: float, file: str | None) -> list[str]:
    told = [f"file symbol {file}"] if file else []
    sent = [word for message in [*told, f"seconds {seconds:g}"] for word in ("-send", message)]
    return ["pd", "-batch", "-nogui", "-noprefs", "-noaudio", "-r", "48000", "-open", "storm.pd", *sent]


PEER: Final = Peer("Pure Data", "puredata-core", ("pd",), write, command, listeners=2, version_flag="-version")
