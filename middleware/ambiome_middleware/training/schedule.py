"""The learning rate over a training."""

import math


def rate_at(step: int, rate: float, warm_up: int, steps: int) -> float:
    """Rises over the warm-up, then falls along a quarter of a cosine to a tenth."""
    if step < warm_up:
        return rate * (step + 1) / warm_up
    share = (step - warm_up) / max(steps - warm_up, 1)
    return rate * (0.1 + 0.9 * math.cos(share * math.pi / 2))
