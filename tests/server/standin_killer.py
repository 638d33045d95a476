"""A sound for tests that takes its process with it when it is to render some step of some seed."""

import os
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import standin_sound
from ambiome_middleware.sound import Request

SOUND_VERSION = standin_sound.SOUND_VERSION
SEED, STEP = 666, 20


class Renderer(standin_sound.Renderer):
    """As the stand-in, but for one seed."""

    def render(self, requests: Sequence[Request]) -> list[npt.NDArray[np.float32]]:
        if any(request.seed == SEED and request.first_step >= STEP for request in requests):
            os._exit(139)
        return super().render(requests)
