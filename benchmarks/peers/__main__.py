"""Streams in real time per core, of Ambiome and of others: the same storm, stereo, 48 kHz, offline.

    python -m benchmarks.peers [--layers] [--seconds 30] [--rounds 5] [--only NAME …] [--json]

All of them play the sounds that Ambiome's plan sets off, each at its moment, over beds of noise with its spectrum; one
process and one thread each, CPU time without start-up. The speed of a shared machine drifts, so Ambiome takes a turn
before and after every turn of a peer, whose ratio is to their mean; the rounds' median is printed, and their range.

The peers get one bed a voice, as one would write it who wants this storm alone. With --layers they get one for each
of Ambiome's layers, as one must who lets rain on leaves and on water, or wind in trees and at edges, go their ways.
"""

import argparse
import json
import os
import statistics
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import torch

from benchmarks.machine import machine
from benchmarks.peers import check, csound, faust, puredata, supercollider
from benchmarks.peers.ambiome import Ambiome
from benchmarks.peers.beds import Bed, beds, layers
from benchmarks.peers.check import Likeness
from benchmarks.peers.peer import Peer
from benchmarks.peers.plan import plan

PEERS: Final = (supercollider.PEER, csound.PEER, puredata.PEER, faust.PEER)
BATCH: Final = 64
AMBIOME_STEPS: Final = 50
"""Of one turn."""
SETTLE_S: Final = 5.0
"""Of a peer's sound that does not count, beside its start-up: the longest of the sounds that sound at once."""
GOAL: Final = 2.0


@dataclass(frozen=True, slots=True)
class Result:
    """Of one peer: streams per core, the median; how many times as many are Ambiome's, the median and each round's; and
    what its sound is like beside Ambiome's."""

    name: str
    version: str
    listeners: int
    streams_a_core: float
    ratio: float
    ratios: list[float]
    likeness: Likeness


def measure(peers: list[Peer], chosen: tuple[Bed, ...], seconds: float, rounds: int) -> tuple[float, list[Result]]:
    """Ambiome's streams per core, and what came of each peer."""
    lengths_s = (SETTLE_S, SETTLE_S + seconds)
    ambiome = Ambiome(BATCH, 5 + (rounds * len(peers) + 1) * AMBIOME_STEPS)
    ambiome.streams_a_core(5)
    with tempfile.TemporaryDirectory() as folder:
        plans, alike = {}, {}
        for peer in peers:
            home = Path(folder, peer.programs[0])
            home.mkdir()
            alike[peer.name] = _likeness(peer, chosen, home)
            plans[peer.name] = plan(peer.listeners, lengths_s[1], chosen)
            peer.write(plans[peer.name], home, lengths_s)
        own = [ambiome.streams_a_core(AMBIOME_STEPS)]
        streams: dict[str, list[float]] = {peer.name: [] for peer in peers}
        ratios: dict[str, list[float]] = {peer.name: [] for peer in peers}
        for peer in peers * rounds:
            spent = [peer.cpu_s(plans[peer.name], Path(folder, peer.programs[0]), length) for length in lengths_s]
            streams[peer.name].append(peer.listeners * seconds / (spent[1] - spent[0]))
            own.append(ambiome.streams_a_core(AMBIOME_STEPS))
            ratios[peer.name].append((own[-2] + own[-1]) / 2 / streams[peer.name][-1])
    results = [
        Result(
            peer.name, peer.version(), peer.listeners, statistics.median(streams[peer.name]),
            statistics.median(ratios[peer.name]), ratios[peer.name], alike[peer.name],
        )
        for peer in peers
    ]  # fmt: skip
    return statistics.median(own), results


def _likeness(peer: Peer, chosen: tuple[Bed, ...], home: Path) -> Likeness:
    one = plan(1, check.SECONDS, chosen)
    peer.write(one, home, [check.SECONDS])
    peer.cpu_s(one, home, check.SECONDS, "heard.wav")
    return check.likeness(home / "heard.wav")


def missing(peers: list[Peer]) -> list[str]:
    """A line for each that is not there."""
    return [f"{p.name}: not installed: apt-get install {p.package}" for p in peers if not p.is_installed]


def lines(own: float, results: list[Result]) -> list[str]:
    """The table."""
    found = [f"{own:8.1f}  Ambiome, batch of {BATCH}"]
    for r in results:
        like = r.likeness
        found.append(
            f"{r.streams_a_core:8.1f}  {r.name} {r.version}, {r.listeners} listeners a process: "
            f"Ambiome renders {r.ratio:.2f} times as many ({min(r.ratios):.2f} … {max(r.ratios):.2f})"
        )
        found.append(
            f"{'':10}beside Ambiome's sound: level {like.level_db:+.1f} dB, farthest octave {like.octave_db:+.1f} dB, "
            f"moments {like.correlation:.2f}{'' if like.is_alike else ': NOT ALIKE'}"
        )
    if results:
        best = min(results, key=lambda r: r.ratio)
        verdict = "reached" if best.ratio >= GOAL else "not reached"
        found.append(f"beside the best of them, {best.name}: {best.ratio:.2f} times ({GOAL:g} wanted: {verdict})")
    return found


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.peers", description=__doc__.partition("\n")[0])
    parser.add_argument("--layers", action="store_true", help="one bed a layer, not a voice")
    parser.add_argument("--seconds", type=float, default=30.0, help="of sound that are measured")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=[], choices=[peer.name for peer in PEERS], metavar="NAME")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    torch.set_num_threads(1)
    wanted = [peer for peer in PEERS if not options.only or peer.name in options.only]
    chosen = layers() if options.layers else beds()
    own, results = measure([peer for peer in wanted if peer.is_installed], chosen, options.seconds, options.rounds)
    counted = plan(8, 35.0, chosen)
    if options.json:
        found = {
            "machine": machine(), "ambiome": own, "peers": [asdict(r) for r in results], "missing": missing(wanted),
            "beds": len(chosen), "counted": counted.rates(), "sounding": counted.sounding(),
        }  # fmt: skip
        print(json.dumps(found, indent=2))
        return
    print(f"streams in real time per core on {machine()}, one thread each, load {os.getloadavg()[0]:.1f}")
    counts = ", ".join(f"{rate:.0f} {group}" for group, rate in counted.rates().items())
    print(f"a second and listener, in all of them: {counts}; {counted.sounding():.0f} sound at once")
    print(f"over {len(chosen)} beds of noise in the peers")
    print("\n".join([*lines(own, results), *missing(wanted)]))


if __name__ == "__main__":
    main()
