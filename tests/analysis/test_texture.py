"""The ear's envelopes and their statistics: what theory says of noise, and what must not count."""

from math import gamma, sqrt

import numpy as np
import pytest
from ambiome_middleware.analysis.cochlea import CENTRES_HZ, ENVELOPE_HZ, envelopes, mono
from ambiome_middleware.analysis.evaluate.noises import coloured
from ambiome_middleware.analysis.texture import (
    ROWS,
    Texture,
    bands_below,
    differences,
    spread_of,
    texture_of,
)
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

RAYLEIGH = sqrt(gamma(1.3) / gamma(1.15) ** 2 - 1)


def crackle(seconds: float, seed: int) -> np.ndarray:
    """Short bursts of noise, some twenty a second."""
    generator = np.random.default_rng(seed)
    impulses = generator.standard_normal(round(seconds * SAMPLE_RATE_HZ))
    impulses *= generator.random(impulses.size) < 20 / SAMPLE_RATE_HZ
    return np.convolve(impulses, np.exp(-np.arange(480) / 96), "same")[None]


def throb(seconds: float, seed: int, rate_hz: float = 4.0) -> np.ndarray:
    """White noise, its amplitude moving at a rate."""
    noise = coloured("white", seconds, seed)
    return noise * (1 + np.sin(2 * np.pi * rate_hz * np.arange(noise.shape[1]) / SAMPLE_RATE_HZ))


@pytest.fixture(scope="module")
def sounds() -> dict[str, list[Texture]]:
    """Two textures of each of four kinds of sound."""
    return {
        "white": [texture_of(coloured("white", 8, seed)) for seed in (1, 2)],
        "brown": [texture_of(coloured("brown", 8, seed)) for seed in (1, 2)],
        "crackle": [texture_of(crackle(8, seed)) for seed in (1, 2)],
        "throb": [texture_of(throb(8, seed)) for seed in (1, 2)],
    }


@pytest.fixture(scope="module")
def spread(sounds: dict[str, list[Texture]]) -> np.ndarray:
    return spread_of([texture for pair in sounds.values() for texture in pair])


def row(kind: str, label: str = "") -> int:
    return next(at for at, each in enumerate(ROWS) if each.kind == kind and each.label.startswith(label))


def test_a_sine_is_in_its_own_band() -> None:
    time_s = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    levels = envelopes(np.sin(2 * np.pi * CENTRES_HZ[12] * time_s)[None]).mean(axis=1)
    assert levels.shape == CENTRES_HZ.shape
    assert levels.argmax() == 12
    assert levels[12] == pytest.approx(1.0, abs=0.01)
    assert np.delete(levels, 12).max() < 0.3


def test_an_envelope_follows_the_amplitude_compressed() -> None:
    time_s = np.arange(4 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    amplitude = 1 + 0.9 * np.sin(2 * np.pi * 3 * time_s)
    band = envelopes((amplitude * np.sin(2 * np.pi * CENTRES_HZ[15] * time_s))[None])[15]
    wanted = amplitude[:: SAMPLE_RATE_HZ // ENVELOPE_HZ] ** 0.3
    assert np.corrcoef(band, wanted)[0, 1] > 0.995


def test_channels_that_oppose_one_another_do_not_cancel() -> None:
    noise = coloured("white", 1, 1)[0]
    assert mono(np.stack([noise, -0.9 * noise])) == pytest.approx(noise)
    assert mono(np.stack([noise, 0.5 * noise])) == pytest.approx(0.75 * noise, abs=1e-6)


def test_white_noise_varies_as_theory_says(sounds: dict[str, list[Texture]]) -> None:
    # The magnitude R of narrow Gaussian noise is Rayleigh distributed: sd/mean of R^0.3 is
    # sqrt(gamma(1.3) / gamma(1.15)^2 - 1). A band wider than the envelopes' 200 Hz is averaged, and varies less.
    variation = 10 ** sounds["white"][0].statistics[row("variation")]
    narrow = (CENTRES_HZ > 300) & (CENTRES_HZ < 800)
    assert variation[narrow].mean() == pytest.approx(RAYLEIGH, rel=0.1)
    assert variation[-1] < 0.45 * RAYLEIGH
    correlation = sounds["white"][0].statistics[row("correlation", "3 ")]
    assert np.nanmax(np.abs(correlation[CENTRES_HZ > 300])) < 0.15


def test_bursts_go_together_and_noise_does_not(sounds: dict[str, list[Texture]]) -> None:
    apart = row("correlation", "5 ")
    assert np.nanmean(sounds["crackle"][0].statistics[apart, 12:]) > 0.5
    assert abs(np.nanmean(sounds["white"][0].statistics[apart, 12:])) < 0.1
    assert sounds["crackle"][0].statistics[row("variation"), 20] > sounds["white"][0].statistics[row("variation"), 20]


def test_a_modulation_is_at_its_rate(sounds: dict[str, list[Texture]]) -> None:
    rates = [at for at, each in enumerate(ROWS) if each.kind == "modulation"]
    power = sounds["throb"][0].statistics[rates, 20]
    assert ROWS[rates[int(power.argmax())]].label == "4 Hz"


def test_neither_level_nor_what_is_far_below_the_rest_counts(spread: np.ndarray) -> None:
    sound = throb(4, 5)
    texture = texture_of(sound)
    assert np.nanmax(np.abs(differences(texture, texture_of(0.001 * sound), spread))) < 1e-4
    dark = coloured("brown", 4, 3)
    hiss = 10 ** (-75 / 20) * coloured("white", 4, 4)
    apart = differences(texture_of(dark), texture_of(dark + hiss), spread)
    assert np.sqrt(np.nanmean(apart**2)) < 0.05


def test_only_bands_that_both_have_are_compared(spread: np.ndarray) -> None:
    sound = coloured("white", 4, 3)
    power = np.fft.rfft(sound)
    power[:, np.fft.rfftfreq(sound.shape[1], 1 / SAMPLE_RATE_HZ) > 5_000] = 0
    cut = np.fft.irfft(power)
    known, taken_as_whole = texture_of(cut, bandwidth_hz=4_800), texture_of(cut)
    assert known.bands == bands_below(4_800) < taken_as_whole.bands == CENTRES_HZ.size
    apart, all_apart = (differences(texture_of(sound), each, spread) for each in (known, taken_as_whole))
    assert np.sqrt(np.nanmean(apart**2)) < 0.4 < np.sqrt(np.nanmean(all_apart**2))
    assert np.isnan(apart[0, known.bands :]).all()


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        texture_of(coloured("white", 1, 1))
    with pytest.raises(ValueError, match="silent"):
        texture_of(np.zeros((1, 3 * SAMPLE_RATE_HZ)))
    with pytest.raises(ValueError, match="at least three"):
        spread_of([texture_of(coloured("white", 2, 1))])
