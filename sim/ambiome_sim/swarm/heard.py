"""What one listener of a swarm heard, and what it did not."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ambiome_protocol.limits import LOWEST_QUALITY
from ambiome_protocol.lists import Pace


@dataclass(slots=True)
class Heard:
    """What one listener heard. Times in seconds.

    `qualities` are its frames by quality, 0 for full. Each of `underruns_s` is how long its card had nothing to play,
    but for what it missed while it came back from a lost connection or a stall, which is in `back_s`;
    `first_sound_s` is how long after its hello it had its first frame, None where it had none or stalled or lost its
    connection before. `warnings` are counted by code.
    """

    name: str
    pace: Pace
    qualities: Counter[int] = field(default_factory=Counter)
    underruns_s: list[float] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)
    control_s: list[float] = field(default_factory=list)
    first_sound_s: float | None = None
    reconnects: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    failure: str = ""
    is_refused: bool = False
    """Whether there was no room for it: its place is tried again when the server says so, by another."""
    own_s: list[float] = field(default_factory=list)
    """Those of `underruns_s` that came when the swarm itself had stood still."""
    silent_since_s: float | None = None
    """Since when its card has had nothing to play; may lie ahead, where it is not expected to play yet."""

    @property
    def frames(self) -> int:
        """How many frames it played or took."""
        return self.qualities.total()

    @property
    def longest_s(self) -> float:
        """The longest underrun."""
        return max(self.underruns_s, default=0.0)

    @property
    def longest_of_others_s(self) -> float:
        """The longest but for those that came when the swarm itself had stood still."""
        others = self.underruns_s.copy()
        for each in self.own_s:
            others.remove(each)
        return max(others, default=0.0)

    @property
    def total_s(self) -> float:
        """All underruns together."""
        return sum(self.underruns_s, 0.0)

    @property
    def is_judged(self) -> bool:
        """Whether it heard anything, or should have."""
        return bool(self.frames or self.underruns_s or self.failure)

    def is_silent(self, now_s: float) -> bool:
        """Whether its card has had nothing to play until now."""
        return self.silent_since_s is not None and self.silent_since_s < now_s

    def begin(self, now_s: float) -> None:
        """What was heard is counted from now on."""
        for counted in (self.qualities, self.underruns_s, self.own_s, self.back_s, self.control_s, self.warnings):
            counted.clear()
        self.reconnects = 0
        if self.silent_since_s is not None:
            self.silent_since_s = max(self.silent_since_s, now_s)

    def fall_silent(self, since_s: float) -> None:
        """There is nothing to play from then on, unless there was nothing before."""
        if self.silent_since_s is None:
            self.silent_since_s = since_s

    def end_silence(self, now_s: float, is_back: bool = False, is_own: bool = False) -> bool:
        """What is missing is missed no longer, or `is_back` after the listener was away. `is_own`: the swarm itself had
        stood still. Whether there was silence.
        """
        is_silent = self.is_silent(now_s)
        if self.silent_since_s is not None and is_silent:
            (self.back_s if is_back else self.underruns_s).append(now_s - self.silent_since_s)
            if is_own and not is_back:
                self.own_s.append(now_s - self.silent_since_s)
        self.silent_since_s = None
        return is_silent

    def as_json(self) -> dict[str, Any]:
        """Its figures by name: times in ms, shares 0 … 1 of its frames."""
        return {
            "name": self.name,
            "pace": self.pace,
            "frames": self.frames,
            "first_sound_ms": None if self.first_sound_s is None else round(self.first_sound_s * 1_000, 1),
            "underruns": len(self.underruns_s),
            "longest_underrun_ms": round(self.longest_s * 1_000, 1),
            "longest_of_others_ms": round(self.longest_of_others_s * 1_000, 1),
            "underrun_in_all_ms": round(self.total_s * 1_000, 1),
            "back_ms": [round(each * 1_000, 1) for each in self.back_s],
            "reconnects": self.reconnects,
            "quality": quality_shares(self.qualities),
            "warnings": dict(self.warnings),
            "failure": self.failure,
        }


def quality_shares(frames: Counter[int]) -> dict[str, float]:
    """The share of frames in each quality, "full" and "1" to "3"; 0 in each where there are none."""
    names = ["full", *map(str, range(1, LOWEST_QUALITY + 1))]
    return {name: round(frames[quality] / max(1, frames.total()), 4) for quality, name in enumerate(names)}
