"""The render workers as processes: started, watched, started again when they die, and ended."""

import logging
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ambiome_middleware.logs import Format

_log: Final = logging.getLogger(__name__)
END_WITHIN_S: Final = 5.0
RESTART_AFTER_S: Final = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0)
"""A worker that has died is started again after so long: each time that it dies in a row after longer."""
WELL_AFTER_S: Final = 60.0
"""Who has run for so long begins a new row."""
THREADS: Final = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Parts:
    """What workers are made of: the device that renders, more biomes, the folder of the neural renderer's weights
    (None: it is not offered), the folder in which sessions are written down (None: nowhere), for whom they log, and the
    modules that are sound and scene.
    """

    device: str = "auto"
    biomes: Path | None = None
    weights: Path | None = None
    journal: Path | None = None
    logs: Format = "text"
    sound: str = "ambiome_middleware.sound"
    scene: str = "ambiome_middleware.scene"


class Crew:
    """So many worker processes, by number from 0."""

    def __init__(self, workers: int, endpoint: str, parts: Parts) -> None:
        """`endpoint` is where the front listens for them. Nothing is started yet."""
        self._endpoint = endpoint
        self._parts = parts
        self._gpus = gpus() if parts.device in ("auto", "cuda") else ()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._dead_since_s: dict[int, float] = {}
        self._begun_s: dict[int, float] = {}
        self._deaths = dict.fromkeys(range(workers), 0)
        self.numbers: Final = range(workers)

    def start(self) -> None:
        """Start them all."""
        for number in self.numbers:
            self._start(number)

    def dead(self, now_s: float) -> list[int]:
        """Those that have died since this was last asked; each is started again when it is asked later, after
        `RESTART_AFTER_S`.
        """
        for number, since_s in list(self._dead_since_s.items()):
            if now_s - since_s >= RESTART_AFTER_S[min(self._deaths[number], len(RESTART_AFTER_S)) - 1]:
                self._start_again(number, now_s)
        dead = []
        for number, process in list(self._processes.items()):
            begun_s = self._begun_s.setdefault(number, now_s)
            if process.poll() is None:
                continue
            dead.append(number)
            del self._processes[number], self._begun_s[number]
            _log.error("worker %d died (exit code %s)", number, process.returncode, extra={"worker": number})
            self._deaths[number] = 1 if now_s - begun_s >= WELL_AFTER_S else self._deaths[number] + 1
            self._dead_since_s[number] = now_s
        return dead

    def stop(self) -> None:
        """End them all, when they have put away what they were at. By force those that do not heed it."""
        for process in self._processes.values():
            process.terminate()
            if process.stdin:
                process.stdin.close()
        for number, process in self._processes.items():
            try:
                process.wait(END_WITHIN_S)
            except subprocess.TimeoutExpired:
                _log.warning("worker %d does not end; it is killed", number, extra={"worker": number})
                process.kill()
                process.wait()
        self._processes.clear()

    def _start_again(self, number: int, now_s: float) -> None:
        try:
            self._start(number)
        except OSError as error:  # no file, process or memory left for it now: the others go on
            _log.error("worker %d cannot be started again yet: %s", number, error, extra={"worker": number})
            self._dead_since_s[number] = now_s
            self._deaths[number] += 1
        else:
            del self._dead_since_s[number]

    def _start(self, number: int) -> None:
        parts = self._parts
        command = [sys.executable, "-m", "ambiome_middleware.worker", self._endpoint, str(number)]
        command += ["--device", parts.device, "--logs", parts.logs, "--sound", parts.sound, "--scene", parts.scene]
        if parts.biomes is not None:
            command += ["--biomes", str(parts.biomes)]
        if parts.weights is not None:
            command += ["--weights", str(parts.weights)]
        if parts.journal is not None:
            command += ["--journal", str(parts.journal)]
        environment = os.environ | dict.fromkeys(THREADS, "1")
        if self._gpus:
            environment["CUDA_VISIBLE_DEVICES"] = self._gpus[number % len(self._gpus)]
        self._processes[number] = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)


def default_workers(device: str) -> int:
    """One worker for each GPU that `device` may mean, else one less than the cores; at least one."""
    if device == "mps":
        return 1
    found = len(gpus()) if device in ("auto", "cuda") else 0
    return found or max(1, _cores() - 1)


def gpus() -> tuple[str, ...]:
    """The names by which CUDA_VISIBLE_DEVICES may tell GPUs apart; () if there is none. Found without torch."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None:
        return tuple(name for name in named.split(",") if name and name != "-1")
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    listed = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=30, check=False).stdout
    return tuple(str(index) for index, line in enumerate(listed.splitlines()) if line.startswith("GPU "))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
