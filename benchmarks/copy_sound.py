"""Sound that costs a copy: what a worker renders with when transport alone is measured."""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
from ambiome_middleware.sound import Request
from ambiome_middleware.tokens import LOOKBACK_STEPS, STEP_SAMPLES
from ambiome_protocol.audio import CHANNELS

SOUND_VERSION = 0
LONGEST_STEPS = 25


class Renderer:
    """Answers every request with the same noise, copied."""

    device = "a copy"

    def __init__(self, device: str = "auto") -> None:
        noise = np.random.default_rng(0).uniform(-0.1, 0.1, (max(CHANNELS.values()), LONGEST_STEPS * STEP_SAMPLES))
        self._noise = noise.astype(np.float32)

    def render(self, requests: Sequence[Request]) -> list[npt.NDArray[np.float32]]:
        return [self._copy(request) for request in requests]

    def forget(self, key: Hashable) -> None:
        pass

    def _copy(self, request: Request) -> npt.NDArray[np.float32]:
        samples = (len(request.tokens) - LOOKBACK_STEPS) * STEP_SAMPLES
        return self._noise[: CHANNELS[request.layout], :samples].copy()
