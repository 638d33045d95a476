"""The weather: fronts that arrive and clear, the showers behind them, and their lightning."""

import math
from collections.abc import Generator
from dataclasses import dataclass

import simpy

from ambiome_sim.stage import Stage

TICK_S = 2.0
"""How often a front that is on its way tells how far it has come."""


@dataclass(frozen=True)
class Calm:
    """Fair weather: wind in m/s and where it comes from, cloud and humidity 0 … 1."""

    wind_m_s: float = 1.5
    wind_from_deg: float = 200.0
    cloud: float = 0.2
    humidity: float = 0.75


@dataclass(frozen=True)
class Front:
    """A cold front; times in seconds of an unshortened world.

    It is seen at `at_s`, is here `approach_s` later, stays for `lasts_s` and clears within `clears_s`. Winds in m/s;
    they veer by `veer_deg`. `rain_mm_h` is a shower's median rate. Lightning strikes every `strike_s` on average (0 for
    never), from a cell that passes at `closest_km` with `cell_m_s`.
    """

    at_s: float
    approach_s: float
    lasts_s: float
    clears_s: float
    wind_m_s: float = 12.0
    gust_m_s: float = 19.0
    veer_deg: float = 70.0
    rain_mm_h: float = 18.0
    strike_s: float = 5.0
    closest_km: float = 0.7
    cell_m_s: float = 250.0


def calm(stage: Stage, weather: Calm) -> None:
    """Tells fair weather."""
    stage.world(
        weather={
            "rain_mm_h": 0.0,
            "wind_m_s": weather.wind_m_s,
            "gust_m_s": None,
            "wind_from_deg": weather.wind_from_deg,
            "cloud": weather.cloud,
            "humidity": weather.humidity,
        }
    )


def front(stage: Stage, plan: Front, before: Calm) -> Generator[simpy.Event, object, None]:
    """A front from its first cloud to the clear sky behind it."""
    yield stage.wait_until(plan.at_s)
    stage.note("a front comes up")
    yield from _move(stage, plan, before, 0.0, 1.0, plan.approach_s)
    stage.note("the front is here")
    rain = stage.env.process(showers(stage, plan))
    storm = stage.env.process(lightning(stage, plan)) if plan.strike_s else None
    yield stage.wait(plan.lasts_s)
    yield rain
    stage.note("it clears")
    yield from _move(stage, plan, before, 1.0, 0.0, plan.clears_s)
    if storm is not None:
        yield storm


def showers(stage: Stage, plan: Front) -> Generator[simpy.Event, object, None]:
    """Showers while a front is here: lognormal rates (σ 0.5, as measured within rain events), a lull between two."""
    chance = stage.chance("showers", plan.at_s)
    left_s = plan.lasts_s
    while left_s > 0:
        rate = min(120.0, max(0.5, chance.lognormvariate(math.log(plan.rain_mm_h), 0.5)))
        for label, rain, share in (("shower", rate, 0.3), ("lull", rate / 5, 0.12)):
            lasts_s = min(left_s, plan.lasts_s * share * chance.uniform(0.7, 1.3))
            if lasts_s <= 0:
                break
            stage.world(weather={"rain_mm_h": round(rain, 2)}, transition_s=min(3.0, lasts_s / 2))
            stage.note(f"{label}, {rain:.0f} mm/h")
            yield stage.wait(lasts_s)
            left_s -= lasts_s


def lightning(stage: Stage, plan: Front) -> Generator[simpy.Event, object, None]:
    """Strikes at random moments (a Poisson process) from a cell on a straight path past the listener."""
    chance = stage.chance("lightning", plan.at_s)
    bearing = chance.uniform(0, 360)
    until_s = plan.lasts_s + plan.clears_s / 2
    passes_s = plan.lasts_s / 2
    now_s = chance.expovariate(1 / plan.strike_s)
    waited_s = 0.0
    while now_s < until_s:
        yield stage.wait(now_s - waited_s)
        waited_s = now_s
        along_km = plan.cell_m_s * (now_s - passes_s) / 1_000
        away_km = math.hypot(plan.closest_km, along_km) * chance.uniform(0.8, 1.4)
        azimuth = bearing + math.degrees(math.atan2(along_km, plan.closest_km)) + chance.uniform(-15, 15)
        strength = chance.betavariate(3, 2)
        stage.event(
            "lightning",
            f"lightning, {away_km:.1f} km",
            distance_m=round(away_km * 1_000, 1),
            azimuth_deg=round(azimuth % 360, 1) % 360,
            strength=round(strength, 3),
        )
        now_s += chance.expovariate(1 / plan.strike_s)


def _move(
    stage: Stage, plan: Front, before: Calm, start: float, end: float, lasts_s: float
) -> Generator[simpy.Event, object, None]:
    """The way from one strength of the front (0 … 1) to another, in ticks, smoothly."""
    ticks = max(1, round(lasts_s / TICK_S))
    for tick in range(1, ticks + 1):
        share = tick / ticks
        _tell(stage, plan, before, start + (end - start) * share * share * (3 - 2 * share), lasts_s / ticks, end)
        yield stage.wait(lasts_s / ticks)


def _tell(stage: Stage, plan: Front, before: Calm, strength: float, takes_s: float, end: float) -> None:
    wind = before.wind_m_s + (plan.wind_m_s - before.wind_m_s) * strength
    gust = before.wind_m_s * 1.4 + (plan.gust_m_s - before.wind_m_s * 1.4) * strength
    rain = plan.rain_mm_h * (0.1 * strength**3 if end else 0.5 * strength**2)
    stage.world(
        weather={
            "wind_m_s": round(wind, 2),
            "gust_m_s": round(max(wind, gust), 2),
            "wind_from_deg": round((before.wind_from_deg + plan.veer_deg * strength) % 360, 1) % 360,
            "cloud": round(before.cloud + (1 - before.cloud) * math.sqrt(strength), 3),
            "humidity": round(before.humidity + (0.97 - before.humidity) * strength, 3),
            "rain_mm_h": round(rain, 2),
        },
        transition_s=takes_s,
    )
