"""The spectral loss: log-mel spectra of seven window lengths, as EnCodec's (its section 3.4, equation 2)."""

from functools import cache
from typing import Final

import numpy as np
import torch
from torch.nn import functional as nnf

from ambiome_middleware.neural.codec import CODEC_HZ

WINDOWS: Final = tuple(2**n for n in range(5, 12))
BANDS: Final = 64
FLOOR: Final = 1e-5


@cache
def bands(window: int, count: int) -> torch.Tensor:
    """Triangles over mel (O'Shaughnessy 1987), [window / 2 + 1, bands], each of area 1 in bins, none empty."""

    def mel(hz: float) -> float:
        return float(2_595.0 * np.log10(1.0 + hz / 700.0))

    edges = 700.0 * (10.0 ** (np.linspace(mel(30.0), mel(CODEC_HZ / 2), count + 2) / 2_595.0) - 1.0)
    hz = np.arange(window // 2 + 1) * CODEC_HZ / window
    rising = (hz[:, None] - edges[None, :-2]) / np.diff(edges)[None, :-1]
    falling = (edges[None, 2:] - hz[:, None]) / np.diff(edges)[None, 1:]
    found = np.maximum(np.minimum(rising, falling), 0.0)
    found = found[:, found.sum(axis=0) > 0.0]
    return torch.tensor(found / found.sum(axis=0), dtype=torch.float32)


def distance(heard: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far apart two sounds [B, n] are: absolute and squared differences of log-mel spectra, mean over windows."""
    whole = heard.new_zeros(())
    for window in WINDOWS:
        one, other = (_log_mel(nnf.pad(each, (window // 2, window // 2)), window) for each in (heard, wanted))
        apart = one - other
        whole = whole + apart.abs().mean() + apart.pow(2).mean(dim=-1).add(1e-9).sqrt().mean()
    return whole / len(WINDOWS)


def _log_mel(samples: torch.Tensor, window: int) -> torch.Tensor:
    found = torch.stft(
        samples, window, window // 4, window=torch.hann_window(window, device=samples.device), center=False,
        return_complex=True,
    ).abs() / window**0.5  # fmt: skip
    return torch.log(found.transpose(1, 2) @ bands(window, BANDS).to(found.device) + FLOOR)
