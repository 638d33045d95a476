"""`ambiome swarm`: many simulated listeners on a server, and what they heard."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from ambiome_client.keys import keys_of
from ambiome_protocol.limits import MAX_SEED

from ambiome_cli.choices import Device, LayoutName, OwnKey, ServerKey
from ambiome_cli.exits import Exit, Problem, require
from ambiome_cli.inputs import make_folder
from ambiome_cli.local_server import local_server
from ambiome_cli.processor import processor
from ambiome_cli.progress import note, progress
from ambiome_cli.tables import print_table

OPTIONS: Final = {"join_s": "--join", "buffer_steps": "--buffer"}
"""Those that have another name than the field of the plan."""


def swarm(
    address: Annotated[
        str | None,
        typer.Argument(help="The server.", show_default="one is started on this machine, and its load is told"),
    ] = None,
    listeners: Annotated[int, typer.Option(min=1, max=10_000, help="How many at once.")] = 50,
    free: Annotated[int, typer.Option(min=0, help="So many of them take what they can get, as simulations do.")] = 0,
    zones: Annotated[
        int, typer.Option(min=0, help="So many zones are shared by the live ones; 0: to each a place of its own.")
    ] = 0,
    seconds: Annotated[float, typer.Option(min=2.0, help="How long.")] = 30.0,
    join: Annotated[float, typer.Option(min=0.0, help="All have joined after so many seconds.")] = 5.0,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Decides who does what, and when.")] = 0,
    layout: Annotated[LayoutName, typer.Option(help="Loudspeakers.")] = LayoutName.STEREO,
    buffer: Annotated[
        int | None,
        typer.Option(
            min=2, max=25, help="Frames that a live listener holds.", show_default="3, or 2 where that will do"
        ),
    ] = None,
    travels: Annotated[float, typer.Option(min=0.0, help="Moves to another place, a minute and listener.")] = 12.0,
    stalls: Annotated[
        float,
        typer.Option(
            min=0.0, help="Neither reads nor says a word for up to 4 s, every fourth time 11 to 15 s, likewise."
        ),
    ] = 0.2,
    drops: Annotated[
        float, typer.Option(min=0.0, help="Loses its connection for up to 6 s, likewise; silence after that counts.")
    ] = 0.2,
    leaves: Annotated[float, typer.Option(min=0.0, help="Leaves, and another one comes, likewise.")] = 0.2,
    workers: Annotated[int | None, typer.Option(min=1, help="Of a server that is started here.")] = None,
    device: Annotated[
        Device | None, typer.Option(help="What renders, in a server that is started here.", show_default="auto")
    ] = None,
    server_key: ServerKey = None,
    key: OwnKey = None,
    out: Annotated[Path | None, typer.Option(file_okay=False, help="Folder for swarm.png.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Let many listeners join, travel, stall, lose their connection and leave; say who went without sound, and why.

    An underrun lasts as long as a live listener's card has nothing to play: until there is sound, or until the listener
    itself stalls, loses its connection, fails or leaves. After a lost connection it begins when there is one again; of
    a new listener, 1 s after its welcome.

    Exit code 1 where a session failed, or where nobody heard anything.
    """
    if address is not None and (workers is not None or device is not None):
        option = "--device" if workers is None else "--workers"
        raise Problem(Exit.USAGE, f"{option} is of a server that is started here, and {address} is there already")
    require("sim", *(() if address else ("server",)))
    from ambiome_sim.swarm import Plan, PlanError
    from ambiome_sim.swarm import swarm as run_swarm

    try:
        plan = Plan(
            listeners=listeners, seconds=seconds, seed=seed, free=free, zones=zones, join_s=join, layout=layout.value,
            buffer_steps=buffer, travels=travels, stalls=stalls, drops=drops, leaves=leaves,
        )  # fmt: skip
    except PlanError as error:
        raise Problem(Exit.USAGE, f"{OPTIONS.get(error.field, f'--{error.field}')} {error.fault}") from error
    if out is not None:
        make_folder(out)
    with _server(address, workers, device or Device.AUTO) as (where, pid), progress(f"{listeners} listeners") as show:
        try:
            findings = run_swarm(
                plan, where, keys=keys_of(server_key, key), machine=processor(), server_pid=pid, progress=show
            )
        except ValueError as error:
            raise Problem(Exit.BAD_INPUT, str(error)) from error
    if out is not None:
        from ambiome_sim.swarm.picture import draw

        draw(out / "swarm.png", findings)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(findings.as_json())).decode())
    else:
        print_table("", ("measured", ""), findings.rows())
    if failed := findings.failed:
        raise Problem(Exit.FAULT, f"{len(failed)} sessions failed; the first, {failed[0].name}: {failed[0].failure}")
    if not findings.is_heard:
        raise Problem(Exit.FAULT, "nobody heard anything")


@contextmanager
def _server(address: str | None, workers: int | None, device: Device) -> Iterator[tuple[str, int | None]]:
    """Where to listen, and the server's process where it is one of ours."""
    if address is not None:
        yield address, None
        return
    note("starting a server")
    with local_server(workers, device.value, gives_way=True) as server:
        yield server.address, server.pid
