"""What all that live outside have in common: what rain, wind and cold do to their voices."""

from ambiome_middleware.scene.conditions import Conditions
from ambiome_middleware.scene.curves import mix, ramp


def rain_hush(now: Conditions, from_mm_h: float, to_mm_h: float) -> float:
    """1 when dry, falling to 0 as all that falls grows from one rate to the other."""
    return 1.0 - ramp(now.wet_mm_h, from_mm_h, to_mm_h)


def wind_hush(now: Conditions, from_m_s: float, to_m_s: float) -> float:
    """1 in calm air, falling to 0 as the wind grows from one speed to the other; foliage shelters, by up to a third."""
    felt = now.wind_m_s * mix(1.0, 0.67, now.biome["wind.foliage"])
    return 1.0 - ramp(felt, from_m_s, to_m_s)


def dark(now: Conditions) -> float:
    """0 by day, 1 in the night: between the sun at the horizon and nautical dusk."""
    return ramp(now.sun_deg, 1.0, -9.0)


def said(now: Conditions) -> str:
    """Temperature, light, rain and wind in a few words, for explanations."""
    return f"{now.temperature_c:.0f} °C, {sky_said(now)}"


def sky_said(now: Conditions) -> str:
    """Light, rain and wind in a few words, for rules that say the temperature themselves."""
    light = "night" if now.sun_deg < -6 else "twilight" if now.sun_deg < 0 else "day"
    wet = f"{now.wet_mm_h:.1f} mm/h falling" if now.wet_mm_h > 0 else "no rain"
    return f"{light}, {wet}, wind {now.wind_m_s:.0f} m/s"
