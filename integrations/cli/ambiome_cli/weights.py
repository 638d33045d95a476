"""Which weights the learned renderer takes: those that come along, or a folder's."""

from pathlib import Path
from typing import Annotated

import typer

from ambiome_cli.exits import Exit, Problem, require

Weights = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Weights that `ambiome train` wrote, instead of those that come along."),
]


def weights_of(is_neural: bool, option: str, weights: Path | None) -> Path | None:
    """The folder for the neural renderer; None where it is not wanted. Problem (exit 2) for weights without it."""
    if not is_neural:
        if weights is not None:
            raise Problem(Exit.USAGE, f"--weights {weights} is for the learned renderer: {option} asks for it")
        return None
    require("server", "neural")
    from ambiome_middleware.neural.shipped import WEIGHTS

    return weights or WEIGHTS
