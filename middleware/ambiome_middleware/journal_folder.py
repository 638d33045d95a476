"""The folder of a journal, as a server holds it: for itself alone, and in order."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ambiome_middleware.journal_file import ENDING, NEW_ENDING, JournalError, begun, number_in, read
from ambiome_middleware.wire import Open

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

LOCK: Final = "lock"
PROBE: Final = "probe"
LARGEST_BEGIN_BYTES: Final = 1 << 16


class FolderError(Exception):
    """A folder in which no journal can be written; the text says why and what would help."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands in a folder: how the sessions were opened that can be taken up, by number; why the other files cannot
    be, by name; and the highest number in any file's name.
    """

    orders: tuple[Open, ...]
    unread: dict[str, str]
    newest: int


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """While this lasts, no other server holds the folder, which is made. FolderError where that is not to be had, or
    nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        _lock(folder, lock)
        _probe(folder)
        yield
    finally:
        os.close(lock)


def survey(folder: Path) -> Survey:
    """Look through a folder; files that were never whole are removed. Files of other names are left alone."""
    orders, unread, newest = list[Open](), dict[str, str](), 0
    for path in folder.iterdir():
        number = number_in(path.name)
        if number is None:
            if path.name.endswith(ENDING):
                unread[path.name] = "its name is no session's"
            continue
        newest = max(newest, number)
        try:
            if path.name.endswith(NEW_ENDING):
                path.unlink()
            elif path.name.endswith(ENDING):
                orders.append(_opened(path, number))
        except JournalError as error:
            unread[path.name] = str(error)
        except OSError as error:
            unread[path.name] = error.strerror or str(error)
    return Survey(tuple(sorted(orders, key=lambda order: order.session)), unread, newest)


def _opened(path: Path, number: int) -> Open:
    with path.open("rb") as file:
        records, _ = read(file.read(LARGEST_BEGIN_BYTES))
    order = begun(records).order
    if order.session != number:
        raise JournalError(f"it is of session {order.session}")
    return order


def _lock(folder: Path, lock: int) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise FolderError(
            f"{folder} is the journal of a server that runs: end that one, or choose another folder"
        ) from error
    except OSError as error:
        raise _unwritable(folder, error) from error


def _probe(folder: Path) -> None:
    """FolderError unless a file can be written there, kept and removed."""
    path = folder / PROBE
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            written = os.write(file, b"?")
            os.fsync(file)
        finally:
            os.close(file)
            path.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error
    if not written:
        raise FolderError(f"no journal can be written in {folder}: it takes nothing")


def _unwritable(folder: Path, error: OSError) -> FolderError:
    return FolderError(f"no journal can be written in {folder}: {error.strerror}; another folder is needed, or none")
