"""The evaluation's measures, each on made-up material whose answer is known."""

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware.analysis.evaluate import control, layout, meters, noises, repetition, transitions
from ambiome_middleware.analysis.seam import seam_ratio
from ambiome_middleware.analysis.spectrum import third_octave_levels_db
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, STEP_SAMPLES

Sound = npt.NDArray[np.float32]


def happenings(seconds: float, seed: int) -> Sound:
    """Bands of noise that come and go at random, as no two stretches of a place are alike. -> [1, n]."""
    rng = np.random.default_rng(seed)
    samples = round(seconds * SAMPLE_RATE_HZ)
    at_s = np.arange(samples) / SAMPLE_RATE_HZ
    sound = 0.01 * rng.standard_normal(samples)
    for _ in range(round(6 * seconds)):
        start, hz = rng.uniform(0, seconds), rng.uniform(300, 6_000)
        first, last = round(start * SAMPLE_RATE_HZ), min(round((start + 0.3) * SAMPLE_RATE_HZ), samples)
        sound[first:last] += 0.1 * np.sin(2 * np.pi * hz * at_s[first:last]) * np.hanning(last - first)
    return np.asarray(sound, np.float32)[None]


def test_a_loop_finds_itself_and_what_never_repeats_does_not() -> None:
    free = happenings(60.0, 1)
    loop = np.tile(free[:, : 20 * SAMPLE_RATE_HZ], (1, 3))
    found = repetition.largest_within(repetition.spectrogram_db(loop))
    assert found.value > 0.99
    assert found.second_s - found.first_s in (pytest.approx(20.0, abs=0.05), pytest.approx(40.0, abs=0.05))
    assert repetition.largest_within(repetition.spectrogram_db(free)).value < 0.5


def test_a_loop_is_found_at_any_level_and_colour() -> None:
    free = happenings(30.0, 2)
    brighter = np.diff(free, axis=1, prepend=0.0) * 0.1
    both = np.concatenate([free, brighter], axis=1)
    assert repetition.largest_within(repetition.spectrogram_db(both)).value > 0.8


def test_the_same_stretch_in_two_sounds_is_found() -> None:
    one, other = happenings(20.0, 3), happenings(20.0, 4)
    assert repetition.largest_between(repetition.spectrogram_db(one), repetition.spectrogram_db(other)).value < 0.5
    shared = other.copy()
    shared[:, 4 * SAMPLE_RATE_HZ : 12 * SAMPLE_RATE_HZ] = one[:, 7 * SAMPLE_RATE_HZ : 15 * SAMPLE_RATE_HZ]
    assert repetition.largest_between(repetition.spectrogram_db(one), repetition.spectrogram_db(shared)).value > 0.95


def test_silence_repeats_nothing() -> None:
    silence = np.zeros((1, 30 * SAMPLE_RATE_HZ), np.float32)
    assert repetition.largest_within(repetition.spectrogram_db(silence)) == repetition.NOTHING


def test_fewer_comparisons_find_less() -> None:
    """What chance gives grows with the comparisons; a loop shorter than the pieces is found in all of them."""
    levels = repetition.spectrogram_db(happenings(90.0, 3))
    assert repetition.matched([levels], 300_000) < repetition.largest_within(levels).value
    loop = repetition.spectrogram_db(np.tile(happenings(15.0, 4), (1, 6)))
    assert repetition.matched([loop], 400_000) > 0.95


def test_rank_correlation_knows_only_the_order() -> None:
    rising = np.arange(9.0)[:, None] ** 3 + np.linspace(0.0, 0.1, 5)
    assert control.rank_correlation(rising) == pytest.approx(0.994, abs=0.001)  # five seeds tie in their setting
    assert control.rank_correlation(-rising) == pytest.approx(-0.994, abs=0.001)
    rising[0] = -np.inf
    assert control.rank_correlation(rising) > 0.98
    assert np.isnan(control.rank_correlation(np.ones((9, 5))))
    noise = np.random.default_rng(5).standard_normal((9, 5))
    assert abs(control.rank_correlation(noise)) < 0.5


def noise_of(gains: npt.NDArray[np.float64], seeds: int) -> list[Sound]:
    """Noise whose amplitude follows `gains`, one a step, with several seeds. -> [2, n] each."""
    gain = np.repeat(gains, STEP_SAMPLES)
    generators = (np.random.default_rng(seed) for seed in range(seeds))
    return [np.asarray(0.05 * gain * each.standard_normal((2, len(gain))), np.float32) for each in generators]


def test_a_level_that_does_as_it_is_asked_has_no_excursions_and_a_spike_or_a_hole_has() -> None:
    asked = np.concatenate([np.ones(50), np.full(50, 0.25)])
    asked_db = 20 * np.log10(0.05 * asked)
    level = transitions.usual_level_db(noise_of(asked, 12))
    assert level.shape == asked_db.shape
    assert max(transitions.excursions_db(level, asked_db)) < 0.3
    spiked, holed = asked.copy(), asked.copy()
    spiked[50:60] = 2.0
    holed[50:70] = 0.05
    above, below = transitions.excursions_db(transitions.usual_level_db(noise_of(spiked, 12)), asked_db)
    assert (above, below) == (pytest.approx(6.0, abs=0.5), pytest.approx(0.0, abs=0.3))
    above, below = transitions.excursions_db(transitions.usual_level_db(noise_of(holed, 12)), asked_db)
    assert (above, below) == (pytest.approx(0.0, abs=0.3), pytest.approx(14.0, abs=1.0))


def test_what_was_begun_may_last_and_a_gap_after_it_is_found() -> None:
    asked_db = np.concatenate([np.full(100, -40.0), np.full(200, -20.0)])
    late_db = np.concatenate([np.full(200, -40.0), np.full(100, -20.0)])  # four seconds behind
    assert transitions.excursions_db(late_db, asked_db) == (0.0, pytest.approx(20.0))
    assert transitions.excursions_db(late_db, asked_db, lasting_s=5.0) == (0.0, 0.0)
    late_db[-20:] = -30.0
    assert transitions.excursions_db(late_db, asked_db, lasting_s=2.0) == (0.0, pytest.approx(20.0))
    assert transitions.excursions_db(late_db[100:], asked_db[100:], lasting_s=5.0)[1] == pytest.approx(20.0)


def test_joining_sounds_makes_no_seam_and_hides_none() -> None:
    rng = np.random.default_rng(6)
    smooth = [np.cumsum(rng.standard_normal((2, 120 * STEP_SAMPLES)), axis=1) * 1e-3 for _ in range(4)]
    assert seam_ratio(np.concatenate(smooth, axis=1)) > 2.0
    seam, chance = meters.seams(smooth)
    assert seam == pytest.approx(1.0, abs=0.15)
    assert chance == pytest.approx(1.0, abs=0.15)
    for sound in smooth:
        sound += np.repeat(rng.uniform(-0.2, 0.2, 120), STEP_SAMPLES)
    seam, chance = meters.seams(smooth)
    assert seam > 2.0 > 1.2 > chance


def test_the_range_of_loudness_is_that_between_two_stretches() -> None:
    quiet, loud = noise_of(np.full(500, 0.1), 1)[0], noise_of(np.ones(500), 1)[0]
    assert meters.loudness_range_lu(np.concatenate([quiet, loud], axis=1)) == pytest.approx(20.0, abs=0.5)
    assert meters.loudness_range_lu(loud) < 0.5
    assert meters.loudness_range_lu(np.zeros_like(loud)) == 0.0


def test_the_lfe_counts_for_nothing_and_quad_as_front_and_surround() -> None:
    sound = noise_of(np.ones(25), 1)[0]
    six = np.concatenate([sound, np.zeros_like(sound[:1]), sound[:1] * 9, np.zeros_like(sound)])
    assert np.array_equal(meters.as_heard(six, "5.1")[:2], sound)
    assert not meters.as_heard(six, "5.1")[2:].any()
    quad = np.concatenate([np.zeros_like(sound), sound])
    assert np.array_equal(meters.as_heard(quad, "quad")[3:], sound)


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.8, 1.0])
def test_correlation_by_octave_is_the_share_of_power_that_channels_have_in_common(shared: float) -> None:
    rng = np.random.default_rng(7)
    common, own = rng.standard_normal((1, 20 * SAMPLE_RATE_HZ)), rng.standard_normal((2, 20 * SAMPLE_RATE_HZ))
    audio = np.sqrt(shared) * common + np.sqrt(1.0 - shared) * own
    assert layout.band_correlation(audio) == pytest.approx(np.full(8, shared), abs=0.12)
    assert layout.correlation(audio[0], audio[1]) == pytest.approx(shared, abs=0.02)


def test_opposite_channels_correlate_negatively() -> None:
    one = np.random.default_rng(8).standard_normal(10 * SAMPLE_RATE_HZ)
    assert layout.band_correlation(np.stack([one, -one])) == pytest.approx(np.full(8, -1.0), abs=1e-6)


@pytest.mark.parametrize(("name", "db_per_octave"), [("white", 0.0), ("pink", -3.01), ("brown", -6.02)])
def test_noise_has_its_colour_and_its_level(name: str, db_per_octave: float) -> None:
    noise = noises.coloured(name, 10.0, seed=9)
    assert np.sqrt(np.mean(noise**2)) == pytest.approx(0.1, rel=1e-3)
    density = third_octave_levels_db(noise)[4:26] - np.arange(22) * 10 * np.log10(2) / 3
    slope = np.polyfit(np.arange(22) / 3.0, density, 1)[0]
    assert slope == pytest.approx(db_per_octave, abs=0.3)
    assert not np.array_equal(noise, noises.coloured(name, 10.0, seed=10))


def test_shaped_noise_has_the_spectrum_of_its_models_and_not_their_level() -> None:
    model = noises.coloured("pink", 10.0, seed=11)
    shaped = noises.shaped([0.001 * model, model[:, : 5 * SAMPLE_RATE_HZ]], 10.0, seed=12)
    difference = third_octave_levels_db(shaped)[4:] - third_octave_levels_db(model)[4:]
    assert np.abs(difference).max() < 2.0
    with pytest.raises(ValueError, match="must not be empty"):
        noises.shaped([], 1.0, seed=1)
