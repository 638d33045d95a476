"""Codes on their way to samples, as `codec.Decoding` brings them there, on a CPU: its layers, with streams as lanes.

What a layer holds back, what it mirrors for a stream that has just begun and what it keeps of one that stays is that of
`streaming`, where it is explained; here a step's three frames come at a time. Layers hold [time, channels, LANES], the
channels brought to a multiple of `TOGETHER` by zeros; a layer's ELU is taken as its inputs come in.
"""

from copy import copy
from typing import Any, Final, Protocol, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from ambiome_middleware.jit import jit, jit_room
from ambiome_middleware.neural.codec import FRAMES_PER_STEP, Codec
from ambiome_middleware.neural.cpu.lanes import LANES, elu, every, if_above, load, sigmoid, store, tanh
from ambiome_middleware.neural.cpu.latents import add_up
from ambiome_middleware.neural.cpu.packing import filled, packed
from ambiome_middleware.neural.cpu.products import ALONE, TOGETHER, product, products
from ambiome_middleware.neural.streaming import OLD, Convolution, Recurrent, Residual, Transposed
from ambiome_middleware.sound.arrays import F32, I64

F = np.float32


class _Layer(Protocol):
    def __call__(self, x: F32, frames: I64, moving: F32) -> F32:
        """The next [n, channels, LANES], of streams that have had so many `frames` [LANES], → what is made of it."""
        ...

    def anew(self) -> Self:
        """The same layer for other streams; they share the weights."""
        ...


def _whole(channels: int) -> int:
    return -(-channels // TOGETHER) * TOGETHER


def _zeros(length: int, channels: int) -> F32:
    return np.zeros((length, _whole(channels), LANES), np.float32)


class _Window:
    """A convolution, transposed or not: what it makes at a moment is a product of the inputs of some moments in a row.

    Kept of its inputs are `kept`, of which `pad` are looked back at. `back`: from how many inputs on nothing that it
    looks at lies before the stream's beginning. `times`: inputs a frame.
    """

    def __init__(self, weight: npt.NDArray[Any], bias: npt.NDArray[Any], pad: int, kept: int, back: int, times: int,
                 is_mirrored: bool, is_after_elu: bool) -> None:  # fmt: skip
        """`weight` [pad + 1, channels, outputs, channels of an output]."""
        taps, channels, outputs, made = weight.shape
        full = np.zeros((taps, _whole(channels), outputs, _whole(made)), np.float32)
        full[:, :channels, :, :made] = weight
        biases = np.zeros((outputs, _whole(made)), np.float32)
        biases[:, :made] = bias
        self._weight = packed(full.reshape(taps * _whole(channels), -1), TOGETHER)
        self._bias = biases.reshape(-1)
        self._pad, self._back, self._times = pad, back, times
        self._is_mirrored, self._is_after_elu = is_mirrored, is_after_elu
        length = FRAMES_PER_STEP * times
        self._held = _zeros(kept + length, channels)
        self._out = _zeros(length * outputs, made)

    def __call__(self, x: F32, frames: I64, moving: F32) -> F32:
        _convolve(
            x, self._is_after_elu, self._held, self._pad, self._back, frames, self._times, self._is_mirrored, moving,
            self._weight, self._bias, self._out,
        )  # fmt: skip
        return self._out

    def anew(self) -> Self:
        made = copy(self)
        made._held, made._out = np.zeros_like(self._held), np.zeros_like(self._out)
        return made


def _convolution(layer: Convolution, times: int, is_after_elu: bool, held: int = 0) -> _Window:
    """`held`: inputs by which it is held back besides. TypeError for a stride or a dilation."""
    if layer.stride != 1 or layer.dilation != 1:
        raise TypeError("decoding: a convolution may have neither stride nor dilation")
    weight = layer.weight.cpu().numpy().reshape(layer.taps, -1, 1, layer.weight.shape[1])
    kept, back = layer.pad + layer.hold + held, layer.hold + layer.pad + layer.behind
    return _Window(weight, layer.bias.cpu().numpy(), layer.pad, kept, back, times, True, is_after_elu)


def _transposed(layer: Transposed, times: int, is_after_elu: bool) -> _Window:
    inputs = len(layer.weight) // 2
    weight = layer.weight.cpu().numpy().reshape(2, inputs, layer.stride, -1)
    bias = layer.bias.cpu().numpy().reshape(layer.stride, -1)
    return _Window(weight, bias, 1, 1, layer.behind + 1, times, False, is_after_elu)


class _Block:
    """A residual block: two convolutions, and one that goes around them."""

    def __init__(self, layer: Residual, times: int) -> None:
        """TypeError for one that goes around by nothing."""
        if layer.around is None:
            raise TypeError("decoding: what goes around a block must be a convolution")
        self._inner: list[_Window] = []
        for before, part in zip(layer.inner[:-1], layer.inner[1:], strict=True):
            if isinstance(part, Convolution):
                self._inner.append(_convolution(part, times, isinstance(before, nn.ELU)))
        self._around = _convolution(layer.around, times, False, layer.hold)

    def __call__(self, x: F32, frames: I64, moving: F32) -> F32:
        around = self._around(x, frames, moving)
        for part in self._inner:
            x = part(x, frames, moving)
        _add(around, x)
        return x

    def anew(self) -> Self:
        made = copy(self)
        made._around, made._inner = self._around.anew(), [part.anew() for part in self._inner]
        return made


class _Lstm:
    """An LSTM of one or more layers, with what goes around it."""

    def __init__(self, layer: Recurrent) -> None:
        self._behind, self._skip, lstm = layer.behind, layer.skip, layer.lstm
        self._weights, self._states = [], []
        size = lstm.hidden_size
        for n in range(lstm.num_layers):
            inward, again, bias, other = (
                getattr(lstm, f"{name}_l{n}").detach().cpu().numpy().astype(np.float32)
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            )
            self._weights.append((packed(inward.T, TOGETHER), filled(bias + other, TOGETHER), packed(again.T, ALONE)))
            self._states.append((np.zeros((size, LANES), np.float32), np.zeros((size, LANES), np.float32)))
        self._now, self._inner, self._sums, self._gates = (
            np.zeros((count * size, LANES), np.float32) for count in (1, 1, 4, 4 * FRAMES_PER_STEP)
        )
        self._nothing = np.zeros(4 * size, np.float32)
        self._outs = [np.zeros((FRAMES_PER_STEP, size, LANES), np.float32) for _ in self._states]

    def __call__(self, x: F32, frames: I64, moving: F32) -> F32:
        found = x
        for weights, state, out in zip(self._weights, self._states, self._outs, strict=True):
            hidden, cell = state
            inward, bias, again = weights
            _recur(
                found, hidden, cell, frames - self._behind, moving, inward, bias, again, self._nothing, self._now,
                self._inner, self._gates, self._sums, out,
            )  # fmt: skip
            found = out
        if self._skip:
            _add(x, found)
        return found

    def anew(self) -> Self:
        made = copy(self)
        made._states = [(np.zeros_like(hidden), np.zeros_like(cell)) for hidden, cell in self._states]
        made._outs = [np.zeros_like(out) for out in self._outs]
        return made


class CpuDecoding:
    """As many streams of codes as a vector has lanes, a step at a time. `latency` is in samples."""

    def __init__(self, codec: Codec) -> None:
        network = codec.decoder
        self.latency: Final = network.latency
        self._books = codec.codebooks().cpu().numpy().astype(np.float32)
        self._frames = np.zeros(LANES, np.int64)
        self._latents = _zeros(FRAMES_PER_STEP, codec.shape.dimension)
        self._layers: list[_Layer] = []
        is_after_elu = False
        for part in network.parts:
            if isinstance(part, nn.Module):
                is_after_elu = True
                continue
            self._layers.append(_layer(part.layer, part.times, is_after_elu))
            is_after_elu = False

    def anew(self) -> Self:
        """The same for other streams; they share the weights."""
        made = copy(self)
        made._frames, made._latents = np.zeros_like(self._frames), np.zeros_like(self._latents)
        made._layers = [layer.anew() for layer in self._layers]
        return made

    def reset(self, slots: list[int]) -> None:
        """Let these streams begin anew with the next step."""
        self._frames[slots] = 0

    def __call__(self, codes: torch.Tensor, moving: torch.Tensor | None = None) -> torch.Tensor:
        """Codes [LANES, levels, 3] → samples [LANES, 960]; see `codec.Decoding`. ValueError for another shape."""
        if len(codes) != LANES or codes.shape[-1] != FRAMES_PER_STEP:
            raise ValueError(f"codes: {tuple(codes.shape)} is not [{LANES}, …, {FRAMES_PER_STEP}]")
        is_moving = np.ones(LANES, np.float32) if moving is None else moving.numpy().astype(np.float32)
        _begin(self._books, codes.numpy(), self._latents.shape[1], self._latents.reshape(-1, LANES))
        x = self._latents
        for layer in self._layers:
            x = layer(x, self._frames, is_moving)
        self._frames = np.minimum(self._frames + FRAMES_PER_STEP * (is_moving > 0.0), OLD)
        return torch.from_numpy(np.ascontiguousarray(x.reshape(-1, TOGETHER, LANES)[:, 0].T))


def _layer(layer: Any, times: int, is_after_elu: bool) -> _Layer:
    if isinstance(layer, Residual):
        return _Block(layer, times)
    if isinstance(layer, Transposed):
        return _transposed(layer, times, is_after_elu)
    if isinstance(layer, Convolution):
        return _convolution(layer, times, is_after_elu)
    return _Lstm(layer)


@jit
def _begin(books: F32, codes: I64, step: int, latents: F32) -> None:
    add_up(books, codes, step, latents)


@jit
def _add(more: F32, x: F32) -> None:
    for n in range(x.size // LANES):
        store(x, n, load(x, n) + load(more, n))


@jit
def _convolve(
    x: F32, is_after_elu: bool, held: F32, pad: int, back: int, frames: I64, times: int, is_mirrored: bool, moving: F32,
    weight: F32, bias: F32, out: F32,
) -> None:  # fmt: skip
    """x [n, channels, LANES], after what is `held` of those before it [kept + n, channels, LANES], → out; see
    `_Window`.
    """
    channels, length = held.shape[1], FRAMES_PER_STEP * times
    kept = len(held) - length
    for n in range(length * channels):
        one = load(x, n)
        if is_after_elu:
            one = elu(one)
        store(held, kept * channels + n, one)
    window, youngest = held, frames[0]
    for lane in range(len(frames)):
        youngest = min(youngest, frames[lane])
    if youngest * times < back:
        window = _looked_up(held, pad + length, back, frames, times, is_mirrored)
    products(window, channels, length, weight, bias, out)
    moves, zero = load(moving, 0), every(F(0.0))
    for n in range(kept * channels):
        store(held, n, if_above(moves, zero, load(held, length * channels + n), load(held, n)))


@jit_room
def _looked_up(held: F32, seen: int, back: int, frames: I64, times: int, is_mirrored: bool) -> F32:
    """The first `seen` of what is held, where what lies before a stream's beginning is mirrored, or is not there."""
    window = held[:seen].copy()
    for lane in range(len(frames)):
        for n in range(seen):
            true = frames[lane] * times - back + n
            if true >= 0:
                break
            at = min(max(n - 2 * true, 0), len(held) - 1)
            for c in range(held.shape[1]):
                window[n, c, lane] = held[at, c, lane] if is_mirrored else F(0.0)
    return window


@jit
def _recur(
    x: F32, hidden: F32, cell: F32, ages: I64, moving: F32, inward: F32, bias: F32, again: F32, nothing: F32, now: F32,
    inner: F32, gates: F32, sums: F32, out: F32,
) -> None:  # fmt: skip
    """One layer of an LSTM over a step's frames, x [3, size, LANES] → out; its state, `hidden` and `cell`, moves on.
    `ages` [LANES]: how many frames it has had of each stream, below 0 where the first is still to come.
    """
    size, zero, moves = len(hidden), every(F(0.0)), load(moving, 0)
    products(x, size, FRAMES_PER_STEP, inward, bias, gates)
    for u in range(size):
        store(now, u, load(hidden, u))
        store(inner, u, load(cell, u))
    for n in range(FRAMES_PER_STEP):
        for lane in range(len(ages)):
            if ages[lane] + n <= 0:
                for u in range(size):
                    now[u, lane] = inner[u, lane] = F(0.0)
        product(now, again, nothing, sums)
        first = n * 4 * size
        for u in range(size):
            let = sigmoid(load(gates, first + u) + load(sums, u))
            keep = sigmoid(load(gates, first + size + u) + load(sums, size + u))
            new = tanh(load(gates, first + 2 * size + u) + load(sums, 2 * size + u))
            show = sigmoid(load(gates, first + 3 * size + u) + load(sums, 3 * size + u))
            state = keep * load(inner, u) + let * new
            store(inner, u, state)
            store(now, u, show * tanh(state))
            store(out, n * size + u, load(now, u))
    for u in range(size):
        store(hidden, u, if_above(moves, zero, load(now, u), load(hidden, u)))
        store(cell, u, if_above(moves, zero, load(inner, u), load(cell, u)))
