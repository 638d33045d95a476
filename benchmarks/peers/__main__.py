"""Streams in real time per core, of Ambiome and of others: the same storm, stereo, 48 kHz, offline.

    python -m benchmarks.peers [--layers] [--seconds 30] [--rounds 5] [--only NAME …] [--json]

All peers play the sounds that Ambiome's plan sets off, each at its moment, over beds of noise with its spectrum; one
process and one thread each, CPU time without start-up. Ambiome renders the rows of a living scene, which move with each
step (see `live`); beside its rendering alone, which is what the peers do, stands what it takes with the scene's own
work. The speed of a shared machine drifts, so Ambiome takes a turn before and after every turn of a peer, whose ratio
is to their mean; the rounds' median is printed, and their range.

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
from benchmarks.options import count, length_s
from benchmarks.peers import check, csound, faust, puredata, supercollider
from benchmarks.peers.ambiome import Ambiome, Speed
from benchmarks.peers.beds import Bed, beds, layers
from benchmarks.peers.check import Likeness
from benchmarks.peers.live import living
from benchmarks.peers.peer import Peer
from benchmarks.peers.plan import plan
from benchmarks.peers.scene import still

PEERS: Final = (supercollider.PEER, csound.PEER, puredata.PEER, faust.PEER)
BATCH: Final = 64
AMBIOME_STEPS: Final = 50
"""Of one turn."""
SETTLE_S: Final = 5.0
"""Of a peer's sound that does not count, beside its start-up: the longest of the sounds that sound at once."""
GOAL: Final = 2.0


@dataclass(frozen=True, slots=True)
class Result:
    """Of one peer: streams per core, the median; how many times as many are Ambiome's in each round, rendering and with
    its scene; and what its sound is like beside Ambiome's."""

    name: str
    version: str
    listeners: int
    streams_a_core: float
    rendering: list[float]
    with_scene: list[float]
    likeness: Likeness


def measure(peers: list[Peer], chosen: tuple[Bed, ...], seconds: float, rounds: int) -> tuple[Speed, list[Result]]:
    """Ambiome's streams per core, and what came of each peer."""
    lengths_s = (SETTLE_S, SETTLE_S + seconds)
    ambiome = Ambiome(BATCH)
    ambiome.speed(5)
    with tempfile.TemporaryDirectory() as folder:
        homes, plans, alike = {}, {}, {}
        for peer in peers:
            homes[peer.name] = home = Path(folder, peer.name)
            home.mkdir()
            alike[peer.name] = _likeness(peer, chosen, home)
            plans[peer.name] = plan(peer.listeners, lengths_s[1], chosen)
            peer.write(plans[peer.name], home, lengths_s)
        own = [ambiome.speed(AMBIOME_STEPS)]
        streams: dict[str, list[float]] = {peer.name: [] for peer in peers}
        ratios: dict[str, list[Speed]] = {peer.name: [] for peer in peers}
        for peer in peers * rounds:
            spent = [peer.cpu_s(plans[peer.name], homes[peer.name], length) for length in lengths_s]
            streams[peer.name].append(peer.listeners * seconds / (spent[1] - spent[0]))
            own.append(ambiome.speed(AMBIOME_STEPS))
            around = (statistics.mean(both) / streams[peer.name][-1] for both in zip(*own[-2:], strict=True))
            ratios[peer.name].append(Speed(*around))
    results = [
        Result(
            peer.name, peer.version(), peer.listeners, statistics.median(streams[peer.name]),
            [ratio.rendering for ratio in ratios[peer.name]], [ratio.with_scene for ratio in ratios[peer.name]],
            alike[peer.name],
        )
        for peer in peers
    ]  # fmt: skip
    return Speed(*(statistics.median(figures) for figures in zip(*own, strict=True))), results


def _likeness(peer: Peer, chosen: tuple[Bed, ...], home: Path) -> Likeness:
    one = plan(1, check.SECONDS, chosen)
    peer.write(one, home, [check.SECONDS])
    peer.cpu_s(one, home, check.SECONDS, "heard.wav")
    return check.likeness(home / "heard.wav")


def missing(peers: list[Peer]) -> list[str]:
    """A line for each that is not there."""
    return [f"{p.name}: not installed: apt-get install {p.package}" for p in peers if not p.is_installed]


def lines(own: Speed, results: list[Result]) -> list[str]:
    """The table."""
    found = [
        f"{own.rendering:8.1f}  Ambiome, rendering, batch of {BATCH}",
        f"{own.with_scene:8.1f}  Ambiome, with its scene",
    ]
    for r in results:
        like = r.likeness
        found.append(f"{r.streams_a_core:8.1f}  {r.name} {r.version}, listeners a process: {r.listeners}")
        found.append(f"{'':10}Ambiome renders {_times(r.rendering)}, with its scene {_times(r.with_scene)}")
        found.append(
            f"{'':10}beside Ambiome's sound: level {like.level_db:+.1f} dB, farthest octave {like.octave_db:+.1f} dB, "
            f"moments {like.correlation:.2f}{'' if like.is_alike else ': NOT ALIKE'}"
        )
    if results:
        best = min(results, key=lambda r: statistics.median(r.rendering))
        least = statistics.median(best.with_scene)
        verdict = "reached" if least >= GOAL else "not reached"
        found.append(
            f"beside the best of them, {best.name}: {statistics.median(best.rendering):.2f} times, with its scene "
            f"{least:.2f} ({GOAL:g} wanted: {verdict})"
        )
    return found


def _times(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} times as many ({min(ratios):.2f} … {max(ratios):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.peers", description=__doc__.partition("\n")[0])
    parser.add_argument("--layers", action="store_true", help="one bed a layer, not a voice")
    parser.add_argument("--seconds", type=length_s, default=30.0, help="of sound that are measured")
    parser.add_argument("--rounds", type=count, default=5)
    parser.add_argument("--only", nargs="+", default=[], choices=[peer.name for peer in PEERS], metavar="NAME")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    torch.set_num_threads(1)
    wanted = [peer for peer in PEERS if not options.only or peer.name in options.only]
    chosen = layers() if options.layers else beds()
    own, results = measure([peer for peer in wanted if peer.is_installed], chosen, options.seconds, options.rounds)
    counted, lived = (plan(8, 35.0, chosen, rows) for rows in (still, living))
    if options.json:
        found = {
            "machine": machine(), "ambiome": own._asdict(), "peers": [asdict(r) for r in results],
            "missing": missing(wanted), "beds": len(chosen), "counted": counted.rates(), "sounding": counted.sounding(),
            "lived": lived.rates(), "sounding_lived": lived.sounding(),
        }  # fmt: skip
        print(json.dumps(found, indent=2))
        return
    print(f"streams in real time per core on {machine()}, one thread each, load {os.getloadavg()[0]:.1f}")
    for who, sounds in (("the peers", counted), ("Ambiome", lived)):
        counts = ", ".join(f"{rate:.0f} {group}" for group, rate in sounds.rates().items())
        print(f"a second and listener, in {who}: {counts}; {sounds.sounding():.0f} sound at once")
    print(f"over {len(chosen)} beds of noise in the peers")
    print("\n".join([*lines(own, results), *missing(wanted)]))


if __name__ == "__main__":
    main()
