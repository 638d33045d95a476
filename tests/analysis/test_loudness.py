"""Loudness and peaks against signals whose values follow from the standard."""

import numpy as np
import pytest
from ambiome_middleware.analysis.loudness import integrated_lufs, short_term_lufs, true_peak_dbtp
from ambiome_middleware.tokens import SAMPLE_RATE_HZ

TIME_S = np.arange(4 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ


def sine(hz: float, amplitude: float, phase: float = 0.0) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hz * TIME_S + phase)[None]


def test_a_stereo_sine_of_minus_23_dbfs_has_minus_23_lufs() -> None:
    audio = np.repeat(sine(1_000, 10 ** (-23 / 20)), 2, axis=0)
    assert integrated_lufs(audio) == pytest.approx(-23.0, abs=0.1)
    assert short_term_lufs(audio)[20] == pytest.approx(-23.0, abs=0.1)


def test_short_term_follows_a_change_of_level() -> None:
    audio = np.concatenate([sine(1_000, 0.01), sine(1_000, 0.1)], axis=1)
    loudness = short_term_lufs(audio)
    assert len(loudness) == 81
    assert loudness[60] - loudness[20] == pytest.approx(20.0, abs=0.1)


def test_silence_has_no_loudness_and_no_peak() -> None:
    silence = np.zeros((2, SAMPLE_RATE_HZ))
    assert integrated_lufs(silence) == -np.inf
    assert np.all(short_term_lufs(silence) == -np.inf)
    assert true_peak_dbtp(silence) == -np.inf


def test_the_true_peak_lies_between_the_samples() -> None:
    audio = sine(SAMPLE_RATE_HZ / 4, 1.0, np.pi / 4)
    audio[:, :500] *= np.linspace(0, 1, 500)
    audio[:, -500:] *= np.linspace(1, 0, 500)
    assert 20 * np.log10(np.abs(audio).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak_dbtp(audio) == pytest.approx(0.0, abs=0.05)


def test_a_peak_is_found_in_every_block_and_channel() -> None:
    audio = np.zeros((2, 3 << 20), np.float32)
    for place in (0, (1 << 20) - 1, 1 << 20, audio.shape[1] - 1):
        audio[:] = 0
        audio[1, place] = 0.5
        assert true_peak_dbtp(audio) == pytest.approx(-6.02, abs=0.05)


def test_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 19200 samples"):
        integrated_lufs(np.zeros((2, 100)))
