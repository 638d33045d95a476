"""What a step costs as sessions grow, 1 to 1,024: `python -m benchmarks.growth [--device auto] [--most 1024] [--json]`.

The storm of `benchmarks.render`, stereo, one step a call, as a server renders it. On a CPU CPU time of one thread; on
cuda and mps wall clock, from token frames on the host to samples on the host, and beside it the share of the device's
memory bandwidth that is reached: bytes that must move a step, counted from shapes, by the time it took, against a large
copy on the same device.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import numpy as np
import torch
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.bed import BINS, FFT_SIZE
from ambiome_middleware.sound.cpu import CpuBackend
from ambiome_middleware.sound.gpu import TorchBackend
from ambiome_middleware.sound.layouts import LAYOUTS
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.plan import Lists
from ambiome_middleware.sound.render import Backend, resolve_device
from ambiome_middleware.sound.segments import SEGMENT_FLOATS, SEGMENT_INTS, TILE_FLOATS, TILES
from ambiome_middleware.tokens import LOOKBACK_STEPS, STEP_S, STEP_SAMPLES

from benchmarks.machine import machine
from benchmarks.options import count
from benchmarks.render import storm

LAYOUT: Final = "stereo"
SETTLE_STEPS: Final = 12
"""Before the first that is timed: from the beginning of a stream, so that nobody waits for 1,024 look backs."""
COPY_BYTES: Final = 1 << 28
_FLOAT, _INT, _COMPLEX = 4, 8, 8


@dataclass(frozen=True, slots=True)
class Point:
    """`step_ms` of all sessions together, and `host_ms` of CPU time in it; `kept_bytes`: what one session has room for
    between two steps, on the host and on the device; `bandwidth_share` 0 … 1, or None on a CPU."""

    sessions: int
    step_ms: float
    host_ms: float
    streams: float
    kept_bytes: int
    bandwidth_share: float | None


def bytes_a_step(sessions: int, grains: int) -> int:
    """Bytes that a device must read and write for one stereo step of so many sessions, in which so many grains sound,
    were all elementwise arithmetic fused.

    What goes in: magnitudes, keys and the records of the grains. The spectra, written for the inverse FFT and read by
    it; the hops, written by it and read. The sum of the grains, written and read. The tail and the step before,
    read and written. The samples, written and read by the copy to the host. Rows that only fill a tile move too, but
    need not: they are not counted.
    """
    layout = LAYOUTS[LAYOUT]
    channels = len(layout.active)
    record = SEGMENT_INTS * _INT + SEGMENT_FLOATS * _FLOAT + TILES * (TILE_FLOATS * _FLOAT + _INT)
    taken = layout.parts * BANDS * _FLOAT + _INT
    spectra = 2 * channels * BINS * _COMPLEX
    hops = 2 * channels * FFT_SIZE * _FLOAT
    step = channels * STEP_SAMPLES * _FLOAT
    return grains * record + sessions * (taken + spectra + hops + 2 * step + 4 * step + 2 * step)


def bandwidth(device: str, size: int = COPY_BYTES, repeats: int = 10) -> float:
    """Bytes a second that a large copy within the device reads and writes, the best of `repeats`."""
    source = torch.ones(size // _FLOAT, device=device)
    target = torch.empty_like(source)
    spent = []
    for _ in range(repeats):
        _wait(device)
        began = time.perf_counter()
        target.copy_(source)
        _wait(device)
        spent.append(time.perf_counter() - began)
    return 2 * source.nbytes / min(spent)


class Growing:
    """A renderer with so many sessions, in the middle of its work."""

    def __init__(self, device: str, sessions: int, backend: Backend | None = None) -> None:
        """`backend`: by default the one that a server has on this device."""
        self.device, self.sessions = device, sessions
        self._backend = backend or _backend(device)
        self._renderer = Renderer(device, backend=self._backend)
        self._tokens = np.tile(storm(), (LOOKBACK_STEPS + 1, 1))
        self._clock: Callable[[], float] = time.process_time if device == "cpu" else time.perf_counter
        self._step = 0
        self._spent: list[tuple[float, float]] = []
        self._grains: list[int] = []
        self.render(SETTLE_STEPS)
        self._spent.clear()
        self._grains.clear()

    def render(self, steps: int) -> None:
        """The next `steps` of all its sessions, each timed."""
        for _ in range(steps):
            requests = [Request(n, LAYOUT, self._step, self._tokens, key=n) for n in range(self.sessions)]
            _wait(self.device)
            began, busy = self._clock(), time.process_time()
            self._renderer.render(requests)
            self._spent.append((self._clock() - began, time.process_time() - busy))
            self._grains.append(int(self._renderer._lists.counts[:, 0].sum()))
            self._step += 1

    def point(self, copied_a_s: float | None) -> Point:
        """What a step took: the median of all that were timed."""
        took_s, host_s = (statistics.median(times) for times in zip(*self._spent, strict=True))
        must_move = bytes_a_step(self.sessions, round(statistics.mean(self._grains)))
        share = None if copied_a_s is None else must_move / took_s / copied_a_s
        kept = _kept_bytes(self._renderer._lists, self._backend)
        return Point(self.sessions, 1e3 * took_s, 1e3 * host_s, self.sessions * STEP_S / took_s, kept, share)


def grow(device: str, most: int, steps: int, rounds: int, copied_a_s: float | None) -> list[Point]:
    """A point for 1, 2, 4 … `most` sessions. All sizes take turns, `rounds` times, as a machine's speed drifts."""
    growing = [Growing(device, 1 << n) for n in range(most.bit_length())]
    for _ in range(rounds):
        for each in growing:
            # Steps of a few sessions are short, and vary.
            each.render(max(steps, 64 // each.sessions))
    return [each.point(copied_a_s) for each in growing]


def _backend(device: str) -> Backend:
    bank = banks.built_in()
    return CpuBackend(bank) if device == "cpu" else TorchBackend(bank, device)


def _kept_bytes(lists: Lists, backend: Any) -> int:
    """Of one slot: what is carried from step to step."""
    arrays = [getattr(lists, field.name) for field in fields(lists)]
    return int((sum(array.nbytes for array in arrays) + backend.tail.nbytes + backend.raw.nbytes) / len(lists.counts))


def _wait(device: str) -> None:
    """Until the device has done what it was given."""
    kind = device.split(":")[0]
    if kind == "cuda":
        torch.cuda.synchronize(device)
    elif kind == "mps":
        torch.mps.synchronize()


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.growth", description=__doc__.partition("\n")[0])
    parser.add_argument("--device", default="auto", help="cpu, cuda, cuda:1, mps or auto")
    parser.add_argument("--most", type=count, default=1_024, help="sessions, doubled up to this many")
    parser.add_argument("--steps", type=count, default=4, help="steps timed in a round")
    parser.add_argument("--rounds", type=count, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    torch.set_num_threads(1)
    try:
        device = resolve_device(options.device)
    except ValueError as error:
        parser.error(str(error))
    copied_a_s = None if device == "cpu" else bandwidth(device)
    where = machine() if device == "cpu" else f"{_device_name(device)} beside {machine()}"
    points = grow(device, options.most, options.steps, options.rounds, copied_a_s)
    if options.json:
        found = {"machine": where, "copied_bytes_a_s": copied_a_s, "points": [asdict(p) for p in points]}
        print(json.dumps(found, indent=2))
        return
    print(f"growth on {where}, load {os.getloadavg()[0]:.1f}")
    if copied_a_s is not None:
        print(f"a large copy moves {copied_a_s / 1e9:.0f} GB/s")
    for point in points:
        print(line(point, device))


def line(p: Point, device: str) -> str:
    """One row of the table."""
    unit = "core" if device == "cpu" else "GPU"
    share = ""
    if p.bandwidth_share is not None:
        percent = 100.0 * p.bandwidth_share
        share = f", {p.host_ms:.2f} ms of it CPU time of the host, {percent:.2f} % of the memory's bandwidth"
    return (
        f"{p.sessions:6,} session{'s' if p.sessions > 1 else ' '}: {p.step_ms:9.2f} ms a step, "
        f"{p.streams:8.1f} streams per {unit}, room for {p.kept_bytes / 1024:.0f} KiB a session{share}"
    )


def _device_name(device: str) -> str:
    return torch.cuda.get_device_name(device) if device.startswith("cuda") else device


if __name__ == "__main__":
    main()
