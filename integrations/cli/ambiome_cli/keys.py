"""Pairs of CURVE keys as files: NAME.key to be handed on, NAME.key_secret to be kept."""

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

import zmq
from ambiome_protocol.errors import shown

from ambiome_cli.exits import Exit, Problem

NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a file, and a table of TOML, may be called as it is."""


class Pair(NamedTuple):
    """The two files, and the public key: 40 characters, Z85."""

    public: Path
    secret: Path
    key: str


def write_pair(folder: Path, name: str) -> Pair:
    """Make a pair of keys. Problem for what is no name (exit 2), and where one of the files is there (exit 4)."""
    if not NAME.fullmatch(name):
        wanted = "1 to 64 letters of English, digits, - and _, for it names files and a table of TOML"
        raise Problem(Exit.USAGE, f"{shown(name)} is no name for a pair of keys: it has {wanted}")
    public, secret = (each.decode() for each in zmq.curve_keypair())
    pair = Pair(folder / f"{name}.key", folder / f"{name}.key_secret", public)
    _write(pair.secret, 0o600, f'    public-key = "{public}"\n    secret-key = "{secret}"\n')
    try:
        _write(pair.public, 0o644, f'    public-key = "{public}"\n')
    except Problem:
        pair.secret.unlink()
        raise
    return pair


def _write(path: Path, mode: int, keys: str) -> None:
    """A ZPL file, as ZeroMQ has them (https://rfc.zeromq.org/spec/4), that nobody has had before."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise Problem(Exit.BAD_INPUT, f"{path} is there already, and is not written over") from error
    with os.fdopen(file, "w", encoding="ascii") as stream:
        stream.write(f"# A key of Ambiome, made by `ambiome keys`\nmetadata\ncurve\n{keys}")
