"""Spectra of signals whose spectra are known."""

import numpy as np
import pytest
from ambiome_middleware.analysis.onsets import onset_rate_hz, onset_times_s
from ambiome_middleware.analysis.spectrum import (
    THIRD_OCTAVES_HZ,
    a_level_db,
    centroid_hz,
    log_spectrogram_db,
    third_octave_levels_db,
)
from ambiome_middleware.sound.weighting import a_weighting_db
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

TIME_S = np.arange(4 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
NOISE = 0.1 * np.random.default_rng(3).standard_normal((2, TIME_S.size))


def sine(hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * hz * TIME_S)[None]


@pytest.mark.parametrize(("hz", "db"), [(31.62, -39.4), (100, -19.1), (1_000, 0.0), (2_500, 1.3), (10_000, -2.5)])
def test_a_weighting_is_that_of_the_standards_table(hz: float, db: float) -> None:
    assert a_weighting_db(hz) == pytest.approx(db, abs=0.1)


def test_a_sine_is_in_its_band_only() -> None:
    levels = third_octave_levels_db(sine(1_000))
    assert THIRD_OCTAVES_HZ[levels.argmax()] == pytest.approx(1_000)
    assert levels.max() == pytest.approx(-3.01, abs=0.05)
    assert np.delete(levels, levels.argmax()).max() < -60


def test_the_bands_of_white_noise_rise_by_one_db_each_and_hold_its_power() -> None:
    levels = third_octave_levels_db(NOISE)
    assert np.diff(levels)[10:] == pytest.approx(np.ones(19), abs=0.5)
    inside = 10 ** (levels / 10)
    share = (THIRD_OCTAVES_HZ[-1] * 10**0.05 - THIRD_OCTAVES_HZ[0] * 10**-0.05) / (SAMPLE_RATE_HZ / 2)
    assert inside.sum() == pytest.approx(0.01 * share, rel=0.02)


def test_level_and_centroid() -> None:
    assert a_level_db(sine(1_000)) == pytest.approx(-3.01, abs=0.05)
    assert a_level_db(sine(100)) == pytest.approx(-22.1, abs=0.2)
    assert centroid_hz(sine(2_000)) == pytest.approx(2_000, rel=0.001)
    assert centroid_hz(NOISE) == pytest.approx(12_000, rel=0.02)
    assert centroid_hz(np.zeros((1, 9_600))) == 0.0


def test_the_spectrogram_shows_a_tone_at_its_pitch_and_time() -> None:
    audio = np.concatenate([sine(440), sine(5_000)], axis=1)
    hz, picture = log_spectrogram_db(audio, bands=200, columns=100)
    assert picture.shape == (200, 100)
    assert hz[picture[:, 20].argmax()] == pytest.approx(440, rel=0.04)
    assert hz[picture[:, 80].argmax()] == pytest.approx(5_000, rel=0.04)


def test_the_spectrogram_of_white_noise_is_flat() -> None:
    _, picture = log_spectrogram_db(NOISE, bands=64, columns=10)
    assert picture.mean(axis=1) == pytest.approx(np.full(64, 10 * np.log10(0.01 * 2 / SAMPLE_RATE_HZ)), abs=1.5)


def test_onsets_are_counted() -> None:
    audio = 0.001 * NOISE
    times = np.arange(0.2, 3.9, 0.1)
    for time in times:
        start = round(time * SAMPLE_RATE_HZ)
        audio[:, start : start + 480] += 0.1 * np.sin(0.4 * np.arange(480)) * np.exp(-np.arange(480) / 100)
    assert onset_times_s(audio, rise_db=12) == pytest.approx(list(times), abs=0.004)
    assert onset_rate_hz(audio, rise_db=12) == pytest.approx(len(times) / 4, rel=0.05)


def test_steady_noise_has_few_onsets() -> None:
    assert onset_rate_hz(NOISE) < 2
