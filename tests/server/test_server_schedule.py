"""When a change takes effect: the table at the head of `schedule`, row by row."""

import pytest
from ambiome_middleware.schedule import Schedule, earliest_step
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_PENDING
from ambiome_protocol.messages import Event, EventMessage
from msgspec import UNSET


def change(seq: int, at: float | None = None) -> EventMessage:
    return EventMessage(seq=seq, at=UNSET if at is None else at, event=Event(kind="splash"))


@pytest.mark.parametrize(
    ("pace", "next_step", "credit", "earliest"),
    [("live", 40, 42, 40), ("live", 40, 40, 40), ("free", 40, 250, 250), ("free", 0, 0, 0), ("free", 40, 40, 40)],
)
def test_a_live_change_is_heard_at_once_and_a_free_one_after_what_is_granted(pace, next_step, credit, earliest):
    assert earliest_step(pace, next_step, credit) == earliest


@pytest.mark.parametrize(
    ("at", "step"),
    [(None, 10), (0.0, 10), (0.4, 10), (0.41, 11), (0.44, 11), (0.28, 10), (0.48, 12), (1e9, 25_000_000_000)],
)
def test_a_time_is_rounded_up_to_a_step_and_never_lies_before_the_earliest(at, step):
    assert Schedule().put(change(1, at), earliest=10) == step


def test_changes_come_at_their_steps_and_equal_steps_in_order_of_arrival():
    schedule = Schedule()
    for seq, at in ((1, 2.0), (2, None), (3, 1.0), (4, 2.0), (5, None)):
        schedule.put(change(seq, at), earliest=5)
    heard = {step: [c.seq for c in schedule.take(step)] for step in range(60)}
    assert {step: seqs for step, seqs in heard.items() if seqs} == {5: [2, 5], 25: [3], 50: [1, 4]}
    assert len(schedule) == 0


def test_what_waits_can_be_put_into_another_schedule_in_the_same_order():
    schedule = Schedule()
    for seq, at in ((1, 2.0), (2, 1.0), (3, 2.0)):
        schedule.put(change(seq, at), earliest=0)
    other = Schedule.of(schedule.waiting())
    other.put(change(4, 2.0), earliest=0)
    assert [c.seq for c in other.take(100)] == [2, 1, 3, 4]


def test_one_change_too_many_is_refused_and_the_others_stay():
    schedule = Schedule()
    for seq in range(1, MAX_PENDING + 1):
        schedule.put(change(seq, 9.0), earliest=0)
    with pytest.raises(ProtocolError) as caught:
        schedule.put(change(5_000), earliest=0)
    assert (caught.value.code, caught.value.seq) == ("at_limit", 5_000)
    assert len(schedule.take(225)) == MAX_PENDING
