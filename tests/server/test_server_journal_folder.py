"""The folder of a journal: one server's at a time, and every file in it is accounted for."""

import errno
import os
from pathlib import Path

import pytest
from ambiome_middleware import journal_folder
from ambiome_middleware.journal_file import MAGIC, packed
from ambiome_middleware.journal_folder import FolderError, Survey, held, survey
from ambiome_middleware.server import ServeError, serve
from killed import BEGUN, OPEN


def test_a_folder_is_one_servers_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    with held(folder):
        with pytest.raises(FolderError, match="journal is the journal of a server that runs"), held(folder):
            pass
        with pytest.raises(ServeError, match="of a server that runs: end that one, or choose another folder"):
            serve("tcp://127.0.0.1:*", workers=1, journal=folder)
    with held(folder):
        assert [path.name for path in folder.iterdir()] == ["lock"]


def test_a_folder_that_cannot_be_made_or_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServeError, match=r"no journal can be written in .*file/journal: Not a directory"):
        serve("tcp://127.0.0.1:*", workers=1, journal=tmp_path / "file" / "journal")

    class ReadOnly:
        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

        def fsync(self, file: int) -> None:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(journal_folder, "os", ReadOnly())
    with pytest.raises(FolderError, match="Read-only file system"), held(tmp_path / "journal"):
        pass
    assert not (tmp_path / "journal" / "probe").exists()


def test_every_file_is_taken_up_or_named_with_a_reason(tmp_path: Path) -> None:
    begun = packed(BEGUN)
    for name, data in {
        "7.session": MAGIC + begun,
        "3.session": b"nothing of ours",
        "4.session": MAGIC + begun,
        "5.session": b"AMBIJRN1" + begun,
        "6.session": MAGIC + begun[:-1],
        "²0.session": MAGIC + begun,
        "12.new": MAGIC,
        "30.session.aside": b"",
        "notes.txt": b"mine",
        "40.txt": b"mine",
    }.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "8.session").mkdir()
    assert survey(tmp_path) == Survey(
        orders=(OPEN,),
        unread={
            "3.session": "it is no journal",
            "4.session": "it is of session 7",
            "5.session": "it is of format b'AMBIJRN1', not b'AMBIJRN2'",
            "6.session": "it does not tell how its session was opened",
            "8.session": "Is a directory",
            "²0.session": "its name is no session's",
        },
        newest=30,
    )
    assert not (tmp_path / "12.new").exists()
    assert len(list(tmp_path.iterdir())) == 10
