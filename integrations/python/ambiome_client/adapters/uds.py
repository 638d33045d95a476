"""Ultra Dynamic Sky and Weather, for Unreal: the sky's time, the weather's state, exposures, flashes of lightning.

    state = {"Cloud Coverage": 8, "Rain": 6, "Wind Intensity": 4, "Thunder/Lightning": 3}
    ambience.world(**uds.to_world(state, time_of_day=1_830, season=0.5), transition_s=10)

The engine sends its state as it likes; here are the names and ranges of its blueprint's variables.
"""

from collections.abc import Mapping
from math import atan2, degrees, hypot
from typing import Final, TypedDict

from ambiome_client.adapters.air import DUST_M_S, RAIN_DIAL, SNOW_DIAL, beaufort_m_s, between
from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.schema import Schema

_UDS: Final = Schema("uds")

STATE: Final[dict[str, float]] = {
    "Cloud Coverage": 10.0,
    "Fog": 10.0,
    "Dust": 10.0,
    "Rain": 10.0,
    "Snow": 10.0,
    "Thunder/Lightning": 10.0,
    "Wind Intensity": 10.0,
    "Material Wetness": 1.0,
    "Material Snow Coverage": 1.0,
}
"""The variables of a weather state, and the top of each one's range; one that is missing is 0."""

DAY_OF_SEASON_0: Final = 79
"""Season 0 is the beginning of spring, 1 of summer, 2 of autumn, 3 of winter, 4 of spring again."""
STORMIEST_PER_MIN: Final = 10.0
STORM_KM: Final = ((0.0, 8.0), (1.0, 2.0))
"""(storm 0 … 1, km): a strong one is near."""


class Flash(TypedDict):
    """Where a lightning strikes, seen from the listener: metres, and degrees clockwise from north."""

    distance_m: float
    azimuth_deg: float


def to_world(
    state: Mapping[str, object],
    *,
    time_of_day: float | None = None,
    season: float | None = None,
    exposure: float | None = None,
    latitude_deg: float | None = None,
) -> WorldFields:
    """`weather`, `location` (openness) where `exposure` is given, and `time` where anything of it is.

    `state` maps variables of Ultra Dynamic Weather to their values (0 … 10, the material's 0 … 1; capitals, spaces and
    "_" make no difference). `time_of_day` is 0 … 2,400, `season` 0 … 4 (0 is spring's beginning, in the north),
    `exposure` 0 … 1 how much of the sky the listener has.

    Raises AdapterError.
    """
    shares = dict.fromkeys(STATE, 0.0)
    table = {name: name for name in STATE}
    for key, value in _UDS.mapping("state", state).items():
        name = _UDS.entry("a variable", key, table)
        shares[name] = _UDS.number(name, value, 0.0, STATE[name]) / STATE[name]
    storm, lies = shares["Thunder/Lightning"], shares["Material Snow Coverage"]
    weather: dict[str, object] = {
        "rain_mm_h": between(RAIN_DIAL, shares["Rain"]),
        "snow_mm_h": between(SNOW_DIAL, shares["Snow"]),
        "wind_m_s": max(beaufort_m_s(shares["Wind Intensity"]), DUST_M_S * shares["Dust"]),
        "cloud": shares["Cloud Coverage"],
        "fog": shares["Fog"],
        "wetness": shares["Material Wetness"] or None,
        "temperature_c": 1.0 - 5.0 * lies if lies else None,
        "thunder_per_min": STORMIEST_PER_MIN * storm,
        "thunder_km": between(STORM_KM, storm) if storm else None,
    }
    location = None if exposure is None else {"openness": _UDS.number("exposure", exposure, 0.0, 1.0)}
    return world(weather=weather, location=location, time=_time(time_of_day, season, latitude_deg))


def flash(strike: object, listener: object, *, north_yaw_deg: float = 0.0) -> Flash:
    """Distance and azimuth of a Flash Lightning, for `ambience.event("lightning", **flash(strike, listener))`.

    Both are world locations in Unreal's centimetres, (x, y) or (x, y, z); north is the x axis turned clockwise by
    `north_yaw_deg`, and east is its right, the y axis.

    Raises AdapterError.
    """
    (x, y), (x0, y0) = _flat("strike", strike), _flat("listener", listener)
    yaw = _UDS.number("north_yaw_deg", north_yaw_deg, -360.0, 360.0)
    metres = hypot(x - x0, y - y0) / 100.0
    azimuth = round((degrees(atan2(y - y0, x - x0)) - yaw) % 360.0, 4)
    return Flash(distance_m=round(min(max(metres, 0.5), 30_000.0), 4), azimuth_deg=azimuth % 360.0)


def _flat(field: str, location: object) -> tuple[float, float]:
    axes = _UDS.sequence(field, location)
    if len(axes) not in (2, 3):
        raise _UDS.error(field, location, "two or three numbers, in centimetres")
    return _UDS.number(f"{field}[0]", axes[0], -1e12, 1e12), _UDS.number(f"{field}[1]", axes[1], -1e12, 1e12)


def _time(time_of_day: float | None, season: float | None, latitude_deg: float | None) -> dict[str, object] | None:
    time: dict[str, object] = {}
    if time_of_day is not None:
        time["hour"] = _UDS.number("time_of_day", time_of_day, 0.0, 2_400.0) / 100.0
    if season is not None:
        days = round(365.0 / 4.0 * _UDS.number("season", season, 0.0, 4.0))
        time["day_of_year"] = (DAY_OF_SEASON_0 - 1 + days) % 365 + 1
    if latitude_deg is not None:
        time["latitude_deg"] = _UDS.number("latitude_deg", latitude_deg, -90.0, 90.0)
    return time or None
