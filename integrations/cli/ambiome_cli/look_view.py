"""A server at a moment as a picture in a terminal: a line, a table of workers, one of sessions, as there is room.

Where there is little, bars are shorter, then columns go, the least wanted first; a row stays one line.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from ambiome_protocol.steps import STEPS_PER_S

from ambiome_cli.looks import Look, Rates

BARS: Final = (20, 10, 5, 0)
SILENCE_LUFS: Final = -60.0
BETWEEN: Final = 3
"""What stands between two columns, in characters."""
LEAST_SCENE: Final = 16
"""A scene of which less could be read is left out."""
ZONE_CHARS: Final = 20
OF_WORKERS: Final = ("LUFS", "batch", "owed", "quality", "misses", "free")
"""Columns that go where there is no room, the first first."""
OF_SESSIONS: Final = ("layout", "renderer", "scene", "zone", "worker", "pace")
LEFT: Final = ("busy", "zone", "pace", "layout", "renderer", "scene")
"""Columns of text; the others are of numbers."""
Row = dict[str, str]


def view(url: str, look: Look, rates: Rates, width: int, height: int | None = None, trouble: str = "") -> Any:
    """The whole picture, no wider than `width`, no higher than `height` lines where that is given. `trouble`: what
    keeps it from being newer.
    """
    from rich.console import Console, Group
    from rich.text import Text

    state = trouble or ", ".join(look.sick) or "well"
    line = Text.assemble(
        f"{url}  ", (state, "bold red" if trouble or look.sick else "bold green"),
        f"  {look.of('sessions', 'attached'):.0f} attached, {look.of('sessions', 'detached'):.0f} detached,"
        f" {look.of('zone_members'):.0f} in {look.of('zones'):.0f} zones,"
        f" {_number(rates.rate('frames_sent_total'))} frames/s,"
        f" front {look.of('front_busy_ratio'):.0%} busy,"
        f" {look.of('client_underruns_total'):.0f} underruns",
    )  # fmt: skip
    workers = [_worker(look, rates, worker) for worker in look.workers()]
    top = Group(line, Text(), _table(fitted(workers, OF_WORKERS, width)), Text())
    shown = look.sessions
    if height is not None:
        lines = len(Console(width=width).render_lines(top, pad=False))
        shown = shown[: max(1, height - lines - 3)]
    parts = [top, _table(fitted([_session(each) for each in shown], OF_SESSIONS, width))]
    if look.count > len(shown):
        parts.append(Text(f"… and {look.count - len(shown)} more"))
    return Group(*parts)


def fitted(rows: Sequence[Callable[[int], Row]], dispensable: Sequence[str], width: int) -> list[Row]:
    """Rows, each of them made for a length of its bars, so that all fit: with shorter bars, with fewer columns."""
    made: list[Row] = []
    for bar in BARS:
        made = [row(bar) for row in rows]
        if _width(made) <= width:
            return made
    for name in dispensable:
        without = [{heading: cell for heading, cell in row.items() if heading != name} for row in made]
        left = width - _width(without) - BETWEEN
        if name == "scene" and left >= LEAST_SCENE:
            return [row | {name: _cut(row[name], left)} for row in made]
        made = without
        if _width(made) <= width:
            return made
    return made


def _width(rows: Sequence[Row]) -> int:
    widths = [max(len(name), *(len(row[name]) for row in rows)) for name in rows[0]] if rows else []
    return sum(widths) + BETWEEN * (len(widths) - 1)


def _table(rows: Sequence[Row]) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name, justify="left" if name in LEFT else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row.values()))
    return table


def _worker(look: Look, rates: Rates, worker: str) -> Callable[[int], Row]:
    def row(bar: int) -> Row:
        busy = look.of("busy_ratio", worker)
        return {
            "worker": worker,
            "busy": f"{_bar(busy, bar)}{busy:4.0%}",
            "live": f"{look.of('live_sessions', worker):.0f}",
            "free": f"{look.of('free_sessions', worker):.0f}",
            "owed": f"{look.of('owed_steps', worker):.0f}",
            "steps/s": _number(rates.rate("render_steps_total", worker)),
            "batch": _number(rates.ratio("render_requests_total", "render_turns_total", worker), 1),
            "misses": f"{look.of('deadline_misses_total', worker):.0f}",
            "quality": f"{look.of('quality', worker):.0f}",
            "LUFS": f"{look.of('loudness_lufs', worker):.0f}",
        }

    return row


def _session(told: dict[str, Any]) -> Callable[[int], Row]:
    def row(bar: int) -> Row:
        loudness = float(told["loudness_lufs"])
        return {
            "session": str(told["session"]),
            "worker": str(told["worker"]),
            "zone": _zone(told),
            "pace": told["pace"],
            "layout": told["layout"],
            "renderer": told["renderer"],
            "at": f"{told['step'] / STEPS_PER_S:.1f} s",
            "held": f"{told['held_steps'] * 1_000 // STEPS_PER_S} ms",
            "LUFS": f"{_bar(1.0 - loudness / SILENCE_LUFS, bar)}{loudness:4.0f}",
            "scene": "  ".join(f"{name} {share:.0%}" for name, share in told["scene"].items()),
        }

    return row


def _zone(told: dict[str, Any]) -> str:
    return f"{_cut(told['zone'], ZONE_CHARS)}, {told['members']} members" if "zone" in told else ""


def _number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars - 1]}…"


def _bar(share: float, chars: int) -> str:
    full = round(chars * min(max(share, 0.0), 1.0))
    return "█" * full + "·" * (chars - full) + " " * (chars > 0)
