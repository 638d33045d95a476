"""What is learned from: the learning half of the recordings, and renders of random worlds with their token frames.

Only material whose licence is public domain, CC0 or CC BY is taken; nothing of the judging half is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soxr
from ambiome_protocol.lists import BIOMES, VOICES

from ambiome_middleware.analysis.evaluate.scenes import Scene, request
from ambiome_middleware.analysis.measured import measured
from ambiome_middleware.analysis.recordings import recordings
from ambiome_middleware.analysis.sheet import SHEETS, rows_as_played
from ambiome_middleware.neural.codec import CODEC_HZ
from ambiome_middleware.neural.upward import STEP_AT_CODEC
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.arrays import F32
from ambiome_middleware.tokens import LOOKBACK_STEPS, SAMPLE_RATE_HZ

Progress = Callable[[float], None]

SETTLE_S: Final = 10.0
ALONE_S: Final = 8.0
LEVELS_DB: Final = (-42.0, -14.0)
"""RMS against full scale that pieces are brought to, between these."""
SILENT_DB: Final = -75.0
MIXED: Final = 0.3
"""Share of worlds of which some voices are mixed otherwise than the world says."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of one channel at 24 kHz. `rows`: its token frames, int16 [steps, ROW_WIDTH], where they are known."""

    name: str
    samples: F32
    rows: npt.NDArray[np.int16] | None = None


def is_clean(licence: str) -> bool:
    """Whether a licence is public domain, CC0 or CC BY."""
    return "SA" not in licence and "NC" not in licence and "ND" not in licence.replace("AND", "")


def from_recordings(folder: Path) -> list[Clip]:
    """Every channel of the learning half, with measured token frames, as loud as these make it; without, as it is.
    FileNotFoundError where there is no manifest.
    """
    found = []
    for each in recordings(folder, half="learn"):
        if not is_clean(each.licence):
            continue
        heard = each.load()
        told = measured(each.category, heard)
        for channel in _channels(heard):
            if told is None:
                found.append(Clip(each.name, channel))
                continue
            samples = np.clip(channel * 10.0 ** (told.gain_db / 20.0), -1.0, 1.0).astype(np.float32)
            found.append(Clip(each.name, samples, np.tile(told.row, (len(samples) // STEP_AT_CODEC, 1))))
    return found


def _channels(heard: F32) -> list[F32]:
    if len(heard) > 1 and float(np.asarray(np.corrcoef(heard[:2]))[0, 1]) > 0.95:
        heard = heard[:1]
    return [np.asarray(soxr.resample(channel, SAMPLE_RATE_HZ, CODEC_HZ), np.float32) for channel in heard]


def world(chance: np.random.Generator) -> Mapping[str, Any]:
    """A random world, as a score tells it: any biome, or two, any hour and season, weather of any strength."""

    def now_and_then(share: float, most: float, power: float = 2.0) -> float:
        return float(most * chance.uniform() ** power) if chance.uniform() < share else 0.0

    names = chance.choice([name for name in BIOMES if name != "none"], 2, replace=False).tolist()
    share = float(chance.uniform())
    biome = names[0] if chance.uniform() < 0.6 else {names[0]: share, names[1]: 1.0 - share}
    cold = chance.uniform() < 0.2
    weather = {
        "rain_mm_h": 0.0 if cold else now_and_then(0.4, 60.0), "snow_mm_h": now_and_then(0.6, 12.0) if cold else 0.0,
        "hail_mm_h": now_and_then(0.04, 40.0), "wind_m_s": now_and_then(0.85, 25.0),
        "thunder_per_min": now_and_then(0.12, 8.0, 1.0), "thunder_km": float(chance.uniform(0.5, 8.0)),
        "temperature_c": float(chance.uniform(-12.0, 2.0) if cold else chance.uniform(4.0, 32.0)),
    }  # fmt: skip
    kinds = ("stream", "river", "waterfall", "surf", "fire", "traffic", "crowd", "machinery", "drips")
    features = [
        {"id": str(n), "kind": str(chance.choice(kinds)), "distance_m": float(np.exp(chance.uniform(0.7, 4.0))),
         "azimuth_deg": float(chance.uniform(0.0, 359.0)), "size": float(chance.uniform())}
        for n in range(int(chance.choice([0, 0, 1, 2])))
    ]  # fmt: skip
    shelter = str(chance.choice(["open"] * 8 + ["canopy", "street", "tent", "room", "hall", "cave"]))
    return {
        "weather": weather, "location": {"biome": biome, "features": features, "shelter": shelter},
        "time": {"hour": float(chance.uniform(0.0, 23.9)), "day_of_year": int(chance.integers(1, 366))},
    }  # fmt: skip


def from_worlds(
    count: int, seconds: float, seed: int, progress: Progress | None = None, device: str = "auto"
) -> list[Clip]:
    """`count` random worlds, each heard for so long; halfway through, the weather changes in every other one."""
    renderer, found = Renderer(device), []
    for n in range(count):
        chance = np.random.default_rng((seed, n))
        lines: list[Any] = [{"at": 0, "world": world(chance)}]
        if chance.uniform() < MIXED:
            some = chance.choice(VOICES, 4, replace=False).tolist()
            lines.append(
                {"at": 0, "mix": {"voices": {str(v): {"gain_db": float(chance.uniform(-40.0, 9.0))} for v in some}}}
            )
        if n % 2:
            lines.append({"at": SETTLE_S + seconds / 2, "world": {"weather": world(chance)["weather"]}})
        asked = request(Scene("worlds", f"world {n}", tuple(lines), seconds=seconds, settle_s=SETTLE_S), n, "mono")
        [heard] = renderer.render([asked])
        samples = np.asarray(soxr.resample(heard[0], SAMPLE_RATE_HZ, CODEC_HZ), np.float32)
        found.append(Clip(f"world {n}", samples, asked.tokens[LOOKBACK_STEPS:]))
        if progress is not None:
            progress((n + 1) / count)
    return found


def from_voices(seconds: float, seed: int) -> list[Clip]:
    """Every voice alone, `ALONE_S` at a time, at even settings of its main control: so many seconds in all."""
    renderer, found = Renderer("cpu"), []
    sheets = {voice: sheet for voice, sheet in SHEETS.items() if not sheet.event}
    settings = round(seconds / ALONE_S / len(sheets))
    for voice, sheet in sheets.items():
        for n in range(settings):
            rows = rows_as_played(sheet, (n + 1) / settings, ALONE_S)
            [heard] = renderer.render([Request(seed + n, "mono", LOOKBACK_STEPS, rows)])
            samples = np.asarray(soxr.resample(heard[0], SAMPLE_RATE_HZ, CODEC_HZ), np.float32)
            found.append(Clip(f"{voice} {n}", samples, rows[LOOKBACK_STEPS:]))
    return found


class Pieces:
    """Batches of pieces, the same for the same (seed, step), whatever was asked for before."""

    def __init__(self, kinds: Sequence[tuple[float, Sequence[Clip]]], seed: int) -> None:
        """`kinds`: how often each kind is chosen, and its clips. ValueError for none."""
        self._kinds = [(weight, list(clips)) for weight, clips in kinds if clips and weight > 0]
        if not self._kinds:
            raise ValueError("material: there is none")
        self._weights = np.array([weight for weight, _ in self._kinds]) / sum(weight for weight, _ in self._kinds)
        self._seed = seed

    def sounds(self, step: int, batch: int, length: int) -> F32:
        """Pieces [batch, length], each brought to a level of its own."""
        found = np.zeros((batch, length), np.float32)
        for n in range(batch):
            chance = np.random.default_rng((self._seed, step, n))
            clip, start = self.place(chance, length)
            piece = clip.samples[start : start + length]
            found[n, : len(piece)] = at_level(piece, float(chance.uniform(*LEVELS_DB)))
        return found

    def place(self, chance: np.random.Generator, length: int) -> tuple[Clip, int]:
        """A clip, chosen by kind and then by the root of its length, and where in it a piece begins."""
        _, clips = self._kinds[int(chance.choice(len(self._kinds), p=self._weights))]
        weights = np.sqrt([len(clip.samples) for clip in clips])
        clip = clips[int(chance.choice(len(clips), p=weights / weights.sum()))]
        return clip, int(chance.integers(0, max(len(clip.samples) - length, 0) + 1))


def at_level(piece: F32, level_db: float) -> F32:
    """A piece brought to an RMS of so many dB against full scale, as far as its peak stays below it."""
    rms, peak = float(np.sqrt(np.mean(piece**2))), float(np.abs(piece).max(initial=0.0))
    if rms <= 10.0 ** (SILENT_DB / 20.0):
        return piece
    return np.asarray(piece * min(10.0 ** (level_db / 20.0) / rms, 0.98 / peak), np.float32)
