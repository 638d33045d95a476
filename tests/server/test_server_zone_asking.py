"""What members of a zone ask, and what its owners tell: the questions of one are no affair of the others."""

from ambiome_middleware.changes import MOST
from ambiome_middleware.wire import Ask, Grant, Restore, Resume, Resumed, Say, Tell
from ambiome_protocol.codec import decode_client, encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_QUESTIONS
from ambiome_protocol.messages import (
    ClientBye,
    Error,
    Explain,
    Frame,
    Hello,
    SceneReport,
    Weather,
    World,
    WorldMessage,
)
from zone_members import ZONE, Tavern


def rain(seq: int, at: float | None = None) -> WorldMessage:
    world = World(weather=Weather(rain_mm_h=8))
    return WorldMessage(seq=seq, world=world) if at is None else WorldMessage(seq=seq, world=world, at=at)


def opened(*members: bytes, **options) -> Tavern:
    """A zone with these members; the first opened it, the others have its key where they say so."""
    tavern = Tavern(**options)
    for member in members:
        tavern.join(member)
    tavern.taken_orders()
    return tavern


def answer(tavern: Tavern, number: int) -> None:
    """The zone's worker answers."""
    tavern.take(tavern.front.report(Say(ZONE, encode(SceneReport(step=4, seq=number))), tavern.now_s))


def answers(tavern: Tavern, peer: bytes) -> list[int]:
    return [message.seq for message in tavern.told[peer] if isinstance(message, SceneReport)]


def applied(tavern: Tavern, peer: bytes) -> list[int]:
    return [message.applied_seq for message in tavern.told[peer] if isinstance(message, Frame)]


# Questions.


def test_however_many_ask_one_question_is_put_at_a_time_and_answers_all_who_waited():
    tavern = opened(b"a", b"b", b"c")
    for seq in (5, 6):
        for peer in (b"a", b"b", b"c"):
            assert tavern.say(peer, Explain(seq=seq)) == []
    assert tavern.taken_orders() == [Ask(ZONE, 1)]
    answer(tavern, 1)
    assert tavern.taken_orders() == [Ask(ZONE, 2)]
    assert [answers(tavern, peer) for peer in (b"a", b"b", b"c")] == [[5], [], []]
    answer(tavern, 2)
    assert tavern.taken_orders() == []
    assert [answers(tavern, peer) for peer in (b"a", b"b", b"c")] == [[5, 6], [5, 6], [5, 6]]


def test_who_asks_too_much_is_told_so_and_nobody_else():
    tavern = opened(b"a", b"b")
    for seq in range(1, MAX_QUESTIONS + 1):
        assert tavern.say(b"b", Explain(seq=seq)) == []
    [error] = tavern.say(b"b", Explain(seq=99))
    assert (error.code, error.seq, error.allowed) == ("at_limit", 99, f"{MAX_QUESTIONS} questions not answered")
    assert tavern.say(b"a", Explain(seq=7)) == []
    answer(tavern, 1)
    assert tavern.say(b"b", Explain(seq=100)) == [], "one has been answered"
    assert tavern.say(b"b", Explain(seq=101))[0].code == "at_limit"
    answer(tavern, 2)
    answer(tavern, 3)
    assert (answers(tavern, b"a"), answers(tavern, b"b")) == ([7], [*range(1, MAX_QUESTIONS + 1), 100])


def test_a_question_that_follows_a_change_is_put_after_it():
    tavern = opened(b"a", b"b")
    tavern.say(b"b", Explain(seq=1))
    tavern.say(b"a", rain(1))
    tavern.say(b"a", Explain(seq=2))
    assert [type(order) for order in tavern.taken_orders()] == [Ask, Tell]
    answer(tavern, 1)
    assert (answers(tavern, b"a"), tavern.taken_orders()) == ([], [Ask(ZONE, 3)])
    answer(tavern, 3)
    assert answers(tavern, b"a") == [2]


def test_a_question_that_cannot_be_answered_is_refused_to_who_asked_it():
    tavern = opened(b"a", b"b")
    tavern.say(b"b", Explain(seq=5))
    fault = error_message(ProtocolError("internal", "...", seq=1))
    [error] = tavern.take(tavern.front.report(Say(ZONE, encode(fault)), 0.0), b"b")
    assert (error.code, error.seq) == ("internal", 5)
    assert not any(isinstance(message, Error) for message in tavern.told[b"a"])
    tavern.say(b"b", Explain(seq=6))
    assert tavern.taken_orders() == [Ask(ZONE, 1), Ask(ZONE, 2)]


def test_who_is_gone_is_not_answered_and_owes_nothing_when_it_is_back():
    tavern = opened(b"a", b"b", b"c")
    for seq in range(1, MAX_QUESTIONS + 1):
        tavern.say(b"b", Explain(seq=seq))
        tavern.say(b"c", Explain(seq=seq))
    tavern.take(tavern.front.unreachable(b"b", 0.0))
    tavern.say(b"c", ClientBye())
    tavern.say(b"d", Hello(version="1.0", resume=tavern.welcomes[b"b"].resume, next_step=0))
    assert tavern.say(b"d", Explain(seq=50)) == []
    assert tavern.taken_orders() == [Ask(ZONE, 1)]
    answer(tavern, 1)
    answer(tavern, 2)
    assert [answers(tavern, peer) for peer in (b"b", b"c", b"d")] == [[], [], [50]]


def test_a_question_that_died_with_the_worker_is_put_to_the_next():
    tavern = opened(b"a", is_written=True)
    tavern.say(b"a", Explain(seq=1))
    tavern.take(tavern.front.worker_lost(0, 0.0))
    tavern.say(b"b", Hello(version="1.0", resume=tavern.welcomes[b"a"].resume, next_step=0))
    tavern.say(b"b", Explain(seq=2))
    tavern.taken_orders()
    tavern.take(tavern.front.worker_ready(0))
    tavern.take(tavern.front.report(Resumed(ZONE, 1, 0, 0, ""), 0.0))
    assert tavern.taken_orders() == [Restore(ZONE), Resume(ZONE, 1, 0), Ask(ZONE, 2)]
    answer(tavern, 2)
    assert answers(tavern, b"b") == [2]


# Changes.


def test_a_members_questions_do_not_make_an_owners_change_forgotten():
    tavern = opened(b"a", b"b")
    tavern.say(b"a", rain(1, at=50.0))
    for seq in range(1, 7_001):
        tavern.front.receive(b"b", encode(Explain(seq=seq)), seq / 100)
        tavern.front.report(Say(ZONE, encode(SceneReport(step=4, seq=seq + 1))), seq / 100)
    tavern.grant(b"a", 1)
    tavern.render(1, applied_seq=1)
    assert applied(tavern, b"a") == [1]


def test_a_change_of_later_is_not_named_before_its_time_whatever_another_owner_tells():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    tavern.join(b"b", zone_key=key)
    tavern.say(b"a", rain(1, at=0.12))
    tavern.say(b"b", rain(1))
    for peer in (b"a", b"b"):
        tavern.grant(peer, 5)
    tavern.render(3, applied_seq=2)
    tavern.render(2, applied_seq=1)
    assert (applied(tavern, b"a"), applied(tavern, b"b")) == ([0, 0, 0, 1, 1], [1, 1, 1, 1, 1])


def test_of_changes_that_come_to_be_in_effect_together_each_owners_last_is_named():
    tavern = Tavern()
    key = tavern.join(b"a").zone_key
    tavern.join(b"b", zone_key=key)
    for seq in (1, 2):
        tavern.say(b"a", rain(seq))
        tavern.say(b"b", rain(10 * seq))
    for peer in (b"a", b"b"):
        tavern.grant(peer, 1)
    tavern.render(1, applied_seq=4)
    assert (applied(tavern, b"a"), applied(tavern, b"b")) == ([2], [20])


def test_more_changes_than_can_wait_are_refused_until_some_are_in_effect():
    tavern = opened(b"a")
    for seq in range(1, MOST + 1):
        assert tavern.say(b"a", rain(seq)) == []
    [error] = tavern.say(b"a", rain(MOST + 1))
    assert (error.code, error.seq) == ("at_limit", MOST + 1)
    tavern.grant(b"a", 1)
    tavern.render(1, applied_seq=1)
    assert tavern.say(b"a", rain(MOST + 1)) == [], "it was not received"
    assert applied(tavern, b"a") == [1]


def test_changes_that_died_with_the_worker_are_told_to_the_next():
    tavern = opened(b"a", is_written=True)
    for seq in (7, 8, 9):
        tavern.say(b"a", rain(seq))
    tavern.take(tavern.front.worker_lost(0, 0.0))
    tavern.say(b"b", Hello(version="1.0", resume=tavern.welcomes[b"a"].resume, next_step=0))
    tavern.grant(b"b", 1)
    tavern.taken_orders()
    tavern.take(tavern.front.worker_ready(0))
    tavern.take(tavern.front.report(Resumed(ZONE, 1, 0, 1, ""), 0.0))
    _, _, *again, grant = tavern.taken_orders()
    assert [(order.seq, decode_client(order.data).seq) for order in again] == [(2, 2), (3, 3)]
    assert grant == Grant(ZONE, 1, 0, 0)
    tavern.render(1, applied_seq=3)
    assert applied(tavern, b"b") == [9]
