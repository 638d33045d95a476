"""Sessions that cannot go on: what was written down of them is kept, and it is said why."""

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import standin_killer
from ambiome_client import Ambience, AmbiomeError
from ambiome_middleware.journal import MOST_ASIDE
from ambiome_middleware.journal_file import MAGIC, Frozen, Told, Tried, packed, read
from ambiome_middleware.trials import MOST_DEATHS
from ambiome_middleware.wire import Ended, Pause, Restore, Resume, Resumed, Say
from ambiome_protocol.codec import decode_server
from killed import BEGUN, OPEN, Killed, told
from msgspec.structs import replace
from server_process import ServerProcess

PATH, ASIDE = "7.session", "7.session.aside"


def died(folder: Path, steps: int) -> None:
    one = Killed(folder)
    one.desk.obey(OPEN)
    one.desk.obey(told(1, 9.0))
    one.play(steps)
    one.journal.sync()


def is_kept(folder: Path, written: bytes) -> bool:
    return (folder / ASIDE).read_bytes() == written and not (folder / PATH).exists()


@pytest.mark.parametrize("steps", [100, 300])
def test_another_version_of_the_sound_does_not_go_on_with_or_without_a_snapshot(
    tmp_path: Path, steps: int, caplog: pytest.LogCaptureFixture
) -> None:
    died(tmp_path, steps)
    written = (tmp_path / PATH).read_bytes()
    other = Killed(tmp_path, sound_version=8)
    assert other.desk.obey(Restore(7)) == [Ended(7)]
    assert is_kept(tmp_path, written)
    [line] = caplog.messages
    assert line == (
        "session 7 cannot go on: sound version 7 is not 8, which this process renders; its file is kept as "
        "7.session.aside"
    )
    other.journal.close()


@pytest.mark.parametrize(
    ("begun", "why"),
    [
        (replace(BEGUN, table=(*BEGUN.table, ("lava", 4, "linear"))), "column 'lava' is not in"),
        (
            replace(BEGUN, weights="0123456789abcdef", order=replace(OPEN, renderer="neural")),
            "with weights 0123456789abcdef; this process has none",
        ),
        (replace(BEGUN, is_frozen=True), "it breaks off within its snapshot"),
    ],
)
def test_what_begins_otherwise_does_not_go_on(
    tmp_path: Path, begun: object, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    frozen = packed(Frozen(b"x" * 100))
    written = MAGIC + packed(begun) + frozen[:-1]  # type: ignore[arg-type]
    (tmp_path / PATH).write_bytes(written)
    other = Killed(tmp_path)
    assert other.desk.obey(Restore(7)) == [Ended(7)]
    assert (tmp_path / ASIDE).exists()
    assert why in caplog.text
    other.journal.close()


def test_a_machine_that_wants_for_something_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    died(tmp_path, 300)
    written = (tmp_path / PATH).read_bytes()

    def no_more_files(path: Path) -> bytes:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", no_more_files)
        other = Killed(tmp_path)
        assert other.desk.obey(Restore(7)) == [Ended(7)]
    assert is_kept(tmp_path, written)
    other.journal.close()


def test_of_a_session_of_which_nothing_stands_nothing_is_kept(tmp_path: Path) -> None:
    other = Killed(tmp_path)
    assert other.desk.obey(Restore(9)) == [Ended(9)]
    assert list(tmp_path.iterdir()) == []
    other.journal.close()


def test_no_more_than_so_many_files_are_kept_aside(tmp_path: Path) -> None:
    for n in range(100, 100 + MOST_ASIDE):
        path = tmp_path / f"{n}.session.aside"
        path.write_bytes(b"")
        os.utime(path, (n, n))
    (tmp_path / PATH).write_bytes(b"nothing of ours")
    other = Killed(tmp_path)
    other.desk.obey(Restore(7))
    names = {path.name for path in tmp_path.iterdir()}
    assert len(names) == MOST_ASIDE
    assert ASIDE in names
    assert "100.session.aside" not in names
    other.journal.close()


def deaths(folder: Path) -> int:
    records, _ = read((folder / PATH).read_bytes())
    return [record.deaths for record in records if isinstance(record, Tried)][-1]


def resumed(folder: Path, step: int) -> Killed:
    one = Killed(folder)
    assert one.desk.obey(Restore(7)) == []
    assert isinstance(one.desk.obey(Resume(7, 1, step))[0], Resumed)
    one.heard = {step - 1: b""}
    return one


def test_a_session_that_kills_what_renders_it_is_not_taken_up_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    died(tmp_path, 300)

    class Dies(BaseException):
        """As if the process was gone."""

    def die(self: object) -> list[object]:
        raise Dies

    for count in range(1, MOST_DEATHS + 1):
        one = resumed(tmp_path, 300)
        assert deaths(tmp_path) == count - 1, "who is only taken up is not blamed"
        with monkeypatch.context() as patch:
            patch.setattr(type(one.desk.engine), "turn", die)
            with pytest.raises(Dies):
                one.play(301)
        assert deaths(tmp_path) == count
    last = Killed(tmp_path)
    [told_client, ended] = last.desk.obey(Restore(7))
    assert isinstance(told_client, Say)
    assert decode_server(told_client.data).code == "internal"
    assert isinstance(ended, Ended)
    assert "3 processes have died" in ended.fault
    assert (tmp_path / ASIDE).exists()
    assert "its file is kept as 7.session.aside" in caplog.text
    last.journal.close()


def test_who_is_rendered_or_pauses_is_blamed_no_more(tmp_path: Path) -> None:
    died(tmp_path, 300)
    with (tmp_path / PATH).open("ab") as file:
        file.write(packed(Tried(2)))
    one = resumed(tmp_path, 300)
    one.desk.obey(Pause(7))
    assert deaths(tmp_path) == 2
    one.desk.obey(Resume(7, 2, 300))
    one.play(301)
    assert deaths(tmp_path) == 0
    one.desk.obey(Pause(7))
    one.desk.obey(Resume(7, 3, 301))
    one.play(302)
    assert deaths(tmp_path) == 0
    one.journal.close()


def test_a_torn_end_is_cut_off_before_more_is_written(tmp_path: Path) -> None:
    died(tmp_path, 100)
    with (tmp_path / PATH).open("ab") as file:
        file.write(packed(Told(1, 2, b"x" * 90))[:-1])
    one = resumed(tmp_path, 100)
    one.play(101)
    records, end = read((tmp_path / PATH).read_bytes())
    assert records[-1] == Tried(0)
    assert end == (tmp_path / PATH).stat().st_size
    one.journal.close()


def test_a_session_that_kills_its_worker_is_found_and_the_other_goes_on(
    start: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    server = start(workers=1, sound="standin_killer", journal=str(tmp_path)).started()
    with Ambience(server.address, seed=1, pace="free", timeout_s=60.0) as good:
        bad = Ambience(server.address, seed=standin_killer.SEED, pace="free", timeout_s=60.0)

        def run() -> None:
            with pytest.raises(AmbiomeError):
                bad.run_until(4)

        ends = threading.Thread(target=run)
        ends.start()
        give_up_s, played_s = time.monotonic() + 120.0, 0
        while not list(tmp_path.glob("*.aside")) and time.monotonic() < give_up_s:
            played_s += 1
            good.run_until(played_s)
        good.run_until(played_s + 4)
        bad.close()
        ends.join()
    _, _, errors = server.stop()
    # Frames that were rendered just before and are lost with the process are rendered once more: then nobody is blamed.
    assert errors.count("died (exit code") >= 1 + MOST_DEATHS
    assert "3 processes have died over it" in errors
