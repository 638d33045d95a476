"""The picture of a stretch of ambience: spectrogram, loudness, scene parameters, world events; one time axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.analysis.loudness import short_term_lufs
from ambiome_middleware.analysis.spectrum import log_spectrogram_db
from ambiome_middleware.tokens import COLUMN, SAMPLE_RATE_HZ, SCENE

MarkKind = Literal["place", "weather", "event", "time"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened in the world at `at_s`; without a label it is a tick only."""

    at_s: float
    label: str
    kind: MarkKind = "event"


PAPER: Final = "#0b0f14"
INK: Final = "#dfe7ee"
FAINT: Final = "#8494a3"
GRID: Final = "#1e2833"

MARK_COLOURS: Final[Mapping[MarkKind, str]] = {
    "place": "#c9a6ff",
    "weather": "#6db8ff",
    "event": "#ffd866",
    "time": "#ff9e64",
}

LANES: Final[Mapping[str, tuple[str, str]]] = {
    "rain_mm_h": ("rain", "#4aa3ff"),
    "wind_m_s": ("wind", "#7fd4d9"),
    "stream_level": ("stream", "#3f8fe0"),
    "river_level": ("river", "#3f8fe0"),
    "surf_height_m": ("surf", "#3f8fe0"),
    "drips_per_s": ("drips", "#5bb8d4"),
    "fire_level": ("fire", "#ff7a59"),
    "birds_activity": ("songbirds", "#a5d86e"),
    "crickets_level": ("crickets", "#8cc152"),
    "cicadas_level": ("cicadas", "#8cc152"),
    "frogs_activity": ("frogs", "#58b368"),
    "owl_activity": ("owls", "#58b368"),
    "traffic_per_min": ("traffic", "#f2a65a"),
    "crowd_people": ("crowd", "#f2a65a"),
    "room_level": ("room tone", "#d08c60"),
    "outdoor": ("outside heard", "#b39ddb"),
    "rt60_s": ("reverberation", "#b39ddb"),
}
"""The parameters that may have a lane, top to bottom: what it is called and its colour."""

LABEL_LANES: Final = 4
_LABEL_SHARE: Final = 0.0064
"""Width of a character of a label as a share of the time axis."""


def draw(
    path: Path,
    audio: Audio,
    traces: Mapping[str, npt.NDArray[np.float64]],
    trace_times_s: npt.NDArray[np.float64],
    marks: Sequence[Mark],
    *,
    title: str,
    subtitle: str = "",
) -> None:
    """Draws the picture as PNG. `audio` [C, n] at 48 kHz from time 0; `traces` scene parameters by name, each [t].

    A parameter has a lane if it is one of `LANES` and it moved or was up; its height is its place on its curve.
    Raises ValueError for audio shorter than 0.1 s, or a trace whose length is not that of `trace_times_s`.
    """
    check_audio(audio, SAMPLE_RATE_HZ // 10)
    for name, values in traces.items():
        if len(values) != len(trace_times_s):
            raise ValueError(f"trace {name} has {len(values)} values for {len(trace_times_s)} times")
    lanes = [(name, positions(name, traces[name])) for name in LANES if name in traces]
    lanes = [(name, heights) for name, heights in lanes if len(heights) and heights.max() > 0.02]
    end_s = audio.shape[1] / SAMPLE_RATE_HZ
    rows = [0.95, 4.6, 0.9, *[0.44] * len(lanes)]
    figure = Figure(figsize=(16, 1.25 + sum(rows) * 1.06), dpi=110, facecolor=PAPER)
    FigureCanvasAgg(figure)
    height_in = figure.get_size_inches()[1]
    axes = figure.subplots(
        len(rows), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": rows, "hspace": 0.06}
    )[:, 0]
    figure.subplots_adjust(left=0.105, right=0.925, top=1 - 0.78 / height_in, bottom=0.42 / height_in)
    figure.text(0.105, 1 - 0.34 / height_in, title, color=INK, fontsize=17, fontweight="bold", va="center")
    figure.text(0.105, 1 - 0.62 / height_in, subtitle, color=FAINT, fontsize=10.5, va="center")
    for axis in axes:
        _plain(axis)
    axes[0].set_xlim(0, end_s)
    _draw_marks(axes, marks, end_s)
    _draw_spectrogram(axes[1], audio, end_s)
    _draw_loudness(axes[2], audio, end_s)
    for axis, (name, heights) in zip(axes[3:], lanes, strict=True):
        _draw_lane(axis, name, heights, traces[name], trace_times_s)
    bottom = axes[-1]
    bottom.tick_params(axis="x", bottom=True, labelbottom=True, colors=FAINT, labelsize=10)
    bottom.xaxis.set_major_locator(MaxNLocator(12, steps=[1, 1.5, 2, 3, 6, 10]))
    bottom.xaxis.set_major_formatter(FuncFormatter(lambda second, _: f"{int(second // 60)}:{second % 60:02.0f}"))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, facecolor=PAPER)


def positions(name: str, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Where values of a scene parameter stand on its curve, 0 at its first level and 1 at its last. [t] -> [t]."""
    parameter = SCENE[COLUMN[name]]
    return np.array([parameter.quantise(float(value)) for value in values]) / (parameter.levels - 1)


def place_labels(marks: Sequence[Mark], end_s: float) -> list[tuple[Mark, int]]:
    """The marks whose labels have room, each with a lane 0 … LABEL_LANES−1 in which it overlaps no other.

    Places come first, then the rest in order of time; a label that finds no room is left out (its tick stays).
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LABEL_LANES)]
    placed: list[tuple[Mark, int]] = []
    for mark in sorted((m for m in marks if m.label), key=lambda m: (m.kind != "place", m.at_s)):
        width = (len(mark.label) + 2) * _LABEL_SHARE * end_s
        start, stop = mark.at_s, mark.at_s + width
        if start < 0 or stop > end_s * 1.07:
            continue
        for lane, spans in enumerate(taken):
            if all(stop <= low or start >= high for low, high in spans):
                spans.append((start, stop))
                placed.append((mark, lane))
                break
    return placed


def _plain(axis: Any) -> None:
    axis.set_facecolor(PAPER)
    axis.tick_params(bottom=False, labelbottom=False, left=False, labelleft=False, colors=FAINT)
    for spine in axis.spines.values():
        spine.set_visible(False)


def _draw_marks(axes: Any, marks: Sequence[Mark], end_s: float) -> None:
    strip = axes[0]
    strip.set_ylim(0, LABEL_LANES)
    for mark in marks:
        if not 0 <= mark.at_s <= end_s:
            continue
        colour = MARK_COLOURS[mark.kind]
        strip.plot([mark.at_s], [0.08], marker="v", markersize=5, color=colour, clip_on=False, zorder=3)
        strong = mark.kind == "place"
        for axis in axes[1:]:
            axis.axvline(mark.at_s, color=colour, linewidth=0.9, alpha=0.55 if strong else 0.22, zorder=2)
    for mark, lane in place_labels(marks, end_s):
        colour, height = MARK_COLOURS[mark.kind], lane + 0.62
        strip.plot([mark.at_s, mark.at_s], [0.08, height + 0.25], color=colour, linewidth=0.9, alpha=0.7)
        strip.text(
            mark.at_s, height, f" {mark.label}", color=colour, fontsize=9.5, va="center",
            fontweight="bold" if mark.kind == "place" else "normal", clip_on=False,
        )  # fmt: skip


def _draw_spectrogram(axis: Any, audio: Audio, end_s: float) -> None:
    hz, picture = log_spectrogram_db(audio, bands=320, columns=1_450)
    picture = picture + 10 * np.log10(hz / 1_000)[:, None]
    top = float(np.percentile(picture, 99.8))
    image = axis.imshow(
        picture, origin="lower", aspect="auto", cmap="magma", vmin=top - 62, vmax=top + 2, interpolation="bilinear",
        extent=(0, end_s, np.log10(hz[0]), np.log10(hz[-1])),
    )  # fmt: skip
    ticks = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
    axis.set_yticks(np.log10(ticks), [f"{t // 1000} kHz" if t >= 1_000 else f"{t} Hz" for t in ticks])
    axis.tick_params(left=True, labelleft=True, labelsize=9)
    box = axis.get_position()
    bar = axis.figure.add_axes((box.x1 + 0.008, box.y0, 0.008, box.height))
    scale = axis.figure.colorbar(image, cax=bar)
    bar.tick_params(colors=FAINT, labelsize=8)
    bar.set_title("dB/oct", color=FAINT, fontsize=8, loc="left", pad=4)
    scale.outline.set_visible(False)


def _draw_loudness(axis: Any, audio: Audio, end_s: float) -> None:
    loudness = np.maximum(short_term_lufs(audio, window_s=1.0), -70.0)
    times = np.minimum(np.arange(len(loudness)) * 0.1, end_s)
    low = max(float(loudness.min()), float(loudness.max()) - 40) - 2
    axis.set_ylim(low, float(loudness.max()) + 2)
    axis.fill_between(times, low, loudness, color="#e8eef4", alpha=0.18, linewidth=0)
    axis.plot(times, loudness, color="#e8eef4", linewidth=1.1)
    axis.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    axis.tick_params(left=True, labelleft=True, labelsize=8.5)
    axis.grid(axis="y", color=GRID, linewidth=0.8)
    _name(axis, "loudness", "#e8eef4", "LUFS, 1 s", offset=-0.045)


def _draw_lane(
    axis: Any,
    name: str,
    heights: npt.NDArray[np.float64],
    values: npt.NDArray[np.float64],
    times_s: npt.NDArray[np.float64],
) -> None:
    label, colour = LANES[name]
    parameter = SCENE[COLUMN[name]]
    axis.set_ylim(0, max(1.05 * float(heights.max()), 0.1))
    axis.axhline(0, color=GRID, linewidth=1.2)
    axis.fill_between(times_s, 0, heights, color=colour, alpha=0.42, linewidth=0)
    axis.plot(times_s, heights, color=colour, linewidth=1.0)
    _name(axis, label, colour, f"max {_short(float(values.max()))} {parameter.unit}".rstrip())


def _name(axis: Any, label: str, colour: str, note: str, offset: float = -0.006) -> None:
    axis.text(offset, 0.45, label, transform=axis.transAxes, ha="right", va="center", color=colour, fontsize=10.5)
    axis.text(1.006, 0.45, note, transform=axis.transAxes, ha="left", va="center", color=FAINT, fontsize=8.5)


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}" if abs(value) < 10 else f"{value:.1f}"
