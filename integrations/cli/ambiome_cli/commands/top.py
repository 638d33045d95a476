"""`ambiome top`: a server at work, as it is now."""

import json
import time
from typing import Annotated, Any, Final
from urllib.error import URLError
from urllib.request import urlopen

import typer
from ambiome_protocol.steps import STEPS_PER_S

from ambiome_cli.exits import Exit, Problem, require

ASK_S: Final = 5.0
BAR_CHARS: Final = 20
SILENCE_LUFS: Final = -60.0
WORKER_COLUMNS: Final = (
    "worker", "busy", "live", "free", "owed steps", "steps/s", "a batch", "misses", "quality", "loudness",
)  # fmt: skip
Samples = dict[tuple[str, str], float]


def top(
    url: Annotated[str, typer.Argument(help="Where the server tells how it is (serve --metrics).")] = (
        "http://127.0.0.1:9571"
    ),
    every: Annotated[float, typer.Option(min=0.2, help="Seconds between two looks.")] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="Look once, and leave.")] = False,
) -> None:
    """Watch a server: its workers, its sessions, what sounds in them, and what their clients hold.

    Needs a server that was started with --metrics.
    """
    require("server")
    from rich.console import Console
    from rich.live import Live

    if once:
        Console().print(_view(url, *_look(url), {}, 1.0))
        return
    before: Samples = {}
    at_s = time.monotonic()
    with Live(screen=True, auto_refresh=False) as live:
        while True:
            samples, sessions, sick = _look(url)
            now_s = time.monotonic()
            live.update(_view(url, samples, sessions, sick, before, now_s - at_s), refresh=True)
            before, at_s = samples, now_s
            time.sleep(every)


def _look(url: str) -> tuple[Samples, list[dict[str, Any]], list[str]]:
    """Metrics by name and worker (or other label), sessions, and what is not well. Problem where nobody answers."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        samples = {
            (one.name, next(iter(one.labels.values()), "")): float(one.value)
            for family in text_string_to_metric_families(_asked(url, "/metrics"))
            for one in family.samples
        }
        return samples, json.loads(_asked(url, "/sessions")), json.loads(_asked(url, "/health"))["sick"]
    except (OSError, ValueError, KeyError) as error:
        reason = getattr(error, "reason", error)
        raise Problem(
            Exit.UNREACHABLE, f"{url} does not tell how a server is ({reason}): start it with --metrics PORT"
        ) from error


def _asked(url: str, path: str) -> str:
    try:
        with urlopen(url.rstrip("/") + path, timeout=ASK_S) as answer:
            return str(answer.read().decode())
    except URLError as error:
        if getattr(error, "code", None) == 503:  # sick, and says so
            return str(error.read().decode())  # type: ignore[attr-defined]
        raise


def _view(
    url: str, samples: Samples, sessions: list[dict[str, Any]], sick: list[str], before: Samples, past_s: float
) -> Any:
    """The whole picture; rates are those since `before`, `past_s` seconds ago."""
    from rich.console import Group
    from rich.text import Text

    def rate(name: str, worker: str = "") -> float:
        return (samples.get((name, worker), 0.0) - before.get((name, worker), 0.0)) / past_s if before else 0.0

    state = Text(", ".join(sick) or "well", style="bold red" if sick else "bold green")
    line = Text.assemble(
        f"{url}  ", state,
        f"  {samples.get(('ambiome_sessions', 'attached'), 0):.0f} attached,"
        f" {samples.get(('ambiome_sessions', 'detached'), 0):.0f} detached,"
        f" {samples.get(('ambiome_zone_members', ''), 0):.0f} in {samples.get(('ambiome_zones', ''), 0):.0f} zones,"
        f" {rate('ambiome_frames_sent_total'):.0f} frames/s,"
        f" front {samples.get(('ambiome_front_busy_ratio', ''), 0):.0%} busy,"
        f" {samples.get(('ambiome_client_underruns_total', ''), 0):.0f} underruns",
    )  # fmt: skip
    return Group(line, Text(), _workers(samples, rate), Text(), _sessions(sessions))


def _workers(samples: Samples, rate: Any) -> Any:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for heading in WORKER_COLUMNS:
        table.add_column(heading, justify="left" if heading == "busy" else "right")
    for worker in sorted(label for name, label in samples if name == "ambiome_busy_ratio"):

        def now(name: str, worker: str = worker) -> float:
            return samples.get((f"ambiome_{name}", worker), 0.0)

        busy = now("busy_ratio")
        table.add_row(
            worker, f"{_bar(busy)} {busy:4.0%}", f"{now('live_sessions'):.0f}", f"{now('free_sessions'):.0f}",
            f"{now('owed_steps'):.0f}", f"{rate('ambiome_render_steps_total', worker):.0f}",
            f"{now('render_requests_total') / max(now('render_turns_total'), 1.0):.1f}",
            f"{now('deadline_misses_total'):.0f}", f"{now('quality'):.0f}", f"{now('loudness_lufs'):.0f} LUFS",
        )  # fmt: skip
    return table


def _sessions(sessions: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for heading in ("session", "worker", "zone", "pace", "layout", "renderer", "at", "held", "LUFS", "scene"):
        table.add_column(heading, justify="right" if heading in ("session", "worker", "at", "held") else "left")
    for each in sessions:
        loudness = float(each["loudness_lufs"])
        scene = "  ".join(f"{name} {share:.0%}" for name, share in each["scene"].items())
        table.add_row(
            str(each["session"]), str(each["worker"]), _zone(each), each["pace"], each["layout"], each["renderer"],
            f"{each['step'] / STEPS_PER_S:.1f} s", f"{each['held_steps'] * 1_000 // STEPS_PER_S} ms",
            f"{_bar(1.0 - loudness / SILENCE_LUFS)} {loudness:.0f}", scene,
        )  # fmt: skip
    return table


def _zone(session: dict[str, Any]) -> str:
    return f"{session['zone']}, {session['members']} members" if "zone" in session else ""


def _bar(share: float) -> str:
    full = round(BAR_CHARS * min(max(share, 0.0), 1.0))
    return "█" * full + "·" * (BAR_CHARS - full)
