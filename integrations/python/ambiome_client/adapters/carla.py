"""CARLA: `carla.WeatherParameters`, as an object, as the array of 10 or 14 floats that it sends, or a preset's name.

    weather = client.get_world().get_weather()
    ambience.world(**adapters.carla.to_world(weather), transition_s=1)

CARLA's parameters are independent of each other: rain does not make its streets wet. Here it does, by the server's own
derivation, unless CARLA says how wet it is. A value below 0 is CARLA's "as the map has it", and is derived.
"""

from collections.abc import Mapping
from typing import Final

from ambiome_client.adapters.air import DUST_M_S, RAIN_DIAL, beaufort_m_s, between
from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.schema import Schema
from ambiome_client.adapters.sun import MIDSUMMER, hour_of_sun

_CARLA: Final = Schema("carla")

PARAMETERS: Final[tuple[tuple[str, float, float], ...]] = (
    ("cloudiness", 0.0, 100.0),
    ("precipitation", 0.0, 100.0),
    ("precipitation_deposits", 0.0, 100.0),
    ("wind_intensity", 0.0, 100.0),
    ("sun_azimuth_angle", 0.0, 360.0),
    ("sun_altitude_angle", -90.0, 90.0),
    ("fog_density", 0.0, 100.0),
    ("fog_distance", 0.0, 1e6),
    ("fog_falloff", 0.0, 1e6),
    ("wetness", 0.0, 100.0),
    ("scattering_intensity", 0.0, 1e6),
    ("mie_scattering_scale", 0.0, 1e6),
    ("rayleigh_scattering_scale", 0.0, 1e6),
    ("dust_storm", 0.0, 100.0),
)
"""(name, lowest, highest) in the order of the array; builds before the last four send the first ten."""
OLD_COUNT: Final = 10

_SKIES: Final[dict[str, tuple[float, float, float, float, float]]] = {
    # cloudiness, precipitation, deposits, wind, fog by day
    "Clear": (5, 0, 0, 10, 2),
    "Cloudy": (60, 0, 0, 10, 3),
    "Wet": (5, 0, 50, 10, 3),
    "WetCloudy": (60, 0, 50, 10, 3),
    "SoftRain": (20, 30, 50, 30, 3),
    "MidRain": (60, 60, 60, 60, 3),
    "MidRainy": (60, 60, 60, 60, 3),
    "HardRain": (100, 100, 90, 100, 7),
}
_SUNS: Final = {"Noon": 45.0, "Sunset": 15.0, "Night": -90.0}
_NIGHT_WETNESS: Final = {"Wet": 60.0, "WetCloudy": 60.0, "SoftRain": 60.0, "MidRain": 80.0, "MidRainy": 80.0,
                         "HardRain": 100.0}  # fmt: skip


def _preset(sky: str, sun: str) -> tuple[float, ...]:
    cloud, rain, deposits, wind, fog = _SKIES[sky]
    is_night = sun == "Night"
    if is_night:
        cloud = {"SoftRain": 60.0, "MidRain": 80.0, "MidRainy": 80.0}.get(sky, cloud)
        fog = 100.0 if sky == "HardRain" else 60.0
    wetness = _NIGHT_WETNESS.get(sky, 0.0) if is_night else 0.0
    return (cloud, rain, deposits, wind, -1.0, _SUNS[sun], fog, 0.75, 0.1, wetness, 1.0, 0.03, 0.0331, 0.0)


PRESETS: Final[dict[str, tuple[float, ...]]] = {
    **{sky + sun: _preset(sky, sun) for sky in _SKIES for sun in _SUNS},
    "Default": (*(-1.0 for _ in range(10)), 1.0, 0.03, 0.0331, 0.0),
    "DustStorm": (100.0, 0.0, 0.0, 100.0, -1.0, 45.0, 2.0, 0.75, 0.1, 0.0, 1.0, 0.03, 0.0331, 100.0),
}
"""CARLA's own presets, as of its version 0.9.15."""


def to_world(
    weather: object,
    *,
    latitude_deg: float = 45.0,
    day_of_year: int = MIDSUMMER,
    is_morning: bool | None = None,
) -> WorldFields:
    """`weather` (rain, wind, cloud, fog, wetness) and `time` of a `carla.WeatherParameters`.

    `weather` is the object itself, its array of 10 or 14 floats, or the name of a preset ("HardRainNoon"). Numbers
    beyond a parameter's range count as the range's end.

    CARLA has a sun but no clock. The hour is the one at which the sun stands that high at `latitude_deg` (−90 … 90) on
    `day_of_year` (1 … 366), which are told too: before noon where `is_morning`, or, if that is None, where the sun's
    azimuth lies between 0 and 180 degrees. A sun that stands lower than it ever comes there is midnight.

    Raises AdapterError.
    """
    values = _values(weather)
    return world(weather=_weather(values), time=_time(values, latitude_deg, day_of_year, is_morning))


def _values(weather: object) -> dict[str, float | None]:
    """The parameters by name; None for "as the map has it" and for what an old build does not send."""
    if isinstance(weather, str):
        weather = _CARLA.entry("weather", weather, PRESETS)
    given = _named(weather)
    values: dict[str, float | None] = {}
    for name, low, high in PARAMETERS:
        number = _CARLA.number(name, given[name], -1e9, 1e9) if name in given else None
        is_open = number is None or (low >= 0.0 and number < 0.0)
        values[name] = None if is_open else _CARLA.number(name, given[name], low, high)
    if all(values[name] is None for name, _, _ in PARAMETERS[:OLD_COUNT] if name != "sun_altitude_angle"):
        values["sun_altitude_angle"] = None  # its default of -1 is an angle; only a whole default means none
    return values


def _named(weather: object) -> Mapping[str, object]:
    """The parameters that were given, by name."""
    items = weather.tolist() if hasattr(weather, "tolist") else weather
    if isinstance(items, list | tuple):
        if len(items) not in (OLD_COUNT, len(PARAMETERS)):
            raise _CARLA.error("weather", items, f"{OLD_COUNT} or {len(PARAMETERS)} numbers")
        return {name: item for (name, _, _), item in zip(PARAMETERS, items, strict=False)}
    if isinstance(weather, Mapping):
        given = {name: weather[name] for name, _, _ in PARAMETERS if name in weather}
    else:
        given = {name: getattr(weather, name) for name, _, _ in PARAMETERS if hasattr(weather, name)}
    for name, _, _ in PARAMETERS[:OLD_COUNT]:
        if name not in given:
            raise _CARLA.error("weather", weather, f"something with {name}, an array or a preset's name")
    return given


def _weather(values: dict[str, float | None]) -> dict[str, object]:
    rain, wind, fog, dust = (
        None if (value := values[name]) is None else value / 100.0
        for name in ("precipitation", "wind_intensity", "fog_density", "dust_storm")
    )
    wind_m_s = None if wind is None else max(beaufort_m_s(wind), DUST_M_S * (dust or 0.0))
    wet = max(values["wetness"] or 0.0, values["precipitation_deposits"] or 0.0) / 100.0
    cloud = values["cloudiness"]
    return {
        "rain_mm_h": None if rain is None else between(RAIN_DIAL, rain),
        "wind_m_s": wind_m_s,
        "cloud": None if cloud is None else cloud / 100.0,
        "fog": fog,
        "wetness": wet or None,
    }


def _time(
    values: dict[str, float | None], latitude_deg: float, day_of_year: int, is_morning: bool | None
) -> dict[str, object] | None:
    latitude = _CARLA.number("latitude_deg", latitude_deg, -90.0, 90.0)
    day = min(max(_CARLA.integer("day_of_year", day_of_year, "a day from 1 to 366"), 1), 366)
    altitude = values["sun_altitude_angle"]
    if altitude is None:
        return {"hour": None, "day_of_year": day, "latitude_deg": latitude}
    if is_morning is None:
        is_morning = 0.0 < (values["sun_azimuth_angle"] or 0.0) < 180.0
    return {"hour": hour_of_sun(altitude, day, latitude, is_morning), "day_of_year": day, "latitude_deg": latitude}
