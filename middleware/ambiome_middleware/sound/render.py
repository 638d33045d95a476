"""Token frames → samples: the renderer that a server, a file or a simulation calls.

    Renderer().render([Request(seed=1, layout="stereo", first_step=0, tokens=rows)])

The result depends on the request alone (laws 1 to 4): not on the other requests, nor on how a stretch is cut into
calls, nor on what the renderer remembers. A `key` lets it remember a stream, so that going on needs no look back.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from msgspec import Struct

from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.arrays import F32, I16, I64, U64
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.layouts import LAYOUTS, Layout
from ambiome_middleware.sound.plan import Lists
from ambiome_middleware.tokens import LOOKBACK_STEPS, ROW_WIDTH, STEP_SAMPLES

SOUND_VERSION: Final = 4
"""Counts up with every change that alters a sample; see CHANGELOG."""
WARM_UP_STEPS: Final = LOOKBACK_STEPS - 1
SLOTS_AT_FIRST: Final = 256
"""More streams than a core renders in real time: to make room for others means to copy them all."""
_NO_SOUND: Final[F32] = np.empty((0, 0), np.float32)


class Request(Struct, frozen=True):
    """One stretch of one stream.

    `tokens` int16 [LOOKBACK_STEPS + n, ROW_WIDTH], n ≥ 1: row LOOKBACK_STEPS is the frame of `first_step`; rows before
    step 0 are not read. May be a view. `key` names the stream, for the cache. `lookback`: how many rows there are
    before that of `first_step`, for a renderer that wants more than LOOKBACK_STEPS.
    """

    seed: int
    layout: str
    first_step: int
    tokens: I16
    key: Hashable | None = None
    lookback: int = LOOKBACK_STEPS

    @property
    def steps(self) -> int:
        """How many steps are asked for."""
        return len(self.tokens) - self.lookback

    def check(self) -> None:
        """ValueError that says what is wrong."""
        if self.layout not in LAYOUTS:
            raise ValueError(f"layout: {self.layout!r} is none of {', '.join(LAYOUTS)}")
        shape = self.tokens.shape
        if (
            len(shape) != 2
            or shape[1] != ROW_WIDTH
            or self.tokens.dtype != np.int16
            or self.lookback < LOOKBACK_STEPS
            or shape[0] <= self.lookback
        ):
            raise ValueError(
                f"tokens: {self.tokens.dtype} {list(self.tokens.shape)}, "
                f"wanted are int16 [{max(self.lookback, LOOKBACK_STEPS)} + n, {ROW_WIDTH}]"
            )
        if not 0 <= self.first_step < 1 << 53:
            raise ValueError(f"first_step: {self.first_step}, allowed are 0 … 2^53 − 1")
        if not 0 <= self.seed < 1 << 63:
            raise ValueError(f"seed: {self.seed}, allowed are 0 … 2^63 − 1")


class Backend(Protocol):
    """A device's half of the work: planned rows → the layout's active channels, with the overlap and the step before
    kept by slot. What `render_tile` returns holds until it is called again."""

    tile_rows: int

    def add_slots(self, count: int) -> None: ...
    def clear(self, slot: int) -> None: ...
    def render_tile(
        self, lists: Lists, slots: I64, seeds: U64, steps: I64,
        rows: I16, layout: Layout,
    ) -> F32: ...  # fmt: skip


@dataclass(slots=True)
class _Held:
    """A stream that a slot holds: with which request it can go on."""

    slot: int
    seed: int
    layout: str
    next_step: int


@dataclass(slots=True)
class _Job:
    """One request on its way: the next step to render is held's, `left` are to be rendered, the first `lead` of them
    not to be handed out. `out` is empty before there is any sound.
    """

    request: Request
    held: _Held
    left: int
    lead: int
    out: F32

    def rows(self, count: int) -> I16:
        at = len(self.request.tokens) - self.left
        return self.request.tokens[at : at + count]


def resolve_device(device: str) -> str:
    """ "auto" → cuda, mps or cpu, whichever is there; ValueError for a device that is not."""
    import torch

    has = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if has[name])
    kind = device.split(":")[0]
    if not has.get(kind, False):
        there = ", ".join(name for name, is_there in has.items() if is_there)
        raise ValueError(f"device: {device!r} is not there; this machine has {there}")
    return device


class Renderer:
    """Renders many streams at once on one device. Not thread-safe; the laws hold for any number of torch threads."""

    def __init__(self, device: str = "auto", bank: Bank | None = None, backend: Backend | None = None) -> None:
        self.device = resolve_device(device)
        self._bank = bank or banks.built_in()
        self._backend = backend or _backend(self.device, self._bank)
        self._lists = Lists.empty(0, self._bank)
        self._held: dict[Hashable, _Held] = {}
        self._free: list[int] = []

    def render(self, requests: Sequence[Request]) -> list[F32]:
        """Samples of each request, float32 [channels, n · STEP_SAMPLES], full scale ±1.

        Raises ValueError for a request that is malformed; nothing has been rendered then.
        """
        for request in requests:
            request.check()
        jobs = [self._begin(request) for request in requests]
        by_layout: dict[str, list[_Job]] = {}
        for job in jobs:
            by_layout.setdefault(job.held.layout, []).append(job)
        try:
            for name, alike in by_layout.items():
                self._run(alike, LAYOUTS[name])
        except BaseException:
            # Half-rendered streams are not kept: the next call looks back and finds the same sound.
            self._free.extend(job.held.slot for job in jobs)
            raise
        for job in jobs:
            self._end(job)
        return [job.out for job in jobs]

    def forget(self, key: Hashable) -> None:
        """Drop what is remembered of a stream, if anything."""
        if (held := self._held.pop(key, None)) is not None:
            self._free.append(held.slot)

    def _begin(self, request: Request) -> _Job:
        held = self._held.pop(request.key, None) if request.key is not None else None
        if held is not None:
            if held.next_step == request.first_step and held.seed == request.seed and held.layout == request.layout:
                return _Job(request, held, request.steps, 0, _NO_SOUND)
            self._free.append(held.slot)
        slot = self._take_slot()
        self._lists.clear(slot)
        self._backend.clear(slot)
        lead = min(WARM_UP_STEPS, request.first_step)
        held = _Held(slot, request.seed, request.layout, request.first_step - lead)
        return _Job(request, held, lead + request.steps, lead, _NO_SOUND)

    def _end(self, job: _Job) -> None:
        key = job.request.key
        if key is None or key in self._held:
            self._free.append(job.held.slot)
        else:
            self._held[key] = job.held

    def _take_slot(self) -> int:
        if not self._free:
            have = len(self._lists.counts)
            more = have or SLOTS_AT_FIRST
            self._lists.add_slots(more)
            self._backend.add_slots(more)
            self._free.extend(range(have + more - 1, have - 1, -1))
        return self._free.pop()

    def _run(self, jobs: list[_Job], layout: Layout) -> None:
        tile = self._backend.tile_rows
        while jobs:
            for first in range(0, len(jobs), tile):
                group = jobs[first : first + tile]
                length = min(max(1, tile // len(group)), min([job.left for job in group]))
                rows = np.concatenate([job.rows(length) for job in group]).reshape(len(group), length, ROW_WIDTH)
                slots = np.array([job.held.slot for job in group], np.int64)
                seeds = np.array([job.held.seed for job in group], np.uint64)
                steps = np.array([job.held.next_step for job in group], np.int64)
                samples = self._backend.render_tile(self._lists, slots, seeds, steps, rows, layout)
                for job, audio in zip(group, samples, strict=True):
                    _hand_out(job, audio, layout)
            jobs = [job for job in jobs if job.left > 0]


def _hand_out(job: _Job, audio: F32, layout: Layout) -> None:
    """Copy the steps [T, n, STEP_SAMPLES] that were asked for to the active channels; drop those that only lead in."""
    steps = len(audio)
    skip = min(job.lead, steps)
    job.lead -= skip
    job.held.next_step += steps
    job.left -= steps
    if skip == steps:
        return
    is_whole = len(layout.active) == layout.channels
    if not job.out.size:
        if is_whole and job.request.steps == 1:
            job.out = audio[-1].copy()
            return
        job.out = np.zeros((layout.channels, job.request.steps * STEP_SAMPLES), np.float32)
    # To choose channels by number costs more than to copy them.
    active = slice(None) if is_whole else layout.active
    at = (job.request.steps - job.left - (steps - skip)) * STEP_SAMPLES
    for step in audio[skip:]:
        job.out[active, at : at + STEP_SAMPLES] = step
        at += STEP_SAMPLES


def _backend(device: str, bank: Bank) -> Backend:
    if device == "cpu":
        from ambiome_middleware.sound.cpu import CpuBackend

        return CpuBackend(bank)
    from ambiome_middleware.sound.gpu import TorchBackend

    return TorchBackend(bank, device)
