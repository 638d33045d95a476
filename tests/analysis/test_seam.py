"""The measure that guards the law "no seam" must find a seam, and must not find one where there is none."""

import numpy as np
import pytest
from ambiome_middleware.analysis import seam
from ambiome_middleware.analysis.seam import largest_seam, seam_ratio
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES
from scipy.signal import lfilter

STEPS = 10_001
PLANTED = 10 ** (-50 / 20)


def ambience(seed: int = 1, steps: int = STEPS) -> np.ndarray:
    """Wind as it blows, from −50 dB to −30 dB and back, and drops falling into it, in stereo. [2, n] float32."""
    random = np.random.default_rng(seed)
    samples = steps * STEP_SAMPLES
    wind = lfilter([0.05], [1, -0.95], random.standard_normal((2, samples)).astype(np.float32)).astype(np.float32)
    level_db = np.interp(np.arange(samples), [0, samples / 2, samples], [-50, -30, -50]).astype(np.float32)
    audio = 10 ** (level_db / 20) * wind / wind.std()
    for onset, level in zip(random.integers(0, samples - 200, steps), random.uniform(0.001, 0.01, steps), strict=True):
        audio[:, onset : onset + 200] += level * np.sin(0.5 * np.arange(200)) * np.exp(-np.arange(200) / 40)
    return audio.astype(np.float32)


@pytest.fixture(scope="module")
def clean() -> np.ndarray:
    return ambience()


def with_steps(audio: np.ndarray, boundaries: np.ndarray, height: float = PLANTED) -> np.ndarray:
    """The same with a jump of `height` at each boundary, decaying inaudibly over the step after it."""
    broken = audio.copy()
    decay = height * np.linspace(1, 0, STEP_SAMPLES, endpoint=False, dtype=np.float32)
    for boundary in boundaries:
        broken[:, boundary * STEP_SAMPLES : (boundary + 1) * STEP_SAMPLES] += decay
    return broken


def test_a_signal_without_seams_passes(clean: np.ndarray) -> None:
    assert 0.95 < seam_ratio(clean) < 1.05


@pytest.mark.parametrize("every", [1, 10])
def test_a_step_of_minus_50_db_is_found(clean: np.ndarray, every: int) -> None:
    assert seam_ratio(with_steps(clean, np.arange(every, STEPS, every))) > 1.05


def test_a_single_wrong_sample_at_boundaries_is_found(clean: np.ndarray) -> None:
    broken = clean.copy()
    broken[:, STEP_SAMPLES * 10 :: STEP_SAMPLES * 10] += PLANTED
    assert seam_ratio(broken) > 1.05


@pytest.mark.long
def test_the_same_steps_elsewhere_are_no_seam(clean: np.ndarray) -> None:
    assert seam_ratio(np.roll(with_steps(clean, np.arange(10, STEPS, 10)), 700, axis=1)) < 1.05


def test_silence_has_no_seam_and_a_jump_out_of_it_has() -> None:
    silence = np.zeros((2, 10 * STEP_SAMPLES), np.float32)
    assert seam_ratio(silence) == 1.0
    silence[:, 5 * STEP_SAMPLES :] = PLANTED
    assert seam_ratio(silence) == float("inf")


def test_blocks_of_measuring_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    audio = with_steps(ambience(steps=600), np.array([431]))
    whole = seam_ratio(audio), largest_seam(audio)
    monkeypatch.setattr(seam, "_BLOCK_STEPS", 7)
    assert seam_ratio(audio) == pytest.approx(whole[0], rel=1e-5)
    assert largest_seam(audio) == whole[1]


def test_the_largest_seam_says_where() -> None:
    audio = with_steps(0.01 * ambience(steps=600), np.array([431]), 0.02)
    worst = largest_seam(audio)
    assert worst.ratio > 5
    assert worst.at_s == pytest.approx(431 * STEP_SAMPLES / SAMPLE_RATE_HZ)
    assert largest_seam(ambience(steps=600)).ratio < 2


def test_bad_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="channels, samples"):
        seam_ratio(np.zeros(5 * STEP_SAMPLES))
    with pytest.raises(ValueError, match="at least 5760 samples"):
        seam_ratio(np.zeros((1, STEP_SAMPLES)))
