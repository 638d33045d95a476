"""The face of a session for asyncio: the same words, and what waits is awaited."""

import asyncio
import time
import weakref
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self, TypeVar, Unpack

import numpy as np
from ambiome_protocol.audio import Samples
from ambiome_protocol.lists import Layout, Pace
from ambiome_protocol.messages import Reason, SceneReport, Warning, Welcome
from ambiome_protocol.steps import seconds_at

from ambiome_client.ambience import DEFAULT_ADDRESS
from ambiome_client.connection import Connection
from ambiome_client.link import Link
from ambiome_client.linked import Linked
from ambiome_client.notices import Notices
from ambiome_client.options import Options, keys_in, terms_of
from ambiome_client.terms import Reconnected

_T = TypeVar("_T")


class Ambience(Linked):
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
        self._address, self._terms, self._keys = address, terms_of(options), keys_in(options)
        self._notices = Notices(on_warning, on_reconnect, on_telemetry)

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

        self._opened = Link(Connection(self._address, self._terms, time.monotonic()), self._keys, on_change)
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
    def time_s(self) -> float:
        """The session time of the frame that is read next, in seconds."""
        return seconds_at(self.step)

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
