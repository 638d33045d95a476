"""The journal: a session goes on to the bit after its process was killed, whatever of its file was still written."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from ambiome_client import Ambience
from ambiome_middleware.journal_file import MAGIC, Frozen, JournalError, Spared, Told, Tried, packed, read
from ambiome_middleware.journal_folder import survey
from ambiome_middleware.wire import Close, Restore, Resume, Resumed
from ambiome_protocol.limits import MAX_COUNT
from killed import BEGUN, OPEN, Killed, told
from real_server import RealServer

RECORDS = [BEGUN, Told(3, 5, b"one"), Frozen(b"x" * 300), Told(260, 262, b"two"), Spared(270, 2), Tried(1)]


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[int, bytes]:
    """What is heard of a session that is not interrupted."""
    one = Killed(tmp_path_factory.mktemp("wanted"))
    one.desk.obey(OPEN)
    for seq, until in enumerate((20, 300, 640, 700), 1):
        one.play(until)
        one.desk.obey(told(seq, 3.0 * seq))
    one.play(800)
    one.journal.close()
    return one.heard


@pytest.mark.parametrize(
    ("died_at", "synced_at"), [(0, 0), (10, 0), (21, 0), (310, 0), (310, 305), (655, 305), (760, 0), (760, 305)]
)
@pytest.mark.parametrize("lost", [0, 2])
def test_what_was_killed_goes_on_to_the_bit(
    tmp_path: Path, wanted: dict[int, bytes], died_at: int, synced_at: int, lost: int
) -> None:
    """`lost` frames were made and never arrived: the client asks for them once more. The snapshot of step 250 has taken
    the place of what was before it, or has not.
    """
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    plan = list(enumerate((20, 300, 640, 700), 1))
    while plan and plan[0][1] <= died_at:
        seq, until = plan.pop(0)
        one.play(until)
        one.desk.obey(told(seq, 3.0 * seq))
    one.play(min(died_at, synced_at))
    one.journal.sync()
    one.play(died_at)
    another = Killed(tmp_path)
    assert [order.session for order in survey(tmp_path).orders] == [7]
    assert another.desk.obey(Restore(7)) == []
    another.heard = {step: sound for step, sound in one.heard.items() if step < len(one.heard) - lost}
    first = len(another.heard)
    [resumed] = another.desk.obey(Resume(7, 1, first))
    assert isinstance(resumed, Resumed)
    assert (resumed.refusal, resumed.next_step) == ("", first)
    assert resumed.last_seq == 4 - len(plan)
    for seq, until in plan:
        another.play(until)
        another.desk.obey(told(seq, 3.0 * seq))
    another.play(800)
    late = {step for step in wanted if another.heard[step] != wanted[step]}
    assert not late, f"another sound from step {min(late)} on"
    one.journal.close()
    another.journal.close()


def test_a_file_that_ends_anywhere_is_read_as_far_as_it_is_whole() -> None:
    whole = MAGIC + b"".join(packed(record) for record in RECORDS)
    ends = [len(MAGIC) + sum(len(packed(record)) for record in RECORDS[:n]) for n in range(len(RECORDS) + 1)]
    for length in range(len(MAGIC), len(whole) + 1):
        count = sum(end <= length for end in ends) - 1
        assert read(whole[:length]) == (RECORDS[:count], ends[count])
    for at in range(len(MAGIC), len(whole), 7):
        spoilt = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        found, _ = read(spoilt)
        assert found == RECORDS[: len(found)], "what a checksum does not vouch for is not taken"
        assert len(found) < len(RECORDS)
    for other in (b"", b"something else", MAGIC[:-1], b"AMBIJRN1" + whole[8:]):
        with pytest.raises(JournalError):
            read(other)


def test_a_file_does_not_grow_and_is_gone_with_its_session(tmp_path: Path) -> None:
    one, sizes = Killed(tmp_path), []
    one.desk.obey(OPEN)
    path = tmp_path / "7.session"
    for n in range(1, 9):
        one.desk.obey(told(n, n))
        one.play(300 * n)
        one.journal.sync()
        sizes.append(path.stat().st_size)
    assert max(sizes) < 1.2 * sizes[0]
    assert path.stat().st_mode & 0o077 == 0, "who has the token has the session"
    one.desk.obey(Close(7))
    assert list(tmp_path.iterdir()) == []
    one.journal.close()


def test_a_client_cannot_send_a_restored_session_far_ahead(tmp_path: Path) -> None:
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(10)
    another = Killed(tmp_path)
    another.desk.obey(Restore(7))
    [resumed] = another.desk.obey(Resume(7, 1, 1_000_000))
    assert isinstance(resumed, Resumed)
    assert "1000000" in resumed.refusal
    one.journal.close()
    another.journal.close()


def test_of_a_session_whose_step_is_not_known_a_worker_says_where_it_stands(tmp_path: Path) -> None:
    """As the front asks when it takes up a zone of a server before."""
    one = Killed(tmp_path)
    one.desk.obey(OPEN)
    one.play(300)
    another = Killed(tmp_path)
    another.desk.obey(Restore(7))
    [unknown] = another.desk.obey(Resume(7, 1, MAX_COUNT))
    assert isinstance(unknown, Resumed)
    assert unknown.refusal
    [known] = another.desk.obey(Resume(7, 2, unknown.next_step))
    assert isinstance(known, Resumed)
    assert (known.refusal, known.next_step) == ("", unknown.next_step)
    assert 250 <= known.next_step <= 300
    one.journal.close()
    another.journal.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    with RealServer(workers=1, journal=tmp_path / "journal") as one:
        yield one


def heard(server: RealServer, steps: int, at: int, then: object) -> tuple[bytes, int]:
    """A free session's sound, something being done at a step; and how often it was reconnected."""
    with Ambience(server.address, seed=5, pace="free", timeout_s=60.0, buffer_steps=5) as ambience:
        ambience.world({"rain_mm_h": 9, "wind_m_s": 6}, {"biome": "temperate_forest"}, {"hour": 6}, cut=True)
        frames = []
        for step in range(steps):
            if step == at and callable(then):
                then()
            if step % 60 == 30:
                ambience.event("branch", distance_m=9.0)
            ambience.grant((step + 1) / 25)
            frames.append(ambience.read(1))
        return np.concatenate(frames, axis=1).tobytes(), ambience.reconnects


def test_a_server_that_is_killed_and_started_again_goes_on_at_the_exact_sample(server: RealServer) -> None:
    undisturbed, _ = heard(server, 400, -1, None)

    def kill() -> None:
        server.kill()
        threading.Thread(target=server.start).start()

    sound, reconnects = heard(server, 400, 330, kill)
    assert reconnects == 1
    assert sound == undisturbed


def test_a_zone_comes_back_with_its_name_its_key_and_its_world(server: RealServer) -> None:
    owner = Ambience(server.address, seed=5, zone="tavern", timeout_s=60.0)
    with owner, Ambience(server.address, zone="tavern", timeout_s=60.0) as guest:
        owner.world({"rain_mm_h": 9}, {"biome": "coast"}, cut=True)
        for _ in range(300):
            owner.read()
            guest.read()
        key = owner.zone_key
        assert key
        server.kill()
        server.start()
        owner.read(60)
        guest.read(60)
        assert (owner.reconnects, guest.reconnects) == (1, 1)
        assert (owner.zone_key, guest.zone_key, guest.seed) == (key, None, 5)
        assert owner.session.next_step > 200, "the zone's own steps go on"
        assert any(reason.parameter == "rain_mm_h" and reason.value > 5 for reason in guest.explain())


def test_a_worker_that_is_killed_takes_up_its_sessions(server: RealServer) -> None:
    undisturbed, _ = heard(server, 200, -1, None)

    def kill() -> None:
        [worker] = psutil.Process(server.process.pid).children()
        os.kill(worker.pid, signal.SIGKILL)

    sound, reconnects = heard(server, 200, 150, kill)
    assert reconnects >= 1
    assert sound == undisturbed
