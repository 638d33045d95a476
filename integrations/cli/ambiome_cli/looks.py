"""What a server tells of itself over HTTP, and how fast its counters go from one look to the next."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, InvalidURL
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

from ambiome_cli.exits import Exit, Problem

ASK_S: Final = 5.0
REPORTED: Final = "ambiome_report_timestamp_seconds"


@dataclass(frozen=True, slots=True)
class Look:
    """A server at a moment. `samples` are its metrics by name and worker (or other label), `count` is how many
    sessions it has, of which it tells of some, `sick` what is not well.
    """

    at_s: float
    samples: dict[tuple[str, str], float]
    sessions: list[dict[str, Any]]
    count: int
    sick: list[str]

    def of(self, name: str, label: str = "") -> float:
        """A metric; 0 where it is not told."""
        return self.samples.get((f"ambiome_{name}", label), 0.0)

    def workers(self) -> list[str]:
        """Those that have reported, in order."""
        return sorted((label for name, label in self.samples if name == REPORTED), key=int)

    def reported_at(self, worker: str) -> float:
        """When a worker's counters were told; the front's, whose name is "", are those of now."""
        return self.samples.get((REPORTED, worker), 0.0) if worker else self.at_s


def look(url: str, clock: Callable[[], float] = time.monotonic) -> Look:
    """Ask a server how it is. Problem where none answers, or something else does."""
    from prometheus_client.parser import text_string_to_metric_families

    base = url if "://" in url else f"http://{url}"
    try:
        samples = {
            (one.name, next(iter(one.labels.values()), "")): float(one.value)
            for family in text_string_to_metric_families(_asked(base, "/metrics"))
            for one in family.samples
        }
        told, health = json.loads(_asked(base, "/sessions")), json.loads(_asked(base, "/health"))
        return Look(clock(), samples, told["sessions"], told["count"], health["sick"])
    except (OSError, HTTPException, ValueError, LookupError, TypeError) as error:
        raise Problem(
            Exit.UNREACHABLE, f"{base} does not tell how a server is ({_why(error)}): start it with --metrics PORT"
        ) from error


def _asked(base: str, path: str) -> str:
    try:
        with urlopen(base.rstrip("/") + path, timeout=ASK_S) as answer:
            return str(answer.read().decode())
    except URLError as error:
        if getattr(error, "code", None) == 503:  # sick, and says so
            return str(error.read().decode())  # type: ignore[attr-defined]
        raise


def _why(error: Exception) -> str:
    """In a line, without what a stranger may have answered."""
    if isinstance(error, OSError | InvalidURL):
        reason = getattr(error, "reason", error)
        return str(getattr(reason, "strerror", None) or reason)
    return "something else answers there"


class Rates:
    """How fast counters went of late: a worker's between two of its reports, the front's between two looks."""

    def __init__(self) -> None:
        self._latest: dict[str, Look] = {}
        self._before: dict[str, Look] = {}

    def see(self, seen: Look) -> None:
        """Another look; a worker that has not reported since the last one is as it was."""
        for worker in ("", *seen.workers()):
            latest = self._latest.get(worker)
            if latest is None:
                self._latest[worker] = seen
            elif latest.reported_at(worker) != seen.reported_at(worker):
                self._before[worker], self._latest[worker] = latest, seen

    def rate(self, name: str, worker: str = "") -> float | None:
        """A counter's growth a second, 0 where it began anew; None until it is known."""
        before, latest = self._before.get(worker), self._latest.get(worker)
        if before is None or latest is None:
            return None
        past_s = latest.reported_at(worker) - before.reported_at(worker)
        return max(0.0, latest.of(name, worker) - before.of(name, worker)) / past_s if past_s > 0.0 else None

    def ratio(self, name: str, each: str, worker: str = "") -> float | None:
        """How much a counter grew for each one that another grew; None where that did not."""
        rate, each_rate = self.rate(name, worker), self.rate(each, worker)
        return rate / each_rate if rate is not None and each_rate else None
