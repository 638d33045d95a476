"""Control to sound: how long after a change is sent its first sample is played, on one machine.

    python -m benchmarks.latency [--changes 300] [--workers 1] [--others 0] [--json]

A simulated sound card plays a frame every 40 ms and holds two in all, counting the one that plays: as each begins to
play it grants credit for one more. Changes (a cut to another world, an event) are sent at moments spread over the
frame; measured is the time from the sending to the moment at which the card plays the first sample of the first
frame whose `applied_seq` includes the change. A change that comes while one frame plays and the next is ready can be
heard when both are over and no sooner: 40 to 80 ms are the frames' own length, and what is beyond is ours.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import zmq
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import (
    Change,
    Credit,
    Event,
    EventMessage,
    Frame,
    Hello,
    Location,
    Time,
    Weather,
    Welcome,
    World,
    WorldMessage,
)
from ambiome_protocol.version import VERSION

from benchmarks.machine import machine
from benchmarks.serving import serving, sleep_until

STEP_S: Final = 0.040
HELD_FRAMES: Final = 2
EVERY_FRAMES: Final = 5
SETTLE_FRAMES: Final = 50
PLACES: Final = ("temperate_forest", "city", "coast", "cave")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it, in milliseconds. `late_ms_p99` is how late the card itself was to play."""

    machine: str
    changes: int
    others: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    underruns: int
    late_ms_p99: float


class Card:
    """A simulated sound card."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", address: str, seed: int) -> None:
        self.socket = context.socket(zmq.DEALER)
        self.socket.set(zmq.LINGER, 0)
        self.socket.connect(address)
        self.socket.send(encode(Hello(version=VERSION, seed=seed)))
        if not isinstance(decode_server(self.socket.recv()), Welcome):
            raise RuntimeError("the server did not welcome the card")
        self.socket.send(encode(storm(1)))
        self.socket.send(encode(Credit(until_step=HELD_FRAMES)))
        self.ready: list[Frame] = []
        self.played = 0
        self.underruns = 0

    def tell(self, change: Change) -> None:
        """Send a change now."""
        self.socket.send(encode(change))

    def play(self) -> Frame | None:
        """The moment at which the next frame must begin to play: the frame, or None if it is not there."""
        while self.socket.poll(0):
            message = decode_server(self.socket.recv_multipart()[0])
            if isinstance(message, Frame):
                self.ready.append(message)
        if not self.ready:
            self.underruns += 1
            return None
        frame = self.ready.pop(0)
        self.played = frame.step
        credit = Credit(until_step=frame.step + HELD_FRAMES, played_step=frame.step, underruns=self.underruns)
        self.socket.send(encode(credit))
        return frame


def storm(seq: int) -> WorldMessage:
    """A cut into a full storm, at a place that changes with `seq`."""
    return WorldMessage(
        seq=seq,
        world=World(
            weather=Weather(rain_mm_h=20.0, wind_m_s=12.0, thunder_per_min=4.0),
            location=Location(biome=PLACES[seq % len(PLACES)]),
            time=Time(hour=6.0),
        ),
        cut=True,
    )


def change_of(seq: int) -> Change:
    """A cut into another storm, or an event, by turns."""
    return storm(seq) if seq % 2 else EventMessage(seq=seq, event=Event(kind="splash"))


def run(changes: int, workers: int, others: int) -> Result:
    """Send so many changes, every fifth frame one, and measure each."""
    with serving(workers=workers) as server, zmq.Context() as context:
        cards = [Card(context, server.address, seed) for seed in range(1 + others)]
        took_s, late_s = _play(cards, changes)
        for card in cards:
            card.socket.close()
    p50, p95, p99, most = np.percentile(np.array(took_s) * 1_000, [50, 95, 99, 100])
    return Result(
        machine=machine(),
        changes=len(took_s),
        others=others,
        p50_ms=round(float(p50), 1),
        p95_ms=round(float(p95), 1),
        p99_ms=round(float(p99), 1),
        max_ms=round(float(most), 1),
        underruns=cards[0].underruns,
        late_ms_p99=round(float(np.percentile(late_s, 99)) * 1_000, 2),
    )


def _play(cards: list[Card], changes: int) -> tuple[list[float], list[float]]:
    """How long each change took, and how late the first card was at each frame, in seconds."""
    moments = np.random.default_rng(0).uniform(0.0, STEP_S, changes)
    sent_at: dict[int, float] = {}
    took_s: list[float] = []
    late_s: list[float] = []
    begin_s = time.monotonic() + 1.0
    for tick in range(SETTLE_FRAMES + (changes + 2) * EVERY_FRAMES):
        at_s = begin_s + tick * STEP_S
        sleep_until(at_s)
        now_s = time.monotonic()
        late_s.append(now_s - at_s)
        frame = cards[0].play()
        heard = [seq for seq in sent_at if frame is not None and frame.applied_seq >= seq]
        took_s += [now_s - sent_at.pop(seq) for seq in heard]
        turns: list[tuple[float, Card | int]] = [
            (at_s + index * STEP_S / len(cards), card) for index, card in enumerate(cards[1:], 1)
        ]
        index, rest = divmod(tick - SETTLE_FRAMES, EVERY_FRAMES)
        if rest == 0 and 0 <= index < changes:
            turns.append((at_s + float(moments[index]), index + 2))
        for turn_s, what in sorted(turns, key=lambda turn: turn[0]):
            sleep_until(turn_s)
            if isinstance(what, Card):
                what.play()
            else:
                sent_at[what] = time.monotonic()
                cards[0].tell(change_of(what))
    return took_s, late_s


def main() -> int:
    """Print what came of it; exit code 1 if the 99th percentile is above 100 ms."""
    parser = argparse.ArgumentParser("benchmarks.latency", description=__doc__.partition("\n")[0])
    parser.add_argument("--changes", type=int, default=300)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--others", type=int, default=0, help="other live listeners at the same time")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options.changes, options.workers, options.others)
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        print(f"control to sound, two frames held in all — {result.machine}")
        print(
            f"  {result.changes} changes beside {result.others} other listeners: p50 {result.p50_ms} ms, "
            f"p95 {result.p95_ms} ms, p99 {result.p99_ms} ms, max {result.max_ms} ms; {result.underruns} underruns"
        )
        print(f"  the card's own lateness: p99 {result.late_ms_p99} ms")
    return 0 if result.p99_ms <= 100.0 else 1


if __name__ == "__main__":
    sys.exit(main())
