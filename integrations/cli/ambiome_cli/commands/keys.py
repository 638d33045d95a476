"""`ambiome keys`: a pair of keys, for a server or for a client."""

from pathlib import Path
from typing import Annotated

import typer
from zmq.auth import create_certificates, load_certificate

from ambiome_cli.exits import Exit, Problem
from ambiome_cli.inputs import make_folder


def keys(
    name: Annotated[str, typer.Argument(help="Whose they are: NAME.key and NAME.key_secret are written.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the two files.")] = Path(),
) -> None:
    """Make a pair of keys, and say what to do with the public one.

    A server with a secret key (serve --key) encrypts, and lets in those alone who have keys; with a file of guests
    (serve --guests) only those named in it.
    """
    if Path(name).name != name or name.startswith("."):
        raise Problem(Exit.USAGE, f"{name!r} is no name for a pair of keys: it becomes part of a file's name")
    make_folder(out)
    if any((out / f"{name}{ending}").exists() for ending in (".key", ".key_secret")):
        raise Problem(Exit.BAD_INPUT, f"{out / name}.key is there already, and is not written over")
    public, secret = create_certificates(out, name)
    Path(secret).chmod(0o600)
    key, _ = load_certificate(public)
    typer.echo(f"{public} and {secret}: keep the second to yourself")
    typer.echo(f"  a client of this server says   server_key={key.decode()!r}")
    typer.echo(f"  a server knows this guest by   [{name}]")
    typer.echo(f"                                 key = {_toml(key.decode())}")


def _toml(key: str) -> str:
    """A key as TOML has it; Z85 knows neither quotes nor backslashes."""
    return f'"{key}"'
