"""What both faces say to the link in the same words, since none of it waits."""

from collections.abc import Iterable

from ambiome_protocol.audio import Samples
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.face import Telling
from ambiome_protocol.messages import Change, SceneReport, Warning

from ambiome_client.connection import Connection
from ambiome_client.errors import BadMessage
from ambiome_client.link import Link
from ambiome_client.notices import Notices
from ambiome_client.presets import Layer, Stage


class Linked(Telling):
    """The part of a session that asks its link and has the answer at once. `_opened` is the link, once there is one."""

    _notices: Notices
    _opened: Link | None = None
    _stage: Stage | None = None

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """The latest warnings, at most 100, oldest first."""
        return tuple(self._notices.warnings)

    @property
    def reconnects(self) -> int:
        """How often the server was lost and came back."""
        return self._notices.reconnects

    @property
    def step(self) -> int:
        """The step of the frame that is read next."""
        return self._link.call(lambda connection: connection.step)

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
    def zone_key(self) -> bytes | None:
        """What makes others owners of the zone too; None for who is none, and outside of zones."""
        return self._link.call(Connection.zone_key)

    @property
    def telemetry(self) -> SceneReport | None:
        """The latest report of the scene, if `telemetry_hz` asked for reports."""
        return self._link.call(lambda connection: connection.telemetry)

    def tell(self, change: Change) -> int:
        seq = self._link.call(lambda connection: connection.tell(change))
        self._heed()
        return seq

    def presets(
        self, stack: Iterable[str | Layer], *, transition_s: float | None = None, at: float | None = None
    ) -> int:
        """Makes a stack of presets the active one: `presets(["storm_at_sea"], transition_s=3)`; `[]` ends them all.

        An entry is a built-in preset's name (priority 0, weight 1) or an `ambiome_client.presets.Layer` with the
        preset, its priority and its weight 0 … 1; the order is that of activation. What they say together is told in
        one world and one mix at most, and of both only what differs from what the stack before it said: a field that
        no preset names any more returns to derived, one of the mix to 0 dB, unmuted. What was told otherwise stays.
        Returns the last message's sequence number, 0 if there was nothing to tell. `transition_s` 0 … 600 and `at` are
        those of `world`.

        Raises ValueError for a name that there is not, and BadMessage, as `world` does, for what cannot be told.
        """
        if self._stage is None:
            self._stage = Stage(self)
        return self._stage.set(stack, transition_s=transition_s, at=at)

    def grant(self, until_s: float) -> None:
        """Free: lets the session go on up to `until_s` seconds of its time; see `ambiome_protocol.face.Face.grant`."""
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

    @property
    def _link(self) -> Link:
        if self._opened is None:
            raise RuntimeError("not open yet: use `async with`, or await open()")
        return self._opened

    def _heed(self) -> None:
        while (notice := self._link.call(Connection.notice)) is not None:
            self._notices.note(notice)

    def _refusal(self, error: ProtocolError) -> Exception:
        return BadMessage.like(error)
