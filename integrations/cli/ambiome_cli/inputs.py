"""What commands read and write: files by name, `-` for standard input and output, `preset:NAME` for a preset."""

import io
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from ambiome_client.presets import Layer, blend, load
from ambiome_protocol.errors import ProtocolError, ScoreError
from ambiome_protocol.messages import UNSET, Change
from ambiome_protocol.score import Quality, read_score

from ambiome_cli.exits import Exit, Problem

if TYPE_CHECKING:
    from ambiome_middleware.scene import Biomes

PIPE: Final = "-"
PRESET: Final = "preset:"
"""How the name of a preset begins where a score's file is asked for; several are joined by `+`, the last on top."""
TOKEN_MAGIC: Final = b"AMBITOK\n"
"""How token files begin (`ambiome_middleware.token_file.MAGIC`, which a base install need not import)."""


def shown_name(name: str, pipe: str = "standard input") -> str:
    """A file's name as messages say it."""
    return pipe if name == PIPE else name


def read_bytes(name: str) -> bytes:
    """The bytes of a file, of standard input, or of a preset's score. Problem (exit 4) if it cannot be read."""
    if name == PIPE:
        return sys.stdin.buffer.read()
    if name.startswith(PRESET):
        return preset_score(name.removeprefix(PRESET))
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Problem(Exit.BAD_INPUT, f"{name}: {error.strerror}") from error


def preset_score(names: str) -> bytes:
    """The score of presets, `storm_at_sea+dialogue`: what they say together, at 0 s. Problem (exit 4) for no preset."""
    try:
        blended = blend([Layer(load(name)) for name in names.split("+")])
    except ValueError as error:
        raise Problem(Exit.BAD_INPUT, str(error)) from error
    lines = [{"at": 0, "world": blended.world, "cut": True}, {"at": 0, "mix": blended.mix}]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def score_lines(data: bytes, name: str) -> tuple[Change, ...]:
    """The changes of a score, for a server whose biomes are its own. Problem (exit 4) names the line that is broken."""
    if data.startswith(TOKEN_MAGIC):
        raise Problem(Exit.BAD_INPUT, f"{shown_name(name)} is a token file; a score (JSON Lines) is needed here")
    try:
        return read_score(io.BytesIO(data))
    except ScoreError as error:
        raise Problem(Exit.BAD_INPUT, f"{shown_name(name)}, {error}") from error


def parse_score(data: bytes, name: str, biomes: "Biomes | None" = None) -> tuple[Change, ...]:
    """The changes of a score. Problem (exit 4), with the line's number, if it is broken or names a biome unknown."""
    from ambiome_middleware.scene import check

    changes = score_lines(data, name)
    lines = enumerate(io.BytesIO(data), 1)
    numbers = [number for number, line in lines if line.decode().removeprefix("\ufeff").strip()]
    for number, change in zip(numbers, changes, strict=True):
        try:
            if not isinstance(change, Quality):
                check(change, biomes)
        except ProtocolError as error:
            raise Problem(Exit.BAD_INPUT, f"{shown_name(name)}, {ScoreError(number, error)}") from error
    return changes


def read_biomes(folder: Path | None) -> "Biomes | None":
    """The biomes of a folder over the built-in ones; None without a folder. Problem (exit 4) for a broken one."""
    if folder is None:
        return None
    from ambiome_middleware.scene import BiomeError, load_biomes

    try:
        return load_biomes(folder)
    except BiomeError as error:
        raise Problem(Exit.BAD_INPUT, str(error)) from error


def end_of(changes: tuple[Change, ...]) -> float:
    """The time of a score's last line in seconds; 0 for an empty one."""
    at = changes[-1].at if changes else 0.0
    return 0.0 if at is UNSET else at


@contextmanager
def writing(name: str) -> Iterator[BinaryIO]:
    """A binary stream to a file or to standard output. A file is there when it is finished: what stood there stays
    until then, and stays where the writing fails.

    Problem (exit 4) if it cannot be written.
    """
    if name == PIPE:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(os.path.realpath(name))
    unfinished = _beside(path)
    try:
        stream = (unfinished or path).open("wb")
    except OSError as error:
        raise Problem(Exit.BAD_INPUT, f"{name}: {error.strerror}") from error
    try:
        with stream:
            yield stream
        if unfinished:
            if path.exists():
                shutil.copymode(path, unfinished)
            unfinished.replace(path)
    except BaseException:
        if unfinished:
            unfinished.unlink(missing_ok=True)
        raise


def _beside(path: Path) -> Path | None:
    """Where a file is written until it is finished; None for what is no file, and where there cannot be another."""
    is_file = path.is_file() and os.access(path, os.W_OK)
    if not (is_file or not path.exists()) or not os.access(path.parent, os.W_OK):
        return None
    return path.with_name(f".{path.name[:64]}.{os.getpid()}.part")


def make_folder(path: Path) -> None:
    """Makes a folder where there is none. Problem (exit 4) if it cannot be made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(Exit.BAD_INPUT, f"{path}: {error.strerror}") from error
