"""`ambiome explain`: why a score sounds as it does at a moment."""

from collections import defaultdict
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from ambiome_protocol.limits import MAX_SEED
from ambiome_protocol.lists import VOICES
from ambiome_protocol.messages import UNSET, Change, Reason
from ambiome_protocol.score import told
from ambiome_protocol.steps import seconds_at, step_at

from ambiome_cli.choices import BiomeFolder
from ambiome_cli.inputs import end_of, parse_score, read_biomes, read_bytes
from ambiome_cli.tables import print_table

if TYPE_CHECKING:
    from ambiome_middleware.scene import Biomes

SETTLE_S = 10.0


def explain(
    score: Annotated[str, typer.Argument(metavar="SCORE", help="A score (JSON Lines) or preset:NAME; - is stdin.")],
    at: Annotated[
        float | None, typer.Option(min=0, max=86_400, help="Moment in seconds. \\[default: 10 s after the last line]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Decides what is left to chance.")] = 0,
    biomes: BiomeFolder = None,
    everything: Annotated[bool, typer.Option("--all", help="Name also what is not up.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Say which parameters are up at a moment of a score, to what target, and by which rule."""
    known = read_biomes(biomes)
    changes = told(parse_score(read_bytes(score), score, known))
    step = step_at(end_of(changes) + SETTLE_S if at is None else at)
    reasons = _reasons(changes, step, seed, known)
    shown = [reason for reason in reasons.values() if everything or is_up(reason, reasons)]
    if as_json:
        answer = {"at": seconds_at(step), "step": step, "reasons": [msgspec.to_builtins(reason) for reason in shown]}
        typer.echo(msgspec.json.format(msgspec.json.encode(answer)).decode())
        return
    rows = [(r.parameter, f"{r.value:.4g}", f"{r.target:.4g}", r.rule, r.because) for r in shown]
    headings = ("parameter", "is", "moves to", "rule", "because")
    print_table(f"at {seconds_at(step):g} s", headings, rows, numbers=headings[1:3])


def is_up(reason: Reason, reasons: dict[str, Reason]) -> bool:
    """Whether a parameter matters: it belongs to a voice that sounds or is about to, or it is not at its default."""
    from ambiome_middleware.tokens import COLUMN, SCENE

    if reason.parameter not in COLUMN:
        return reason.value != 0 or reason.target != 0
    voice = reason.parameter.partition("_")[0]
    if voice in VOICES and voice != "thunder":
        main = reasons[next(name for name in COLUMN if name.startswith(f"{voice}_"))]
        return main.value > 0 or main.target > 0
    default = SCENE[COLUMN[reason.parameter]].default
    return abs(reason.value - default) > 1e-6 or abs(reason.target - default) > 1e-6


def _reasons(changes: tuple[Change, ...], last_step: int, seed: int, biomes: "Biomes | None") -> dict[str, Reason]:
    """Every parameter's reason at a step, by the parameter's name."""
    from ambiome_middleware import scene

    due: defaultdict[int, list[Change]] = defaultdict(list)
    for change in changes:
        due[0 if change.at is UNSET else step_at(change.at)].append(change)
    state = scene.initial_state(seed)
    for step in range(last_step + 1):
        state, _ = scene.advance(state, due.get(step, ()), step, biomes)
    return {reason.parameter: reason for reason in scene.explain(state, biomes)}
