"""Wrong recordings get a judgement, each its own; right ones none."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from ambiome_middleware.analysis.learn.files import LearnError, Whose, read
from ambiome_middleware.analysis.learn.judge import judged

from learn.sounds import RATE_HZ, Floats, noise

T = np.arange(8 * RATE_HZ) / RATE_HZ
HUM = sum(0.2 / k * np.sin(2 * np.pi * 50 * k * T) for k in (1, 2, 3)) + 0.002 * noise(8)


@pytest.mark.parametrize(
    ("sound", "rate_hz", "said"),
    [
        (np.zeros(8 * RATE_HZ), 48_000, "silence"),
        (1e-5 * noise(8), 48_000, "silence"),
        (np.concatenate([0.1 * noise(1.2), np.zeros(6 * RATE_HZ)]), 48_000, "1.2 s of sound are no texture"),
        (np.clip(0.6 * noise(8), -1, 1), 48_000, "clipped"),
        (0.1 * noise(8), 7_000, "sampled at 7000 Hz"),
        (0.5 + 0.01 * noise(8), 48_000, "a constant offset"),
        (HUM, 48_000, "mains hum of 50 Hz"),
        (0.5 * np.sin(2 * np.pi * 9 * T) + 0.001 * noise(8), 48_000, "lies below 30 Hz"),
    ],
)
def test_what_teaches_nothing_is_refused(sound: Floats, rate_hz: int, said: str) -> None:
    assert said in judged(sound[None], rate_hz).refused


@pytest.mark.parametrize(
    ("sound", "rate_hz", "said"),
    [
        (0.1 * np.stack([noise(4, 1), noise(4, 2)]), 48_000, "only 4.0 s long"),
        (0.1 * noise(8)[None], 48_000, "mono"),
        (0.1 * np.stack([noise(8, 1), noise(8, 2)]), 16_000, "sampled at 16000 Hz: it ends at 8,000 Hz"),
        (np.clip(0.36 * np.stack([noise(8, 1), noise(8, 2)]), -1, 1), 48_000, "clipped in 0."),
    ],
)
def test_what_teaches_less_is_warned_of(sound: Floats, rate_hz: int, said: str) -> None:
    judgement = judged(sound, rate_hz)
    assert not judgement.refused
    assert len(judgement.warnings) == 1
    assert said in judgement.warnings[0]


def test_a_good_recording_is_not_spoken_of() -> None:
    judgement = judged(0.1 * np.stack([noise(10, 1), noise(10, 2)]), 48_000)
    assert (judgement.refused, judgement.warnings, judgement.bandwidth_hz) == ("", (), 24_000.0)


@pytest.mark.parametrize("limit_hz", [5_500.0, 11_000.0, 16_000.0])
def test_a_band_limit_is_found_though_the_file_says_48_khz(limit_hz: float) -> None:
    spectrum = np.fft.rfft(0.1 * noise(8))
    spectrum[round(limit_hz * 8) :] *= 1e-3
    judgement = judged(np.fft.irfft(spectrum)[None], 48_000)
    assert judgement.bandwidth_hz == pytest.approx(limit_hz, rel=0.06)
    assert any("cut off" in warning for warning in judgement.warnings) == (limit_hz < 12_000)


def test_a_natural_slope_is_no_band_limit() -> None:
    spectrum = np.fft.rfft(noise(8))
    brown = np.fft.irfft(spectrum / np.maximum(np.arange(len(spectrum)), 400.0) ** 1.5)
    assert judged(0.1 * brown[None] / brown.std(), 48_000).bandwidth_hz == 24_000.0


def test_files_are_read_at_any_rate_and_others_are_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "good.flac", 0.1 * noise(8)[: 8 * 44_100], 44_100)
    material, judgement = read(tmp_path / "good.flac", Whose(author="me"))
    assert material.audio.shape == (1, 8 * RATE_HZ)
    assert (material.origin.title, material.origin.author, material.origin.licence) == ("good", "me", "not said")
    assert judgement.warnings == ("mono: how wide it is is not known",)
    (tmp_path / "text.wav").write_text("no sound")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 48_000)
    for name, said in (("text.wav", "no sound file that can be read"), ("empty.wav", "holds no samples")):
        with pytest.raises(LearnError, match=f"{name}: .*{said}"):
            read(tmp_path / name, Whose())
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nowhere.wav", Whose())
