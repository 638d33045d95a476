"""`ambiome keys`: a pair of keys, for a server or for a client."""

from pathlib import Path
from typing import Annotated

import typer

from ambiome_cli.inputs import make_folder
from ambiome_cli.keys import write_pair


def keys(
    name: Annotated[str, typer.Argument(help="Whose they are: NAME.key and NAME.key_secret are written.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the two files.")] = Path(),
) -> None:
    """Make a pair of keys, and say what to do with the public one.

    A server with a secret key (serve --key) encrypts, and lets in those alone who have keys; with a file of guests
    (serve --guests) only those named in it.
    """
    make_folder(out)
    pair = write_pair(out, name)
    typer.echo(f"{pair.public} and {pair.secret}: keep the second to yourself")
    typer.echo(f"  a client of this server says   server_key={pair.key!r}")
    typer.echo(f"  a server knows this guest by   [{name}]")
    typer.echo(f"                                 key = {_toml(pair.key)}")


def _toml(key: str) -> str:
    """A key as TOML has it; Z85 knows neither quotes nor backslashes."""
    return f'"{key}"'
