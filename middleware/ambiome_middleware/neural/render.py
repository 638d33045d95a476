"""Token frames → samples, learned: the same call as the procedural renderer's, `ambiome_middleware.sound.Renderer`.

A layout's loudspeakers have a stream each, alike in scene and apart in chance, as a diffuse field is. A stream is made
of segments (see `segments`), so that any step can be rendered first, from token frames of one segment and its warm-up
before it. The laws hold in this form: the sound is a pure function of seed, token frames, layout and weights; neither
chunks nor company nor what is remembered change a bit of it, on one class of device, which always computes whole tiles.
Across classes of device not even events agree, for logits do not. Sound is late by `latency_samples`. Above 11.4 kHz,
where the codec has nothing, the procedural renderer's sound of the same scene is heard; below, its level is kept (see
`level`), master gain and all. A mix's gains of voices are told to the model, and heeded as far as it has learned.
"""

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS

from ambiome_middleware.jit import jit
from ambiome_middleware.neural.codec import Codec
from ambiome_middleware.neural.files import CODEC, LM, digest
from ambiome_middleware.neural.level import WINDOW, Level, Powers
from ambiome_middleware.neural.lm import Lm
from ambiome_middleware.neural.segments import SEGMENTS, Segments, seed_of
from ambiome_middleware.neural.threads import one_thread
from ambiome_middleware.neural.tile import Move, Tile, Tiles, late_samples
from ambiome_middleware.neural.upward import Above
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.arrays import F32
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.layouts import AZIMUTHS, LAYOUTS, Layout
from ambiome_middleware.sound.limiter import DELAY_SAMPLES as LIMITER_DELAY_SAMPLES
from ambiome_middleware.sound.limiter import limit
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SCENE, STEP_SAMPLES, Row, silent_row

_MASTER: Final = COLUMN["master_db"]
_MASTER_0_DB: Final = SCENE[_MASTER].quantise(0.0)
"""What the model is told of the master gain, which is the level's affair."""
LEAD_STEPS: Final = 2
"""So many steps before the first one that is handed out a stream begins: the limiter hands out the end of the one
before, whose gain rises or falls from the one before that.
"""
BEFORE_STEPS: Final = 1 + WINDOW + LEAD_STEPS
"""From so many steps before the first one that is handed out the scene is heard."""
RECENT_STEPS: Final = MAX_OUTSTANDING_STEPS["free"]
"""A client may come back for so many steps; to make them once more would cost a segment."""


@dataclass(slots=True)
class _Track:
    """One stream in one segment: where it runs, and the step it makes next."""

    tile: Tile
    slot: int
    seed: int
    step: int
    made: F32 = field(default_factory=lambda: np.zeros(STEP_SAMPLES, np.float32))
    level: Level = field(default_factory=Level)


@dataclass(slots=True)
class _Stream:
    """What is remembered of a request's stream: its tracks by segment, the step before, unlimited, the powers that the
    latest steps of the scene have, and those steps as they were handed out, for whoever goes back to them.
    """

    seed: int
    layout: Layout
    step: int
    spread: F32
    above: Above
    before: F32
    wanted: Powers = field(default_factory=lambda: Powers(WINDOW))
    tracks: dict[int, list[_Track]] = field(default_factory=dict)
    recent: deque[F32] = field(default_factory=lambda: deque(maxlen=RECENT_STEPS))

    @property
    def share(self) -> float:
        """The power of each track, of that which all channels have in the mean."""
        return len(self.spread) / float(np.sum(self.spread**2))

    def can_go_on(self, request: Request) -> bool:
        """Whether a request is of this stream, and begins at its end or among its latest steps."""
        is_same = (self.seed, self.layout) == (request.seed, LAYOUTS[request.layout])
        return is_same and self.step - len(self.recent) <= request.first_step <= self.step


@dataclass(slots=True)
class _Job:
    """A request on its way. `scene` is its procedural sound, active channels alone, from the step `first` on."""

    request: Request
    stream: _Stream
    first: int
    out: F32
    scene: F32 = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    @property
    def is_done(self) -> bool:
        return self.stream.step >= self.request.first_step + self.request.steps

    def hear(self, step: int) -> F32:
        """What the scene holds above the codec's edge at a step; what it holds below is what is wanted from now on."""
        at = (step - self.first) * STEP_SAMPLES
        whole = self.scene[:, at : at + STEP_SAMPLES]
        self.stream.wanted.hear(whole)
        return self.stream.above(whole)


class NeuralRenderer:
    """Renders many streams at once with the weights of a folder, which holds codec.safetensors and lm.safetensors.

    Not thread-safe. `lookback` is how many token frames a request must have before its first step; `weights` is their
    digest.
    """

    def __init__(self, weights: Path, device: str = "cpu", bank: Bank | None = None, temperature: float = 1.0,
                 segments: Segments = SEGMENTS) -> None:  # fmt: skip
        """WeightsError for weights that are not, OSError for a file that cannot be read."""
        self._codec = Codec.load(weights / CODEC, device)
        self._lm = Lm.load(weights / LM, self._codec.codebooks()).to(device)
        self.weights: Final = digest(weights)
        self._bed, self._segments = Renderer(device, bank), segments
        self._made_of, self._tiles = Tiles(self._lm, self._codec, temperature), list[Tile]()
        self._held: dict[Hashable, _Stream] = {}
        self.device: Final = device
        self.lookback: Final = max(segments.lookback, LOOKBACK_STEPS + BEFORE_STEPS)
        self.latency_samples: Final = late_samples(self._codec.decoding(1)) + LIMITER_DELAY_SAMPLES

    def render(self, requests: Sequence[Request]) -> list[F32]:
        """Samples of each request, float32 [channels, n · STEP_SAMPLES], full scale ±1.

        ValueError for a request that is malformed, or looks back over fewer than `lookback` token frames.
        """
        for request in requests:
            request.check()
            if request.lookback < self.lookback:
                raise ValueError(f"tokens: {request.lookback} before the first step are fewer than {self.lookback}")
        jobs = [self._job(request) for request in requests]
        going = [job for job in jobs if not job.is_done]
        beds = self._bed.render([self._bed_of(job.request, job.first) for job in going])
        for job, bed in zip(going, beds, strict=True):
            job.scene = bed[list(job.stream.layout.active)]
            for step in range(job.first, job.stream.step):
                job.hear(step)
        with one_thread():
            while going:
                self._turn(going)
                going = [job for job in going if not job.is_done]
        for job in jobs:
            self._end(job)
        return [job.out for job in jobs]

    def forget(self, key: Hashable) -> None:
        """Drop what is remembered of a stream, if anything."""
        self._bed.forget(("bed", key))
        if (stream := self._held.pop(key, None)) is not None:
            for segment in list(stream.tracks):
                self._drop(stream, segment)

    def _job(self, request: Request) -> _Job:
        """A request with its stream, and with what the stream remembers of it already done."""
        stream = self._begin(request)
        out = np.zeros((stream.layout.channels, request.steps * STEP_SAMPLES), np.float32)
        active, oldest = list(stream.layout.active), stream.step - len(stream.recent)
        for step in range(request.first_step, min(stream.step, request.first_step + request.steps)):
            at = (step - request.first_step) * STEP_SAMPLES
            out[active, at : at + STEP_SAMPLES] = stream.recent[step - oldest]
        is_new = not stream.tracks
        return _Job(request, stream, max(stream.step - WINDOW - 1, 0) if is_new else stream.step, out)

    def _begin(self, request: Request) -> _Stream:
        """The stream that a request goes on with, or a new one."""
        layout = LAYOUTS[request.layout]
        held = self._held.get(request.key) if request.key is not None else None
        if held is not None and held.can_go_on(request):
            stream = self._held.pop(request.key)
        else:
            if held is not None:
                self.forget(request.key)
            active = len(layout.active)
            silence = np.zeros((active, STEP_SAMPLES), np.float32)
            begin = max(request.first_step - LEAD_STEPS, 0)
            stream = _Stream(request.seed, layout, begin, _spread(layout), Above(active), silence)
        return stream

    @staticmethod
    def _bed_of(request: Request, first: int) -> Request:
        """What the bed is asked for: the same stretch from the step `first` on."""
        rows = request.tokens[request.lookback - LOOKBACK_STEPS - (request.first_step - first) :]
        return Request(request.seed, request.layout, first, rows, None if request.key is None else ("bed", request.key))

    def _end(self, job: _Job) -> None:
        key = job.request.key
        if key is not None and key not in self._held:
            self._held[key] = job.stream
        else:
            for segment in list(job.stream.tracks):
                self._drop(job.stream, segment)

    def _turn(self, jobs: list[_Job]) -> None:
        """Every job's tracks that are behind make a step; a job whose tracks have all caught up hands out a step."""
        moves: dict[int, list[tuple[_Track, Move]]] = {}
        for job in jobs:
            for segment in self._segments.running(job.stream.step):
                if segment not in job.stream.tracks:
                    job.stream.tracks[segment] = self._tracks(job.stream, segment)
                for track in job.stream.tracks[segment]:
                    if track.step <= job.stream.step:
                        row = _row(job.request, track.step).copy()
                        row[_MASTER] = _MASTER_0_DB
                        move = Move(track.slot, track.seed, track.step, row)
                        moves.setdefault(id(track.tile), []).append((track, move))
        for group in moves.values():
            made = group[0][0].tile.move([move for _, move in group])
            for track, move in group:
                track.made, track.step = made[move.slot], track.step + 1
                track.level.hear(track.made)
        for job in jobs:
            running = self._segments.running(job.stream.step)
            if all(track.step > job.stream.step for segment in running for track in job.stream.tracks[segment]):
                self._hand_out(job, running)

    def _hand_out(self, job: _Job, running: tuple[int, ...]) -> None:
        stream, layout = job.stream, job.stream.layout
        high = job.hear(stream.step)
        weights, wanted, share = self._segments.weights(stream.step, STEP_SAMPLES), stream.wanted, stream.share
        heard = sum(
            weight * np.stack([track.level(track.made, wanted, share) for track in stream.tracks[segment]])
            for segment, weight in zip(running, weights, strict=True)
        )
        now = np.asarray(stream.spread @ np.asarray(heard) + high, np.float32)
        limited = np.empty_like(now)
        _limit(stream.before, now, layout.monitor, limited)
        ready = (stream.step - job.request.first_step) * STEP_SAMPLES
        if ready >= 0:
            job.out[list(layout.active), ready : ready + STEP_SAMPLES] = limited
            stream.recent.append(limited)
        stream.before = now
        stream.step += 1
        for segment in [each for each in stream.tracks if each not in self._segments.running(stream.step)]:
            self._drop(stream, segment)

    def _tracks(self, stream: _Stream, segment: int) -> list[_Track]:
        """A segment's streams, at its beginning."""
        begin, found = self._segments.begin(segment), []
        for number in range(len(stream.layout.active)):
            tile = next((tile for tile in self._tiles if tile.free), None)
            if tile is None:
                tile = self._made_of.tile()
                self._tiles.append(tile)
            found.append(_Track(tile, tile.take(), seed_of(stream.seed, segment, number), begin))
        return found

    @staticmethod
    def _drop(stream: _Stream, segment: int) -> None:
        for track in stream.tracks.pop(segment):
            track.tile.free.append(track.slot)


def _row(request: Request, step: int) -> Row:
    """The token frame of a step; before step 0 there was silence."""
    return request.tokens[request.lookback + step - request.first_step] if step >= 0 else silent_row()


def _spread(layout: Layout) -> F32:
    """Streams to active channels, [n, n]: equal power in each loudspeaker; patterns hear them from all around."""
    count = len(layout.active)
    if not layout.field.is_ambisonic:
        return np.asarray(np.eye(count) / count**0.5, np.float32)
    around = layout.field.pans[[number * AZIMUTHS // count for number in range(count)]]
    return np.asarray(around.T / count**0.5, np.float32)


@jit
def _limit(before: F32, now: F32, monitor: F32, out: F32) -> None:
    limit(before, now, monitor, out)
