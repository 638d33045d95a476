"""The workers as processes: what befalls one costs the server nothing else."""

import subprocess

import pytest
from ambiome_middleware import crew as crew_module
from ambiome_middleware.crew import RESTART_AFTER_S, Crew, Parts


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


def test_a_dead_worker_is_started_again_a_little_later(started):
    crew = Crew(1, "ipc://somewhere", Parts(device="cpu"))
    crew.start()
    assert crew.dead(10.0) == [0]
    assert crew.dead(10.0 + 0.9 * RESTART_AFTER_S) == []
    assert len(started) == 1
    crew.dead(10.0 + RESTART_AFTER_S)
    assert len(started) == 2


def test_a_worker_that_cannot_be_started_again_is_tried_later_and_the_server_goes_on(started, caplog):
    crew = Crew(1, "ipc://somewhere", Parts(device="cpu"))
    crew.start()
    assert crew.dead(10.0) == [0]
    started.append(OSError(24, "Too many open files"))
    assert crew.dead(12.0) == []
    assert "Too many open files" in caplog.text
    assert crew.dead(12.5) == []
    assert len(started) == 1
    crew.dead(12.0 + RESTART_AFTER_S)
    assert len(started) == 2
