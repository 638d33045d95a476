"""A render worker as a process, with nothing but its socket: how its sessions share its turns."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq
from ambiome_middleware.journal_file import Begun, read
from ambiome_middleware.wire import FrameReport, Grant, Open, Order, Ready, Report, pack_orders, unpack_reports

SESSIONS = 16
PATIENCE_MS = 60_000


class Boss:
    """The front's end of a worker's socket."""

    process: "subprocess.Popen[bytes]"

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", endpoint: str) -> None:
        self.socket = context.socket(zmq.ROUTER)
        self.socket.set(zmq.LINGER, 0)
        self.socket.bind(endpoint)

    def order(self, *orders: Order) -> None:
        self.socket.send_multipart([b"0", pack_orders(orders)])

    def heard(self, wait_ms: int) -> list[Report]:
        """One message of the worker, if it comes."""
        return unpack_reports(self.socket.recv_multipart()[1]) if self.socket.poll(wait_ms) else []


@pytest.fixture
def boss(tmp_path: Path) -> Iterator[Boss]:
    endpoint = f"ipc://{tmp_path}/worker"
    command = [sys.executable, "-m", "ambiome_middleware.worker", endpoint, "0", "--device", "cpu"]
    with zmq.Context() as context:
        one = Boss(context, endpoint)
        one.process = subprocess.Popen(
            [*command, "--journal", str(tmp_path / "journal"), "--sound", "standin_sound", "--scene", "standin_scene"],
            stdin=subprocess.PIPE, cwd=Path(__file__).parent,
        )  # fmt: skip
        assert isinstance(one.heard(PATIENCE_MS)[0], Ready)
        yield one
        one.process.communicate(timeout=30)
        one.socket.close()


def frames_of(reports: list[Report]) -> int:
    return sum(isinstance(report, FrameReport) for report in reports)


def test_sessions_whose_credit_comes_one_by_one_share_a_turn(boss: Boss) -> None:
    boss.order(*(Open(session, session, "mono", "s16le", "live", 0.0) for session in range(SESSIONS)))
    boss.order(*(Grant(session, 1, 0, 0) for session in range(SESSIONS)))
    begun = 0
    while begun < SESSIONS:
        begun += frames_of(boss.heard(PATIENCE_MS))
    counts: list[int] = []
    for step in (2, 3, 4):
        for session in range(SESSIONS):
            boss.order(Grant(session, step, step - 1, 0))
            counts.append(frames_of(boss.heard(1)))
    while sum(counts) < 3 * SESSIONS:
        counts.append(frames_of(boss.heard(PATIENCE_MS)))
    assert sum(counts) == 3 * SESSIONS
    assert sum(map(bool, counts)) <= SESSIONS, "a turn for each would be three times as many"


def test_a_worker_that_is_told_to_end_puts_away_what_it_has_written_down(boss: Boss, tmp_path: Path) -> None:
    boss.order(Open(7, 7, "mono", "s16le", "live", 0.0), Grant(7, 1, 0, 0))
    while not frames_of(boss.heard(PATIENCE_MS)):
        pass
    boss.process.terminate()
    assert boss.process.wait(30) == 0
    records, _ = read((tmp_path / "journal" / "7.session").read_bytes())
    assert isinstance(records[0], Begun)
