"""A server in a process of its own, for a benchmark to play with."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROGRAM: Final = """
import sys
from ambiome_middleware.crew import Parts
from ambiome_middleware.front import Manners
from ambiome_middleware.server import serve
device, workers, sound, scene, metrics = sys.argv[1:]
serve("tcp://127.0.0.1:*", workers=int(workers), parts=Parts(device, sound=sound, scene=scene),
      metrics_port=int(metrics) or None, manners=Manners(most_busy=float("inf")),
      on_ready=lambda address: print(address, flush=True))
"""
ENDS_WITHIN_S: Final = 10


@dataclass(frozen=True, slots=True)
class Serving:
    """Where it serves, its process, and the port at which it tells its metrics (0: it does not)."""

    address: str
    pid: int
    metrics_port: int = 0

    def cpu_s(self) -> dict[str, float]:
        """CPU seconds used so far by the front and by its workers, where /proc tells."""
        workers = _children(self.pid)
        return {"front": _cpu_s(self.pid), "workers": sum(_cpu_s(pid) for pid in workers)}


@contextmanager
def serving(
    workers: int = 1,
    device: str = "cpu",
    sound: str = "ambiome_middleware.sound",
    scene: str = "ambiome_middleware.scene",
    metrics: bool = False,
) -> Iterator[Serving]:
    """Start a server at a free port, which refuses nobody for want of time; it ends when this does."""
    metrics_port = _free_port() if metrics else 0
    command = [sys.executable, "-c", _PROGRAM, device, str(workers), sound, scene, str(metrics_port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip() if process.stdout else ""
        if not address:
            raise RuntimeError("the server did not start; its own message stands above")
        yield Serving(address, process.pid, metrics_port)
    finally:
        process.terminate()
        process.wait(ENDS_WITHIN_S)


def sleep_until(at_s: float) -> None:
    """Return when the monotonic clock says so, not before, and at once if it has."""
    left_s = at_s - time.monotonic()
    if left_s > 0:
        time.sleep(left_s)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100.0
