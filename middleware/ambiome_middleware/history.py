"""The last token frames of a stream, in one contiguous array, so that a request for sound is a view of it."""

from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.tokens import LOOKBACK_STEPS, ROW_WIDTH, Row, silent_row


class TokenHistory:
    """Token frames of the steps [first_step, end_step), and with each the seq of the last change in effect.

    At least the last `keep_steps` are kept. Before step 0 there is silence. When the array is full, what is kept moves
    to a new one: a window that was handed out stays what it was, and appending costs the same in the long run however
    long the stream is.
    """

    def __init__(self, keep_steps: int = LOOKBACK_STEPS, lookback: int = LOOKBACK_STEPS) -> None:
        """Nothing but silence before step 0. `lookback`: how many steps back the sound of a step reaches."""
        self.keep_steps: Final = max(keep_steps, lookback)
        self.lookback: Final = lookback
        self._first_step = -lookback
        self._length = lookback
        self._rows = np.empty((2 * self.keep_steps, ROW_WIDTH), np.int16)
        self._applied = np.zeros(2 * self.keep_steps, np.int64)
        self._rows[:lookback] = silent_row()

    @classmethod
    def of(
        cls,
        rows: npt.NDArray[np.int16],
        applied: npt.NDArray[np.int64],
        first_step: int,
        keep_steps: int,
        lookback: int = LOOKBACK_STEPS,
    ) -> "TokenHistory":
        """A history that holds these rows, [n, ROW_WIDTH], the first of them that of `first_step`."""
        history = cls(keep_steps, lookback)
        history._first_step, history._length = first_step, 0
        history.reserve(len(rows), first_step)
        history._rows[: len(rows)], history._applied[: len(rows)] = rows, applied
        history._length = len(rows)
        return history

    @property
    def first_step(self) -> int:
        """The first step that is still held."""
        return self._first_step

    @property
    def end_step(self) -> int:
        """The step after the last one held."""
        return self._first_step + self._length

    def reserve(self, steps: int, from_step: int) -> None:
        """Make room for so many more rows, so that afterwards all from `from_step` on are held, if they are now."""
        if self._length + steps <= len(self._rows):
            return
        start = max(0, min(self._length - self.keep_steps, from_step - self._first_step))
        rows, applied = self._rows[start : self._length], self._applied[start : self._length]
        room = max(2 * self.keep_steps, len(rows) + steps)
        self._rows = np.empty((room, ROW_WIDTH), np.int16)
        self._applied = np.zeros(room, np.int64)
        self._rows[: len(rows)], self._applied[: len(rows)] = rows, applied
        self._first_step, self._length = self._first_step + start, len(rows)

    def append(self, row: Row, applied_seq: int) -> None:
        """Take the row of `end_step`, [ROW_WIDTH] int16."""
        if self._length == len(self._rows):
            self.reserve(1, self.end_step)
        self._rows[self._length] = row
        self._applied[self._length] = applied_seq
        self._length += 1

    def reaches(self, step: int) -> bool:
        """Whether the sound of `step` can be rendered from here: it is over, and so are the rows it looks back on."""
        return self.first_step <= step - self.lookback and step <= self.end_step

    def window(self, first_step: int, steps: int) -> npt.NDArray[np.int16]:
        """A view of the rows of [first_step − lookback, first_step + steps), [lookback + steps, ROW_WIDTH].

        ValueError where they are not held.
        """
        start = first_step - self.lookback - self._first_step
        end = start + self.lookback + steps
        if start < 0 or end > self._length:
            raise ValueError(f"steps {first_step} to {first_step + steps} with what they look back on are not held")
        return self._rows[start:end]

    def row(self, step: int) -> Row:
        """The row of one step, [ROW_WIDTH] int16."""
        row: Row = self._rows[step - self._first_step]
        return row

    def applied_seq(self, step: int) -> int:
        """The seq of the last change in effect at `step`."""
        return int(self._applied[step - self._first_step])

    def kept(self) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int64], int]:
        """All that is promised to be kept: rows, the seqs with them, and the first row's step."""
        start = max(0, self._length - self.keep_steps)
        end = self._length
        return self._rows[start:end], self._applied[start:end], self._first_step + start
