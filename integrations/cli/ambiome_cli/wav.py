"""WAV files whose length is known beforehand, so that they can be written to a pipe, and are the same bytes each time.

The header is the plain one of RIFF (RF64, EBU Tech 3306, from 4 GiB on), with nothing in it but the format: no chunk
that carries a time of writing. Of more than two loudspeakers it says where they stand (WAVE_FORMAT_EXTENSIBLE).
Samples are rounded to the nearest, without dither, and clipped beyond full scale.
"""

import struct
from enum import StrEnum
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
from ambiome_protocol.audio import CHANNELS, pack
from ambiome_protocol.lists import Layout
from ambiome_protocol.steps import SAMPLE_RATE_HZ


class WavFormat(StrEnum):
    """How samples are stored."""

    PCM24 = "pcm24"
    S16 = "s16"
    F32 = "f32"


SAMPLE_BYTES: Final = {WavFormat.PCM24: 3, WavFormat.S16: 2, WavFormat.F32: 4}
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SPEAKERS: Final[dict[Layout, int]] = {"quad": 0x33, "5.1": 0x60F}
"""Channel masks: front left and right 1 and 2, centre 4, low frequency 8, back 0x10 and 0x20, side 0x200 and 0x400."""
_SUBFORMAT_TAIL: Final = bytes.fromhex("000000001000800000aa00389b71")
"""What follows the tag in a subformat's GUID, after its own two bytes."""
_PCM24_SCALE: Final = 2**23 - 1
_RIFF_LIMIT: Final = 2**32 - 1


class WavWriter:
    """Writes so many samples of a layout's channels, as they come, to a binary stream that need not seek."""

    def __init__(self, stream: BinaryIO, layout: Layout, samples: int, format: WavFormat) -> None:
        """Writes the header. `samples` of each channel must be written in all before `close`."""
        self._stream = stream
        self._channels = CHANNELS[layout]
        self._left = samples
        self._padding = bytes(samples * self._channels * SAMPLE_BYTES[format] % 2)
        self._format = format
        stream.write(header(layout, samples, format))

    def write(self, audio: npt.NDArray[np.floating]) -> None:
        """Appends audio [channels, n], −1 … 1. ValueError for other channels or more samples than announced."""
        channels, samples = audio.shape
        if channels != self._channels:
            raise ValueError(f"audio has {channels} channel(s), the file {self._channels}")
        if samples > self._left:
            raise ValueError(f"{samples} samples are more than the {self._left} that are left")
        self._left -= samples
        self._stream.write(encode(audio, self._format))

    def close(self) -> None:
        """Pads the last chunk to an even length. ValueError if samples are missing; the stream stays open."""
        if self._left:
            raise ValueError(f"{self._left} samples were announced and not written")
        self._stream.write(self._padding)
        self._stream.flush()


def encode(audio: npt.NDArray[np.floating], format: WavFormat) -> bytes:
    """Samples [channels, n], −1 … 1, interleaved, little-endian; the shorter formats as the protocol packs them."""
    if format is not WavFormat.PCM24:
        return pack(audio, "f32le" if format is WavFormat.F32 else "s16le")
    scaled = np.clip(np.rint(audio.T.astype(np.float64) * _PCM24_SCALE), -_PCM24_SCALE, _PCM24_SCALE)
    return bytes(scaled.astype("<i4", "C").reshape(-1, 1).view(np.uint8)[:, :3].tobytes())


def header(layout: Layout, samples: int, format: WavFormat) -> bytes:
    """Everything before the samples."""
    channels, speakers = CHANNELS[layout], _SPEAKERS.get(layout)
    sample_bytes = SAMPLE_BYTES[format]
    block_bytes = channels * sample_bytes
    data_bytes = samples * block_bytes
    is_float = format is WavFormat.F32
    tag = _FLOAT if is_float else _PCM
    rate = SAMPLE_RATE_HZ
    head = tag if speakers is None else _EXTENSIBLE
    fmt = struct.pack("<HHIIHH", head, channels, rate, rate * block_bytes, block_bytes, 8 * sample_bytes)
    if speakers is not None:
        fmt += struct.pack("<HHIH", 22, 8 * sample_bytes, speakers, tag) + _SUBFORMAT_TAIL
    elif is_float:
        fmt += struct.pack("<H", 0)
    body = struct.pack("<4sI", b"fmt ", len(fmt)) + fmt
    if is_float:
        body += struct.pack("<4sII", b"fact", 4, min(samples, _RIFF_LIMIT))
    riff_bytes = 4 + len(body) + 8 + data_bytes + data_bytes % 2
    if riff_bytes <= _RIFF_LIMIT:
        return struct.pack("<4sI4s", b"RIFF", riff_bytes, b"WAVE") + body + struct.pack("<4sI", b"data", data_bytes)
    sizes = struct.pack("<4sIQQQI", b"ds64", 28, riff_bytes + 36, data_bytes, samples, 0)
    start = struct.pack("<4sI4s", b"RF64", _RIFF_LIMIT, b"WAVE") + sizes
    return start + body + struct.pack("<4sI", b"data", _RIFF_LIMIT)
