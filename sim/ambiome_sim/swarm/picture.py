"""The picture of a swarm: what was served and what it took, how long cards were silent, how late changes were heard."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ambiome_sim.swarm.findings import SHARES_MS, Findings

PAPER: Final = "#0b0f14"
INK: Final = "#dfe7ee"
FAINT: Final = "#8494a3"
GRID: Final = "#1e2833"
BLUE, GREEN, RED, GOLD = "#4aa3ff", "#8cc152", "#ff7a59", "#ffd866"


def draw(path: Path, findings: Findings) -> None:
    """Write the picture as PNG. OSError where it cannot be written."""
    figure = Figure(figsize=(12.0, 9.0), dpi=110, facecolor=PAPER)
    FigureCanvasAgg(figure)
    served, used, silent, late = figure.subplots(2, 2).flatten()
    _served(served, findings)
    _used(used, findings)
    _silent(silent, findings)
    _late(late, findings)
    figure.suptitle(f"Ambiome: a swarm of {findings.most} listeners", color=INK, fontsize=14)
    figure.text(0.5, 0.94, findings.machine, color=FAINT, ha="center", fontsize=9)
    figure.tight_layout(rect=(0.0, 0.0, 1.0, 0.95))
    figure.savefig(path, format="png", facecolor=PAPER)


def _served(axes: Any, findings: Findings) -> None:
    at_s = [second.at_s for second in findings.seconds]
    _dress(axes, "frames a second, and underruns", "s", "frames")
    axes.plot(at_s, [second.frames for second in findings.seconds], color=BLUE)
    axes.set_ylim(bottom=0)
    below = axes.twinx()
    below.bar(at_s, [second.underruns for second in findings.seconds], color=RED, width=1.0)
    below.set_ylim(0, max(10, 3 * max((second.underruns for second in findings.seconds), default=0)))
    below.tick_params(colors=FAINT)


def _used(axes: Any, findings: Findings) -> None:
    at_s = [second.at_s for second in findings.seconds]
    _dress(axes, "the server: cores (green), memory in MiB (gold)", "s", "cores")
    axes.plot(at_s, [second.cpu for second in findings.seconds], color=GREEN)
    axes.set_ylim(bottom=0)
    memory = axes.twinx()
    memory.plot(at_s, [second.memory_mib for second in findings.seconds], color=GOLD)
    memory.set_ylim(bottom=0)
    memory.tick_params(colors=FAINT)


def _silent(axes: Any, findings: Findings) -> None:
    longest = np.sort([each.longest_s * 1_000 for each in findings.live] or [0.0])
    _dress(axes, "longest underrun of each live listener, sorted", "share of listeners", "ms")
    axes.plot(np.linspace(0.0, 1.0, len(longest)), longest, color=RED)
    for limit in SHARES_MS:
        axes.axhline(limit, color=GRID, linestyle="--")
    axes.set_ylim(0, max(SHARES_MS[0] * 1.2, float(longest[-1]) * 1.1))


def _late(axes: Any, findings: Findings) -> None:
    control_ms = [took * 1_000 for each in findings.live for took in each.control_s] or [0.0]
    _dress(axes, "from a change to its sound", "ms", "changes")
    axes.hist(control_ms, bins=np.arange(0.0, max(control_ms) + 10.0, 5.0).tolist(), color=BLUE)


def _dress(axes: Any, title: str, below: str, beside: str) -> None:
    axes.set_facecolor(PAPER)
    axes.set_title(title, color=INK, fontsize=10)
    axes.set_xlabel(below, color=FAINT)
    axes.set_ylabel(beside, color=FAINT)
    axes.tick_params(colors=FAINT)
    axes.grid(color=GRID)
    for spine in axes.spines.values():
        spine.set_color(GRID)
