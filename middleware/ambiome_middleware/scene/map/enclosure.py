"""What shelter and openness let in, and how the place answers a sound.

An opening passes sound by its area, all frequencies alike, the closed part by its insulation, which grows with
frequency; so the outside's level follows openness, and its cutoff goes by octaves from the closed value up to 20 kHz.
What comes in through an opening also goes out through it: reverberation shortens as the room opens (Sabine: an open
window absorbs all). Falling snow, and that which lies, absorbs most of what the ground would throw back (Watson 1948,
"Absorption of sound by snow", Canadian Journal of Research 26A, 1–8).
"""

from math import inf, log10

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.map.sheet import Sheet

_LEAK = 0.02
"""Share of the outside that gets in through closed walls."""


def enclosure(now: Conditions, sheet: Sheet) -> None:
    around, opened = now.enclosure, now.openness
    why = f"shelter {now.shelter}, openness {opened:.2f}"
    sheet.put("outdoor", _LEAK + (1.0 - _LEAK) * opened, why)
    cutoff = around.closed_cutoff_hz * (20_000.0 / around.closed_cutoff_hz) ** opened
    sheet.put("outdoor_cutoff_hz", cutoff, f"{why}: {around.closed_cutoff_hz:.0f} Hz when closed")
    closed = 1.0 - 0.7 * opened * (1.0 - around.openness)
    inside = around.rt60_s * closed
    late = 10.0 ** (around.late_db / 10.0) * closed**2 if inside > 0 else 0.0
    snow = 1.0 - 0.8 * max(ramp(now.snow_mm_h, 0.2, 4.0), now.snow_cover)
    outside = 10.0 ** (now.biome["echo.late_db"] / 10.0) * opened * snow if now.biome["echo.rt60_s"] > 0 else 0.0
    rt60 = (inside * late + now.biome["echo.rt60_s"] * outside) / (late + outside) if late + outside > 0 else 0.0
    sheet.put("rt60_s", rt60, f"{why}; {now.place}")
    sheet.put("late_db", _db(late + outside), f"{why}; {now.place}; snow leaves {snow:.0%} of the land's echo")


def _db(power: float) -> float:
    return 10.0 * log10(power) if power > 1e-6 else -inf
