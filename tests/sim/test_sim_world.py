"""Simulated worlds: exact logs, the same from the same seed, whatever their length."""

import pytest
import simpy
from ambiome_middleware.scene import sun
from ambiome_protocol.messages import EventMessage, WorldMessage
from ambiome_protocol.score import read_score, write_score
from ambiome_sim import Course, Stage, WorldEvent, demo_day, run
from ambiome_sim.day import Climate, Waypoint, day
from ambiome_sim.moments import Moment, moments
from ambiome_sim.traveller import Landmark, Leg, Place, between, traveller
from ambiome_sim.weather import Calm, Front, front, lightning, showers
from msgspec import UNSET

SCENES = ("dawn in a forest", "a front comes up", "the front is here", "it clears", "dusk at a lake", "night",
          "into a cave", "a city street")  # fmt: skip


def stage(seed: int = 1, scale: float = 1.0) -> Stage:
    return Stage(simpy.Environment(), seed, scale)


def told(world: Stage, group: str, name: str) -> list[tuple[float, object]]:
    """(time, value) of a field, wherever it was told."""
    parts = [(change.at, getattr(change.world, group)) for change in world.told if isinstance(change, WorldMessage)]
    values = [(at, getattr(part, name)) for at, part in parts if part is not UNSET]
    return [(at, value) for at, value in values if value is not UNSET]


def test_the_demo_day_of_seed_1_is_this_one() -> None:
    assert run(demo_day(1)).events == (
        (0.0, "dawn in a forest"),
        (8.991744, "sunrise"),
        (26.0, "a front comes up"),
        (38.0, "a branch breaks"),
        (46.0, "the front is here"),
        (46.0, "shower, 13 mm/h"),
        (56.138331, "lightning, 1.8 km"),
        (58.038264, "lull, 3 mm/h"),
        (58.352878, "lightning, 1.3 km"),
        (58.746573, "lightning, 1.2 km"),
        (61.421168, "lightning, 0.9 km"),
        (62.91091, "shower, 33 mm/h"),
        (70.439693, "lightning, 3.1 km"),
        (75.341263, "lull, 7 mm/h"),
        (78.0, "it clears"),
        (82.190546, "lightning, 5.2 km"),
        (83.336516, "lightning, 6.1 km"),
        (86.590504, "lightning, 8.4 km"),
        (96.0, "dusk at a lake"),
        (110.589222, "sunset"),
        (113.0, "a fish jumps"),
        (118.640089, "night"),
        (138.0, "into a cave"),
        (160.0, "a city street"),
    )


@pytest.mark.parametrize("seconds", [5, 20, 180, 3600])
@pytest.mark.parametrize("seed", [0, 1, 2, 99])
def test_a_day_of_any_length_has_all_its_scenes_and_thunder(seed: int, seconds: float) -> None:
    course = run(demo_day(seed, seconds))
    labels = [event.label for event in course.events]
    assert [label for label in labels if label in SCENES] == list(SCENES)
    assert any(label.startswith("lightning") for label in labels)
    assert all(0 <= event.at_s < seconds for event in course.events)
    times = [event.at_s for event in course.events]
    assert times == sorted(times)


@pytest.mark.parametrize("seconds", [20, 180])
def test_what_a_day_tells_is_a_score(seconds: float) -> None:
    course = run(demo_day(3, seconds))
    read = read_score(write_score(course.score))
    assert [change.at for change in read] == [change.at for change in course.score]
    assert len(read) == len(course.score) > 50


def test_the_same_seed_is_the_same_world_and_another_is_another() -> None:
    first, second, other = run(demo_day(5)), run(demo_day(5)), run(demo_day(6))
    assert first == second
    assert first.events != other.events
    assert first.score != other.score


def test_a_shorter_day_has_the_same_happenings_sooner() -> None:
    long, short = run(demo_day(4, 180)), run(demo_day(4, 18))
    assert {event.label for event in short.events} == {event.label for event in long.events}
    for event in long.events:
        (same,) = [e for e in short.events if e.label == event.label and abs(e.at_s - event.at_s / 10) < 0.15]
        assert same


@pytest.mark.parametrize("seconds", [0, 4.9, -1, 1e6, float("nan")])
def test_a_day_that_cannot_be(seconds: float) -> None:
    with pytest.raises(ValueError, match="5 … 86400"):
        demo_day(0, seconds)


def test_streams_of_chance_do_not_touch_each_other() -> None:
    world = stage()
    first = [world.chance("showers").random() for _ in range(3)]
    assert len(set(first)) == 1
    assert world.chance("lightning").random() != first[0]
    assert stage(seed=2).chance("showers").random() != first[0]


def test_the_hour_moves_evenly_and_the_sun_rises_by_the_almanac() -> None:
    world = stage()
    world.env.process(day(world, Climate(81, 48.0), (Waypoint(0.0, 5.0), Waypoint(10.0, 7.0), Waypoint(12.0, 7.0))))
    world.env.run()
    assert told(world, "time", "rate") == [(0.0, 720.0), (10.0, 0.0), (12.0, 0.0)]
    assert [at for at, _ in told(world, "time", "hour")] == [0.0, 10.0, 12.0]
    ((at_s, label),) = world.log
    assert label == "sunrise"
    assert at_s == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize(
    ("day_of_year", "latitude_deg", "rise"), [(172, 51.5, 3.8), (355, 51.5, 8.2), (81, 0.0, 6.0), (172, 80.0, None)]
)
def test_sunrise(day_of_year: int, latitude_deg: float, rise: float | None) -> None:
    hour = Climate(day_of_year, latitude_deg).rise_hour()
    assert hour == (rise if rise is None else pytest.approx(rise, abs=0.15))


@pytest.mark.parametrize("altitude_deg", [0.0, -6.0])
@pytest.mark.parametrize(("day_of_year", "latitude_deg"), [(20, 48.0), (152, 48.0), (172, -35.0), (300, 10.0)])
def test_the_sun_rises_when_the_scene_has_it_rise(day_of_year: int, latitude_deg: float, altitude_deg: float) -> None:
    """The simulation is a client and has an almanac of its own: it must be the scene's."""
    hour = Climate(day_of_year, latitude_deg).rise_hour(altitude_deg)
    assert hour is not None
    assert sun.altitude_deg(hour, day_of_year, latitude_deg) == pytest.approx(altitude_deg, abs=1e-6)


def test_a_front_brings_wind_and_rain_and_takes_them_away_again() -> None:
    world = stage()
    world.env.process(front(world, Front(5.0, 10.0, 20.0, 10.0, strike_s=0.0), Calm(wind_m_s=2.0)))
    world.env.run()
    labels = [event for event in world.log if not event.label.startswith(("shower", "lull"))]
    assert labels == [(5.0, "a front comes up"), (15.0, "the front is here"), (35.0, "it clears")]
    winds = [value for _, value in told(world, "weather", "wind_m_s")]
    assert winds[:5] == sorted(winds[:5])
    assert winds[4] == 12.0
    assert winds[5:] == sorted(winds[5:], reverse=True)
    assert winds[-1] == 2.0
    rains = [value for at, value in told(world, "weather", "rain_mm_h") if 15 <= at < 35]
    assert max(rains) > 5
    *_, last = [change.world.weather.rain_mm_h for change in world.told if isinstance(change, WorldMessage)]
    assert last == 0.0


def test_showers_and_lulls_take_turns_for_as_long_as_the_front_stays() -> None:
    world = stage()
    world.env.process(showers(world, Front(0.0, 1.0, 60.0, 1.0)))
    world.env.run()
    assert world.now_s == pytest.approx(60.0)
    kinds = [event.label.split(",")[0] for event in world.log]
    assert kinds == (["shower", "lull"] * len(kinds))[: len(kinds)]


def test_lightning_comes_nearest_in_the_middle_and_as_often_as_it_should() -> None:
    world = stage()
    plan = Front(0.0, 1.0, 4_000.0, 0.0, strike_s=4.0, closest_km=1.0, cell_m_s=5.0)
    world.env.process(lightning(world, plan))
    world.env.run()
    strikes = [(change.at, change.event.distance_m) for change in world.told if isinstance(change, EventMessage)]
    assert len(strikes) == pytest.approx(1_000, rel=0.1)
    nearest_s = min(strikes, key=lambda strike: strike[1])[0]
    assert nearest_s == pytest.approx(2_000, abs=300)
    assert min(distance for _, distance in strikes) >= 800


def test_a_traveller_walks_without_a_jump_and_is_cut_where_he_does_not_walk() -> None:
    wood = Place("wood", "temperate_forest", landmarks=(Landmark("stream", 10.0),))
    shore = Place("shore", "lake", landmarks=(Landmark("fire", 5.0),))
    cave = Place("cave", "cave", "cave")
    world = stage()
    world.env.process(traveller(world, wood, (Leg(4.0, shore, 8.0, 40.0), Leg(20.0, cave))))
    world.env.run()
    assert world.log == [WorldEvent(0.0, "wood"), WorldEvent(4.0, "shore"), WorldEvent(20.0, "cave")]
    worlds = [change for change in world.told if isinstance(change, WorldMessage)]
    assert [change.cut for change in worlds] == [True, *[False] * 8, True]
    lake = [(change.world.location.biome or {}) for change in worlds[1:8]]
    assert [biomes["lake"] for biomes in lake if isinstance(biomes, dict)] == [n / 8 for n in range(1, 8)]
    fire = [f.distance_m for change in worlds for f in change.world.location.features or () if f.kind == "fire"]
    assert fire == [40.0, 35.0, 30.0, 25.0, 20.0, 15.0, 10.0, 5.0]


def test_one_goes_indoors_half_way() -> None:
    out, inside = Place("out", "lake"), Place("in", "interior", "room")
    assert [between(out, inside, share, 10.0)["shelter"] for share in (0.1, 0.49, 0.5, 1.0)] == [
        "open", "open", "room", "room",
    ]  # fmt: skip


def test_moments_happen_when_they_are_set() -> None:
    world = stage(scale=0.5)
    world.env.process(
        moments(world, (Moment(2.0, "branch", "crack", 5.0, 10.0), Moment(6.0, "splash", "plop", 5.0, 0.0)))
    )
    world.env.run()
    assert world.log == [WorldEvent(1.0, "crack"), WorldEvent(3.0, "plop")]
    assert [change.event.kind for change in world.told if isinstance(change, EventMessage)] == ["branch", "splash"]


def test_a_course_is_made_of_events_and_a_score() -> None:
    course = run(demo_day(0, 20))
    assert isinstance(course, Course)
    assert all(isinstance(event, WorldEvent) for event in course.events)
