"""A real server in a process of its own, which can be killed and started again at the same address."""

import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from ambiome_protocol.limits import MAX_SESSIONS

_PROGRAM = """
import sys
from ambiome_middleware.crew import Parts
from ambiome_middleware.front import Manners
from ambiome_middleware.server import serve
from pathlib import Path
bind, workers, detach_after_s, weights, key, guests, metrics, journal, most = sys.argv[1:]
parts = Parts("cpu", weights=Path(weights) if weights else None, journal=Path(journal) if journal else None)
serve(bind, workers=int(workers), parts=parts, key=Path(key) if key else None, guests=Path(guests) if guests else None,
      metrics_port=int(metrics) if metrics else None,
      manners=Manners(detach_after_s=float(detach_after_s), max_sessions=int(most)),
      on_ready=lambda address: print(address, flush=True))
"""


class RealServer:
    """`ambiome_middleware.server.serve` at a free port of this machine, from `start` until `kill` or `stop`."""

    def __init__(
        self, workers: int = 1, detach_after_s: float = 10.0, weights: Path | None = None, key: Path | None = None,
        guests: Path | None = None, metrics_port: int | None = None, journal: Path | None = None,
        max_sessions: int = MAX_SESSIONS,
    ) -> None:  # fmt: skip
        """With `weights`, a folder of those, it offers the neural renderer; with `key` and `guests` it wants keys; at
        `metrics_port` it tells how it is; in `journal` it writes its sessions down.
        """
        self.address = "tcp://127.0.0.1:*"
        paths = (weights or "", key or "", guests or "")
        wanted = (workers, detach_after_s, *paths, metrics_port or "", journal or "", max_sessions)
        self._arguments = tuple(str(each) for each in wanted)
        self.start()

    def start(self) -> None:
        """Starts, and waits until it serves."""
        command = [sys.executable, "-c", _PROGRAM, self.address, *self._arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("tcp://"), "the server did not start"

    def kill(self) -> None:
        """Kills it: no bye, nothing kept."""
        self.process.kill()
        self.process.communicate()

    def stop(self) -> int:
        """Ends it as a user would; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        return self.process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()
