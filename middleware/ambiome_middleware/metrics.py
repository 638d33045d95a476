"""What a server tells those who watch it: Prometheus metrics, and whether it is well.

`Figures` are plain numbers that the front process writes as it goes and that are read when somebody asks, in another
thread (see `metrics_server`).
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgspec
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from ambiome_middleware.buckets import CALL_S, CALL_SESSIONS, cumulative
from ambiome_middleware.wire import Load

SILENT_S: Final = 5.0
"""A front process that has not gone round for so long, or a worker that has not been heard of, is not well."""


@dataclass(slots=True, eq=False)
class Figures:
    """Of one server. `loads` are the workers' latest reports, with the time at which each came; `zones`
    are names and numbers of members, by the numbers of their sessions. `clock` only goes on, `now` is since 1970.
    """

    workers: int
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    turned_at: float = -math.inf
    attached: int = 0
    detached: int = 0
    zones: dict[int, tuple[str, int]] = field(default_factory=dict)
    frames: int = 0
    audio_bytes: int = 0
    underruns: int = 0
    front_busy: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    loads: dict[int, tuple[float, Load]] = field(default_factory=dict)
    reported_at: dict[int, float] = field(default_factory=dict)
    deaths: Counter[int] = field(default_factory=Counter)
    gone: set[int] = field(default_factory=set)
    _past_errors: Counter[str] = field(default_factory=Counter)

    def loaded(self, load: Load) -> None:
        """A worker has said what it does. Of one that is gone this was on its way when it died, and counts no more."""
        if load.worker not in self.gone:
            self.loads[load.worker] = self.clock(), load
            self.reported_at[load.worker] = self.now()

    def lost(self, worker: int) -> None:
        """A worker is gone, and its sessions with it; what clients were told remains."""
        self.deaths[worker] += 1
        self.gone.add(worker)
        self.reported_at.pop(worker, None)
        _, load = self.loads.pop(worker, (0.0, None))
        if load is not None:
            self._past_errors = self._past_errors + Counter(load.errors)

    def ready(self, worker: int) -> None:
        """A worker renders, for the first time or again."""
        self.gone.discard(worker)

    def sick(self) -> list[str]:
        """What is not well, in words; nothing where all is."""
        now_s = self.clock()
        found = [] if now_s - self.turned_at < SILENT_S else ["the front process does not go round"]
        for worker in range(self.workers):
            heard_at, _ = self.loads.get(worker, (-math.inf, None))
            if worker in self.gone:
                found.append(f"worker {worker} is gone")
            elif now_s - heard_at >= SILENT_S:
                found.append(f"worker {worker} is not heard of")
        return found

    def sessions(self) -> dict[str, Any]:
        """How many sessions there are that workers have, and how those stand that they tell of, by number."""
        told = [
            {"worker": worker, **msgspec.structs.asdict(meter), **self._zone(meter.session)}
            for worker, (_, load) in sorted(self.loads.items())
            for meter in load.meters
        ]
        members = sum(members for _, members in self.zones.values())
        count = max(self.attached + self.detached - members + len(self.zones), len(told))
        return {"count": count, "sessions": sorted(told, key=lambda each: int(each["session"]))}

    def _zone(self, session: int) -> dict[str, Any]:
        """What a session tells beside its meter where it is a zone's."""
        name, members = self.zones.get(session, ("", 0))
        return {"zone": name, "members": members} if name else {}

    def collect(self) -> Iterable[Metric]:
        """The metrics of this moment, as Prometheus has them."""
        loads = {worker: load for worker, (_, load) in sorted(self.loads.items())}
        yield from self._of_front(loads)
        for name, about, get in _GAUGES:
            yield _of_workers(GaugeMetricFamily(f"ambiome_{name}", about, labels=["worker"]), loads, get)
        for name, about, get in _COUNTERS:
            yield _of_workers(CounterMetricFamily(f"ambiome_{name}", about, labels=["worker"]), loads, get)
        yield from _histograms(loads)
        at = GaugeMetricFamily(
            "ambiome_report_timestamp_seconds", "When it last said all this, since 1970.", labels=["worker"]
        )
        for worker, reported_at in sorted(self.reported_at.items()):
            at.add_metric([str(worker)], reported_at)
        yield at
        deaths = CounterMetricFamily("ambiome_worker_deaths", "Times that a worker died.", labels=["worker"])
        for worker in range(self.workers):
            deaths.add_metric([str(worker)], self.deaths[worker])
        yield deaths
        yield GaugeMetricFamily("ambiome_healthy", "1 while all is well.", value=float(not self.sick()))

    def _of_front(self, loads: dict[int, Load]) -> Iterable[Metric]:
        """What the front process counts, and what it counts together with workers."""
        yield _gauge("sessions", "Sessions, by whether a client is there.", "state",
                     {"attached": self.attached, "detached": self.detached})  # fmt: skip
        members = sum(members for _, members in self.zones.values())
        yield GaugeMetricFamily("ambiome_zones", "Zones: one session of load each.", value=len(self.zones))
        yield GaugeMetricFamily("ambiome_zone_members", "Sessions that are members of zones.", value=members)
        busy = "Share of the last second in which the front process was at work."
        yield GaugeMetricFamily("ambiome_front_busy_ratio", busy, value=self.front_busy)
        yield _counter("frames_sent", "Frames sent to clients.", self.frames)
        yield _counter("audio_bytes_sent", "Bytes of audio sent to clients.", self.audio_bytes)
        yield _counter("client_underruns", "Underruns that clients have reported.", self.underruns)
        errors = sum((Counter(load.errors) for load in loads.values()), Counter(self.refused) + self._past_errors)
        told = CounterMetricFamily("ambiome_errors", "Errors that clients were told, by code.", labels=["code"])
        for code, count in sorted(errors.items()):
            told.add_metric([code], count)
        yield told


_Figure = tuple[str, str, Callable[[Load], float]]
_GAUGES: Final[tuple[_Figure, ...]] = (
    ("live_sessions", "Live sessions that play.", lambda load: load.live),
    ("free_sessions", "Free sessions.", lambda load: load.free),
    ("owed_steps", "Steps for which there is credit, and which are not rendered.", lambda load: load.owed_steps),
    ("owed_live_steps", "Those of them that live sessions are owed.", lambda load: load.owed_live_steps),
    ("busy_ratio", "Share of the last second in which it was at work.", lambda load: load.busy),
    (
        "busy_live_ratio",
        "Share of the last second in which it was at work for live sessions.",
        lambda load: load.busy_live,
    ),
    ("quality", "Quality in which live sessions are rendered: 0 full, to 3.", lambda load: load.quality),
    (
        "loudness_lufs",
        "How loud what was rendered last is, in the mean of some sessions.",
        lambda load: load.loudness_lufs,
    ),
)
_COUNTERS: Final[tuple[_Figure, ...]] = (
    ("render_turns", "Calls of a renderer.", lambda load: load.turns),
    ("render_requests", "Sessions in those calls: by turns, the mean size of a batch.", lambda load: load.requests),
    ("render_steps", "Steps rendered.", lambda load: load.steps),
    ("render_seconds", "Seconds spent rendering.", lambda load: load.render_s),
    ("deadline_misses", "Steps rendered when their client had no sound left.", lambda load: load.misses),
    ("render_failures", "Sessions that ended because their sound could not be made.", lambda load: load.failures),
)


def _of_workers(family: Any, loads: dict[int, Load], get: Callable[[Load], float]) -> Metric:
    for worker, load in loads.items():
        family.add_metric([str(worker)], get(load))
    return cast("Metric", family)


def _histograms(loads: dict[int, Load]) -> Iterable[Metric]:
    times = HistogramMetricFamily("ambiome_render_call_seconds", "How long a call takes.", labels=["worker"])
    sizes = HistogramMetricFamily("ambiome_render_call_sessions", "How many sessions are in it.", labels=["worker"])
    for worker, load in loads.items():
        if load.calls_by_s:
            times.add_metric([str(worker)], cumulative(load.calls_by_s, CALL_S), load.render_s)
            sizes.add_metric([str(worker)], cumulative(load.calls_by_sessions, CALL_SESSIONS), load.requests)
    yield times
    yield sizes


def _gauge(name: str, about: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"ambiome_{name}", about, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family


def _counter(name: str, about: str, value: int) -> Metric:
    return CounterMetricFamily(f"ambiome_{name}", about, value=value)
