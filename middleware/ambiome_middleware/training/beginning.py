"""Where a codec's training begins. As torch makes them, EnCodec's layers each shrink what passes through, and what
reaches the latents is a thousandth of their biases: for thousands of steps whatever is decoded is the same.

So weights begin by the data (Salimans & Kingma, Weight Normalization, 2016, section 3): layer by layer, each is scaled
and shifted until what it makes of a batch has a deviation of 1 and, in each channel, a mean of 0.
"""

from typing import Any, Final

import torch
from torch import nn

QUIET: Final = 0.05
"""The deviation of the first samples that are decoded."""
LEAST: Final = 1e-6


@torch.no_grad()
def begin(model: Any, samples: torch.Tensor) -> None:
    """Scale the weights of an EncodecModel by a batch [B, 1, n]."""
    last = [module for module in model.decoder.modules() if _is_convolution(module)][-1]
    hooks = [
        module.register_forward_hook(_Scale(QUIET if module is last else 1.0))
        for module in model.modules()
        if _is_convolution(module)
    ]
    try:
        model.decoder(model.encoder(samples))
    finally:
        for hook in hooks:
            hook.remove()


def _is_convolution(module: nn.Module) -> bool:
    return isinstance(module, nn.Conv1d | nn.ConvTranspose1d)


class _Scale:
    def __init__(self, wanted: float) -> None:
        self._wanted = wanted

    def __call__(self, layer: Any, given: Any, made: torch.Tensor) -> torch.Tensor:
        means = made.mean(dim=(0, 2))
        by = self._wanted / max(float((made - means[:, None]).std()), LEAST)
        layer.weight_g.mul_(by)
        layer.bias.copy_((layer.bias - means) * by)
        return (made - means[:, None]) * by
