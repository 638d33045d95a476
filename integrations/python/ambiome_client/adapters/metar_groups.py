"""The groups of a METAR's body: one row each, with what it says of the air."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ambiome_client.adapters.metar_weather import PHENOMENA_PATTERN, Phenomenon

_M_S: Final = {"KT": 0.514444, "MPS": 1.0, "KMH": 1.0 / 3.6}
_MILE_M: Final = 1_609.344
_EIGHTHS: Final = {"FEW": 1.5, "SCT": 3.5, "BKN": 6.0, "OVC": 8.0, "VV": 8.0}
"""Eighths of the sky: FEW 1–2, SCT 3–4, BKN 5–7, OVC 8; a vertical visibility means a sky that is hidden."""


@dataclass
class Report:
    """What has been read so far; None is "not reported"."""

    wind_m_s: float | None = None
    gust_m_s: float | None = None
    wind_from_deg: float | None = None
    visibility_m: float | None = None
    cloud: float | None = None
    temperature_c: float | None = None
    dew_point_c: float | None = None
    is_weather_missing: bool = False
    phenomena: list[Phenomenon] = field(default_factory=list)
    lightning: list[tuple[str, str]] = field(default_factory=list)
    """(how often, where) of each remark on lightning, as written; "" where it does not say."""


def _wind(report: Report, match: re.Match[str]) -> None:
    if not match["speed"].isdigit():
        return
    unit = _M_S[match["unit"]]
    report.wind_m_s = int(match["speed"]) * unit
    report.gust_m_s = int(match["gust"]) * unit if match["gust"] else None
    if match["from"].isdigit() and report.wind_m_s > 0:
        report.wind_from_deg = float(min(int(match["from"]), 360))


def _metres(report: Report, match: re.Match[str]) -> None:
    metres = float(match["metres"])
    report.visibility_m = 10_000.0 if metres == 9_999.0 else metres


def _kilometres(report: Report, match: re.Match[str]) -> None:
    report.visibility_m = 1_000.0 * int(match["km"])


def _miles(report: Report, match: re.Match[str]) -> None:
    part = int(match["part"]) / int(match["of"]) if match["of"] else 0.0
    report.visibility_m = (int(match["miles"] or 0) + part) * _MILE_M


def _cavok(report: Report, match: re.Match[str]) -> None:
    report.visibility_m, report.cloud = 10_000.0, report.cloud or 0.0


def _phenomenon(report: Report, match: re.Match[str]) -> None:
    what = match["what"]
    pairs = tuple(what[at : at + 2] for at in range(0, len(what), 2))
    report.phenomena.append(Phenomenon(bool(match["near"]), match["strength"] or "", match["how"] or "", pairs))


def _missing(report: Report, match: re.Match[str]) -> None:
    report.is_weather_missing = True


def _layer(report: Report, match: re.Match[str]) -> None:
    """Layers are reported with what lies below them, so the largest is the sky's."""
    report.cloud = max(report.cloud or 0.0, _EIGHTHS[match["amount"]] / 8.0)


def _no_cloud(report: Report, match: re.Match[str]) -> None:
    report.cloud = report.cloud or 0.0


def _temperature(report: Report, match: re.Match[str]) -> None:
    report.temperature_c, report.dew_point_c = _celsius(match["t"]), _celsius(match["dew"])


def _celsius(text: str | None) -> float | None:
    if not text or not text[-1].isdigit():
        return None
    return float(text.replace("M", "-"))


def _rows(*rows: tuple[str, Callable[[Report, re.Match[str]], None]]) -> tuple["Row", ...]:
    return tuple((re.compile(pattern, re.ASCII), take) for pattern, take in rows)


Row = tuple[re.Pattern[str], Callable[[Report, re.Match[str]], None]]

GROUPS: Final[tuple[Row, ...]] = _rows(
    (r"(?P<from>\d{3}|VRB|///)P?(?P<speed>\d{2,3}|/{2,3})(?:GP?(?P<gust>\d{2,3}))?(?P<unit>KT|MPS|KMH)", _wind),
    (r"(?P<metres>\d{4})(?:NDV)?", _metres),
    (r"(?P<km>\d{1,2})KM", _kilometres),
    (r"[MP]?(?P<miles>\d{1,2})(?:_(?P<part>\d)/(?P<of>[1-9]\d?))?SM", _miles),
    (r"[MP]?(?P<miles>)(?P<part>\d{1,2})/(?P<of>[1-9]\d?)SM", _miles),
    (r"CAVOK", _cavok),
    (PHENOMENA_PATTERN, _phenomenon),
    (r"//", _missing),
    (r"(?P<amount>FEW|SCT|BKN|OVC|VV)(?:\d{3}|///)?(?:CB|TCU|///)?", _layer),
    (r"SKC|CLR|NSC|NCD", _no_cloud),
    (r"(?P<t>M?\d{1,2}|//|XX)/(?P<dew>M?\d{1,2}|//|XX)?", _temperature),
)

IGNORED: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"AUTO|COR|RTD|CC[A-Z]|NSW|NDV|SNOCLO|CLRD|\$",
        r"\d{3}V\d{3}",  # the limits of a variable wind's direction
        r"\d{4}(?:N|NE|E|SE|S|SW|W|NW)",  # the least visibility, and where
        r"////(?:SM)?",
        r"/{6,9}(?:CB|TCU)?|///(?:\d{3}|///)(?:CB|TCU|///)?",  # layers that an instrument could not see
        r"[QA](?:\d{4}|////)|QNH\d{4}(?:INS)?|QFE\d{3,4}(?:/\d{3,4})?",
        r"R\d{2}[LCR]{0,2}/\S+|R/SNOCLO|\d{8}|\d{2}CLRD(?:\d{2}|//)",  # runway visual range, state of a runway
        r"RE(?:[+-]?[A-Z]{2,8}|//)",  # recent weather
        r"WS|ALL|RWYS?|TKOF|LDG|RWY\d{2}[LCR]?|R\d{2}[LCR]?",  # wind shear
        r"W(?:M?\d\d|//)/[SH]\S+",  # temperature and state of the sea
        r"(?:BLACK)?(?:BLU|WHT|GRN|YLO[12]?|AMB|RED)\+?|BLACK",  # military colours
    )
)
"""What is reported and has no sound."""
