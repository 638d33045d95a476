"""AirSim: the weather parameters of `simSetWeatherParameter`, the wind of `simSetWind` and the time of
`simSetTimeOfDay`.

    weather = {airsim.WeatherParameter.Rain: 0.6, airsim.WeatherParameter.Fog: 0.2}
    for parameter, value in weather.items():
        client.simSetWeatherParameter(parameter, value)
    ambience.world(**adapters.airsim.to_world(weather, wind))

AirSim has no getter for its weather, so the program that sets it tells it here too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ambiome_client.adapters.air import DUST_M_S, RAIN_DIAL, SNOW_DIAL, between, wind_of
from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.schema import Schema, listed
from ambiome_client.adapters.sun import hour_of

_AIRSIM: Final = Schema("airsim")

PARAMETERS: Final = ("Rain", "Roadwetness", "Snow", "RoadSnow", "MapleLeaf", "RoadLeaf", "Dust", "Fog", "Enabled")
"""`airsim.WeatherParameter`, by value. "Enabled" (8) switches the effects on; 0 there is no weather at all."""

AUTUMN_DAY: Final = 305
"""The day of the year that falling and fallen leaves stand for, where no date is told: the first of November."""

Wind = object


def to_world(
    parameters: Mapping[object, object],
    wind: Wind = None,
    *,
    start_datetime: str | datetime | None = None,
    clock_speed: float = 1.0,
    latitude_deg: float | None = None,
) -> WorldFields:
    """`weather`, and `time` where there is something to say of it.

    `parameters` maps `airsim.WeatherParameter`s (0 … 8, or their names) to 0 … 1; one that is missing is 0. `wind` is
    what `simSetWind` takes: m/s towards north, east and down, as a `Vector3r` or three numbers; None if it was not set.
    `start_datetime` ("2026-06-21 18:00:00", taken for local solar time) and `clock_speed` are those of
    `simSetTimeOfDay`: tell them once, and the server's clock runs on. `latitude_deg` is that of the origin.

    Rain and snow become mm/h, road wetness `wetness`; snow that lies says that it freezes; dust needs wind to fly;
    leaves say that it is autumn.

    Raises AdapterError.
    """
    shares = _shares(parameters)
    speed, from_deg = _wind(wind)
    dust = DUST_M_S * shares["Dust"]
    lies = shares["RoadSnow"]
    weather: dict[str, object] = {
        "rain_mm_h": between(RAIN_DIAL, shares["Rain"]),
        "snow_mm_h": between(SNOW_DIAL, shares["Snow"]),
        "wind_m_s": max(speed, dust) if speed is not None else dust or None,
        "wind_from_deg": from_deg,
        "fog": shares["Fog"],
        "wetness": shares["Roadwetness"] or None,
        "temperature_c": 1.0 - 5.0 * lies if lies else None,
    }
    return world(weather=weather, time=_time(shares, start_datetime, clock_speed, latitude_deg))


def _shares(parameters: Mapping[object, object]) -> dict[str, float]:
    if not isinstance(parameters, Mapping):
        raise _AIRSIM.error("parameters", parameters, "a mapping of weather parameters to numbers")
    table = {name: name for name in PARAMETERS}
    given: dict[str, float] = {}
    for key, value in parameters.items():
        if isinstance(key, str):
            name = _AIRSIM.entry("a parameter", key, table)
        else:
            index = _AIRSIM.integer("a parameter", key, listed(PARAMETERS))
            if not 0 <= index < len(PARAMETERS):
                raise _AIRSIM.error("a parameter", key, f"0 to {len(PARAMETERS) - 1}, or {listed(PARAMETERS)}")
            name = PARAMETERS[index]
        given[name] = _AIRSIM.number(name, value, 0.0, 1.0)
    is_off = given.get("Enabled") == 0.0
    return {name: 0.0 if is_off else given.get(name, 0.0) for name in PARAMETERS}


def _wind(wind: Wind) -> tuple[float | None, float | None]:
    if wind is None:
        return None, None
    if all(hasattr(wind, axis) for axis in ("x_val", "y_val", "z_val")):
        axes = [getattr(wind, axis) for axis in ("x_val", "y_val", "z_val")]
    else:
        axes = list(wind) if isinstance(wind, list | tuple) else []
    if len(axes) != 3:
        raise _AIRSIM.error("wind", wind, "a Vector3r, or three numbers: m/s towards north, east and down")
    north, east, _ = (_AIRSIM.number(f"wind[{index}]", axis, -1e6, 1e6) for index, axis in enumerate(axes))
    speed, from_deg = wind_of(north, east)
    return min(speed, 60.0), from_deg


def _time(
    shares: Mapping[str, float], start: str | datetime | None, clock_speed: float, latitude_deg: float | None
) -> dict[str, object] | None:
    time: dict[str, object] = {}
    if start is not None:
        when = _datetime(start)
        time |= {"hour": hour_of(when), "day_of_year": when.timetuple().tm_yday}
        time["rate"] = _AIRSIM.number("clock_speed", clock_speed, 0.0, 86_400.0)
    elif shares["MapleLeaf"] or shares["RoadLeaf"]:
        time["day_of_year"] = AUTUMN_DAY
    if latitude_deg is not None:
        time["latitude_deg"] = _AIRSIM.number("latitude_deg", latitude_deg, -90.0, 90.0)
    return time or None


def _datetime(start: str | datetime) -> datetime:
    if isinstance(start, datetime):
        return start
    try:
        return datetime.strptime(start, "%Y-%m-%d %H:%M:%S")
    except (TypeError, ValueError) as error:
        raise _AIRSIM.error("start_datetime", start, "a time like '2026-06-21 18:00:00'") from error
