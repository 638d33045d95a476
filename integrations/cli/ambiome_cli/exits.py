"""How the command ends: exit codes, and the one line that says what went wrong.

0   done
1   a fault of Ambiome itself
2   the command line is wrong
3   an extra is not installed; the line says which
4   what was given cannot be used: a file, a score, an address to bind, a device
5   no server answers, or it does not take us
130 interrupted
"""

import os
from enum import IntEnum
from importlib.util import find_spec
from typing import Final

from ambiome_client import AmbiomeError, BadMessage
from ambiome_protocol.errors import ProtocolError
from typer.exceptions import TyperException


class Exit(IntEnum):
    """Exit codes, as the table above tells them."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    MISSING_EXTRA = 3
    BAD_INPUT = 4
    UNREACHABLE = 5
    INTERRUPTED = 130


EXTRAS: Final[dict[str, tuple[str, ...]]] = {
    "server": ("torch", "numba", "scipy", "matplotlib", "pyloudnorm", "prometheus_client"),
    "sim": ("simpy", "psutil", "matplotlib"),
    "audio": ("sounddevice",),
    "neural": ("encodec", "safetensors"),
    "tools": ("soundfile", "soxr", "ai_edge_litert"),
}
"""What each extra brings that a command may need, by module."""

DEBUG: Final = "AMBIOME_DEBUG"


class Problem(Exception):
    """Something that ends a command: an exit code and a line."""

    def __init__(self, exit_code: Exit, line: str) -> None:
        super().__init__(line)
        self.exit_code = exit_code


def require(*extras: str) -> None:
    """Problem (exit 3) unless everything that these extras bring is installed; names what to install."""
    missing = [extra for extra in extras if any(find_spec(module) is None for module in EXTRAS[extra])]
    if missing:
        wanted = ",".join(extras)
        what = " and ".join(f'"{extra}"' for extra in missing)
        noun = "extras" if len(missing) > 1 else "extra"
        raise Problem(Exit.MISSING_EXTRA, f'this needs the {noun} {what}: pip install "ambiome[{wanted}]"')


def verdict(error: Exception) -> tuple[Exit, str]:
    """The exit code and the line for whatever ended a command."""
    match error:
        case Problem():
            return error.exit_code, str(error)
        case TyperException():
            return Exit(error.exit_code), _usage_line(error)
        case BadMessage():
            return Exit.BAD_INPUT, str(error)
        case AmbiomeError():
            return Exit.UNREACHABLE, str(error)
        case ProtocolError():
            return Exit.BAD_INPUT, str(error)
        case OSError():
            name = f"{error.filename}: " if error.filename else ""
            return Exit.BAD_INPUT, f"{name}{error.strerror or error}"
    return Exit.FAULT, f"internal error, {type(error).__name__}: {error} (set {DEBUG}=1 to see where)"


def _usage_line(error: TyperException) -> str:
    """What is wrong with the command line, with the value that was typed, which the check's own words may leave out."""
    line = error.format_message().replace("Value error, ", "").strip()
    faults = getattr(error.__cause__, "errors", None)
    typed = faults()[0].get("input") if callable(faults) else None
    return line if typed is None or repr(typed) in line else f"{line.rstrip('.')}, not {typed!r}"


def is_debugging() -> bool:
    """Whether faults of Ambiome itself are shown with their traceback."""
    return bool(os.environ.get(DEBUG))
