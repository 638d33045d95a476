"""The real Godot, headless, with the addon: runs a script of its tests and gives what it said and what it played."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .engines import REPOSITORY, godot

PROJECT: Final = REPOSITORY / "integrations/godot"
RATE_HZ: Final = 48_000
BITE: Final = 4_096
"""Samples that Godot's Dummy driver takes at a time."""

Line = dict[str, Any]
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Played:
    """What a plan said, line by line, and what the engine's mixer played: float32 [n, 2].

    `times` [k, 2]: how many samples had been captured, and when, in seconds.
    """

    lines: list[Line]
    samples: Samples
    times: npt.NDArray[np.float64]

    def said(self, what: str) -> list[Line]:
        """The lines of one kind, in order."""
        return [line for line in self.lines if line["what"] == what]

    @property
    def ended(self) -> Line:
        """The last line: the figures."""
        return self.said("ended")[0]

    def action(self, index: int) -> int:
        """How many samples were captured when the plan's action was done."""
        return int(self.said("action")[index]["sample"])

    def level_db(self, first: float, last: float) -> npt.NDArray[np.float64]:
        """The level of either channel, dB of full scale, between two samples."""
        part = self.samples[int(first) : int(last)].astype(np.float64)
        return 10 * np.log10(np.mean(np.square(part), axis=0) + 1e-12)


class Godot:
    """The project in a folder of its own, so that nothing is written into the repository."""

    def __init__(self, folder: Path) -> None:
        self._program = godot()
        self.folder = folder / "project"
        shutil.copytree(PROJECT, self.folder, ignore=shutil.ignore_patterns(".godot", "*.uid"))
        self.run("--import")

    def run(self, *arguments: str, timeout_s: float = 120, on_line: Callable[[str], None] | None = None) -> str:
        """Runs Godot; its output. AssertionError for an error in a script, a time-out or an exit code."""
        command = [self._program, "--headless", "--path", str(self.folder), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        alarm = threading.Timer(timeout_s, process.kill)
        alarm.start()
        lines: list[str] = []
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.append(line)
                if on_line is not None:
                    on_line(line)
        finally:
            process.kill() if process.poll() is None and not _ends(process) else None
            alarm.cancel()
            process.communicate()
        output = "".join(lines)
        assert process.returncode == 0, f"exit code {process.returncode}\n{output}"
        for error in ("SCRIPT ERROR", "Parse Error", "\nERROR:"):
            assert error not in output, output
        return output

    def play(self, plan: Line, on_line: Callable[[Line], None] | None = None) -> Played:
        """Plays a plan of tests/play.gd; `on_line` hears each line as it is said."""
        folder = self.folder.parent
        path, out = folder / "plan.json", folder / "played.f32"
        path.write_text(json.dumps({"actions": [], "out": str(out)} | plan))
        lines: list[Line] = []

        def hear(text: str) -> None:
            if text.startswith("> "):
                lines.append(json.loads(text[2:]))
                if on_line is not None:
                    on_line(lines[-1])

        override = self.folder / "override.cfg"
        override.write_text(f"[audio]\n\ndriver/mix_rate={plan.get('mix_rate', RATE_HZ)}\n")
        timeout_s = 60 + 1.5 * float(plan["seconds"])
        self.run("--script", "res://tests/play.gd", "--", str(path), timeout_s=timeout_s, on_line=hear)
        times = np.fromfile(f"{out}.times", "<f8").reshape(-1, 2)
        return Played(lines, np.fromfile(out, "<f4").reshape(-1, 2), times)


def _ends(process: subprocess.Popen[str]) -> bool:
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        return False
    return True
