"""Rumbles: the rest of a lightning, whose channel is kilometres long, so that thunder lasts.

A channel rises to the charged region of the cloud, 4–8 km up, and goes on through it for some more; each part sounds at
once, and is heard as much later as it is farther away (Few 1970, "Lightning channel reconstruction from thunder
measurements", Journal of Geophysical Research 75, 7517–7523; Ribner & Roy 1982, "Acoustics of thunder: a quasilinear
model for tortuous lightning", JASA 72, 1911–1925). So after a stroke nearby thunder rolls for some 20 s, while that of
a far one is drawn together. Where the land throws sound back (`thunder_roll`), echoes follow, from other sides.
"""

from math import atan2, cos, degrees, hypot, pi, radians, sin
from typing import Final

from ambiome_middleware.scene.events import Sounding, Soundings, sounding
from ambiome_middleware.scene.hashing import uniform
from ambiome_middleware.tokens import EVENT_KIND_NAMES

_HEIGHT, _LENGTH, _BEARING, _LEAN, _PARTS, _ECHOES, _AT, _STRENGTH, _SIDE, _DETOUR = range(0x7D00, 0x7D0A)
_MOST: Final = 6
"""Farther parts, 4 or 5, and echoes of one lightning: enough that none leaves a hole, few enough for a storm."""
_FARTHEST_M: Final = 40_000.0


def with_rumbles(seed: int, count: int, step: int, event: Sounding, roll: float) -> Soundings:
    """All that is to be heard of an event that happens at `step`: itself and, of a lightning, 4 … 6 rumbles.

    `count` is how many events have happened before it; `roll` 0 … 1: how the land throws thunder back.
    """
    if EVENT_KIND_NAMES[event.kind] != "thunder":
        return (event,)
    return (event, *_rumbles(seed, count + 1, step, event, roll))


def _rumbles(seed: int, count: int, step: int, nearest: Sounding, roll: float) -> Soundings:
    """The farther parts and the echoes of a lightning whose nearest part has been heard of."""
    distance_m, azimuth_deg = nearest.distance_m, nearest.azimuth_deg
    parts = 4 + int(2.0 * uniform(seed, _PARTS, count))
    echoes = min(int(1.5 * roll + uniform(seed, _ECHOES, count)), _MOST - parts)
    east, north = distance_m * sin(radians(azimuth_deg)), distance_m * cos(radians(azimuth_deg))
    height = 4_000.0 + 4_000.0 * uniform(seed, _HEIGHT, count)
    along = 1_000.0 + 2_000.0 * uniform(seed, _LENGTH, count)
    bearing = 2.0 * pi * uniform(seed, _BEARING, count)
    lean = 0.3 * uniform(seed, _LEAN, count)
    found: list[Sounding] = []
    for n in range(parts + echoes):
        draw = count * _MOST + n
        is_echo = n >= parts
        share = 1.0 if is_echo else (n + 0.5 + 0.5 * uniform(seed, _AT, draw)) / parts
        up = min(share * (height + along), height)
        sideways = lean * up + share * (height + along) - up
        x, y = east + sideways * sin(bearing), north + sideways * cos(bearing)
        far_m, azimuth = hypot(x, y, up), degrees(atan2(x, y))
        left = (1.0 - 0.45 * share) * (0.7 + 0.3 * uniform(seed, _STRENGTH, draw))
        if is_echo:
            far_m += 300.0 + (500.0 + 1_500.0 * roll) * (n - parts + uniform(seed, _DETOUR, draw))
            azimuth += 360.0 * uniform(seed, _SIDE, draw)
            left *= 0.4 + 0.4 * roll
        far_m = min(max(far_m, distance_m), _FARTHEST_M)
        found.append(sounding(seed, count + n, step, "rumble", far_m, azimuth % 360.0, nearest.strength * left))
    return tuple(found)
