"""The journal on a disk that is full, gone or slow: sessions go on, and no file makes another session of one."""

import errno
import os
import shutil
import threading
from pathlib import Path

import pytest
from ambiome_middleware import journal as journal_module
from ambiome_middleware.journal import SNAPSHOT_BYTES, Journal
from ambiome_middleware.journal_file import Told, read
from ambiome_middleware.wire import Close, Ended, Open, Restore, Resume, Resumed, Tell
from ambiome_protocol import build
from ambiome_protocol.codec import decode_server, encode
from killed import BEGUN, OPEN, Killed, told


class Disk:
    """What the journal asks of the system, in order. It may have little `room`, take little `at_once`, and refuse calls
    by name.
    """

    def __init__(self) -> None:
        self.room = self.at_once = 1 << 40
        self.refused: set[str] = set()
        self.asked: list[str] = []
        self.names: dict[int, str] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        return self._opened(os.open(path, flags, mode), path.name)

    def dup(self, file: int) -> int:
        return self._opened(os.dup(file), self.names[file])

    def close(self, file: int) -> None:
        del self.names[file]
        os.close(file)

    def write(self, file: int, data: memoryview) -> int:
        count = min(self.room, self.at_once, len(data))
        if data and not count:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= count
        return os.write(file, data[:count])

    def fsync(self, file: int) -> None:
        self._ask("fsync", self.names[file])
        os.fsync(file)

    def rename(self, path: Path, to: Path) -> None:
        self._ask("rename", f"{path.name} {to.name}")
        path.rename(to)
        self.names = {file: to.name if name == path.name else name for file, name in self.names.items()}

    def _opened(self, file: int, name: str) -> int:
        self.names[file] = name
        return file

    def _ask(self, call: str, of: str) -> None:
        self.asked.append(f"{call} {of}")
        if call in self.refused:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    one = Disk()
    monkeypatch.setattr(journal_module, "os", one)
    monkeypatch.setattr(Path, "replace", lambda path, to: one.rename(path, to))
    return one


def restored(folder: Path, step: int) -> Killed:
    """The session in another process, which goes on at a step."""
    another = Killed(folder)
    assert another.desk.obey(Restore(7)) == []
    [resumed] = another.desk.obey(Resume(7, 1, step))
    assert isinstance(resumed, Resumed)
    assert resumed.refusal == ""
    another.heard = {step - 1: b""}
    return another


def goes_on_to_the_bit(one: Killed, folder: Path, steps: int = 20) -> None:
    """What was written down of a session makes the same of it as if nothing had happened."""
    first = len(one.heard)
    another = restored(folder, first)
    for each in (one, another):
        each.play(first + steps)
    assert {step: one.heard[step] for step in range(first, first + steps)} == {
        step: another.heard[step] for step in range(first, first + steps)
    }
    another.journal.close()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_on_a_full_disk_sessions_go_on_and_what_is_told_takes_effect(
    tmp_path: Path, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(5)
    disk.room = 0
    assert one.desk.obey(told(1, 50.0)) == [], "it was taken, and is not called refused"
    one.play(600)
    session = one.desk.engine.get(7)
    assert session is not None
    assert session.applied_seq == 1
    assert files(tmp_path) == [], "what lacks a change is no session's file"
    assert caplog.text.count("session 7 cannot be written down for now") == 1
    disk.room = 1 << 40
    one.play(760)
    assert files(tmp_path) == ["7.session"], "the next snapshot is the whole session"
    goes_on_to_the_bit(one, tmp_path)
    one.journal.close()
    assert disk.names == {}


def test_a_session_that_begins_on_a_full_disk_is_written_down_when_there_is_room(tmp_path: Path, disk: Disk) -> None:
    one = Killed(tmp_path)
    disk.room = 0
    assert one.desk.obey(OPEN) == []
    one.play(10)
    assert files(tmp_path) == []
    disk.room = 1 << 40
    one.play(250)
    goes_on_to_the_bit(one, tmp_path)
    one.journal.close()


@pytest.mark.parametrize("room", [0, 4, 1_000])
def test_a_snapshot_that_was_not_written_whole_leaves_what_was_before_it(tmp_path: Path, disk: Disk, room: int) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(20)
    one.desk.obey(told(1, 40.0))
    one.play(240)
    disk.room = room
    one.play(255)
    one.journal.sync()
    assert files(tmp_path) == ["7.session"]
    disk.room = 1 << 40
    goes_on_to_the_bit(one, tmp_path)
    one.journal.close()
    assert disk.names == {}


def test_a_change_that_was_not_written_whole_leaves_no_file(tmp_path: Path, disk: Disk) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(20)
    disk.room = 9
    one.desk.obey(told(1, 40.0))
    assert files(tmp_path) == []
    another = Killed(tmp_path)
    assert another.desk.obey(Restore(7)) == [Ended(7)]
    one.journal.close()
    another.journal.close()


def test_a_change_that_no_file_took_is_in_the_snapshot_on_its_way(tmp_path: Path, disk: Disk) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(260)
    assert files(tmp_path) == ["7.new", "7.session"]
    disk.room = 9
    one.desk.obey(told(1, 40.0))
    assert files(tmp_path) == [], "both lack it"
    disk.room = 1 << 40
    one.desk.obey(told(2, 30.0))
    one.play(520)
    goes_on_to_the_bit(one, tmp_path)
    one.journal.close()


def test_a_snapshot_on_its_way_stands_in_where_the_file_before_it_is_lost(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(260)
    full = next(file for file, name in disk.names.items() if name == "7.session")
    write = disk.write

    def refuse(file: int, data: memoryview) -> int:
        if file == full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, data)

    monkeypatch.setattr(disk, "write", refuse)
    one.desk.obey(told(1, 40.0))
    assert files(tmp_path) == ["7.session"]
    goes_on_to_the_bit(one, tmp_path)
    one.journal.close()


def test_what_the_system_takes_in_pieces_is_written_whole(tmp_path: Path, disk: Disk) -> None:
    disk.at_once = 1_000
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.desk.obey(told(1, 40.0))
    one.play(260)
    one.journal.sync()
    goes_on_to_the_bit(one, tmp_path)
    one.journal.close()


def test_a_folder_that_is_gone_costs_nothing_but_the_journal(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    one = Killed(folder)
    one.desk.obey(OPEN)
    shutil.rmtree(folder)
    one.play(300)
    one.journal.sync()
    assert one.desk.obey(Close(7)) == []
    assert one.desk.obey(OPEN) == []
    one.journal.close()


def test_a_snapshot_reaches_the_disk_before_it_has_the_name_and_the_name_before_the_next(
    tmp_path: Path, disk: Disk
) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.journal.sync()
    one.play(260)
    one.journal.sync()
    one.journal.sync()
    folder = tmp_path.name
    assert disk.asked == [
        "rename 7.new 7.session",  # which none had before
        "fsync 7.session",
        f"fsync {folder}",
        "fsync 7.new",
        "rename 7.new 7.session",
        f"fsync {folder}",
    ]
    del disk.asked[:]
    one.desk.obey(Close(7))
    one.journal.sync()
    assert disk.asked == [f"fsync {folder}"]
    one.journal.close()
    assert disk.names == {}


@pytest.mark.parametrize("refused", ["fsync", "rename"])
def test_what_does_not_reach_the_disk_is_tried_again(
    tmp_path: Path, disk: Disk, refused: str, caplog: pytest.LogCaptureFixture
) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.desk.obey(told(1, 40.0))
    one.play(260)
    disk.refused = {refused}
    one.journal.sync()
    one.journal.sync()
    assert caplog.text.count("does not reach the disk") == 1
    assert files(tmp_path) == ["7.session"], "a snapshot that may not be there does not take the place of one that is"
    goes_on_to_the_bit(one, tmp_path)
    disk.refused = set()
    del disk.asked[:]
    one.play(520)
    one.journal.sync()
    assert "rename 7.new 7.session" in disk.asked
    goes_on_to_the_bit(one, tmp_path)
    one.journal.close()
    assert disk.names == {}


def test_at_its_end_a_journal_is_on_the_disk(tmp_path: Path, disk: Disk) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(260)
    one.desk.obey(told(1, 40.0))
    one.desk.close()
    assert disk.asked[1:] == ["fsync 7.session", f"fsync {tmp_path.name}"]
    assert files(tmp_path) == ["7.session"]
    assert disk.names == {}
    goes_on_to_the_bit(one, tmp_path)


def test_what_is_repeated_is_not_written(tmp_path: Path) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    change = told(1, 3.0)
    assert one.desk.obey(change) == []
    size = (tmp_path / "7.session").stat().st_size
    for _ in range(3):
        [warning] = one.desk.obey(change)
        assert decode_server(warning.data).code == "repeated"
    assert (tmp_path / "7.session").stat().st_size == size
    one.journal.close()


def test_a_file_is_bounded_however_much_is_told_and_how_little_is_rendered(tmp_path: Path) -> None:
    """As long as not more waits at once than a snapshot holds."""
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    features = [{"id": f"{n:064}", "kind": "fire", "distance_m": 5.0, "azimuth_deg": 3.0} for n in range(16)]
    large = build.world({"rain_mm_h": 3.0}, {"features": features})
    for seq in range(1, 2_001):
        assert one.desk.obey(Tell(7, encode(build.restamp(large, seq)), seq)) == []
        if seq % 100 == 0:
            one.play(seq // 100)
            one.journal.sync()
    assert 2_000 * len(encode(large)) > 6 * SNAPSHOT_BYTES
    assert (tmp_path / "7.session").stat().st_size < 3 * SNAPSHOT_BYTES
    goes_on_to_the_bit(one, tmp_path)
    one.journal.close()


def test_what_is_written_while_a_snapshot_is_on_its_way_is_in_both_files(tmp_path: Path) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(260)
    one.desk.obey(told(1, 40.0))
    for name in ("7.session", "7.new"):
        records, _ = read((tmp_path / name).read_bytes())
        assert [type(record) for record in records].count(Told) == 1
    one.journal.close()


def test_a_session_of_the_same_number_begins_anew(tmp_path: Path) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(260)
    one.desk.obey(Close(7))
    assert files(tmp_path) == []
    one.desk.obey(Open(7, 9, "mono", "f32le", "live", 0.0))
    one.journal.sync()
    assert files(tmp_path) == ["7.session"]
    one.journal.close()


def test_a_snapshot_for_its_bytes_does_not_wait_for_the_hour(tmp_path: Path, disk: Disk) -> None:
    one = Journal(tmp_path, sync_every_s=3_600.0)
    one.begin(BEGUN)
    one.write(7, Told(0, 0, b"x" * SNAPSHOT_BYTES))
    assert one.wants_snapshot(7)
    is_renamed, rename = threading.Event(), disk.rename

    def note(path: Path, to: Path) -> None:
        rename(path, to)
        is_renamed.set()

    disk.rename = note  # type: ignore[method-assign]
    one.freeze(7, b"y")
    assert is_renamed.wait(60)
    one.close()
    assert (tmp_path / "7.session").stat().st_size < SNAPSHOT_BYTES
