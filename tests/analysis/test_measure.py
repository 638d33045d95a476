"""The distance between textures: what it is fitted to, what it sees, and what it must not."""

from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware.analysis.evaluate.noises import coloured
from ambiome_middleware.analysis.measure import Measure, measure_of
from ambiome_middleware.analysis.recordings import recordings
from ambiome_middleware.analysis.texture import CLASSES, Texture, texture_of
from ambiome_middleware.analysis.traits import TRAITS, traits_of
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

SHARED = Path(__file__).resolve().parents[3] / "shared" / "sounds"
SECONDS = 4.0
LOW_HZ, HIGH_HZ = 1_500.0, 5_000.0


def chirps(pitch_hz: float, rate_hz: float, seed: int) -> np.ndarray:
    """A tone in pulses, over noise 30 dB below."""
    time_s = np.arange(round(SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    pulses = np.maximum(np.sin(2 * np.pi * rate_hz * time_s), 0.0) ** 2
    return 0.1 * np.sin(2 * np.pi * pitch_hz * time_s)[None] * pulses + 0.03 * coloured("pink", SECONDS, seed)


def bursts(rate_hz: float, seed: int) -> np.ndarray:
    """Short bursts of noise."""
    generator = np.random.default_rng(seed)
    impulses = generator.standard_normal(round(SECONDS * SAMPLE_RATE_HZ))
    impulses *= generator.random(impulses.size) < rate_hz / SAMPLE_RATE_HZ
    return np.convolve(impulses, np.exp(-np.arange(480) / 96), "same")[None]


@pytest.fixture(scope="module")
def noise() -> dict[str, list[Texture]]:
    return {name: [texture_of(coloured(name, SECONDS, seed)) for seed in (1, 2)] for name in ("white", "pink", "brown")}


@pytest.fixture(scope="module")
def measure(noise: dict[str, list[Texture]]) -> Measure:
    """Fitted to singers of low pitch, to bursts, and to noise."""
    chirping = {str(hz): [texture_of(chirps(hz, 8.0, int(hz)))] for hz in (LOW_HZ, 1_900.0, 2_600.0)}
    bursting = {str(hz): [texture_of(bursts(hz, int(hz)))] for hz in (12.0, 20.0, 30.0)}
    return measure_of({"chirps": chirping, "bursts": bursting, "noise": noise})


def test_a_distance_is_none_to_itself_symmetric_and_made_of_its_classes(
    measure: Measure, noise: dict[str, list[Texture]]
) -> None:
    white, brown = noise["white"][0], noise["brown"][0]
    assert measure.distance(white, white) == 0.0
    assert measure.distance(white, brown) == measure.distance(brown, white) > 0
    classes = measure.class_distances(white, brown)
    assert classes.shape == (len(CLASSES),)
    assert np.sqrt(np.sum(classes**2)) == pytest.approx(measure.distance(white, brown))


def test_sounds_of_one_kind_are_apart_by_about_one(measure: Measure, noise: dict[str, list[Texture]]) -> None:
    kinds = [
        [texture_of(chirps(hz, 8.0, int(hz))) for hz in (LOW_HZ, 1_900.0, 2_600.0)],
        [texture_of(bursts(hz, int(hz))) for hz in (12.0, 20.0, 30.0)],
        [noise[name][0] for name in noise],
    ]
    apart = [
        measure.distance(first, second) for kind in kinds for first in kind for second in kind if first is not second
    ]
    assert np.sqrt(np.mean(np.square(apart))) == pytest.approx(1.0, abs=0.15)


def test_a_singer_of_another_pitch_is_still_a_singer(measure: Measure, noise: dict[str, list[Texture]]) -> None:
    """No sound of this pitch was fitted, and none of the others is in its bands."""
    other = texture_of(chirps(HIGH_HZ, 8.0, 5))
    own = min(measure.distance(other, texture_of(chirps(hz, 8.0, 6))) for hz in (LOW_HZ, 2_600.0))
    far = [measure.distance(other, each) for pair in noise.values() for each in pair]
    assert 2 * own < min(*far, measure.distance(other, texture_of(bursts(20.0, 7))))


def test_the_level_does_not_count(measure: Measure) -> None:
    sound = bursts(20.0, 9)
    assert measure.distance(texture_of(sound), texture_of(0.001 * sound)) == pytest.approx(0.0, abs=1e-4)


def test_only_bands_that_both_have_are_compared(measure: Measure) -> None:
    sound = bursts(20.0, 9)
    power = np.fft.rfft(sound)
    power[:, np.fft.rfftfreq(sound.shape[1], 1 / SAMPLE_RATE_HZ) > 5_000] = 0
    cut = np.fft.irfft(power)
    whole, known, taken_as_whole = texture_of(sound), texture_of(cut, bandwidth_hz=4_800), texture_of(cut)
    assert 2 * measure.distance(whole, known) < measure.distance(whole, taken_as_whole)
    top = next(at for at, each in enumerate(TRAITS) if each.label == "16000 Hz")
    assert np.isnan(traits_of(known)[top])
    with pytest.raises(ValueError, match="must share at least"):
        measure.distance(whole, texture_of(cut, bandwidth_hz=300))


def test_a_measure_needs_kinds_and_origins(noise: dict[str, list[Texture]]) -> None:
    with pytest.raises(ValueError, match="two kinds"):
        measure_of({"noise": noise})
    with pytest.raises(ValueError, match="two origins"):
        measure_of({name: {name: pair} for name, pair in noise.items()})


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the folder of recordings beside the repository")
@pytest.mark.parametrize("category", ["cafe", "frogs", "swamp", "interior"])
def test_a_recording_is_nearer_to_its_own_other_half_than_to_noise(
    category: str, measure: Measure, noise: dict[str, list[Texture]]
) -> None:
    first, second = (recordings(SHARED, category=category, half=half)[0] for half in ("learn", "judge"))
    halves = [texture_of(each.load()[:, : 12 * SAMPLE_RATE_HZ], each.bandwidth_hz) for each in (first, second)]
    far = [measure.distance(halves[0], each) for pair in noise.values() for each in pair]
    assert measure.distance(*halves) < min(far)
