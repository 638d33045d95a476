"""What the front process and a render worker say to each other: orders one way, reports the other.

Both travel in batches over ZeroMQ. A batch of orders is one part of msgpack; a batch of reports is one part of msgpack
and one of audio, in which the frames that the reports name lie one after another. A session is an integer here; its
secret token and its peer are the front's alone.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from ambiome_protocol.lists import Format, Layout, Pace, RendererName
from msgspec import Struct


class Open(Struct, frozen=True, array_like=True, tag=0):
    """Begin a session. `token` is what its client resumes it by, `guest` whose key the client has, where keys are
    needed: the worker writes them down, where it writes a journal. The session of a zone has the zone's name, and the
    key of its owners for a token.
    """

    session: int
    seed: int
    layout: Layout
    format: Format
    pace: Pace
    telemetry_hz: float
    renderer: RendererName = "procedural"
    token: bytes = b""
    guest: str = ""
    zone: str = ""


class Restore(Struct, frozen=True, array_like=True, tag=7):
    """Go on with a session of which something stands in the journal; it is kept, and not rendered until it resumes."""

    session: int


class Tell(Struct, frozen=True, array_like=True, tag=1):
    """A client's change that the front has decoded and found right, as it came, and its seq."""

    session: int
    data: bytes
    seq: int = 0


class Grant(Struct, frozen=True, array_like=True, tag=2):
    """A client's credit."""

    session: int
    until_step: int
    played_step: int
    underruns: int


class Pause(Struct, frozen=True, array_like=True, tag=3):
    """The client is silent: keep the session, render no more of it."""

    session: int


class Resume(Struct, frozen=True, array_like=True, tag=4):
    """A client is back and wants frames from `next_step` on; answered by `Resumed`."""

    session: int
    attempt: int
    next_step: int


class Close(Struct, frozen=True, array_like=True, tag=5):
    """The session is over."""

    session: int


class Ask(Struct, frozen=True, array_like=True, tag=6):
    """A client's question why it sounds as it does."""

    session: int
    seq: int


Order = Open | Tell | Grant | Pause | Resume | Close | Ask | Restore


class Ready(Struct, frozen=True, array_like=True, tag=0):
    """The worker renders: the first thing it says. `weights` is the digest of what the neural renderer has learned, ""
    where the worker has none.
    """

    worker: int
    device: str
    sound_version: int
    weights: str = ""


class Unfit(Struct, frozen=True, array_like=True, tag=1):
    """The worker cannot start, and why: the first and last thing it says."""

    worker: int
    detail: str


class FrameReport(Struct, frozen=True, array_like=True, tag=2):
    """One frame: its header as the client gets it, and how much of the batch's audio is its."""

    session: int
    header: bytes
    audio_bytes: int


class Say(Struct, frozen=True, array_like=True, tag=3):
    """A message for the session's client, encoded."""

    session: int
    data: bytes


class Resumed(Struct, frozen=True, array_like=True, tag=4):
    """The session goes on at `next_step`, or cannot: then `refusal` says why. `attempt` is that of the order."""

    session: int
    attempt: int
    next_step: int
    last_seq: int
    refusal: str


class Ended(Struct, frozen=True, array_like=True, tag=5):
    """The session is lost to a fault of ours; its client has been told, if there is one. A `fault` is for a client that
    comes back to it later.
    """

    session: int
    fault: str = ""


class Meter(Struct, frozen=True, array_like=True):
    """How a session stands: the step that is rendered next, how many its client holds, how loud its last step is, and
    what is strongest in its scene, as shares of the parameters' ranges.
    """

    session: int
    pace: Pace
    layout: Layout
    renderer: RendererName
    step: int
    held_steps: int
    loudness_lufs: float
    scene: dict[str, float]


class Load(Struct, frozen=True, array_like=True, tag=6):
    """What the worker has done since it began (see `engine.Work`) and in its last second (`busyness.Shares`); its
    sessions, the steps that it owes them, the quality of live ones, and how loud those of `meters` are in the mean.
    Said every second.
    """

    worker: int
    live: int
    free: int
    owed_steps: int
    busy: float
    busy_live: float
    turns: int
    requests: int
    steps: int
    misses: int
    failures: int
    render_s: float
    live_s: float
    errors: dict[str, int]
    meters: tuple[Meter, ...] = ()
    quality: int = 0
    loudness_lufs: float = -120.0
    busy_neural: float = 0.0
    streams: float = 0.0
    neural_streams: float = 0.0
    live_steps: int = 0
    neural_s: float = 0.0
    neural_steps: int = 0
    calls_by_s: Sequence[int] = ()
    calls_by_sessions: Sequence[int] = ()
    owed_live_steps: int = 0


Report = Ready | Unfit | FrameReport | Say | Resumed | Ended | Load

_ENCODER: Final = msgspec.msgpack.Encoder()
_ORDERS: Final = msgspec.msgpack.Decoder(list[Order])
_REPORTS: Final = msgspec.msgpack.Decoder(list[Report])


def pack_orders(orders: Sequence[Order]) -> bytes:
    """A batch of orders as one part."""
    return _ENCODER.encode(orders)


def unpack_orders(data: bytes | memoryview) -> list[Order]:
    """The orders of a batch, in order."""
    return _ORDERS.decode(data)


def pack_reports(reports: Sequence[Report]) -> bytes:
    """A batch of reports as the first of its two parts; the second is the frames' audio, joined."""
    return _ENCODER.encode(reports)


def unpack_reports(data: bytes | memoryview) -> list[Report]:
    """The reports of a batch, in order."""
    return _REPORTS.decode(data)
