"""Samples to bytes and back: the second part of a frame.

Samples are interleaved (all channels of the first instant, then of the next), little-endian. Channels stand in the
layout's order, see `CHANNEL_NAMES`.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.lists import Format, Layout
from ambiome_protocol.steps import STEP_SAMPLES

CHANNELS: Final[dict[Layout, int]] = {"mono": 1, "stereo": 2, "quad": 4, "5.1": 6, "ambisonics": 4}
CHANNEL_NAMES: Final[dict[Layout, str]] = {
    "mono": "the one",
    "stereo": "left, right",
    "quad": "front left, front right, back left, back right",
    "5.1": "left, right, centre, low frequency (silent), left surround, right surround",
    "ambisonics": "W, Y, Z, X: first order, ACN order, SN3D",
}
SAMPLE_BYTES: Final[dict[Format, int]] = {"f32le": 4, "s16le": 2}
S16_SCALE: Final = 32_767.0
# Arrays, which numpy need not make of a number again at each call.
_SCALE: Final = np.array(S16_SCALE, np.float32)
_LOWEST: Final = -_SCALE

Samples = npt.NDArray[np.float32]


def pack(samples: npt.NDArray[np.floating], format: Format) -> bytes:
    """Samples [channels, n], −1 … 1, as bytes. `s16le` rounds to the nearest of ±32,767 and clips what is beyond."""
    return bytes(interleaved(samples, format))


def interleaved(samples: npt.NDArray[np.floating], format: Format) -> memoryview:
    """As `pack`, for what is joined with others: the bytes where they were made."""
    if format == "s16le":
        samples = np.multiply(samples, _SCALE)
        np.rint(samples, out=samples)
        samples.clip(_LOWEST, _SCALE, out=samples)
    made = np.empty((samples.shape[1], len(samples)), "<i2" if format == "s16le" else "<f4")
    for channel, line in enumerate(samples):  # five times faster than to let numpy transpose
        made[:, channel] = line
    return made.data


def unpack(data: bytes | memoryview, format: Format, channels: int) -> Samples:
    """Samples float32 [channels, n] of these bytes; ProtocolError if they are no whole number of instants."""
    instant_bytes = channels * SAMPLE_BYTES[format]
    size = len(data) if isinstance(data, bytes) else data.nbytes
    if size % instant_bytes:
        allowed = f"a multiple of {instant_bytes} bytes ({channels} channels, {format})"
        raise ProtocolError("malformed", field="audio", value=f"of {size} bytes", allowed=allowed)
    if format == "s16le":
        samples = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(S16_SCALE)
    else:
        samples = np.frombuffer(data, "<f4").astype(np.float32)
    return np.ascontiguousarray(samples.reshape(-1, channels).T)


def stereo_decode(ambisonics: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """First-order ambisonics [4, n] (W Y Z X) → left, right [2, n]: √½ · (W ± Y), two cardioids to the sides.

    What is in front or behind keeps its power, what is at one side is silent on the other.
    """
    half_power = np.float32(0.5**0.5)
    left, right = half_power * (ambisonics[0] + ambisonics[1]), half_power * (ambisonics[0] - ambisonics[1])
    return np.stack([left, right])


def frame_bytes(layout: Layout, format: Format) -> int:
    """How many bytes the audio of one frame has."""
    return STEP_SAMPLES * CHANNELS[layout] * SAMPLE_BYTES[format]
