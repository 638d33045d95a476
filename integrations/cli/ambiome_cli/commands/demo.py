"""`ambiome demo`: a real server, a simulated day that drives it over ZeroMQ, a sound file and a picture."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import msgspec
import typer
from ambiome_client import Ambience
from ambiome_protocol.limits import MAX_SEED
from ambiome_protocol.messages import SceneReport
from ambiome_protocol.steps import STEP_SAMPLES, seconds_at, step_at

from ambiome_cli.choices import Device
from ambiome_cli.exits import require
from ambiome_cli.inputs import make_folder, writing
from ambiome_cli.local_server import local_server
from ambiome_cli.measured import Measured, measure
from ambiome_cli.progress import note, progress
from ambiome_cli.tables import print_table
from ambiome_cli.wav import WavFormat, WavWriter

if TYPE_CHECKING:
    from ambiome_middleware.analysis.picture import MarkKind
    from ambiome_protocol.audio import Samples
    from ambiome_sim import Scenario, WorldEvent

REPORTS_HZ: Final = 5.0
DEMO_SEED: Final = 7
KINDS: Final[dict[str, "MarkKind"]] = {
    "lightning": "event",
    "branch": "event",
    "fish": "event",
    "front": "weather",
    "shower": "weather",
    "lull": "weather",
    "clears": "weather",
    "sunrise": "time",
    "sunset": "time",
    "night": "time",
}
"""Words in what the simulation notes, and what the picture takes them for. Everything else is a place."""


@dataclass(slots=True)
class Day:
    """What came of a simulated day: its sound float32 [channels, n], and what was heard and seen of it on the way."""

    audio: "Samples"
    events: "Sequence[WorldEvent]"
    reports: list[SceneReport]
    changes: int
    took_s: float


def demo(
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for demo.wav and demo.png.")] = Path("out"),
    seconds: Annotated[
        float | None, typer.Option(min=5, max=1_800, help="Length of the day. \\[default: three minutes]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Decides what is left to chance.")] = DEMO_SEED,
    workers: Annotated[int | None, typer.Option(min=1, help="Render processes. \\[default: as serve has it]")] = None,
    device: Annotated[Device, typer.Option(help="What renders.")] = Device.AUTO,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Let a simulated day drive a server: dawn in a forest, a storm, a lake at dusk, a cave, a city street.

    Writes the sound and a picture of it, and says what was measured.
    """
    require("server", "sim")
    from ambiome_sim import demo_day

    scenario = demo_day(seed) if seconds is None else demo_day(seed, seconds)
    make_folder(out)
    wav, picture = out / "demo.wav", out / "demo.png"
    with writing(str(wav)) as stream:
        note("starting a server")
        with local_server(workers, device.value) as server:
            day = _live(scenario, server.address, stream)
        note("measuring and drawing")
        measured = measure(
            day.audio, took_s=day.took_s, workers=server.described, seed=seed, changes=day.changes,
            world_events=len(day.events), wav=wav, picture=picture,
        )  # fmt: skip
    _draw(day, measured)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(measured.as_json())).decode())
    else:
        print_table("", ("measured", ""), measured.rows())


def _live(scenario: "Scenario", address: str, stream: BinaryIO) -> Day:
    """Let a world drive a session, and write its sound as it comes."""
    import numpy as np
    from ambiome_sim import drive

    reports: list[SceneReport] = []
    frames: list[Samples] = []
    with (
        progress("a simulated day") as show,
        Ambience(
            address, pace="free", seed=scenario.seed, telemetry_hz=REPORTS_HZ, on_telemetry=reports.append
        ) as ambience,
    ):
        wav = WavWriter(stream, ambience.layout, step_at(scenario.seconds) * STEP_SAMPLES, WavFormat.PCM24)
        began_s = time.perf_counter()
        course = drive(scenario, ambience, show)
        for frame in course:
            frames.append(frame)
            wav.write(frame)
        took_s = time.perf_counter() - began_s
    wav.close()
    return Day(np.concatenate(frames, axis=1), course.events, reports, len(course.score), took_s)


def _draw(day: Day, measured: Measured) -> None:
    import numpy as np
    from ambiome_middleware.analysis.picture import Mark, draw

    times_s = np.array([seconds_at(report.step) for report in day.reports])
    names = day.reports[0].values if day.reports else {}
    traces = {name: np.array([report.values[name] for report in day.reports]) for name in names}
    marks = [Mark(event.at_s, event.label, kind_of(event.label)) for event in day.events]
    subtitle = (
        f"{measured.length_s:g} s · seed {measured.seed} · {measured.speed:.1f} × real time · "
        f"{measured.loudness_lufs:.1f} LUFS · {measured.true_peak_dbtp:.1f} dBTP"
    ).replace("-", "−")
    draw(Path(measured.picture), day.audio, traces, times_s, marks, title="Ambiome: a simulated day", subtitle=subtitle)


def kind_of(label: str) -> "MarkKind":
    """What kind of mark the picture makes of what the simulation notes."""
    return next((kind for word, kind in KINDS.items() if word in label), "place")
