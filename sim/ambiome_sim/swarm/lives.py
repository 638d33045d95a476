"""What listeners do, as SimPy processes: how they come and go, how they listen, and what befalls them meanwhile."""

from collections.abc import Callable, Generator
from random import Random
from typing import Final

import simpy
from ambiome_client.errors import AmbiomeError
from ambiome_protocol import build

from ambiome_sim.scenarios import CAVE, FOREST, LAKE, STREET
from ambiome_sim.swarm.listener import STEP_S, Listener
from ambiome_sim.swarm.plan import Plan
from ambiome_sim.traveller import at_place

Life = Generator[simpy.Event, object, None]
PLACES: Final = (FOREST, LAKE, CAVE, STREET)
STALL_S: Final = (0.5, 4.0)
GONE_S: Final = (0.2, 6.0)
TICK_S: Final = 0.5
FREE_STRETCH_S: Final = 10.0
"""A free listener tells something, and lets its session go on by so much."""


def live(listener: Listener) -> Life:
    """A sound card: a frame every 40 ms. What is missing is waited for, and counted from the first frame on."""
    env = listener.env
    has_begun = False
    while not listener.is_over:
        if listener.is_stalled or listener.is_gone:
            has_begun = has_begun and not listener.is_gone
            yield listener.arrival()
        elif listener.take() is not None:
            has_begun = True
            yield env.timeout(STEP_S)
        else:
            since_s = float(env.now)
            while listener.is_waiting:
                yield listener.arrival()
            if has_begun and listener.connection.ledger.waiting and not listener.is_stalled:
                listener.miss(since_s)


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
    """What every session needs from time to time, whatever its listener does: a stalled program's thread does it."""
    while not listener.is_over:
        if not listener.is_gone:
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
    listener.stall(True)
    yield listener.env.timeout(chance.uniform(*STALL_S))
    listener.stall(False)


def _dropped(listener: Listener, chance: Random) -> Life:
    if listener.connection.welcome is None:
        return
    listener.drop()
    yield listener.env.timeout(chance.uniform(*GONE_S))
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
