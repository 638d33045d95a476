"""How busy a loop is, by a clock of paper."""

from ambiome_middleware.busyness import Busyness


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_what_is_not_waited_is_work_and_each_second_counts_anew() -> None:
    clock = Clock()
    busyness = Busyness(clock)
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
