"""The buffer of a live session that names none: how it follows the time that frames take."""

from ambiome_client.credit import CALM_STEPS, FEWEST_STEPS, MOST_CALM_STEPS, MOST_STEPS, Ledger


def buffers(ledger: Ledger, frames: int) -> set[int]:
    """How long the buffer was after each of so many frames that came in time."""
    seen = set()
    for _ in range(frames):
        ledger.read(ledger.buffer_steps - 2)
        seen.add(ledger.buffer_steps)
    return seen


def test_it_holds_one_more_after_an_underrun_and_no_more_than_three():
    ledger = Ledger("live")
    assert ledger.buffer_steps == MOST_STEPS == 3
    assert buffers(ledger, CALM_STEPS) == {2, 3}
    assert ledger.buffer_steps == FEWEST_STEPS == 2
    for underruns in range(1, 5):
        ledger.miss()
        assert (ledger.buffer_steps, ledger.underruns) == (MOST_STEPS, underruns)


def test_the_frame_more_is_granted_at_once():
    ledger = Ledger("live", arrived=9, is_read=True)
    buffers(ledger, CALM_STEPS)
    ledger.waiting = 0
    assert ledger.until_step == 10
    ledger.miss()
    assert ledger.until_step == 11


def test_it_holds_one_less_when_that_would_have_been_enough_for_long():
    ledger = Ledger("live")
    assert buffers(ledger, CALM_STEPS - 1) == {3}
    ledger.read(0)  # the next is not there yet: with a frame less, this might have been an underrun
    assert buffers(ledger, CALM_STEPS - 1) == {3}
    assert buffers(ledger, 1) == {2}


def test_to_hold_one_less_grants_nothing_for_a_frame_and_takes_nothing_back():
    ledger = Ledger("live")
    granted = []
    for step in range(CALM_STEPS + 10):
        ledger.arrived = max(ledger.arrived, ledger.sent)
        ledger.read(ledger.arrived - step - 1)
        ledger.due(0.0)
        granted.append(ledger.sent - step - 1)
    assert granted == [2] * (CALM_STEPS - 1) + [1] * 11


def test_who_holds_too_little_again_waits_longer_each_time():
    ledger = Ledger("live")
    waits = []
    for _ in range(7):
        ledger.miss()
        waits.append(next(n for n in range(1, 30_000) if buffers(ledger, 1) == {2}))
    assert waits == [CALM_STEPS << n for n in range(4)] + [MOST_CALM_STEPS] * 3


def test_a_buffer_that_was_asked_for_stays_as_it_is():
    for ledger in (Ledger("live", 5), Ledger("free"), Ledger("free", 7)):
        asked = ledger.buffer_steps
        ledger.miss()
        buffers(ledger, 2 * CALM_STEPS)
        assert ledger.buffer_steps == asked
