"""The face of a session for asyncio: the same words, and what waits is awaited."""

import asyncio
import time
import weakref
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self, TypeVar, Unpack

import numpy as np
from ambiome_protocol.audio import Samples
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.face import Telling
from ambiome_protocol.lists import Layout, Pace
from ambiome_protocol.messages import Change, Reason, SceneReport, Warning, Welcome
from ambiome_protocol.steps import seconds_at

from ambiome_client.ambience import DEFAULT_ADDRESS
from ambiome_client.connection import Connection
from ambiome_client.errors import BadMessage
from ambiome_client.link import Link
from ambiome_client.notices import Notices
from ambiome_client.options import Options, terms_of
from ambiome_client.terms import Reconnected

_T = TypeVar("_T")


class Ambience(Telling):
    """`ambiome_client.Ambience` for asyncio.

        async with Ambience(seed=7) as ambience:
            ambience.world(weather={"rain_mm_h": 4})
            async for frame in ambience:
                await play(frame)

    Options, exceptions and meaning are the same. `world`, `event`, `mix`, `tell`, `grant`, `take`, `pause` and `resume`
    never wait and are plain methods; `open`, `read`, `run_until`, `explain` and `close` are awaited. A thread carries
    the messages, so an event loop that is busy elsewhere does not lose the session.
    """

    seed: int
    layout: Layout
    pace: Pace
    channels: int

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        *,
        on_warning: Callable[[Warning], None] | None = None,
        on_reconnect: Callable[[Reconnected], None] | None = None,
        on_telemetry: Callable[[SceneReport], None] | None = None,
        **options: Unpack[Options],
    ) -> None:
        self._address, self._terms = address, terms_of(options)
        self._notices = Notices(on_warning, on_reconnect, on_telemetry)
        self._opened: Link | None = None

    async def open(self) -> None:
        """Opens the session; `async with` does it. Raises as `ambiome_client.Ambience` does."""
        loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

        def ring() -> None:
            self._changed.set()
            self._changed = asyncio.Event()

        def on_change() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(ring)

        self._opened = Link(Connection(self._address, self._terms, time.monotonic()), on_change)
        weakref.finalize(self, self._opened.close)
        try:
            welcome = await self._wait(Connection.greeted)
        except BaseException:
            await self.close()
            raise
        self.seed, self.layout, self.pace = welcome.seed, welcome.layout, welcome.pace
        self.channels = welcome.channels

    @property
    def session(self) -> Welcome:
        """What the server agreed to, for the session at hand."""
        welcome = self._link.call(Connection.greeted)
        if welcome is None:
            raise RuntimeError("not open yet")
        return welcome

    @property
    def step(self) -> int:
        """The step of the frame that is read next."""
        return self._link.call(lambda connection: connection.step)

    @property
    def time_s(self) -> float:
        """The session time of the frame that is read next, in seconds."""
        return seconds_at(self.step)

    @property
    def applied_seq(self) -> int:
        """The last change in effect in the frame that was read last; 0 for none."""
        return self._link.call(Connection.last_applied_seq)

    @property
    def granted_step(self) -> int:
        """Free: the step at which reading stops. Live: that of the next frame."""
        return self._link.call(Connection.last_granted_step)

    @property
    def underruns(self) -> int:
        """How often a frame was not there when `take` asked for it."""
        return self._link.call(lambda connection: connection.ledger.underruns)

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """The latest warnings, at most 100, oldest first."""
        return tuple(self._notices.warnings)

    @property
    def reconnects(self) -> int:
        """How often the server was lost and came back."""
        return self._notices.reconnects

    @property
    def telemetry(self) -> SceneReport | None:
        """The latest report of the scene, if `telemetry_hz` asked for reports."""
        return self._link.call(lambda connection: connection.telemetry)

    def tell(self, change: Change) -> int:
        seq = self._link.call(lambda connection: connection.tell(change))
        self._heed()
        return seq

    def grant(self, until_s: float) -> None:
        """Free: lets the session go on up to `until_s`; see `ambiome_client.Ambience.grant`."""
        self._link.call(lambda connection: connection.grant(until_s))

    def take(self) -> Samples | None:
        """The next frame, float32 [channels, 1920], if it is here already; else None, which live counts as underrun."""
        frame = self._link.call(Connection.take_or_miss)
        self._heed()
        return frame

    def pause(self) -> None:
        """Lets nothing more be rendered until `resume`."""
        self._link.call(lambda connection: connection.pause(True))

    def resume(self) -> None:
        """Goes on where `pause` stopped, at the next sample."""
        self._link.call(lambda connection: connection.pause(False))

    async def read(self, steps: int = 1) -> Samples:
        """The next `steps` frames as one array, float32 [channels, steps · 1920]; as `ambiome_client.Ambience.read`."""
        self._link.call(lambda connection: connection.check_readable(steps))
        return np.concatenate([await self._next() for _ in range(steps)], axis=1)

    async def run_until(self, until_s: float) -> Samples:
        """Free: grants up to `until_s` and reads all of it, float32 [channels, n]."""
        self.grant(until_s)
        left = self.granted_step - self.step
        return await self.read(left) if left > 0 else np.zeros((self.channels, 0), np.float32)

    async def explain(self) -> tuple[Reason, ...]:
        """Why it sounds as it does: every parameter that is up, its target, the rule and the numbers behind it."""
        seq = self._link.call(Connection.explain)
        report = await self._wait(lambda connection: connection.answer(seq))
        self._heed()
        return report.reasons

    async def close(self) -> None:
        """Ends the session. Calling it again does nothing."""
        if self._opened is not None:
            await asyncio.to_thread(self._opened.close)

    async def __aiter__(self) -> AsyncIterator[Samples]:
        while self.pace == "live" or self.step < self.granted_step:
            yield await self._next()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def _link(self) -> Link:
        if self._opened is None:
            raise RuntimeError("not open yet: use `async with`, or await open()")
        return self._opened

    async def _next(self) -> Samples:
        frame = await self._wait(Connection.take_next)
        self._heed()
        return frame

    async def _wait(self, get: Callable[[Connection], _T | None]) -> _T:
        while True:
            changed = self._changed
            if (found := self._link.call(get)) is not None:
                return found
            await changed.wait()

    def _heed(self) -> None:
        while (notice := self._link.call(Connection.notice)) is not None:
            self._notices.note(notice)

    def _refusal(self, error: ProtocolError) -> Exception:
        return BadMessage.like(error)
