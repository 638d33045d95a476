"""The report's figures: few, small, and drawn from the same results as its tables."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from ambiome_middleware.analysis.evaluate import control, meters, pictures, tagger, texture, transitions
from ambiome_middleware.analysis.evaluate.targets import TEXTURE_MEDIAN, TEXTURE_WORST

OURS: Final = "#1f77b4"
REAL: Final = "#2ca02c"
NOISES: Final[Mapping[str, str]] = {"white": "#bbbbbb", "pink": "#e8a0b0", "brown": "#a9805b", "shaped": "#d0c060"}
COLOURS: Final = 64
RANGE_DB: Final = 60.0


def texture_figure(found: Mapping[str, texture.Judgement]) -> Figure:
    """Ratios of the renders and of the controls; pale where the measure does not judge."""
    figure, axis = _one(len(found))
    places = np.arange(len(found))
    for at, each in zip(places, found.values(), strict=True):
        axis.bar(at, each.ratio, 0.6, color=OURS, alpha=1.0 if each.is_judged else 0.35)
        axis.plot([at, at], each.interval, color="black", linewidth=1)
    for name in ("white", "pink", "shaped"):
        values = [each.controls[name] for each in found.values()]
        axis.plot(places, values, "o", color=NOISES[name], markersize=5, markeredgecolor="black", label=f"{name} noise")
    axis.plot(places, [each.wrong_ratio for each in found.values()], "x", color="black", label="other categories")
    for level, style in ((1.0, ":"), (TEXTURE_MEDIAN, "--"), (TEXTURE_WORST, "-")):
        axis.axhline(level, color="red", linewidth=0.8, linestyle=style)
    _finish(axis, list(found), "texture ratio: 1 is as near as recordings are to each other (pale: weak or not judged)")
    axis.set_ylim(0, 6)
    return figure


def tagger_figure(found: Mapping[str, tagger.Verdict]) -> Figure:
    """Scores of renders, of recordings and of noise."""
    figure, axis = _one(len(found))
    places = np.arange(len(found))
    axis.bar(places - 0.2, [each.render for each in found.values()], 0.4, color=OURS, label="renders")
    axis.bar(places + 0.2, [each.recording for each in found.values()], 0.4, color=REAL, label="recordings")
    for name, colour in NOISES.items():
        values = [each.noises[name] for each in found.values()]
        axis.plot(places, values, "o", color=colour, markersize=5, markeredgecolor="black", label=f"{name} noise")
    _finish(axis, list(found), "the tagger's score for the category")
    axis.set_ylim(0, 1)
    return figure


def control_figure(found: Mapping[str, control.Control]) -> Figure:
    """Level, and events a second, over each voice's main control; a point a seed."""
    columns = 6
    rows = -(-len(found) // columns)
    figure = _figure(2.4 * columns, 1.7 * rows)
    for index, (voice, each) in enumerate(found.items()):
        axis = figure.add_subplot(rows, columns, index + 1)
        settings = np.arange(len(each.level_db))
        axis.plot(settings, np.where(np.isfinite(each.level_db), each.level_db, np.nan), ".", color=OURS, markersize=3)
        axis.set_title(f"{voice}: {each.level:.2f}" + (f" / {each.rate:.2f}" if each.has_events else ""), fontsize=8)
        axis.tick_params(labelsize=6)
        axis.set_xticks([])
        if each.has_events:
            twin = axis.twinx()
            twin.plot(settings, each.events_hz.mean(axis=1), "-", color="#ff7f0e", linewidth=1)
            twin.set_yscale("symlog", linthresh=0.1)
            twin.tick_params(labelsize=6)
    figure.suptitle("level in dB(A) (dots) and events a second (line) over each voice's main control", fontsize=9)
    figure.tight_layout()
    return figure


def loudness_figure(found: Mapping[str, meters.Meters]) -> Figure:
    """Integrated loudness of every scene."""
    figure, axis = _one(len(found))
    for place, each in enumerate(found.values()):
        values = [reading.lufs for reading in each.scenes.values()]
        axis.plot([place] * len(values), values, "o-", color=OURS, markersize=4, linewidth=1)
    _finish(axis, list(found), "loudness of each scene, LUFS")
    axis.grid(axis="y", linewidth=0.3)
    return figure


def transitions_figure(found: Mapping[str, transitions.Transition]) -> Figure:
    """Level over time against what the world asks for."""
    figure = _figure(14.0, 1.9 * -(-len(found) // 3))
    for index, (name, each) in enumerate(found.items()):
        axis = figure.add_subplot(-(-len(found) // 3), 3, index + 1)
        axis.plot(each.at_s, each.level_db, color=OURS, linewidth=1, label="heard")
        axis.plot(each.at_s, each.asked_db, color="red", linewidth=1, linestyle="--", label="asked for")
        axis.set_title(f"{name}: +{each.above_db:.1f} −{each.below_db:.1f} dB", fontsize=8)
        axis.tick_params(labelsize=6)
    figure.axes[0].legend(fontsize=6)
    figure.tight_layout()
    return figure


def pictures_figure(found: Mapping[str, pictures.Pictures]) -> Figure:
    """Render above recording, ten seconds each, 50 Hz … 16 kHz, a category a column."""
    columns = min(6, len(found))
    rows = -(-len(found) // columns)
    figure = _figure(2.6 * columns, 2.9 * rows)
    for index, (name, each) in enumerate(found.items()):
        for half, (levels, what) in enumerate(((each.render, each.render_name), (each.recording, each.recording_name))):
            row = 2 * (index // columns) + half
            axis = figure.add_subplot(2 * rows, columns, row * columns + index % columns + 1)
            top = float(np.percentile(levels, 99.7))
            axis.imshow(levels, origin="lower", aspect="auto", cmap="magma", vmin=top - RANGE_DB, vmax=top)
            axis.set_title(f"{name}: {what}" if half == 0 else f"recording {what[-34:]}", fontsize=6, pad=2)
            axis.set_xticks([])
            axis.set_yticks([])
    figure.tight_layout(pad=0.4)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Writes a PNG of few colours. OSError where it cannot be written."""
    FigureCanvasAgg(figure)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=80)
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _figure(width: float, height: float) -> Figure:
    return Figure(figsize=(width, height))


def _one(count: int) -> tuple[Figure, Any]:
    figure = _figure(max(6.0, 0.55 * count + 2.0), 3.6)
    return figure, figure.add_subplot()


def _finish(axis: Any, names: Sequence[str], title: str) -> None:
    axis.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=8)
    axis.set_title(title, fontsize=9)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(fontsize=6, ncols=3)
    axis.figure.tight_layout()
