"""The synchronous face of a session on a server."""

import time
import weakref
from collections.abc import Callable
from typing import Final, Unpack

from ambiome_protocol.audio import Samples
from ambiome_protocol.face import Face
from ambiome_protocol.messages import Reason, SceneReport, Warning, Welcome

from ambiome_client.connection import Connection
from ambiome_client.link import Link
from ambiome_client.linked import Linked
from ambiome_client.notices import Notices
from ambiome_client.options import Options, keys_in, terms_of
from ambiome_client.terms import Reconnected

DEFAULT_ADDRESS: Final = "tcp://127.0.0.1:5571"


class Ambience(Linked, Face):
    """A session on a server: tell it the world, read its sound.

        with Ambience(seed=7) as ambience:
            ambience.world(weather={"rain_mm_h": 4}, location={"biome": "temperate_forest"})
            for frame in ambience:          # float32 [channels, 1920], 40 ms, without end
                play(frame)

    Making one opens the session and waits for the server's answer. A thread of its own owns the socket and keeps the
    session alive while the program does something else, so no call is needed while nothing is read.

    Options (all by keyword): `seed` 0 … 2^63 − 1; `layout` "mono", "stereo", "quad", "5.1" or "ambisonics"; `format`
    "f32le" or "s16le", how samples travel; `pace` "live" or "free"; `renderer` "procedural", or "neural" where the
    server offers it; `telemetry_hz` 0 … 25; `buffer_steps`, the frames on their way or waiting, counting the one being
    played (live 2 … 25; where it is not given, 3, and 2 as long as frames come in time for that: what is told is heard
    within 120 or 80 ms, and the transport; free 1 … 250, default 250); `timeout_s`, how long the server may leave an
    answer out; `reconnect`, whether to go on when a server that was lost is back; `server_key`, the public key of a
    server that wants keys, and `key`, the file of one's own secret key where the server knows its guests (`ambiome
    keys`); `zone`, the name of a place that many listeners share (live, all of one layout, format and renderer): the
    first opens it, and owns it together with those who have its `zone_key` (16 bytes; the property gives it); `world`,
    `event` and `mix` of others are refused with `not_owner`.

    A server that dies and comes back within `timeout_s` goes on with the same session at the next sample, or with a new
    one; `reconnects` counts it, and `on_reconnect` is called with what happened. Warnings are logged, kept in
    `warnings`, and handed to `on_warning`; every report that `telemetry_hz` asked for is handed to `on_telemetry`. All
    three are called from within this program's own calls, never from the thread.

    Raises `ServerLost`, `VersionRefused`, `HelloRefused` (see `ambiome_client.errors`), and ValueError for an address
    or an option that cannot be.
    """

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        *,
        on_warning: Callable[[Warning], None] | None = None,
        on_reconnect: Callable[[Reconnected], None] | None = None,
        on_telemetry: Callable[[SceneReport], None] | None = None,
        **options: Unpack[Options],
    ) -> None:
        terms = terms_of(options)
        self._notices = Notices(on_warning, on_reconnect, on_telemetry)
        self._opened = Link(Connection(address, terms, time.monotonic()), keys_in(options))
        weakref.finalize(self, self._opened.close)
        try:
            welcome = self._link.wait(Connection.greeted)
        except BaseException:
            self._link.close()
            raise
        self.seed, self.layout, self.pace = welcome.seed, welcome.layout, welcome.pace
        self.channels = welcome.channels

    @property
    def session(self) -> Welcome:
        """What the server agreed to, for the session at hand."""
        return self._link.wait(Connection.greeted)

    def _next(self) -> Samples:
        frame = self._link.wait(Connection.take_next)
        self._heed()
        return frame

    def take(self, wait_s: float = 0.0) -> Samples | None:
        if wait_s > 0.0 and (frame := self._link.wait_for(Connection.take, wait_s)) is not None:
            self._heed()
            return frame
        return super().take()

    def explain(self) -> tuple[Reason, ...]:
        seq = self._link.call(Connection.explain)
        report = self._link.wait(lambda connection: connection.answer(seq))
        self._heed()
        return report.reasons

    def close(self) -> None:
        self._link.close()
