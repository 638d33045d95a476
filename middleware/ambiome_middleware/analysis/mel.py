"""The mel scale (O'Shaughnessy, Speech Communication, 1987), and triangles on it."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def mel_of(hz: npt.ArrayLike) -> Array:
    """Hz → mel."""
    return np.asarray(2_595.0 * np.log10(1.0 + np.asarray(hz) / 700.0))


def hz_of(mel: npt.ArrayLike) -> Array:
    """Mel → Hz."""
    return np.asarray(700.0 * (10.0 ** (np.asarray(mel) / 2_595.0) - 1.0))


def mel_triangles(window: int, rate_hz: float, low_hz: float, high_hz: float, count: int) -> Array:
    """Triangles of height 1, spaced evenly in mel, over the bins of a spectrum. -> [window // 2 + 1, count].

    Where bins are wider than the spacing, a triangle may hold none.
    """
    edges = hz_of(np.linspace(mel_of(low_hz), mel_of(high_hz), count + 2))
    hz = np.fft.rfftfreq(window, 1 / rate_hz)[:, None]
    rise = (hz - edges[:-2]) / np.diff(edges)[:-1]
    fall = (edges[2:] - hz) / np.diff(edges)[1:]
    return np.clip(np.minimum(rise, fall), 0.0, None)
