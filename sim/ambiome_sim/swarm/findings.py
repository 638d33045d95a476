"""What a swarm found."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ambiome_sim.swarm.heard import Heard, quality_shares

SHARES_MS: Final = (50, 100, 200)
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Second:
    """What went on in one second: how many listened, frames that were played or taken, underruns that ended in it or
    went on at its end, the server's CPU (1.0 is one core) and its memory in MiB (None where its processes are not
    known), by how much the swarm itself was late, and the frames of live listeners by quality.
    """

    at_s: float
    listeners: int
    frames: int
    underruns: int
    cpu: float | None
    memory_mib: float | None
    late_s: float
    qualities: Counter[int]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found since all had joined; failures and first sounds, since the beginning."""

    machine: str
    listeners: tuple[Heard, ...]
    seconds: tuple[Second, ...]

    @property
    def live(self) -> list[Heard]:
        """Those that listened live and heard something, or should have."""
        return [each for each in self.listeners if each.pace == "live" and each.is_judged]

    @property
    def failed(self) -> list[Heard]:
        """Those whose session failed, or was never opened though there was no want of room."""
        return [each for each in self.listeners if each.failure]

    @property
    def silent(self) -> list[Heard]:
        """Those that should have heard something, and heard nothing."""
        return [each for each in self.listeners if each.is_judged and not each.frames]

    @property
    def is_heard(self) -> bool:
        """Whether anybody heard anything."""
        return any(each.frames for each in self.listeners)

    @property
    def most(self) -> int:
        """How many listened at once, at most."""
        return max((second.listeners for second in self.seconds), default=0)

    @property
    def qualities(self) -> Counter[int]:
        """The frames of live listeners by quality."""
        return sum((each.qualities for each in self.live), Counter())

    @property
    def warnings(self) -> Counter[str]:
        """How often who was warned of what, by code."""
        return sum((each.warnings for each in self.listeners), Counter())

    def as_json(self) -> dict[str, Any]:
        """The figures by name: times in ms, shares 0 … 1. Null stands for what nobody knows. `share_under` is of live
        listeners; one that failed is under no limit. `each` has those that were not refused for want of room.
        """
        live, let_in = self.live, [each for each in self.listeners if not each.is_refused]
        played = [each for each in live if each.frames or each.underruns_s]
        return {
            "machine": self.machine,
            "listeners": len(let_in),
            "refused": len(self.listeners) - len(let_in),
            "failed": [f"{each.name}: {each.failure}" for each in self.failed],
            "silent": len(self.silent),
            "reconnects": sum(each.reconnects for each in self.listeners),
            "first_sound_ms": _spread([each.first_sound_s for each in live if each.first_sound_s is not None]),
            "back_ms": _spread([back_s for each in live for back_s in each.back_s]),
            "longest_underrun_ms": _spread([each.longest_s for each in played]),
            "longest_of_others_ms": _spread([each.longest_of_others_s for each in played]),
            "underrun_in_all_ms": _spread([each.total_s for each in played]),
            "share_under": {f"{limit} ms": _share_under(live, limit) for limit in SHARES_MS},
            "quality": quality_shares(self.qualities),
            "warnings": dict(self.warnings.most_common()),
            "control_to_sound_ms": _spread([took_s for each in live for took_s in each.control_s]),
            "changes": sum(len(each.control_s) for each in live),
            "frames_a_second": round(_measured([second.frames for second in self.seconds], np.mean) or 0.0, 1),
            "server_cores": _measured([second.cpu for second in self.seconds], np.mean, 2),
            "server_mib": _measured([second.memory_mib for second in self.seconds], np.max, 1),
            "swarm_late_ms_p99": _measured([second.late_s * 1_000 for second in self.seconds], _p99, 1),
            "each": [each.as_json() for each in let_in],
        }

    def rows(self) -> Sequence[tuple[str, str]]:
        """The same for people."""
        found = self.as_json()
        listeners = (
            f"{found['listeners']}, of which {len(found['failed'])} failed and {found['silent']} heard nothing; "
            f"{found['refused']} found no room"
        )
        shares = [f"{share:.1%} under {limit}" for limit, share in found["share_under"].items() if share is not None]
        qualities = [f"{name} {share:.1%}" for name, share in found["quality"].items()]
        warnings = [f"{count} {code}" for code, count in found["warnings"].items()]
        rows = [
            ("listeners", listeners),
            ("connections that came back", f"{found['reconnects']}"),
            ("hello → first sound", _words(found["first_sound_ms"])),
            ("away, silent till there was sound again", _words(found["back_ms"])),
            ("longest underrun of a live listener", _words(found["longest_underrun_ms"])),
            ("", ", ".join(shares) or NOTHING),
            ("but for when the swarm stood still", _words(found["longest_of_others_ms"])),
            ("all its underruns together", _words(found["underrun_in_all_ms"])),
            ("quality of live frames", ", ".join(qualities) if self.qualities else NOTHING),
            ("warnings", ", ".join(warnings) or "none"),
            ("control → sound", f"{_words(found['control_to_sound_ms'])}, of {found['changes']} changes"),
            ("frames a second", f"{found['frames_a_second']:,}"),
            ("the swarm itself was late by", f"{found['swarm_late_ms_p99']} ms (p99 of seconds)"),
            ("machine", self.machine),
        ]
        if found["server_mib"] is not None:
            rows.insert(-2, ("server", f"{found['server_cores']} cores, {found['server_mib']:,} MiB"))
        return rows


def _share_under(live: Sequence[Heard], limit_ms: int) -> float | None:
    return _measured([float(not each.failure and each.longest_s * 1_000 < limit_ms) for each in live], np.mean)


def _measured(values: Sequence[float | None], measure: Callable[[Any], Any], digits: int = 6) -> float | None:
    """A measure of those values that are known; None where none is."""
    known = [value for value in values if value is not None]
    return round(float(measure(known)), digits) if known else None


def _p99(values: Sequence[float]) -> float:
    return float(np.percentile(values, 99))


def _spread(values_s: Sequence[float]) -> dict[str, float] | None:
    """In milliseconds; None of nothing."""
    if not values_s:
        return None
    values = np.array(values_s) * 1_000
    p95, p99 = np.percentile(values, [95, 99])
    found = {"mean": np.mean(values), "p95": p95, "p99": p99, "max": np.max(values)}
    return {name: round(float(value), 1) for name, value in found.items()}


def _words(spread: dict[str, float] | None) -> str:
    return NOTHING if spread is None else ", ".join(f"{name} {value:g}" for name, value in spread.items()) + " ms"
