"""OpenWeatherMap: a response of its current weather API, or the `current` part of its One Call API.

url = f"https://api.openweathermap.org/data/2.5/weather?lat=52.5&lon=13.4&units=metric&appid={key}"
ambience.world(**openweathermap.to_world(requests.get(url).json(), units="metric"))
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from ambiome_client.adapters import air
from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.present import Present
from ambiome_client.adapters.rates import Fall, Kind, Strength
from ambiome_client.adapters.schema import Schema
from ambiome_client.adapters.sun import solar

_OWM: Final = Schema("openweathermap")


def _fall(kind: Kind, strength: Strength) -> tuple[Fall, ...]:
    return ((kind, strength),)


_SLEET: Final[tuple[Fall, ...]] = (("snow", "moderate"), ("rain", "moderate"))
_LIGHT_SLEET: Final[tuple[Fall, ...]] = (("snow", "light"), ("rain", "light"))

CONDITIONS: Final[dict[int, Present]] = {
    200: Present(_fall("rain", "light"), "moderate"),
    201: Present(_fall("rain", "moderate"), "moderate"),
    202: Present(_fall("rain", "heavy"), "moderate"),
    210: Present((), "light"),
    211: Present((), "moderate"),
    212: Present((), "heavy"),
    221: Present((), "heavy", cloud=0.8),
    230: Present(_fall("drizzle", "light"), "moderate"),
    231: Present(_fall("drizzle", "moderate"), "moderate"),
    232: Present(_fall("drizzle", "heavy"), "moderate"),
    300: Present(_fall("drizzle", "light")),
    301: Present(_fall("drizzle", "moderate")),
    302: Present(_fall("drizzle", "heavy")),
    310: Present((("drizzle", "light"), ("rain", "light"))),
    311: Present((("drizzle", "moderate"), ("rain", "light"))),
    312: Present((("drizzle", "heavy"), ("rain", "moderate"))),
    313: Present((("rain", "moderate"), ("drizzle", "moderate")), cloud=0.8),
    314: Present((("rain", "heavy"), ("drizzle", "heavy")), cloud=0.9),
    321: Present(_fall("drizzle", "moderate"), cloud=0.8),
    500: Present(_fall("rain", "light")),
    501: Present(_fall("rain", "moderate")),
    502: Present(_fall("rain", "heavy")),
    503: Present(_fall("rain", "heavy")),
    504: Present(_fall("rain", "violent")),
    511: Present(_fall("rain", "light")),
    520: Present(_fall("rain", "light"), cloud=0.7),
    521: Present(_fall("rain", "moderate"), cloud=0.8),
    522: Present(_fall("rain", "heavy"), cloud=0.9),
    531: Present(_fall("rain", "moderate"), cloud=0.7),
    600: Present(_fall("snow", "light")),
    601: Present(_fall("snow", "moderate")),
    602: Present(_fall("snow", "heavy")),
    611: Present(_fall("pellets", "moderate")),
    612: Present(_fall("pellets", "light"), cloud=0.8),
    613: Present(_fall("pellets", "moderate"), cloud=0.8),
    615: Present(_LIGHT_SLEET),
    616: Present(_SLEET),
    620: Present(_fall("snow", "light"), cloud=0.8),
    621: Present(_fall("snow", "moderate"), cloud=0.9),
    622: Present(_fall("snow", "heavy"), cloud=0.9),
    701: Present(fog=0.25, cloud=None),
    711: Present(cloud=None),
    721: Present(cloud=None),
    731: Present(cloud=None),
    741: Present(fog=0.7, cloud=None),
    751: Present(cloud=None),
    761: Present(cloud=None),
    762: Present(cloud=None),
    771: Present(cloud=None),
    781: Present(cloud=None),
    800: Present(cloud=0.0),
    801: Present(cloud=0.18),
    802: Present(cloud=0.38),
    803: Present(cloud=0.67),
    804: Present(cloud=0.95),
}
"""Condition ids: 2xx thunder, 3xx drizzle, 5xx rain, 6xx snow, 7xx atmosphere, 800 clear, 801–804 cloud."""

GUSTS_M_S: Final = {771: 15.0, 781: 40.0}
"""Gusts that a condition is known for: a squall reaches 11 m/s and more (WMO-No. 49), a tornado far more."""

_KELVIN: Final = 273.15
UNITS: Final[dict[str, tuple[Callable[[float], float], float]]] = {
    "standard": (lambda kelvin: kelvin - _KELVIN, 1.0),
    "metric": (lambda celsius: celsius, 1.0),
    "imperial": (lambda fahrenheit: (fahrenheit - 32.0) / 1.8, 0.44704),
}
"""The API's `units` → (temperature to °C, m/s of its unit of speed)."""

_PLACES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "temperature": (("main", "temp"), ("temp",)),
    "humidity": (("main", "humidity"), ("humidity",)),
    "wind": (("wind", "speed"), ("wind_speed",)),
    "gust": (("wind", "gust"), ("wind_gust",)),
    "from": (("wind", "deg"), ("wind_deg",)),
    "cloud": (("clouds", "all"), ("clouds",)),
    "rain": (("rain", "1h"),),
    "snow": (("snow", "1h"),),
    "visibility": (("visibility",),),
    "latitude": (("coord", "lat"), ("lat",)),
    "longitude": (("coord", "lon"), ("lon",)),
    "dt": (("dt",),),
}
"""Where a value stands: in the current weather API, and in the flatter One Call API."""


def to_world(response: Mapping[str, object], *, units: str = "standard") -> WorldFields:
    """`weather` and `time` of a response; `units` is what it was asked with: "standard", "metric" or "imperial".

    Rain and snow of the last hour count where they are given, else the condition's class. Of several conditions the
    strongest of each kind counts. What the response lacks is derived.

    Raises AdapterError.
    """
    response = _OWM.mapping("response", response)
    to_celsius, speed = _OWM.entry("units", units, UNITS)
    reading = _Reading(response)
    rows = _conditions(response)
    weather = _together([row.weather() for _, row in rows])
    for field, name in (("rain_mm_h", "rain"), ("snow_mm_h", "snow")):
        weather[field] = reading.number(name, 0.0, 200.0 if name == "rain" else 50.0) or weather[field]
    cloud, humidity = reading.number("cloud", 0.0, 100.0), reading.number("humidity", 0.0, 100.0)
    celsius, wind, gust = (reading.number(name, -1e6, 1e6) for name in ("temperature", "wind", "gust"))
    gusts = [GUSTS_M_S[code] for code, _ in rows if code in GUSTS_M_S] + ([] if gust is None else [gust * speed])
    metres = reading.number("visibility", 0.0, 1e6)
    weather |= {
        "cloud": weather["cloud"] if cloud is None else cloud / 100.0,
        "fog": max(_float(weather["fog"]), air.fog(metres))
        if weather["fog"] and metres is not None
        else weather["fog"],
        "temperature_c": None if celsius is None else min(max(to_celsius(celsius), -60.0), 60.0),
        "humidity": None if humidity is None else humidity / 100.0,
        "wind_m_s": None if wind is None else min(max(wind * speed, 0.0), 60.0),
        "gust_m_s": min(max(*gusts, 0.0), 90.0) if gusts else None,
        "wind_from_deg": reading.number("from", 0.0, 360.0),
    }
    return world(weather=weather, time=_time(reading))


class _Reading:
    """Finds the values of a response in either of its two forms."""

    def __init__(self, response: Mapping[str, object]) -> None:
        self._response = response

    def number(self, name: str, low: float, high: float) -> float | None:
        """A number brought into range; None where it is missing."""
        for path in _PLACES[name]:
            value = self._response.get(path[0])
            if len(path) > 1 and value is not None and path[:1] not in _PLACES[name]:
                value = _OWM.mapping(path[0], value)
            if len(path) > 1:
                value = value.get(path[1]) if isinstance(value, Mapping) else None
            if value is not None and not isinstance(value, Mapping):
                return _OWM.number(".".join(path), value, low, high)
        return None


def _conditions(response: Mapping[str, object]) -> list[tuple[int, Present]]:
    rows = []
    for index, condition in enumerate(_OWM.sequence("weather", response.get("weather"))):
        field = f"weather[{index}].id"
        code = _OWM.mapping(f"weather[{index}]", condition).get("id")
        number = _OWM.integer(field, code, "a condition id from 200 to 804")
        if number not in CONDITIONS:
            raise _OWM.error(field, code, "a condition id from 200 to 804 (openweathermap.org/weather-conditions)")
        rows.append((number, CONDITIONS[number]))
    if not rows:
        raise _OWM.error("weather", response.get("weather"), "at least one condition")
    return rows


def _together(weathers: list[dict[str, object]]) -> dict[str, object]:
    """Several conditions at once: of each field the most, of the storm's distance the least."""
    together: dict[str, object] = {}
    for field in weathers[0]:
        known = [_float(weather[field]) for weather in weathers if weather[field] is not None]
        pick = min if field == "thunder_km" else max
        together[field] = pick(known) if known else None
    return together


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _time(reading: _Reading) -> dict[str, object] | None:
    time: dict[str, object] = {}
    latitude, longitude = reading.number("latitude", -90.0, 90.0), reading.number("longitude", -180.0, 180.0)
    seconds = reading.number("dt", 0.0, 4e9)
    if latitude is not None:
        time["latitude_deg"] = latitude
    if longitude is not None and seconds is not None:
        hour, day = solar(datetime(1970, 1, 1) + timedelta(seconds=seconds), longitude)
        time |= {"hour": hour, "day_of_year": day, "rate": 1.0}
    return time or None
