"""The workers as processes: what befalls one costs the server nothing else."""

import subprocess

import pytest
from ambiome_middleware import crew as crew_module
from ambiome_middleware.crew import WELL_AFTER_S, Crew, Parts


class Dead:
    """A process that has died."""

    returncode = -9

    def poll(self) -> int:
        return self.returncode


@pytest.fixture
def started(monkeypatch) -> list:
    """Processes are not started but noted; where a fault is at the end of the list, it is raised instead."""
    noted: list = []

    def start(command, **options):
        if noted and isinstance(noted[-1], OSError):
            raise noted.pop()
        noted.append(command)
        return Dead()

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(crew_module, "gpus", lambda: ())
    return noted


def test_who_dies_again_and_again_is_started_again_ever_later(started):
    crew, now_s, waits = Crew(1, "ipc://somewhere", Parts(device="cpu")), 10.0, []
    crew.start()
    assert crew.dead(now_s) == [0]
    for _ in range(9):
        died_s = now_s
        now_s += 0.25
        while not crew.dead(now_s):
            now_s += 0.25
        waits.append(now_s - died_s)
    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0]


def test_a_worker_that_has_run_well_for_a_minute_begins_anew(started, monkeypatch):
    crew = Crew(1, "ipc://somewhere", Parts(device="cpu"))
    crew.start()
    for now_s in (10.0, 10.25, 10.75):
        assert crew.dead(now_s) == [0]
    monkeypatch.setattr(Dead, "returncode", None)
    for now_s in (11.75, 20.0):
        assert crew.dead(now_s) == []
    monkeypatch.setattr(Dead, "returncode", -9)
    assert crew.dead(11.75 + WELL_AFTER_S) == [0]
    assert len(started) == 4
    crew.dead(12.0 + WELL_AFTER_S)
    assert len(started) == 5, "at once"


def test_a_worker_that_cannot_be_started_again_is_tried_later_and_the_server_goes_on(started, caplog):
    crew = Crew(1, "ipc://somewhere", Parts(device="cpu"))
    crew.start()
    assert crew.dead(10.0) == [0]
    started.append(OSError(24, "Too many open files"))
    assert crew.dead(12.0) == []
    assert "Too many open files" in caplog.text
    assert crew.dead(12.25) == []
    assert len(started) == 1
    crew.dead(12.5)
    assert len(started) == 2
