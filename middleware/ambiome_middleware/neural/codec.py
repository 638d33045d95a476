"""The codec: EnCodec's 24 kHz causal model, official or ours, whole recordings at once or streams piece by piece.

A frame is 320 samples, 75 of them a second, three a step; a frame has one code for each level of the residual
quantiser, coarse before fine. Our own checkpoints are the same network with fewer filters.
"""

import hashlib
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

import torch
from torch import nn

from ambiome_middleware.neural.encodec_package import (
    EncodecModel,
    ResidualVectorQuantizer,
    SEANetDecoder,
    SEANetEncoder,
)
from ambiome_middleware.neural.files import WeightsError, first_line, read, write
from ambiome_middleware.neural.streaming import Network

CODEC_HZ: Final = 24_000
FRAME: Final = 320
"""Samples a frame."""
FRAMES_PER_STEP: Final = 3
RATIOS: Final = (8, 5, 4, 2)
BINS: Final = 1_024
FRAMES_PER_S: Final = CODEC_HZ // FRAME
OFFICIAL: Final = "encodec_24khz-d7cc33bc.th"
"""The official weights' file; the part after the dash begins the file's SHA-256."""
FORMAT: Final = "ambiome-codec 1"


@dataclass(frozen=True, slots=True)
class CodecShape:
    """The size of a codec; the default is the official one's.

    `filters`: of the layer next to the samples, doubled at each of the four strides. `levels`: of the quantiser.
    """

    filters: int = 32
    dimension: int = 128
    lstm_layers: int = 2
    levels: int = 32

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if type(value) is not int or not (0 if name == "lstm_layers" else 1) <= value <= 4_096:
                raise ValueError(f"codec shape: {name} is {value!r}, not a whole number in 1 … 4096")


def network(shape: CodecShape) -> Any:
    """An EncodecModel of this size with fresh weights. Its codebooks are all zero until they are trained or loaded."""
    common = {
        "dimension": shape.dimension, "n_filters": shape.filters, "ratios": list(RATIOS), "norm": "weight_norm",
        "causal": True, "lstm": shape.lstm_layers,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`torch.nn.utils.weight_norm`", FutureWarning)
        encoder, decoder = SEANetEncoder(**common), SEANetDecoder(**common)
    quantiser = ResidualVectorQuantizer(dimension=shape.dimension, n_q=shape.levels, bins=BINS)
    kbit_s = shape.levels * FRAMES_PER_S * (BINS - 1).bit_length() / 1_000
    return EncodecModel(encoder, decoder, quantiser, [kbit_s], CODEC_HZ, 1)


class Codec:
    """A codec with its weights, for use and not for training: weight norm is folded in, nothing asks for gradients."""

    def __init__(self, shape: CodecShape, state: dict[str, torch.Tensor], device: str = "cpu") -> None:
        """WeightsError where the weights are not of a network of this shape, or a codebook was never filled."""
        self.shape = shape
        self._model = network(shape)
        try:
            self._model.load_state_dict(state)
        except RuntimeError as error:
            raise WeightsError(
                f"not the weights of a codec with {shape.filters} filters: {first_line(error)}"
            ) from error
        for level, layer in enumerate(self._model.quantizer.vq.layers):
            if not bool(layer.codebook.any()):
                raise WeightsError(f"the codebook of level {level} is empty: the codec was not trained")
        for module in self._model.modules():
            if "weight_g" in dict(module.named_parameters(recurse=False)):
                nn.utils.remove_weight_norm(module)
        self._model.requires_grad_(False).eval().to(device)

    @classmethod
    def official(cls, folder: Path | None = None, device: str = "cpu") -> Self:
        """The official 24 kHz model: from `folder`, or, without one, from encodec's hub and torch's cache.

        With a folder the network is never asked. FileNotFoundError where the folder lacks the file `OFFICIAL`;
        WeightsError where its checksum is another; URLError where the hub cannot be reached.
        """
        if folder is None:
            state = EncodecModel._get_pretrained(OFFICIAL)
        else:
            path = folder / OFFICIAL
            if not path.is_file():
                raise FileNotFoundError(f"{folder} has no {OFFICIAL}")
            wanted = path.stem.split("-")[1]
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if not found.startswith(wanted):
                raise WeightsError(f"{path.name}: its SHA-256 begins with {found[: len(wanted)]}, not with {wanted}")
            state = torch.load(path, map_location="cpu", weights_only=True)
        return cls(CodecShape(), state, device)

    @classmethod
    def load(cls, path: Path, device: str = "cpu") -> Self:
        """One of our own checkpoints, safetensors in any float type. WeightsError for any other file."""
        found = read(path, FORMAT, CodecShape)
        return cls(found.shape, found.state, device)

    @property
    def device(self) -> torch.device:
        return torch.device(next(iter(self._model.parameters())).device)

    def codebooks(self) -> torch.Tensor:
        """What each code of each level stands for, [levels, BINS, dimension]."""
        return torch.stack([layer.codebook for layer in self._model.quantizer.vq.layers])

    @torch.no_grad()
    def encode(self, samples: torch.Tensor, levels: int | None = None) -> torch.Tensor:
        """Whole recordings: float [B, n] at 24 kHz, full scale ±1 → codes int64 [B, levels, ⌈n / 320⌉]."""
        return self.quantise(self._model.encoder(samples[:, None, :]), levels)

    @torch.no_grad()
    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """Codes int64 [B, levels, T], levels ≤ the codec's → samples [B, 320 · T]. IndexError for one out of range."""
        return torch.as_tensor(self._model.decoder(self.latents(codes)))[:, 0]

    @torch.no_grad()
    def quantise(self, latents: torch.Tensor, levels: int | None = None) -> torch.Tensor:
        """[B, dimension, T] → codes [B, levels, T]: at each level the codebook's nearest to what is left."""
        return torch.as_tensor(self._model.quantizer.vq.encode(latents, n_q=levels)).transpose(0, 1)

    @torch.no_grad()
    def latents(self, codes: torch.Tensor) -> torch.Tensor:
        """Codes [B, levels, T] → [B, dimension, T], the sum over levels of their vectors."""
        return torch.as_tensor(self._model.quantizer.decode(codes.transpose(0, 1)))

    @cached_property
    def _encoder(self) -> Network:
        return Network(self._model.encoder, FRAME)

    @cached_property
    def decoder(self) -> Network:
        return Network(self._model.decoder, 1)

    def encoding(self, slots: int) -> "Encoding":
        """Encodes `slots` streams piece by piece."""
        return Encoding(self, self._encoder.for_slots(slots))

    def decoding(self, slots: int) -> "Decoding":
        """Decodes `slots` streams piece by piece."""
        return Decoding(self, self.decoder.for_slots(slots))


def save(path: Path, shape: CodecShape, state: Mapping[str, torch.Tensor], about: Mapping[str, str]) -> None:
    """Write a checkpoint of ours: the weights as they are, and what is said of them."""
    write(path, FORMAT, shape, state, about)


class _Streams:
    """Streams on their way through one of the codec's networks. `latency`: outputs by which every stream runs late."""

    def __init__(self, codec: Codec, network: Network) -> None:
        self._codec, self._network = codec, network
        self.latency = network.latency

    def reset(self, slots: Iterable[int] | None = None) -> None:
        """Let these streams, or all, begin anew with the next piece."""
        self._network.reset(slots)


class Decoding(_Streams):
    """Streams of codes on their way to samples. `latency` is in samples."""

    def __call__(
        self, codes: torch.Tensor, moving: torch.Tensor | None = None, *, is_last: bool = False
    ) -> torch.Tensor:
        """Codes [slots, levels, n] → samples [slots, 320 · n], `latency` more with `is_last`; the first `latency` of a
        stream are not its own. A stream that is not `moving`, bool [slots], stays where it is. ValueError for a shape
        that does not fit.
        """
        return self._network(self._codec.latents(codes), moving, is_last=is_last)[:, 0]


class Encoding(_Streams):
    """Streams of samples on their way to codes. `latency` is in frames."""

    def __call__(self, samples: torch.Tensor, levels: int | None = None, *, is_last: bool = False) -> torch.Tensor:
        """Samples [slots, 320 · n] → codes [slots, levels, n], `latency` more with `is_last`; the first `latency` of a
        stream are not its own. ValueError for a shape that does not fit.
        """
        return self._codec.quantise(self._network(samples[:, None, :], is_last=is_last), levels)
