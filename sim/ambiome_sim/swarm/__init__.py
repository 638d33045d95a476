"""Many listeners at once, over real sockets: they join, travel, stall, lose their connection and leave.

    findings = swarm(Plan(listeners=200, seconds=60.0, seed=7), "tcp://127.0.0.1:5571")

What each of them does, and when, is SimPy's and hashed from the seed; when a frame arrives is the server's. A live
listener plays each frame for 40 ms of real time on a sound card that is simulated; a free one takes what it can get.
"""

from ambiome_sim.swarm.crowd import swarm
from ambiome_sim.swarm.findings import Findings, Second
from ambiome_sim.swarm.heard import Heard
from ambiome_sim.swarm.plan import Plan, PlanError

__all__ = ["Findings", "Heard", "Plan", "PlanError", "Second", "swarm"]
