"""What a worker writes down of its sessions, so that they go on after it was killed, and the server with it.

A file for each session: what it was opened with, a snapshot of it every `SNAPSHOT_STEPS`, and since then every change
told, with the step and the credit at which it came, and every change of its quality; the scene made again from these
is the same to the bit. A snapshot takes the place of all that was before it, so a file does not grow. What is written
survives the process at once, and the machine after `SYNC_S`; a file that ends in the middle of a record is read up to
there.
"""

import os
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from ambiome_middleware.wire import Open

MAGIC: Final = b"AMBIJRN1"
SNAPSHOT_STEPS: Final = 250
SYNC_S: Final = 0.5
ENDING: Final = ".session"
_HEAD: Final = struct.Struct("<II")
MOST_BYTES: Final = 1 << 24
"""No record is longer."""


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


class Begun(Struct, frozen=True, array_like=True, tag=0):
    """What the session was opened with."""

    order: Open


Record = Begun | Told | Frozen | Spared
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Record)


class Journal:
    """The files of one folder, by the sessions' numbers."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder. OSError where it cannot be."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files: dict[int, int] = {}
        self._begun: dict[int, Begun] = {}
        self._dirty: set[int] = set()
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._sync, name="journal", daemon=True)
        self._thread.start()

    def begin(self, order: Open) -> None:
        """A session is opened."""
        self._start(order.session, Begun(order), ())

    def write(self, session: int, record: Told | Spared) -> None:
        """It was told a change, which was taken, or its quality has changed."""
        if session in self._files:
            os.write(self._files[session], packed(record))
            self._mark(session)

    def freeze(self, session: int, data: bytes) -> None:
        """A snapshot of it: what was before is let go."""
        if session in self._begun:
            self._start(session, self._begun[session], (Frozen(data),))

    def end(self, session: int) -> None:
        """It is over."""
        self._shut(session)
        self._begun.pop(session, None)
        self._path(session).unlink(missing_ok=True)

    def take_up(self, session: int) -> list[Record]:
        """What stands of a session, which is written on from there. ValueError where nothing does."""
        path = self._path(session)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            data = b""
        records = list(read(data))
        if not records or not isinstance(records[0], Begun):
            raise ValueError(f"{path.name} does not tell how its session was opened")
        self._start(session, records[0], records[1:])
        return records

    def close(self) -> None:
        """Put all away, for good."""
        self._is_closed.set()
        self._thread.join()
        for session in list(self._files):
            self._shut(session)

    def _start(self, session: int, begun: Begun, rest: "tuple[Record, ...] | list[Record]") -> None:
        """Begin the session's file anew, at once or not at all."""
        self._shut(session)
        path = self._path(session)
        fresh = path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.write(file, MAGIC + b"".join(packed(record) for record in (begun, *rest)))
        fresh.replace(path)
        self._begun[session], self._files[session] = begun, file
        self._mark(session)

    def _shut(self, session: int) -> None:
        with self._lock:
            self._dirty.discard(session)
            file = self._files.pop(session, None)
        if file is not None:
            os.close(file)

    def _mark(self, session: int) -> None:
        with self._lock:
            self._dirty.add(session)

    def _sync(self) -> None:
        """What was written reaches the disk, beside the work."""
        while not self._is_closed.wait(SYNC_S):
            with self._lock:
                files = [os.dup(self._files[session]) for session in self._dirty]
                self._dirty.clear()
            for file in files:
                os.fsync(file)
                os.close(file)

    def _path(self, session: int) -> Path:
        return self._folder / f"{session}{ENDING}"


def packed(record: Record) -> bytes:
    """A record as it stands in a file: its length, its checksum, and itself."""
    data = _ENCODER.encode(record)
    return _HEAD.pack(len(data), zlib.crc32(data)) + data


def read(data: bytes) -> Iterator[Record]:
    """The records of a file, as far as they are whole; of a file of another kind, none."""
    if not data.startswith(MAGIC):
        return
    at = len(MAGIC)
    while at + _HEAD.size <= len(data):
        length, checksum = _HEAD.unpack_from(data, at)
        body = data[at + _HEAD.size : at + _HEAD.size + length]
        if length > MOST_BYTES or len(body) < length or zlib.crc32(body) != checksum:
            return
        try:
            yield _DECODER.decode(body)
        except msgspec.MsgspecError:
            return
        at += _HEAD.size + length


def kept_in(folder: Path) -> list[Open]:
    """How the sessions were opened of which something stands in a folder, by number. Other files are left alone."""
    found = []
    for path in folder.glob(f"*{ENDING}"):
        if not path.stem.isdigit():
            continue
        first = next(read(path.read_bytes()), None)
        if isinstance(first, Begun) and first.order.session == int(path.stem):
            found.append(first.order)
    return sorted(found, key=lambda order: order.session)
