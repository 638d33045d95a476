"""`ambiome top`: a server at work, as it is now."""

import time
from typing import Annotated, Final

import typer

from ambiome_cli.exits import Problem, require
from ambiome_cli.look_view import view
from ambiome_cli.looks import Rates, look

AGAIN_S: Final = 1.5
"""Whoever looks once looks again after so long: workers report every second, and rates are told between two reports."""


def top(
    url: Annotated[str, typer.Argument(help="Where the server tells how it is (serve --metrics).")] = (
        "http://127.0.0.1:9571"
    ),
    every: Annotated[float, typer.Option(min=0.2, help="Seconds between two looks.")] = 1.0,
    once: Annotated[
        bool, typer.Option("--once", help="Print it once, and leave; so it does where it prints to no terminal.")
    ] = False,
) -> None:
    """Watch a server: its workers, its sessions, what sounds in them, and what their clients hold.

    Needs a server that was started with --metrics.
    """
    require("server")
    from rich.console import Console
    from rich.live import Live

    console, rates = Console(), Rates()
    latest = look(url)
    rates.see(latest)
    if once or not console.is_terminal:
        time.sleep(AGAIN_S)
        latest = look(url)
        rates.see(latest)
        console.print(view(url, latest, rates, console.width))
        return
    trouble = ""
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            live.update(view(url, latest, rates, console.width, console.height, trouble), refresh=True)
            time.sleep(every)
            try:
                latest, trouble = look(url), ""
                rates.see(latest)
            except Problem:
                trouble = "does not answer"
