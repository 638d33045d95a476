"""How busy a loop is, by a clock of paper."""

import pytest
from ambiome_middleware.busyness import Busyness


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_what_is_not_waited_is_work_and_each_second_counts_anew() -> None:
    clock = Clock()
    busyness = Busyness(clock, clock)
    with busyness.waiting():
        clock.now_s += 0.5
    assert busyness.look() is None
    clock.now_s += 0.75
    assert busyness.look() == (1.25, 0.6)
    clock.now_s += 1.0
    assert busyness.look() == (1.0, 1.0)
    with busyness.waiting():
        clock.now_s += 2.0
    assert busyness.look() == (2.0, 0.0)


def test_who_stood_still_was_not_at_work_for_it() -> None:
    clock, cpu = Clock(), Clock()
    busyness = Busyness(clock, cpu)
    clock.now_s += 1.6  # stopped for 1.5 s, and then at work for 0.1 s
    cpu.now_s += 0.1
    with busyness.waiting():
        clock.now_s += 0.4
    assert busyness.look() == pytest.approx((2.0, 0.05))
    clock.now_s += 1.0  # at work, with a third of a core
    cpu.now_s += 0.33
    assert busyness.look() == pytest.approx((1.0, 1.0))
    for _ in range(5):  # a core is waited for again and again, as where there are many for one
        clock.now_s += 0.2
        busyness.turn()
    assert busyness.look() == pytest.approx((1.0, 1.0))


def test_a_turn_that_was_work_is_not_spared_by_the_next_that_stood_still() -> None:
    clock, cpu = Clock(), Clock()
    busyness = Busyness(clock, cpu)
    clock.now_s += 1.0
    cpu.now_s += 1.0
    busyness.turn()
    clock.now_s += 1.0
    assert busyness.look() == pytest.approx((2.0, 0.5))
