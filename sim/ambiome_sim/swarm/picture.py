"""The picture of a swarm: what was served and what it took, how long cards were silent, how late changes were heard."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from ambiome_protocol.limits import LOWEST_QUALITY
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ambiome_sim.swarm.findings import SHARES_MS, Findings

PAPER: Final = "#0b0f14"
INK: Final = "#dfe7ee"
FAINT: Final = "#8494a3"
GRID: Final = "#1e2833"
BLUE, GREEN, RED, GOLD = "#4aa3ff", "#8cc152", "#ff7a59", "#ffd866"
QUALITIES: Final = (GREEN, GOLD, "#ffb04f", RED)
"""Of full quality, and down to the lowest."""


def draw(path: Path, findings: Findings) -> None:
    """Write the picture as PNG. OSError where it cannot be written."""
    figure = Figure(figsize=(12.0, 12.0), dpi=110, facecolor=PAPER)
    FigureCanvasAgg(figure)
    served, used, silent, spared, late, first = figure.subplots(3, 2).flatten()
    _served(served, findings)
    _used(used, findings)
    _silent(silent, findings)
    _spared(spared, findings)
    _late(late, findings)
    _first(first, findings)
    figure.suptitle(f"Ambiome: a swarm of {findings.most} listeners", color=INK, fontsize=14)
    told = [f"{len(findings.failed)} failed", f"{len(findings.silent)} heard nothing", findings.machine]
    figure.text(0.5, 0.955, ", ".join(filter(None, told)), color=FAINT, ha="center", fontsize=9)
    figure.tight_layout(rect=(0.0, 0.0, 1.0, 0.96))
    figure.savefig(path, format="png", facecolor=PAPER)


def _served(axes: Any, findings: Findings) -> None:
    at_s = [second.at_s for second in findings.seconds]
    _dress(axes, "frames a second (line), underruns in that second (bars, right)", "s", "frames")
    axes.plot(at_s, [second.frames for second in findings.seconds], color=BLUE)
    axes.set_ylim(bottom=0)
    below = axes.twinx()
    below.bar(at_s, [second.underruns for second in findings.seconds], color=RED, width=1.0)
    below.set_ylim(0, max(10, 3 * max((second.underruns for second in findings.seconds), default=0)))
    below.tick_params(colors=FAINT)


def _used(axes: Any, findings: Findings) -> None:
    _dress(axes, "the server: cores (green), memory in MiB (gold, right)", "s", "cores")
    known = [(each.at_s, each.cpu, each.memory_mib) for each in findings.seconds if each.memory_mib is not None]
    if not known:
        _note(axes, "its processes are not known")
        return
    at_s, cores, memory_mib = zip(*known, strict=True)
    axes.plot(at_s, cores, color=GREEN)
    axes.set_ylim(bottom=0)
    memory = axes.twinx()
    memory.plot(at_s, memory_mib, color=GOLD)
    memory.set_ylim(0, 1.2 * max(memory_mib))
    memory.tick_params(colors=FAINT)


def _silent(axes: Any, findings: Findings) -> None:
    _dress(axes, "longest underrun of each live listener, sorted", "share of listeners", "ms")
    longest = np.sort([each.longest_s * 1_000 for each in findings.live if each.frames or each.underruns_s])
    for limit in SHARES_MS:
        axes.axhline(limit, color=FAINT, linestyle="--", linewidth=0.8)
    if not len(longest):
        _note(axes, "nobody was let in")
        return
    axes.plot(np.linspace(0.0, 1.0, len(longest)), longest, color=RED)
    axes.set_ylim(0, max(SHARES_MS[0] * 1.2, float(longest[-1]) * 1.1))


def _spared(axes: Any, findings: Findings) -> None:
    warnings = ", ".join(f"{count} {code}" for code, count in findings.warnings.most_common()) or "none"
    _dress(axes, f"quality of live frames; warnings: {warnings}", "s", "share of frames")
    heard = [second for second in findings.seconds if second.qualities]
    if not heard:
        _note(axes, "nothing was heard")
        return
    below = np.zeros(len(heard))
    for quality, color in enumerate(QUALITIES[: LOWEST_QUALITY + 1]):
        share = np.array([second.qualities[quality] / second.qualities.total() for second in heard])
        name = str(quality) if quality else "full"
        axes.bar([second.at_s for second in heard], share, bottom=below, width=1.0, color=color, label=name)
        below += share
    axes.set_ylim(0.0, 1.0)
    axes.legend(loc="lower left", ncols=LOWEST_QUALITY + 1, facecolor=PAPER, edgecolor=GRID, labelcolor=INK, fontsize=9)


def _late(axes: Any, findings: Findings) -> None:
    _dress(axes, "from a change to its sound", "ms", "changes")
    _histogram(axes, [took_s * 1_000 for each in findings.live for took_s in each.control_s])


def _first(axes: Any, findings: Findings) -> None:
    _dress(axes, "from a hello to the first sound", "ms", "live listeners")
    _histogram(axes, [each.first_sound_s * 1_000 for each in findings.live if each.first_sound_s is not None])


def _histogram(axes: Any, values_ms: list[float]) -> None:
    if values_ms:
        axes.hist(values_ms, bins=np.linspace(0.0, max(values_ms) * 1.05, 60).tolist(), color=BLUE)
    else:
        _note(axes, "there is none")


def _note(axes: Any, text: str) -> None:
    axes.text(0.5, 0.5, text, color=FAINT, ha="center", va="center", transform=axes.transAxes)


def _dress(axes: Any, title: str, below: str, beside: str) -> None:
    axes.set_facecolor(PAPER)
    axes.set_title(title, color=INK, fontsize=10)
    axes.set_xlabel(below, color=FAINT)
    axes.set_ylabel(beside, color=FAINT)
    axes.tick_params(colors=FAINT)
    axes.set_axisbelow(True)
    axes.grid(color=GRID)
    for spine in axes.spines.values():
        spine.set_color(GRID)
