"""Which weights the learned renderer takes: those that come along, or a folder's."""

from pathlib import Path
from typing import Annotated

import typer

from ambiome_cli.exits import Exit, Problem, require

Weights = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Weights that `ambiome train` wrote, instead of those that come along."),
]


def folder_of(weights: Path | None) -> Path:
    """The folder that was named, or that of the weights that come along. Problem (exit 3) without the extra."""
    require("server", "neural")
    from ambiome_middleware.neural.shipped import WEIGHTS

    return weights or WEIGHTS


def folder_if(is_neural: bool, option: str, weights: Path | None) -> Path | None:
    """As `folder_of` where the learned renderer is wanted, else None. Problem (exit 2) for weights without it."""
    if is_neural:
        return folder_of(weights)
    if weights is not None:
        raise Problem(Exit.USAGE, f"--weights {weights} is for the learned renderer: {option} asks for it")
    return None
