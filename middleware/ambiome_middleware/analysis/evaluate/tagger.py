"""The tagger's verdict: how surely YAMNet hears a category in its renders, in real recordings, and in mere noise.

YAMNet (Plakal & Ellis, TensorFlow model garden; classes of AudioSet, Gemmeke et al. 2017, ICASSP) takes 0.975 s of
16 kHz mono sound and gives 521 scores of 0 … 1. All sounds come to it at the same level and in the same way. A sound's
score is the mean over its windows of the largest score among the category's classes.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soxr

from ambiome_middleware.analysis.audio import Audio, check_audio
from ambiome_middleware.analysis.evaluate.noises import SLOPES, coloured, shaped
from ambiome_middleware.analysis.evaluate.scenes import Render
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

Scores = npt.NDArray[np.float32]

RATE_HZ: Final = 16_000
WINDOW: Final = 15_600
HOP: Final = 7_680
LEVEL_RMS: Final = 0.1
"""−20 dBFS."""
NOISE_S: Final = 10.0
NOISE_SEEDS: Final = (1, 2, 3)
SHAPED: Final = "shaped"
SHARE_WANTED: Final = 0.7
"""The share of the real recordings' score that is aimed at, in the median over the categories."""

CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "rain": ("Rain", "Raindrop", "Rain on surface"),
    "wind": ("Wind", "Rustling leaves", "Wind noise (microphone)"),
    "thunder": ("Thunder", "Thunderstorm"),
    "river": ("Stream", "Waterfall", "Water"),
    "ocean": ("Ocean", "Waves, surf"),
    "fire": ("Fire", "Crackle"),
    "birds": ("Bird", "Bird vocalization, bird call, bird song", "Chirp, tweet"),
    "crickets": ("Cricket", "Insect"),
    "forest": (
        "Outside, rural or natural", "Bird", "Bird vocalization, bird call, bird song", "Chirp, tweet", "Wind",
        "Rustling leaves",
    ),
    "cafe": (
        "Inside, public space", "Hubbub, speech noise, speech babble", "Chatter", "Dishes, pots, and pans", "Speech",
        "Conversation",
    ),
    "city": ("Outside, urban or manmade", "Traffic noise, roadway noise", "Vehicle"),
    "crowd": ("Crowd", "Hubbub, speech noise, speech babble", "Chatter", "Cheering"),
    "desert_wind": ("Wind", "Wind noise (microphone)"),
    "farm": ("Livestock, farm animals, working animals", "Fowl", "Outside, rural or natural"),
    "frogs": ("Frog", "Croak"),
    "interior": ("Inside, small room", "Mechanical fan", "Air conditioning", "Hum", "Mains hum"),
    "owl": ("Owl", "Hoot"),
    "snow": ("Wind", "Wind noise (microphone)"),
    "swamp": ("Outside, rural or natural", "Bird", "Frog", "Insect", "Gurgling"),
    "underwater": ("Gurgling", "Water", "Liquid"),
    "wolf": ("Howl", "Canidae, dogs, wolves"),
    "loon": ("Bird", "Bird vocalization, bird call, bird song", "Hoot", "Howl"),
}  # fmt: skip
"""The classes of AudioSet that say that a category is there."""


class Tagger:
    """YAMNet on the CPU, one thread. Raises OSError where the folder lacks `yamnet.tflite` or its class map."""

    def __init__(self, folder: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with (folder / "yamnet_class_map.csv").open(newline="", encoding="utf-8") as file:
            self.names: Final = tuple(row["display_name"] for row in csv.DictReader(file))
        with (folder / "yamnet.tflite").open("rb") as file:
            self._model: Any = Interpreter(model_content=file.read(), num_threads=1)
        self._model.allocate_tensors()
        self._input: int = self._model.get_input_details()[0]["index"]
        self._output: int = self._model.get_output_details()[0]["index"]

    def tag(self, audio: Audio) -> Scores:
        """Scores of each window, half a window apart, at −20 dBFS. [C, n] at 48 kHz, ≥ 0.1 s -> [windows, 521]."""
        check_audio(audio, SAMPLE_RATE_HZ // 10)
        sound = soxr.resample(np.asarray(audio, np.float32).mean(axis=0), SAMPLE_RATE_HZ, RATE_HZ)
        sound = sound * (LEVEL_RMS / max(float(np.sqrt(np.mean(sound**2))), 1e-9))
        if len(sound) < WINDOW:
            sound = np.resize(sound, WINDOW)
        starts = range(0, len(sound) - WINDOW + 1, HOP)
        return np.stack([self._one(sound[start : start + WINDOW]) for start in starts])

    def score(self, audio: Audio, category: str) -> float:
        """How surely a category of `CLASSES` is in a sound, 0 … 1."""
        return self.score_of(self.tag(audio), category)

    def score_of(self, scores: Scores, category: str) -> float:
        """The same of what `tag` gave."""
        columns = [self.names.index(name) for name in CLASSES[category]]
        return float(scores[:, columns].max(axis=1).mean())

    def top(self, scores: Sequence[Scores], count: int = 5) -> tuple[tuple[str, float], ...]:
        """The classes with the largest mean score over these sounds, each sound counted alike."""
        mean = np.mean([each.mean(axis=0) for each in scores], axis=0)
        return tuple((self.names[index], float(mean[index])) for index in np.argsort(-mean)[:count])

    def _one(self, window: npt.NDArray[np.float32]) -> Scores:
        self._model.set_tensor(self._input, np.ascontiguousarray(window, np.float32))
        self._model.invoke()
        return np.asarray(self._model.get_tensor(self._output)[0], np.float32).copy()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tagger says of a category: scores 0 … 1.

    `scenes`: by scene, one a seed; `recordings`: by name; `noises`: the mean over seeds, by name
    of `SLOPES` and `shaped`.
    """

    category: str
    scenes: Mapping[str, tuple[float, ...]]
    recordings: Mapping[str, float]
    noises: Mapping[str, float]
    top_renders: tuple[tuple[str, float], ...]
    top_recordings: tuple[tuple[str, float], ...]

    @property
    def render(self) -> float:
        """Mean over scenes and seeds."""
        return float(np.mean([score for scores in self.scenes.values() for score in scores]))

    @property
    def recording(self) -> float:
        """Mean over recordings."""
        return float(np.mean(list(self.recordings.values())))

    @property
    def noise(self) -> float:
        """The largest of the colours that know nothing of the category."""
        return max(self.noises[name] for name in SLOPES)

    @property
    def share(self) -> float:
        """Of the real recordings' score."""
        return self.render / max(self.recording, 1e-6)

    @property
    def can_judge(self) -> bool:
        """Whether the tagger tells real recordings from noise; where it does not, it judges nothing."""
        return self.recording > self.noise

    @property
    def is_above_noise(self) -> bool:
        return self.render > self.noise


def table(verdict: Verdict, *, detail: bool = False) -> str:
    """A verdict in a few lines of text; with `detail`, every scene and recording."""
    noises = ", ".join(f"{name} {score:.2f}" for name, score in verdict.noises.items())
    judged = "" if verdict.can_judge else "; does not judge: real recordings score no better than noise"
    above = "above" if verdict.is_above_noise else "NOT above"
    lines = [
        f"tagger {verdict.category}: renders {verdict.render:.2f}, recordings {verdict.recording:.2f} "
        f"({verdict.share:.0%}), {above} noise ({noises}){judged}",
        "  heard in renders:    " + ", ".join(f"{name} {score:.2f}" for name, score in verdict.top_renders),
        "  heard in recordings: " + ", ".join(f"{name} {score:.2f}" for name, score in verdict.top_recordings),
    ]
    if detail:
        lines += [
            f"  {name:28} " + " ".join(f"{score:.2f}" for score in scores) for name, scores in verdict.scenes.items()
        ]
        lines += [f"  {name:44} {score:.2f}" for name, score in verdict.recordings.items()]
    return "\n".join(lines)


def verdict(tagger: Tagger, category: str, renders: Sequence[Render], recordings: Mapping[str, Audio]) -> Verdict:
    """The verdict on a category. `recordings` [C, n] by name, at least one."""
    heard = [(render.scene.name, tagger.tag(render.audio)) for render in renders]
    scenes: dict[str, list[float]] = {}
    for name, scores in heard:
        scenes.setdefault(name, []).append(tagger.score_of(scores, category))
    real = {name: tagger.tag(audio) for name, audio in recordings.items()}
    controls = {
        name: [coloured(name, NOISE_S, seed) for seed in NOISE_SEEDS] for name in SLOPES
    } | {SHAPED: [shaped(list(recordings.values()), NOISE_S, seed) for seed in NOISE_SEEDS]}  # fmt: skip
    return Verdict(
        category,
        {name: tuple(scores) for name, scores in scenes.items()},
        {name: tagger.score_of(scores, category) for name, scores in real.items()},
        {name: float(np.mean([tagger.score(noise, category) for noise in each])) for name, each in controls.items()},
        tagger.top([scores for _, scores in heard]),
        tagger.top(list(real.values())),
    )
