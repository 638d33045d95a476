"""The weather groups of a METAR: intensity, descriptor and phenomena (code table 4678), and what they sound like."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ambiome_client.adapters.air import fog
from ambiome_client.adapters.present import STORMS, Storm
from ambiome_client.adapters.rates import Fall, Kind, Strength, falls_mm_h

if TYPE_CHECKING:
    from ambiome_client.adapters.metar_groups import Report

PHENOMENA_PATTERN: Final = (
    r"(?=[-+A-Z])(?P<near>VC)?(?P<strength>[-+])?(?P<how>MI|PR|BC|DR|BL|SH|TS|FZ)?(?:SH|TS|FZ)?"
    r"(?P<what>(?:DZ|RA|SN|SG|IC|PL|PE|GR|GS|UP|BR|FG|FU|VA|DU|SA|HZ|PY|PO|SQ|FC|SS|DS){0,4})(?<=[A-Z]{2})(?<!VC)"
)

_STRENGTHS: Final[dict[str, Strength]] = {"-": "light", "": "moderate", "+": "heavy"}
_STORMS: Final[dict[str, Storm]] = {"-": "light", "": "moderate", "+": "heavy"}
_FALLS: Final[dict[str, Kind]] = {
    "DZ": "drizzle",
    "RA": "rain",
    "SN": "snow",
    "SG": "grains",
    "IC": "grains",
    "PL": "pellets",
    "PE": "pellets",
    "GR": "hail",
    "GS": "pellets",
}
_FOGS: Final = {"FG": (0.5, 1.0), "BR": (0.1, 0.5)}
"""Least and most of it: fog is a visibility under 1 km, mist one from there on."""
_SPREADS: Final = {"MI": 0.2, "PR": 0.6, "BC": 0.5}
"""Share of fog that is shallow, partial, or in patches."""
_OFTEN: Final = {"OCNL": 0.5, "FRQ": 3.0, "CONS": 8.0, "CNS": 8.0}
"""Lightnings a minute: occasional is less than one, frequent one to six, continuous more (FMH-1, table 12-2)."""
_WHERE: Final = {"OHD": 1.0, "": 6.0, "VC": 13.9, "DSNT": 25.0}
"""Kilometres: overhead, not said, 5–10 nautical miles, more than 10; beyond 25 km thunder is seldom heard."""
RAIN_OVER_C: Final = 2.2
"""Unknown precipitation is rain above it, snow below (Auer 1974, Weatherwise 27, 67)."""


@dataclass(frozen=True, slots=True)
class Phenomenon:
    """One group: in the vicinity or here, "-", "" or "+", a descriptor or "", and pairs of letters."""

    is_near: bool
    strength: str
    how: str
    what: tuple[str, ...]


def sky(report: "Report") -> dict[str, object]:
    """Rain, snow, hail, fog and thunder of all groups."""
    here = [phenomenon for phenomenon in report.phenomena if not phenomenon.is_near]
    falls = [fall for phenomenon in here for fall in _falls(phenomenon, report.temperature_c)]
    is_open = report.is_weather_missing and not here
    rates: dict[str, float | None] = {**falls_mm_h(falls)}
    per_min, km = _thunder(report)
    return {
        **(dict.fromkeys(rates) if is_open else rates),
        "fog": max((_fog(phenomenon, report.visibility_m) for phenomenon in here), default=0.0),
        "thunder_per_min": per_min,
        "thunder_km": km,
    }


def squall(report: "Report") -> float | None:
    """The gusts: those reported; in a squall at least 8 m/s above the wind, and 11 m/s (WMO-No. 49, annex 3)."""
    gusts = [] if report.gust_m_s is None else [report.gust_m_s]
    if any("SQ" in phenomenon.what and not phenomenon.is_near for phenomenon in report.phenomena):
        gusts.append(max((report.wind_m_s or 0.0) + 8.0, 11.0))
    return min(max(gusts), 90.0) if gusts else None


def _falls(phenomenon: Phenomenon, temperature_c: float | None) -> list[Fall]:
    """Drifting and blowing snow does not fall."""
    if phenomenon.how in ("DR", "BL"):
        return []
    is_warm = temperature_c is None or temperature_c > RAIN_OVER_C
    kinds = {**_FALLS, "UP": "rain" if is_warm and phenomenon.how != "FZ" else "snow"}
    if phenomenon.how == "FZ":
        kinds["UP"] = "rain"
    return [(kinds[pair], _STRENGTHS[phenomenon.strength]) for pair in phenomenon.what if pair in kinds]  # type: ignore[misc]


def _fog(phenomenon: Phenomenon, visibility_m: float | None) -> float:
    found = 0.0
    for pair in phenomenon.what:
        if pair in _FOGS:
            least, most = _FOGS[pair]
            seen = fog(visibility_m) if visibility_m is not None else 0.0
            found = max(found, min(max(seen, least), most) * _SPREADS.get(phenomenon.how, 1.0))
    return found


def _thunder(report: "Report") -> tuple[float, float | None]:
    """(a minute, km): the nearest storm, as often as the remarks say, else as its intensity does."""
    storms = [
        STORMS["near" if phenomenon.is_near else _STORMS[phenomenon.strength]]
        for phenomenon in report.phenomena
        if phenomenon.how == "TS"
    ]
    storms += [(_OFTEN.get(often, STORMS["distant"][0]), _WHERE[where]) for often, where in report.lightning]
    if not storms:
        return 0.0, None
    said = [_OFTEN[often] for often, _ in report.lightning if often in _OFTEN]
    nearest = min(storms, key=lambda storm: storm[1])
    return max(said) if said else nearest[0], nearest[1]
