"""How loud what is heard at a frequency is to ears."""

import numpy as np
import numpy.typing as npt


def a_weighting_db(hz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The A-weighting at frequencies in Hz, in dB: 0 at 1 kHz (IEC 61672-1, annex E)."""
    square = np.asarray(hz, np.float64) ** 2
    low, high = 20.598997**2, 12_194.217**2
    response = high * square**2 / ((square + low) * (square + high))
    response = response / np.sqrt((square + 107.65265**2) * (square + 737.86223**2))
    with np.errstate(divide="ignore"):
        weighting: npt.NDArray[np.float64] = 20 * np.log10(response) + 2.0
    return weighting
