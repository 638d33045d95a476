"""The scene's state: all that the next step needs, and a snapshot of it to the last bit.

A state is a value: `advance` makes a new one and leaves the old as it was; nothing in it is ever changed in place.
"""

from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ambiome_middleware.scene.columns import COUNT, CURVES, DEFAULTS, PARAMETERS, Floats
from ambiome_middleware.scene.events import Soundings
from ambiome_middleware.scene.evolve import Gust
from ambiome_middleware.scene.features import KIND_INDEX, Slots, no_slots
from ambiome_middleware.scene.waves import Wave, first_wave
from ambiome_middleware.scene.world import Held
from ambiome_middleware.tokens import FEATURE_SLOTS

STATE_VERSION: Final = 3


class SceneState(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One session's scene after `step`. Arrays are positions along the parameters' curves (`columns`), [COUNT]."""

    seed: int
    step: int
    """The last step that was made; −1 before the first."""
    held: Held
    is_fresh: bool
    """Whether no world has been told yet: the first one stands at once."""
    is_stale: bool
    """Whether the world has changed since the targets were mapped."""
    mapped_step: int
    """The step at which they were; −1 before the first."""
    target: npt.NDArray[np.float64]
    smooth: npt.NDArray[np.float64]
    heard: npt.NDArray[np.float64]
    """`smooth` with the life of the step on it: what the row says."""
    left: npt.NDArray[np.float64]
    """Steps of a transition to go, for each parameter."""
    in_transition: bool
    gates: dict[str, bool]
    """Which thresholds are passed (hysteresis)."""
    wetness: float
    fallen_snow: float
    wave: Wave
    gusts: tuple[Gust, ...]
    pending: Soundings
    event_count: int
    dropped_events: int
    """How many of them found no room in `pending`."""
    slots: Slots
    kind_levels: npt.NDArray[np.float64]
    """Position of the level of each feature kind, as mapped, [kinds]."""
    cut: int


class StateError(ValueError):
    """A snapshot cannot be restored; the message says why."""


def initial_state(seed: int) -> SceneState:
    """The scene of a session that has been told nothing: silence. `seed` 0 … 2⁶³ − 1."""
    nothing = CURVES.positions(DEFAULTS)
    return SceneState(
        seed=seed, step=-1, held=Held(), is_fresh=True, is_stale=True, mapped_step=-1, target=nothing, smooth=nothing,
        heard=nothing, left=np.zeros(COUNT), in_transition=False, gates={}, wetness=0.0, fallen_snow=0.0,
        wave=first_wave(seed), gusts=(), pending=(), event_count=0, dropped_events=0, slots=no_slots(),
        kind_levels=np.zeros(len(KIND_INDEX)), cut=0,
    )  # fmt: skip


_SHAPES: Final = {"target": (COUNT,), "smooth": (COUNT,), "heard": (COUNT,), "left": (COUNT,)}


def state_to_bytes(state: SceneState) -> bytes:
    """A snapshot: format version, the names of the parameters, and the state."""
    names = [parameter.name for parameter in PARAMETERS]
    return _ENCODER.encode({"version": STATE_VERSION, "parameters": names, "state": state})


def state_from_bytes(data: bytes) -> SceneState:
    """The state of a snapshot, bit for bit. Raises StateError for a snapshot that is broken, or of another version.

    Parameters are matched by name: one that the snapshot does not know takes its default, one that is not known here is
    refused by name.
    """
    try:
        snapshot = _DECODER.decode(data)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        raise StateError(f"snapshot of a scene: {error}") from error
    if snapshot.version != STATE_VERSION:
        raise StateError(f"snapshot of a scene: version {snapshot.version}, this is {STATE_VERSION}")
    state = _by_name(snapshot.state, snapshot.parameters)
    slots = state.slots
    shapes = {
        **{name: (getattr(state, name).shape, shape) for name, shape in _SHAPES.items()},
        "kind_levels": (state.kind_levels.shape, (len(KIND_INDEX),)),
        "slots.now": (slots.now.shape, (FEATURE_SLOTS * 4,)),
        "slots.target": (slots.target.shape, (FEATURE_SLOTS * 4,)),
        "slots.alive": (slots.alive.shape, (FEATURE_SLOTS,)),
        "slots.left": (slots.left.shape, (FEATURE_SLOTS,)),
        "slots.ids": ((len(slots.ids),), (FEATURE_SLOTS,)),
        "slots.kinds": ((len(slots.kinds),), (FEATURE_SLOTS,)),
    }
    for name, (shape, expected) in shapes.items():
        if shape != expected:
            raise StateError(f"snapshot of a scene: {name} has {shape[0]} numbers, not {expected[0]}")
    now, target = slots.now.reshape(FEATURE_SLOTS, 4), slots.target.reshape(FEATURE_SLOTS, 4)
    return msgspec.structs.replace(state, slots=msgspec.structs.replace(slots, now=now, target=target))


class _Snapshot(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    parameters: tuple[str, ...]
    state: SceneState


def _by_name(state: SceneState, names: tuple[str, ...]) -> SceneState:
    """The state with its parameters in the order of this table."""
    known = [parameter.name for parameter in PARAMETERS]
    if list(names) == known:
        return state
    unknown = [name for name in names if name not in known]
    if unknown or len(set(names)) != len(names):
        raise StateError(f"snapshot of a scene: unknown parameters {', '.join(unknown) or 'twice'}")
    nothing = CURVES.positions(DEFAULTS)
    arrays: dict[str, Floats] = {}
    for field in _SHAPES:
        held: Floats = getattr(state, field)
        if len(held) != len(names):
            raise StateError(f"snapshot of a scene: {field} has {len(held)} numbers, not {len(names)}")
        start = np.zeros(COUNT) if field == "left" else nothing.copy()
        start[[known.index(name) for name in names]] = held
        arrays[field] = start
    return msgspec.structs.replace(state, is_stale=True, **arrays)


def _encode_array(value: Any) -> bytes:
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value, "<f8").tobytes()
    raise NotImplementedError(type(value))


def _decode_array(kind: type, value: Any) -> Any:
    if not isinstance(value, bytes) or len(value) % 8:
        raise ValueError("an array is not whole float64 numbers")
    array = np.frombuffer(value, "<f8").astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError("an array holds what is no finite number")
    return array


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_encode_array)
_DECODER: Final = msgspec.msgpack.Decoder(_Snapshot, dec_hook=_decode_array)
