"""Ambiome itself, as a server runs it: a batch of sessions a step at a time, caches warm, one thread."""

import time
from typing import NamedTuple

from ambiome_middleware.sound import Renderer
from ambiome_middleware.tokens import STEP_S

from benchmarks.peers.live import session


class Speed(NamedTuple):
    """Streams in real time per core: of `rendering` alone, and `with_scene`, which makes the token frames as well."""

    rendering: float
    with_scene: float


class Ambiome:
    """Sessions in the middle of their work. They plan what falls and sings themselves, which the peers read."""

    def __init__(self, sessions: int, first: int = 300) -> None:
        self._renderer = Renderer("cpu")
        self._sessions = [session(n) for n in range(sessions)]
        for each in self._sessions:
            each.advance(first)

    def speed(self, steps: int) -> Speed:
        """Seconds of sound for a second of CPU time, over the next `steps`."""
        scene_s = rendering_s = 0.0
        for _ in range(steps):
            began = time.process_time()
            requests = [each.advance(1) for each in self._sessions]
            made = time.process_time()
            self._renderer.render(requests)
            scene_s += made - began
            rendering_s += time.process_time() - made
        sound_s = len(self._sessions) * steps * STEP_S
        return Speed(sound_s / rendering_s, sound_s / (rendering_s + scene_s))
