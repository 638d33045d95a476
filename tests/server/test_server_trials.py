"""Trials: over whom a process died is found, and nobody else is blamed."""

from ambiome_middleware.trials import MOST_DEATHS, Trials


def trials_of(**deaths: int) -> Trials:
    """Sessions by letter, taken up and resumed in order."""
    trials = Trials()
    for name, count in deaths.items():
        trials.enter(ord(name), count)
        assert not trials.resume(ord(name))
    return trials


def chosen(trials: Trials, due: str) -> str:
    return "".join(chr(session) for session, _ in trials.begin(lambda session: chr(session) in due))


def test_those_without_a_death_are_tried_together_and_the_others_alone():
    trials = trials_of(a=1, b=0, c=0, d=2)
    assert chosen(trials, "") == ""
    assert chosen(trials, "abcd") == "bc"
    assert chosen(trials, "abcd") == "", "others are on trial"
    assert trials.passed(ord("b"))
    assert chosen(trials, "abcd") == ""
    assert trials.passed(ord("c"))
    assert not trials.passed(ord("c")), "it is like any other now"
    assert trials.begin(lambda session: True) == [(ord("a"), 1)]
    trials.leave(ord("a"))
    assert trials.begin(lambda session: True) == [(ord("d"), 2)]


def test_who_pauses_holds_up_nobody_and_is_not_blamed():
    trials = trials_of(a=1, b=1)
    assert chosen(trials, "ab") == "a"
    assert trials.pause(ord("a")) == 1
    assert chosen(trials, "ab") == "b"
    assert trials.pause(ord("a")) is None
    assert not trials.resume(ord("a")), "it is still to be tried"
    assert trials.passed(ord("b"))
    assert chosen(trials, "ab") == "a"
    assert trials.resume(ord("b"))


def test_of_many_sessions_the_one_that_kills_is_found_and_no_other_blamed():
    deaths, processes, is_over = dict.fromkeys("abcdefgh", 0), 1, False
    while not is_over:
        trials = trials_of(**{name: count for name, count in deaths.items() if count < MOST_DEATHS})
        is_over = True
        while names := chosen(trials, "abcdefgh"):
            deaths |= {name: deaths[name] + 1 for name in names}
            if "e" in names:
                processes, is_over = processes + 1, False
                break
            for name in names:
                trials.passed(ord(name))
                deaths[name] = 0
    assert deaths == dict.fromkeys("abcdfgh", 0) | {"e": MOST_DEATHS}
    assert processes == 1 + MOST_DEATHS
