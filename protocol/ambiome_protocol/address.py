"""Addresses, checked for what ZeroMQ itself takes silently for something else.

ZeroMQ keeps the last 16 bits of a port: 99999 becomes 34463, and -1 becomes 65535. Everything else that is no address
it refuses by itself.
"""

from typing import Final

HIGHEST_PORT: Final = 65_535
FREE_PORTS: Final = ("*", "!", "0")
"""What stands for a port where one may be chosen freely: where a server is bound."""


def check_address(address: str, *, is_bound: bool = False) -> None:
    """ValueError for a tcp:// address whose port cannot be; `is_bound`: to serve at, where a free one may be taken."""
    _, colon, port = address.removeprefix("tcp://").rpartition(":")
    if not (address.startswith("tcp://") and colon) or port.endswith("]"):
        return
    if is_bound and port in FREE_PORTS:
        return
    if not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= HIGHEST_PORT):
        free = ", or * for a free one" if is_bound else ""
        raise ValueError(f"{address!r}: port {port!r} cannot be; it must be 1 … {HIGHEST_PORT}{free}")
