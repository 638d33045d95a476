"""What a server tells those who watch it: Prometheus metrics, and whether it is well.

`Figures` are plain numbers that the front process writes as it goes and that are read when somebody asks, in another
thread (see `metrics_server`).
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from ambiome_middleware.wire import Load

SILENT_S: Final = 5.0
"""A front process that has not gone round for so long, or a worker that has not been heard of, is not well."""


@dataclass(slots=True, eq=False)
class Figures:
    """Of one server. `loads` are the workers' latest reports, with the time at which each came; `zones`
    are names and numbers of members, by the numbers of their sessions.
    """

    workers: int
    clock: Callable[[], float] = time.monotonic
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

    def loaded(self, load: Load) -> None:
        """A worker has said what it does."""
        self.loads[load.worker] = self.clock(), load

    def sick(self) -> list[str]:
        """What is not well, in words; nothing where all is."""
        now_s = self.clock()
        found = [] if now_s - self.turned_at < SILENT_S else ["the front process does not go round"]
        for worker in range(self.workers):
            heard_at, _ = self.loads.get(worker, (-math.inf, None))
            if now_s - heard_at >= SILENT_S:
                found.append(f"worker {worker} is not heard of")
        return found

    def sessions(self) -> list[dict[str, Any]]:
        """How sessions stand, as workers last told it, by number."""
        told = [
            {"worker": worker, **msgspec.structs.asdict(meter), **self._zone(meter.session)}
            for worker, (_, load) in self.loads.items()
            for meter in load.meters
        ]
        return sorted(told, key=lambda each: int(each["session"]))

    def _zone(self, session: int) -> dict[str, Any]:
        """What a session tells beside its meter where it is a zone's."""
        name, members = self.zones.get(session, ("", 0))
        return {"zone": name, "members": members} if name else {}

    def collect(self) -> Iterable[Metric]:
        """The metrics of this moment, as Prometheus has them."""
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
        errors = sum((Counter(load.errors) for _, load in self.loads.values()), Counter(self.refused))
        told = CounterMetricFamily("ambiome_errors", "Errors that clients were told, by code.", labels=["code"])
        for code, count in sorted(errors.items()):
            told.add_metric([code], count)
        yield told
        loads = {str(worker): load for worker, (_, load) in sorted(self.loads.items())}
        for name, about, get in _OF_WORKERS:
            kind = GaugeMetricFamily if name in _GAUGES else CounterMetricFamily
            family: Any = kind(f"ambiome_{name}", about, labels=["worker"])
            for worker, load in loads.items():
                family.add_metric([worker], get(load))
            yield family
        yield GaugeMetricFamily("ambiome_healthy", "1 while all is well.", value=float(not self.sick()))


_OF_WORKERS: Final[tuple[tuple[str, str, Callable[[Load], float]], ...]] = (
    ("live_sessions", "Live sessions that play.", lambda load: load.live),
    ("free_sessions", "Free sessions.", lambda load: load.free),
    ("owed_steps", "Steps for which there is credit, and which are not rendered.", lambda load: load.owed_steps),
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
    ("render_turns", "Calls of a renderer.", lambda load: load.turns),
    ("render_requests", "Sessions in those calls: by turns, the mean size of a batch.", lambda load: load.requests),
    ("render_steps", "Steps rendered.", lambda load: load.steps),
    ("render_seconds", "Seconds spent rendering.", lambda load: load.render_s),
    ("deadline_misses", "Steps rendered when their client had no sound left.", lambda load: load.misses),
    ("render_failures", "Sessions that ended because their sound could not be made.", lambda load: load.failures),
)
_GAUGES: Final = (
    "live_sessions",
    "free_sessions",
    "owed_steps",
    "busy_ratio",
    "busy_live_ratio",
    "quality",
    "loudness_lufs",
)


def _gauge(name: str, about: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"ambiome_{name}", about, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family


def _counter(name: str, about: str, value: int) -> Metric:
    return CounterMetricFamily(f"ambiome_{name}", about, value=value)
