"""Addresses, checked for what ZeroMQ itself takes silently for something else."""

from ambiome_cli.exits import Exit, Problem

HIGHEST_PORT = 65_535


def checked(address: str) -> str:
    """The address. Problem (exit 4) for a port that cannot be, of which ZeroMQ would keep the last 16 bits."""
    port = address.rpartition(":")[2]
    if address.startswith("tcp://") and port.isdigit() and int(port) > HIGHEST_PORT:
        raise Problem(Exit.BAD_INPUT, f"{address}: port {port} cannot be; ports go up to {HIGHEST_PORT}")
    return address
