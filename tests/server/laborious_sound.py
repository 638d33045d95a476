"""A renderer for tests in which rendering is work: a step takes as long as its quality says."""

import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import standin_sound
from ambiome_middleware.sound import Request
from ambiome_middleware.tokens import QUALITY_AT

SOUND_VERSION = 7
STEP_COSTS_S = (0.006, 0.0042, 0.003, 0.002)
"""By quality. Eight sessions in full are more than there is time for, with the first spared as much as fits well."""


class Renderer(standin_sound.Renderer):
    """As the stand-in, and slowly."""

    def render(self, requests: Sequence[Request]) -> list[npt.NDArray[np.float32]]:
        rows = [row for request in requests for row in request.tokens[request.lookback :]]
        time.sleep(sum(STEP_COSTS_S[int(row[QUALITY_AT])] for row in rows))
        return super().render(requests)
