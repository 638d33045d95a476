"""A render worker without its socket: orders in, reports out, and the audio of the frames that they name."""

import logging
from collections import Counter
from dataclasses import asdict
from typing import Final, cast

from ambiome_protocol.audio import interleaved
from ambiome_protocol.codec import decode_client, encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS
from ambiome_protocol.lists import Format
from ambiome_protocol.messages import Change, Frame, Warning

from ambiome_middleware import tokens
from ambiome_middleware.busyness import Shares
from ambiome_middleware.engine import Engine, Failure, Stretch
from ambiome_middleware.journal import SNAPSHOT_STEPS, Journal
from ambiome_middleware.journal_file import Begun, Frozen, JournalError, Spared, Told, Tried, begun
from ambiome_middleware.loudness import lufs, step_power
from ambiome_middleware.session import Scene, Session
from ambiome_middleware.snapshot import check_sound, check_table
from ambiome_middleware.trials import MOST_DEATHS, Trials
from ambiome_middleware.wire import (
    Ask,
    Close,
    Ended,
    FrameReport,
    Grant,
    Load,
    Meter,
    Open,
    Order,
    Pause,
    Report,
    Restore,
    Resume,
    Resumed,
    Say,
    Tell,
)

CATCH_UP_STEPS: Final = 2 * (SNAPSHOT_STEPS + MAX_OUTSTANDING_STEPS["free"])
"""What a client may have had of a session since the last thing that was written down of it."""
STRONGEST: Final = 3
_log: Final = logging.getLogger(__name__)


class _KillsError(JournalError):
    """A session over which process after process has died."""


class Desk:
    """Keeps the sessions of a worker as the front orders, and reports what comes of it."""

    def __init__(
        self, engine: Engine, scene: Scene, journal: Journal | None = None, sound_version: int = 0, weights: str = ""
    ) -> None:
        """`scene` is what new sessions are made of. With a `journal` they are written down, with the version of the
        sound and the digest of the weights by which they are rendered.
        """
        self.engine: Final = engine
        self._journal, self._sound_version, self._weights = journal, sound_version, weights
        self._frozen_at: dict[int, int] = {}
        self._qualities: dict[int, int] = {}
        self._restored: set[int] = set()
        self._trials = Trials()
        self._scene = scene
        self._formats: dict[int, Format] = {}
        self.errors: Final[Counter[str]] = Counter()
        """Errors that clients were told, by code."""

    def obey(self, order: Order) -> list[Report]:
        """Do what the front wants. A fault, the client's or ours, is told to that client and goes no further."""
        try:
            return self._obey(order)
        except ProtocolError as error:
            return [self._refusal(order.session, error)]
        except Exception:
            _log.exception("session %d: an order failed", order.session, extra={"session": order.session})
            fault = ProtocolError("internal", "the server could not take this message; the session goes on without it")
            return [self._refusal(order.session, fault)]

    def turn(self) -> tuple[list[Report], bytes]:
        """Render once for those whose turn it is: reports, and the audio of the frames among them, joined."""
        reports: list[Report] = []
        audio: list[memoryview] = []
        self._try()
        for outcome in self.engine.turn():
            if isinstance(outcome, Failure):
                reports += self._end(outcome.key)
            else:
                self._note(outcome)
                audio.append(self._frames(outcome, reports))
                self._freeze(outcome.key, outcome.session)
        self._try()
        return reports, b"".join(audio)

    def close(self) -> None:
        """The worker ends: what it has written down is put away."""
        if self._journal is not None:
            self._journal.close()

    def load(self, worker: int, shares: Shares) -> Load:
        """What this desk has done, and what it was busy with of late."""
        live, free = self.engine.paces()
        owed, work = self.engine.owed_steps(), asdict(self.engine.work)
        latest = self.engine.latest()
        powers = {key: step_power(samples, session.layout) for key, session, samples in latest if samples is not None}
        meters = tuple(_meter(key, session, powers.get(key, 0.0)) for key, session, _ in latest)
        mean = sum(powers.values()) / max(len(powers), 1)
        return Load(
            worker, live, free, owed, **shares._asdict(), **work, errors=dict(self.errors), meters=meters,
            quality=self.engine.quality, loudness_lufs=round(lufs(mean), 1),
            owed_live_steps=self.engine.owed_live_steps(),
        )  # fmt: skip

    def _obey(self, order: Order) -> list[Report]:
        if isinstance(order, Open):
            return self._open(order)
        if isinstance(order, Restore):
            return self._restore(order)
        session = self.engine.get(order.session)
        if session is None:
            return []
        match order:
            case Grant():
                warnings = session.grant(order.until_step, order.played_step, order.underruns)
                self.engine.see(order.session)
                return _said(order.session, warnings)
            case Tell():
                return self._tell(session, order)
            case Ask():
                return [Say(order.session, encode(session.explain(order.seq)))]
            case Pause():
                self._pause(order.session)
            case Resume():
                return [self._resume(session, order)]
            case Close():
                self._close(order.session)
        return []

    def _open(self, order: Open) -> list[Report]:
        try:
            session = self._session(order)
            self.engine.add(order.session, session)
        except Exception:
            _log.exception("session %d cannot begin", order.session, extra={"session": order.session})
            return self._end(order.session)
        self._formats[order.session] = order.format
        if self._journal is not None:
            weights = self._weights if order.renderer == "neural" else ""
            self._journal.begin(Begun(order, self._sound_version, weights, tokens.table()))
            self._frozen_at[order.session] = 0
        return []

    def _restore(self, order: Restore) -> list[Report]:
        """A session as it stands in the journal: not rendered, and known to nobody but who has its token."""
        number = order.session
        if self._journal is None:
            return [Ended(number)]
        try:
            session, format, deaths = self._read(self._journal, number)
            self.engine.add(number, session)
        except _KillsError as error:
            self._set_aside(self._journal, number, error)
            fault = ProtocolError("internal", f"{error}; the session has ended")
            return [self._refusal(number, fault), Ended(number, fault.detail)]
        except Exception as error:
            self._set_aside(self._journal, number, error)
            return [Ended(number)]
        self.engine.pause(number)
        self._formats[number] = format
        self._frozen_at[number] = session.scene_step
        self._qualities[number] = session.quality
        self._restored.add(number)
        self._trials.enter(number, deaths)
        return []

    def _set_aside(self, journal: Journal, number: int, error: Exception) -> None:
        kept = journal.set_aside(number)
        where = f"; its file is kept as {kept}" if kept else ""
        _log.error("session %d cannot go on: %s%s", number, error, where, extra={"session": number})

    def _read(self, journal: Journal, number: int) -> tuple[Session, Format, int]:
        """A session, its format, and how many processes have died over it."""
        records = journal.take_up(number)
        made = begun(records)
        check_sound(made.sound_version, made.weights, made.order.renderer, self._sound_version, self._weights)
        check_table(made.table)
        deaths = next((record.deaths for record in reversed(records) if isinstance(record, Tried)), 0)
        if deaths >= MOST_DEATHS:
            raise _KillsError(f"{deaths} processes have died over it")
        journal.write(number, Tried(deaths + 1))
        session = self._session(made.order)
        for record in records:
            if isinstance(record, Frozen):
                session = Session.restore(record.data, self._sound_version, self._weights, scene=self._scene)
            elif isinstance(record, Told):
                session.catch_up(record.step, record.credit)
                session.tell(cast(Change, decode_client(record.data)))
            elif isinstance(record, Spared):
                session.catch_up(record.step)
                session.set_quality(record.quality)
        journal.write(number, Tried(deaths))
        return session, made.order.format, deaths

    def _session(self, order: Open) -> Session:
        return Session(
            order.seed, order.layout, order.pace, renderer=order.renderer, telemetry_hz=order.telemetry_hz,
            scene=self._scene,
        )  # fmt: skip

    def _try(self) -> None:
        """Render those of the restored sessions whose turn it is to be tried."""
        for key, deaths in self._trials.begin(self._is_due):
            self._write(key, Tried(deaths + 1))
            self.engine.pause(key, False)

    def _is_due(self, key: int) -> bool:
        session = self.engine.get(key)
        return session is not None and session.due() > 0

    def _note(self, stretch: Stretch) -> None:
        """Put into the journal what is to stand there before a frame goes out: a change of quality, a trial passed."""
        session = stretch.session
        if self._qualities.get(stretch.key, 0) != session.quality:
            self._write(stretch.key, Spared(session.quality_step, session.quality))
            self._qualities[stretch.key] = session.quality
        if self._trials.passed(stretch.key):
            self._write(stretch.key, Tried(0))

    def _freeze(self, key: int, session: Session) -> None:
        """Put a snapshot into the journal, now and then; not of a session that is to be tried, whose deaths stand
        there.
        """
        if self._journal is None or key in self._trials:
            return
        is_time = session.scene_step >= self._frozen_at.get(key, 0) + SNAPSHOT_STEPS
        if is_time or self._journal.wants_snapshot(key):
            self._journal.freeze(key, session.snapshot(self._sound_version, self._weights))
            self._frozen_at[key] = session.scene_step

    def _write(self, key: int, record: Told | Spared | Tried) -> None:
        if self._journal is not None:
            self._journal.write(key, record)

    def _tell(self, session: Session, order: Tell) -> list[Report]:
        message = decode_client(order.data)
        if isinstance(message, Change):
            stood = Told(session.scene_step, session.credit, order.data)
            warnings = session.tell(message)
            if not any(warning.code == "repeated" for warning in warnings):
                self._write(order.session, stood)
                self._freeze(order.session, session)
            return _said(order.session, warnings)
        raise TypeError(f"the front sent a {type(message).__name__} to a session")

    def _pause(self, key: int) -> None:
        self.engine.pause(key)
        deaths = self._trials.pause(key)
        if deaths is not None:
            self._write(key, Tried(deaths))

    def _resume(self, session: Session, order: Resume) -> Resumed:
        refusal = ""
        if order.session in self._restored and order.next_step <= session.scene_step + CATCH_UP_STEPS:
            session.catch_up(max(order.next_step, session.scene_step))
        try:
            session.rewind(order.next_step)
            self._restored.discard(order.session)
            if self._trials.resume(order.session):
                self.engine.pause(order.session, False)
        except ProtocolError as error:
            refusal = error.detail
        return Resumed(order.session, order.attempt, session.next_step, session.received_seq, refusal)

    def _close(self, key: int) -> None:
        self.engine.remove(key)
        self._formats.pop(key, None)
        self._frozen_at.pop(key, None)
        self._qualities.pop(key, None)
        self._restored.discard(key)
        self._trials.leave(key)
        if self._journal is not None:
            self._journal.end(key)

    def _end(self, key: int) -> list[Report]:
        self._close(key)
        fault = ProtocolError("internal", "the sound of this session cannot be made; the session has ended")
        return [self._refusal(key, fault), Ended(key)]

    def _refusal(self, key: int, error: ProtocolError) -> Say:
        self.errors[error.code] += 1
        return Say(key, encode(error_message(error)))

    def _frames(self, stretch: Stretch, reports: list[Report]) -> memoryview:
        """The audio of a stretch; its reports are added, what the client should know before the frames."""
        session, format = stretch.session, self._formats[stretch.key]
        for notice in session.take_notices():
            reports.append(Say(stretch.key, encode(notice)))
        audio = interleaved(stretch.samples, format)
        steps = session.next_step - stretch.first_step
        frame_bytes = audio.nbytes // steps
        for step in range(stretch.first_step, session.next_step):
            header = Frame(
                step=step,
                applied_seq=session.applied_seq_at(step),
                layout=session.layout,
                format=format,
                cut=session.cut_at(step),
                quality=session.quality_at(step),
            )
            reports.append(FrameReport(stretch.key, encode(header), frame_bytes))
        return audio


def _meter(key: int, session: Session, power: float) -> Meter:
    return Meter(
        key, session.pace, session.layout, session.renderer, session.next_step, session.held_steps,
        round(lufs(power), 1),
        {name: round(share, 3) for name, share in session.strongest(STRONGEST).items()},
    )  # fmt: skip


def _said(key: int, warnings: tuple[Warning, ...]) -> list[Report]:
    return [Say(key, encode(warning)) for warning in warnings]
