"""What a worker sorts its calls of a renderer by, to tell how they spread: histograms in Prometheus' sense."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

CALL_S: Final = (0.001, 0.002, 0.004, 0.008, 0.016, 0.024, 0.032, 0.04, 0.064, 0.128, 0.256, 0.512, 1.024)
"""How long a call takes, up to each of these; a step is 0.04."""
CALL_SESSIONS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""How many sessions are in it."""


def empty(bounds: Sequence[float]) -> list[int]:
    """A count for each bound, and one for what lies beyond the last."""
    return [0] * (len(bounds) + 1)


def put(counts: list[int], bounds: Sequence[float], value: float) -> None:
    """Count a value where it belongs: at the first bound that is not below it."""
    counts[bisect_left(bounds, value)] += 1


def cumulative(counts: Sequence[int], bounds: Sequence[float]) -> list[tuple[str, float]]:
    """How many values are no higher than each bound, as Prometheus has them."""
    names = [*(f"{bound:g}" for bound in bounds), "+Inf"]
    return list(zip(names, accumulate(counts), strict=True))
