"""Mono: compiles C# sources into a program, and runs it."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import numpy as np
import numpy.typing as npt

from engines.engines import REPOSITORY, mono

CORE: Final = REPOSITORY / "integrations/unity/Runtime/Core"
PROGRAMS: Final = REPOSITORY / "tests/engines/csharp"

Map = dict[str, Any]
Samples = npt.NDArray[np.float32]


def compiled(target: Path, sources: Sequence[Path]) -> Path:
    """A program made of these sources, warnings being errors."""
    compiler, _ = mono()
    options = ["-langversion:7.2", "-warn:4", "-warnaserror", "-optimize+", f"-out:{target}"]
    done = subprocess.run([compiler, *options, *map(str, sources)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@dataclass(frozen=True)
class Programs:
    """The test programs of the core, see `csharp/Program.cs`, compiled."""

    program: Path

    def command(self, *arguments: object) -> list[str]:
        """What runs one of them."""
        return [mono()[1], str(self.program), *map(str, arguments)]

    def run(self, *arguments: object, given: str = "", timeout_s: float = 240) -> list[str]:
        """The lines that one of them prints; AssertionError with its complaint if it has one."""
        command = self.command(*arguments)
        done = subprocess.run(command, capture_output=True, text=True, input=given, timeout=timeout_s, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout.splitlines()


class Player:
    """A game that plays: `csharp/Player.cs` in a process of its own. Report and samples are there at the end."""

    def __init__(self, programs: Programs, folder: Path, address: str, **options: object) -> None:
        self._path = folder / "heard.f32"
        self._channels = int(str(options.get("channels", 2)))
        told = json.dumps({"file": str(self._path), **options})
        self._process = subprocess.Popen(
            programs.command("player", address, told), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.report: Map = {}
        self.heard: Samples = np.zeros((self._channels, 0), np.float32)

    def do(self, **order: object) -> Map:
        """Gives an order and waits until it is done; how many frames were played by then, and what waits."""
        _pipe(self._process.stdin).write(json.dumps(order) + "\n")
        _pipe(self._process.stdin).flush()
        line = _pipe(self._process.stdout).readline()
        assert line, "the player has ended"
        answer: Map = json.loads(line)
        return answer

    def notices(self, kind: str) -> list[Map]:
        """What of a kind was said until the end."""
        return [notice for notice in self.report["notices"] if notice["kind"] == kind]

    def end(self) -> None:
        """Ends it as a game does."""
        output, _ = self._process.communicate('{"end": true}\n', timeout=60)
        assert self._process.returncode == 0
        self.report = json.loads(output)
        self.heard = np.fromfile(self._path, "<f4").reshape(-1, self._channels).T

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None and error is None:
            self.end()
        elif self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
