"""The curve of a training as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

POINTS: Final = 400


def draw(losses: Mapping[str, Sequence[tuple[int, float]]], path: Path, title: str) -> None:
    """Each loss over steps, a panel each, its mean over equal stretches, at most `POINTS` of them. PNG."""
    names = [name for name, values in losses.items() if values]
    columns = min(len(names), 3) or 1
    rows = -(-len(names) // columns) or 1
    figure = Figure(figsize=(4.2 * columns, 2.6 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title)
    for place, name in enumerate(names):
        steps, values = np.array(losses[name], float).T
        parts = np.array_split(np.arange(len(values)), min(POINTS, len(values)))
        axis = figure.add_subplot(rows, columns, place + 1)
        axis.plot([steps[part].mean() for part in parts], [values[part].mean() for part in parts], linewidth=1.0)
        axis.set_title(name, fontsize=9)
        axis.set_xlabel("step", fontsize=8)
        axis.tick_params(labelsize=7)
        axis.grid(alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
