"""Token files: a recorded sequence of token frames, from which the same sound is rendered again.

    bytes 0 … 7    b"AMBITOK\\n"
    bytes 8 … 11   length of the head in bytes, unsigned, little-endian
    then           the head: a msgpack map (`Head`), with the token table as (name, levels, curve) of each column
    then           the rows: int16, little-endian, [steps, columns]

A file that was written with another table finds its columns by name (see `ambiome_middleware.remap`). One of another
`sound_version` is read all the same: it holds what happens, and sounds as today's version makes it sound. `profiles` is
a digest of the learned profiles that it was made with beside the built-in ones, "" for none: those are no part of it.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import numpy as np
import numpy.typing as npt
from ambiome_protocol.limits import MAX_COUNT, MAX_SEED
from ambiome_protocol.lists import LAYOUTS, Layout

from ambiome_middleware import tokens
from ambiome_middleware.remap import ColumnError, remap

MAGIC: Final = b"AMBITOK\n"
FORMAT_VERSION: Final = 1
MAX_HEAD_BYTES: Final = 1 << 20
_LENGTH: Final = struct.Struct("<I")


class TokenFileError(ValueError):
    """A file that is no token file, or one that this version cannot read; the text names the file and says why."""


@dataclass(frozen=True, eq=False)
class TokenFile:
    """What a token file holds: `rows` int16 [steps, ROW_WIDTH], the first of them that of `first_step`.

    Rows before `first_step` are silence when it is rendered.
    """

    seed: int
    layout: Layout
    rows: npt.NDArray[np.int16]
    sound_version: int
    first_step: int = 0
    profiles: str = ""

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.rows) / tokens.STEPS_PER_S


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands before the rows."""

    format_version: int = FORMAT_VERSION
    sound_version: int
    seed: int
    layout: str
    first_step: int
    steps: int
    table: tuple[tuple[str, int, str], ...]
    profiles: str = ""


def is_token_file(path: Path) -> bool:
    """Whether a file begins like a token file. OSError where it cannot be read."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def write(path: Path, recording: TokenFile) -> None:
    """Writes a token file. OSError where it cannot be written."""
    path.write_bytes(to_bytes(recording))


def to_bytes(recording: TokenFile) -> bytes:
    """The bytes of a token file."""
    head = msgspec.msgpack.encode(
        Head(
            sound_version=recording.sound_version,
            seed=recording.seed,
            layout=recording.layout,
            first_step=recording.first_step,
            steps=len(recording.rows),
            table=tokens.table(),
            profiles=recording.profiles,
        )
    )
    return MAGIC + _LENGTH.pack(len(head)) + head + recording.rows.astype("<i2").tobytes()


def read(path: Path) -> TokenFile:
    """Reads a token file. TokenFileError where it is none or cannot be read; OSError where there is none."""
    with path.open("rb") as file:
        try:
            return parse(file)
        except (TokenFileError, ColumnError) as error:
            raise TokenFileError(f"{path}: {error}") from error


def parse(file: BinaryIO) -> TokenFile:
    """The token file in an open file, to its end. TokenFileError, ColumnError."""
    if file.read(len(MAGIC)) != MAGIC:
        raise TokenFileError("not a token file: it begins otherwise")
    head = _parse_head(_exactly(file, _parse_length(_exactly(file, _LENGTH.size, "head")), "head"))
    width = len(head.table)
    data = file.read()
    if len(data) != head.steps * width * 2:
        steps = len(data) / (width * 2) if width else 0
        raise TokenFileError(f"it holds {steps:g} steps of {head.steps}; it was cut off, or written over")
    rows = remap(np.frombuffer(data, "<i2").reshape(head.steps, width), head.table)
    _check_rows(rows)
    layout = next((layout for layout in LAYOUTS if layout == head.layout), None)
    if layout is None:
        raise TokenFileError(f"layout {head.layout!r} is not one of {', '.join(LAYOUTS)}")
    return TokenFile(head.seed, layout, rows, head.sound_version, head.first_step, head.profiles)


def _parse_length(data: bytes) -> int:
    (length,) = _LENGTH.unpack(data)
    if not 0 < length <= MAX_HEAD_BYTES:
        raise TokenFileError(f"its head claims {length} bytes; at most {MAX_HEAD_BYTES} are allowed")
    return int(length)


def _parse_head(data: bytes) -> Head:
    try:
        version = msgspec.msgpack.decode(data, type=_Version).format_version
        if version != FORMAT_VERSION:
            raise TokenFileError(f"its format version is {version}; this version reads {FORMAT_VERSION}")
        head = msgspec.msgpack.decode(data, type=Head)
    except msgspec.MsgspecError as error:
        raise TokenFileError(f"its head is broken: {error}") from error
    for name, most in (("seed", MAX_SEED), ("first_step", MAX_COUNT), ("steps", MAX_COUNT)):
        if not 0 <= getattr(head, name) <= most:
            raise TokenFileError(f"{name} is {getattr(head, name)}; it must be 0 … {most}")
    return head


def _check_rows(rows: npt.NDArray[np.int16]) -> None:
    """Every token must be one of its column's levels: a renderer indexes tables with it."""
    levels = np.array([levels for _, levels, _ in tokens.table()])
    bad = np.argwhere((rows < 0) | (rows >= levels))
    if len(bad):
        step, column = (int(index) for index in bad[0])
        name, most, _ = tokens.table()[column]
        raise TokenFileError(f"row {step}, column {name!r}: token {rows[step, column]} is not 0 … {most - 1}")


def _exactly(file: BinaryIO, size: int, what: str) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise TokenFileError(f"its {what} is cut off")
    return data


class _Version(msgspec.Struct, frozen=True):
    format_version: int
