"""`ambiome explain`: why a score sounds as it does at a moment."""

import sys
from typing import Annotated

import msgspec
import typer
from ambiome_protocol.messages import UNSET, Reason
from ambiome_protocol.steps import seconds_at, step_at

from ambiome_cli.inputs import end_of, parse_score, read_bytes

SETTLE_S = 10.0


def explain(
    score: Annotated[str, typer.Argument(help="A score (JSON Lines); - is standard input.")],
    at: Annotated[
        float | None, typer.Option(min=0, help="Moment in seconds. [default: 10 s after the last line]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides what is left to chance.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Say which parameters are up at a moment of a score, to what target, and by which rule."""
    changes = parse_score(read_bytes(score), score)
    moment = end_of(changes) + SETTLE_S if at is None else at
    step = step_at(moment)
    from ambiome_middleware import scene

    state = scene.initial_state(seed)
    for change in changes:
        scene.check(change)
    waiting = list(changes)
    for now in range(step + 1):
        due = []
        while waiting and (waiting[0].at is UNSET or step_at(waiting[0].at) <= now):
            due.append(waiting.pop(0))
        state, _ = scene.advance(state, due, now)
    reasons = scene.explain(state)
    if as_json:
        answer = {"at": seconds_at(step), "step": step, "reasons": [msgspec.to_builtins(reason) for reason in reasons]}
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(answer)).decode() + "\n")
    else:
        _print(reasons, seconds_at(step))


def _print(reasons: tuple[Reason, ...], at_s: float) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"at {at_s:g} s", title_justify="left", show_edge=False, pad_edge=False)
    for heading in ("parameter", "is", "moves to", "rule", "because"):
        table.add_column(heading, justify="right" if heading in ("is", "moves to") else "left")
    for reason in reasons:
        table.add_row(reason.parameter, f"{reason.value:.3g}", f"{reason.target:.3g}", reason.rule, reason.because)
    Console().print(table if reasons else f"at {at_s:g} s nothing is up")
