"""A server in a process of its own, for as long as it is needed."""

import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final, NamedTuple

from ambiome_cli.exits import Exit, Problem
from ambiome_cli.progress import note

ANY_PORT: Final = "tcp://127.0.0.1:*"
STOP_S: Final = 10.0
PASSED_ON: Final = (Exit.MISSING_EXTRA, Exit.BAD_INPUT)
TERMINATED: Final = 128 + signal.SIGTERM
_READY: Final = re.compile(r"serves at (\S+)(?: \((.*)\))?")


class LocalServer(NamedTuple):
    """Where it serves, what it says of its workers, and its process."""

    address: str
    described: str
    pid: int


@contextmanager
def local_server(workers: int | None = None, device: str = "auto", gives_way: bool = False) -> Iterator[LocalServer]:
    """`ambiome serve` on a free port. It is ended with the block. `gives_way`: to whoever else wants a core, where the
    machine can tell (`nice`).

    Problem with the server's own last line if it does not come up.
    """
    command = [sys.executable, "-m", "ambiome_cli", "serve", "--bind", ANY_PORT, "--device", device]
    if workers is not None:
        command += ["--workers", str(workers)]
    if gives_way and (nice := shutil.which("nice")):
        command = [nice, "-n", "5", *command]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        with _terminable():
            yield LocalServer(*_started(process), process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _terminable() -> Iterator[None]:
    """While this lasts, SIGTERM ends the program in order, so that it takes the server with it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _started(process: "subprocess.Popen[str]") -> tuple[str, str]:
    assert process.stderr is not None
    said: deque[str] = deque(maxlen=20)
    for line in process.stderr:
        said.append(line.strip())
        ready = _READY.search(line)
        if ready:
            threading.Thread(target=_pass_on, args=(process.stderr,), daemon=True).start()
            return ready[1], ready[2] or ""
        note(line.strip())
    code = process.wait()
    if len(said) > 1 and not sys.stderr.isatty():
        # What led to it was not shown as it came, and the last line may only point to it.
        print(*list(said)[:-1], sep="\n", file=sys.stderr)
    last = said[-1].removeprefix("ambiome: ") if said else f"exit code {code}"
    raise Problem(Exit(code) if code in PASSED_ON else Exit.FAULT, f"the server did not start: {last}")


def _pass_on(stream: IO[str]) -> None:
    """What the server says later, to our own standard error."""
    with stream:
        for line in stream:
            sys.stderr.write(line)
