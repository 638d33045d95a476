"""Simulated worlds that drive an ambience, in SimPy: weather, the day, a traveller.

    with ambiome_client.Ambience(pace="free", seed=7) as ambience:
        for frame in drive(demo_day(seed=7), ambience):
            ...

The same seed gives the same world, the same messages at the same times, and so the same bytes.
"""

from ambiome_sim.drive import Drive, drive
from ambiome_sim.scenario import Course, Scenario, run
from ambiome_sim.scenarios import demo_day
from ambiome_sim.stage import Stage, WorldEvent

__all__ = ["Course", "Drive", "Scenario", "Stage", "WorldEvent", "demo_day", "drive", "run"]
