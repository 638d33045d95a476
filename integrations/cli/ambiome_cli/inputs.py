"""What commands read and write: files by name, `-` for standard input and output."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from ambiome_protocol.errors import ProtocolError, ScoreError
from ambiome_protocol.messages import UNSET, Change
from ambiome_protocol.score import read_score

from ambiome_cli.exits import Exit, Problem

PIPE: Final = "-"


def shown_name(name: str, pipe: str = "standard input") -> str:
    """A file's name as messages say it."""
    return pipe if name == PIPE else name


def read_bytes(name: str) -> bytes:
    """The bytes of a file or of standard input. Problem (exit 4) if it cannot be read."""
    if name == PIPE:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Problem(Exit.BAD_INPUT, f"{name}: {error.strerror}") from error


def parse_score(data: bytes, name: str) -> tuple[Change, ...]:
    """The changes of a score. Problem (exit 4), with the line's number, if it is broken or names a biome unknown."""
    try:
        changes = read_score(_lines(data))
        _check(changes, data)
    except ScoreError as error:
        raise Problem(Exit.BAD_INPUT, f"{shown_name(name)}, {error}") from error
    return changes


def _check(changes: tuple[Change, ...], data: bytes) -> None:
    """ScoreError for what only the scene can tell to be wrong."""
    from ambiome_middleware import scene

    numbers = [number for number, line in enumerate(_lines(data), 1) if line.strip("\ufeff \t\r\n")]
    for number, change in zip(numbers, changes, strict=True):
        try:
            scene.check(change)
        except ProtocolError as error:
            raise ScoreError(number, error) from error


def _lines(data: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), "utf-8")


def end_of(changes: tuple[Change, ...]) -> float:
    """The time of a score's last line in seconds; 0 for an empty one."""
    at = changes[-1].at if changes else 0.0
    return 0.0 if at is UNSET else at


@contextmanager
def writing(name: str) -> Iterator[BinaryIO]:
    """A binary stream to a file or to standard output; a file that could not be finished is removed.

    Problem (exit 4) if it cannot be written.
    """
    if name == PIPE:
        yield sys.stdout.buffer
        return
    path = Path(name)
    try:
        stream = path.open("wb")
    except OSError as error:
        raise Problem(Exit.BAD_INPUT, f"{name}: {error.strerror}") from error
    try:
        with stream:
            yield stream
    except BaseException:
        if path.is_file():
            path.unlink()
        raise


def make_folder(path: Path) -> None:
    """Makes a folder where there is none. Problem (exit 4) if it cannot be made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(Exit.BAD_INPUT, f"{path}: {error.strerror}") from error
