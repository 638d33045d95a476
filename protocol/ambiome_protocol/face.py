"""The face of an ambience: what a program sees of it, with a socket or without one.

`Telling` says what the world is like; it is the same everywhere and never waits. `Face` adds reading, for programs
that may wait. `ambiome_client.Ambience` and `ambiome_middleware.Ambience` are both a `Face`;
`ambiome_client.aio.Ambience` is a `Telling` whose reading is awaited.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self

import numpy as np

from ambiome_protocol import build
from ambiome_protocol.audio import Samples
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.lists import Layout, Pace
from ambiome_protocol.messages import (
    Change,
    Listener,
    Location,
    Reason,
    Time,
    VoiceMix,
    Weather,
)
from ambiome_protocol.steps import seconds_at


def check_readable(pace: Pace, step: int, granted_step: int, steps: int) -> None:
    """ValueError if `steps` frames from `step` on can not be read, however long one waits."""
    if steps < 1:
        raise ValueError(f"steps is {steps}; at least 1 is needed")
    if pace == "free" and step + steps > granted_step:
        left = granted_step - step
        raise ValueError(f"{steps} steps were asked for, {left} are granted; call grant(until_s) first")


class Telling(ABC):
    """Says what the world is like. Nothing here waits for an answer.

    Each call returns the change's sequence number: a change without `at` is heard from the first frame on whose
    `applied_seq` is not below it. Each takes `at`, in seconds of session time; without it a live session follows at
    the next step that is not rendered yet, and a free one at the time that was granted last.

    A change that breaks the protocol raises before anything is sent, naming field, value and what is allowed.
    """

    @abstractmethod
    def tell(self, change: Change) -> int:
        """Sends a change as it is (its own `seq` is replaced); for scores, which are changes already."""

    def world(
        self,
        weather: Weather | Mapping[str, object] | None = None,
        location: Location | Mapping[str, object] | None = None,
        time: Time | Mapping[str, object] | None = None,
        listener: Listener | Mapping[str, object] | None = None,
        *,
        at: float | None = None,
        transition_s: float | None = None,
        cut: bool = False,
    ) -> int:
        """What the world is like now: `world(weather={"rain_mm_h": 4})`. What is not named stays as it is.

        A field that is None returns to "derived". `transition_s` 0 … 600 is how long the change takes (without it each
        parameter has its own time), `cut` snaps: a teleport, a cut.
        """
        return self._built(
            lambda: build.world(weather, location, time, listener, at=at, transition_s=transition_s, cut=cut)
        )

    def event(
        self,
        kind: str,
        *,
        distance_m: float | None = None,
        azimuth_deg: float | None = None,
        strength: float | None = None,
        animal: str | None = None,
        at: float | None = None,
    ) -> int:
        """Something that happens once: `event("lightning", distance_m=900, azimuth_deg=30)`."""
        return self._built(
            lambda: build.event(
                kind, distance_m=distance_m, azimuth_deg=azimuth_deg, strength=strength, animal=animal, at=at
            )
        )

    def mix(
        self,
        *,
        master_db: float | None = None,
        voices: Mapping[str, VoiceMix | Mapping[str, object]] | None = None,
        dynamics: float | None = None,
        transition_s: float | None = None,
        at: float | None = None,
    ) -> int:
        """How loud it is, of all and of each voice: `mix(voices={"birds": {"gain_db": -6}})`."""
        return self._built(
            lambda: build.mix(master_db=master_db, voices=voices, dynamics=dynamics, transition_s=transition_s, at=at)
        )

    def _built(self, make: Callable[[], Change]) -> int:
        try:
            change = make()
        except ProtocolError as error:
            raise self._refusal(error) from error
        return self.tell(change)

    def _refusal(self, error: ProtocolError) -> Exception:
        """The exception of this face for a change that breaks the protocol."""
        return error


class Face(Telling):
    """An ambience that is read by waiting for it: a context manager, and an iterator of frames [channels, 1920].

    Reading is the clock. A `live` ambience goes on as fast as it is read, without end. A `free` one goes up to the time
    that was granted and stops there, so that everything that is to happen up to then can be told first.
    """

    seed: int
    layout: Layout
    pace: Pace
    channels: int

    @property
    @abstractmethod
    def step(self) -> int:
        """The step of the frame that is read next."""

    @property
    @abstractmethod
    def applied_seq(self) -> int:
        """The last change in effect in the frame that was read last; 0 for none."""

    @property
    @abstractmethod
    def granted_step(self) -> int:
        """Free: the step at which reading stops. Live: that of the next frame."""

    @property
    def time_s(self) -> float:
        """The session time of the frame that is read next, in seconds."""
        return seconds_at(self.step)

    @abstractmethod
    def grant(self, until_s: float) -> None:
        """Free: lets the session go on up to `until_s` (seconds of session time, rounded up to a step; never lowered).

        Raises ValueError for a live ambience, whose reading grants by itself.
        """

    @abstractmethod
    def take(self, wait_s: float = 0.0) -> Samples | None:
        """The next frame, float32 [channels, 1920], if it is here, or comes within `wait_s` seconds; else None.

        For sound cards: live, a None after the first frame counts as an underrun.
        """

    @abstractmethod
    def _next(self) -> Samples:
        """The next frame, float32 [channels, 1920]; waits for it."""

    @abstractmethod
    def explain(self) -> tuple[Reason, ...]:
        """Why it sounds as it does: every parameter that is up, its target, the rule and the numbers behind it."""

    @abstractmethod
    def pause(self) -> None:
        """Lets nothing more be rendered until `resume`; the session stays, however long it takes."""

    @abstractmethod
    def resume(self) -> None:
        """Goes on where `pause` stopped, at the next sample."""

    @abstractmethod
    def close(self) -> None:
        """Ends the session. Calling it again does nothing."""

    def read(self, steps: int = 1) -> Samples:
        """The next `steps` frames as one array, float32 [channels, steps · 1920].

        Raises ValueError where a free ambience was not granted as many.
        """
        check_readable(self.pace, self.step, self.granted_step, steps)
        return np.concatenate([self._next() for _ in range(steps)], axis=1)

    def run_until(self, until_s: float) -> Samples:
        """Free: grants up to `until_s` and reads all of it, float32 [channels, n]; n is 0 where it was read before."""
        self.grant(until_s)
        if self.step >= self.granted_step:
            return np.zeros((self.channels, 0), np.float32)
        return self.read(self.granted_step - self.step)

    def __iter__(self) -> Iterator[Samples]:
        """Frames, float32 [channels, 1920]: live without end, free up to the granted time."""
        while self.pace == "live" or self.step < self.granted_step:
            yield self._next()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
