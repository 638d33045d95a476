"""Steps, seconds and samples: session time as the protocol counts it.

A step is 40 ms, 1,920 samples at 48 kHz. Step s covers the session time from s/25 up to (s + 1)/25 seconds.
"""

import math
from typing import Final

SAMPLE_RATE_HZ: Final = 48_000
STEP_SAMPLES: Final = 1_920
STEPS_PER_S: Final = 25

TOLERANCE_S: Final = 1e-6
"""A time so little after a step's beginning means the step itself: 0.28 s is step 7, though 0.28 · 25 > 7 in floats."""


def step_at(at_s: float) -> int:
    """The first step that begins at or after `at_s` seconds (less a microsecond's tolerance); never below 0."""
    return max(0, math.ceil((at_s - TOLERANCE_S) * STEPS_PER_S))


def seconds_at(step: int) -> float:
    """The session time at which a step begins; `step_at` gives the step back."""
    return step / STEPS_PER_S
