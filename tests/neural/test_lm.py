"""The model: what it streams is what it learned, streams do not know their company, and memory does not grow."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from ambiome_middleware.neural.codec import BINS, FRAMES_PER_STEP
from ambiome_middleware.neural.cpu.generation import CpuGeneration
from ambiome_middleware.neural.cpu.model import CpuModel
from ambiome_middleware.neural.files import WeightsError
from ambiome_middleware.neural.generate import TILE, Generation, draws
from ambiome_middleware.neural.lm import Lm, LmShape, places
from ambiome_middleware.tokens import COLUMN, ROW_WIDTH, silent_row

SHAPE = LmShape(
    levels=6, coarse=4, width=32, layers=2, heads=2, window=12, depth_width=32, depth_layers=2, depth_heads=2, latent=16
)


@pytest.fixture(scope="module")
def lm() -> Lm:
    torch.manual_seed(1)
    books = torch.randn(SHAPE.levels, BINS, SHAPE.latent)
    model = Lm(SHAPE, books).double()
    for parameter in model.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return model.eval()


def rows(streams: int, steps: int, seed: int = 2) -> torch.Tensor:
    found = np.tile(silent_row(), (streams, steps, 1))
    chance = np.random.default_rng(seed)
    found[..., COLUMN["rain_mm_h"]] = chance.integers(0, 500, (streams, steps))
    found[..., COLUMN["wind_m_s"]] = chance.integers(0, 500, (streams, steps))
    return torch.from_numpy(found)


def codes(streams: int, steps: int, seed: int = 3) -> torch.Tensor:
    size = (streams, SHAPE.levels, steps * FRAMES_PER_STEP)
    return torch.randint(0, BINS, size, generator=torch.Generator().manual_seed(seed))


Make = Callable[[Lm], Generation | CpuGeneration]


@pytest.fixture(params=[Generation, lambda lm: CpuGeneration(CpuModel(lm))], ids=["torch", "cpu"])
def make(request: pytest.FixtureRequest) -> Make:
    """Both that generate keep the same promises."""
    return request.param  # type: ignore[no-any-return]


def single_of(lm: Lm) -> Lm:
    single = Lm(SHAPE, lm.codebooks.float())
    single.load_state_dict({name: value.float() for name, value in lm.state_dict().items()})
    return single


def streamed(make: Make, lm: Lm, told: torch.Tensor, seeds: np.ndarray, first: int = 0) -> torch.Tensor:
    """Codes [TILE, levels, 3 · steps] of token frames [TILE, steps, ROW_WIDTH]."""
    generation = make(lm)
    for slot in range(TILE):
        generation.reset(slot)
    found = [generation.step(told[:, n], seeds, np.full(TILE, first + n, np.int64)) for n in range(told.shape[1])]
    return torch.cat(found, dim=-1)


SEEDS = np.arange(100, 100 + TILE).astype(np.uint64)


def test_what_is_streamed_is_what_was_learned(lm: Lm) -> None:
    """Step by step the model gives the same probabilities as over a whole piece, beyond its window too."""
    told, given = rows(TILE, 30), codes(TILE, 30)
    logits, wanted = lm(told, given)
    generation = Generation(lm)
    for slot in range(TILE):
        generation.reset(slot)
    heard: list[torch.Tensor] = []
    generation._pick = lambda logits, chance: _told(heard, logits, wanted_now)  # type: ignore[method-assign]
    for step in range(30):
        wanted_now = wanted.reshape(TILE, 30, -1)[:, step]
        heard.clear()
        made = generation.step(told[:, step], SEEDS, np.full(TILE, step, np.int64))
        assert torch.equal(made, given[..., FRAMES_PER_STEP * step : FRAMES_PER_STEP * (step + 1)])
        whole = logits.reshape(TILE, 30, SHAPE.codes, BINS)[:, step]
        assert (torch.cat(heard, dim=1) - whole).abs().max() < 1e-10


def _told(heard: list[torch.Tensor], logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    at = sum(part.shape[1] for part in heard)
    heard.append(logits)
    return wanted[:, at : at + logits.shape[1]]


def test_nothing_looks_ahead(lm: Lm) -> None:
    told, given = rows(1, 20), codes(1, 20)
    before, _ = lm(told, given)
    told[:, 12:], given[..., FRAMES_PER_STEP * 12 :] = rows(1, 8, 9), codes(1, 8, 9)
    after, _ = lm(told, given)
    assert torch.equal(before[:12], after[:12])
    assert not torch.equal(before[12:], after[12:])


def test_some_steps_are_learned_as_all_are(lm: Lm) -> None:
    told, given, chosen = rows(2, 10), codes(2, 10), torch.tensor([17, 3, 4])
    whole, wanted = lm(told, given)
    some, of = lm(told, given, chosen)
    assert torch.equal(of, wanted[chosen])
    assert torch.allclose(some, whole[chosen], atol=1e-12)


def test_codes_of_a_step_see_those_made_before_and_no_others(lm: Lm) -> None:
    told, given = rows(1, 1), codes(1, 1)
    before, _ = lm(told, given)
    made = 0
    for level, frame in places(SHAPE):
        count = 1 if frame is not None else FRAMES_PER_STEP
        changed = given.clone()
        changed[:, level, slice(frame, None if frame is None else frame + 1)] += 1
        changed %= BINS
        after, _ = lm(told, changed)
        is_alike = (before[0] == after[0]).all(dim=-1)
        assert is_alike[: made + count].all(), "what was made before, and what is made at once, do not know of it"
        assert not is_alike[made + count :].any(), "all that follows does"
        made += count


def test_company_and_place_do_not_matter(lm: Lm, make: Make) -> None:
    """To the bit, in float32: the same stream among others, and in another slot of the tile."""
    single = single_of(lm)
    told = rows(TILE, 25)
    before = streamed(make, single, told, SEEDS)
    order = [3, 0, 7, 1, 2, 6, 5, 4]
    assert torch.equal(streamed(make, single, told[order], SEEDS[order]), before[order])
    other = rows(TILE, 25, 50)
    other[2] = told[2]
    seeds = SEEDS + np.uint64(1_000)
    seeds[2] = SEEDS[2]
    after = streamed(make, single, other, seeds)
    assert torch.equal(after[2], before[2])
    assert not torch.equal(after[1], before[1])


def test_streams_begin_anew_at_times_of_their_own(lm: Lm, make: Make) -> None:
    told = rows(TILE, 24)
    generation = make(lm)
    begins = [2 * slot for slot in range(TILE)]
    found = []
    for step in range(24):
        for slot in range(TILE):
            if step in (0, begins[slot]):
                generation.reset(slot)
        found.append(generation.step(told[:, step], SEEDS, np.full(TILE, step, np.int64)))
    whole = torch.cat(found, dim=-1)
    for slot, begin in enumerate(begins):
        alone = torch.stack([told[slot, begin:]] * TILE)
        wanted = streamed(make, lm, alone, np.full(TILE, SEEDS[slot]), begin)[0]
        assert torch.equal(whole[slot, :, FRAMES_PER_STEP * begin :], wanted)


def test_a_stream_that_stays_is_as_if_it_had_not_been_asked(lm: Lm, make: Make) -> None:
    told = rows(TILE, 30)
    generation, alone = make(lm), streamed(make, lm, told, SEEDS)
    for slot in range(TILE):
        generation.reset(slot)
    at, found = np.zeros(TILE, np.int64), [[] for _ in range(TILE)]  # type: ignore[var-annotated]
    for turn in range(45):
        moving = np.array([(turn * 7 + slot) % 3 > 0 and at[slot] < 30 for slot in range(TILE)])
        row = told[torch.arange(TILE), torch.from_numpy(np.minimum(at, 29))]
        made = generation.step(row, SEEDS, at.copy(), torch.from_numpy(moving))
        for slot in np.flatnonzero(moving):
            found[slot].append(made[slot])
        at += moving
    for slot in range(TILE):
        assert len(found[slot]) > 25
        got = torch.cat(found[slot], dim=-1)
        assert torch.equal(got, alone[slot, :, : got.shape[-1]])


def test_chance_is_fair_and_its_own() -> None:
    many = draws(np.arange(2_000).astype(np.uint64), np.full(2_000, 7, np.int64), 24)
    assert many.min() >= 0.0
    assert many.max() < 1.0
    assert abs(many.mean() - 0.5) < 0.01
    assert len(np.unique(many)) == many.size
    assert not np.array_equal(many, draws(np.arange(2_000).astype(np.uint64), np.full(2_000, 8, np.int64), 24))


def test_drawn_as_often_as_the_model_says(lm: Lm) -> None:
    generation = Generation(lm)
    logits = torch.full((TILE, 1, BINS), -1e9, dtype=torch.float64)
    logits[..., 10], logits[..., 500] = np.log(0.25), np.log(0.75)
    chance = torch.from_numpy(draws(np.arange(4_000 * TILE).astype(np.uint64), np.zeros(4_000 * TILE, np.int64), 1))
    drawn = torch.cat([generation._pick(logits, part) for part in chance.split(TILE)])
    assert set(drawn.unique().tolist()) == {10, 500}
    assert abs(float((drawn == 10).double().mean()) - 0.25) < 0.01


def test_memory_does_not_grow(lm: Lm, make: Make) -> None:
    generation = make(lm)
    sizes = [each.nbytes for pair in generation._past for each in pair]
    for step in range(3 * SHAPE.window):
        generation.step(rows(TILE, 1)[:, 0], SEEDS, np.full(TILE, step, np.int64))
    assert [each.nbytes for pair in generation._past for each in pair] == sizes


def test_shapes_that_cannot_be_are_refused(lm: Lm) -> None:
    with pytest.raises(ValueError, match="7 coarse levels"):
        LmShape(levels=6, coarse=7)
    with pytest.raises(ValueError, match="not 3 heads"):
        LmShape(width=256, heads=3)
    with pytest.raises(ValueError, match="codebooks"):
        Lm(SHAPE, torch.zeros(2, BINS, SHAPE.latent))
    for make in (Generation, lambda lm, *also: CpuGeneration(CpuModel(lm), *also)):
        with pytest.raises(ValueError, match="5 are not a tile"):
            make(lm).step(torch.zeros(5, ROW_WIDTH, dtype=torch.int16), SEEDS[:5], np.zeros(5, np.int64))
        with pytest.raises(ValueError, match="temperature"):
            make(lm, 0.0)


def test_a_file_of_a_model(lm: Lm, tmp_path: Path) -> None:
    single = single_of(lm)
    path = tmp_path / "lm.safetensors"
    single.save(path, {"licence": "CC0"})
    again = Lm.load(path, lm.codebooks.float())
    assert again.shape == SHAPE
    told, given = rows(1, 5), codes(1, 5)
    assert (again(told, given)[0] - single(told, given)[0]).abs().max() < 0.1, "as exact as half precision is"
    with pytest.raises(WeightsError, match="not a model for this codec"):
        Lm.load(path, torch.zeros(SHAPE.levels, BINS, 8))
    with pytest.raises(FileNotFoundError):
        Lm.load(tmp_path / "none", lm.codebooks)
