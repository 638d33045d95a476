"""The learned renderer, beside the procedural one and beside its ceiling: what its codec makes of real recordings.

All three are judged alike, by texture and by the tagger. The neural renders are the same scenes with fewer seeds. The
ceiling is the ratio that recordings reach that went through the codec, against others of their category: 1 where the
codec takes nothing away. What the codec does not have, above 11.4 kHz, is left to them as it was.

encodec, which not everybody has, is imported only where something is measured.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import soxr
from scipy.stats import spearmanr

from ambiome_middleware.analysis.audio import Audio
from ambiome_middleware.analysis.evaluate import scenes
from ambiome_middleware.analysis.evaluate.references import References
from ambiome_middleware.analysis.evaluate.scenes import Render, Scene
from ambiome_middleware.analysis.evaluate.tagger import Tagger
from ambiome_middleware.analysis.evaluate.texture import ratio_of
from ambiome_middleware.analysis.recordings import Half, Recording
from ambiome_middleware.analysis.sheet import SHEETS, rows_as_played
from ambiome_middleware.analysis.spectrum import a_level_db
from ambiome_middleware.analysis.texture import Texture, texture_of
from ambiome_middleware.sound import Request
from ambiome_middleware.sound.arrays import F32
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEPS_PER_S

if TYPE_CHECKING:
    from ambiome_middleware.neural.codec import Codec

SEEDS: Final = scenes.SEEDS[:1]
LONGEST_S: Final = 10.0
"""As much of a recording goes through the codec."""
TEXTURE_WANTED: Final = 2.0
"""How many times the codec's ratio the renderer's may be, in the median over categories."""

CONTROLLED: Final = ("rain", "wind", "surf")
SETTINGS: Final = 9
CONTROL_SEEDS: Final = (21, 22)
LEAD_S: Final = 3.0
CONTROL_S: Final = 12.0
CONTROL_WANTED: Final = 0.9


@dataclass(frozen=True, slots=True)
class Learned:
    """A category: texture ratios and the tagger's scores of both renderers, of the codec alone, and of recordings.

    NaN is what cannot be had: a ceiling where no recording is of another origin.
    """

    category: str
    procedural: float
    neural: float
    codec: float
    tagged_procedural: float
    tagged_neural: float
    tagged_codec: float
    tagged_recordings: float

    @property
    def over_ceiling(self) -> float:
        """How many times its codec's ratio the neural renderer's is."""
        return self.neural / self.codec

    @property
    def winner(self) -> str:
        """Which renderer is nearer to the recordings."""
        return "neural" if self.neural < self.procedural else "procedural"


@dataclass(frozen=True, slots=True)
class LearnedControl:
    """A voice over its main control as the learned renderer plays it: dB(A) re full scale by setting and seed."""

    voice: str
    control: str
    level_db: tuple[tuple[float, ...], ...]

    @property
    def level(self) -> float:
        """Spearman's rank correlation of setting and level."""
        rows = [row for row, levels in enumerate(self.level_db) for _ in levels]
        return float(spearmanr(rows, [level for levels in self.level_db for level in levels]).statistic)


def learned(category: str, heard: Sequence[Render], sounds: Path, models: Path, half: Half, weights: Path) -> Learned:
    """Judges the learned renderer on a category; `heard` are the procedural renders of its scenes."""
    from ambiome_middleware.neural.codec import Codec
    from ambiome_middleware.neural.files import CODEC

    references, tagger = References(sounds), Tagger(models)
    codec = Codec.load(weights / CODEC)
    judges, others = references.half(category, half), references.half(category, "learn" if half == "judge" else "judge")
    resynthesised = {each.name: through(codec, _start(each.load())) for each in {*judges, *others}}
    textures = {name: texture_of(audio) for name, audio in resynthesised.items()}

    def of_another_origin(judge: Recording) -> list[Texture]:
        return [textures[each.name] for each in (*judges, *others) if each.origin != judge.origin]

    made = neural_renders(scenes.scenes_of(category), weights)
    ours, theirs = ([texture_of(each.audio) for each in part] for part in (heard, made))
    return Learned(
        category,
        ratio_of(references, category, half, lambda _: ours),
        ratio_of(references, category, half, lambda _: theirs),
        ratio_of(references, category, half, of_another_origin),
        _tagged(tagger, category, (each.audio for each in heard)),
        _tagged(tagger, category, (each.audio for each in made)),
        _tagged(tagger, category, (resynthesised[each.name] for each in judges)),
        _tagged(tagger, category, (_start(each.load()) for each in judges)),
    )


def learned_control(voice: str, weights: Path) -> LearnedControl:
    """Measures a voice of `CONTROLLED` as the learned renderer plays it, at the default dynamics."""
    from ambiome_middleware.neural.render import NeuralRenderer

    sheet, renderer = SHEETS[voice], NeuralRenderer(weights)
    requests = []
    for index in range(SETTINGS):
        rows = rows_as_played(sheet, (index + 1) / SETTINGS, LEAD_S + CONTROL_S)
        heard = rows[-round((LEAD_S + CONTROL_S) * STEPS_PER_S) :]
        whole = np.concatenate([np.tile(rows[0], (renderer.lookback, 1)), heard])
        requests += [Request(seed, "mono", 0, whole, lookback=renderer.lookback) for seed in CONTROL_SEEDS]
    lead = round(LEAD_S * SAMPLE_RATE_HZ)
    levels = [a_level_db(sound[:, lead:]) for sound in renderer.render(requests)]
    by_setting = [tuple(levels[at : at + len(CONTROL_SEEDS)]) for at in range(0, len(levels), len(CONTROL_SEEDS))]
    return LearnedControl(voice, sheet.control, tuple(by_setting))


def neural_renders(these: Iterable[Scene], weights: Path) -> list[Render]:
    """These scenes as the learned renderer plays them, stereo."""
    from ambiome_middleware.neural.render import NeuralRenderer

    renderer = NeuralRenderer(weights)
    pairs = [(scene, seed) for scene in these for seed in SEEDS]
    requests = [scenes.request(scene, seed, lookback=renderer.lookback) for scene, seed in pairs]
    sounds = renderer.render(requests)
    return [Render(scene, seed, audio) for (scene, seed), audio in zip(pairs, sounds, strict=True)]


def _start(audio: F32) -> F32:
    return audio[:2, : round(LONGEST_S * SAMPLE_RATE_HZ)]


def through(codec: "Codec", audio: F32) -> F32:
    """A recording [C, n] at 48 kHz as the codec brings it back, the band above what it has left as it was."""
    import torch

    from ambiome_middleware.neural.codec import CODEC_HZ, FRAME
    from ambiome_middleware.neural.threads import one_thread
    from ambiome_middleware.neural.upward import EDGE_HZ

    low = np.stack([np.asarray(soxr.resample(one, SAMPLE_RATE_HZ, CODEC_HZ), np.float32) for one in audio])
    low = low[:, : low.shape[1] // FRAME * FRAME]
    with one_thread():
        made = codec.decode(codec.encode(torch.from_numpy(np.ascontiguousarray(low)))).numpy()
    back = np.stack([np.asarray(soxr.resample(one, CODEC_HZ, SAMPLE_RATE_HZ), np.float32) for one in made])
    length = min(back.shape[1], audio.shape[1])
    spectrum = np.fft.rfft(audio[:, :length])
    spectrum[:, np.fft.rfftfreq(length, 1.0 / SAMPLE_RATE_HZ) < EDGE_HZ] = 0.0
    return np.asarray(back[:, :length] + np.fft.irfft(spectrum, length), np.float32)


def _tagged(tagger: Tagger, category: str, sounds: Iterable[Audio]) -> float:
    return float(np.mean([tagger.score(sound, category) for sound in sounds]))


def over_ceilings(found: Iterable[Learned]) -> list[float]:
    """How many times their codec's ratio the categories' are, where there is a ceiling."""
    return [each.over_ceiling for each in found if not isnan(each.over_ceiling)]
