"""Weights as `products` read them, and room for what they make."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from ambiome_middleware.neural.cpu.lanes import LANES
from ambiome_middleware.neural.cpu.products import ALONE
from ambiome_middleware.sound.arrays import F32


class Linear(NamedTuple):
    """A linear layer, packed."""

    weight: F32
    bias: F32


def packed(weight: npt.NDArray[Any], outputs: int) -> F32:
    """[inputs, n] → [⌈n / outputs⌉, inputs, outputs], zeros where there is nothing."""
    inputs, n = weight.shape
    groups = -(-n // outputs)
    whole = np.zeros((inputs, groups * outputs), np.float32)
    whole[:, :n] = weight
    return np.ascontiguousarray(whole.reshape(inputs, groups, outputs).transpose(1, 0, 2))


def filled(values: npt.NDArray[Any], outputs: int) -> F32:
    """[n] → [⌈n / outputs⌉ · outputs], zeros at the end: a bias for what is `packed`."""
    found = np.zeros(-(-len(values) // outputs) * outputs, np.float32)
    found[: len(values)] = values
    return found


def vectors(count: int) -> F32:
    """Zeros, [≥ count, LANES]: as many as a `product` fills that makes so many outputs."""
    return np.zeros((-(-count // ALONE) * ALONE, LANES), np.float32)


def plain(tensor: torch.Tensor) -> F32:
    """As an array."""
    return np.ascontiguousarray(tensor.detach().cpu().numpy(), np.float32)


def linear(layer: Any, outputs: int = ALONE) -> Linear:
    """A linear layer of torch's, packed."""
    bias = np.zeros(layer.out_features, np.float32) if layer.bias is None else plain(layer.bias)
    return Linear(packed(plain(layer.weight).T, outputs), filled(bias, outputs))
