"""Present weather, as codes name it: what falls, how strongly, whether there is fog or thunder."""

from dataclasses import dataclass
from typing import Final, Literal

from ambiome_client.adapters.rates import Fall, falls_mm_h

Storm = Literal["near", "light", "moderate", "heavy", "distant"]

STORMS: Final[dict[Storm, tuple[float, float]]] = {
    "light":    (0.7, 6.0),
    "moderate": (2.0, 4.5),
    "heavy":    (5.0, 3.0),
    "near":     (0.7, 13.9),
    "distant":  (0.5, 25.0),
}  # fmt: skip
"""(lightnings a minute, km). A station's storm is within 5 nautical miles, one "in the vicinity" within 5 to 10,
distant lightning beyond; less than one flash a minute is occasional, one to six frequent, more continuous (FMH-1,
Federal Meteorological Handbook 1, surface weather observations, chapters 8 and 12)."""


@dataclass(frozen=True, slots=True)
class Present:
    """One row of a table of codes. `fog` and `cloud` are 0 … 1; a `cloud` of None is not known."""

    falls: tuple[Fall, ...] = ()
    storm: Storm | None = None
    fog: float = 0.0
    cloud: float | None = 1.0

    def weather(self) -> dict[str, object]:
        """The fields of a world's weather that it decides."""
        per_min, km = STORMS[self.storm] if self.storm else (0.0, None)
        return {
            **falls_mm_h(self.falls),
            "thunder_per_min": per_min,
            "thunder_km": km,
            "fog": self.fog,
            "cloud": self.cloud,
        }
