"""What a sound card plays of a live session: it never waits, so what is not there is silence between two fades."""

from typing import Final

import numpy as np
from ambiome_protocol.audio import Samples
from ambiome_protocol.face import Face
from ambiome_protocol.steps import STEP_SAMPLES, STEPS_PER_S

FADE_OUT_SAMPLES: Final = 480
FADE_IN_SAMPLES: Final = 960
_FADE_OUT: Final = np.linspace(1.0, 0.0, FADE_OUT_SAMPLES, dtype=np.float32)
_FADE_IN: Final = np.linspace(0.0, 1.0, FADE_IN_SAMPLES, dtype=np.float32)


class Playback:
    """The sound of a session for a card, without end.

        playback = Playback(ambience)
        card.write(playback.next())     # float32 [channels, 1920], for ever

    A frame is played when the next one is here, or with a fade of 10 ms at its end where it is not, or is not the one
    after it; what comes then begins with one of 20 ms. So everything is heard a frame (40 ms) later than without, and a
    server that dies and comes back is one fade out and one fade in.
    """

    def __init__(self, ambience: Face, wait_s: float = 1 / STEPS_PER_S) -> None:
        """`wait_s`: how long the card can do without."""
        self._ambience, self._wait_s = ambience, wait_s
        self._held: Samples | None = None
        self._next_step = -1
        self._is_apart = True
        """Whether what is held does not follow on what was played."""

    def next(self) -> Samples:
        """The next 40 ms, float32 [channels, 1920]. Errors are those of `take`."""
        if self._held is None:
            self._held, _ = self._take()
        if self._held is None:
            return np.zeros((self._ambience.channels, STEP_SAMPLES), np.float32)
        playing = self._held.copy()
        if self._is_apart:
            playing[:, :FADE_IN_SAMPLES] *= _FADE_IN
        self._held, self._is_apart = self._take()
        if self._is_apart:
            playing[:, -FADE_OUT_SAMPLES:] *= _FADE_OUT
        return playing

    def _take(self) -> tuple[Samples | None, bool]:
        """The next frame, if it is here, and whether it does not follow on the one before."""
        frame = self._ambience.take(self._wait_s)
        if frame is None:
            return None, True
        before, self._next_step = self._next_step, self._ambience.step
        return frame, before != self._next_step - 1
