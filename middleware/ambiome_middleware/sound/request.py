"""What is asked of a renderer. No torch here: sessions make requests, and know nothing of how they are answered."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ambiome_protocol.lists import Layout


@dataclass(frozen=True, slots=True)
class Request:
    """So many steps of one stream's sound.

    `tokens` int16 [LOOKBACK_STEPS + n, ROW_WIDTH]: row LOOKBACK_STEPS is that of `first_step`, and rows before step 0
    are `tokens.silent_row()`. `key` names the stream: a renderer may cache under it, and it never changes the result.
    """

    seed: int
    layout: Layout
    first_step: int
    tokens: npt.NDArray[np.int16]
    key: Hashable | None = None
