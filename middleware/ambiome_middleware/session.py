"""One listener's stream: what waits to take effect, the scene as it stands, and the token frames that it made.

A session neither renders nor sends. It is told changes and granted credit; it advances by so many steps, which gives a
request that any renderer can answer; and it can be frozen into bytes from which it goes on exactly as it would have.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final, Protocol, Self, cast

import numpy as np
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import LOWEST_QUALITY, MAX_OUTSTANDING_STEPS
from ambiome_protocol.lists import VOICES, Layout, Pace, RendererName
from ambiome_protocol.messages import Change, Reason, SceneReport, Warning
from ambiome_protocol.steps import seconds_at, step_at
from msgspec import UNSET

from ambiome_middleware import scene as ambiome_scene
from ambiome_middleware.history import TokenHistory
from ambiome_middleware.neural.segments import SEGMENTS
from ambiome_middleware.schedule import Schedule, earliest_step
from ambiome_middleware.snapshot import AnyChange, Snapshot, pack, rows_of, unpack
from ambiome_middleware.sound import Request
from ambiome_middleware.tokens import CUT_AT, LOOKBACK_STEPS, QUALITY_AT, SCENE, STEPS_PER_S, Row, silent_row

BEHIND_EVERY_STEPS: Final = 250
"""A client is warned at most this often that the server renders slower than it plays."""

LOOKBACK: Final[Mapping[RendererName, int]] = {"procedural": LOOKBACK_STEPS, "neural": SEGMENTS.lookback}
"""Over how many steps before the first one asked for a renderer looks back."""


def _how_strong(voice: str) -> int | None:
    """The column of a voice's first parameter, where that is how strong it is: nothing in silence."""
    first = next((n for n, parameter in enumerate(SCENE) if parameter.name.startswith(f"{voice}_")), None)
    return first if first is not None and silent_row()[first] == 0 else None


_STRENGTHS: Final = tuple(n for voice in VOICES if (n := _how_strong(voice)) is not None)


class Scene(Protocol):
    """What a session asks of the scene; `ambiome_middleware.scene` is one."""

    def initial_state(self, seed: int) -> Any: ...
    def check(self, change: Change) -> None: ...
    def warnings(self, state: Any, changes: Sequence[Change], step: int) -> tuple[Warning, ...]: ...
    def advance(self, state: Any, messages: Sequence[Change], step: int) -> tuple[Any, Row]: ...
    def explain(self, state: Any) -> tuple[Reason, ...]: ...
    def values(self, state: Any) -> dict[str, float]: ...
    def targets(self, state: Any) -> dict[str, float]: ...
    def state_to_bytes(self, state: Any) -> bytes: ...
    def state_from_bytes(self, data: bytes) -> Any: ...


class Session:
    """A stream of token frames, made on demand.

    `next_step` is the first step not yet asked for as sound, `scene_step` the first whose token frame does not exist.
    They differ only after `rewind`, when token frames that exist are asked for once more. `credit` is the step up to
    which, itself excluded, sound may be asked for. `applied_seq` is the seq of the last change that took effect,
    `received_seq` the highest that was accepted. `quality` is that of the steps that are made from now on (see
    `ambiome_middleware.sound.quality`), `quality_step` the first of them.
    """

    def __init__(
        self,
        seed: int,
        layout: Layout,
        pace: Pace,
        *,
        key: Hashable | None = None,
        renderer: RendererName = "procedural",
        telemetry_hz: float = 0.0,
        scene: Scene = ambiome_scene,
    ) -> None:
        """`key` names the stream to a renderer that caches; `renderer` is which kind of one renders it. `telemetry_hz`
        0–25: scene reports a second of session.
        """
        self.seed: Final = seed
        self.layout: Final[Layout] = layout
        self.pace: Final[Pace] = pace
        self.renderer: Final[RendererName] = renderer
        self.key = key
        self.telemetry_hz = telemetry_hz
        self.max_outstanding_steps: Final = MAX_OUTSTANDING_STEPS[pace]
        self.next_step = 0
        self.credit = 0
        self.played_step = 0
        self.applied_seq = 0
        self.received_seq = 0
        self.quality = self.quality_step = 0
        self._underruns = 0
        self._warned_behind_step = -BEHIND_EVERY_STEPS
        self._scene = scene
        self._state = scene.initial_state(seed)
        self._schedule = Schedule()
        self._notices: list[SceneReport | Warning] = []
        lookback = LOOKBACK[renderer]
        self._history = TokenHistory(lookback + self.max_outstanding_steps, lookback)

    def __repr__(self) -> str:
        return (
            f"<Session {self.pace} {self.layout}, seed {self.seed}, step {self.next_step} of {self.credit}, "
            f"{len(self._schedule)} waiting>"
        )

    @property
    def scene_step(self) -> int:
        """The first step whose token frame does not exist yet."""
        return self._history.end_step

    def tell(self, change: Change) -> tuple[Warning, ...]:
        """Let a change take effect at its time (see `ambiome_middleware.schedule`).

        Returned is what the client should know. ProtocolError if the change cannot be: then it was not taken.
        """
        if change.seq and change.seq <= self.received_seq:
            detail = f"seq {change.seq} is not above {self.received_seq}, which has been received; it was ignored"
            return (Warning(code="repeated", detail=detail, seq=change.seq),)
        self._scene.check(change)
        earliest = earliest_step(self.pace, self.scene_step, self.credit)
        step = self._schedule.put(change, earliest)
        self.received_seq = max(self.received_seq, change.seq)
        if change.at is UNSET or step_at(change.at) >= step:
            return ()
        applied_at = seconds_at(step)
        detail = f"at {change.at:g} s has passed; it takes effect at {applied_at:g} s"
        return (Warning(code="late", detail=detail, seq=change.seq, at=change.at, applied_at=applied_at),)

    def grant(self, until_step: int, played_step: int = 0, underruns: int = 0) -> tuple[Warning, ...]:
        """Take credit: sound of steps below `until_step` may be asked for. Less than was granted changes nothing.

        ProtocolError if more than `max_outstanding_steps` would be outstanding, that is, granted and not yet asked for
        as sound; the credit from before then still stands. (A client that grants no more than so many steps beyond
        the last frame it has received can never meet this error.)
        """
        behind = self._behind(underruns)
        self.played_step = max(self.played_step, min(played_step, self.next_step))
        self._underruns = underruns
        if until_step > self.credit:
            most = self.next_step + self.max_outstanding_steps
            if until_step > most:
                allowed = f"at most {most}, {self.max_outstanding_steps} steps beyond the frames sent"
                raise ProtocolError("credit", field="until_step", value=str(until_step), allowed=allowed)
            self.credit = until_step
        return behind

    def set_quality(self, quality: int) -> None:
        """Make the token frames from here on in another quality, 0 to LOWEST_QUALITY; its client is told."""
        if quality == self.quality:
            return
        self.quality, self.quality_step = quality, self.scene_step
        applied_at = seconds_at(self.scene_step)
        why = "full again" if quality == 0 else f"{quality} of 0 (full) to {LOWEST_QUALITY}: the server has much to do"
        detail = f"from {applied_at:g} s on the quality is {why}"
        self._notices.append(Warning(code="quality", detail=detail, applied_at=applied_at))

    def due(self) -> int:
        """How many steps may be asked for as sound."""
        steps = self.credit - self.next_step
        return steps if steps > 0 else 0

    def advance(self, steps: int) -> Request:
        """Move on by so many steps, whatever the credit: the request for their sound.

        Its tokens are a view, [lookback + steps, ROW_WIDTH], which stays as it is when the session goes on.
        """
        first_step, lookback = self.next_step, self._history.lookback
        self._history.reserve(first_step + steps - self.scene_step, first_step - lookback)
        end_step = first_step + steps
        for step in range(self.scene_step, end_step):
            self._make(step)
        self.next_step = end_step
        tokens = self._history.window(first_step, steps)
        return Request(self.seed, self.layout, first_step, tokens, self.key, lookback)

    def catch_up(self, step: int, credit: int = 0) -> None:
        """Make the token frames of the steps before `step`, as if they had been asked for as sound, and take `credit`:
        for a session that is made anew from a journal. What clients were told of these steps is not told again.
        """
        for each in range(self.scene_step, step):
            self._make(each)
        self.next_step, self.credit = self.scene_step, max(self.credit, credit)
        self._notices.clear()

    def rewind(self, next_step: int) -> None:
        """Go back to a step that has been asked for, for a client that did not get it: exactly the same will come.

        ProtocolError `bad_resume` if the step lies ahead, or so far back that its token frames are gone.
        """
        if next_step > self.next_step or not self._history.reaches(next_step):
            first = max(0, self._history.first_step + self._history.lookback)
            allowed = f"{first} to {self.next_step}, the steps that are still held"
            raise ProtocolError("bad_resume", field="next_step", value=str(next_step), allowed=allowed)
        self.next_step = next_step

    def applied_seq_at(self, step: int) -> int:
        """The seq of the last change in effect at a step that is held; 0 for none."""
        return self._history.applied_seq(step)

    def cut_at(self, step: int) -> int:
        """The scene's cut counter at a step that is held."""
        return int(self._history.row(step)[CUT_AT])

    def quality_at(self, step: int) -> int:
        """The quality of a step that is held."""
        return int(self._history.row(step)[QUALITY_AT])

    @property
    def held_steps(self) -> int:
        """How many steps its client holds or is being sent."""
        return max(0, self.next_step - self.played_step)

    def strongest(self, count: int) -> dict[str, float]:
        """The voices that are strongest in the scene now: how strong, as shares 0 … 1 of their parameters' ranges."""
        row = self._history.row(self.scene_step - 1)
        shares = {SCENE[n].name: int(row[n]) / (SCENE[n].levels - 1) for n in _STRENGTHS if row[n]}
        return dict(sorted(shares.items(), key=lambda entry: -entry[1])[:count])

    def take_notices(self) -> tuple[SceneReport | Warning, ...]:
        """Telemetry, and warnings of changes that took effect, since this was last asked."""
        if not self._notices:
            return ()
        notices, self._notices = tuple(self._notices), []
        return notices

    def explain(self, seq: int = 0) -> SceneReport:
        """Why it sounds as it does, as of the last step made."""
        return self._report(seq, self._scene.explain(self._state))

    def snapshot(self, sound_version: int, weights: str = "") -> bytes:
        """Everything that the session needs to go on elsewhere; `sound_version` and `weights` (a digest, where a neural
        renderer has some) are those of who renders it.
        """
        rows, applied, first_step = self._history.kept()
        return pack(
            Snapshot(
                sound_version=sound_version,
                seed=self.seed,
                layout=self.layout,
                pace=self.pace,
                renderer=self.renderer,
                weights=weights if self.renderer == "neural" else "",
                telemetry_hz=self.telemetry_hz,
                next_step=self.next_step,
                credit=self.credit,
                played_step=self.played_step,
                applied_seq=self.applied_seq,
                received_seq=self.received_seq,
                underruns=self._underruns,
                warned_behind_step=self._warned_behind_step,
                quality=self.quality,
                waiting=cast("tuple[tuple[int, AnyChange], ...]", self._schedule.waiting()),
                notices=tuple(self._notices),
                state=self._scene.state_to_bytes(self._state),
                first_step=first_step,
                rows=rows.astype("<i2").tobytes(),
                applied=tuple(applied.tolist()),
            )
        )

    @classmethod
    def restore(
        cls,
        data: bytes,
        sound_version: int,
        weights: str = "",
        *,
        key: Hashable | None = None,
        scene: Scene = ambiome_scene,
    ) -> Self:
        """The session of a snapshot, which goes on as if nothing had happened.

        SnapshotError if it was made by another version of sound or with other weights, or with columns that are not
        known here.
        """
        frozen = unpack(data, sound_version, weights)
        session = cls(
            frozen.seed, frozen.layout, frozen.pace, key=key, renderer=frozen.renderer,
            telemetry_hz=frozen.telemetry_hz, scene=scene,
        )  # fmt: skip
        session.next_step, session.credit, session.played_step = frozen.next_step, frozen.credit, frozen.played_step
        session.applied_seq, session.received_seq = frozen.applied_seq, frozen.received_seq
        session._underruns, session._warned_behind_step = frozen.underruns, frozen.warned_behind_step
        session.quality = frozen.quality
        session._schedule = Schedule.of(frozen.waiting)
        session._notices = list(frozen.notices)
        session._state = scene.state_from_bytes(frozen.state)
        before = session._history
        session._history = TokenHistory.of(
            rows_of(frozen), np.array(frozen.applied, np.int64), frozen.first_step, before.keep_steps, before.lookback
        )
        return session

    def _make(self, step: int) -> None:
        """Make the token frame of `scene_step`."""
        changes = self._schedule.take(step)
        if changes:
            for change in changes:
                self.applied_seq = change.seq or self.applied_seq
            self._notices += self._scene.warnings(self._state, changes, step)
        self._state, row = self._scene.advance(self._state, changes, step)
        row[QUALITY_AT] = self.quality
        self._history.append(row, self.applied_seq)
        if self.telemetry_hz and _ticks(step, self.telemetry_hz) != _ticks(step - 1, self.telemetry_hz):
            self._notices.append(self._report(0, ()))

    def _report(self, seq: int, reasons: tuple[Reason, ...]) -> SceneReport:
        return SceneReport(
            step=max(0, self.scene_step - 1),
            seq=seq,
            applied_seq=self.applied_seq,
            values=self._scene.values(self._state),
            targets=self._scene.targets(self._state),
            reasons=reasons,
        )

    def _behind(self, underruns: int) -> tuple[Warning, ...]:
        """The warning for a live client that ran dry while there was credit."""
        is_new = self.next_step >= self._warned_behind_step + BEHIND_EVERY_STEPS
        if self.pace == "free" or underruns <= self._underruns or not self.due() or not is_new:
            return ()
        self._warned_behind_step = self.next_step
        detail = f"the client ran dry {underruns} times; {self.due()} steps are granted and not rendered"
        return (Warning(code="behind", detail=detail),)


def _ticks(step: int, rate_hz: float) -> int:
    """How many reports at so many a second are due by the end of a step."""
    return int((step + 1) * rate_hz / STEPS_PER_S + 1e-9)
