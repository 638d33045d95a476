"""The spectral loss: log-mel spectra of seven window lengths, as EnCodec's (its section 3.4, equation 2)."""

from functools import cache
from typing import Final

import torch
from torch.nn import functional as nnf

from ambiome_middleware.analysis.mel import mel_triangles
from ambiome_middleware.neural.codec import CODEC_HZ

WINDOWS: Final = tuple(2**n for n in range(5, 12))
BANDS: Final = 64
FLOOR: Final = 1e-4
"""What is fainter, −80 dB in a band, nobody hears beside the rest."""


@cache
def bands(window: int, count: int) -> torch.Tensor:
    """Triangles over mel, [window / 2 + 1, bands], each of area 1 in bins, none empty."""

    found = mel_triangles(window, CODEC_HZ, 30.0, CODEC_HZ / 2, count)
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
