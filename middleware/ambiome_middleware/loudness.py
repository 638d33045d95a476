"""How loud the sound at hand is, for meters: by ITU-R BS.1770-5, of single steps.

A step is a tenth of the shortest window of the standard, so that this is a meter's needle and no measurement: those are
`analysis.loudness`'s.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from ambiome_protocol.lists import Layout

from ambiome_middleware.sound.levels import k_weighting
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES

FAINTEST_LUFS: Final = -120.0
"""What is fainter is this."""
SURROUND: Final = 1.41
"""What the standard gives a channel from the side or from behind."""
CHANNEL_WEIGHTS: Final[dict[Layout, tuple[float, ...]]] = {
    "mono": (1.0,), "stereo": (1.0, 1.0), "quad": (1.0, 1.0, SURROUND, SURROUND),
    "5.1": (1.0, 1.0, 1.0, 0.0, SURROUND, SURROUND), "ambisonics": (1.0, 0.0, 0.0, 0.0),
}  # fmt: skip
"""By layout, in its order of channels; of ambisonics, what comes from all around."""
_WEIGHT = k_weighting(np.fft.rfftfreq(STEP_SAMPLES, 1 / SAMPLE_RATE_HZ).astype(np.float64)) * 2.0 / STEP_SAMPLES**2


def step_power(samples: npt.NDArray[np.float32], layout: Layout) -> float:
    """K-weighted power of the last step of `samples` [channels, ≥ STEP_SAMPLES]; 1 is 0 LUFS."""
    spectrum = np.fft.rfft(samples[:, -STEP_SAMPLES:])
    power = (spectrum.real**2 + spectrum.imag**2) @ _WEIGHT
    return float(power @ np.array(CHANNEL_WEIGHTS[layout]))


def lufs(power: float) -> float:
    """The loudness of a K-weighted power."""
    return max(10.0 * float(np.log10(max(power, 1e-30))), FAINTEST_LUFS)
