"""What a zone's frame is to one of its members alone: faded in where the member begins, turned to where it looks.

Both work on the bytes of a frame, of 1,920 instants, in either format. All other members are sent the frame as it is.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import zmq
from ambiome_protocol.audio import CHANNELS, Samples, pack, unpack
from ambiome_protocol.lists import Format, Layout
from ambiome_protocol.steps import STEP_SAMPLES

Sound = bytes | zmq.Frame
"""A frame's audio. As a part of ZeroMQ it is sent to many without a copy of it."""
FADE_SAMPLES: Final = 960
"""20 ms."""
_RISE: Final[npt.NDArray[np.float32]] = np.ones(STEP_SAMPLES, np.float32)
_RISE[:FADE_SAMPLES] = np.sin(0.5 * np.pi * (np.arange(FADE_SAMPLES) + 0.5) / FADE_SAMPLES) ** 2
_ALONG: Final = np.linspace(0.0, 1.0, STEP_SAMPLES + 1)[1:]
_Y, _X = 1, 3


def faded_in(audio: Sound, layout: Layout, format: Format) -> bytes:
    """The frame, its first 20 ms raised from silence by a squared sine."""
    return pack(_samples(audio, layout, format) * _RISE, format)


def turned(audio: Sound, format: Format, from_deg: float, to_deg: float) -> bytes:
    """A frame of first-order ambisonics (W Y Z X, AmbiX) for a listener who looks at `from_deg` at its beginning and at
    `to_deg` at its end, degrees clockwise from north, and turns by the shorter arc.

    A source at azimuth a has X = cos a, Y = −sin a; for a listener who looks at h it lies at a − h, so that
    X' = X cos h − Y sin h and Y' = Y cos h + X sin h, while W and Z stay as they are.
    """
    arc_deg = _arc_deg(from_deg, to_deg)
    heading = np.deg2rad(from_deg + arc_deg * _ALONG if arc_deg else [to_deg])
    cos, sin = np.cos(heading).astype(np.float32), np.sin(heading).astype(np.float32)
    samples = _samples(audio, "ambisonics", format)
    y, x = samples[_Y].copy(), samples[_X].copy()
    samples[_Y], samples[_X] = y * cos + x * sin, x * cos - y * sin
    return pack(samples, format)


def _samples(audio: Sound, layout: Layout, format: Format) -> Samples:
    return unpack(audio if isinstance(audio, bytes) else audio.buffer, format, CHANNELS[layout])


def _arc_deg(from_deg: float, to_deg: float) -> float:
    """The shorter way from one direction to another, −180 … 180."""
    return (to_deg - from_deg + 180.0) % 360.0 - 180.0
