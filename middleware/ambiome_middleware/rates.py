"""How many messages each client may send: a token bucket for each (J. Turner, New directions in communications, 1986).

A bucket holds as many messages as may come of a sudden, and fills at the rate of the long run; each message takes one
out. Buckets that are full say nothing and are let go, so that clients who come and go leave nothing behind.
"""

from collections.abc import Hashable
from typing import Final

from ambiome_protocol.limits import MAX_MESSAGES_PER_S

SUDDEN_S: Final = 2.0
"""A bucket holds what comes in so long at the rate of the long run."""
TELL_EVERY_S: Final = 1.0
SWEEP_ABOVE: Final = 4_096
"""From so many buckets on, the full ones are let go."""


class Rates:
    """Messages of clients, by whatever tells these apart, against a rate, `per_s`."""

    def __init__(self, per_s: float = MAX_MESSAGES_PER_S) -> None:
        self._per_s = per_s
        self._left: dict[Hashable, tuple[float, float]] = {}
        self._told_at: dict[Hashable, float] = {}

    def __len__(self) -> int:
        return len(self._left)

    def takes(self, client: Hashable, now_s: float, per_s: float = 0.0) -> bool:
        """Whether a message that came now from a client is to be read, who may have a higher rate than others."""
        per_s = max(per_s, self._per_s)
        most = SUDDEN_S * per_s
        left, at = self._left.get(client, (most, now_s))
        left = min(most, left + (now_s - at) * per_s)
        if left < 1.0:
            self._left[client] = left, now_s
            return False
        if len(self._left) >= SWEEP_ABOVE and client not in self._left:
            self._sweep(now_s)
        self._left[client] = left - 1.0, now_s
        return True

    def is_to_be_told(self, client: Hashable, now_s: float) -> bool:
        """Whether one whose message was not taken is told so: at most once a second."""
        if now_s - self._told_at.get(client, float("-inf")) < TELL_EVERY_S:
            return False
        self._told_at[client] = now_s
        return True

    def _sweep(self, now_s: float) -> None:
        full_s = {client: at + SUDDEN_S - left / self._per_s for client, (left, at) in self._left.items()}
        self._left = {client: self._left[client] for client, when_s in full_s.items() if when_s > now_s}
        self._told_at = {client: at for client, at in self._told_at.items() if client in self._left}
