"""Servers by the address that was typed: what is no address is bad input, and the line shows what one looks like."""

from typing import Unpack

from ambiome_client import Ambience
from ambiome_client.options import Options

from ambiome_cli.exits import Exit, Problem


def session_at(address: str, **options: Unpack[Options]) -> Ambience:
    """A session with the server at an address. Problem (exit 4) for what is none; AmbiomeError as the client has it."""
    try:
        return Ambience(address, **options)
    except ValueError as error:
        raise Problem(Exit.BAD_INPUT, str(error)) from error
