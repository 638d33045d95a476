"""Scores to sound in one process, without a server and without a clock.

The two languages stay apart here too: `record` makes a score's token frames (and never sees a sample), `play` makes
sound of token frames (and never sees a change). `render` does the one and then the other.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from ambiome_protocol.audio import Samples
from ambiome_protocol.codec import check
from ambiome_protocol.limits import MAX_SEED
from ambiome_protocol.lists import LAYOUTS, Layout, RendererName
from ambiome_protocol.messages import UNSET, Change
from ambiome_protocol.score import Quality, read_score
from ambiome_protocol.steps import step_at

from ambiome_middleware import renderers, scene, token_file
from ambiome_middleware.session import LOOKBACK
from ambiome_middleware.sound import SOUND_VERSION, Request, channels
from ambiome_middleware.sound.voices.own import profiles_digest
from ambiome_middleware.token_file import TokenFile
from ambiome_middleware.tokens import QUALITY_AT, silent_row

Score = str | os.PathLike[str] | Iterable[Change | Mapping[str, object]]
BiomeFolder = str | os.PathLike[str]
Progress = Callable[[float], None]

AFTERGLOW_S: Final = 10.0
"""A score that is not told how long it is ends so long after its last line."""
MAX_S: Final = 86_400
"""A day: the token frames of so much are held at once."""
BLOCK_STEPS: Final = 250
"""How much is rendered at once; it changes the speed and the memory, never the sound."""


def render(
    score: Score | TokenFile,
    seconds: float | None = None,
    seed: int | None = None,
    layout: Layout | None = None,
    device: str = "auto",
    progress: Progress | None = None,
    biomes: BiomeFolder | None = None,
) -> Samples:
    """The sound of a score or a token file, float32 [channels, n]; n is a whole number of steps of 1920.

    `score`: the path of a score (JSON Lines) or a token file, or changes, or maps as a score's lines have them.
    `seconds` is rounded up to a step; without it a score ends 10 s after its last line. `seed` (0 … 2^63 − 1) is 0 and
    `layout` "stereo" if they are not given. `device`: auto, cpu, cuda or mps. `progress` is called with 0 … 1. `biomes`
    is a folder of a game's own biomes and profiles, as a server takes them.

    The same arguments give the same bytes (on one class of device, torch version and SOUND_VERSION).

    Raises ScoreError, which names the line, for a broken score; ProtocolError for changes that are not right, and for a
    biome that there is not; TokenFileError for a broken token file; ValueError for
    a length, seed or layout that cannot be, or that contradicts the token file; OSError for a file that is not there.
    """
    blocks = list(stream(score, seconds, seed, layout, device, progress, biomes))
    return np.concatenate(blocks, axis=1)


def stream(
    score: Score | TokenFile,
    seconds: float | None = None,
    seed: int | None = None,
    layout: Layout | None = None,
    device: str = "auto",
    progress: Progress | None = None,
    biomes: BiomeFolder | None = None,
) -> Iterator[Samples]:
    """As `render`, in blocks float32 [channels, ≤ 250 · 1920], for what is too long to be held at once."""
    return play(recording_of(score, seconds, seed, layout, biomes), device, progress, biomes)


def recording_of(
    score: Score | TokenFile,
    seconds: float | None = None,
    seed: int | None = None,
    layout: Layout | None = None,
    biomes: BiomeFolder | None = None,
) -> TokenFile:
    """The token frames of whatever `render` takes: read, if they were recorded; else made. Raises as `render` does."""
    if isinstance(score, str | os.PathLike) and token_file.is_token_file(Path(score)):
        score = token_file.read(Path(score))
    if not isinstance(score, TokenFile):
        return record(score, seconds, 0 if seed is None else seed, layout or "stereo", biomes)
    if biomes is not None and not score.profiles:
        raise ValueError(f"biomes {str(biomes)!r} contradict the token file: what its places are like is in it already")
    check_profiles(score, biomes)
    if seconds is not None and _steps((), seconds) == len(score.rows):
        seconds = None  # rounded up to a step, it says what the file says
    given = {"seconds": seconds, "seed": seed, "layout": layout}
    for name, value in given.items():
        held = getattr(score, name)
        if value is not None and value != held:
            raise ValueError(f"{name} {value!r} contradicts the token file, whose {name} is {held!r}")
    return score


def record(
    score: Score,
    seconds: float | None = None,
    seed: int = 0,
    layout: Layout = "stereo",
    biomes: BiomeFolder | None = None,
) -> TokenFile:
    """The token frames of a score. Raises as `render` does."""
    changes = changes_of(score)
    steps = _steps(changes, seconds)
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed is {seed}; it can be 0 … 2^63 − 1")
    if layout not in LAYOUTS:
        raise ValueError(f"layout is {layout!r}; it can be {', '.join(LAYOUTS)}")
    known = scene.BoundScene(scene.load_biomes(biomes))
    due: defaultdict[int, list[Change]] = defaultdict(list)
    qualities: dict[int, int] = {}
    for change in changes:
        step = 0 if change.at is UNSET else step_at(change.at)
        if isinstance(change, Quality):
            qualities[step] = change.quality
        else:
            known.check(change)
            due[step].append(change)
    state, quality = scene.initial_state(seed), 0
    rows = np.empty((steps, len(silent_row())), np.int16)
    for step in range(steps):
        state, rows[step] = known.advance(state, due.get(step, ()), step)
        quality = qualities.get(step, quality)
        rows[step, QUALITY_AT] = quality
    return TokenFile(seed, layout, rows, SOUND_VERSION, profiles=profiles_digest(biomes))


def check_profiles(recording: TokenFile, biomes: BiomeFolder | None) -> None:
    """ValueError unless a folder holds the profiles that a token file was made with: its places sound by them."""
    held = profiles_digest(biomes)
    if recording.profiles != held:
        raise ValueError(
            f"the token file was made with learned profiles (digest {recording.profiles!r}): name the folder that "
            f"holds them as biomes; {'none is named' if biomes is None else f'{str(biomes)!r} has {held!r}'}"
        )


def play(
    recording: TokenFile,
    device: str = "auto",
    progress: Progress | None = None,
    biomes: BiomeFolder | None = None,
    renderer: RendererName = "procedural",
    weights: Path | None = None,
) -> Iterator[Samples]:
    """The sound of token frames, in blocks float32 [channels, ≤ 250 · 1920]; `biomes` is a folder with profiles.

    Raises as `renderers.renderer` does, which takes `renderer` and `weights`.
    """
    renders, lookback = renderers.renderer(renderer, device, biomes, weights), LOOKBACK[renderer]
    steps = len(recording.rows)
    before = np.tile(silent_row(), (lookback, 1))
    tokens = np.concatenate([before, recording.rows])
    for start in range(0, steps, BLOCK_STEPS):
        end = min(start + BLOCK_STEPS, steps)
        window = tokens[start : end + lookback]
        request = Request(recording.seed, recording.layout, recording.first_step + start, window, "offline", lookback)
        yield renders.render([request])[0]
        if progress is not None:
            progress(end / steps)
    if not steps:
        yield np.zeros((channels(recording.layout), 0), np.float32)


def changes_of(score: Score) -> tuple[Change, ...]:
    """The changes of a score, checked. ScoreError names the line; OSError where there is no such file."""
    if isinstance(score, str | os.PathLike):
        with Path(score).open("rb") as lines:
            return read_score(lines)
    entries = list(score)
    if all(isinstance(entry, Change) for entry in entries):
        changes = tuple(entry for entry in entries if isinstance(entry, Change))
        for change in changes:
            if not isinstance(change, Quality):
                check(change)
        return changes
    return read_score(json.dumps(entry) for entry in entries)


def _steps(changes: tuple[Change, ...], seconds: float | None) -> int:
    if seconds is None:
        seconds = AFTERGLOW_S + max((change.at for change in changes if change.at is not UNSET), default=0.0)
    if not 0 < seconds <= MAX_S:
        raise ValueError(f"seconds is {seconds:.15g}; it must be above 0 and at most {MAX_S:,}")
    return step_at(seconds)
