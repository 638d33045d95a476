"""One of those beside which Ambiome is measured: how it is called, and how much CPU time its sound takes.

Start-up (reading the plan, building graphs, compiling) is subtracted: the same plan is rendered to two lengths, and
what counts is the difference in CPU time (user and system) for the difference in sound.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.plan import Plan


@dataclass(frozen=True, slots=True)
class Peer:
    """`programs`: what must be installed, and `package` where it comes from. `listeners`: how many one process renders
    at its best.

    `write(plan, folder, lengths_s)` says the plan in the peer's language, and makes what it takes to render it to each
    of these lengths; `command(plan, seconds, file)` then does so in that folder, to a WAV file of two channels a
    listener or, without `file`, to nothing.
    """

    name: str
    package: str
    programs: tuple[str, ...]
    write: Callable[[Plan, Path, Sequence[float]], None]
    command: Callable[[Plan, float, str | None], list[str]]
    listeners: int
    version_flag: str = "--version"

    @property
    def is_installed(self) -> bool:
        """Whether all its programs are found."""
        return all(shutil.which(program) for program in self.programs)

    def version(self) -> str:
        """As its first program says; "" if it does not."""
        said = subprocess.run(
            [self.programs[0], self.version_flag], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        found = re.search(r"\d+\.[\d.]*\d", said.stdout + said.stderr)
        return found.group() if found else ""

    def cpu_s(self, plan: Plan, folder: Path, seconds: float, file: str | None = None) -> float:
        """CPU seconds of rendering the first `seconds` of what `write` left in `folder`.

        RuntimeError, with what the program said, if it fails, or says that it does: Pd plays on without what is wrong.
        """
        with (folder / "said.txt").open("wb") as said:
            process = subprocess.Popen(
                self.command(plan, seconds, file), cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        text = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")
        if process.returncode or re.search("^error:", text, re.MULTILINE):
            raise RuntimeError(f"{self.name} ended with {process.returncode}: {text[-2_000:]}")
        return used.ru_utime + used.ru_stime
