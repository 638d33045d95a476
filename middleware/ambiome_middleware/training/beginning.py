"""Where a codec's training begins. As torch makes them, EnCodec's layers each shrink what passes through, and what
reaches the latents is a thousandth of their biases: for thousands of steps whatever is decoded is the same, and its
discriminator tells nothing from anything.

So weights begin by the data (Salimans & Kingma, Weight Normalization, 2016, section 3): layer by layer, each is scaled
and shifted until what it makes of a batch has a deviation of 1 and, in each channel, a mean of 0.
"""

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import nn

QUIET: Final = 0.05
"""The deviation of the first samples that are decoded."""
LEAST: Final = 1e-6
_CONVOLUTIONS: Final = (nn.Conv1d, nn.ConvTranspose1d, nn.Conv2d)


def begin(codec: Any, samples: torch.Tensor) -> None:
    """Scale the weights of an EncodecModel by a batch [B, 1, n]."""
    last = _convolutions(codec.decoder)[-1]
    _scale(nn.Sequential(codec.encoder, codec.decoder), samples, {last: QUIET})


def begin_adversary(adversary: Any, samples: torch.Tensor) -> None:
    """Scale the weights of a MultiScaleSTFTDiscriminator by a batch [B, 1, n]."""
    _scale(adversary, samples, {})


def _convolutions(network: nn.Module) -> list[nn.Module]:
    return [module for module in network.modules() if isinstance(module, _CONVOLUTIONS)]


@torch.no_grad()
def _scale(network: nn.Module, samples: torch.Tensor, wanted: Mapping[nn.Module, float]) -> None:
    hooks = [layer.register_forward_hook(_Scale(wanted.get(layer, 1.0))) for layer in _convolutions(network)]
    try:
        network(samples)
    finally:
        for hook in hooks:
            hook.remove()


class _Scale:
    """A layer is scaled when it is used, and hands on what it would have made."""

    def __init__(self, wanted: float) -> None:
        self._wanted = wanted

    def __call__(self, layer: Any, given: Any, made: torch.Tensor) -> torch.Tensor:
        means = made.mean(dim=(0, *range(2, made.dim())))
        apart = made - means.reshape(-1, *[1] * (made.dim() - 2))
        by = self._wanted / max(float(apart.std()), LEAST)
        getattr(layer, "weight_g", layer.weight).mul_(by)
        layer.bias.copy_((layer.bias - means) * by)
        return apart * by
