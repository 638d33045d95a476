"""Events as the renderer decides them: onsets of grains and swells, counted while sound is made.

Which drop falls is decided on integers before any sample is made; the lists that carry living grains and swells from
step to step hold the step at which each begins. Rendering step by step and counting those that begin at the step at
hand counts each of them once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.bank import built_in
from ambiome_middleware.sound.callers import CALLER_BASE
from ambiome_middleware.sound.records import C_DRONE, I_PART, I_STEP, S_STEP
from ambiome_middleware.tokens import LOOKBACK_STEPS, STEP_S, STEPS_PER_S

Rows = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Counted:
    """A stretch of sound, float32 [C, n], and how many events a second began in it."""

    audio: npt.NDArray[np.float32]
    events_hz: float


def counted(
    streams: Sequence[tuple[int, Rows]], *, lead_s: float, layout: str = "stereo", device: str = "auto"
) -> list[Counted]:
    """Renders streams (seed, rows [LOOKBACK_STEPS + n, ROW_WIDTH]) from their first step; the lead is not counted.

    All streams have the same length, longer than `lead_s`.
    """
    renderer = Renderer(device)
    steps, lead = len(streams[0][1]) - LOOKBACK_STEPS, round(lead_s * STEPS_PER_S)
    parts: list[list[npt.NDArray[np.float32]]] = [[] for _ in streams]
    events = np.zeros(len(streams))
    for step in range(steps):
        requests = [
            Request(seed, layout, step, rows[step : step + LOOKBACK_STEPS + 1], key)
            for key, (seed, rows) in enumerate(streams)
        ]
        sounds = renderer.render(requests)
        if step >= lead:
            for part, sound in zip(parts, sounds, strict=True):
                part.append(sound)
            events += [_begun(renderer, key, step) for key in range(len(streams))]
    rates = events / ((steps - lead) * STEP_S)
    return [Counted(np.concatenate(part, axis=1), float(rate)) for part, rate in zip(parts, rates, strict=True)]


@cache
def _drones() -> npt.NDArray[np.int64]:
    """The parts that are drones: links of one steady tone, whose onsets nobody hears."""
    return CALLER_BASE + np.flatnonzero(built_in().callers[:, C_DRONE])


def _begun(renderer: Renderer, key: int, step: int) -> int:
    """Grains and swells that begin at the step just rendered of the stream that the renderer remembers as `key`."""
    lists, slot = renderer._lists, renderer._held[key].slot
    grains, swells = lists.counts[slot]
    begun = lists.grain_ints[slot, :grains]
    own = np.count_nonzero((begun[:, I_STEP] == step) & ~np.isin(begun[:, I_PART], _drones()))
    return int(own + np.count_nonzero(lists.swell_ints[slot, :swells, S_STEP] == step))
