"""The swarm as it runs: SimPy's time is the clock's, and sockets are read in between."""

import gc
import hashlib
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple, TypedDict

import simpy
from ambiome_client.errors import AmbiomeError
from ambiome_client.keys import Keys
from ambiome_client.terms import Terms
from ambiome_protocol.limits import LOWEST_QUALITY, ZONE_KEY_BYTES
from ambiome_protocol.lists import Pace

from ambiome_sim.swarm import lives
from ambiome_sim.swarm.findings import Findings, Second
from ambiome_sim.swarm.heard import Heard
from ambiome_sim.swarm.listener import Listener
from ambiome_sim.swarm.open_files import allow_files
from ambiome_sim.swarm.plan import Plan
from ambiome_sim.swarm.server_load import ServerLoad
from ambiome_sim.swarm.sockets import Sockets
from ambiome_sim.swarm.stillness import Stillness

REST_S: Final = 0.003
"""So long the swarm looks at nothing: what comes meanwhile is dealt with at one waking, so much later."""
MOST_WAIT_S: Final = 0.1
GOODBYE_MS: Final = 200


class _InZone(TypedDict):
    zone: str | None
    zone_key: bytes | None


class _Tally(NamedTuple):
    """What was heard so far; `qualities` are the frames of live listeners."""

    frames: int
    underruns: int
    qualities: Counter[int]


def swarm(
    plan: Plan,
    address: str,
    *,
    keys: Keys | None = None,
    machine: str = "",
    server_pid: int | None = None,
    progress: Callable[[float], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Findings:
    """Let a swarm listen to the server at `address`, for `plan.seconds`; what is found begins when all have joined.

    `server_pid`: the server's process, where it runs on this machine, so that what it uses can be told. ValueError for
    what is no address. OSError where so many connections may not be open. `keys` where the server wants them.
    """
    allow_files(plan.listeners)
    sockets = Sockets(address, keys)
    try:
        crowd = _Crowd(plan, address, sockets, None if server_pid is None else ServerLoad(server_pid), clock)
        try:
            crowd.run(progress or (lambda share: None))
        finally:
            crowd.leave()
            gc.unfreeze()
    finally:
        sockets.close()
    return Findings(machine, tuple(crowd.heard), tuple(crowd.seconds))


class _Crowd:
    """All listeners of a swarm, those that are there and those that were."""

    def __init__(
        self, plan: Plan, address: str, sockets: Sockets, load: ServerLoad | None, clock: Callable[[], float]
    ) -> None:
        self._plan, self._address, self._sockets, self._load, self._clock = plan, address, sockets, load, clock
        self._env = simpy.Environment()
        self._listeners: set[Listener] = set()
        self._talkative: set[Listener] = set()
        self._stillness = Stillness()
        self._late_s = 0.0
        self.heard: list[Heard] = []
        self.seconds: list[Second] = []
        for place in range(plan.listeners):
            self._env.process(self._place(place, "free" if place < plan.free else "live"))
        self._env.process(self._watch())

    def run(self, progress: Callable[[float], None]) -> None:
        """Live through the plan."""
        began_s = self._clock()
        while (now_s := self._clock() - began_s) < self._plan.seconds:
            late_s = now_s - float(self._env.peek())
            self._late_s = max(self._late_s, late_s)
            self._stillness.note(now_s, late_s)
            if now_s > self._env.now:
                self._env.run(until=now_s)
            self._speak()
            next_s = float(self._env.peek()) - (self._clock() - began_s)
            time.sleep(REST_S)
            self._sockets.receive(min(max(next_s - REST_S, 0.0), MOST_WAIT_S))
            progress(min(1.0, now_s / self._plan.seconds))

    def leave(self) -> None:
        """All leave."""
        for listener in list(self._listeners):
            self._leave(listener, says_bye=True)

    def _place(self, place: int, pace: Pace) -> lives.Life:
        """A place in the swarm, which one listener after another takes."""
        plan, env = self._plan, self._env
        yield env.timeout(plan.join_s * place / plan.listeners)
        for turn in range(1_000_000):
            stay, deeds, words = (_chance(plan.seed, place, turn, use) for use in range(3))
            terms = Terms(
                seed=plan.seed + place, layout=plan.layout, pace=pace,
                buffer_steps=plan.buffer_steps if pace == "live" else None, **_zone(plan, place),
            )  # fmt: skip
            name = f"{pace} {place}.{turn}"
            listener = Listener(env, self._address, name, terms, self._talkative, self._stillness)
            self._listeners.add(listener)
            self.heard.append(listener.heard)
            env.process(lives.kept(listener))
            env.process(
                self._guarded(listener, lives.live(listener) if pace == "live" else lives.free(listener, words))
            )
            env.process(self._guarded(listener, lives.befallen(listener, plan, deeds)))
            stays_s = stay.expovariate(plan.leaves / 60.0) if plan.leaves else plan.seconds
            leaves = env.timeout(stays_s)
            yield leaves | listener.ended
            again_in_s = listener.again_in_s
            if not (again_in_s or leaves.processed):
                yield leaves
            self._leave(listener, says_bye=stay.random() < 0.5)
            yield env.timeout(again_in_s)

    def _guarded(self, listener: Listener, life: lives.Life) -> lives.Life:
        """A life that ends when its session does, whatever the reason."""
        try:
            yield from life
        except AmbiomeError as error:
            listener.fail(error)

    def _leave(self, listener: Listener, says_bye: bool) -> None:
        """Says bye, or dies without a word."""
        listener.leave()
        if says_bye and not listener.is_gone:
            self._sockets.send(listener)
        self._sockets.hang_up(listener, linger_ms=GOODBYE_MS if says_bye else 0)
        self._listeners.discard(listener)
        self._talkative.discard(listener)

    def _speak(self) -> None:
        """Send what is to be sent, let go of the connections that are gone, and leave alone who stalls."""
        talkative = list(self._talkative)
        self._talkative.clear()
        for listener in talkative:
            if listener.is_gone:
                self._sockets.hang_up(listener)
                continue
            if listener.is_waking:
                self._sockets.read_again(listener)
                listener.wake()
            if listener.is_stalled:
                self._sockets.leave_unread(listener)
            else:
                self._sockets.send(listener)

    def _watch(self) -> lives.Life:
        """Note each second, from when all have joined."""
        env, plan = self._env, self._plan
        yield env.timeout(plan.join_s)
        gc.collect()
        gc.freeze()  # those who are there stay a while: to look through all of them again and again makes cards late
        for each in self.heard:
            each.begin(float(env.now))
        before = self._tally()
        if self._load:
            self._load.look()
        while True:
            yield env.timeout(1.0)
            now_s, now = float(env.now), self._tally()
            silent = sum(each.is_silent(now_s) for each in self.heard)
            cpu, memory_mib = self._load.look() if self._load else (None, None)
            frames, underruns = now.frames - before.frames, now.underruns - before.underruns + silent
            qualities = now.qualities - before.qualities
            self.seconds.append(
                Second(now_s, len(self._listeners), frames, underruns, cpu, memory_mib, self._late_s, qualities)
            )
            self._late_s, before = 0.0, now

    def _tally(self) -> _Tally:
        live = [each.qualities for each in self.heard if each.pace == "live"]
        return _Tally(
            sum(each.frames for each in self.heard),
            sum(len(each.underruns_s) for each in self.heard),
            Counter({quality: sum(each[quality] for each in live) for quality in range(LOWEST_QUALITY + 1)}),
        )


def _zone(plan: Plan, place: int) -> _InZone:
    """The zone that the listeners of a place join; those of its first place have its key, and tell it the world."""
    if not plan.zones or place < plan.free:
        return {"zone": None, "zone_key": None}
    number = (place - plan.free) % plan.zones
    is_first = place - plan.free < plan.zones
    key = _hash(plan.seed, number, size=ZONE_KEY_BYTES) if is_first else None
    return {"zone": f"swarm-{plan.seed}-{number}", "zone_key": key}


def _chance(*names: int) -> Random:
    return Random(int.from_bytes(_hash(*names, size=16)))


def _hash(*names: int, size: int) -> bytes:
    text = "\x1f".join(str(name) for name in names)
    return hashlib.blake2b(text.encode(), digest_size=size).digest()
