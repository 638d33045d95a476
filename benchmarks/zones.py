"""Zones: many listeners of few places, rendered once for each place, on a real server with the real sound.

    python -m benchmarks.zones [--listeners 1000] [--zones 10] [--seconds 20] [--held 4] [--grants 1] [--json]

Each listener is a simulated sound card as in `benchmarks.transport`; the first of each zone opens it and tells it a
world of rain, so that it is the furthest ahead and the zone's clock. `--held` is how many frames a listener holds,
counting the one that plays; it grants credit for `--grants` of them at a time. What is rendered is read from the
server's own metrics: with zones, 25 steps a second for each zone, however many listen. Cards share the machine with the
server, and their share of its cores is printed; so is that of all together, for where it is full, frames are late.
"""

import argparse
import gc
import json
import re
import sys
import time
from dataclasses import asdict, dataclass
from typing import Final
from urllib.request import urlopen

import msgspec
import numpy as np
from ambiome_protocol.build import world
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import Credit, Error, Hello, Welcome
from ambiome_protocol.version import VERSION

from benchmarks.machine import machine
from benchmarks.serving import Serving, serving, sleep_until
from benchmarks.transport import PHASES, SETTLE_S, STEP_S
from benchmarks.zmtp import Connection

LEAD_S: Final = 1.0
"""Owners play alone for so long, so that those who join find a ring."""
_HEADER: Final = msgspec.msgpack.Decoder(type=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. CPU in cores: 1.0 is one core fully used. `front_us_a_frame` is the front's CPU for each frame
    sent, all that it does included; `late_ms_p99` is how late the cards themselves were. A card that has nothing to
    play misses a deadline each 40 ms until it has: where too little is sent, there may be more of these than frames.
    """

    machine: str
    listeners: int
    zones: int
    held_frames: int
    grants: int
    seconds: float
    frames: int
    frames_per_s: float
    rendered_per_s: float
    missed_deadlines: int
    skips: int
    front_cores: float
    front_us_a_frame: float
    worker_cores: float
    card_cores: float
    late_ms_p99: float


class Card:
    """A listener in a zone, with a sound card that is simulated."""

    def __init__(self, address: str, zone: str, held_frames: int, grants: int) -> None:
        self.connection = Connection(address)
        self.connection.send(encode(Hello(version=VERSION, zone=zone)))
        self.held_frames, self.grants = held_frames, grants
        self.received = self.played = self.granted = self.missed = self.skips = self.count = 0

    def begin(self) -> None:
        """Wait for the welcome and ask for the first frames."""
        welcome = decode_server(self.connection.wait()[0])
        if not isinstance(welcome, Welcome):
            raise RuntimeError(f"the server did not welcome a listener: {welcome}")
        self.received = self.played = welcome.next_step
        self._grant()

    def tell(self) -> None:
        """Tell the zone its world."""
        rain = world(weather={"rain_mm_h": 8}, location={"biome": "temperate_forest"})
        self.connection.send(encode(rain))

    def play(self) -> None:
        """The moment at which the next frame must begin to play."""
        for parts in self.connection.receive():
            if len(parts) == 1:
                self._heed(parts[0])
                continue
            self.received = _HEADER.decode(parts[0])["step"] + 1
            self.count += 1
        if self.played >= self.received:
            self.missed += 1
            return
        self.played += 1
        self._grant()

    def _grant(self) -> None:
        until_step = max(self.played - 1, 0) + self.held_frames
        if until_step - self.granted >= self.grants:
            self.granted = until_step
            credit = Credit(until_step=until_step, played_step=max(self.played - 1, 0), underruns=self.missed)
            self.connection.send(encode(credit))

    def _heed(self, data: bytes) -> None:
        said = decode_server(data)
        if isinstance(said, Error):
            raise RuntimeError(f"the server says {said}")
        step = getattr(said, "next_step", None)
        if isinstance(step, int):
            self.skips += 1
            self.received = self.played = step
            self._grant()


def run(listeners: int, zones: int, seconds: float, held_frames: int, grants: int) -> Result:
    """Play for so long to so many."""
    with serving(metrics=True) as server:
        names = [f"zone-{number}" for number in range(zones)]
        owners = [Card(server.address, name, held_frames, 1) for name in names]
        for owner in owners:
            owner.begin()
            owner.tell()
        periods(owners, time.monotonic(), round(LEAD_S / STEP_S))
        cards = [Card(server.address, names[place % zones], held_frames, grants) for place in range(listeners - zones)]
        gc.collect()
        gc.disable()
        result = _play(server, owners, cards, seconds)
        gc.enable()
        for card in (*owners, *cards):
            card.connection.close()
    return result


def _play(server: Serving, owners: list[Card], cards: list[Card], seconds: float) -> Result:
    for card in cards:
        card.begin()
    everybody = [*owners, *cards]
    periods(everybody, time.monotonic() + 0.05, round(SETTLE_S / STEP_S))
    before = [(card.count, card.missed, card.skips) for card in everybody]
    cpu, own, rendered, begin_s = server.cpu_s(), time.process_time(), _rendered(server), time.monotonic()
    late_s = periods(everybody, begin_s, round(seconds / STEP_S))
    took_s = time.monotonic() - begin_s
    used = {name: after - cpu[name] for name, after in server.cpu_s().items()}
    counts = [(card.count, card.missed, card.skips) for card in everybody]
    frames, missed, skips = (np.array(counts) - np.array(before)).sum(axis=0).tolist()
    return Result(
        machine=machine(),
        listeners=len(everybody),
        zones=len(owners),
        held_frames=owners[0].held_frames,
        grants=cards[0].grants if cards else 1,
        seconds=round(took_s, 2),
        frames=frames,
        frames_per_s=round(frames / took_s, 1),
        rendered_per_s=round((_rendered(server) - rendered) / took_s, 1),
        missed_deadlines=missed,
        skips=skips,
        front_cores=round(used["front"] / took_s, 2),
        front_us_a_frame=round(used["front"] / max(frames, 1) * 1e6, 1),
        worker_cores=round(used["workers"] / took_s, 2),
        card_cores=round((time.process_time() - own) / took_s, 2),
        late_ms_p99=round(float(np.percentile(late_s, 99)) * 1_000, 2),
    )


def _rendered(server: Serving) -> float:
    """Steps that the server's workers have rendered, as they last told."""
    with urlopen(f"http://127.0.0.1:{server.metrics_port}/metrics") as answer:
        text = answer.read().decode()
    return sum(float(value) for value in re.findall(r"^ambiome_render_steps_total\{[^}]*\} (\S+)$", text, re.MULTILINE))


def periods(cards: list[Card], begin_s: float, periods: int) -> list[float]:
    """Let every card play so many frames, each at its phase; how late each was served, in seconds."""
    turns = sorted((place % PHASES / PHASES * STEP_S, place) for place in range(len(cards)))
    late_s = []
    for period in range(periods):
        for phase_s, place in turns:
            at_s = begin_s + period * STEP_S + phase_s
            sleep_until(at_s)
            late_s.append(time.monotonic() - at_s)
            cards[place].play()
    return late_s


def main() -> int:
    """Print what came of it."""
    parser = argparse.ArgumentParser("benchmarks.zones", description=__doc__.partition("\n")[0])
    parser.add_argument("--listeners", type=int, default=1_000)
    parser.add_argument("--zones", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--held", type=int, default=4, help="frames that a listener holds, counting the one that plays")
    parser.add_argument("--grants", type=int, default=1, help="frames that it grants at a time")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options.listeners, options.zones, options.seconds, options.held, options.grants)
    if options.json:
        print(json.dumps(asdict(result)))
        return 0
    print(f"zones — {result.machine}")
    print(
        f"  {result.listeners} listeners in {result.zones} zones, holding {result.held_frames} frames, granting "
        f"{result.grants} at a time, {result.seconds} s: {result.rendered_per_s} steps rendered a second, "
        f"{result.frames_per_s} frames sent a second, {result.frames} in all, "
        f"{result.missed_deadlines} missed deadlines, {result.skips} skips"
    )
    print(
        f"  cores: front {result.front_cores} ({result.front_us_a_frame} µs a frame), worker {result.worker_cores}, "
        f"cards {result.card_cores}; the cards' own lateness: p99 {result.late_ms_p99} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
