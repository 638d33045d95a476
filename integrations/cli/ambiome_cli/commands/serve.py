"""`ambiome serve`: the server."""

import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Final

import typer
from ambiome_client import DEFAULT_ADDRESS
from ambiome_protocol.limits import MAX_SESSIONS

from ambiome_cli.choices import BiomeFolder, Device, Logs
from ambiome_cli.exits import Exit, Problem, require
from ambiome_cli.weights import Weights, folder_if

_log: Final = logging.getLogger(__name__)


def _telling_as_it_logs(command: Callable[..., None]) -> Callable[..., None]:
    """Where it logs for machines, what keeps the server from starting is a line of the log too."""

    @wraps(command)
    def told(*, logs: Logs, **options: object) -> None:
        from ambiome_middleware.logs import set_up

        if logs is not Logs.JSON:
            set_up("front", "text", logging.WARNING, "ambiome")
            return command(logs=logs, **options)
        set_up("front", "json", logging.INFO, "ambiome")
        try:
            command(logs=logs, **options)
        except Problem as error:
            _log.error("%s", error)
            raise typer.Exit(error.exit_code) from error

    return told


@_telling_as_it_logs
def serve(
    bind: Annotated[str, typer.Option(help="ZeroMQ address to serve at; port * takes a free one.")] = DEFAULT_ADDRESS,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Render processes. \\[default: one per GPU, or one less than the cores]")
    ] = None,
    device: Annotated[Device, typer.Option(help="What renders.")] = Device.AUTO,
    biomes: BiomeFolder = None,
    neural: Annotated[
        bool, typer.Option("--neural", help="Offer the learned renderer too, to sessions that ask for it.")
    ] = False,
    weights: Weights = None,
    journal: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Folder for what sessions need to go on after the server was killed."),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="The secret key (ambiome keys): all is encrypted, clients need keys."),
    ] = None,
    guests: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Only these clients: a file of their public keys.")
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Serve without keys where other machines can reach it.")
    ] = False,
    metrics: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, help="Port of this machine for /metrics, /health and /sessions."),
    ] = None,
    logs: Annotated[
        Logs, typer.Option(help="Lines on standard error for people, or JSON, one object a line.")
    ] = Logs.TEXT,
    max_sessions: Annotated[int, typer.Option(min=1, help="Listeners at once, the detached counted.")] = MAX_SESSIONS,
) -> None:
    """Serve ambience until SIGINT or SIGTERM."""
    folder = folder_if(neural, "--neural", weights)
    require("server")
    from ambiome_middleware.server import ServeError
    from ambiome_middleware.server import serve as run_server

    try:
        run_server(
            bind, workers=workers, device=device.value, biomes=biomes, weights=folder, journal=journal, key=key,
            guests=guests, is_insecure=insecure, metrics_port=metrics, max_sessions=max_sessions, logs=logs.value,
        )  # fmt: skip
    except ServeError as error:
        raise Problem(Exit.BAD_INPUT, str(error)) from error
