"""An ambience in this process: the client's face, and no server behind it."""

import os
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from ambiome_protocol import build
from ambiome_protocol.audio import Samples
from ambiome_protocol.codec import check
from ambiome_protocol.face import Face, check_readable
from ambiome_protocol.limits import MAX_SEED
from ambiome_protocol.lists import LAYOUTS, PACES, Layout, Pace, RendererName
from ambiome_protocol.messages import Change, Reason, Warning
from ambiome_protocol.steps import STEP_SAMPLES, step_at

from ambiome_middleware import renderers
from ambiome_middleware.engine import Renderer as Renders
from ambiome_middleware.scene import BoundScene, load_biomes
from ambiome_middleware.session import Session
from ambiome_middleware.sound import Renderer, channels

BLOCK_STEPS: Final = 25
"""A free ambience renders so much ahead of its reader at most, and never beyond what is granted."""
KEPT_WARNINGS: Final = 100


class Ambience(Face):
    """A session without a socket: tell it the world, read its sound.

        with Ambience(seed=7) as ambience:
            ambience.world(weather={"rain_mm_h": 4})
            for frame in ambience:          # float32 [channels, 1920], 40 ms, rendered as it is read
                play(frame)

    For the same seed, layout, changes and times it gives the same bytes as a server on the same class of device does.

    `seed` 0 … 2^63 − 1; `layout` "mono", "stereo", "quad", "5.1" or "ambisonics"; `pace` "live" (what is told is heard
    in the next frame) or "free" (what is told is heard from the granted time on); `device` auto, cpu, cuda or mps;
    `renderer` "procedural" or "neural", or one that is there, to share it among ambiences that are read in turn;
    `weights`, the folder of the neural one's, instead of those that come along; `biomes`, a folder of a game's own
    biomes and profiles (a renderer that is given has its own profiles); `on_warning` hears warnings. Not to be used by
    several threads at once.

    What cannot be is a ValueError; a change that breaks the protocol is a ProtocolError, and changes nothing.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        layout: Layout = "stereo",
        pace: Pace = "live",
        device: str = "auto",
        renderer: RendererName | Renders = "procedural",
        weights: str | os.PathLike[str] | None = None,
        biomes: str | os.PathLike[str] | None = None,
        on_warning: Callable[[Warning], None] | None = None,
    ) -> None:
        if not 0 <= seed <= MAX_SEED:
            raise ValueError(f"seed is {seed}; it can be 0 … 2^63 − 1")
        for option, value, allowed in (("layout", layout, LAYOUTS), ("pace", pace, PACES)):
            if value not in allowed:
                raise ValueError(f"{option} is {value!r}; it can be {', '.join(allowed)}")
        self.seed, self.layout, self.pace = seed, layout, pace
        self.channels = channels(layout)
        self._warnings: deque[Warning] = deque(maxlen=KEPT_WARNINGS)
        self._on_warning = on_warning
        scene = BoundScene(load_biomes(biomes))
        name: RendererName
        if isinstance(renderer, str):
            name, self._renderer = renderer, renderers.renderer(renderer, device, biomes, weights)
        else:
            name, self._renderer = ("procedural" if isinstance(renderer, Renderer) else "neural"), renderer
        self._session = Session(seed, layout, pace, key=object(), renderer=name, scene=scene)
        self._frames: deque[tuple[int, Samples]] = deque()
        self._seq = self._applied_seq = self._granted_step = 0
        self._is_paused = self._is_closed = False

    @property
    def step(self) -> int:
        return self._session.next_step - len(self._frames)

    @property
    def applied_seq(self) -> int:
        return self._applied_seq

    @property
    def granted_step(self) -> int:
        return self._granted_step if self.pace == "free" else self.step

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """The latest warnings, at most 100, oldest first."""
        return tuple(self._warnings)

    def tell(self, change: Change) -> int:
        self._check_open()
        check(change)  # as a server would: a change made by hand has not been
        change = build.restamp(change, self._seq + 1)
        late: tuple[Warning, ...] = ()
        if self.pace == "free":
            change, late = build.timed(change, self._granted_step)
        late += self._session.tell(change)
        self._seq = change.seq
        self._warn(late)
        return self._seq

    def grant(self, until_s: float) -> None:
        self._check_open()
        if self.pace != "free":
            raise ValueError("a live session is granted by reading it; grant() is for pace='free'")
        self._granted_step = max(self._granted_step, step_at(until_s))

    def take(self, wait_s: float = 0.0) -> Samples | None:
        self._check_open()
        if not self._frames and not self._is_paused:
            self._render()
        if not self._frames:
            return None
        self._applied_seq, samples = self._frames.popleft()
        return samples

    def _next(self) -> Samples:
        check_readable(self.pace, self.step, self.granted_step, 1)
        samples = self.take()
        if samples is None:
            raise RuntimeError("paused: nothing more will come until resume() is called")
        return samples

    def explain(self) -> tuple[Reason, ...]:
        self._check_open()
        return self._session.explain().reasons

    def pause(self) -> None:
        self._check_open()
        self._is_paused = True

    def resume(self) -> None:
        self._check_open()
        self._is_paused = False

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._frames.clear()
            self._renderer.forget(self._session.key)

    def _render(self) -> None:
        """Renders what is read next: one step live, some of what is granted free."""
        first = self._session.next_step
        steps = 1 if self.pace == "live" else min(BLOCK_STEPS, self._granted_step - first)
        if steps <= 0:
            return
        (samples,) = self._renderer.render([self._session.advance(steps)])
        for index in range(steps):
            frame = samples[:, index * STEP_SAMPLES : (index + 1) * STEP_SAMPLES]
            self._frames.append((self._session.applied_seq_at(first + index), frame))
        self._warn(notice for notice in self._session.take_notices() if isinstance(notice, Warning))

    def _warn(self, warnings: Iterable[Warning]) -> None:
        for warning in warnings:
            self._warnings.append(warning)
            if self._on_warning:
                self._on_warning(warning)

    def _check_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("the ambience is closed")
