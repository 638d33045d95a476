"""Sound files of a user's own → material that was judged."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from ambiome_middleware.analysis.learn.judge import Judgement, judged
from ambiome_middleware.analysis.learn.material import Material, prepared
from ambiome_middleware.sound.profile import Origin
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

LONGEST_S: Final = 300.0
"""As much of a file is read; more of one place says nothing new."""


class LearnError(ValueError):
    """A file that nothing can be learned from; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What a user says of recordings: "" for what is not said; the title is then the file's name."""

    title: str = ""
    author: str = ""
    licence: str = ""


def decoded(path: Path, seconds: float, *, is_end: bool = False) -> tuple[npt.NDArray[np.float64], int, bool]:
    """A file's first so many seconds, or its last, float64 [1 or 2, n] at 48 kHz; its own rate in Hz; whether it is
    longer. LearnError: it is no sound that can be read; OSError: it is not there.
    """
    path.stat()
    try:
        with soundfile.SoundFile(path) as file:
            rate_hz = int(file.samplerate)
            wanted = round(seconds * rate_hz)
            has_more = file.frames > wanted
            if is_end and has_more:
                file.seek(file.frames - wanted)
            frames = file.read(wanted, dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise LearnError(f"{path}: no sound file that can be read (WAV, FLAC, OGG, MP3, AIFF are)") from error
    if not len(frames):
        raise LearnError(f"{path}: it holds no samples")
    if not np.isfinite(frames).all():
        raise LearnError(f"{path}: it holds samples that are no numbers")
    if rate_hz != SAMPLE_RATE_HZ:
        frames = soxr.resample(frames, rate_hz, SAMPLE_RATE_HZ)
    return np.ascontiguousarray(frames.T[:2], np.float64), rate_hz, has_more


def read(path: Path, whose: Whose) -> tuple[Material, Judgement]:
    """The material of a file, with its warnings. LearnError: it is refused or no sound; OSError: it is not there."""
    audio, rate_hz, has_more = decoded(path, LONGEST_S)
    judgement = judged(audio, rate_hz)
    if judgement.refused:
        raise LearnError(f"{path}: {judgement.refused}")
    if has_more:
        longer = f"longer than {LONGEST_S:g} s: the rest is not heard"
        judgement = Judgement("", (*judgement.warnings, longer), judgement.bandwidth_hz)
    origin = Origin(
        (whose.title or path.stem)[:200], (whose.author or "not said")[:200], (whose.licence or "not said")[:200],
        audio.shape[1] / SAMPLE_RATE_HZ, hashlib.sha256(path.read_bytes()).hexdigest(),
    )  # fmt: skip
    return prepared(audio.astype(np.float32), judgement.bandwidth_hz, origin), judgement
