"""The quality ladder of a worker: how much live sessions are spared, so that none of them comes late.

    down   one rung while live sessions take more than DOWN_ABOVE of the worker's time; or more than LATE_ABOVE of it,
           and frames came late (which has other causes too: a client's network, a machine that is busy); not again
           before what the rung gained is seen
    up     one rung, once they would take less than UP_BELOW of it there too, for some looks on end: CALM_LOOKS, and
           twice as many each time that it had to go down again soon, up to MOST_CALM_LOOKS

What a rung costs a stream against the one below it is measured when it goes down: the mean of the looks before against
that of the first MEAN_LOOKS after, for a single look that sends it down is dear by chance too. It is taken to be at
least CHEAPEST and at most DEAREST times as much. That it must fit under UP_BELOW, well below DOWN_ABOVE, keeps it from
flapping. Free sessions are not looked at: they use only what live ones leave.
"""

from typing import Final

from ambiome_protocol.limits import LOWEST_QUALITY

DOWN_ABOVE: Final = 0.85
LATE_ABOVE: Final = 0.78
UP_BELOW: Final = 0.72
CHEAPEST: Final = 1.05
DEAREST: Final = 1.5
MEAN_LOOKS: Final = 10
CALM_LOOKS: Final = 5
MOST_CALM_LOOKS: Final = 80
SOON_LOOKS: Final = 20


class Ladder:
    """`quality` is what live sessions are to be rendered in. It is looked at about once a second."""

    def __init__(self) -> None:
        self.quality = 0
        self._calm, self._wanted_calm = 0, CALM_LOOKS
        self._looks, self._rose = 0, False
        self._cost, self._cost_above = 0.0, 0.0
        self._dearer = [1.0, *[DEAREST] * LOWEST_QUALITY]

    def look(self, busy_live: float, is_late: bool, streams: float = 1.0) -> int:
        """The quality from now on. `busy_live`: what share of its time since the last look the worker was at work for
        live sessions; `is_late`: whether a frame of theirs came late in it; `streams`: how many it rendered as fast as
        they play.
        """
        self._looks += 1
        self._note_cost(busy_live / max(streams, 1.0))
        is_calm = self.quality > 0 and busy_live * self._dearer[self.quality] < UP_BELOW
        self._calm = self._calm + 1 if is_calm else 0
        if busy_live > DOWN_ABOVE or (is_late and busy_live > LATE_ABOVE):
            self._go_down()
        elif self._calm >= self._wanted_calm:
            self._go(self.quality - 1)
        return self.quality

    def _note_cost(self, cost: float) -> None:
        """What a stream costs in this quality, in the mean, and how much more it did in the one it came down from."""
        self._cost += (cost - self._cost) / min(self._looks, MEAN_LOOKS)
        if self._cost_above and self._cost and self._looks <= MEAN_LOOKS:
            self._dearer[self.quality] = min(max(self._cost_above / self._cost, CHEAPEST), DEAREST)

    def _go_down(self) -> None:
        if self.quality == LOWEST_QUALITY or (self.quality > 0 and not self._rose and self._looks < 2):
            return
        is_soon = self._rose and self._looks <= SOON_LOOKS
        self._wanted_calm = min(2 * self._wanted_calm, MOST_CALM_LOOKS) if is_soon else CALM_LOOKS
        self._go(self.quality + 1)

    def _go(self, quality: int) -> None:
        self._rose = quality < self.quality
        self._cost_above = 0.0 if self._rose else self._cost
        self.quality, self._calm, self._looks = quality, 0, 0
