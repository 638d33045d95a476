"""The history of token frames: a window is a view of what was appended, however long ago, as long as it is kept."""

import numpy as np
import pytest
from ambiome_middleware.history import TokenHistory
from ambiome_middleware.tokens import LOOKBACK_STEPS, ROW_WIDTH, silent_row


def row(step: int) -> np.ndarray:
    return np.full(ROW_WIDTH, step % 30_000, np.int16)


def filled(steps: int, keep_steps: int = 300) -> TokenHistory:
    history = TokenHistory(keep_steps)
    for step in range(steps):
        history.append(row(step), applied_seq=step // 2)
    return history


def test_before_the_first_step_there_is_silence():
    window = filled(2).window(0, 2)
    assert window.shape == (LOOKBACK_STEPS + 2, ROW_WIDTH)
    assert (window[:LOOKBACK_STEPS] == silent_row()).all()
    assert window[LOOKBACK_STEPS:, 0].tolist() == [0, 1]


@pytest.mark.parametrize("steps", [1, 49, 50, 51, 300, 349, 350, 351, 5_000])
def test_a_window_holds_what_was_appended_wherever_the_array_was_moved(steps):
    history = filled(steps)
    first = max(0, steps - 50)
    expected = [step for step in range(first - LOOKBACK_STEPS, steps) if step >= 0]
    assert history.window(first, steps - first)[-len(expected) :, 3].tolist() == expected
    assert [history.applied_seq(step) for step in range(first, steps)] == [step // 2 for step in range(first, steps)]


def test_a_window_is_no_copy_and_stays_as_it_is_when_the_history_goes_on():
    history = filled(10)
    window = history.window(0, 10)
    assert window.base is not None
    before = window.copy()
    for step in range(10, 3_000):
        history.append(row(step), 0)
    assert (window == before).all()


def test_it_reaches_back_as_far_as_is_promised_and_says_so():
    history = filled(5_000)
    assert history.reaches(5_000)
    assert history.reaches(5_000 - (300 - LOOKBACK_STEPS))
    assert not history.reaches(5_001)
    assert not history.reaches(0)
    with pytest.raises(ValueError, match="not held"):
        history.window(0, 1)


def test_memory_does_not_grow_with_the_stream():
    assert len(filled(20_000)._rows) == len(filled(1)._rows)
