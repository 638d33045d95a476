"""Many sessions, one renderer: who is rendered next, and how much of each.

    order   live before free; among live the one with the least sound in its client's hands; then the longest unserved.
            A live session that runs ahead of time (see `lead`) counts as a free one
    share   a live session gets one step at a time while others wait, a free one up to FREE_STEPS
    first   at most NEWCOMERS that begin are in one call, for a first step costs many times what others do; those that
            play already go with them
    batch   at most BATCH_STEPS steps in one call, or as many as the device had memory for; where many at once cost no
            less each, as on a CPU, no more live ones than COMPANY, so that the first need not wait for the last. Free
            sessions get no more than GUEST_STEPS of them while there is a live one that plays, so that what a live
            client says is never long in waiting
    quality live sessions of the procedural renderer are spared what `quality` says (see `ladder` for what sets it)
    kind    one call is of one renderer; where both have something to do they take turns, so that the neural one, which
            is slow and gives everybody one step, holds up nobody for longer than that

What a session sounds like does not depend on any of this: only when it is heard.
"""

import logging
import re
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from ambiome_protocol.lists import RendererName
from msgspec.structs import replace

from ambiome_middleware.buckets import CALL_S, CALL_SESSIONS, empty, put
from ambiome_middleware.lead import Lead
from ambiome_middleware.sent import Sent
from ambiome_middleware.session import Session
from ambiome_middleware.sound import Request
from ambiome_middleware.tokens import STEP_S, STEP_SAMPLES, silent_row

BATCH_STEPS: Final = 256
FREE_STEPS: Final = 25
GUEST_STEPS: Final = 4
LONE_LIVE_STEPS: Final = 4
"""A live session that renders alone gets so many steps at once: what fills a buffer quickly and delays nobody."""

METERED: Final = 32
"""Of so many sessions what was rendered last is kept, to tell how loud they are."""

COMPANY: Final = 32
"""From so many sessions on, more at once make none of them cheaper."""

NEWCOMERS: Final = 8
"""So many first steps, in which a world is mapped and a stream begun, take about as long as a full call of others."""

UNTOLD_LEFT_STEPS: Final = 2
"""A live client that never says what it has played is taken to have so much left: about half of a usual buffer."""

TRUST_TURNS: Final = 250
"""After so many turns without trouble, a device that was full is tried with twice as much."""

_NO_MEMORY: Final = re.compile(r"out of memory|can't allocate memory|not enough memory|_ALLOC_FAILED", re.IGNORECASE)
"""How torch, CUDA and Metal say it where they have no exception of its own for it."""

_log: Final = logging.getLogger(__name__)


class Renderer(Protocol):
    """What an engine asks of a renderer; `ambiome_middleware.sound.Renderer` is one, `NeuralRenderer` another."""

    def render(self, requests: Sequence[Request]) -> list[npt.NDArray[np.float32]]: ...
    def forget(self, key: Hashable) -> None: ...


class Stretch(NamedTuple):
    """Sound of a session from `first_step` on: `samples` float32 [channels, steps × STEP_SAMPLES]."""

    key: int
    session: Session
    first_step: int
    samples: npt.NDArray[np.float32]


class RendererBroken(RuntimeError):
    """A renderer that fails even for silence: its process had better begin anew."""


class Failure(NamedTuple):
    """A session whose sound could not be made. The engine has let go of it."""

    key: int
    error: Exception


@dataclass(slots=True)
class Work:
    """What an engine has done since it began. `requests` are sessions that were rendered, each at each turn; `misses`
    are steps of live sessions that were rendered when their client had no sound left; `live_s` is what of `render_s`
    was spent on `live_steps` of live sessions that are not ahead of time, `neural_s` and `neural_steps` what of these
    the neural renderer had. `calls_by_s` and `calls_by_sessions` count turns by `buckets`.
    """

    turns: int = 0
    requests: int = 0
    steps: int = 0
    misses: int = 0
    failures: int = 0
    render_s: float = 0.0
    live_s: float = 0.0
    live_steps: int = 0
    neural_s: float = 0.0
    neural_steps: int = 0
    calls_by_s: list[int] = field(default_factory=lambda: empty(CALL_S))
    calls_by_sessions: list[int] = field(default_factory=lambda: empty(CALL_SESSIONS))


@dataclass(slots=True, eq=False)
class _Seat:
    session: Session
    is_paused: bool = False
    served_turn: int = 0
    waits_since_s: float = 0.0
    latest: npt.NDArray[np.float32] | None = None
    sent: Sent = field(default_factory=Sent)
    lead: Lead = field(default_factory=Lead)

    @property
    def plays(self) -> bool:
        """Whether it is live, and no faster than time."""
        return self.session.pace == "live" and not self.lead.is_hasty


class Engine:
    """The sessions of one worker, by key."""

    def __init__(
        self,
        renderer: Renderer,
        neural: Renderer | None = None,
        spares: Mapping[RendererName, Callable[[], Renderer]] | None = None,
        clock: Callable[[], float] = time.perf_counter,
        most_live: int = BATCH_STEPS,
    ) -> None:
        """`renderer` is for procedural sessions, `neural` for the others, which cannot be added without it. `spares`
        make renderers that stand in for these where the memory of a device is full. `most_live`: so many live sessions
        at most in one call.
        """
        self._spares, self._made_spares = dict(spares or {}), dict[RendererName, Renderer]()
        self._most_steps, self._untroubled, self._most_live = BATCH_STEPS, 0, most_live
        self.work: Final = Work()
        self._clock = clock
        self._renderers: dict[RendererName, Renderer] = {"procedural": renderer}
        if neural is not None:
            self._renderers["neural"] = neural
        self._seats: dict[int, _Seat] = {}
        self._ready: dict[int, _Seat] = {}
        self._live = 0
        self._turn = 0
        self._kind: RendererName = "procedural"
        self.quality = 0
        """In what quality live sessions of the procedural renderer are rendered from now on."""

    def __len__(self) -> int:
        return len(self._seats)

    def add(self, key: int, session: Session) -> None:
        """Take a session in. Its `key` for the renderer becomes this one. ValueError where nothing renders its kind."""
        if session.renderer not in self._renderers:
            raise ValueError(f"renderer: {session.renderer!r} is none of {', '.join(self._renderers)}")
        session.key = key
        self._seats[key] = _Seat(session)
        self._live += session.pace == "live"
        self.see(key)

    def remove(self, key: int) -> Session | None:
        """Let go of a session, which is returned; None if there is none."""
        seat = self._seats.get(key)
        if seat is None:
            return None
        self.pause(key)
        del self._seats[key]
        self._renderers[seat.session.renderer].forget(key)
        return seat.session

    def get(self, key: int) -> Session | None:
        """The session, or None. After granting it credit or rewinding it, let the engine `see` it."""
        seat = self._seats.get(key)
        return seat.session if seat else None

    def see(self, key: int) -> None:
        """Look whether a session may be rendered now."""
        seat = self._seats[key]
        if seat.session.due() and not seat.is_paused:
            if key not in self._ready:
                seat.waits_since_s = self._clock()
            self._ready[key] = seat
        else:
            self._ready.pop(key, None)

    def pause(self, key: int, is_paused: bool = True) -> None:
        """Render no more of a session, or render it again."""
        seat = self._seats[key]
        if seat.session.pace == "live":
            self._live += seat.is_paused - is_paused
        seat.is_paused = is_paused
        self.see(key)

    def owed_steps(self) -> int:
        """Steps for which there is credit, and which are not rendered."""
        return sum(seat.session.due() for seat in self._ready.values())

    def owed_live_steps(self) -> int:
        """Those of them that live sessions are owed."""
        return sum(seat.session.due() for seat in self._ready.values() if seat.session.pace == "live")

    def paces(self) -> tuple[int, int]:
        """How many sessions are live and play, and how many are free."""
        return self._live, sum(seat.session.pace == "free" for seat in self._seats.values())

    def latest(self) -> list[tuple[int, Session, npt.NDArray[np.float32] | None]]:
        """Up to METERED sessions, and what was rendered of each last, if anything."""
        return [(key, seat.session, seat.latest) for key, seat in islice(self._seats.items(), METERED)]

    def is_idle(self) -> bool:
        """Whether no session may be rendered."""
        return not self._ready

    def gains_by_company(self, patience_s: float) -> bool:
        """Whether those who may be rendered had better wait for others a little: few, all of them live and playing,
        none whose client has nothing left, and none that has waited for so long.
        """
        seats, now_s = self._ready.values(), self._clock()
        return 0 < len(seats) < COMPANY and all(
            seat.plays
            and seat.session.next_step > 0
            and now_s - seat.waits_since_s < patience_s
            and not _is_late(seat, now_s)
            for seat in seats
        )

    def turn(self) -> list[Stretch | Failure]:
        """Render once, for those whose turn it is; [] if there is nobody. RendererBroken where nothing can be."""
        self._turn += 1
        requests: dict[int, Request] = {}
        playing: set[int] = set()
        others: list[Stretch | Failure] = []
        plan, began_s = self.plan(), self._clock()
        if plan:
            self._kind = self._seats[plan[0][0]].session.renderer
        for key, steps in plan:
            seat = self._seats[key]
            session = seat.session
            seat.served_turn = self._turn
            if session.pace == "live":
                if not seat.lead.is_hasty:
                    playing.add(key)
                    self.work.misses += _is_late(seat, began_s)
                seat.lead.add(steps, began_s)
                if self._kind == "procedural":
                    session.set_quality(self.quality)
            again = min(steps, seat.sent.count(session.next_step))
            try:
                request = session.advance(again or steps)
                self.see(key)
            except Exception as error:
                others.append(self._fail(key, error))
                continue
            if again:
                others.append(Stretch(key, session, request.first_step, seat.sent.get(request.first_step, again)))
            else:
                requests[key] = request
        rendered = list(self._render(requests))
        self._count(rendered, playing, self._clock() - began_s)
        self._keep(rendered)
        return [*others, *rendered]

    def plan(self) -> list[tuple[int, int]]:
        """Who is to be rendered now, all of one renderer, and how many steps of each."""
        kind = self._whose_turn()
        ready = [(_urgency(seat), key, seat) for key, seat in self._ready.items() if seat.session.renderer == kind]
        ready.sort(key=itemgetter(0))
        playing = [(key, seat) for urgency, key, seat in ready if not urgency[0]]
        live = list(islice(_with_few_new(playing), min(self._most_steps, self._most_live)))
        free = [(key, seat) for _, key, seat in ready[len(playing) :]] if len(live) == len(playing) else []
        if kind == "neural":
            guests = free[: self._most_steps - len(live)][: GUEST_STEPS if self._live else None]
            return [(key, 1) for key, _ in [*live, *guests]]
        live_share = LONE_LIVE_STEPS if len(ready) == 1 else 1
        plan = [(key, min(live_share, seat.session.due())) for key, seat in live]
        room = self._most_steps - sum([steps for _, steps in plan])
        return [*plan, *_shares(free, min(room, GUEST_STEPS) if self._live else room)]

    def _whose_turn(self) -> RendererName:
        """The renderer that has something to do; where both have, the one that was not at work before."""
        if len(self._renderers) == 1:
            return "procedural"
        kinds = {seat.session.renderer for seat in self._ready.values()}
        if len(kinds) > 1:
            kinds.discard(self._kind)
        return next(iter(kinds), "procedural")

    def _count(self, rendered: Sequence[Stretch | Failure], playing: set[int], took_s: float) -> None:
        if not rendered:
            return
        self.work.turns += 1
        self.work.render_s += took_s
        put(self.work.calls_by_s, CALL_S, took_s)
        requests = live_steps = all_steps = 0
        for each in rendered:
            if isinstance(each, Stretch):
                steps = each.session.next_step - each.first_step
                all_steps += steps
                live_steps += steps * (each.key in playing)
                requests += 1
        put(self.work.calls_by_sessions, CALL_SESSIONS, requests)
        self.work.requests += requests
        live_s = took_s * live_steps / max(all_steps, 1)
        self.work.steps += all_steps
        self.work.live_steps += live_steps
        self.work.live_s += live_s
        if self._kind == "neural":
            self.work.neural_steps += live_steps
            self.work.neural_s += live_s

    def _keep(self, rendered: Sequence[Stretch | Failure]) -> None:
        """Keep what tells how loud it is, and what a live client may have to be sent again."""
        metered = set(islice(self._seats, METERED))
        for each in rendered:
            if isinstance(each, Stretch):
                seat = self._seats[each.key]
                samples, session = each.samples, each.session
                if each.key in metered:
                    # A part of a long stretch would hold all of it.
                    is_short = samples.shape[1] == STEP_SAMPLES
                    seat.latest = samples if is_short else samples[:, -STEP_SAMPLES:].copy()
                if session.pace == "live":
                    seat.sent.put(each.first_step, samples, session.played_step)

    def _render(self, requests: dict[int, Request]) -> Iterator[Stretch | Failure]:
        """Render all at once; where that fails, in halves, until it is known whose fault it is."""
        if not requests:
            return
        renderer = self._renderer_of(requests)
        try:
            sounds = renderer.render(list(requests.values()))
        except Exception as error:
            for key in requests:
                renderer.forget(key)  # what was begun of it may be half done
            self._untroubled = 0
            yield from self._render_otherwise(requests, error)
            return
        self._trust()
        for (key, request), samples in zip(requests.items(), sounds, strict=True):
            yield Stretch(key, self._seats[key].session, request.first_step, samples)

    def _render_otherwise(self, requests: dict[int, Request], error: Exception) -> Iterator[Stretch | Failure]:
        """What failed together is rendered in halves; what failed alone for want of memory, by the spare renderer."""
        count, is_too_large = len(requests), _is_out_of_memory(error)
        if count > 1:
            _log.warning("a batch of %d sessions failed; rendering it in halves", count, exc_info=error)
            if is_too_large:
                steps = sum(request.steps for request in requests.values())
                self._most_steps = max(1, min(self._most_steps, steps // 2))
            entries = list(requests.items())
            for part in (entries[: count // 2], entries[count // 2 :]):
                yield from self._render(dict(part))
            return
        [(key, request)] = requests.items()
        spare = self._spare(self._seats[key].session.renderer) if is_too_large else None
        if spare is None:
            _probe(self._renderers[self._seats[key].session.renderer], request, error)
            yield self._fail(key, error)
            return
        try:
            [samples] = spare.render([replace(request, key=None)])
            yield Stretch(key, self._seats[key].session, request.first_step, samples)
        except Exception as final:
            yield self._fail(key, final)

    def _trust(self) -> None:
        """A turn went well: a device that was full may have room again."""
        self._untroubled += 1
        if self._most_steps < BATCH_STEPS and self._untroubled >= TRUST_TURNS:
            self._most_steps, self._untroubled = min(2 * self._most_steps, BATCH_STEPS), 0

    def _spare(self, kind: RendererName) -> Renderer | None:
        """The renderer that stands in where the memory of the other's device is full; made when it is needed."""
        if kind not in self._made_spares and kind in self._spares:
            _log.warning("the device's memory is full even for one session: the %s renderer goes on on the CPU", kind)
            self._made_spares[kind] = self._spares[kind]()
        return self._made_spares.get(kind)

    def _renderer_of(self, keys: Iterable[int]) -> Renderer:
        """Who renders these sessions, which are of one kind."""
        return self._renderers[self._seats[next(iter(keys))].session.renderer]

    def _fail(self, key: int, error: Exception) -> Failure:
        self.work.failures += 1
        _log.error("session %d ends: its sound cannot be made", key, exc_info=error, extra={"session": key})
        self.remove(key)
        return Failure(key, error)


def render_silence(renderer: Renderer, layout: str, lookback: int) -> None:
    """Render a step in which nothing sounds, of no session: what a renderer does only the first time is done then, and
    whether it can render at all is seen.
    """
    silence = np.tile(silent_row(), (lookback + 1, 1))
    renderer.render([Request(seed=0, layout=layout, first_step=0, tokens=silence, lookback=lookback)])


def _probe(renderer: Renderer, request: Request, error: Exception) -> None:
    """Whether it is one session whose sound cannot be made, with this error; RendererBroken where none can."""
    try:
        render_silence(renderer, request.layout, request.lookback)
    except Exception:
        raise RendererBroken("not even silence can be rendered any more") from error


def _is_out_of_memory(error: Exception) -> bool:
    """Whether memory was wanting: the process's, or a device's as torch tells it, which is not imported here."""
    is_named = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    return is_named or (isinstance(error, RuntimeError) and _NO_MEMORY.search(str(error)) is not None)


def _is_late(seat: _Seat, now_s: float) -> bool:
    """Whether a live session's client has nothing left to play: it plays the last step that it has when it grants the
    next one, which was so long ago that the step is over.
    """
    session = seat.session
    has_none = session.pace == "live" and 0 < session.next_step <= session.played_step
    return has_none and now_s - seat.waits_since_s > STEP_S


def _urgency(seat: _Seat) -> tuple[bool, int, int]:
    """Sorts those who wait: live first, then by what their clients have left to play, then by how long they wait."""
    if not seat.plays:
        return True, 0, seat.served_turn
    session = seat.session
    if session.played_step or session.next_step <= session.max_outstanding_steps:
        left_steps = session.next_step - session.played_step
    else:
        left_steps = UNTOLD_LEFT_STEPS
    return False, left_steps, seat.served_turn


def _with_few_new(playing: Iterable[tuple[int, _Seat]]) -> Iterator[tuple[int, _Seat]]:
    """Those of them who may be in one call: NEWCOMERS that begin, and all others."""
    room = NEWCOMERS
    for key, seat in playing:
        is_new = seat.session.next_step == 0
        if not is_new or room > 0:
            yield key, seat
        room -= is_new


def _shares(free: Sequence[tuple[int, _Seat]], room: int) -> Iterator[tuple[int, int]]:
    """So many steps for each free session, in order, until the room is gone."""
    for key, seat in free:
        steps = min(FREE_STEPS, seat.session.due(), room)
        if steps <= 0:
            return
        room -= steps
        yield key, steps
