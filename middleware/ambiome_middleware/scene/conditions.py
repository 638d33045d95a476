"""The conditions: the world with nothing left open. What the game did not tell is derived here, from place and time.

Temperature: the zonal mean of an energy-balance climate, 14.9 − 28 · P₂(sin latitude) °C (North, Cahalan & Coakley
1981, "Energy balance climate models", Reviews of Geophysics 19, 91–121), a yearly wave of 0.22 K per degree of
latitude with its peak a month after midsummer, a daily wave with its peak at 15 h, and −6.5 K per km of altitude
(ICAO standard atmosphere). Both waves are scaled by the biome. Where it snows and no temperature was told, it is cold
enough for that: −1 °C, in sleet (rain and snow alike) up to 0.5 °C.

What falls: at 2.2 °C as much precipitation is rain as is snow (Auer 1974, "The rain versus snow threshold
temperatures", Weatherwise 27, 67); told snow melts into rain about there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, radians, sin

from ambiome_middleware.scene.biomes import Biomes, blend
from ambiome_middleware.scene.curves import hours_apart, mix, ramp, yearly
from ambiome_middleware.scene.enclosures import Enclosure, blend_enclosures
from ambiome_middleware.scene.sun import altitude_deg
from ambiome_middleware.scene.world import Held


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the rules read. Units in the names; shares are 0 … 1."""

    biome: Mapping[str, float]
    """The blended biome, "section.field" → number."""
    place: str
    """The biome in words, for explanations."""
    shelter: str
    enclosure: Enclosure
    openness: float
    hour: float
    day_of_year: float
    """Of the northern half: shifted by half a year south of the equator, so that day 172 is always midsummer."""
    latitude_deg: float
    seasons: float
    """How much the seasons matter: 0 in the tropics, 1 from 35° on."""
    sun_deg: float
    morning: float
    """1 while the sun rises, 0 while it sinks; between, within an hour of noon and midnight."""
    altitude_m: float
    temperature_c: float
    humidity: float
    rain_mm_h: float
    """What arrives as drops: the rain, and the snow that has melted on its way."""
    snow_mm_h: float
    hail_mm_h: float
    wind_m_s: float
    gust_m_s: float | None
    cloud: float
    fog: float
    wetness: float
    fallen_snow: float
    """Snow of this session that lies."""
    winter_snow: float
    """Snow that lies there anyway at this temperature."""
    thunder_per_min: float
    thunder_km: float

    @property
    def snow_cover(self) -> float:
        """Snow that lies, 0 … 1; none where it is warm, however much fell before a teleport."""
        return (1.0 - (1.0 - self.fallen_snow) * (1.0 - self.winter_snow)) * ramp(self.temperature_c, 10.0, 3.0)

    @property
    def wet_mm_h(self) -> float:
        """Everything that falls."""
        return self.rain_mm_h + self.hail_mm_h + self.snow_mm_h

    def in_season(self, peak_day: float, width: float, seasonal: float = 1.0) -> float:
        """1 on `peak_day`, 0 further than about `width` days from it; 1 all the year where seasons do not matter."""
        wave = yearly(self.day_of_year, peak_day)
        edge = cos(2.0 * pi * min(width, 180.0) / 365.0)
        return mix(1.0, ramp(wave, edge, mix(edge, 1.0, 0.7)), self.seasons * seasonal)


def conditions(held: Held, wetness: float, fallen_snow: float, step: int, biomes: Biomes) -> Conditions:
    """The conditions of a held world at a step.

    `wetness` 0 … 1 is the scene's own, used where none was told; `fallen_snow` 0 … 1 is the snow of this session.
    """
    weather = held.weather
    biome = blend(biomes, held.biome)
    hour, day = held.clock.at(step)
    latitude = biome["place.latitude_deg"] if held.clock.latitude_deg is None else held.clock.latitude_deg
    altitude = biome["place.altitude_m"] if held.altitude_m is None else held.altitude_m
    northern_day = day if latitude >= 0 else (day + 182.5 - 1.0) % 365.0 + 1.0
    shelter, enclosure = _enclosure(held, biomes)
    rain, snow, hail = (weather.get(name, 0.0) for name in ("rain_mm_h", "snow_mm_h", "hail_mm_h"))
    falling = ramp(rain + snow + hail, 0.0, 3.0)
    temperature = derived_temperature_c(biome, latitude, northern_day, hour, altitude) - 3.0 * falling
    if snow > 0.0:
        cold = 2.0 - 3.0 * snow / (snow + rain)
        temperature = min(temperature, mix(temperature, cold, ramp(snow, 0.0, 0.5)))
    temperature = weather.get("temperature_c", temperature)
    melted = snow * ramp(temperature, 0.2, 4.2)
    return Conditions(
        biome=biome,
        place=" + ".join(held.biome) or "none",
        shelter=shelter,
        enclosure=enclosure,
        openness=enclosure.openness if held.openness is None else held.openness,
        hour=hour,
        day_of_year=northern_day,
        latitude_deg=latitude,
        seasons=ramp(abs(latitude), 10.0, 35.0),
        sun_deg=altitude_deg(hour, day, latitude),
        morning=ramp(hours_apart(hour, 6.0), 7.0, 5.0),
        altitude_m=altitude,
        temperature_c=temperature,
        humidity=weather.get("humidity", mix(biome["climate.humidity"], 0.97, falling)),
        rain_mm_h=rain + melted,
        snow_mm_h=snow - melted,
        hail_mm_h=hail,
        wind_m_s=weather.get("wind_m_s", biome["climate.wind_m_s"]),
        gust_m_s=weather.get("gust_m_s"),
        cloud=weather.get("cloud", mix(0.3, 1.0, falling)),
        fog=weather.get("fog", 0.0),
        wetness=weather.get("wetness", wetness),
        fallen_snow=fallen_snow,
        winter_snow=biome["ground.snow"] * ramp(temperature, 1.0, -4.0),
        thunder_per_min=weather.get("thunder_per_min", 0.0),
        thunder_km=weather.get("thunder_km", 5.0),
    )


def derived_temperature_c(
    biome: Mapping[str, float], latitude_deg: float, northern_day: float, hour: float, altitude_m: float
) -> float:
    """The usual temperature of a place, day and hour, °C (see the head of this file)."""
    s = sin(radians(latitude_deg))
    mean = 14.9 - 28.0 * 0.5 * (3.0 * s * s - 1.0)
    year = 0.22 * abs(latitude_deg) * biome["climate.season_share"] * yearly(northern_day, 202.0)
    day = biome["climate.day_night_k"] * cos(2.0 * pi * (hour - 15.0) / 24.0)
    return min(max(mean + year + day - 0.0065 * altitude_m + biome["climate.warmer_k"], -60.0), 60.0)


def _enclosure(held: Held, biomes: Biomes) -> tuple[str, Enclosure]:
    if held.shelter is not None:
        return held.shelter, blend_enclosures({held.shelter: 1.0})
    weights: dict[str, float] = {}
    for name, weight in (held.biome or {"none": 1.0}).items():
        shelter = biomes[name].shelter if name in biomes else "open"
        weights[shelter] = weights.get(shelter, 0.0) + weight
    return " + ".join(weights), blend_enclosures(weights)
