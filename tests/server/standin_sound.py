"""A renderer for tests in which rendering does not matter: samples name their step and depend on its tokens."""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
from ambiome_middleware.sound import Request
from ambiome_middleware.tokens import LOOKBACK_STEPS, STEP_SAMPLES
from ambiome_protocol.audio import CHANNELS

SOUND_VERSION = 7


class Renderer:
    """The first sample of a step is step/1000, the second a digest of its token frame, the third that of the seed."""

    device = "nothing"

    def __init__(self, device: str = "auto") -> None:
        self.calls: list[list[tuple[Hashable, int, int]]] = []

    def render(self, requests: Sequence[Request]) -> list[npt.NDArray[np.float32]]:
        self.calls.append([(request.key, request.first_step, _steps(request)) for request in requests])
        return [self._sound(request) for request in requests]

    def forget(self, key: Hashable) -> None:
        pass

    def _sound(self, request: Request) -> npt.NDArray[np.float32]:
        steps = _steps(request)
        samples = np.zeros((CHANNELS[request.layout], steps, STEP_SAMPLES), np.float32)
        samples[:, :, 0] = (request.first_step + np.arange(steps)) / 1_000
        rows = request.tokens[LOOKBACK_STEPS:].astype(np.int64)
        samples[:, :, 1] = (rows * np.arange(1, rows.shape[1] + 1)).sum(axis=1) % 100_003 / 100_003
        samples[:, :, 2] = request.seed % 1_000 / 1_000
        return samples.reshape(len(samples), -1)


def _steps(request: Request) -> int:
    return len(request.tokens) - LOOKBACK_STEPS
