"""What runs on a CPU is what runs elsewhere, up to rounding; and no stream knows which lane it is."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from ambiome_middleware.jit import jit
from ambiome_middleware.neural.codec import BINS, FRAME, FRAMES_PER_STEP
from ambiome_middleware.neural.cpu import generation as compiled
from ambiome_middleware.neural.cpu import lanes
from ambiome_middleware.neural.cpu.decoding import CpuDecoding
from ambiome_middleware.neural.cpu.generation import CpuGeneration
from ambiome_middleware.neural.cpu.lanes import LANES
from ambiome_middleware.neural.cpu.model import CpuModel
from ambiome_middleware.neural.cpu.packing import filled, packed
from ambiome_middleware.neural.cpu.products import ALONE, TOGETHER, product, products
from ambiome_middleware.neural.generate import TILE, Generation
from ambiome_middleware.neural.lm import Lm, LmShape
from ambiome_middleware.neural.tile import Tiles
from ambiome_middleware.tokens import EVENT, EVENTS_AT, FEATURE, FEATURES_AT, SCENE, silent_row
from neural.codecs import SMALL, small

SHAPES = {
    "small": LmShape(levels=4, coarse=2, width=32, layers=2, heads=2, window=6, depth_width=32, depth_layers=2,
                     depth_heads=2, latent=16),
    "odd": LmShape(levels=3, coarse=3, width=12, layers=1, heads=3, window=5, depth_width=10, depth_layers=1,
                   depth_heads=1, latent=7),
}  # fmt: skip
NUMBER = np.random.default_rng


def model(shape: LmShape) -> Lm:
    with torch.random.fork_rng([]):
        torch.manual_seed(1)
        made = Lm(shape, torch.randn(shape.levels, BINS, shape.latent))
        for parameter in made.parameters():
            parameter.data += 0.2 * torch.randn_like(parameter)
    return made.eval().requires_grad_(False)


def rows(steps: int) -> torch.Tensor:
    """Token frames of all kinds, [steps, TILE, ROW_WIDTH]."""
    chance, found = NUMBER(2), np.tile(silent_row(), (steps, TILE, 1))
    for at, table, slots in ((0, SCENE, 1), (FEATURES_AT, FEATURE, 16), (EVENTS_AT, EVENT, 8)):
        for slot in range(slots):
            for n, parameter in enumerate(table):
                found[..., at + slot * len(table) + n] = chance.integers(0, parameter.levels, (steps, TILE))
    return torch.from_numpy(found)


@pytest.mark.parametrize("name", SHAPES)
def test_logits_and_codes_are_those_of_torch(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the same past, beyond the window too, where some begin anew and some stay."""
    lm = model(SHAPES[name])
    one, other = CpuGeneration(CpuModel(lm), 0.9), Generation(lm, 0.9)
    for slot in range(TILE):
        one.reset(slot)
        other.reset(slot)
    seen: list[np.ndarray] = []
    choose, pick = compiled._choose, other._pick

    def watched(logits: np.ndarray, *rest: Any) -> None:
        frames = rest[-2].shape[1]
        seen.append(logits[: frames * BINS].reshape(frames, BINS, LANES).transpose(2, 0, 1).copy())
        choose(logits, *rest)

    def held_against(logits: torch.Tensor, chance: torch.Tensor) -> torch.Tensor:
        assert np.abs(logits.numpy() - seen.pop(0)).max() < 1e-4
        return pick(logits, chance)

    monkeypatch.setattr(compiled, "_choose", watched)
    monkeypatch.setattr(other, "_pick", held_against)
    chance = NUMBER(3)
    seeds = chance.integers(0, 2**63, TILE).astype(np.uint64)
    for step, told in enumerate(rows(20)):
        if step % 6 == 2:
            one.reset(step % TILE)
            other.reset(step % TILE)
        moving = None if step % 3 else torch.from_numpy(chance.random(TILE) < 0.7)
        given = {5: torch.full((lm.shape.levels, FRAMES_PER_STEP), step)} if step % 4 == 1 else None
        if given:
            monkeypatch.setattr(compiled, "_choose", choose)
            monkeypatch.setattr(other, "_pick", pick)
        steps = np.full(TILE, step)
        assert torch.equal(*(each.step(told, seeds, steps, moving, given) for each in (one, other)))
        monkeypatch.setattr(compiled, "_choose", watched)
        monkeypatch.setattr(other, "_pick", held_against)
        assert np.abs(one._heard - other._heard.numpy().T).max() < 1e-4
    assert not seen, "torch was asked as often"


def test_samples_are_those_of_torch() -> None:
    """From a stream's first step on, where some begin anew and some stay."""
    codec = small()
    one, other = CpuDecoding(codec), codec.decoding(TILE)
    assert one.latency == other.latency
    chance, loudest = NUMBER(4), 0.0
    for step in range(30):
        if step % 7 == 3:
            one.reset([step % TILE])
            other.reset([step % TILE])
        moving = None if step % 3 else torch.from_numpy(chance.random(TILE) < 0.7)
        codes = torch.from_numpy(chance.integers(0, BINS, (TILE, SMALL.levels, FRAMES_PER_STEP)))
        found, wanted = one(codes, moving), other(codes, moving)
        assert found.shape == (TILE, FRAMES_PER_STEP * FRAME)
        loudest = max(loudest, float(wanted.abs().max()))
        assert (found - wanted).abs().max() < 1e-5 * max(1.0, loudest)
    assert loudest > 1e-3, "there is something to compare"


def test_no_stream_knows_its_lane_or_its_company() -> None:
    """To the bit, also in what was decoded before a stream began anew."""
    codec, order = small(), [3, 0, 7, 1, 2, 6, 5, 4]
    codes = torch.randint(
        0, BINS, (20, TILE, SMALL.levels, FRAMES_PER_STEP), generator=torch.Generator().manual_seed(5)
    )

    def heard(told: torch.Tensor, used: int = 0) -> torch.Tensor:
        decoding = CpuDecoding(codec).anew()
        for n in range(used):
            decoding(codes[n].flip(0))
        decoding.reset(list(range(TILE)))
        return torch.stack([decoding(each) for each in told], dim=1)

    whole = heard(codes)
    assert torch.equal(heard(codes[:, order]), whole[order])
    assert torch.equal(heard(codes[:, [2] * TILE])[4], whole[2])
    assert torch.equal(heard(codes, used=9), whole)


def test_a_step_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"codes: \(8, 4, 2\)"):
        CpuDecoding(small())(torch.zeros(8, 4, 2, dtype=torch.int64))


def test_tiles_share_the_weights_and_nothing_else() -> None:
    codec = small()
    lm = Lm(LmShape(levels=4, coarse=2, width=32, layers=1, heads=2, window=6, depth_width=32, depth_layers=1,
                    depth_heads=2, latent=32), codec.codebooks())  # fmt: skip
    tiles = Tiles(lm, codec, 1.0)
    one, other = tiles.tile()._decoding, tiles.tile()._decoding
    assert isinstance(one, CpuDecoding)
    codes = torch.from_numpy(NUMBER(7).integers(0, BINS, (6, TILE, 4, FRAMES_PER_STEP)))
    first = torch.stack([one(each) for each in codes])
    assert not torch.equal(torch.stack([one(each) for each in codes]), first)
    assert torch.equal(torch.stack([other(each) for each in codes]), first)


@pytest.mark.parametrize(("inputs", "outputs"), [(1, 1), (7, 8), (64, 27)])
def test_products_of_any_size(inputs: int, outputs: int) -> None:
    chance = NUMBER(6)
    x = chance.standard_normal((6 + inputs, LANES)).astype(np.float32)
    weight, bias = chance.standard_normal((inputs, outputs)), chance.standard_normal(outputs)
    out = np.zeros((4 * (outputs + ALONE), LANES), np.float32)

    @jit
    def alone(x: Any, weight: Any, bias: Any, out: Any) -> None:
        product(x, weight, bias, out)

    @jit
    def together(x: Any, weight: Any, bias: Any, out: Any) -> None:
        products(x, 2, 3, weight, bias, out)

    alone(x, packed(weight, ALONE), filled(bias, ALONE), out)
    assert np.abs(out[:outputs] - (weight.T @ x[:inputs] + bias[:, None])).max() < 1e-4
    together(x, packed(weight, TOGETHER), filled(bias, TOGETHER), out)
    groups = -(-outputs // TOGETHER)
    for n in range(3):
        wanted = weight.T @ x[2 * n : 2 * n + inputs] + bias[:, None]
        assert np.abs(out[n * groups * TOGETHER :][:outputs] - wanted).max() < 1e-4


FUNCTIONS = {
    "exp": (lanes.exp, math.exp, 3e-7, 0.0),
    "sigmoid": (lanes.sigmoid, lambda x: 1.0 / (1.0 + math.exp(-x)), 4e-7, 0.0),
    "tanh": (lanes.tanh, math.tanh, 0.0, 3e-7),
    "elu": (lanes.elu, lambda x: x if x > 0.0 else math.expm1(x), 1e-7, 1e-7),
    "gelu": (lanes.gelu, lambda x: x * 0.5 * math.erfc(-x / math.sqrt(2.0)), 1e-6, 1e-6),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_what_they_say(name: str) -> None:
    function, wanted, relative, absolute = FUNCTIONS[name]

    @jit
    def run(x: Any, out: Any) -> None:
        for n in range(len(x)):
            lanes.store(out, n, function(lanes.load(x, n)))

    x = np.concatenate([np.linspace(-86.0, 87.0, 4_000), np.linspace(-4.0, 4.0, 3_999), [0.0]]).astype(np.float32)
    found = np.zeros_like(x.reshape(-1, LANES))
    run(x.reshape(-1, LANES), found)
    exact = np.array([wanted(float(each)) for each in x])
    assert np.all(np.abs(found.reshape(-1) - exact) <= relative * np.abs(exact) + absolute)


def test_beyond_its_range_exp_is_that_of_its_ends() -> None:
    @jit
    def run(x: Any, out: Any) -> None:
        lanes.store(out, 0, lanes.exp(lanes.load(x, 0)))

    out = np.zeros((1, LANES), np.float32)
    run(np.array([[-1e30, -1_000.0, -87.0, 0.0, 88.0, 1_000.0, 1e30, np.inf]], np.float32), out)
    assert np.all(out[0, :3] == out[0, 2])
    assert np.all(out[0, 4:] == out[0, 4])
    assert np.isfinite(out).all()
    assert out[0, 3] == 1.0
