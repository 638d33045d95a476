"""Driving: everything is told at its time, and every frame is read once."""

from collections.abc import Iterator

import numpy as np
import pytest
from ambiome_protocol.audio import Samples
from ambiome_protocol.messages import Change
from ambiome_protocol.steps import step_at
from ambiome_sim import demo_day, drive, run


class Listener:
    """A free ambience that notes what it is told, and when."""

    def __init__(self) -> None:
        self.step = self.granted_step = 0
        self.heard: list[tuple[int, Change]] = []

    def tell(self, change: Change) -> int:
        self.heard.append((self.granted_step, change))
        return len(self.heard)

    def grant(self, until_s: float) -> None:
        self.granted_step = max(self.granted_step, step_at(until_s))

    def __iter__(self) -> Iterator[Samples]:
        while self.step < self.granted_step:
            self.step += 1
            yield np.full((2, 1920), self.step - 1, np.float32)


@pytest.mark.parametrize("seconds", [5, 7.77, 20, 180])
def test_every_frame_once_and_every_message_at_its_step(seconds: float) -> None:
    listener, course = Listener(), run(demo_day(2, seconds))
    driven = drive(demo_day(2, seconds), listener)
    frames = [int(frame[0, 0]) for frame in driven]
    assert frames == list(range(step_at(seconds)))
    assert [change for _, change in listener.heard] == list(course.score) == list(driven.score)
    assert all(step_at(change.at) == granted for granted, change in listener.heard)
    assert driven.events == course.events


def test_progress_rises_to_one() -> None:
    heard: list[float] = []
    for _ in drive(demo_day(2, 20), Listener(), heard.append):
        pass
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 20


def test_what_happened_is_known_as_far_as_it_was_read() -> None:
    driven = drive(demo_day(2, 180), Listener())
    for _, _ in zip(range(25 * 40), driven, strict=False):
        pass
    assert driven.events
    assert all(event.at_s <= 40 for event in driven.events)
