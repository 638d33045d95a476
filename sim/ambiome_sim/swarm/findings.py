"""What a swarm found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from ambiome_protocol.lists import Pace

SHARES_MS: Final = (50, 100, 200)


@dataclass(slots=True)
class Heard:
    """What one listener heard. Each underrun is how long its card had nothing to play; times in seconds."""

    name: str
    pace: Pace
    frames: int = 0
    underruns_s: list[float] = field(default_factory=list)
    control_s: list[float] = field(default_factory=list)
    reconnects: int = 0
    warnings: int = 0
    failure: str = ""
    is_refused: bool = False
    """Whether there was no room for it: its place is tried again when the server says so, by another."""

    @property
    def longest_s(self) -> float:
        """The longest underrun."""
        return max(self.underruns_s, default=0.0)


@dataclass(frozen=True, slots=True)
class Second:
    """What went on in one second: how many listened, frames that were played or taken, the server's CPU (1.0 is one
    core) and its memory in MiB (0 where its processes are not known), and by how much the swarm itself was late.
    """

    at_s: float
    listeners: int
    frames: int
    underruns: int
    cpu: float
    memory_mib: float
    late_s: float


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found, from the time on at which all had joined."""

    machine: str
    listeners: tuple[Heard, ...]
    seconds: tuple[Second, ...]

    @property
    def live(self) -> list[Heard]:
        """Those that listened live, and heard something."""
        return [each for each in self.listeners if each.pace == "live" and each.frames]

    @property
    def most(self) -> int:
        """How many listened at once, at most."""
        return max((second.listeners for second in self.seconds), default=0)

    def as_json(self) -> dict[str, Any]:
        """The figures by name: times in ms, shares 0 … 1."""
        longest = np.array([each.longest_s * 1_000 for each in self.live] or [0.0])
        total = np.array([sum(each.underruns_s) * 1_000 for each in self.live] or [0.0])
        control = np.array([took for each in self.live for took in each.control_s] or [0.0]) * 1_000
        frames = [second.frames for second in self.seconds] or [0]
        return {
            "machine": self.machine,
            "listeners": sum(not each.is_refused for each in self.listeners),
            "refused": sum(each.is_refused for each in self.listeners),
            "failed": [f"{each.name}: {each.failure}" for each in self.listeners if each.failure],
            "reconnects": sum(each.reconnects for each in self.listeners),
            "longest_underrun_ms": _spread(longest),
            "underrun_in_all_ms": _spread(total),
            "share_under": {f"{limit} ms": float(np.mean(longest < limit)) for limit in SHARES_MS},
            "control_to_sound_ms": _spread(control),
            "changes": sum(len(each.control_s) for each in self.live),
            "frames_a_second": round(float(np.mean(frames)), 1),
            "server_cores": round(float(np.mean([second.cpu for second in self.seconds] or [0.0])), 2),
            "server_mib": round(max((second.memory_mib for second in self.seconds), default=0.0), 1),
            "swarm_late_ms_p99": round(
                float(np.percentile([second.late_s for second in self.seconds] or [0.0], 99)) * 1_000, 1
            ),
        }

    def rows(self) -> Sequence[tuple[str, str]]:
        """The same for people."""
        found = self.as_json()
        shares = ", ".join(f"{share:.1%} under {limit}" for limit, share in found["share_under"].items())
        rows = [
            (
                "listeners",
                f"{found['listeners']}, of which {len(found['failed'])} failed; {found['refused']} found no room",
            ),
            ("connections that came back", f"{found['reconnects']}"),
            ("longest underrun of a live listener", _words(found["longest_underrun_ms"])),
            ("", shares),
            ("all its underruns together", _words(found["underrun_in_all_ms"])),
            ("control → sound", f"{_words(found['control_to_sound_ms'])}, of {found['changes']} changes"),
            ("frames a second", f"{found['frames_a_second']:,}"),
            ("the swarm itself was late by", f"{found['swarm_late_ms_p99']} ms (p99 of seconds)"),
            ("machine", self.machine),
        ]
        if found["server_mib"]:
            rows.insert(-2, ("server", f"{found['server_cores']} cores, {found['server_mib']:,} MiB"))
        return rows


def _spread(values: "np.ndarray[Any, Any]") -> dict[str, float]:
    p95, p99 = np.percentile(values, [95, 99])
    found = {"mean": np.mean(values), "p95": p95, "p99": p99, "max": np.max(values)}
    return {name: round(float(value), 1) for name, value in found.items()}


def _words(spread: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in spread.items()) + " ms"
