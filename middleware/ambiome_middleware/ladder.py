"""The quality ladder of a worker: how much live sessions are spared, so that none of them comes late.

    down   one rung a look while live sessions take more than DOWN_ABOVE of the worker's time; or more than LATE_ABOVE
           of it, and frames came late (which has other causes too: a client's network, a machine that is busy)
    up     one rung, once they would take less than UP_BELOW of it there too, for CALM_LOOKS looks on end

What a rung costs against the one below it is not measured but assumed (`DEARER`): somewhat more than it cost where that
was measured. That it must fit under UP_BELOW, well below DOWN_ABOVE, keeps it from flapping. Free sessions are not
looked at: they use only what live ones leave.
"""

from typing import Final

from ambiome_protocol.limits import LOWEST_QUALITY

DOWN_ABOVE: Final = 0.9
LATE_ABOVE: Final = 0.85
UP_BELOW: Final = 0.8
DEARER: Final = 1.5
CALM_LOOKS: Final = 5


class Ladder:
    """`quality` is what live sessions are to be rendered in. It is looked at about once a second."""

    def __init__(self) -> None:
        self.quality = 0
        self._calm = 0

    def look(self, busy_live: float, is_late: bool) -> int:
        """The quality from now on. `busy_live`: what share of its time since the last look the worker was at work for
        live sessions; `is_late`: whether a frame of theirs came late in it.
        """
        is_calm = self.quality > 0 and busy_live * DEARER < UP_BELOW
        self._calm = self._calm + 1 if is_calm else 0
        if busy_live > DOWN_ABOVE or (is_late and busy_live > LATE_ABOVE):
            self.quality = min(self.quality + 1, LOWEST_QUALITY)
        elif self._calm >= CALM_LOOKS:
            self.quality, self._calm = self.quality - 1, 0
        return self.quality
