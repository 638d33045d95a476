"""Transport alone: many live sessions from one front process, with rendering replaced by a copy.

    python -m benchmarks.transport [--sessions 500] [--seconds 20] [--held 2] [--json]

Each sink is a sound card: it plays a frame every 40 ms, at one of forty phases, and as each begins to play it grants
credit for one more, so that it never holds more than two (`--held`), counting the one that plays. A frame that is not
there when its turn to play comes is a missed deadline; the sink then waits a whole frame, as a sound card would repeat
silence. The sinks share the machine with the server, and their share of its cores is printed.
"""

import argparse
import gc
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import Final

import msgspec
import numpy as np
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import Credit, Error, Hello, Welcome
from ambiome_protocol.version import VERSION

from benchmarks.machine import machine
from benchmarks.serving import Serving, serving, sleep_until
from benchmarks.zmtp import Connection

STEP_S: Final = 0.040
PHASES: Final = 40
SETTLE_S: Final = 2.0
_HEADER: Final = msgspec.msgpack.Decoder(type=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. CPU in cores: 1.0 is one core fully used. `late_ms_p99`: how late the sinks themselves were."""

    machine: str
    sessions: int
    held_frames: int
    seconds: float
    frames: int
    frames_per_s: float
    missed_deadlines: int
    out_of_order: int
    front_cores: float
    worker_cores: float
    sink_cores: float
    late_ms_p99: float
    late_ms_max: float


class Sink:
    """A simulated sound card on a connection of its own."""

    def __init__(self, address: str, seed: int, held_frames: int) -> None:
        self.connection = Connection(address)
        self.connection.send(encode(Hello(version=VERSION, seed=seed)))
        self.held_frames = held_frames
        self.received = 0
        self.played = 0
        self.missed = 0
        self.out_of_order = 0

    def begin(self) -> None:
        """Wait for the welcome and ask for the first frames."""
        if not isinstance(decode_server(self.connection.wait()[0]), Welcome):
            raise RuntimeError("the server did not welcome a sink")
        self.connection.send(encode(Credit(until_step=self.held_frames)))

    def play(self) -> None:
        """The moment at which the next frame must begin to play."""
        for parts in self.connection.receive():
            if len(parts) == 1:
                if isinstance(said := decode_server(parts[0]), Error):
                    raise RuntimeError(f"the server says {said}")
                continue
            self.out_of_order += _HEADER.decode(parts[0])["step"] != self.received
            self.received += 1
        if self.played == self.received:
            self.missed += 1
            return
        self.played += 1
        playing = self.played - 1
        credit = Credit(until_step=playing + self.held_frames, played_step=playing, underruns=self.missed)
        self.connection.send(encode(credit))


def run(sessions: int, seconds: float, held_frames: int = 2) -> Result:
    """Play for so long with so many sinks."""
    with serving(sound="benchmarks.copy_sound", scene="benchmarks.copy_scene") as server:
        sinks = [Sink(server.address, seed, held_frames) for seed in range(sessions)]
        for sink in sinks:
            sink.begin()
        gc.collect()
        gc.disable()
        result = _play(server, sinks, seconds)
        gc.enable()
        for sink in sinks:
            sink.connection.close()
    return result


def _play(server: Serving, sinks: list[Sink], seconds: float) -> Result:
    phases = np.random.default_rng(0).permutation(len(sinks)) % PHASES / PHASES * STEP_S
    order = np.argsort(phases)
    begin_s = time.monotonic() + 0.5
    _periods(sinks, order, phases, begin_s, round(SETTLE_S / STEP_S))
    before = [(sink.received, sink.missed) for sink in sinks]
    cpu, own = server.cpu_s(), time.process_time()
    begin_s += SETTLE_S
    late_s = _periods(sinks, order, phases, begin_s, round(seconds / STEP_S))
    took_s = time.monotonic() - begin_s
    used = {name: (after - cpu[name]) / took_s for name, after in server.cpu_s().items()}
    frames = sum(sink.received - received for sink, (received, _) in zip(sinks, before, strict=True))
    return Result(
        machine=machine(),
        sessions=len(sinks),
        held_frames=sinks[0].held_frames,
        seconds=round(took_s, 2),
        frames=frames,
        frames_per_s=round(frames / took_s, 1),
        missed_deadlines=sum(sink.missed - missed for sink, (_, missed) in zip(sinks, before, strict=True)),
        out_of_order=sum(sink.out_of_order for sink in sinks),
        front_cores=round(used["front"], 2),
        worker_cores=round(used["workers"], 2),
        sink_cores=round((time.process_time() - own) / took_s, 2),
        late_ms_p99=round(float(np.percentile(late_s, 99)) * 1_000, 2),
        late_ms_max=round(float(np.max(late_s)) * 1_000, 2),
    )


def _periods(sinks: list[Sink], order: np.ndarray, phases: np.ndarray, begin_s: float, periods: int) -> list[float]:
    """Let every sink play so many frames, each at its phase; how late each was served, in seconds."""
    turns = [(sinks[index], float(phases[index])) for index in order]
    late_s = []
    for period in range(periods):
        for sink, phase_s in turns:
            at_s = begin_s + period * STEP_S + phase_s
            sleep_until(at_s)
            late_s.append(time.monotonic() - at_s)
            sink.play()
    return late_s


def main() -> int:
    """Print what came of it; exit code 1 if frames came out of order (lateness is a figure, not a failure)."""
    parser = argparse.ArgumentParser("benchmarks.transport", description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--held", type=int, default=2, help="frames that a sink holds, counting the one that plays")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options.sessions, options.seconds, options.held)
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        print(f"transport, rendering replaced by a copy — {result.machine}")
        print(
            f"  {result.sessions} live sessions that hold {result.held_frames} frames, {result.seconds} s: "
            f"{result.frames} frames, {result.frames_per_s}/s, "
            f"{result.missed_deadlines} missed deadlines, {result.out_of_order} out of order"
        )
        print(f"  cores: front {result.front_cores}, worker {result.worker_cores}, sinks {result.sink_cores}")
        print(f"  sinks' own lateness: p99 {result.late_ms_p99} ms, max {result.late_ms_max} ms")
    return 1 if result.out_of_order else 0


if __name__ == "__main__":
    sys.exit(main())
