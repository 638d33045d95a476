"""Token frames for tests of the renderer: busy, restless scenes, drawn from a seed, addressable at any step."""

import numpy as np
import numpy.typing as npt
from ambiome_middleware.sound import Request
from ambiome_middleware.tokens import (
    COLUMN,
    CUT_AT,
    EVENT,
    EVENT_KIND_NAMES,
    EVENTS_AT,
    FEATURE,
    FEATURE_KIND_NAMES,
    FEATURES_AT,
    LOOKBACK_STEPS,
    QUALITY_AT,
    ROW_WIDTH,
    SCENE,
    silent_row,
)
from ambiome_protocol.limits import LOWEST_QUALITY

Rows = npt.NDArray[np.int16]

STORM = {
    "rain_mm_h": 30.0, "rain_drop_mm": 2.0, "rain_leaves": 0.4, "rain_ground": 0.3, "rain_water": 0.3, "rain_roof": 0.2,
    "wind_m_s": 14.0, "wind_trees": 0.8, "wind_whistle": 0.4, "stream_level": 0.7, "stream_babble": 0.8,
    "fire_level": 0.8, "birds_activity": 0.6, "birds_variety": 0.9, "crickets_level": 0.5, "frogs_activity": 0.5,
    "cicadas_level": 0.4, "owl_activity": 0.5, "traffic_per_min": 30.0, "crowd_people": 40.0, "drips_per_s": 4.0,
    "surf_height_m": 1.5, "surf_break": 0.5, "surf_wash": 0.5, "river_level": 0.5, "room_level": 0.4, "rt60_s": 1.5,
    "late_db": -6.0,
}  # fmt: skip


def row(**values: float) -> Rows:
    """One token frame with these scene parameters, all else silent."""
    frame = silent_row()
    for name, value in values.items():
        frame[COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    return frame


def steady(frame: Rows, steps: int) -> Rows:
    """The tokens of a Request in which nothing changes: [LOOKBACK_STEPS + steps, ROW_WIDTH]."""
    return np.tile(frame, (LOOKBACK_STEPS + steps, 1))


def feature(
    frame: Rows, slot: int, kind: str, level: float, distance_m: float, azimuth_deg: float, size: float
) -> None:
    """Put a feature into a slot of `frame`."""
    at = FEATURES_AT + slot * len(FEATURE)
    frame[at] = FEATURE_KIND_NAMES.index(kind)
    for offset, value in enumerate((level, distance_m, azimuth_deg, size), start=1):
        frame[at + offset] = FEATURE[offset].quantise(value)


def event(
    frame: Rows, slot: int, kind: str, number: int, distance_m: float, azimuth_deg: float, strength: float
) -> None:
    """Put an event into a slot of `frame`."""
    at = EVENTS_AT + slot * len(EVENT)
    frame[at] = EVENT_KIND_NAMES.index(kind)
    frame[at + 1] = number
    for offset, value in enumerate((distance_m, azimuth_deg, strength), start=2):
        frame[at + offset] = EVENT[offset].quantise(value)


def restless(seed: int, steps: int, *, cut_every: int = 97) -> Rows:
    """Frames 0 … steps of a storm whose every column wanders, with features that come and go, events, cuts and changes
    of quality.
    """
    rng = np.random.default_rng(seed)
    frames = np.tile(row(**STORM), (steps, 1)).astype(np.int64)
    for index, parameter in enumerate(SCENE):
        if not parameter.name.startswith("gain_"):
            walk = rng.normal(0, parameter.levels / 60, steps).cumsum()
            frames[:, index] = np.clip(frames[:, index] + walk, 0, parameter.levels - 1)
    for slot in range(6):
        at, kind = FEATURES_AT + slot * len(FEATURE), int(rng.integers(1, len(FEATURE_KIND_NAMES)))
        up = np.clip(np.sin(np.arange(steps) / rng.uniform(10, 60)) * 200, 0, 255)
        frames[:, at], frames[:, at + 1] = np.where(up > 0, kind, 0), up
        frames[:, at + 2], frames[:, at + 4] = rng.integers(60, 160), rng.integers(0, 127)
        frames[:, at + 3] = (np.arange(steps) * 3) % 360
    for n in rng.choice(steps, steps // 8, replace=False):
        at = EVENTS_AT + int(rng.integers(0, 8)) * len(EVENT)
        frames[n, at] = rng.integers(1, len(EVENT_KIND_NAMES))
        frames[n, at + 1 : at + 5] = rng.integers(0, 32_768), rng.integers(150, 400), rng.integers(0, 360), 100
    frames[:, CUT_AT] = np.arange(steps) // cut_every
    frames[:, QUALITY_AT] = rng.integers(0, LOWEST_QUALITY + 1, steps // 9 + 1).repeat(9)[:steps]
    assert frames.shape[1] == ROW_WIDTH
    return frames.astype(np.int16)


def stretch(
    frames: Rows, seed: int, first: int, count: int, *, start: int = 0, layout: str = "stereo", key: object = None
) -> Request:
    """The Request for steps first … first + count of a stream whose frame 0 stands at step `start`."""
    at = first - start
    before = np.tile(silent_row(), (max(LOOKBACK_STEPS - at, 0), 1))
    tokens = np.concatenate([before, frames[max(at - LOOKBACK_STEPS, 0) : at + count]])
    return Request(seed, layout, first, tokens, key)
