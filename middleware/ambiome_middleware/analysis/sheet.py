"""Voice sheets: every voice at 10, 50 and 90 % of its main control, as spectrograms, for the eye that judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy.signal import spectrogram

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.mel import hz_of, mel_of
from ambiome_middleware.analysis.onsets import onset_rate_hz
from ambiome_middleware.analysis.spectrum import a_level_db, centroid_hz
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.levels import FULL_SCALE_DBA
from ambiome_middleware.tokens import (
    COLUMN,
    EVENT,
    EVENT_KIND_NAMES,
    EVENTS_AT,
    LOOKBACK_STEPS,
    ROW_WIDTH,
    SAMPLE_RATE_HZ,
    SCENE,
    STEPS_PER_S,
    Row,
    silent_row,
)

SHARES: Final = (0.1, 0.5, 0.9)
MASTER_DB: Final = -24.0
"""Sheets are drawn at nature's own dynamics, turned down so that the limiter stays out of the picture."""

SILENCE_DB: Final = -130.0
"""Power density (dB re full scale squared per Hz) under which a panel stays dark."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a voice is shown: its main control (a scene column), and what else is set.

    `event` names an event kind that is heard once instead; then `low` … `high` (metres, geometric) is its distance from
    0 to 100 % of the control.
    """

    control: str
    others: Mapping[str, float] = field(default_factory=dict)
    event: str = ""
    low: float = 0.0
    high: float = 0.0
    seconds: float = 12.0


SHEETS: Final[Mapping[str, Sheet]] = {
    "rain": Sheet("rain_mm_h", {"rain_leaves": 0.5, "rain_ground": 0.35, "rain_water": 0.15, "rain_drop_mm": 1.4}),
    "wind": Sheet("wind_m_s", {"wind_trees": 0.6, "wind_whistle": 0.4, "wind_turbulence": 0.4}),
    "thunder": Sheet("distance_m", {"thunder_roll": 0.3}, "thunder", 20_000.0, 50.0),
    "stream": Sheet("stream_level"),
    "river": Sheet("river_level"),
    "surf": Sheet("surf_height_m", {"surf_distance_m": 30.0, "surf_break": 0.3, "surf_wash": 0.4}, seconds=30.0),
    "fire": Sheet("fire_level"),
    "birds": Sheet("birds_activity", {"birds_variety": 0.8}),
    "crickets": Sheet("crickets_level"),
    "cicadas": Sheet("cicadas_level"),
    "frogs": Sheet("frogs_activity"),
    "owl": Sheet("owl_activity", seconds=30.0),
    "traffic": Sheet("traffic_per_min", {"traffic_wet": 0.2}, seconds=30.0),
    "crowd": Sheet("crowd_people", {"crowd_distance_m": 6.0}),
    "room": Sheet("room_level", {"room_hum": 0.5}),
    "drips": Sheet("drips_per_s"),
    "snow": Sheet("snow_mm_h"),
    "hail": Sheet("hail_mm_h", {"rain_leaves": 0.4, "rain_ground": 0.4, "rain_water": 0.2}),
    "swamp": Sheet("swamp_level"),
    "shore": Sheet("shore_height_m"),
    "cafe": Sheet("cafe_level"),
    "machinery": Sheet("machinery_level"),
    "wolf": Sheet("wolf_activity", {"wolf_distance_m": 300.0}, seconds=30.0),
    "loon": Sheet("loon_activity", {"loon_distance_m": 200.0}, seconds=30.0),
    "livestock": Sheet("livestock_activity", {"livestock_distance_m": 60.0}, seconds=30.0),
}


def level_at(control: str, share: float) -> int:
    """The token that stands `share` (0 … 1) of the way up a scene column, 0 of a `log0` column left out."""
    parameter = SCENE[COLUMN[control]]
    first = 1 if parameter.curve in ("log0", "db0") else 0
    return first + round(share * (parameter.levels - 1 - first))


def token_rows(sheet: Sheet, share: float, seconds: float) -> npt.NDArray[np.int16]:
    """The token frames of a sheet at `share` of its control, int16 [LOOKBACK_STEPS + n, ROW_WIDTH]."""
    row = silent_row()
    for name, value in {"dynamics": 1.0, "master_db": MASTER_DB, **sheet.others}.items():
        row[COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    if not sheet.event:
        row[COLUMN[sheet.control]] = level_at(sheet.control, share)
    rows = np.empty((LOOKBACK_STEPS + round(seconds * STEPS_PER_S), ROW_WIDTH), np.int16)
    rows[:] = row
    if sheet.event:
        distance_m = sheet.low * (sheet.high / sheet.low) ** share
        rows[LOOKBACK_STEPS + 10] = _with_event(row, sheet.event, distance_m)
    return rows


def rows_as_played(sheet: Sheet, share: float, seconds: float) -> npt.NDArray[np.int16]:
    """As `token_rows`, with the dynamics that a game has where it says nothing, and not turned down."""
    rows = token_rows(sheet, share, seconds)
    for name, value in (("master_db", 0.0), ("dynamics", SCENE[COLUMN["dynamics"]].default)):
        rows[:, COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    return rows


def _with_event(row: Row, kind: str, distance_m: float) -> Row:
    heard = row.copy()
    values = {"kind": EVENT_KIND_NAMES.index(kind), "id": 7, "distance_m": distance_m}
    for index, parameter in enumerate(EVENT):
        heard[EVENTS_AT + index] = parameter.quantise(values.get(parameter.name, parameter.default))
    return heard


def shown_value(sheet: Sheet, share: float) -> str:
    """The control's value at `share` of it, with its unit."""
    if sheet.event:
        return f"{sheet.low * (sheet.high / sheet.low) ** share:,.0f} m"
    parameter = SCENE[COLUMN[sheet.control]]
    return f"{parameter.values()[level_at(sheet.control, share)]:.3g} {parameter.unit}"


def draw_sheets(folder: Path, *, device: str = "auto", seed: int = 1) -> list[Path]:
    """Draws one PNG a voice into `folder` (made where missing); returns their paths.

    Each panel is a spectrogram to 16 kHz on the mel scale over 60 dB, titled with the control's value, the level as
    dB(A) in the world, onsets a second and the centroid. Raises OSError where a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    renderer = Renderer(device)
    paths = []
    for voice, sheet in SHEETS.items():
        requests = [Request(seed, "stereo", 0, token_rows(sheet, share, sheet.seconds)) for share in SHARES]
        panels = dict(zip(SHARES, renderer.render(requests), strict=True))
        path = folder / f"{voice}.png"
        _draw(path, voice, sheet, panels)
        paths.append(path)
    return paths


def world_level_db(audio: Audio) -> float:
    """dB(A) in the world that stereo sound [2, n] rendered at `MASTER_DB` and natural dynamics stands for."""
    return a_level_db(audio) + 10.0 * float(np.log10(len(audio))) + FULL_SCALE_DBA - MASTER_DB


def _draw(path: Path, voice: str, sheet: Sheet, panels: Mapping[float, Audio]) -> None:
    figure = Figure(figsize=(16, 4.6), dpi=80)
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, len(panels), sharey=True)
    for axis, (share, audio) in zip(axes, panels.items(), strict=True):
        draw_mel(axis, audio)
        level = world_level_db(audio)
        axis.set_title(
            f"{share:.0%}: {shown_value(sheet, share)}\n{level:.0f} dB(A), {onset_rate_hz(audio):.0f} onsets/s, "
            f"centroid {centroid_hz(audio):,.0f} Hz",
            fontsize=10,
        )
        axis.set_xlabel("s")
    figure.suptitle(f"{voice} by {sheet.control}", fontsize=12)
    figure.tight_layout()
    figure.savefig(path)


def draw_mel(axis: Any, audio: Audio, range_db: float = 60.0) -> None:
    """A spectrogram of `audio` [C, n] into matplotlib axes: windows of 21 ms, mel scale, 30 Hz … 16 kHz."""
    hz, times_s, power = spectrogram(
        np.asarray(audio, np.float64), SAMPLE_RATE_HZ, nperseg=1_024, noverlap=768, mode="psd", axis=-1
    )
    centres = hz_of(np.linspace(mel_of(30.0), mel_of(16_000.0), 160))
    picture = np.stack([np.interp(centres, hz, column) for column in power.mean(axis=0).T], axis=1)
    columns = min(900, picture.shape[1])
    edges = np.linspace(0, picture.shape[1], columns + 1).astype(int)[:-1]
    level_db = 10.0 * np.log10(np.maximum.reduceat(picture, edges, axis=1) + 1e-20)
    top = max(float(np.percentile(level_db, 99.8)), SILENCE_DB)
    axis.imshow(
        level_db,
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=top - range_db,
        vmax=top,
        extent=(0.0, times_s[-1], mel_of(30.0), mel_of(16_000.0)),
    )
    ticks = (100, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)
    axis.set_yticks([mel_of(tick) for tick in ticks], [f"{tick:,}" for tick in ticks])
