"""The recordings that sound is learned from and judged by: what they are, and which half each belongs to.

A folder of recordings holds `manifest.csv`, one row a file: file, category, seconds, channels, bandwidth_khz, licence,
author, source, original_path. Some rows are moved to the category they belong to (`MOVED`) and some are not used
(`SET_ASIDE`, each with its reason); nothing is set aside for how a render scores against it.

The halves. Material learned from is never judged with:

- Recordings of one origin stay together: one author's within a category are one origin, for they often share place,
  microphone and day. A public library (`LIBRARIES`) is not one recordist: there one subject is one origin.
- A category of at least four origins is dealt out whole recordings at a time. Its origins stand by length, longest
  first (equal lengths by name), and go learn, judge, judge, learn, learn, judge, judge, learn … so that the halves are
  alike in number and in length.
- Any other category is cut in time: the first half of each recording is learned from, the second judged with, less
  `GAP_S` between them. It is weakly judged (`Recording.is_weak`): the same place stands on both sides.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Half = Literal["learn", "judge"]

GAP_S: Final = 0.5
"""Left out between the two halves of a recording that is cut in time: its echoes belong to both."""

LIBRARIES: Final = frozenset({"National Park Service"})
"""Authors that are institutions of many recordists."""

MOVED: Final = {
    "birds/01-common-loon.ogg": "loon",
}
"""Rows that belong to another category than the folder they lie in."""

SET_ASIDE: Final = {
    "ocean/04-water.ogg": "water in a town: its own title says that it holds traffic",
    "owl/03-classic-owl-fadedl.ogg": "a shorter cut of owl/01, which is split in time",
    "rain/10-train.ogg": "a train, in the folder of rain",
    "wind/01-wind.ogg": "gusts cut apart, with digital silence between them",
    "wind/04-wind.ogg": "noise through a band-pass: 30 dB lower an octave below 500 Hz, 38 dB an octave above 4 kHz",
    "wind/06-wind.ogg": "synthesised: its title says so (Wind, Synthesized, A)",
}
"""Rows that are not used, and why."""

_COLUMNS: Final = ("file", "category", "seconds", "channels", "bandwidth_khz", "licence", "author", "original_path")
_WHOLE: Final = 4


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording, or one half of it in time.

    `name` is its path in the folder; `origin` is shared by recordings that may hold the same material. `bandwidth_hz`
    is where its spectrum ends. `start_s` and `end_s` bound the stretch of the file that is meant; `is_weak` says that
    its category is cut in time rather than dealt out in whole recordings.
    """

    path: Path
    name: str
    category: str
    title: str
    author: str
    licence: str
    source: str
    origin: str
    channels: int
    bandwidth_hz: float
    start_s: float
    end_s: float
    is_weak: bool

    @property
    def seconds(self) -> float:
        """Length of the stretch."""
        return self.end_s - self.start_s

    def load(self) -> npt.NDArray[np.float32]:
        """The stretch at 48 kHz. -> [channels, samples]. Raises OSError where the file cannot be read."""
        try:
            with soundfile.SoundFile(self.path) as file:
                rate_hz = file.samplerate
                file.seek(min(round(self.start_s * rate_hz), file.frames))
                frames = file.read(round(self.seconds * rate_hz), dtype="float32", always_2d=True)
        except soundfile.SoundFileError as exc:
            raise OSError(f"{self.path}: {exc}") from exc
        if rate_hz != SAMPLE_RATE_HZ:
            frames = soxr.resample(frames, rate_hz, SAMPLE_RATE_HZ)
        return np.ascontiguousarray(frames.T, np.float32)


def recordings(folder: Path, *, category: str | None = None, half: Half | None = None) -> tuple[Recording, ...]:
    """The recordings of a folder that are used, by name; of one category and of one half where these are given.

    Without `half`, whole recordings. Raises FileNotFoundError where the folder has no manifest, ValueError where the
    manifest lacks a column or the category is unknown.
    """
    found = _read(folder / "manifest.csv")
    known = sorted({each.category for each in found})
    if category is not None and category not in known:
        raise ValueError(f"category must be one of {', '.join(known)}; got {category!r}")
    chosen: list[Recording] = []
    for name in known if category is None else [category]:
        chosen += _halve([each for each in found if each.category == name], half)
    return tuple(chosen)


def _read(manifest: Path) -> list[Recording]:
    with manifest.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{manifest} lacks column(s) {', '.join(missing)}")
        rows = [row for row in reader if row["file"] not in SET_ASIDE]
    return sorted((_recording(manifest.parent, row) for row in rows), key=lambda each: each.name)


def _recording(folder: Path, row: dict[str, str]) -> Recording:
    original = PurePosixPath(row["original_path"])
    subject = original.parts[0].removeprefix("Bird - ") if row["author"] in LIBRARIES else ""
    return Recording(
        path=folder / row["file"],
        name=row["file"],
        category=MOVED.get(row["file"], row["category"]),
        title=subject or original.stem,
        author=row["author"],
        licence=row["licence"],
        source=row.get("source") or "",
        origin=f"{row['author']}: {subject}" if subject else row["author"],
        channels=int(row["channels"]),
        bandwidth_hz=1_000 * float(row["bandwidth_khz"]),
        start_s=0.0,
        end_s=float(row["seconds"]),
        is_weak=True,
    )


def _halve(category: Sequence[Recording], half: Half | None) -> list[Recording]:
    """One half of the recordings of a category, or all of them."""
    lengths_s: dict[str, float] = {}
    for each in category:
        lengths_s[each.origin] = lengths_s.get(each.origin, 0.0) + each.seconds
    if len(lengths_s) < _WHOLE:
        return [_cut(each, half) for each in category]
    dealt = sorted(lengths_s, key=lambda origin: (-lengths_s[origin], origin))
    learned = {origin for place, origin in enumerate(dealt) if place % 4 in (0, 3)}
    whole = [replace(each, is_weak=False) for each in category]
    return [each for each in whole if half is None or (each.origin in learned) == (half == "learn")]


def _cut(recording: Recording, half: Half | None) -> Recording:
    if half is None:
        return recording
    middle_s = (recording.start_s + recording.end_s) / 2
    if half == "learn":
        return replace(recording, end_s=middle_s - GAP_S / 2)
    return replace(recording, start_s=middle_s + GAP_S / 2)
