"""Open-Meteo: the `current` weather of its forecast API, with whatever variables were asked for.

url = "https://api.open-meteo.com/v1/forecast?latitude=52.5&longitude=13.4&current=" + ",".join(open_meteo.CURRENT)
ambience.world(**open_meteo.to_world(requests.get(url).json()))
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.present import Present
from ambiome_client.adapters.schema import Schema
from ambiome_client.adapters.sun import solar
from ambiome_client.adapters.wmo import present

_METEO: Final = Schema("open_meteo")

CURRENT: Final = (
    "temperature_2m", "relative_humidity_2m", "weather_code", "cloud_cover", "wind_speed_10m", "wind_direction_10m",
    "wind_gusts_10m", "rain", "showers", "snowfall",
)  # fmt: skip
"""The variables to ask for; `weather_code` is needed, the others are taken where they are there."""

_UNITS: Final[dict[str, Callable[[float], float]]] = {
    "km/h": lambda value: value / 3.6,
    "m/s": lambda value: value,
    "mp/h": lambda value: value * 0.44704,
    "kn": lambda value: value * 0.514444,
    "°C": lambda value: value,
    "°F": lambda value: (value - 32.0) / 1.8,
    "mm": lambda value: value,
    "cm": lambda value: value * 10.0,
    "inch": lambda value: value * 25.4,
}
"""To m/s, °C and mm."""
_SNOW_PER_WATER: Final = 7.0
"""Depth of fresh snow over its water, by Open-Meteo's documentation: 7 cm of snow are 10 mm of water."""


def to_world(response: Mapping[str, object]) -> WorldFields:
    """`weather` and `time` of a response of the forecast API that has `current` with `weather_code`.

    Precipitation that was measured counts, and the code where none was or none was asked for. Wind, temperature and
    humidity that are not there are derived. `time` needs the response's `longitude`; its rate is that of the clock.

    Raises AdapterError.
    """
    response = _METEO.mapping("response", response)
    current = _METEO.mapping("current", response.get("current"))
    units = _METEO.mapping("current_units", response.get("current_units", {}))
    now = present("current.weather_code", current.get("weather_code"), _METEO)
    return world(weather=_weather(current, units, now), time=_time(response, current))


def _weather(current: Mapping[str, object], units: Mapping[str, object], now: Present) -> dict[str, object]:
    def value(name: str, unit: str, low: float, high: float) -> float | None:
        if current.get(name) is None:
            return None
        said = units.get(name, unit)
        if not isinstance(said, str) or said not in _UNITS:
            raise _METEO.error(f"current_units.{name}", said, ", ".join(_UNITS))
        number = _METEO.number(f"current.{name}", current[name], -1e9, 1e9)
        return min(max(_UNITS[said](number), low), high)

    def share(name: str) -> float | None:
        given = current.get(name)
        return None if given is None else _METEO.number(f"current.{name}", given, 0.0, 100.0) / 100.0

    hours = _METEO.number("current.interval", current.get("interval", 900), 60.0, 86_400.0) / 3_600.0
    rain = ((value("rain", "mm", 0, 1e6) or 0.0) + (value("showers", "mm", 0, 1e6) or 0.0)) / hours
    snow = (value("snowfall", "cm", 0, 1e6) or 0.0) / _SNOW_PER_WATER / hours
    weather = now.weather()
    if rain:
        weather["rain_mm_h"] = min(rain, 200.0)
    if snow:
        weather["snow_mm_h"] = min(snow, 50.0)
    cloud = share("cloud_cover")
    degrees = current.get("wind_direction_10m")
    return {
        **weather,
        "cloud": weather["cloud"] if cloud is None else cloud,
        "temperature_c": value("temperature_2m", "°C", -60.0, 60.0),
        "humidity": share("relative_humidity_2m"),
        "wind_m_s": value("wind_speed_10m", "km/h", 0.0, 60.0),
        "gust_m_s": value("wind_gusts_10m", "km/h", 0.0, 90.0),
        "wind_from_deg": None if degrees is None else _METEO.number("current.wind_direction_10m", degrees, 0, 360),
    }


def _time(response: Mapping[str, object], current: Mapping[str, object]) -> dict[str, object] | None:
    time: dict[str, object] = {}
    if response.get("latitude") is not None:
        time["latitude_deg"] = _METEO.number("latitude", response["latitude"], -90.0, 90.0)
    if response.get("longitude") is None or current.get("time") is None:
        return time or None
    longitude = _METEO.number("longitude", response["longitude"], -180.0, 180.0)
    offset = _METEO.number("utc_offset_seconds", response.get("utc_offset_seconds", 0), -86_400.0, 86_400.0)
    when = _moment(current["time"])
    try:
        hour, day = solar(when - timedelta(seconds=offset), longitude)
    except OverflowError as error:
        raise _METEO.error("current.time", current["time"], "a time of this era") from error
    return {**time, "hour": hour, "day_of_year": day, "rate": 1.0}


def _moment(time: object) -> datetime:
    """A time as Open-Meteo writes it: ISO 8601 without a zone, or seconds since 1970."""
    try:
        if isinstance(time, str):
            return datetime.fromisoformat(time).replace(tzinfo=None)
        return datetime(1970, 1, 1) + timedelta(seconds=_METEO.number("current.time", time, 0.0, 4e9))
    except ValueError as error:
        raise _METEO.error("current.time", time, "a time like '2026-06-21T18:00', or seconds since 1970") from error
