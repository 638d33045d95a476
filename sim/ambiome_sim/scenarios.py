"""Worlds to listen to."""

from ambiome_sim.day import Climate, Waypoint, day
from ambiome_sim.moments import Moment, moments
from ambiome_sim.scenario import Scenario
from ambiome_sim.stage import Stage
from ambiome_sim.traveller import Landmark, Leg, Place, traveller
from ambiome_sim.weather import Calm, Front, calm, front

DEMO_S = 180.0

FOREST = Place("dawn in a forest", "temperate_forest", landmarks=(Landmark("stream", 35.0, 60.0, 0.35),))
LAKE = Place("dusk at a lake", "lake", landmarks=(Landmark("lake", 6.0, 300.0, 0.4), Landmark("fire", 5.0, 40.0, 0.35)))
CAVE = Place("into a cave", "cave", "cave", landmarks=(Landmark("drips", 4.0, 20.0, 0.5),))
STREET = Place(
    "a city street",
    "city",
    "street",
    landmarks=(Landmark("traffic", 9.0, 270.0, 0.6), Landmark("crowd", 14.0, 80.0, 0.4)),
)

DEMO_CLIMATE = Climate(day_of_year=152, latitude_deg=48.0, mean_c=17.0, swing_c=6.0)
DEMO_HOURS = (
    Waypoint(0.0, 3.7),
    Waypoint(26.0, 5.2),
    Waypoint(78.0, 15.5),
    Waypoint(98.0, 18.9),
    Waypoint(118.0, 20.3),
    Waypoint(124.0, 22.6),
    Waypoint(158.0, 23.4),
    Waypoint(158.5, 17.0),
    Waypoint(180.0, 17.3),
)
DEMO_CALM = Calm(wind_m_s=1.4, wind_from_deg=210.0, cloud=0.15, humidity=0.8)
DEMO_FRONT = Front(at_s=26.0, approach_s=20.0, lasts_s=32.0, clears_s=18.0)
DEMO_LEGS = (
    Leg(96.0, LAKE, walk_s=10.0, walk_m=80.0),
    Leg(138.0, CAVE, walk_s=6.0, walk_m=40.0),
    Leg(160.0, STREET),
)
DEMO_MOMENTS = (
    Moment(38.0, "branch", "a branch breaks", 18.0, 130.0),
    Moment(113.0, "splash", "a fish jumps", 12.0, 310.0),
)


def demo_day(seed: int = 0, seconds: float = DEMO_S) -> Scenario:
    """A day: dawn in a forest, a front, thunder, clearing, dusk at a lake, night, into a cave, a city street.

    `seconds` of sound, 5 … 86,400: a shorter day has all of its scenes, each as much shorter. ValueError beyond.
    """
    if not 5 <= seconds <= 86_400:
        raise ValueError(f"seconds is {seconds}; a demo day can be 5 … 86400 s long")
    return Scenario("a day", seed, seconds, seconds / DEMO_S, _demo_day)


def _demo_day(stage: Stage) -> None:
    stage.env.process(day(stage, DEMO_CLIMATE, DEMO_HOURS))
    calm(stage, DEMO_CALM)
    stage.env.process(front(stage, DEMO_FRONT, DEMO_CALM))
    stage.env.process(traveller(stage, FOREST, DEMO_LEGS))
    stage.env.process(moments(stage, DEMO_MOMENTS))
