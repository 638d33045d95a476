"""What waits in a worker: each session gets its turn, however much another sends."""

from ambiome_middleware.inbox import SHARE, Inbox
from ambiome_middleware.wire import Ask, Close, Grant, Open, Pause, Tell
from ambiome_protocol.codec import decode_server
from ambiome_protocol.limits import MAX_QUESTIONS, MAX_UNREAD

OPEN = Open(1, 5, "stereo", "f32le", "live", 0.0)


def turns(inbox: Inbox) -> list[list]:
    """What each turn takes, until nothing waits."""
    taken = []
    while inbox:
        taken.append(list(inbox.take()))
    return taken


def test_what_one_session_sends_is_taken_in_its_order():
    inbox = Inbox()
    orders = [OPEN, Tell(1, b"a", 1), Grant(1, 2, 0, 0), Tell(1, b"b", 2), Pause(1)]
    assert inbox.put(orders[:3]) == []
    assert inbox.put(orders[3:]) == []
    assert len(inbox) == 5
    assert turns(inbox) == [orders]


def test_who_sends_without_end_delays_another_by_no_more_than_a_turn():
    inbox = Inbox()
    flood = [Tell(1, b"x", seq) for seq in range(1, 3 * SHARE + 1)]
    inbox.put([*flood, Grant(2, 1, 0, 0)])
    first, *later = turns(inbox)
    assert first == [*flood[:SHARE], Grant(2, 1, 0, 0)]
    assert later == [flood[SHARE : 2 * SHARE], flood[2 * SHARE :]]


def test_one_question_of_a_session_is_answered_in_a_turn_and_nothing_else_waits_for_it():
    inbox = Inbox()
    inbox.put([Ask(1, 1), Ask(1, 2), Grant(1, 5, 0, 0), Ask(2, 7), Ask(1, 3), Tell(1, b"x", 4)])
    assert len(inbox) == 6
    assert turns(inbox) == [[Grant(1, 5, 0, 0), Tell(1, b"x", 4), Ask(1, 1), Ask(2, 7)], [Ask(1, 2)], [Ask(1, 3)]]


def test_a_question_sees_all_that_was_told_before_it():
    inbox = Inbox()
    changes = [Tell(1, b"x", seq) for seq in range(1, 2 * SHARE + 2)]
    inbox.put([*changes[: SHARE + 1], Ask(1, 900), *changes[SHARE + 1 :], Ask(1, 901)])
    first, second, third = turns(inbox)
    assert first == changes[:SHARE]
    assert second == [*changes[SHARE : 2 * SHARE], Ask(1, 900)]
    assert third == [changes[-1], Ask(1, 901)]


def test_more_than_may_wait_is_refused_by_its_seq_and_others_are_not_concerned():
    inbox = Inbox()
    assert inbox.put([OPEN, *(Tell(1, b"x", seq) for seq in range(1, MAX_UNREAD))]) == []
    refusals = inbox.put([Tell(1, b"x", 9_000), Ask(1, 9_001), Grant(1, 3, 0, 0), Grant(2, 1, 0, 0), Pause(1)])
    assert [refusal.session for refusal in refusals] == [1, 1]
    errors = [decode_server(refusal.data) for refusal in refusals]
    assert [(error.code, error.seq) for error in errors] == [("at_limit", 9_000), ("at_limit", 0)]
    taken = [order for turn in turns(inbox) for order in turn]
    assert (len(taken), taken[0], taken[-2:]) == (MAX_UNREAD + 3, OPEN, [Ask(1, 9_001), Pause(1)])
    assert Grant(2, 1, 0, 0) in taken


def test_of_too_many_questions_they_alone_are_refused():
    inbox = Inbox()
    refusals = inbox.put(Ask(1, seq) for seq in range(1, MAX_QUESTIONS + 3))
    errors = [decode_server(refusal.data) for refusal in refusals]
    wanted = f"{MAX_QUESTIONS} questions not answered"
    assert [(error.code, error.seq, error.allowed) for error in errors] == [
        ("at_limit", MAX_QUESTIONS + 1, wanted),
        ("at_limit", MAX_QUESTIONS + 2, wanted),
    ]
    others = [Tell(1, b"x", 9), Grant(1, 5, 0, 0)]
    assert inbox.put([*others, Ask(2, 1)]) == []
    assert turns(inbox)[0] == [*others, Ask(1, 1), Ask(2, 1)]


def test_what_is_closed_needs_nothing_of_what_waited():
    inbox = Inbox()
    inbox.put([Tell(1, b"x", 1), Ask(1, 2), Close(1), Ask(2, 1)])
    assert turns(inbox) == [[Close(1), Ask(2, 1)]]
