"""Training: interrupted it goes on to the same weights, learns what there is to learn, and only from what is ours."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from ambiome_middleware.analysis import measured
from ambiome_middleware.neural.codec import CODEC_HZ, CodecShape, network
from ambiome_middleware.neural.encodec_package import MultiScaleSTFTDiscriminator, ResidualVectorQuantizer
from ambiome_middleware.neural.lm import LmShape
from ambiome_middleware.neural.upward import STEP_AT_CODEC
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SCENE, silent_row
from ambiome_middleware.training import material, mel
from ambiome_middleware.training.balancer import Balancer
from ambiome_middleware.training.beginning import QUIET, begin, begin_adversary
from ambiome_middleware.training.codebooks import keep_in_use
from ambiome_middleware.training.codec import CodecTrainer
from ambiome_middleware.training.config import BUILT_IN, CodecTraining, Config, ConfigError, Data, LmTraining, read
from ambiome_middleware.training.curve import draw
from ambiome_middleware.training.lm import LmTrainer, Spoken, spoken
from ambiome_middleware.training.material import Clip, Pieces
from ambiome_middleware.training.state import StateError
from neural.codecs import small

CONFIG = Config(
    CodecShape(filters=2, dimension=16, lstm_layers=1, levels=2),
    LmShape(
        levels=4, coarse=2, width=32, layers=2, heads=2, window=10, depth_width=32, depth_layers=1, depth_heads=2,
        latent=32,
    ),
    Data(),
    CodecTraining(steps=6, batch=2, seconds=0.2, warm_up=2, adversary_from=2, adversary_filters=2),
    LmTraining(steps=60, batch=2, seconds=1.0, rate=3e-3, warm_up=5),
)  # fmt: skip


def noises() -> list[Clip]:
    chance = np.random.default_rng(1)
    return [Clip(f"{n}", (0.1 * chance.standard_normal(CODEC_HZ)).astype(np.float32)) for n in range(3)]


def test_a_codecs_training_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    def trainer(folder: str) -> CodecTrainer:
        return CodecTrainer(CONFIG, Pieces([(1.0, noises())], 1), tmp_path / folder)

    whole = trainer("whole")
    whole.run()
    trainer("parts").run(until=3)
    again = trainer("parts")
    assert again.step == 3
    again.run()
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, again.model.state_dict()[name]), name
    assert {"time", "mel", "penalty", "adversary", "features"} <= set(again.losses)
    assert [step for step, _ in again.losses["mel"]] == list(range(6))
    assert whole.codec().encode(torch.zeros(1, 640)).shape == (1, 2, 2)
    other = replace(CONFIG, seed=2)
    with pytest.raises(StateError, match="is of another training"):
        CodecTrainer(other, Pieces([(1.0, noises())], 1), tmp_path / "parts")


def _spoken() -> list[Spoken]:
    """A world in which rain sounds of one code and silence of another."""
    found = []
    for n in range(2):
        rows = np.tile(silent_row(), (60, 1))
        rows[:, COLUMN["rain_mm_h"]] = 400 * n
        found.append(Spoken(f"{n}", rows, np.full((4, 180), 100 + 500 * n, np.int16)))
    return found


def test_a_models_training_goes_on_and_learns(tmp_path: Path) -> None:
    def trainer(folder: str) -> LmTrainer:
        return LmTrainer(CONFIG, small(), _spoken(), tmp_path / folder)

    whole = trainer("whole")
    whole.run()
    trainer("parts").run(until=20)
    again = trainer("parts")
    again.run()
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, again.model.state_dict()[name]), name
    losses = [loss for _, loss in whole.losses["loss"]]
    assert losses[0] > 6.0, "it began by knowing nothing: log 1024"
    assert losses[-1] < 0.5, "two codes, and the scene says which"
    draw(whole.losses, tmp_path / "curve.png", "a model")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_clips_are_spoken_in_both_languages() -> None:
    codec = small()
    samples = (0.1 * np.random.default_rng(1).standard_normal(70 * STEP_AT_CODEC + 5)).astype(np.float32)
    rows = np.tile(silent_row(), (80, 1))
    [one] = spoken([Clip("told", samples, rows), Clip("not told", samples)], codec)
    assert (one.name, one.rows.shape[0], one.codes.shape) == ("told", 70, (4, 210))
    wanted = codec.encode(torch.from_numpy(samples[: 70 * STEP_AT_CODEC])[None])[0].numpy()
    assert np.mean(one.codes == wanted) > 0.99


def test_each_loss_pulls_as_its_weight_says() -> None:
    output = torch.randn(3, 5, generator=torch.Generator().manual_seed(1), requires_grad=True)
    balancer = Balancer({"one": 1.0, "other": 3.0})
    direction = torch.ones(3, 5)
    balancer.backward({"one": 1e6 * output.sum(), "other": -1e-6 * (output * direction).sum()}, output)
    assert output.grad is not None
    wanted = (0.25 - 0.75) * torch.ones(3, 5) / 5**0.5
    assert (output.grad - wanted).abs().max() < 1e-6


def test_a_spectral_distance_hears_what_differs_and_no_phase() -> None:
    chance = torch.Generator().manual_seed(1)
    one, other = (0.1 * torch.randn(1, CODEC_HZ, generator=chance) for _ in range(2))
    assert mel.distance(one, one) < 1e-3
    assert mel.distance(one, other) < mel.distance(one, 3.0 * other)
    dull = torch.nn.functional.avg_pool1d(other[:, None], 8, 1, 4)[:, 0, :CODEC_HZ]
    assert mel.distance(one, other) < mel.distance(one, dull / dull.std() * other.std())


@pytest.mark.parametrize("name", BUILT_IN)
def test_configurations_that_come_along(name: str) -> None:
    config = read(name)
    assert config.lm.levels == config.codec.levels


def test_mistakes_in_a_configuration_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for text, said in (
        ("[codek]\n", r"\[codek\] is none of codec, lm, data"),
        ("[codec]\nfilterz = 3\n", r"\[codec\] filterz is none of filters"),
        ("[train_lm]\nrate = 'fast'\n", r"\[train_lm\] rate: 'fast' is not a number"),
        ("[lm]\nlevels = 5\nlatent = 128\n", r"\[lm\] latent and levels must be the codec's"),
        ("[lm]\nwidth = 33\n", r"\[lm\] lm shape: a width of 33"),
        ("seed = -1\n", "seed: -1 is not"),
        ("[codec", "mine.toml: "),
    ):
        path.write_text(text)
        with pytest.raises(ConfigError, match=said):
            read(path)


@pytest.mark.parametrize(
    ("licence", "is_clean"),
    [("Public Domain (US NPS)", True), ("CC0-1.0", True), ("CC-BY-4.0", True), ("CC0/CC-BY mix (see CREDITS.md)", True),
     ("CC-BY/CC-BY-SA (minetest_game fire mod)", False), ("CC-BY-NC-4.0", False), ("CC-BY-ND-3.0", False)],
)  # fmt: skip
def test_only_clean_licences_are_learned_from(licence: str, is_clean: bool) -> None:
    assert material.is_clean(licence) is is_clean


def test_worlds_are_told_right_and_are_all_kinds() -> None:
    clips = material.from_worlds(4, 1.0, 5)
    assert [len(clip.samples) for clip in clips] == [CODEC_HZ] * 4
    assert all(clip.rows is not None and len(clip.rows) == 25 for clip in clips)
    again = material.from_worlds(2, 1.0, 5)
    assert np.array_equal(again[1].samples, clips[1].samples)
    worlds = [material.world(np.random.default_rng(n)) for n in range(400)]
    biomes = {name for world in worlds for name in np.atleast_1d(world["location"]["biome"]) if isinstance(name, str)}
    assert len(biomes) > 15
    assert any(world["weather"]["snow_mm_h"] > 0 for world in worlds)


def test_pieces_are_the_same_for_the_same_step() -> None:
    pieces = Pieces([(0.5, noises()), (0.5, [Clip("short", np.full(100, 0.5, np.float32))])], 7)
    before = pieces.sounds(3, 20, 4_000)
    pieces.sounds(4, 20, 4_000)
    assert np.array_equal(pieces.sounds(3, 20, 4_000), before)
    levels = 10.0 * np.log10(np.mean(before[np.abs(before[:, 200:]).max(axis=1) > 0] ** 2, axis=1))
    assert levels.min() > -43.0
    assert levels.max() < -13.0
    assert np.abs(before).max() < 1.0
    with pytest.raises(ValueError, match="there is none"):
        Pieces([(1.0, [])], 1)


@pytest.mark.parametrize(("mm_h", "lowest", "highest"), [(0.4, 0.1, 3.0), (60.0, 15.0, 200.0)])
def test_how_strong_a_rain_is_is_heard_whatever_its_gain(mm_h: float, lowest: float, highest: float) -> None:
    row = silent_row()
    for name, value in {"rain_mm_h": mm_h, "rain_leaves": 0.5, "rain_ground": 0.35, "rain_water": 0.15}.items():
        row[COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    rows = np.tile(row, (LOOKBACK_STEPS + 200, 1))
    [heard] = Renderer("cpu").render([Request(3, "mono", LOOKBACK_STEPS, rows)])
    found = [measured.measured("rain", heard * gain) for gain in (1.0, 0.1)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].share == found[1].share
    assert abs(found[1].gain_db - found[0].gain_db - 20.0) < 0.1
    parameter = SCENE[COLUMN["rain_mm_h"]]
    assert lowest < parameter.values()[found[0].row[COLUMN["rain_mm_h"]]] < highest
    assert measured.measured("lake_ice", heard) is None


def test_every_code_is_put_to_use():
    quantizer = quantization(dim=8, count=2)
    keep_in_use(quantizer, 300)
    quantizer.train()
    torch.manual_seed(3)
    used = torch.zeros(2, 1_024, dtype=torch.int64)
    for batch in range(400):
        _, codes, _ = quantizer(0.1 + torch.randn(1, 8, 300))
        if batch >= 300:
            for level in range(2):
                used[level] += torch.bincount(codes[level].flatten(), minlength=1_024)
    for level in range(2):
        share = used[level] / used[level].sum()
        assert float(torch.exp(-(share * torch.log(share + 1e-12)).sum())) > 500.0


def test_what_is_put_to_use_anew_is_a_vector_of_the_batch():
    quantizer = quantization(dim=4, count=1)
    keep_in_use(quantizer, 20)
    quantizer.train()
    quantizer(torch.randn(1, 4, 20))
    book = quantizer.layers[0]._codebook
    book.cluster_size[7], book.embed[7] = 0.0, 1e6
    given = torch.randn(1, 4, 20)
    quantizer(given)
    assert float((given[0].T - book.embed[7]).abs().sum(dim=1).min()) < 1.0


def quantization(dim: int, count: int):
    return ResidualVectorQuantizer(dimension=dim, n_q=count, kmeans_iters=10).vq


def test_from_the_adversary_on_only_the_decoder_learns(tmp_path: Path) -> None:
    trainer = CodecTrainer(CONFIG, Pieces([(1.0, noises())], 1), tmp_path)
    trainer.run(until=CONFIG.train_codec.adversary_from)
    before = {name: value.clone() for name, value in trainer.model.state_dict().items()}
    trainer.run()
    moved = {name.split(".")[0] for name, value in trainer.model.state_dict().items() if not value.equal(before[name])}
    assert moved == {"decoder"}
    assert [step for step, _ in trainer.losses["penalty"]] == [0, 1]


def test_from_the_first_step_on_another_sound_is_another_latent() -> None:
    torch.manual_seed(1)
    model = network(CONFIG.codec)
    sounds = torch.randn(4, 1, 4_800) * torch.tensor([0.01, 0.03, 0.1, 0.3])[:, None, None]
    apart = []
    for _ in range(2):
        with torch.no_grad():
            latents = model.encoder(sounds)
        apart.append(float(latents.mean(dim=2).std(dim=0).mean() / latents.std()))
        begin(model, sounds)
    assert apart[0] < 0.05
    assert apart[1] > 0.2
    with torch.no_grad():
        assert float(model.decoder(model.encoder(sounds)).std()) == pytest.approx(QUIET, rel=0.01)


def test_no_item_of_a_batch_pulls_harder_than_the_mean() -> None:
    output = torch.zeros(2, 3, requires_grad=True)
    steep = torch.tensor([[1.0, 0.0, 0.0], [0.0, 99.0, 0.0]])
    Balancer({"one": 1.0}).backward({"one": (output * steep).sum()}, output)
    assert output.grad is not None
    assert output.grad.norm(dim=1).tolist() == pytest.approx([1.0 / 50.0, 1.0])


@pytest.mark.long
def test_voices_alone_go_from_faint_to_strong() -> None:
    clips = material.from_voices(3 * 24 * material.ALONE_S, 5)
    rain = [clip for clip in clips if clip.name.startswith("rain ")]
    assert len(clips) == 72
    assert len(rain) == 3
    levels = [float(np.std(clip.samples)) for clip in rain]
    assert 0.0 < levels[0] < levels[1] < levels[2]
    assert all(clip.rows is not None and len(clip.rows) == material.ALONE_S * 25 for clip in clips)


def test_an_adversary_that_begins_by_the_data_tells_sounds_apart() -> None:
    torch.manual_seed(1)
    adversary = MultiScaleSTFTDiscriminator(2)
    sounds = torch.randn(4, 1, 4_800) * torch.tensor([0.01, 0.03, 0.1, 0.3])[:, None, None]
    spread = []
    for _ in range(2):
        with torch.no_grad():
            logits, _ = adversary(sounds)
        spread.append(min(float(each.std()) for each in logits))
        begin_adversary(adversary, sounds)
    assert spread[0] < 0.1
    assert spread[1] == pytest.approx(1.0, rel=0.01)
