"""Features: how present each kind is under these conditions, before its own distance and size.

Most sound in full whatever the weather; foliage sounds by wind, a roof by rain, traffic and people by the hour.
"""

import numpy as np

from ambiome_middleware.scene.columns import Floats
from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.features import KIND_INDEX
from ambiome_middleware.scene.map.fire import quenching
from ambiome_middleware.scene.map.people import crowd_share, traffic_share
from ambiome_middleware.scene.map.water import swelling


def feature_levels(now: Conditions) -> dict[str, tuple[float, str]]:
    """(level 0 … 1, reason) of every feature kind. Foliage, roof and surf also move with each step (`moved`)."""
    full, why = swelling(now)
    flow = (min(0.8 * full, 1.0), why)
    lap = 0.3 + 0.7 * ramp(now.wind_m_s, 0.0, 10.0)
    return {
        "stream": flow,
        "river": flow,
        "waterfall": flow,
        "surf": (1.0, "it breaks with the waves"),
        "lake": (lap, f"{now.wind_m_s:.1f} m/s over the water"),
        "fire": (quenching(now), f"{now.rain_mm_h:g} mm/h of rain on it"),
        "traffic": (traffic_share(now.hour, 0.15), f"{now.hour:.1f} h"),
        "crowd": (crowd_share(now.hour, 0.15), f"{now.hour:.1f} h"),
        "machinery": (1.0, "it runs"),
        "foliage": (1.0, "it sounds with the wind"),
        "roof": (1.0, "it sounds with the rain"),
        "drips": (0.35 + 0.65 * now.wetness, f"wetness {now.wetness:.2f}"),
    }


def level_positions(levels: dict[str, tuple[float, str]]) -> Floats:
    """Positions of the levels along their (square) curve, [kinds]."""
    positions = np.zeros(len(KIND_INDEX))
    for kind, (level, _) in levels.items():
        positions[KIND_INDEX[kind]] = min(max(level, 0.0), 1.0) ** 0.5
    return positions
