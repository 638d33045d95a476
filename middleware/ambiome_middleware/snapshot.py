"""A session as bytes: everything that it needs to go on, to the bit, in another process.

The bytes are msgpack. They name their format and its version, the sound's version, and the token table as (name,
levels, curve) of each column, so that rows made with an older table find their columns by name: a column that is new
takes its default, one that is not known here any more is refused by name, as is one whose levels or curve have changed.
"""

from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from ambiome_protocol.lists import Layout, Pace, RendererName
from ambiome_protocol.messages import EventMessage, MixMessage, SceneReport, Warning, WorldMessage
from msgspec import Struct

from ambiome_middleware import tokens
from ambiome_middleware.remap import ColumnError, remap

FORMAT: Final = "ambiome-session"
FORMAT_VERSION: Final = 1

AnyChange = WorldMessage | EventMessage | MixMessage


class SnapshotError(ValueError):
    """Bytes that are no session, or one that this version cannot go on with; the text says which and why."""


class Snapshot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of a session. `rows` are int16 little-endian, [n, columns of `table`]; `first_step` is the first row's."""

    format: str = FORMAT
    format_version: int = FORMAT_VERSION
    sound_version: int
    table: tuple[tuple[str, int, str], ...] = tokens.table()
    seed: int
    layout: Layout
    pace: Pace
    renderer: RendererName = "procedural"
    weights: str = ""
    telemetry_hz: float
    next_step: int
    credit: int
    played_step: int
    applied_seq: int
    received_seq: int
    underruns: int
    warned_behind_step: int
    quality: int = 0
    waiting: tuple[tuple[int, AnyChange], ...]
    notices: tuple[SceneReport | Warning, ...]
    state: bytes
    first_step: int
    rows: bytes
    applied: tuple[int, ...]


def pack(snapshot: Snapshot) -> bytes:
    """The bytes of a snapshot."""
    return msgspec.msgpack.encode(snapshot)


def unpack(data: bytes, sound_version: int, weights: str = "") -> Snapshot:
    """The snapshot in these bytes; SnapshotError if they are none, or of another format, sound version or weights."""
    try:
        head = msgspec.msgpack.decode(data, type=_Head)
        if (head.format, head.format_version) != (FORMAT, FORMAT_VERSION):
            raise SnapshotError(f"{head.format} {head.format_version} is not {FORMAT} {FORMAT_VERSION}")
        snapshot = msgspec.msgpack.decode(data, type=Snapshot)
    except msgspec.MsgspecError as error:
        raise SnapshotError(f"not a snapshot of a session: {error}") from error
    check_sound(snapshot.sound_version, snapshot.weights, snapshot.renderer, sound_version, weights)
    return snapshot


def check_sound(
    made_version: int, made_weights: str, renderer: RendererName, sound_version: int, weights: str = ""
) -> None:
    """SnapshotError where a session that was made with these cannot go on with this sound version and weights."""
    if made_version != sound_version:
        raise SnapshotError(f"sound version {made_version} is not {sound_version}, which this process renders")
    if renderer == "neural" and made_weights != weights:
        has = weights or "none"
        raise SnapshotError(f"a session of the neural renderer with weights {made_weights}; this process has {has}")


def check_table(table: tuple[tuple[str, int, str], ...]) -> None:
    """SnapshotError where rows of this table have no place in today's."""
    _remapped(np.empty((0, len(table)), np.int16), table)


def rows_of(snapshot: Snapshot) -> npt.NDArray[np.int16]:
    """Its rows in the columns of today's table, [n, ROW_WIDTH]; SnapshotError where they have no place in it."""
    try:
        rows = np.frombuffer(snapshot.rows, "<i2").reshape(len(snapshot.applied), len(snapshot.table))
    except ValueError as error:
        raise SnapshotError(f"{len(snapshot.rows)} bytes are not {len(snapshot.applied)} rows") from error
    return _remapped(rows, snapshot.table)


def _remapped(rows: npt.NDArray[np.int16], table: tuple[tuple[str, int, str], ...]) -> npt.NDArray[np.int16]:
    try:
        return remap(rows, table)
    except ColumnError as error:
        raise SnapshotError(str(error)) from error


class _Head(Struct, frozen=True):
    """What every version of the format begins with."""

    format: str
    format_version: int
