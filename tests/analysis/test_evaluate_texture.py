"""Judging renders by recordings, on recordings made up for it: like is near, unlike is far, and the controls say so."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from ambiome_middleware.analysis.evaluate import references
from ambiome_middleware.analysis.evaluate.off import LINES, OCTAVES_HZ
from ambiome_middleware.analysis.evaluate.scenes import Render, Scene
from ambiome_middleware.analysis.evaluate.texture import Judgement, judgement, table
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

SECONDS = 3.0
HEAD = "file,category,seconds,source_rate_hz,channels,bandwidth_khz,licence,author,source,original_path\n"


def sound(kind: str, seed: int) -> np.ndarray:
    """A sound of a kind, each a little different: float32 [1, n]."""
    generator = np.random.default_rng(seed)
    samples = round(SECONDS * SAMPLE_RATE_HZ)
    noise = generator.standard_normal(samples)
    if kind == "crackle":
        noise *= generator.random(samples) < generator.uniform(15, 25) / SAMPLE_RATE_HZ
        noise = np.convolve(noise, np.exp(-np.arange(480) / generator.uniform(60, 120)), "same")
    elif kind == "throb":
        noise *= 1 + np.sin(2 * np.pi * generator.uniform(3, 5) * np.arange(samples) / SAMPLE_RATE_HZ)
    elif kind == "hum":
        noise = np.cumsum(noise) - np.convolve(np.cumsum(noise), np.ones(960) / 960, "same")
    return (0.1 * noise / np.sqrt(np.mean(noise**2))).astype(np.float32)[None]


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of four crackles, four throbs, two hums and a hiss, and a cache of its own."""
    folder = tmp_path_factory.mktemp("sounds")
    lines = [HEAD]
    counts = {"crackle": 4, "throb": 4, "hum": 2, "hiss": 1}
    for kind, count in counts.items():
        (folder / kind).mkdir()
        for at in range(count):
            seconds = 2 * SECONDS if kind in ("hum", "hiss") else SECONDS
            audio = np.concatenate([sound(kind, 10 * at), sound(kind, 10 * at + 1)], axis=1)
            soundfile.write(folder / f"{kind}/{at}.wav", audio[0, : round(seconds * SAMPLE_RATE_HZ)], SAMPLE_RATE_HZ)
            lines.append(f"{kind}/{at}.wav,{kind},{seconds},48000,1,24,CC0-1.0,author {at},here,{at}.wav\n")
    (folder / "manifest.csv").write_text("".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setattr(references, "NOISE_S", SECONDS)
        yield folder


def renders(kind: str) -> list[Render]:
    return [
        Render(Scene("crackle", name, ()), seed, sound(kind, 100 * seed + at))
        for at, name in enumerate(("few", "many"))
        for seed in (11, 12)
    ]


@pytest.fixture(scope="module")
def like(sounds: Path) -> Judgement:
    return judgement("crackle", renders("crackle"), sounds)


def test_what_sounds_alike_is_as_near_as_recordings_are_to_each_other(like: Judgement) -> None:
    assert like.ratio == pytest.approx(1.0, abs=0.35)
    assert like.interval[0] <= like.ratio <= like.interval[1]
    assert set(like.by_seed) == {11, 12}
    assert set(like.scenes) == {"few", "many"}
    assert all(name.startswith("crackle/") for name in [*like.nearest.values(), *like.recordings])
    assert not like.is_weak
    assert not like.is_own_borrowed


def test_controls_are_far_and_the_measure_judges(like: Judgement) -> None:
    assert min(like.controls.values()) > 2
    assert set(like.controls) == {"white", "pink", "shaped"}
    assert min(like.wrong.values()) > 2
    assert set(like.wrong) == {"throb", "hum"}
    assert like.own_share == 1.0
    assert like.can_judge
    assert like.is_judged


def test_what_sounds_otherwise_is_far_and_it_is_said_what_is_off(sounds: Path, like: Judgement) -> None:
    unlike = judgement("crackle", renders("hiss"), sounds)
    assert unlike.ratio > 2 * like.ratio
    assert unlike.off.mean.shape == unlike.off.among.shape == (len(LINES), len(OCTAVES_HZ))
    near = list(LINES).index("correlation, near")
    assert (unlike.off.mean[near] < -1.5 * unlike.off.among[near])[3:].all()
    assert "*" in table(unlike, detail=True)
    assert unlike.costs == tuple(sorted(unlike.costs, key=lambda cost: -cost.share))
    assert 0.2 < sum(cost.share for cost in unlike.costs) < 1
    assert "co-modulation" in unlike.costs[0].trait
    assert unlike.costs[0].off < -1


def test_a_category_of_few_is_weakly_judged_and_one_alone_borrows_its_unit(sounds: Path) -> None:
    pair, alone = (judgement(kind, renders(kind), sounds, "learn") for kind in ("hum", "hiss"))
    assert pair.is_weak
    assert alone.is_weak
    assert not pair.is_judged
    assert not pair.is_own_borrowed
    assert alone.is_own_borrowed
    assert "weakly judged" in table(pair)
    assert "one origin" in table(alone)


def test_textures_are_measured_once(sounds: Path, like: Judgement, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []
    real = references.texture_of
    monkeypatch.setattr(references, "texture_of", lambda audio: measured.append(1) or real(audio))
    assert table(judgement("crackle", renders("crackle"), sounds), detail=True) == table(like, detail=True)
    assert not measured
    with (sounds / "crackle/0.wav").open("ab") as file:
        file.write(b"\0")
    references.References(sounds).texture(references.References(sounds).recordings[0])
    assert len(measured) == 1


def test_what_is_wrong_is_said(sounds: Path) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        judgement("crackle", [], sounds)
    with pytest.raises(ValueError, match="category must be one of"):
        judgement("rain", renders("crackle"), sounds)
