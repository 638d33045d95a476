"""What a worker writes down of its sessions, so that they go on after it was killed, and the server with it.

A file for each session (see `journal_file`): what it was opened with, a snapshot of it every `SNAPSHOT_STEPS` or as
soon as `SNAPSHOT_BYTES` were written since the last one, and every change told since, with the step and the credit at
which it came, and every change of its quality; the scene made again from these is the same to the bit.

What is written survives the process at once, and the machine after `SYNC_S`. A snapshot is written beside the file that
stands, and takes its place when it has reached the disk; until then changes are written into both. So at any time one
whole file has the name.

Where the disk does not take what is to be written, the session goes on: a snapshot that was not written leaves the file
before it as it is, and a file that lacks a change is removed, for another session would come of it. The next snapshot
writes the session down again.
"""

import logging
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from ambiome_middleware.journal_file import (
    ASIDE_ENDING,
    MAGIC,
    NEW_ENDING,
    Begun,
    Frozen,
    JournalError,
    Record,
    Spared,
    Told,
    Tried,
    begun,
    check_whole,
    packed,
    path_of,
    read,
)

SNAPSHOT_STEPS: Final = 250
SNAPSHOT_BYTES: Final = 1 << 18
"""Or as many as the last snapshot has, where that is more."""
SYNC_S: Final = 0.5
MOST_ASIDE: Final = 64
"""So many files with which sessions could not go on are kept; the oldest go."""

_log: Final = logging.getLogger(__name__)


class _File:
    """A file that is written on at its end."""

    def __init__(self, path: Path, flags: int) -> None:
        self.path = path
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | flags, 0o600)

    def append(self, data: bytes) -> None:
        """All of it. OSError where it is not all taken."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._fd, rest) :]

    def cut(self, length: int) -> None:
        """Let go of what is beyond so many bytes."""
        os.ftruncate(self._fd, length)

    def dup(self) -> int:
        """Another descriptor of it."""
        return os.dup(self._fd)

    def close(self) -> None:
        os.close(self._fd)

    def remove(self) -> None:
        """Close it, and leave nothing of it: where its name stays, it is empty."""
        with suppress(OSError):
            self.cut(0)
        self.close()
        with suppress(OSError):
            self.path.unlink()


@dataclass(slots=True, eq=False)
class _Kept:
    """A session: its file (None: none stands), a new one that is to take its place, and what is to be done about it."""

    begun: Begun
    file: _File | None = None
    fresh: _File | None = None
    is_dirty: bool = False
    is_missed: bool = False
    snapshot_bytes: int = 0
    since_bytes: int = 0


class Journal:
    """The files of one folder, by the sessions' numbers. What the disk does not take is logged, and never raised."""

    def __init__(self, folder: Path, sync_every_s: float | None = SYNC_S) -> None:
        """Makes the folder; OSError where it cannot be. With `sync_every_s` None, what is written reaches the disk at
        `sync` alone, else also beside the work.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._kept: dict[int, _Kept] = {}
        self._lock = threading.Lock()
        self._is_folder_dirty = self._is_sync_missed = False
        self._is_closed, self._is_urgent = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        if sync_every_s is not None:
            self._thread = threading.Thread(target=self._sync_on, args=(sync_every_s,), name="journal", daemon=True)
            self._thread.start()

    def begin(self, begun: Begun) -> None:
        """A session is opened."""
        session = begun.order.session
        with self._lock:
            kept = self._kept[session] = _Kept(begun, is_dirty=True)
            try:
                self._put_in_place(session, kept, self._written(session, (begun,)))
            except OSError as error:
                self._missed(session, kept, error)

    def write(self, session: int, record: Told | Spared | Tried) -> None:
        """It was told a change, which was taken; or its quality has changed; or it is tried."""
        kept = self._kept.get(session)
        if kept is None:
            return
        data = packed(record)
        with self._lock:
            kept.since_bytes += len(data)
            kept.is_dirty = True
            for file in (kept.file, kept.fresh):
                if file is not None:
                    self._append(session, kept, file, data)
            if kept.file is None and kept.fresh is not None:
                with suppress(OSError):  # else it is tried again at `sync`
                    self._put_in_place(session, kept, kept.fresh)

    def wants_snapshot(self, session: int) -> bool:
        """Whether so much was written since the last snapshot that it is time for one."""
        kept = self._kept.get(session)
        return kept is not None and kept.fresh is None and kept.since_bytes >= max(SNAPSHOT_BYTES, kept.snapshot_bytes)

    def freeze(self, session: int, data: bytes) -> None:
        """A snapshot of it: what was before is let go. One that comes before the last has reached the disk is not
        needed.
        """
        kept = self._kept.get(session)
        if kept is None or kept.fresh is not None:
            return
        if self.wants_snapshot(session):
            self._is_urgent.set()  # more comes meanwhile, and is written twice
        with self._lock:
            kept.snapshot_bytes, kept.since_bytes, kept.is_dirty = len(data), 0, True
            try:
                fresh = self._written(session, (replace(kept.begun, is_frozen=True), Frozen(data)))
                if kept.file is None:
                    self._put_in_place(session, kept, fresh)
                else:
                    kept.fresh = fresh
            except OSError as error:
                self._missed(session, kept, error)

    def end(self, session: int) -> None:
        """It is over."""
        with self._lock:
            kept = self._kept.pop(session, None)
            if kept is not None:
                for file in (kept.fresh, kept.file):
                    if file is not None:
                        file.remove()
                self._is_folder_dirty = True

    def take_up(self, session: int) -> list[Record]:
        """What stands of a session, which is written on from there. JournalError where it cannot go on, OSError where
        it cannot be read or written now.
        """
        path = path_of(self._folder, session)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise JournalError("nothing is written down of it") from error
        records, end = read(data)
        check_whole(records)
        with suppress(OSError):
            path_of(self._folder, session, NEW_ENDING).unlink()
        file = _File(path, 0)
        try:
            if end < len(data):
                file.cut(end)
        except OSError:
            file.close()
            raise
        snapshot_bytes = max((len(record.data) for record in records if isinstance(record, Frozen)), default=0)
        with self._lock:
            self._kept[session] = _Kept(
                begun(records), file, is_dirty=True, snapshot_bytes=snapshot_bytes,
                since_bytes=max(0, end - snapshot_bytes),
            )  # fmt: skip
        return records

    def set_aside(self, session: int) -> str:
        """It cannot go on: its file is kept under another name, which is returned; "" where there is none."""
        path, aside = path_of(self._folder, session), path_of(self._folder, session, ASIDE_ENDING)
        with self._lock:
            if session in self._kept:
                self._close(self._kept.pop(session))
            self._is_folder_dirty = True
        try:
            path.replace(aside)
        except OSError:
            return path.name if path.exists() else ""
        with suppress(OSError):
            kept = sorted(self._folder.glob(f"*{ASIDE_ENDING}"), key=lambda each: each.stat().st_mtime)
            for old in kept[:-MOST_ASIDE]:
                old.unlink()
        return aside.name

    def sync(self) -> None:
        """What was written reaches the disk: each file, then its name, then the folder. What does not, does later."""
        with self._lock:
            sessions = [session for session, kept in self._kept.items() if kept.is_dirty]
        faults: list[OSError] = []
        for session in sessions:
            try:
                self._sync(session)
            except OSError as error:
                faults.append(error)
        try:
            self._sync_folder()
        except OSError as error:
            faults.append(error)
        if faults and not self._is_sync_missed:
            _log.error("what is written down does not reach the disk for now: %s", faults[0])
        self._is_sync_missed = bool(faults)

    def close(self) -> None:
        """Put all away, for good, and on the disk."""
        self._is_closed.set()
        self._is_urgent.set()
        if self._thread is not None:
            self._thread.join()
        for kept in self._kept.values():
            if kept.file is not None:  # which has it all
                self._drop_fresh(kept)
        self.sync()
        for kept in self._kept.values():
            self._close(kept)
        self._kept.clear()

    def _sync_on(self, every_s: float) -> None:
        while True:
            self._is_urgent.wait(every_s)
            self._is_urgent.clear()
            if self._is_closed.is_set():
                return
            self.sync()

    def _sync(self, session: int) -> None:
        with self._lock:
            kept = self._kept.get(session)
            file = None if kept is None else kept.fresh or kept.file
            if kept is None or file is None:
                return
            descriptor, is_fresh = file.dup(), kept.fresh is not None
            kept.is_dirty = False
        try:
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if is_fresh:
                with self._lock:
                    if kept.fresh is file:  # else the session has ended meanwhile
                        self._put_in_place(session, kept, file)
        except OSError:
            with self._lock:
                kept.is_dirty = True
                if kept.fresh is file:
                    self._drop_fresh(kept)
            raise

    def _sync_folder(self) -> None:
        if not self._is_folder_dirty or os.name != "posix":  # elsewhere a folder cannot be synced
            return
        self._is_folder_dirty = False
        try:
            descriptor = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            self._is_folder_dirty = True
            raise

    def _written(self, session: int, records: Sequence[Record]) -> _File:
        """A new file of these, which has not its name yet."""
        file = _File(path_of(self._folder, session, NEW_ENDING), os.O_CREAT | os.O_TRUNC)
        try:
            file.append(MAGIC + b"".join(packed(record) for record in records))
        except OSError:
            file.remove()
            raise
        return file

    def _put_in_place(self, session: int, kept: _Kept, fresh: _File) -> None:
        """From now on this is the session's file."""
        path = path_of(self._folder, session)
        try:
            fresh.path.replace(path)
        except OSError:
            if kept.fresh is not fresh:
                fresh.remove()
            raise
        fresh.path = path
        if kept.file is not None:
            kept.file.close()
        kept.file, kept.fresh = fresh, None
        self._is_folder_dirty = True
        if kept.is_missed:
            kept.is_missed = False
            _log.info("session %d is written down again", session, extra={"session": session})

    def _append(self, session: int, kept: _Kept, file: _File, data: bytes) -> None:
        """Write a record into a file; one that lacks it is none."""
        try:
            file.append(data)
        except OSError as error:
            file.remove()
            if file is kept.fresh:
                kept.fresh = None
            else:
                kept.file, self._is_folder_dirty = None, True
                self._missed(session, kept, error)

    def _missed(self, session: int, kept: _Kept, error: OSError) -> None:
        if not kept.is_missed:
            _log.error("session %d cannot be written down for now: %s", session, error, extra={"session": session})
        kept.is_missed = True

    def _drop_fresh(self, kept: _Kept) -> None:
        if kept.fresh is not None:
            kept.fresh.remove()
            kept.fresh = None

    def _close(self, kept: _Kept) -> None:
        self._drop_fresh(kept)
        if kept.file is not None:
            kept.file.close()
            kept.file = None
