"""What listeners do, as SimPy processes: how they come and go, how they listen, and what befalls them meanwhile."""

from collections.abc import Callable, Generator
from random import Random
from typing import Final

import simpy
from ambiome_client.errors import AmbiomeError
from ambiome_protocol import build
from ambiome_protocol.limits import DETACH_AFTER_S

from ambiome_sim.scenarios import CAVE, FOREST, LAKE, STREET
from ambiome_sim.swarm.listener import STEP_S, Listener
from ambiome_sim.swarm.plan import Plan
from ambiome_sim.traveller import at_place

Life = Generator[simpy.Event, object, None]
PLACES: Final = (FOREST, LAKE, CAVE, STREET)
STALL_S: Final = (0.5, 4.0)
LONG_STALL_S: Final = (DETACH_AFTER_S + 1.0, DETACH_AFTER_S + 5.0)
"""Till then the server has detached who says nothing."""
LONG_STALLS: Final = 0.25
"""The share of stalls that last so long."""
GONE_S: Final = (0.2, 6.0)
TICK_S: Final = 0.5
FREE_STRETCH_S: Final = 10.0
"""A free listener tells something, and lets its session go on by so much."""


def live(listener: Listener) -> Life:
    """A sound card: a frame every 40 ms. What is missing is waited for, and missed while there is a connection; without
    one, it plays what came before.
    """
    while not listener.is_over:
        if listener.is_stalled:
            yield listener.arrival()
        elif listener.take() is not None:
            yield listener.env.timeout(STEP_S)
        else:
            if not listener.is_gone:
                listener.miss()
            yield listener.arrival()


def free(listener: Listener, chance: Random) -> Life:
    """A simulation: tells something, lets the session go on, and takes frames as they come."""
    until_s = 0.0
    while not listener.is_over:
        _travel(listener, chance)
        until_s += FREE_STRETCH_S
        listener.grant(until_s)
        while listener.connection.step < listener.connection.last_granted_step() and not listener.is_over:
            if listener.is_stalled or listener.is_gone or listener.take() is None:
                yield listener.arrival()


def kept(listener: Listener) -> Life:
    """What every session needs from time to time, whether or not frames are taken."""
    while not listener.is_over:
        if not (listener.is_gone or listener.is_stalled):
            listener.tick()
        yield listener.env.timeout(TICK_S)


def befallen(listener: Listener, plan: Plan, chance: Random) -> Life:
    """What befalls a listener: it travels, stalls, and loses its connection."""
    env = listener.env
    deeds: list[tuple[float, Callable[[], Life]]] = [
        (plan.stalls, lambda: _stalled(listener, chance)),
        (plan.drops, lambda: _dropped(listener, chance)),
    ]
    if listener.connection.terms.pace == "live" and listener.may_tell:
        _travel(listener, chance)
        deeds.append((plan.travels, lambda: _travelled(listener, chance)))
    a_minute = sum(rate for rate, _ in deeds)
    while a_minute and not listener.is_over:
        yield env.timeout(chance.expovariate(a_minute / 60.0))
        [deed] = chance.choices([deed for _, deed in deeds], [rate for rate, _ in deeds])
        if not listener.is_over:
            yield from deed()


def _travelled(listener: Listener, chance: Random) -> Life:
    _travel(listener, chance)
    yield listener.env.timeout(0.0)


def _stalled(listener: Listener, chance: Random) -> Life:
    lasts_s = chance.uniform(*(LONG_STALL_S if chance.random() < LONG_STALLS else STALL_S))
    if not listener.is_welcome:
        return
    listener.stall()
    yield listener.env.timeout(lasts_s)
    listener.want_to_wake()


def _dropped(listener: Listener, chance: Random) -> Life:
    lasts_s = chance.uniform(*GONE_S)
    if not listener.is_welcome:
        return
    listener.drop()
    yield listener.env.timeout(lasts_s)
    if not listener.is_over:
        listener.come_back()


def _travel(listener: Listener, chance: Random) -> None:
    """Be elsewhere, in other weather."""
    place = chance.choice(PLACES)
    weather = {"rain_mm_h": round(max(0.0, chance.gauss(2.0, 6.0)), 2), "wind_m_s": round(chance.uniform(0.0, 12.0), 2)}
    try:
        listener.tell(build.world(weather, at_place(place), {"hour": round(chance.uniform(0.0, 24.0), 3) % 24.0}))
    except AmbiomeError as error:
        listener.fail(error)
