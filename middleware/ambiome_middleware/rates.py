"""How many messages each peer may send: a token bucket for each (J. Turner, New directions in communications, 1986).

A bucket holds as many messages as may come of a sudden, and fills at the rate of the long run; each message takes one
out. Buckets that are full say nothing and are let go, so that peers who come and go leave nothing behind.
"""

from typing import Final

from ambiome_protocol.limits import MAX_MESSAGES_PER_S

SUDDEN_S: Final = 2.0
"""A bucket holds what comes in so long at the rate of the long run."""
TELL_EVERY_S: Final = 1.0
SWEEP_ABOVE: Final = 4_096
"""From so many buckets on, the full ones are let go."""


class Rates:
    """Messages of peers against a rate, `per_s`."""

    def __init__(self, per_s: float = MAX_MESSAGES_PER_S) -> None:
        self._per_s = per_s
        self._left: dict[bytes, tuple[float, float]] = {}
        self._told_at: dict[bytes, float] = {}

    def __len__(self) -> int:
        return len(self._left)

    def takes(self, peer: bytes, now_s: float) -> bool:
        """Whether a message that came now from a peer is to be read."""
        most = SUDDEN_S * self._per_s
        left, at = self._left.get(peer, (most, now_s))
        left = min(most, left + (now_s - at) * self._per_s)
        if left < 1.0:
            self._left[peer] = left, now_s
            return False
        if len(self._left) >= SWEEP_ABOVE and peer not in self._left:
            self._sweep(now_s)
        self._left[peer] = left - 1.0, now_s
        return True

    def is_to_be_told(self, peer: bytes, now_s: float) -> bool:
        """Whether one whose message was not taken is told so: at most once a second."""
        if now_s - self._told_at.get(peer, float("-inf")) < TELL_EVERY_S:
            return False
        self._told_at[peer] = now_s
        return True

    def _sweep(self, now_s: float) -> None:
        full_s = {peer: at + SUDDEN_S - left / self._per_s for peer, (left, at) in self._left.items()}
        self._left = {peer: self._left[peer] for peer, when_s in full_s.items() if when_s > now_s}
        self._told_at = {peer: at for peer, at in self._told_at.items() if peer in self._left}
