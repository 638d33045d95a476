"""The command itself: its subcommands, and the one place where whatever ends one becomes a line and an exit code."""

import logging
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer
from ambiome_protocol.version import VERSION
from typer.exceptions import TyperException

from ambiome_cli.commands.continue_ import continue_
from ambiome_cli.commands.demo import demo
from ambiome_cli.commands.evaluate import evaluate
from ambiome_cli.commands.explain import explain
from ambiome_cli.commands.keys import keys
from ambiome_cli.commands.learn import learn
from ambiome_cli.commands.listen import listen
from ambiome_cli.commands.record import record
from ambiome_cli.commands.render import render
from ambiome_cli.commands.serve import serve
from ambiome_cli.commands.swarm import swarm
from ambiome_cli.commands.top import top
from ambiome_cli.commands.train import app as train
from ambiome_cli.commands.voices import voices
from ambiome_cli.exits import Exit, is_debugging, verdict

app = typer.Typer(
    name="ambiome", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich", no_args_is_help=False
)
for command in (demo, serve, render, explain, voices, listen, record, learn, evaluate, swarm, keys, top):
    app.command()(command)
app.command("continue")(continue_)
app.add_typer(train, name="train")


@app.callback(invoke_without_command=True)
def ambiome(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Living ambience for games and simulations: a world goes in, an endless place comes out."""
    if show_version:
        typer.echo(f"ambiome {version('ambiome')}, protocol {VERSION}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(Exit.USAGE)


def run(arguments: list[str]) -> int:
    """Run the command with these arguments; gives the exit code. Whatever goes wrong is one line on stderr."""
    logging.basicConfig(level=logging.WARNING, format="ambiome: %(message)s")
    try:
        code = app(args=arguments, prog_name="ambiome", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return Exit.DONE
    except Exception as error:
        exit_code, line = verdict(error)
        if exit_code is Exit.FAULT and is_debugging():
            raise
        hint = " (see ambiome --help)" if isinstance(error, TyperException) else ""
        print(f"ambiome: {line}{hint}", file=sys.stderr)
        return exit_code


def main() -> None:
    """What the installed script calls."""
    sys.exit(run(sys.argv[1:]))
