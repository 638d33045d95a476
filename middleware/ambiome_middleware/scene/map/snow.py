"""Snow: how much falls, how wet it is, and what lies loose for the wind to drive.

Between −1 and +2 °C flakes turn from dry to sleet (Auer 1974; see `conditions` for what melts altogether). Wind drives
dry, loose snow from some 5 m/s on, in gusts sooner; wet or frozen snow stays (thresholds of 7.7 m/s for dry and 9.9 m/s
for wet snow, with a wide spread: Li & Pomeroy 1997, "Estimates of threshold wind speeds for snow transport using
meteorological data", Journal of Applied Meteorology 36, 205–213).
"""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import ramp
from ambiome_middleware.scene.map.sheet import Sheet


def snow_wetness(temperature_c: float) -> float:
    """0 for powder, 1 for sleet."""
    return ramp(temperature_c, -1.0, 2.0)


def snow(now: Conditions, sheet: Sheet) -> None:
    wet = snow_wetness(now.temperature_c)
    cold = f"{now.temperature_c:.1f} °C"
    sheet.put("snow_mm_h", now.snow_mm_h, f"{now.snow_mm_h:.3g} mm/h as water arrive as flakes at {cold}")
    sheet.put("snow_wet", wet, f"powder below −1 °C, sleet above +2 °C; {cold}")
    loose = max(now.snow_cover, ramp(now.snow_mm_h, 0.0, 3.0)) * (1.0 - wet) * (1.0 - 0.8 * now.enclosure.roof)
    gusts = max(1.3 * now.wind_m_s, now.gust_m_s or 0.0)
    blown = ramp(gusts, 4.0, 10.0)
    why = f"{now.snow_cover:.0%} of the ground under snow, {loose:.0%} of it loose at {cold}, gusts of {gusts:.0f} m/s"
    sheet.put("snow_drift", loose * blown, why)
