"""`ambiome evaluate`: how near the sound is to recordings, measured and written down."""

from pathlib import Path
from typing import Annotated, TypeVar

import typer

from ambiome_cli.choices import SOUNDS, Device, Sounds
from ambiome_cli.exits import Exit, Problem, require
from ambiome_cli.processor import processor
from ambiome_cli.progress import progress
from ambiome_cli.weights import Weights

MODELS = Path("../shared/models")
Name = TypeVar("Name", bound=str)


def evaluate(
    sounds: Sounds = SOUNDS,
    models: Annotated[Path, typer.Option(metavar="DIR", help="YAMNet: yamnet.tflite and its class map.")] = MODELS,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write evaluation.md and its figures here; without, print.")
    ] = None,
    only: Annotated[str, typer.Option(metavar="PART,…", help="Measure only these parts.")] = "",
    category: Annotated[str, typer.Option(metavar="NAME,…", help="Only these categories of recordings.")] = "",
    half: Annotated[str, typer.Option(help="Recordings to measure against: judge, or learn to tune by.")] = "judge",
    detail: Annotated[bool, typer.Option("--detail", help="Print every scene and recording.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes to work with.")] = 1,
    device: Annotated[Device, typer.Option(help="What renders.")] = Device.AUTO,
    weights: Weights = None,
) -> None:
    """Measure renders of fixed scenes against recordings and controls.

    Texture, tagger, control, space, loudness, seams, repetition, transitions and the learned renderer; --only and
    --category for quick loops.
    """
    require("server", "tools")
    from ambiome_middleware.analysis.evaluate import bench, report, scenes, text
    from ambiome_middleware.neural.shipped import WEIGHTS

    parts = _chosen("only", only, bench.PARTS)
    if {"learned", "learned control"} & set(parts):
        require("server", "tools", "neural")
    categories = _chosen("category", category, scenes.CATEGORIES)
    if half not in ("learn", "judge"):
        raise Problem(Exit.USAGE, f"--half: {half!r} is neither learn nor judge")
    for name, folder, file in (("sounds", sounds, "manifest.csv"), ("models", models, "yamnet.tflite")):
        if not (folder / file).is_file():
            raise Problem(Exit.BAD_INPUT, f"{folder / file}: no such file; --{name} names the folder that holds it")
    work = bench.Bench(sounds, models, "learn" if half == "learn" else "judge", device.value, weights or WEIGHTS)
    todo = bench.tasks(parts, categories)
    with progress("evaluating") as show:
        results = bench.run(work, todo, jobs=jobs, progress=show)
    if out is None:
        typer.echo(text.summary(results, detail=detail))
    else:
        typer.echo(report.write(results, out, machine=processor()))


def _chosen(option: str, typed: str, allowed: tuple[Name, ...]) -> tuple[Name, ...]:
    """The names in a list with commas, or all that are allowed. Problem (exit 2) for one that is not."""
    names = {name.strip() for name in typed.split(",")} - {""}
    for name in sorted(names.difference(allowed)):
        raise Problem(Exit.USAGE, f"--{option}: {name!r} is none of {', '.join(allowed)}")
    return tuple(name for name in allowed if name in names) if names else allowed
