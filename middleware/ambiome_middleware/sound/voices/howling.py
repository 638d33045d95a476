"""Howling: edges that sing in the wind, each at a pitch of its own that wanders with the speed.

Eddies leave an edge of thickness d at f = 0.2 · v/d (Strouhal 1878), and what they radiate grows with the sixth power
of the speed (a dipole: Curle 1955, Proc. R. Soc. A 231). Outdoors the speed differs along the edge and never stands
still, so a howl is a narrow band of noise, not a tone; it rises in level and pitch as a gust comes through and sinks as
it leaves. Every edge keeps its place and its thickness: one is higher than the next in every gust.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Caller, Draw, Floats, Syllable, Table, by

STROUHAL: Final = 0.2
SPEED_DB: Final = 60.0
"""dB per decade of speed."""
WINDOW_S: Final = 2.4
"""A howl lasts up to half as long again: while one sinks, the next of the same edge may rise."""
_AT_10_M_S: Final = by("wind_m_s", lambda v: np.log2(np.maximum(v, 1.0) / 10.0))

_GUSTS: Final = (
    # length in s, pitch at its start and end against the middle's straight line, octaves of the arch, share of rise
    (2.2, 0.88, 0.84, 0.26, 0.45),
    (3.0, 0.80, 0.92, 0.36, 0.5),
    (1.6, 1.06, 0.82, 0.12, 0.35),
    (2.6, 0.78, 1.02, 0.20, 0.6),
    (2.0, 0.95, 0.90, -0.20, 0.5),
    (3.4, 0.90, 0.75, 0.34, 0.4),
)


def strouhal_hz(speed_m_s: Floats, edge_m: float) -> Floats:
    """Pitch of an edge, 20 Hz or more, [n] → [n]."""
    return np.maximum(STROUHAL * speed_m_s / edge_m, 20.0)


def beyond(threshold_m_s: float, full_m_s: float) -> Table:
    """From 0 at one speed to 1 at another: how readily edges sing."""
    return by("wind_m_s", lambda v: np.clip((v - threshold_m_s) / (full_m_s - threshold_m_s), 0.0, 1.0))


def howls(
    name: str,
    edge_m: float,
    edges: int,
    level_db: float,
    activity: Sequence[Table],
    presence: Sequence[Table] = (),
    level_by: Sequence[Table] = (),
    *,
    spread_oct: float = 0.9,
    width: float = 0.26,
) -> Caller:
    """`edges` of thicknesses `spread_oct` about `edge_m`, at `level_db` dB(A) each in 10 m/s; `width` is 1/Q."""
    hz = STROUHAL * 10.0 / edge_m
    calls = tuple(
        Call(
            f"gust of {length_s:g} s",
            (
                Syllable(
                    0.0, length_s, hz * start, end_hz=hz * end, attack=rise, bend=arch, noise_hz=hz * width
                ),
            ),
        )
        for length_s, start, end, arch, rise in _GUSTS
    )  # fmt: skip
    faster = by("wind_m_s", lambda v: SPEED_DB * np.log10(np.maximum(v, 1.0) / 10.0))
    return Caller(
        name, calls, edges, WINDOW_S, tuple(activity), Draw(level_db, 5.0, (faster, *level_by)),
        presence=tuple(presence), pitch=Draw(1.0, spread_oct, (_AT_10_M_S,)), call_pitch_oct=0.12, tempo_oct=0.25,
    )  # fmt: skip
