"""The voices' tables, flattened: what the compiled control and schedule kernels read.

Everything that depends on tokens alone is computed once, here, in float64: decibels become powers, rates become
integers (`RATE_ONE` units an octave), octaves stay octaves. A kernel then only looks up, multiplies and compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from ambiome_protocol.lists import VOICES

from ambiome_middleware.sound import kept, levels
from ambiome_middleware.sound.arrays import I64
from ambiome_middleware.sound.decoded import NEVER, RATE_ONE
from ambiome_middleware.sound.patch import (
    BANDS,
    FLUTTER_HZ,
    FLUTTER_STEPS,
    MAX_GRAIN_STEPS,
    SOURCES,
    Caller,
    Draw,
    Emitter,
    Floats,
    Flutter,
    Layer,
    Patch,
    Swell,
    Table,
)
from ambiome_middleware.sound.records import (
    ALL_INSIDE,
    ALL_OUTSIDE,
    BURST_SHIFT,
    CALL_WIDTH,
    CALLER_WIDTH,
    DRAW,
    EMITTER_DRAWS,
    EMITTER_WIDTH,
    EVENT_SOURCE,
    FEATURE_SOURCE,
    FLUTTER_COMMON,
    FLUTTER_HAS_COMMON,
    FLUTTER_HAS_OWN,
    FLUTTER_OWN,
    FLUTTER_WIDTH,
    LAYER_WIDTH,
    NOISE_ONE,
    OWN_SCOPE,
    PATCH_WIDTH,
    SCENE_SCOPE,
    SCENE_SOURCE,
    SWELL_WIDTH,
    SYLLABLE_WIDTH,
)
from ambiome_middleware.tokens import (
    COLUMN,
    EVENT_KIND_NAMES,
    FEATURE,
    FEATURE_KIND_NAMES,
    FEATURE_SLOTS,
    FEATURES_AT,
    STEP_S,
    STEPS_PER_S,
)

FORMS: Final = {"mode": 0, "noise": 1, "tone": 2}
HISS: Final = 3
"""The form of a syllable of noise: a band of noise under the envelope of a tone."""
TONE_DUTY, DAMPED_DUTY = 3.0 / 8.0, 0.5
"""Energy of a grain against a steady sine that lasts its length (raised cosine) or its decay time (exponential)."""
MAX_CALL_S: Final = 4.8
"""Every syllable begins within this of its call, and every repeat of its window: so that all fits in a look back."""
DB_PER_OCTAVE: Final = 20.0 * np.log10(2.0)

SOURCE_CODE: Final = {"scene": SCENE_SOURCE, "feature": FEATURE_SOURCE, "event": EVENT_SOURCE}


@dataclass
class _Flat:
    """Tables and their references under construction."""

    column: list[int] = field(default_factory=list)
    scope: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    wide: list[int] = field(default_factory=list)
    floats: list[Floats] = field(default_factory=list)
    ints: list[I64] = field(default_factory=list)
    flutters: list[Floats] = field(default_factory=list)
    float_count: int = 0
    int_count: int = 0

    def floats_at(self, rows: Floats) -> int:
        self.floats.append(np.ravel(rows))
        self.float_count += rows.size
        return self.float_count - rows.size

    def ints_at(self, rows: I64) -> int:
        self.ints.append(np.ravel(rows))
        self.int_count += rows.size
        return self.int_count - rows.size

    def refer(self, patch: Patch, table: Table, at: int) -> None:
        own = {parameter.name: index for index, parameter in enumerate(SOURCES[patch.source])}
        local = patch.source != "scene" and table.column in own
        self.scope.append(OWN_SCOPE if local else SCENE_SCOPE)
        self.column.append(own[table.column] if local else COLUMN[table.column])
        self.at.append(at)
        self.wide.append(int(table.rows.ndim == 2))

    def list_of(self, patch: Patch, tables: Sequence[Table], kind: str) -> tuple[int, int]:
        """Append a list of tables turned into powers ("power"), octaves ("octave", "db"), integer rates ("rate"), or
        left as they are ("factor")."""
        start = len(self.column)
        for table in tables:
            with np.errstate(divide="ignore"):
                if kind == "rate":
                    octaves = np.log2(np.asarray(table.rows, np.float64))
                    at = self.ints_at(
                        np.where(np.isfinite(octaves), np.round(octaves * RATE_ONE), NEVER).astype(np.int64)
                    )
                elif kind == "power":
                    at = self.floats_at(10.0 ** (table.rows / 10.0))
                elif kind == "factor":
                    at = self.floats_at(table.rows)
                else:
                    octaves = table.rows / (DB_PER_OCTAVE if kind == "db" else 1.0)
                    at = self.floats_at(np.maximum(octaves, -1e4))
            self.refer(patch, table, at)
        return start, len(self.column)


@dataclass
class _Rows:
    """A table of records under construction."""

    rows: list[list[float]] = field(default_factory=list)

    def array(self, width: int) -> Floats:
        return np.array(self.rows, np.float64).reshape(-1, width)


class Bank(NamedTuple):
    """All patches as flat arrays; a NamedTuple because numba takes it apart at no cost."""

    factors: I64
    """[n, 4]: column, scope (own or scene), where the table starts, whether its rows are BANDS wide."""
    floats: Floats
    ints: I64
    patches: Floats
    layers: Floats
    swells: Floats
    swell_draws: Floats
    emitters: Floats
    emitter_draws: Floats
    callers: Floats
    caller_draws: Floats
    calls: Floats
    syllables: Floats
    flutters: Floats
    """[n, len(FLUTTER_STEPS) + 1, FLUTTER_WIDTH]; see `records`."""
    heeded: I64
    """Columns of a token frame, patch by patch: those that the mean power of its emitters, swells and callers heeds."""

    @property
    def parts(self) -> int:
        """How many emitters, swells and callers there are."""
        return len(self.emitters) + len(self.swells) + len(self.callers)

    @property
    def rates(self) -> int:
        """How many rates there are: one of each emitter and swell, two of each caller."""
        return self.parts + len(self.callers)


def _draw(flat: _Flat, patch: Patch, draw: Draw, kind: str = "octave") -> list[float]:
    start, stop = flat.list_of(patch, draw.by, kind)
    if kind == "db":
        centre, spread = draw.centre / DB_PER_OCTAVE, draw.spread / DB_PER_OCTAVE
    else:
        centre, spread = (float(np.log2(draw.centre)) if draw.centre > 0 else -1e4), draw.spread
    return [centre, spread, float(draw.shape == "bell"), start, stop]


def _linear_draw(flat: _Flat, patch: Patch, draw: Draw) -> list[float]:
    """A draw whose own unit is added, not multiplied (a sweep in octaves about 0)."""
    start, stop = flat.list_of(patch, draw.by, "octave")
    return [draw.centre, draw.spread, float(draw.shape == "bell"), start, stop]


def _rate_const(value: float) -> float:
    return float(round(np.log2(value) * RATE_ONE))


def _coherence(flat: _Flat, value: Floats | float) -> int:
    return flat.floats_at(np.broadcast_to(np.asarray(value, np.float64), (BANDS,)).copy())


def _layer(flat: _Flat, patch: Patch, index: int, layer: Layer) -> list[float]:
    start, stop = flat.list_of(patch, layer.level_db, "power")
    return [
        index,
        start,
        stop,
        flat.floats_at(levels.unit_loudness(layer.spectrum_db)),
        _coherence(flat, layer.coherence),
        _flutter(flat, layer.flutter) if layer.flutter else -1,
        *flat.list_of(patch, layer.flutter.depth_by if layer.flutter else (), "factor"),
    ]


def _flutter(flat: _Flat, flutter: Flutter) -> int:
    """The flutter's row in `Bank.flutters`."""
    depth_db = np.asarray(flutter.depth_db, np.float64)
    if depth_db.shape != (len(FLUTTER_HZ), len(FLUTTER_STEPS)):
        raise ValueError(f"flutter: depth_db is {depth_db.shape}, wanted is {(len(FLUTTER_HZ), len(FLUTTER_STEPS))}")
    common = np.broadcast_to(np.asarray(flutter.common, np.float64), (len(FLUTTER_STEPS),))
    shared, own = depth_db * np.sqrt(common), depth_db * np.sqrt(1.0 - common)
    rows = np.zeros((len(FLUTTER_STEPS) + 1, FLUTTER_WIDTH))
    rows[:-1, FLUTTER_HAS_COMMON], rows[:-1, FLUTTER_HAS_OWN] = shared.any(axis=0), own.any(axis=0)
    rows[:-1, FLUTTER_COMMON:FLUTTER_OWN], rows[:-1, FLUTTER_OWN:] = shared.T, own.T
    rows[-1, : len(FLUTTER_HZ)] = (depth_db**2).sum(axis=1)
    flat.flutters.append(rows)
    return len(flat.flutters) - 1


def _bursts(flat: _Flat, emitter: Emitter, source: str) -> int:
    if emitter.bursts is None:
        return -1
    depth_oct = np.asarray(emitter.bursts, np.float64)
    if depth_oct.shape != (len(FLUTTER_STEPS),) or source == "event":
        raise ValueError(f"emitter {emitter.name}: bursts want {len(FLUTTER_STEPS)} depths, and are not for events")
    # The mean of 2^x for a Gaussian x lies so many octaves above 2^0.
    above = 0.5 * np.log(2.0) * np.sum(depth_oct**2)
    depths = np.append(depth_oct * (RATE_ONE / NOISE_ONE * (1 << BURST_SHIFT)), -above * RATE_ONE)
    return flat.ints_at(np.round(depths).astype(np.int64))


def _way(envelope: Floats) -> Floats:
    """How far a passing source has come by each step, 0 … 1, [shapes, steps]: the share of its energy so far.

    For one that passes on a straight line, 1/(1 + t²), that share is its angle: it crosses fast where it is near.
    """
    heard = np.cumsum(envelope, axis=1) - 0.5 * envelope
    return np.asarray(heard / np.maximum(envelope.sum(axis=1, keepdims=True), 1e-12))


def _swell(flat: _Flat, patch: Patch, index: int, swell: Swell) -> tuple[list[float], list[float]]:
    envelope = np.atleast_2d(np.asarray(swell.envelope, np.float64))
    if envelope.shape[1] > MAX_GRAIN_STEPS:
        raise ValueError(f"swell {swell.name}: an envelope of {envelope.shape[1]} steps is over {MAX_GRAIN_STEPS}")
    slots = swell.slots
    rate_start, rate_stop = flat.list_of(patch, swell.rate_hz, "rate")
    const = _rate_const((1.0 if patch.source == "event" else STEP_S) / slots)
    if len(envelope) % swell.varieties:
        raise ValueError(
            f"swell {swell.name}: {len(envelope)} envelopes are not {swell.varieties} times the same shapes"
        )
    shape = (0, 0, 0)
    if swell.shape_by is not None:
        at = flat.ints_at(np.asarray(swell.shape_by.rows, np.int64))
        flat.refer(patch, swell.shape_by, at)
        shape = (at + 1, flat.column[-1], flat.scope[-1])
    spectrum_start, spectrum_stop = flat.list_of(patch, swell.spectrum_by, "power")
    record = [
        index, slots, rate_start, rate_stop, const, float(envelope.mean(axis=0).sum() * STEP_S),
        flat.floats_at(levels.unit_loudness(swell.spectrum_db)),
        _coherence(flat, swell.coherence), flat.floats_at(np.concatenate([envelope, _way(envelope)], axis=1)),
        *envelope.shape, *shape,
        spectrum_start, spectrum_stop, float(swell.pan == "pass"), swell.width, float(swell.delay_s is not None),
        swell.varieties, swell.tilt_db,
    ]  # fmt: skip
    delay = swell.delay_s or Draw(STEP_S)
    return record, [*_draw(flat, patch, swell.level_db, "db"), *_draw(flat, patch, delay)]


def _emitter(flat: _Flat, patch: Patch, index: int, emitter: Emitter) -> tuple[list[float], list[float]]:
    if not 1 <= emitter.slots <= 64:
        raise ValueError(f"emitter {emitter.name}: {emitter.slots} slots, allowed are 1 … 64")
    rate_start, rate_stop = flat.list_of(patch, emitter.rate_hz, "rate")
    const = _rate_const((1.0 if patch.source == "event" else STEP_S) / emitter.slots)
    duty = TONE_DUTY if emitter.form == "tone" else DAMPED_DUTY
    record = [
        index, emitter.slots, rate_start, rate_stop, const, emitter.decay_s.centre * duty,
        FORMS[emitter.form], emitter.attack_s, emitter.am_depth, emitter.second, emitter.third, emitter.width,
        float(emitter.delay_s is not None), _bursts(flat, emitter, patch.source),
    ]  # fmt: skip
    delay = emitter.delay_s or Draw(STEP_S)
    draws = [
        *_draw(flat, patch, emitter.level_db, "db"), *_draw(flat, patch, emitter.pitch_hz),
        *_draw(flat, patch, emitter.decay_s), *_linear_draw(flat, patch, emitter.sweep_oct),
        *_draw(flat, patch, emitter.band_hz), *_draw(flat, patch, emitter.am_hz), *_draw(flat, patch, delay),
    ]  # fmt: skip
    return record, draws


def _caller(
    flat: _Flat, patch: Patch, index: int, caller: Caller, calls: _Rows, syllables: _Rows
) -> tuple[list[float], list[float]]:
    calls_start, energy = len(calls.rows), 0.0
    window_steps = max(1, round(caller.window_s * STEPS_PER_S))
    for call in caller.calls:
        start = len(syllables.rows)
        for s in sorted(call.syllables, key=lambda s: s.at_s):
            record = [s.at_s, s.length_s, s.pitch_hz, s.end_hz or s.pitch_hz, s.level_db / DB_PER_OCTAVE]
            syllables.rows.append([*record, s.am_hz, s.am_depth, s.second, s.third, s.attack, s.noise_hz, s.bend])
            energy += s.length_s * TONE_DUTY * 10 ** (s.level_db / 10)
        length_s = max(s.at_s + s.length_s for s in call.syllables)
        calls.rows.append([start, len(syllables.rows)])
        latest_s = max(s.at_s for s in call.syllables) * 2.0**caller.tempo_oct
        if latest_s > MAX_CALL_S or length_s * 2.0**caller.tempo_oct > 2 * MAX_CALL_S:
            raise ValueError(
                f"call {call.name} of {caller.name}: at its slowest its last syllable begins at {latest_s:.2f} s, "
                f"allowed is {MAX_CALL_S} s; it lasts {length_s * 2.0**caller.tempo_oct:.2f} s, "
                f"allowed is {2 * MAX_CALL_S} s"
            )
    if caller.repeat_hz is not None and window_steps * STEP_S > MAX_CALL_S:
        raise ValueError(f"caller {caller.name}: a window of {caller.window_s} s with repeats is over {MAX_CALL_S} s")
    energy /= len(caller.calls) * caller.window_s
    if caller.repeat_hz is not None:
        energy *= max(1.0, caller.repeat_hz.centre * caller.window_s)
    activity = flat.list_of(patch, caller.activity, "rate")
    presence = flat.list_of(patch, caller.presence, "rate")
    distance_column, distance_at = -1, 0
    if caller.distance and patch.source == "scene":
        distance_column = COLUMN[caller.distance]
        distance_at = flat.floats_at(SOURCES["scene"][distance_column].values())
    record = [
        index, caller.individuals, window_steps, *activity, *presence, float(caller.repeat_hz is not None),
        caller.call_pitch_oct, caller.tempo_oct, distance_column, distance_at, caller.reference_m, caller.drop_syllable,
        calls_start, len(calls.rows), energy * caller.individuals, float(caller.drone),
    ]  # fmt: skip
    repeat = caller.repeat_hz or Draw(1.0)
    draws = [
        *_draw(flat, patch, caller.level_db, "db"), *_draw(flat, patch, caller.pitch), *_draw(flat, patch, repeat),
        *_draw(flat, patch, Draw(1.0, by=caller.am_oct)),
    ]  # fmt: skip
    return record, draws


def _gate(patch: Patch) -> int:
    """A scene column whose token 0 silences every part of a patch of the scene, by its tables alone; −1 without one."""
    if patch.source != "scene":
        return -1

    def closing(tables: Sequence[Table], silence: float) -> set[str]:
        return {table.column for table in tables if np.all(table.rows[0] == silence)}

    parts = [closing(layer.level_db, -np.inf) for layer in patch.layers]
    parts += [closing(swell.rate_hz, 0.0) for swell in patch.swells]
    parts += [closing(emitter.rate_hz, 0.0) for emitter in patch.emitters]
    parts += [closing((*caller.activity, *caller.presence), 0.0) for caller in patch.callers]
    closes_all = set.intersection(*parts) if parts else set()
    return min((COLUMN[name] for name in closes_all), default=-1)


def _inside(patch: Patch) -> int:
    if patch.within:
        return COLUMN[patch.within]
    return ALL_INSIDE if patch.inside else ALL_OUTSIDE


def _heeded(patch: Patch) -> list[int]:
    """The columns that the mean power of a patch's emitters, swells and callers heeds; see `control`."""
    if patch.source == "event":
        return []  # they add to no mean
    tables: list[Table] = []
    for swell in patch.swells:
        tables += [*swell.rate_hz, *swell.level_db.by]
    for emitter in patch.emitters:
        tables += [*emitter.rate_hz, *emitter.level_db.by]
    for caller in patch.callers:
        tables += [*caller.activity, *caller.presence, *caller.level_db.by]
    names = {"outdoor", *(table.column for table in tables), *(caller.distance for caller in patch.callers)}
    names.add(patch.within)
    columns = {COLUMN[name] for name in names if name in COLUMN}
    if patch.source == "feature":
        columns.update(range(FEATURES_AT, FEATURES_AT + FEATURE_SLOTS * len(FEATURE)))
    return sorted(columns)


def build(patches: Sequence[Patch]) -> Bank:
    """Flatten `patches`. Raises ValueError where a part is out of the renderer's bounds."""
    flat, calls, syllables = _Flat(), _Rows(), _Rows()
    heeded: list[int] = []
    rows: dict[str, list[list[float]]] = {
        name: [] for name in ("patch", "layer", "swell", "swell_d", "emit", "emit_d", "call", "call_d")
    }
    kinds: dict[str, tuple[str, ...]] = {"scene": ("",), "feature": FEATURE_KIND_NAMES, "event": EVENT_KIND_NAMES}
    for index, patch in enumerate(patches):
        kind = kinds[patch.source].index(patch.kind)
        starts = [len(rows[name]) for name in ("layer", "swell", "emit", "call")]
        counts = [len(patch.layers), len(patch.swells), len(patch.emitters), len(patch.callers)]
        has_flutter = any(layer.flutter for layer in patch.layers)
        record = [SOURCE_CODE[patch.source], kind, VOICES.index(patch.voice), _inside(patch), patch.reference_m]
        record += [_gate(patch), float(has_flutter)]
        starts.append(len(heeded))
        heeded += _heeded(patch)
        counts.append(len(heeded) - starts[-1])
        rows["patch"].append([*record, *(n for s, c in zip(starts, counts, strict=True) for n in (s, s + c))])
        rows["layer"].extend(_layer(flat, patch, index, layer) for layer in patch.layers)
        for swell in patch.swells:
            record, draws = _swell(flat, patch, index, swell)
            rows["swell"].append(record)
            rows["swell_d"].append(draws)
        for emitter in patch.emitters:
            record, draws = _emitter(flat, patch, index, emitter)
            rows["emit"].append(record)
            rows["emit_d"].append(draws)
        for caller in patch.callers:
            record, draws = _caller(flat, patch, index, caller, calls, syllables)
            rows["call"].append(record)
            rows["call_d"].append(draws)

    def array(name: str, *shape: int) -> Floats:
        return np.array(rows[name], np.float64).reshape(-1, *shape)

    return Bank(
        np.stack([np.array(flat.column), flat.scope, flat.at, flat.wide], axis=1).astype(np.int64).reshape(-1, 4),
        np.concatenate([*flat.floats, np.zeros(1)]), np.concatenate([*flat.ints, np.zeros(1, np.int64)]),
        array("patch", PATCH_WIDTH), array("layer", LAYER_WIDTH),
        array("swell", SWELL_WIDTH), array("swell_d", 2, DRAW),
        array("emit", EMITTER_WIDTH), array("emit_d", EMITTER_DRAWS, DRAW),
        array("call", CALLER_WIDTH), array("call_d", 4, DRAW),
        calls.array(CALL_WIDTH), syllables.array(SYLLABLE_WIDTH),
        np.array(flat.flutters, np.float64).reshape(-1, len(FLUTTER_STEPS) + 1, FLUTTER_WIDTH),
        np.array(heeded, np.int64),
    )  # fmt: skip


@cache
def built_in() -> Bank:
    """The bank of the voices that ship with Ambiome; drawn up once, and then read (see `kept`)."""
    from ambiome_middleware.sound import voices

    path = kept.place("bank")
    found = kept.read(path, Bank._fields)
    if found is not None:
        return Bank(*found)
    made = build(voices.built_in())
    kept.write(path, made._asdict())
    return made
