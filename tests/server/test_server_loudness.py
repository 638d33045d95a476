"""The meter's loudness: the standard's, of a step."""

import numpy as np
import pytest
from ambiome_middleware.analysis.loudness import integrated_lufs
from ambiome_middleware.loudness import CHANNEL_WEIGHTS, FAINTEST_LUFS, lufs, step_power
from ambiome_middleware.tokens import STEP_SAMPLES
from ambiome_protocol.audio import CHANNELS


def test_a_tone_of_997_hz_at_full_scale_is_minus_3_lufs():
    """EBU Tech 3341 and BS.1770 both say so, of one channel."""
    turn = np.arange(STEP_SAMPLES) * 1_000 / 48_000
    tone = np.sin(2 * np.pi * turn)[None].astype(np.float32)
    assert lufs(step_power(tone, "mono")) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_noise_is_as_loud_as_by_a_library(layout: str):
    noise = np.random.default_rng(1).normal(0.0, 0.05, (CHANNELS[layout], 50 * STEP_SAMPLES)).astype(np.float32)
    steps = [step_power(noise[:, : n * STEP_SAMPLES], layout) for n in range(1, 51)]
    assert lufs(float(np.mean(steps))) == pytest.approx(integrated_lufs(noise), abs=0.1)


def test_silence_is_the_faintest_and_every_layout_has_weights():
    for layout, channels in CHANNELS.items():
        assert len(CHANNEL_WEIGHTS[layout]) == channels
        assert lufs(step_power(np.zeros((channels, STEP_SAMPLES), np.float32), layout)) == FAINTEST_LUFS
