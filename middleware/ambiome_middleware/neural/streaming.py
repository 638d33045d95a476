"""A SEANet run piece by piece: what EnCodec's encoder and decoder give for a whole recording, for any pieces of it.

Each layer keeps the inputs that it still needs, for some streams at once, its slots, each of which may begin anew at
any time. Two things stand in the way of a causal network that streams, and both are kept exactly:

    padding     A convolution begins with its first inputs mirrored, so its first outputs need inputs that come later.
                Every layer therefore runs late by a fixed number of its inputs, the mirrored part (and what brings it
                back onto the grid of its stride); the whole is late by `latency` frames or samples, in every stream
                alike, so that streams of any age make one rectangular batch.
    ages        A stream's inputs before its beginning are not zeros, they are not there. Where a stream is that young,
                a layer looks its inputs up one by one; where none is, it takes a slice. Both give the same numbers.

Layers hold [slots, time, channels] and are matrix products, which suits pieces as short as a stream's.

Sources: Défossez, Copet, Synnaeve & Adi, High Fidelity Neural Audio Compression (2022), for the network; the layers are
those of the `encodec` package, whose weights are read from its modules.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, Self

import torch
from torch import nn
from torch.nn import functional as nnf

Moving = torch.Tensor | None
"""Which streams move on with this piece, bool [slots]; None for all."""

OLD: Final = 1 << 40
"""The age of a stream whose beginning is forgotten."""


@dataclass(frozen=True, slots=True)
class Ages:
    """How many frames each stream has had before this piece, int64 [slots], and the `youngest` of them.

    `times`: inputs of the layer that asks a frame.
    """

    frames: torch.Tensor
    youngest: int
    times: int = 1

    def are_over(self, inputs: int) -> bool:
        """Whether every stream has had at least so many inputs of the layer."""
        return self.youngest * self.times >= inputs

    def less(self, inputs: int) -> torch.Tensor:
        """How many inputs more than so many each stream has had."""
        return self.frames * self.times - inputs


class Layer(Protocol):
    """One layer of a network that streams. `late`: how many of its outputs its outputs run behind."""

    late: int

    def __call__(
        self, x: torch.Tensor, ages: Ages, moving: Moving = None, *, is_last: bool = False
    ) -> torch.Tensor: ...

    def for_slots(self, slots: int) -> Self:
        """The same layer for other streams; they share the weights."""
        ...


class Convolution:
    """A causal SConv1d: [slots, n, in] → [slots, n / stride, out], n a multiple of the stride.

    `behind`: by how many inputs what it is given runs late. Held back are at least the mirrored inputs.
    """

    def __init__(self, module: Any, behind: int) -> None:
        conv: nn.Conv1d = module.conv.conv
        [self.taps] = conv.kernel_size
        self.weight = conv.weight.detach().permute(2, 1, 0).flatten(0, 1).contiguous()
        self.bias = _bias(conv)
        [self._stride], [self.dilation] = conv.stride, conv.dilation
        self._span = (self.taps - 1) * self.dilation + 1
        self.pad = self._span - self._stride
        least = max(self.pad - self._stride + 1, 0)
        self.behind = behind
        self.hold = least + -(behind + least) % self._stride
        self.late = (behind + self.hold) // self._stride
        self._past = self.weight.new_zeros(1, self.pad + self.hold, conv.in_channels)

    @property
    def stride(self) -> int:
        """Inputs an output."""
        return self._stride

    def __call__(self, x: torch.Tensor, ages: Ages, moving: Moving = None, *, is_last: bool = False) -> torch.Tensor:
        n = x.shape[1]
        if is_last:
            x = nnf.pad(x, (0, 0, 0, self.hold))
            n += self.hold
        whole = x
        if kept := self._past.shape[1]:
            whole = torch.cat([self._past, x], dim=1)
            self._past = _moved(self._past, whole[:, -kept:], moving)
        seen, back = self.pad + n, self.hold + self.pad + self.behind
        if ages.are_over(back):
            window = whole[:, :seen]
        else:
            at = torch.arange(seen, device=x.device)
            true = ages.less(back)[:, None] + at
            mirrored = torch.where(true < 0, at - 2 * true, at).clamp(0, whole.shape[1] - 1)
            window = whole.gather(1, mirrored[:, :, None].expand(-1, -1, whole.shape[-1]))
        if self._span > 1:
            window = window.unfold(1, self._span, self._stride)[..., :: self.dilation].transpose(2, 3)
        elif self._stride > 1:
            window = window[:, :: self._stride]
        found = torch.addmm(self.bias, window.reshape(-1, len(self.weight)), self.weight)
        return found.view(len(x), -1, found.shape[-1])

    def for_slots(self, slots: int) -> Self:
        made = copy(self)
        made._past = _fresh(self._past, slots)
        return made


class Transposed:
    """A causal SConvTranspose1d whose kernel is twice its stride: [slots, n, in] → [slots, n · stride, out].

    Each output then depends on two inputs, and all outputs between two inputs are one matrix product.
    """

    def __init__(self, module: Any, behind: int) -> None:
        conv: nn.ConvTranspose1d = module.convtr.convtr
        [self._stride] = conv.stride
        if conv.kernel_size[0] != 2 * self._stride or module.trim_right_ratio != 1.0:
            raise ValueError("streaming: a transposed convolution must be causal and its kernel twice its stride")
        weight = conv.weight.detach().permute(0, 2, 1)
        now, before = weight[:, : self._stride], weight[:, self._stride :]
        self.weight = torch.cat([before, now]).flatten(1).contiguous()
        self.bias = _bias(conv).repeat(self._stride)
        self.behind = behind
        self.late = behind * self._stride
        self._past = self.weight.new_zeros(1, 1, conv.in_channels)

    @property
    def stride(self) -> int:
        """Outputs an input."""
        return self._stride

    def __call__(self, x: torch.Tensor, ages: Ages, moving: Moving = None, *, is_last: bool = False) -> torch.Tensor:
        whole = torch.cat([self._past, x], dim=1)
        self._past = _moved(self._past, whole[:, -1:], moving)
        if not ages.are_over(self.behind + 1):
            # Inputs before a stream's beginning are zeros.
            is_there = ages.less(self.behind + 1)[:, None] + torch.arange(whole.shape[1], device=x.device) >= 0
            whole = torch.where(is_there[:, :, None], whole, 0.0)
        pairs = torch.cat([whole[:, :-1], whole[:, 1:]], dim=-1)
        found = torch.addmm(self.bias, pairs.flatten(0, 1), self.weight)
        return found.view(len(x), x.shape[1] * self._stride, -1)

    def for_slots(self, slots: int) -> Self:
        made = copy(self)
        made._past = _fresh(self._past, slots)
        return made


class Recurrent:
    """An SLSTM with its skip: [slots, n, width] → the same shape."""

    def __init__(self, module: Any, behind: int) -> None:
        self.lstm, self.skip = module.lstm, module.skip
        self.behind = self.late = behind
        weight = module.lstm.weight_hh_l0
        self._state = [weight.new_zeros(module.lstm.num_layers, 1, module.lstm.hidden_size) for _ in range(2)]

    def __call__(self, x: torch.Tensor, ages: Ages, moving: Moving = None, *, is_last: bool = False) -> torch.Tensor:
        along = x.transpose(0, 1)
        before = self._state
        if ages.are_over(self.behind + 1):
            found = self._run(along)
        else:
            first = ages.less(self.behind)
            found = torch.cat([self._step(along[n : n + 1], first + n) for n in range(len(along))])
        self._state = [_moved(old, new, moving, 1) for old, new in zip(before, self._state, strict=True)]
        return (found + along if self.skip else found).transpose(0, 1)

    def _step(self, x: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
        has_begun = (true > 0)[None, :, None]
        self._state = [torch.where(has_begun, part, 0.0) for part in self._state]
        return self._run(x)

    def _run(self, x: torch.Tensor) -> torch.Tensor:
        found, (hidden, cell) = self.lstm(x, (self._state[0], self._state[1]))
        self._state = [hidden, cell]
        return torch.as_tensor(found)

    def for_slots(self, slots: int) -> Self:
        made = copy(self)
        made._state = [_fresh(part, slots, 1) for part in self._state]
        return made


class Residual:
    """A SEANetResnetBlock: its convolutions, and what goes around them held back by as much."""

    def __init__(self, module: Any, behind: int) -> None:
        self.inner: list[nn.Module | Convolution] = []
        late = behind
        for part in module.block:
            if hasattr(part, "conv"):
                part = Convolution(part, late)
                late = part.late
            self.inner.append(part)
        self.behind, self.hold, self.late = behind, late - behind, late
        self.around = None if isinstance(module.shortcut, nn.Identity) else Convolution(module.shortcut, late)
        first = module.block[1].conv.conv
        self._past = first.weight.new_zeros(1, self.hold, first.in_channels)

    def __call__(self, x: torch.Tensor, ages: Ages, moving: Moving = None, *, is_last: bool = False) -> torch.Tensor:
        whole = torch.cat([self._past, x], dim=1)
        self._past = _moved(self._past, whole[:, whole.shape[1] - self.hold :], moving)
        around = whole if is_last else whole[:, : x.shape[1]]
        if self.around is not None:
            around = self.around(around, ages, moving)
        for part in self.inner:
            x = part(x, ages, moving, is_last=is_last) if isinstance(part, Convolution) else part(x)
        return around + x

    def for_slots(self, slots: int) -> Self:
        made = copy(self)
        made._past = _fresh(self._past, slots)
        made.inner = [part.for_slots(slots) if isinstance(part, Convolution) else part for part in self.inner]
        made.around = None if self.around is None else self.around.for_slots(slots)
        return made


@dataclass(frozen=True, slots=True)
class _Part:
    layer: Layer
    times: int
    """Inputs of the layer a frame."""


class Network:
    """A SEANet encoder or decoder for streams that run side by side: one, or as many as `for_slots` is told.

    `network`: `model.encoder` or `model.decoder` of a causal EncodecModel, its weight norm removed. `frame`: how many
    of its inputs one frame has, the stride of an encoder and 1 for a decoder. Pieces are whole frames.
    """

    def __init__(self, network: Any, frame: int) -> None:
        self.slots, self._frame = 1, frame
        self.parts: list[_Part | nn.Module] = []
        behind, times, upward = 0, frame, 1
        for module in network.model:
            made = _layer(module, behind)
            if made is None:
                self.parts.append(module)
                continue
            self.parts.append(_Part(made, times))
            behind = made.late
            if isinstance(made, Transposed):
                times *= made.stride
            elif isinstance(made, Convolution):
                times //= made.stride
            upward = times
        self.latency = behind
        """By how many of its outputs it runs late."""
        self.outputs = upward
        """Outputs a frame."""
        parameter = next(iter(network.parameters()))
        self._ages = torch.zeros(1, dtype=torch.int64, device=parameter.device)

    def for_slots(self, slots: int) -> Self:
        """The same network for other streams; they share the weights. ValueError for fewer than one."""
        if slots < 1:
            raise ValueError(f"slots: {slots} is not in 1 …")
        made = copy(self)
        made.slots, made._ages = slots, _fresh(self._ages, slots)
        made.parts = [
            replace(part, layer=part.layer.for_slots(slots)) if isinstance(part, _Part) else part for part in self.parts
        ]
        return made

    def reset(self, slots: Iterable[int] | None = None) -> None:
        """Let these streams, or all, begin anew with the next piece. IndexError for a slot that there is not."""
        if slots is None:
            self._ages.zero_()
        else:
            self._ages[list(slots)] = 0

    @torch.no_grad()
    def __call__(self, x: torch.Tensor, moving: Moving = None, *, is_last: bool = False) -> torch.Tensor:
        """The next piece of every stream: [slots, in, frames · frame] → [slots, out, frames · outputs].

        The first `latency` outputs of a stream are not its own. With `is_last` the streams end with this piece, and
        what was held back comes too: `latency` outputs more. Then `reset`. A stream that is not `moving` stays where it
        is, whatever it is given. ValueError for a shape that does not fit.
        """
        if x.ndim != 3 or len(x) != self.slots or x.shape[-1] == 0 or x.shape[-1] % self._frame:
            raise ValueError(f"piece: {tuple(x.shape)} is not [{self.slots}, …, a multiple of {self._frame}]")
        frames, youngest = x.shape[-1] // self._frame, int(self._ages.min())
        x = x.transpose(1, 2)
        for part in self.parts:
            if isinstance(part, _Part):
                x = part.layer(x, Ages(self._ages, youngest, part.times), moving, is_last=is_last)
            else:
                x = part(x)
        self._ages = _moved(self._ages, (self._ages + frames).clamp(max=OLD), moving)
        return x.transpose(1, 2)


def _layer(module: Any, behind: int) -> Layer | None:
    """The layer that streams, None for one that has no memory. TypeError for one that cannot stream."""
    if hasattr(module, "block"):
        return Residual(module, behind)
    if hasattr(module, "convtr"):
        return Transposed(module, behind)
    if hasattr(module, "conv"):
        if not module.causal or module.pad_mode != "reflect":
            raise TypeError("streaming: a convolution must be causal and mirror its first inputs")
        return Convolution(module, behind)
    if hasattr(module, "lstm"):
        return Recurrent(module, behind)
    if isinstance(module, nn.ELU):
        return None
    raise TypeError(f"streaming: {type(module).__name__} is not known")


def _moved(old: torch.Tensor, new: torch.Tensor, moving: Moving, axis: int = 0) -> torch.Tensor:
    """The new state of the streams that move, the old one of the others; `axis` is that of the slots."""
    if moving is None:
        return new.contiguous()
    return torch.where(moving.reshape([-1 if at == axis else 1 for at in range(new.ndim)]), new, old)


def _bias(layer: Any) -> torch.Tensor:
    return torch.as_tensor(layer.weight.new_zeros(layer.out_channels) if layer.bias is None else layer.bias.detach())


def _fresh(state: torch.Tensor, slots: int, axis: int = 0) -> torch.Tensor:
    """A state of nothing, for so many streams."""
    return state.new_zeros([slots if at == axis else size for at, size in enumerate(state.shape)])
