"""Where the processes of a simulated world meet: its clock, its chances, and what it tells an ambience."""

import hashlib
import random
from collections.abc import Mapping
from typing import NamedTuple

import simpy
from ambiome_protocol import build
from ambiome_protocol.limits import MAX_TRANSITION_S
from ambiome_protocol.messages import Change

Fields = Mapping[str, object]


class WorldEvent(NamedTuple):
    """Something that happened in the world, for a log or a picture: session time in seconds, and what."""

    at_s: float
    label: str


class Stage:
    """The world that SimPy processes act in.

    `scale` shortens it: a process that waits a second by `wait` waits `scale` seconds of session time. What happens,
    and how often, stays the same. `told` and `log` grow as the simulation runs, in order of time.
    """

    def __init__(self, env: simpy.Environment, seed: int, scale: float = 1.0) -> None:
        self.env, self.seed, self.scale = env, seed, scale
        self.told: list[Change] = []
        self.log: list[WorldEvent] = []

    @property
    def now_s(self) -> float:
        """The session time, in seconds, to the microsecond."""
        return round(float(self.env.now), 6)

    @property
    def next_s(self) -> float:
        """The session time of what happens next, as `now_s` will have it; infinite where nothing does."""
        return round(float(self.env.peek()), 6)

    def happen(self) -> None:
        """Lets happen what happens next, and all else that happens at the same time."""
        next_s = self.next_s
        while self.next_s == next_s:
            self.env.step()

    def chance(self, *names: str | float) -> random.Random:
        """A stream of random numbers of its own, hashed from the seed and these names."""
        text = "\x1f".join(str(part) for part in (self.seed, *names))
        return random.Random(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest()))

    def wait(self, seconds: float) -> simpy.Timeout:
        """Waits so many seconds of an unshortened world."""
        return self.env.timeout(max(0.0, seconds) * self.scale)

    def wait_until(self, at_s: float) -> simpy.Timeout:
        """Waits for a time of an unshortened world; not at all where it has passed."""
        return self.wait(at_s - self.now_s / self.scale)

    def note(self, label: str) -> None:
        """Logs that something happened now."""
        self.log.append(WorldEvent(self.now_s, label))

    def world(
        self,
        weather: Fields | None = None,
        location: Fields | None = None,
        time: Fields | None = None,
        listener: Fields | None = None,
        *,
        transition_s: float | None = None,
        cut: bool = False,
    ) -> None:
        """Tells what the world is like now; `transition_s` in seconds of an unshortened world.

        A transition that is longer than the protocol allows is the longest that it does.
        """
        scaled = None if transition_s is None else min(MAX_TRANSITION_S, round(transition_s * self.scale, 6))
        self.told.append(build.world(weather, location, time, listener, at=self.now_s, transition_s=scaled, cut=cut))

    def event(
        self,
        kind: str,
        label: str,
        *,
        distance_m: float | None = None,
        azimuth_deg: float | None = None,
        strength: float | None = None,
        animal: str | None = None,
    ) -> None:
        """Tells of something that happens now, and logs it."""
        self.told.append(
            build.event(
                kind, distance_m=distance_m, azimuth_deg=azimuth_deg, strength=strength, animal=animal, at=self.now_s
            )
        )
        self.note(label)
