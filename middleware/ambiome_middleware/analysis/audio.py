"""What every measure here takes: audio as [channels, samples], float, at 48 kHz."""

import numpy as np
import numpy.typing as npt

Audio = npt.NDArray[np.float32] | npt.NDArray[np.float64]


def check_audio(audio: Audio, samples: int) -> None:
    """Raises ValueError unless `audio` is [channels, samples] with at least so many samples."""
    if audio.ndim != 2:
        raise ValueError(f"audio must be [channels, samples], got {audio.ndim} dimension(s)")
    if audio.shape[1] < samples:
        raise ValueError(f"audio must hold at least {samples} samples, got {audio.shape[1]}")
