"""The file of one session in a journal: its records, as bytes and back.

    file     MAGIC, then records: begun [frozen] {told | spared | tried}
    record   length (u32), CRC-32 of the body (u32), body in msgpack

A file that ends in the middle of a record is read up to there. One that began with a snapshot is of no use without it.
"""

import struct
import zlib
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from ambiome_middleware.wire import Open

MAGIC: Final = b"AMBIJRN2"
ENDING: Final = ".session"
NEW_ENDING: Final = ".new"
"""Of a file that is being written, and does not count until it has the other name."""
ASIDE_ENDING: Final = ".session.aside"
"""Of a file with which its session could not go on."""
MOST_BYTES: Final = 1 << 26
"""No record is longer."""
_KIND: Final = MAGIC[:-1]
_HEAD: Final = struct.Struct("<II")


class JournalError(ValueError):
    """A file with which no session can go on; the text says which and why."""


class Begun(Struct, frozen=True, array_like=True, tag=0):
    """What the session was opened with; the version of the sound, the digest of the weights ("" for a procedural
    session) and the token table with which it was made; and whether a snapshot was written with this.
    """

    order: Open
    sound_version: int
    weights: str
    table: tuple[tuple[str, int, str], ...]
    is_frozen: bool = False


class Told(Struct, frozen=True, array_like=True, tag=1):
    """A change as it came, and where the session stood then: its first step without a token frame, and its credit."""

    step: int
    credit: int
    data: bytes


class Frozen(Struct, frozen=True, array_like=True, tag=2):
    """A snapshot of the session."""

    data: bytes


class Spared(Struct, frozen=True, array_like=True, tag=3):
    """From this step on its token frames are of this quality."""

    step: int
    quality: int


class Tried(Struct, frozen=True, array_like=True, tag=4):
    """So many processes have died over it by now, if the one that writes this does before it writes another."""

    deaths: int


Record = Begun | Told | Frozen | Spared | Tried
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Record)


def packed(record: Record) -> bytes:
    """A record as it stands in a file."""
    data = _ENCODER.encode(record)
    return _HEAD.pack(len(data), zlib.crc32(data)) + data


def read(data: bytes) -> tuple[list[Record], int]:
    """The records of a file as far as they are whole, and where they end; JournalError if it is of another kind."""
    if not data.startswith(MAGIC):
        is_other = len(data) >= len(MAGIC) and data.startswith(_KIND)
        raise JournalError(f"it is of format {data[: len(MAGIC)]!r}, not {MAGIC!r}" if is_other else "it is no journal")
    records: list[Record] = []
    at = len(MAGIC)
    while at + _HEAD.size <= len(data):
        length, checksum = _HEAD.unpack_from(data, at)
        body = data[at + _HEAD.size : at + _HEAD.size + length]
        if length > MOST_BYTES or len(body) < length or zlib.crc32(body) != checksum:
            break
        try:
            records.append(_DECODER.decode(body))
        except msgspec.MsgspecError:
            break
        at += _HEAD.size + length
    return records, at


def begun(records: list[Record]) -> Begun:
    """How the session of these was opened; JournalError where they do not tell."""
    if not records or not isinstance(records[0], Begun):
        raise JournalError("it does not tell how its session was opened")
    return records[0]


def check_whole(records: list[Record]) -> None:
    """JournalError where they lack how the session was opened, or the snapshot that was written with that."""
    if begun(records).is_frozen and (len(records) < 2 or not isinstance(records[1], Frozen)):
        raise JournalError("it breaks off within its snapshot")


def number_in(name: str) -> int | None:
    """The session whose file has this name, whatever it ends in; None where it is nobody's."""
    stem, dot, rest = name.partition(".")
    is_ours = f"{dot}{rest}" in (ENDING, NEW_ENDING, ASIDE_ENDING)
    return int(stem) if is_ours and stem.isascii() and stem.isdecimal() and len(stem) < 16 else None


def path_of(folder: Path, session: int, ending: str = ENDING) -> Path:
    """Where a session's file stands."""
    return folder / f"{session}{ending}"
