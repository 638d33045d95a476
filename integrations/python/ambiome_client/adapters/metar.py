"""METAR and SPECI, the reports of airfields, whole: the body by its groups, and of the remarks what can be heard.

    ambience.world(**metar.to_world("METAR EDDB 211820Z 24012G25KT 9999 -SHRA SCT040CB BKN070 19/14 Q1009"))

Groups after WMO-No. 306 (FM 15) and FMH-1 (Federal Meteorological Handbook 1), as `metar_groups` lists them. A trend
(BECMG, TEMPO, NOSIG) is a forecast, and not read. A group that is in no list is an error that names it: a report with a
typing error is not half believed.
"""

import re
from typing import Final

from ambiome_client.adapters.air import humidity
from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.metar_groups import GROUPS, IGNORED, Report
from ambiome_client.adapters.metar_weather import sky, squall
from ambiome_client.adapters.schema import Schema

_METAR: Final = Schema("metar")

_STATION: Final = re.compile(r"[A-Z][A-Z0-9]{3}")
_TIME: Final = re.compile(r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)Z", re.ASCII)
_KINDS: Final = ("METAR", "SPECI", "COR")
_TREND: Final = ("BECMG", "TEMPO", "NOSIG", "INTER", "PROB30", "PROB40", "FCST")
_FRACTION: Final = re.compile(r"(?<=\s)(\d) (?=[1357]/\d{1,2}SM)", re.ASCII)
_LIGHTNING: Final = re.compile(
    r"\b(?:(?P<often>OCNL|FRQ|CONS|CNS) )?LTG(?:IC|CC|CG|CA|CW)*\b(?P<where> OHD| VC| DSNT)?", re.ASCII
)
_TENTHS: Final = re.compile(r"\bT(?P<cold>[01])(?P<t>\d{3})(?P<dew_cold>[01])(?P<dew>\d{3})\b", re.ASCII)
MAX_CHARS: Final = 2_000
"""No report is longer."""


def to_world(text: str, *, longitude_deg: float | None = None) -> WorldFields:
    """`weather` of a report: rain, snow, hail, wind, gusts, cloud, fog, temperature, humidity, thunder.

    What a report leaves open ("///", a variable wind's direction) is derived; what it does not report is not there.
    With the station's `longitude_deg` (east is positive), `time` has the hour of the report in local solar time.

    Raises AdapterError, naming the group by its place and its text.
    """
    report = Report()
    body, remarks = _parts(text)
    hour_utc = _head(body)
    for index, group in body:
        _read(report, index, group)
    _remarks(report, remarks)
    return world(weather=_weather(report), time=_time(hour_utc, longitude_deg))


def _parts(text: str) -> tuple[list[tuple[int, str]], str]:
    """The groups with their places (from 1) up to a trend, and the remarks."""
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_CHARS:
        raise _METAR.error("report", text, f"a METAR or SPECI of at most {MAX_CHARS} characters")
    body, _, remarks = " ".join(text.upper().replace("=", " ").split()).partition(" RMK")
    groups: list[tuple[int, str]] = []
    for index, group in enumerate(_FRACTION.sub(r"\1_", body).split(), 1):
        if group in _TREND:
            break
        groups.append((index, group))
    return groups, remarks


def _head(groups: list[tuple[int, str]]) -> float:
    """Takes kind, station and time off the front; the hour of the report, UTC."""
    while groups and groups[0][1] in _KINDS:
        groups.pop(0)
    _take(groups, _STATION, "a station's four letters, after METAR or SPECI")
    time = _take(groups, _TIME, "day, hour and minute, like 211820Z")
    day, hour, minute = (int(time[name]) for name in ("day", "hour", "minute"))
    if not (1 <= day <= 31 and hour <= 24 and minute < 60):
        raise _METAR.error("time", time[0], "day 01 to 31, hour 00 to 24, minute 00 to 59, like 211820Z")
    return hour + minute / 60.0


def _take(groups: list[tuple[int, str]], pattern: re.Pattern[str], allowed: str) -> re.Match[str]:
    index, group = groups.pop(0) if groups else (1, "")
    match = pattern.fullmatch(group)
    if match is None:
        raise _METAR.error(f"group {index}", group, allowed)
    return match


def _read(report: Report, index: int, group: str) -> None:
    if group == "NIL":
        raise _METAR.error(f"group {index}", group, "a report that reports something")
    for pattern, take in GROUPS:
        match = pattern.fullmatch(group)
        if match is not None:
            take(report, match)
            return
    if not any(pattern.fullmatch(group) for pattern in IGNORED):
        raise _METAR.error(
            f"group {index}", group.replace("_", " "), "wind, visibility, weather, cloud, temperature or pressure"
        )


def _remarks(report: Report, remarks: str) -> None:
    for found in _LIGHTNING.finditer(remarks):
        report.lightning.append((found["often"] or "", (found["where"] or "").strip()))
    if (tenths := _TENTHS.search(remarks)) is not None:
        report.temperature_c = int(tenths["t"]) / 10.0 * (-1.0 if tenths["cold"] == "1" else 1.0)
        report.dew_point_c = int(tenths["dew"]) / 10.0 * (-1.0 if tenths["dew_cold"] == "1" else 1.0)


def _weather(report: Report) -> dict[str, object]:
    celsius, dew = report.temperature_c, report.dew_point_c
    return {
        "wind_m_s": None if report.wind_m_s is None else min(report.wind_m_s, 60.0),
        "gust_m_s": squall(report),
        "wind_from_deg": report.wind_from_deg,
        **sky(report),
        "cloud": report.cloud,
        "temperature_c": None if celsius is None else min(max(celsius, -60.0), 60.0),
        "humidity": None if celsius is None or dew is None else humidity(celsius, dew),
    }


def _time(hour_utc: float, longitude_deg: float | None) -> dict[str, object] | None:
    if longitude_deg is None:
        return None
    longitude = _METAR.number("longitude_deg", longitude_deg, -180.0, 180.0)
    return {"hour": (hour_utc + longitude / 15.0) % 24.0}
