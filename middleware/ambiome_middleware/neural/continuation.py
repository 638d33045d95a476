"""A recording that goes on: AudioLM's continuation, for places.

The recording's last seconds, as codes, and a token frame that was measured from it are what the model is told has been
heard; it goes on from there, at the level that makes up for what the codec loses of it. What is drawn feeds back, and a
place that drifts is another one in the end: so every segment (see `segments`) begins anew at the recording, and is
faded in over the end of the one before, at equal power.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import soxr
import torch

from ambiome_middleware.neural.codec import CODEC_HZ, FRAMES_PER_STEP, Codec
from ambiome_middleware.neural.generate import TILE
from ambiome_middleware.neural.level import Powers, gain
from ambiome_middleware.neural.lm import Lm
from ambiome_middleware.neural.segments import SEGMENTS, Segments, seed_of
from ambiome_middleware.neural.threads import one_thread
from ambiome_middleware.neural.tile import Move, Tiles
from ambiome_middleware.neural.upward import DELAY_SAMPLES, Above
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.arrays import F32
from ambiome_middleware.tokens import LOOKBACK_STEPS, SAMPLE_RATE_HZ, STEP_SAMPLES, STEPS_PER_S, Row

Progress = Callable[[float], None]

FADE_S: Final = 1.0
"""How long, at its end, the recording fades into what the codec makes of it."""
LEAST_S: Final = 2.0
"""A recording that is shorter says too little."""
PEAK: Final = 0.98


@dataclass(frozen=True, slots=True)
class _Track:
    """One channel in one segment: its first own step, counted from the recording's end, and how many it makes."""

    channel: int
    segment: int
    first: int
    steps: int


def continued(
    codec: Codec,
    lm: Lm,
    heard: F32,
    row: Row,
    gain_db: float,
    seconds: float,
    *,
    seed: int = 0,
    temperature: float = 1.0,
    segments: Segments = SEGMENTS,
    progress: Progress | None = None,
) -> F32:
    """What was heard, float32 [1 or 2, n] at 48 kHz, full scale ±1, and how it goes on: [1 or 2, n + seconds · 48,000].

    n is cut to whole steps, the end kept. `row` is its token frame, `gain_db` what brings it to where that frame plays
    (see `analysis.measured`). Channels go on apart from one another. Equal arguments give equal bytes, on one class of
    device. ValueError for less than `LEAST_S` of sound, or for seconds that are not above 0.
    """
    if not seconds > 0.0:
        raise ValueError(f"seconds: {seconds:g} is not above 0")
    steps = heard.shape[1] // STEP_SAMPLES
    if steps < round(LEAST_S * STEPS_PER_S):
        raise ValueError(f"{heard.shape[1] / SAMPLE_RATE_HZ:.2g} s of sound are too few: {LEAST_S:g} s are needed")
    own = np.asarray(heard[:, heard.shape[1] - steps * STEP_SAMPLES :], np.float32)
    louder = np.float32(10.0 ** (gain_db / 20.0))
    total = -(-round(seconds * SAMPLE_RATE_HZ) // STEP_SAMPLES)
    with one_thread():
        codes = codec.encode(torch.from_numpy(_at_codec(own * louder)).to(codec.device))
    told = codes.reshape(*codes.shape[:2], steps, FRAMES_PER_STEP).movedim(2, 0).cpu()
    made = np.zeros((len(own), (steps + total) * STEP_SAMPLES), np.float32)
    tracks, tiles = _tracks(len(own), total, segments), Tiles(lm, codec, temperature)
    for start in range(0, len(tracks), TILE):
        part = tracks[start : start + TILE]
        with one_thread():
            sounds = _played(tiles, part, told, row, seed)
        for track, sound in zip(part, sounds, strict=True):
            _join(made[track.channel], _levelled(sound, own[track.channel] * louder), track, steps, segments.fade)
        if progress is not None:
            progress(min(1.0, (start + TILE) / len(tracks)))
    made = np.asarray(made / louder, np.float32) + _above(own, row, seed, steps + total)
    return _after(own, made)[:, : own.shape[1] + round(seconds * SAMPLE_RATE_HZ)]


def _at_codec(samples: F32) -> F32:
    return np.stack([np.asarray(soxr.resample(one, SAMPLE_RATE_HZ, CODEC_HZ), np.float32) for one in samples])


def _tracks(channels: int, total: int, segments: Segments) -> list[_Track]:
    """All tracks for so many new steps, in order of time."""
    found = []
    for segment in range(-(-total // segments.length)):
        first = segment * segments.length - (segments.fade if segment else 0)
        end = min((segment + 1) * segments.length, total)
        found += [_Track(channel, segment, first, end - first) for channel in range(channels)]
    return found


def _played(tiles: Tiles, tracks: list[_Track], told: torch.Tensor, row: Row, seed: int) -> list[F32]:
    """The sound of up to a tile of tracks, at 48 kHz: first that of the codes that they are told, then their own."""
    tile, prompt = tiles.tile(), len(told)
    late = -(-tile.latency_samples // STEP_SAMPLES)
    slots = [tile.take() for _ in tracks]
    lengths = [prompt + track.steps + late for track in tracks]
    sounds: list[list[F32]] = [[] for _ in tracks]
    for at in range(max(lengths)):
        moves = [
            Move(slot, seed_of(seed, track.segment, track.channel), track.first + at - prompt, row,
                 told[at, track.channel] if at < prompt else None)
            for slot, track, length in zip(slots, tracks, lengths, strict=True) if at < length
        ]  # fmt: skip
        made = tile.move(moves)
        for sound, slot in zip(sounds, slots, strict=True):
            if slot in made:
                sound.append(made[slot])
    whole = [np.concatenate(sound)[tile.latency_samples :] for sound in sounds]
    return [one[: (prompt + track.steps) * STEP_SAMPLES] for one, track in zip(whole, tracks, strict=True)]


def _levelled(sound: F32, heard: F32) -> F32:
    """A track's sound, which begins with what the codec makes of what was heard, as loud as that is towards its end."""
    wanted, own = Powers(), Powers()
    for at in range(0, len(heard), STEP_SAMPLES):
        wanted.hear(heard[at : at + STEP_SAMPLES])
        own.hear(sound[at : at + STEP_SAMPLES])
    return sound * np.float32(gain(own.mean(), wanted.mean()))


def _join(out: F32, sound: F32, track: _Track, prompt: int, fade: int) -> None:
    """Put a track's sound into its channel, faded in over the one before."""
    if track.segment == 0:
        out[: len(sound)] = sound
        return
    at, own = (prompt + track.first) * STEP_SAMPLES, sound[prompt * STEP_SAMPLES :]
    length = min(fade * STEP_SAMPLES, len(own))
    rising, falling = _equal_power(length)
    out[at : at + length] = out[at : at + length] * falling + own[:length] * rising
    out[at + length : at + len(own)] = own[length:]


def _equal_power(length: int) -> tuple[F32, F32]:
    angles = 0.5 * np.pi * (np.arange(length) + 0.5) / length
    return np.sin(angles).astype(np.float32), np.cos(angles).astype(np.float32)


def _above(own: F32, row: Row, seed: int, steps: int) -> F32:
    """What the codec has nothing of: the bed of the token frame, as strong there as what was heard is."""
    layout = "stereo" if len(own) == 2 else "mono"
    rows = np.tile(row, (LOOKBACK_STEPS + steps, 1))
    [bed] = Renderer("cpu").render([Request(seed, layout, LOOKBACK_STEPS, rows)])
    high, wanted = (_high(sound) for sound in (bed, own))
    strength = np.sqrt(np.mean(high**2, axis=1, keepdims=True))
    share = np.sqrt(np.mean(wanted**2, axis=1, keepdims=True)) / np.maximum(strength, 1e-9)
    return np.asarray(high * np.where(strength > 1e-7, share, 0.0), np.float32)


def _high(sound: F32) -> F32:
    above = Above(len(sound))
    count = sound.shape[1] // STEP_SAMPLES
    padded = np.pad(sound, ((0, 0), (0, STEP_SAMPLES)))
    whole = np.concatenate([above(piece) for piece in np.split(padded, count + 1, axis=1)], axis=1)
    return whole[:, DELAY_SAMPLES : DELAY_SAMPLES + sound.shape[1]]


def _after(own: F32, made: F32) -> F32:
    """What was heard, fading at its end into what was made of it; turned down as a whole where that is too loud."""
    length = round(FADE_S * SAMPLE_RATE_HZ)
    start = own.shape[1] - length
    rising, falling = _equal_power(length)
    out = made.copy()
    out[:, :start] = own[:, :start]
    out[:, start : start + length] = own[:, start:] * falling + made[:, start : start + length] * rising
    return out / np.float32(max(1.0, float(np.abs(out).max()) / PEAK))
