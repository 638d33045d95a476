"""A recording goes on: what was heard stays what it was, and what follows is the model's, without a seam."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from ambiome_middleware.neural.codec import Codec
from ambiome_middleware.neural.continuation import FADE_S, continued
from ambiome_middleware.neural.lm import Lm
from ambiome_middleware.neural.segments import Segments
from ambiome_middleware.neural.tile import Move, Tile
from ambiome_middleware.tokens import COLUMN, SAMPLE_RATE_HZ, SCENE, STEP_SAMPLES, silent_row

F32 = npt.NDArray[np.float32]
SHORT = Segments(length=20, warm_up=10, fade=5)
HEARD_S = 2.4


@pytest.fixture(scope="module")
def parts(weights: Path) -> tuple[Codec, Lm]:
    codec = Codec.load(weights / "codec.safetensors")
    return codec, Lm.load(weights / "lm.safetensors", codec.codebooks())


def rain() -> F32:
    chance = np.random.default_rng(4)
    return (0.05 * chance.standard_normal((2, round(HEARD_S * SAMPLE_RATE_HZ)))).astype(np.float32)


def gone_on(parts: tuple[Codec, Lm], seconds: float = 3.0, gain_db: float = 6.0, **options: Any) -> F32:
    row = silent_row()
    row[COLUMN["rain_mm_h"]] = SCENE[COLUMN["rain_mm_h"]].quantise(9.0)
    return continued(*parts, rain(), row, gain_db, seconds, segments=SHORT, **options)


def test_what_was_heard_stays_and_something_follows(parts: tuple[Codec, Lm]) -> None:
    out = gone_on(parts)
    assert out.shape == (2, round((HEARD_S + 3.0) * SAMPLE_RATE_HZ))
    kept = round((HEARD_S - FADE_S) * SAMPLE_RATE_HZ)
    loudest = float(np.abs(out).max())
    assert np.array_equal(out[:, :kept], rain()[:, :kept]) or loudest == pytest.approx(0.98)
    steps = out[:, round(HEARD_S * SAMPLE_RATE_HZ) :].reshape(2, -1, STEP_SAMPLES).std(axis=2)
    assert steps.min() > 1e-3


def test_the_same_seed_goes_on_alike_and_another_one_otherwise(parts: tuple[Codec, Lm]) -> None:
    assert np.array_equal(gone_on(parts, 0.5, seed=3), gone_on(parts, 0.5, seed=3))
    assert not np.array_equal(gone_on(parts, 0.5, seed=3), gone_on(parts, 0.5, seed=4))


@pytest.mark.long
def test_a_longer_one_begins_as_a_shorter_one(parts: tuple[Codec, Lm]) -> None:
    short, long = (gone_on(parts, seconds, gain_db=-20.0) for seconds in (1.0, 2.6))
    both = round((HEARD_S + 0.75) * SAMPLE_RATE_HZ)
    assert np.allclose(short[:, :both] / np.abs(short).max(), long[:, :both] / np.abs(short).max(), atol=1e-6)


def test_every_segment_is_told_the_recordings_codes_first(parts: tuple[Codec, Lm], monkeypatch: Any) -> None:
    told: dict[int, list[Any]] = {}
    move = Tile.move

    def watched(tile: Tile, moves: list[Move]) -> dict[int, F32]:
        for each in moves:
            told.setdefault(each.slot, []).append(each.given)
        return move(tile, moves)

    monkeypatch.setattr(Tile, "move", watched)
    gone_on(parts)
    prompt = round(HEARD_S * 25)
    assert len(told) == 8  # four segments of two channels
    for given in told.values():
        assert all(each is not None for each in given[:prompt])
        assert all(each is None for each in given[prompt:])
        other = next(iter(told.values()))
        assert any(torch.equal(given[0], each[0]) for each in (other, told[max(told)]))


def test_where_segments_meet_there_is_no_step(parts: tuple[Codec, Lm]) -> None:
    out = gone_on(parts, 3.2)
    jumps = np.abs(np.diff(out, axis=1))
    for step in (20 - 5, 20, 40 - 5, 40):
        at = round(HEARD_S * SAMPLE_RATE_HZ) + step * STEP_SAMPLES
        around = jumps[:, at - 2_000 : at + 2_000]
        assert jumps[:, at - 1].max() <= np.quantile(around, 0.9999) + 1e-6


@pytest.mark.parametrize(("seconds", "heard_s", "why"), [(0.0, 2.4, "not above 0"), (1.0, 1.0, "2 s are needed")])
def test_what_cannot_be_is_refused(parts: tuple[Codec, Lm], seconds: float, heard_s: float, why: str) -> None:
    sound = rain()[:, : round(heard_s * SAMPLE_RATE_HZ)]
    with pytest.raises(ValueError, match=why):
        continued(*parts, sound, silent_row(), 0.0, seconds)
