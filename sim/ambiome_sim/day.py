"""The day: the hour as it moves, sunrise, sunset and nightfall, and the temperature that follows."""

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

from ambiome_sim.stage import Stage

READINGS = 4
"""How many times between two waypoints the temperature is told."""


@dataclass(frozen=True)
class Waypoint:
    """At `at_s` (seconds of an unshortened world) it is `hour` o'clock, local solar time, 0 … 24."""

    at_s: float
    hour: float


@dataclass(frozen=True)
class Climate:
    """A date, a latitude, and the mean and the swing of its temperature (°C; the warmest hour is 15)."""

    day_of_year: int = 152
    latitude_deg: float = 48.0
    mean_c: float = 16.0
    swing_c: float = 6.0

    def temperature_c(self, hour: float) -> float:
        """The temperature of an hour, by a cosine with its crest at 15 h."""
        return round(self.mean_c + self.swing_c * math.cos(math.radians(15 * (hour - 15))), 2)

    def rise_hour(self, altitude_deg: float = 0.0) -> float | None:
        """Local solar time at which the sun rises through an altitude; it sets through it as long after noon.

        None where it does not that day. From sin h = sin φ sin δ + cos φ cos δ cos H, with the declination
        δ = 23.45° · sin(360° · (284 + n)/365) (Cooper, 1969).
        """
        declination = math.radians(23.45 * math.sin(math.radians(360 * (284 + self.day_of_year) / 365)))
        latitude = math.radians(self.latitude_deg)
        across = math.cos(latitude) * math.cos(declination)
        cosine = (math.sin(math.radians(altitude_deg)) - math.sin(latitude) * math.sin(declination)) / across
        return 12 - math.degrees(math.acos(cosine)) / 15 if abs(cosine) <= 1 else None

    def turns(self) -> tuple[tuple[str, float], ...]:
        """The turns of the day and their hours, in order: the sun's rising and setting, and nightfall (civil, −6°)."""
        rise, dawn = self.rise_hour(), self.rise_hour(-6.0)
        turns = [("sunrise", rise), ("sunset", None if rise is None else 24 - rise)]
        turns.append(("night", None if dawn is None else 24 - dawn))
        return tuple((label, hour) for label, hour in turns if hour is not None)


def day(stage: Stage, climate: Climate, waypoints: Sequence[Waypoint]) -> Generator[simpy.Event, object, None]:
    """Moves the hour from waypoint to waypoint, evenly between them; after the last it stands still.

    A waypoint with an earlier hour than the one before it is the next day's, and is jumped to.
    """
    place = {"day_of_year": climate.day_of_year, "latitude_deg": climate.latitude_deg}
    ends = [*waypoints[1:], None]
    for start, end in zip(waypoints, ends, strict=True):
        yield stage.wait_until(start.at_s)
        is_forward = end is not None and end.hour > start.hour
        lasts_s = end.at_s - start.at_s if end is not None else 0.0
        hours = end.hour - start.hour if end is not None and is_forward else 0.0
        rate = round(hours * 3_600 / (lasts_s * stage.scale), 6) if hours else 0.0
        stage.world(time={**place, "hour": start.hour, "rate": rate})
        stage.world(weather={"temperature_c": climate.temperature_c(start.hour)})
        if hours:
            stage.env.process(_temperature(stage, climate, start.hour, hours, lasts_s))
            stage.env.process(_sun(stage, climate, start, hours / lasts_s, hours))


def _temperature(
    stage: Stage, climate: Climate, hour: float, hours: float, lasts_s: float
) -> Generator[simpy.Event, object, None]:
    """Tells the temperature within one stretch."""
    for reading in range(1, READINGS + 1):
        celsius = climate.temperature_c(hour + hours * reading / READINGS)
        stage.world(weather={"temperature_c": celsius}, transition_s=lasts_s / READINGS)
        yield stage.wait(lasts_s / READINGS)


def _sun(
    stage: Stage, climate: Climate, start: Waypoint, hours_per_s: float, hours: float
) -> Generator[simpy.Event, object, None]:
    """Logs the turns of the day within one stretch."""
    passed_s = 0.0
    for label, hour in climate.turns():
        if 0 <= hour - start.hour < hours:
            in_s = (hour - start.hour) / hours_per_s
            yield stage.wait(in_s - passed_s)
            passed_s = in_s
            stage.note(label)
