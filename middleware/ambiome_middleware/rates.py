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
    """Messages of clients, by whatever tells these apart, against a rate, `per_s`.

    Of a bucket it is noted when it will be full again: each message puts that off by its share of a second.
    """

    def __init__(self, per_s: float = MAX_MESSAGES_PER_S) -> None:
        self._per_s = per_s
        self._full_at: dict[Hashable, float] = {}
        self._told_at: dict[Hashable, float] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def takes(self, client: Hashable, now_s: float, per_s: float = 0.0) -> bool:
        """Whether a message that came now from a client is to be read, who may have a higher rate than others."""
        share_s = 1.0 / (per_s if per_s > self._per_s else self._per_s)
        full_at = self._full_at.get(client)
        if full_at is None and len(self._full_at) >= SWEEP_ABOVE:
            self._sweep(now_s)
        if full_at is None or full_at < now_s:
            full_at = now_s
        if full_at - now_s > SUDDEN_S - 0.5 * share_s:  # half a message for what rounding adds up to
            return False
        self._full_at[client] = full_at + share_s
        return True

    def is_to_be_told(self, client: Hashable, now_s: float) -> bool:
        """Whether one whose message was not taken is told so: at most once a second."""
        if now_s - self._told_at.get(client, float("-inf")) < TELL_EVERY_S:
            return False
        self._told_at[client] = now_s
        return True

    def _sweep(self, now_s: float) -> None:
        self._full_at = {client: full_at for client, full_at in self._full_at.items() if full_at > now_s}
        self._told_at = {client: at for client, at in self._told_at.items() if client in self._full_at}
