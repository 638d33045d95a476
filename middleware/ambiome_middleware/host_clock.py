"""How far a zone may be rendered by now: a token bucket (as in `rates`) that fills as time passes on the host.

Members of a zone grant credit as their sound cards play. Were it taken at its word, one that grants without playing
would run the zone away from all others.
"""

from typing import Final

from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS
from ambiome_protocol.steps import STEPS_PER_S

AHEAD_STEPS: Final = MAX_OUTSTANDING_STEPS["live"]
"""What the bucket holds: a member may fill its buffer at once, and that is all that can be rendered of a sudden."""
DRIFT: Final = 0.001
"""Sound cards are faster than the host by less than half of this."""


class HostClock:
    """Up to which step a zone may be rendered, from its first `step` at `now_s` on.

    Where a member has played no more than AHEAD_STEPS less than that, and goes on at 25 steps a second and less than
    DRIFT faster, its credit is never held back: the limit moves as fast, or is AHEAD_STEPS beyond what was granted.
    """

    def __init__(self, step: int, now_s: float) -> None:
        self._limit = float(step + AHEAD_STEPS)
        self._at_s = now_s

    def limit(self, granted_step: int, now_s: float) -> int:
        """The step up to which, itself excluded, it may be rendered by now; `granted_step` is that up to which it was
        let so far. Never less than before.
        """
        passed_s = max(0.0, now_s - self._at_s)
        self._at_s += passed_s
        self._limit += passed_s * STEPS_PER_S * (1.0 + DRIFT)
        self._limit = min(self._limit, float(granted_step + AHEAD_STEPS))
        return int(self._limit)
