"""Admission: how many live sessions are let in, and to which worker, by what was measured and what is not yet known."""

from itertools import pairwise

from ambiome_middleware.admission import (
    FRONT_GUESS,
    GUESSES,
    LOOKS,
    MEASURABLE,
    NEURAL_LOAD,
    RETRY_S,
    RETRY_SOON_S,
    Admission,
)
from ambiome_middleware.wire import Load
from ambiome_protocol.lists import RendererName
from ambiome_protocol.messages import Hello

MOST = 0.8
LIVE, FREE, NEURAL = Hello(version="1.0"), Hello(version="1.0", pace="free"), Hello(version="1.0", renderer="neural")


def load(worker: int = 0, *, streams: float = 0, busy: float = 0, neural: float = 0, busy_neural: float = 0,
         quality: int = 0) -> Load:  # fmt: skip
    return Load(
        worker, round(streams + neural), 0, 0, busy + busy_neural, busy + busy_neural, 1, 1, 1, 0, 0, 0.1, 0.1, {},
        quality=quality, busy_neural=busy_neural, streams=streams, neural_streams=neural,
    )  # fmt: skip


def enter(admission: Admission, hello: Hello, most: int) -> list[int]:
    """The workers of those who are let in, of so many."""
    found: list[int] = []
    while len(found) < most and (worker := admission.place(hello)) is not None:
        admission.give(worker, hello)
        found.append(worker)
    return found


def settled(admission: Admission, *loads: Load) -> None:
    """Nobody came for some looks on end."""
    for each in loads * LOOKS:
        admission.loaded(each)


def test_of_a_crowd_at_once_only_so_many_are_let_in_as_are_sure_to_be_borne_and_the_others_little_by_little():
    admission = Admission([0], MOST)
    first = len(enter(admission, LIVE, 1_000))
    assert first == int(MOST / GUESSES["procedural"])
    again = sorted(admission.retry_s() for _ in range(100))
    assert RETRY_SOON_S[0] <= again[0] < again[-1] <= RETRY_SOON_S[1]
    assert max(later - sooner for sooner, later in pairwise(again)) <= 0.11, "not all at once again"
    cost, there, looks = 0.005, first, 0
    while there < MOST / cost - 1:
        admission.loaded(load(streams=there, busy=cost * there))
        there += len(enter(admission, LIVE, 1_000))
        assert cost * there <= MOST
        looks += 1
    assert 2 < looks < 20
    settled(admission, load(streams=there, busy=cost * there))
    there += len(enter(admission, LIVE, 5))
    assert MOST - cost < cost * there <= MOST
    settled(admission, load(streams=there, busy=cost * there))
    assert RETRY_S[0] <= min(again := [admission.retry_s() for _ in range(9)]) < max(again) <= RETRY_S[1]


def test_those_who_came_in_the_middle_of_a_look_do_not_make_others_look_cheap():
    admission = Admission([0], MOST)
    enter(admission, LIVE, 30)
    admission.loaded(load(streams=1, busy=0.02))  # most of them have hardly begun
    assert len(enter(admission, LIVE, 1_000)) < 10


def test_a_crowd_that_is_cheap_at_first_is_not_let_in_beyond_what_it_will_cost_later():
    admission = Admission([0], MOST)
    cost, young_cost, came = 0.0065, 0.0055, [len(enter(admission, LIVE, 1_000))]
    for _ in range(30):
        there, young = sum(came), sum(came[-2:])
        admission.loaded(load(streams=there - came[-1] / 2, busy=cost * (there - young) + young_cost * young))
        came.append(len(enter(admission, LIVE, 1_000)))
        assert cost * sum(came) <= MOST
    assert cost * sum(came) > MOST - 2 * cost


def test_a_worker_takes_as_many_as_it_was_measured_to_bear():
    admission = Admission([0], MOST)
    enter(admission, LIVE, 20)
    settled(admission, load(streams=20, busy=0.65))
    assert len(enter(admission, LIVE, 1_000)) == 4
    assert admission.place(FREE) == 0, "free ones are never refused for want of time"
    admission.loaded(load(streams=20, busy=0.65))
    assert enter(admission, LIVE, 9) == [], "those of before may have begun in the middle of it"
    admission.loaded(load(streams=24, busy=0.4))
    assert len(enter(admission, LIVE, 1_000)) == 3, "a moment of calm is none"
    settled(admission, load(streams=27, busy=0.4))
    assert len(enter(admission, LIVE, 1_000)) == 27, "what it does of late counts, not what it did"


def test_a_worker_that_spares_its_listeners_something_takes_no_others():
    admission = Admission([0], MOST)
    enter(admission, LIVE, 20)
    settled(admission, load(streams=20, busy=0.3, quality=1))
    assert enter(admission, LIVE, 9) == []
    assert admission.retry_s() >= RETRY_S[0]


def test_very_few_are_let_in_whatever_the_machine_does_but_at_its_end():
    admission = Admission([0], MOST)
    enter(admission, LIVE, 3)
    settled(admission, load(streams=3, busy=0.95, quality=1))
    assert len(enter(admission, LIVE, 100)) == MEASURABLE - 3
    admission = Admission([0], MOST)
    enter(admission, LIVE, 3)
    settled(admission, load(streams=3, busy=0.95, quality=3))
    assert enter(admission, LIVE, 100) == []


def test_who_leaves_makes_room_also_among_those_who_just_came():
    admission = Admission([0], MOST)
    for _ in range(1_000):
        assert enter(admission, LIVE, 1) == [0]
        admission.take(0, LIVE)
    assert admission.load == {0: 0}


def test_a_live_session_goes_to_the_worker_that_will_be_the_least_busy():
    admission = Admission([0, 1], MOST)
    enter(admission, LIVE, 20)
    settled(admission, load(0, streams=10, busy=0.79), load(1, streams=10, busy=0.2))
    found = enter(admission, LIVE, 100)
    assert set(found) == {1}
    assert len(found) == 30
    assert admission.place(FREE) == 0, "by number"


def test_neural_sessions_are_measured_by_themselves():
    admission = Admission([0], MOST)
    assert len(enter(admission, NEURAL, 100)) == int(MOST / GUESSES["neural"])
    assert admission.load == {0: 4 * NEURAL_LOAD}
    settled(admission, load(neural=4, busy_neural=0.06))
    assert len(enter(admission, NEURAL, 100)) == 49
    admission = Admission([0], MOST)
    enter(admission, LIVE, 20)
    settled(admission, load(streams=20, busy=0.65))
    kinds: list[RendererName] = [hello.renderer for hello in (NEURAL, LIVE) if enter(admission, hello, 1)]
    assert kinds == ["procedural"]


def test_the_front_bounds_a_crowd_too():
    admission = Admission([0], MOST)
    let_in = 0
    while admission.has_front_room():
        admission.come(is_live=True)
        let_in += 1
    assert let_in == int(MOST / FRONT_GUESS)
    for _ in range(2):
        admission.front_loaded(0.3, frames_per_s=25.0 * let_in)
    assert admission.has_front_room()
    for _ in range(2):
        admission.front_loaded(MOST, frames_per_s=25.0 * let_in)
    assert not admission.has_front_room()
    for _ in range(LOOKS):
        admission.front_loaded(0.9, frames_per_s=25.0 * 4 * let_in)
    assert admission.has_front_room(), "it is free ones that keep it busy"
