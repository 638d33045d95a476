"""The `encodec` package, made importable without torchaudio: the one place that imports it.

encodec 0.1.1 imports torchaudio for reading files, for resampling and for the spectrogram of its discriminator. Ambiome
reads and resamples by other means, and a published torchaudio does not load beside a CPU build of torch. So while
encodec is imported a stand-in takes torchaudio's name: it has the one class that we use, `transforms.Spectrogram`, and
anything else asked of it is an AttributeError. The name is given back afterwards.
"""

import sys
from types import ModuleType
from typing import Any

import torch
from torch import nn


class _Spectrogram(nn.Module):
    """torchaudio.transforms.Spectrogram for `power=None, center=False`: complex STFT [..., n_fft // 2 + 1, frames]."""

    window: torch.Tensor

    def __init__(
        self, *, n_fft: int, hop_length: int, win_length: int, window_fn: Any, normalized: bool, center: bool,
        pad_mode: Any, power: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        if center or power is not None or pad_mode is not None:
            raise ValueError("spectrogram: only complex and without padding")
        self.n_fft, self.hop_length, self.win_length, self.normalized = n_fft, hop_length, win_length, normalized
        self.register_buffer("window", window_fn(win_length), persistent=False)

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        flat = samples.reshape(-1, samples.shape[-1])
        found = torch.stft(
            flat, self.n_fft, self.hop_length, self.win_length, self.window, center=False, return_complex=True
        )
        if self.normalized:
            found = found / self.window.pow(2).sum().sqrt()
        return found.reshape(*samples.shape[:-1], *found.shape[-2:])


def _stand_in() -> ModuleType:
    module, transforms = ModuleType("torchaudio"), ModuleType("torchaudio.transforms")
    transforms.Spectrogram = _Spectrogram  # type: ignore[attr-defined]
    module.transforms = transforms  # type: ignore[attr-defined]
    return module


def _load() -> tuple[Any, Any, Any, Any, Any]:
    names = ("torchaudio", "torchaudio.transforms")
    there = {name: sys.modules[name] for name in names if name in sys.modules}
    stand_in = _stand_in()
    sys.modules["torchaudio"], sys.modules["torchaudio.transforms"] = stand_in, stand_in.transforms
    try:
        from encodec.model import EncodecModel
        from encodec.modules import SEANetDecoder, SEANetEncoder
        from encodec.msstftd import MultiScaleSTFTDiscriminator
        from encodec.quantization import ResidualVectorQuantizer
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(there)
    return EncodecModel, SEANetEncoder, SEANetDecoder, ResidualVectorQuantizer, MultiScaleSTFTDiscriminator


EncodecModel, SEANetEncoder, SEANetDecoder, ResidualVectorQuantizer, MultiScaleSTFTDiscriminator = _load()
