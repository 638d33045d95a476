"""What is measured of sounds that were made to be known: spectra, coherence, flutter, events, bursts, statistics."""

import numpy as np
import pytest
from ambiome_middleware.analysis.learn import bands, classes, events, flutter, statistics
from ambiome_middleware.sound.levels import BAND_K
from ambiome_middleware.sound.patch import BAND_HZ, FLUTTER_STEPS

from learn.sounds import RATE_HZ, Floats, drops, noise, wandering


def test_white_noise_rises_by_a_decibel_a_band() -> None:
    db = bands.spectrum_db(bands.band_powers(noise(20)[None]), 24_000.0)
    assert np.diff(db)[10:].mean() == pytest.approx(1.0, abs=0.1)
    assert np.sum(10.0 ** (db / 10.0) * BAND_K) == pytest.approx(1.0)


def test_above_a_band_limit_the_slope_goes_on() -> None:
    pink = np.fft.irfft(np.fft.rfft(noise(20)) / np.sqrt(np.maximum(np.arange(480_001), 1)))
    spectrum = np.fft.rfft(pink)
    spectrum[(6_000 * 20) :] *= 1e-4
    db = bands.spectrum_db(bands.band_powers(np.fft.irfft(spectrum)[None]), 6_000.0)
    held = BAND_HZ < 5_500.0
    assert np.diff(db[~held]) == pytest.approx(np.diff(db[~held])[0])
    assert -2.0 < np.diff(db[~held])[0] <= -1.0
    assert db[~held][0] == pytest.approx(db[held][-1], abs=3.0)


def test_coherence_is_that_of_what_both_channels_share() -> None:
    both, left, right = noise(10, 1), noise(10, 2), noise(10, 3)
    stereo = np.stack([both + left, both + right])
    found = bands.coherence(stereo)
    assert found is not None
    assert found[8:28].mean() == pytest.approx(0.5, abs=0.04)
    assert bands.coherence(both[None]) is None
    assert bands.coherence(np.stack([both, both])) is None


def test_steady_noise_does_not_flutter() -> None:
    found = flutter.measure(np.stack([noise(15, 1), noise(15, 2)]), 24_000.0)
    assert found.depth_db.max() < 0.5
    assert np.sqrt((found.depth_db[4:] ** 2).sum(axis=1)).max() < 0.3


@pytest.mark.parametrize("rate", [1, 3, 5])
def test_flutter_is_found_at_its_depth_and_rate(rate: int) -> None:
    found = flutter.measure(wandering(60, 2.0, FLUTTER_STEPS[rate], seed=1)[None], 24_000.0)
    total = np.sqrt((found.depth_db[3:] ** 2).sum(axis=1))
    assert total == pytest.approx(2.0, abs=0.5)
    near = np.sqrt((found.depth_db[3:, max(rate - 1, 0) : rate + 2] ** 2).sum(axis=1))
    assert np.all(near > 0.7 * total)
    assert found.common[rate] > 0.8


def test_bands_that_wander_alone_have_nothing_in_common() -> None:
    low, high = (np.fft.rfft(wandering(20, 4.0, 8, seed)) for seed in (1, 2))
    split = np.arange(len(low)) < 1_000 * 20
    found = flutter.measure(np.fft.irfft(np.where(split, low, high))[None], 24_000.0)
    assert found.common[2] < 0.65
    assert flutter.measure(wandering(20, 4.0, 8)[None], 24_000.0).common[2] > 0.85


def test_drops_are_found_as_what_they_are() -> None:
    sound = 0.1 * noise(30) + 0.1 * drops(30, 6.0, 1_400.0, 0.012, 12.0, 5.0)
    found = events.events_of(sound, 24_000.0)
    kinds = classes.sorted_out(found)
    most = max(kinds, key=lambda key: sum(event.energy for event in kinds[key]))
    assert (most[0], events.OCTAVES_HZ[most[1]]) == ("mode", 1_000.0)
    grain = classes.grain_of(most, [kinds[most]], [30.0], np.array([len(kinds[most]) / 30.0]))
    assert grain is not None
    assert grain.rate_hz[0] == pytest.approx(6.0, rel=0.3)
    assert grain.pitch_hz == pytest.approx(1_400.0, rel=0.03)
    assert grain.decay_s == pytest.approx(0.012, rel=0.35)
    assert grain.level_db[0] == pytest.approx(12.0 - 20.0, abs=2.5)
    assert 2.0 < grain.spread_db < 8.0
    assert grain.bursts.max() < 0.6


def test_clicks_fill_many_octaves_and_are_noise() -> None:
    sound = 0.02 * noise(20)
    rng = np.random.default_rng(5)
    t = np.arange(480) / RATE_HZ
    for first in rng.integers(0, len(sound) - 480, 100):
        sound[first : first + 480] += 0.4 * np.exp(-t / 0.001) * rng.standard_normal(480)
    found = events.events_of(sound, 24_000.0)
    wide = [event for event in found if event.last_octave - event.first_octave >= 1]
    assert len(wide) == pytest.approx(100, rel=0.25)
    assert all(classes.key_of(event)[0] == "noise" for event in wide)


def test_chance_makes_few_events() -> None:
    assert len(events.events_of(noise(20), 24_000.0)) < 20 * 4


def test_bursts_are_what_chance_is_not() -> None:
    rng = np.random.default_rng(3)
    steady = np.sort(rng.uniform(0, 60, 600))
    centres = rng.uniform(0, 60, 60)
    flurries = np.sort(np.concatenate([centres + d for d in rng.uniform(0, 0.4, (10, 60))]))
    assert classes.bursts_of(steady, 60.0).max() < 0.4
    assert classes.bursts_of(flurries, 60.0)[:4].max() > 0.7


def test_statistics_tell_sparse_from_steady() -> None:
    def measured(sound: Floats) -> tuple[float, float]:
        found = statistics.statistics_of(sound[None], 24_000.0)
        return float(np.median(found.kurtosis)), float(np.median(found.variation))

    steady, sparse = measured(noise(10)), measured(0.05 * noise(10) + drops(10, 3.0, 1_000.0, 0.001, 20.0, 6.0))
    assert steady[0] == pytest.approx(3.0, abs=0.4)
    assert sparse[0] > 2.0 * steady[0]
    assert sparse[1] > 1.2 * steady[1]
    assert len(statistics.statistics_of(noise(5)[None], 4_000.0).hz) < 25
