"""The scene is alive when the world stands still, by known statistics, and the same again from the same seed."""

import numpy as np
import pytest
from ambiome_middleware import scene
from ambiome_middleware.scene.columns import CURVES, INDEX
from ambiome_middleware.scene.evolve import BOUTS, gust_shape, von_karman
from ambiome_middleware.scene.hashing import happens, uniform
from ambiome_middleware.scene.noise import octave
from ambiome_middleware.scene.waves import breaking, first_wave, height_share, rolled
from ambiome_middleware.tokens import CUT_AT
from scene_worlds import events, run, standing, told, values
from scene_worlds import happens as event

STORM = {"biome": "coast", "hour": 22, "wind_m_s": 12, "rain_mm_h": 15, "day_of_year": 200}


def test_a_still_world_lives() -> None:
    _, rows = run(standing(**STORM), 1_500)
    for parameter, least in (("wind_m_s", 0.3), ("rain_mm_h", 0.5), ("surf_break", 0.1), ("surf_wash", 0.1)):
        assert values(rows, parameter).std() > least, parameter
    assert (rows[:, CUT_AT] == 0).all()


def test_every_bout_moves_what_it_should() -> None:
    """All parameters with bouts, each where it is up, move by themselves; and those without stay."""
    worlds = {
        "birds_activity": {"biome": "temperate_forest", "hour": 5, "day_of_year": 135},
        "crickets_level": {"biome": "rainforest", "hour": 22},
        "cicadas_level": {"biome": "rainforest", "hour": 13},
        "frogs_activity": {"biome": "wetland", "hour": 23, "day_of_year": 130},
        "owl_activity": {"biome": "temperate_forest", "hour": 23, "day_of_year": 300},
        "traffic_per_min": {"biome": "city", "hour": 13},
        "crowd_people": {"biome": "city", "hour": 13},
        "crowd_excitement": {"biome": "city", "hour": 13},
        "stream_level": {"biome": "mountain"},
        "river_level": {"biome": "river"},
        "drips_per_s": {"biome": "cave"},
        "surf_height_m": {"biome": "coast"},
        "fire_roar": {"biome": "none", "wind_m_s": 5},
        "snow_mm_h": {"biome": "tundra", "snow_mm_h": 4},
        "hail_mm_h": {"biome": "farmland", "hail_mm_h": 10},
        "swamp_level": {"biome": "wetland"},
        "shore_height_m": {"biome": "lake"},
        "cafe_level": {"biome": "cafe", "hour": 13},
        "cafe_bustle": {"biome": "cafe", "hour": 13},
        "machinery_load": {"biome": "industrial", "hour": 13},
        "wolf_activity": {"biome": "tundra", "hour": 23, "day_of_year": 290, "latitude_deg": 60, "wind_m_s": 1},
        "loon_activity": {"biome": "lake", "hour": 0, "day_of_year": 165, "wind_m_s": 1},
        "livestock_activity": {"biome": "farmland", "hour": 9, "day_of_year": 165, "wind_m_s": 1},
    }
    assert worlds.keys() | {"fire_level"} == {row[0] for row in BOUTS}
    for parameter, world in worlds.items():
        _, rows = run(standing(**{"wetness": 0.5, **world}), 600)
        assert values(rows, parameter).std() > 0, parameter
        assert np.unique(values(rows, "rt60_s")).size == 1


def test_the_same_seed_lives_the_same_life() -> None:
    one, two, other = (run(standing(seed, **STORM), 300)[1] for seed in (5, 5, 6))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_noise_is_normal_enough_and_independent() -> None:
    spacings = (20, 20, 160)

    def at(step: int) -> list[float]:
        return [octave(3, 7, index, spacing, step) for index, spacing in enumerate(spacings)]

    noise = np.array([at(step) for step in range(0, 60_000, 20)])
    assert np.abs(noise[:, :2].mean(0)).max() < 0.05
    np.testing.assert_allclose(noise[:, :2].std(0), 1.0, atol=0.05)
    assert abs(np.corrcoef(noise[:, 0], noise[:, 1])[0, 1]) < 0.05
    between = np.array([at(step + 7) for step in range(0, 60_000, 20)])
    np.testing.assert_allclose(between[:, :2].std(0), 1.0, atol=0.05)
    assert np.abs(np.diff([at(step)[2] for step in range(2_000)])).max() < 0.15, "and smooth"


def test_gusts_have_the_strength_they_were_told() -> None:
    calm, wild = ({"biome": "none", "wind_m_s": 10, "gust_m_s": gust} for gust in (11, 20))
    spread = []
    for world in (calm, wild):
        speed = values(run(standing(**world), 12_000)[1], "wind_m_s")
        spread.append(speed.std() / speed.mean())
    assert spread[1] > 4 * spread[0]
    assert 0.25 < spread[1] < 0.55, "(20 − 10) / 2.5 = 4 m/s of 10"


def test_gusts_quicken_with_the_wind() -> None:
    """By Taylor's hypothesis: the same eddies pass faster."""

    def quickness(wind_m_s: float) -> float:
        state = standing(biome="none", wind_m_s=wind_m_s, gust_m_s=wind_m_s * 1.5)
        speed = []
        for step in range(1, 6_001):
            state, _ = scene.advance(state, (), step)
            speed.append(CURVES.values(state.heard)[INDEX["wind_m_s"]])
        return float(np.diff(speed[::5]).std() / np.std(speed))

    assert quickness(45.0) > 1.3 * quickness(2.0)


def test_the_gust_spectrum_is_von_karmans() -> None:
    frequency = np.geomspace(1e-4, 50.0, 4_000)
    spectrum = von_karman(frequency, 10.0)
    steps = np.diff(np.log(frequency))
    assert np.sum((spectrum[1:] + spectrum[:-1]) / 2 * steps) == pytest.approx(1.0, abs=0.05), (
        "its area is the variance"
    )
    assert frequency[spectrum.argmax()] == pytest.approx(0.146 * 10.0 / 55.0, rel=0.05)
    slope = np.log(spectrum[-1] / spectrum[-500]) / np.log(frequency[-1] / frequency[-500])
    assert slope == pytest.approx(-2 / 3, abs=0.02)


def test_a_sent_gust_raises_the_wind_for_seconds() -> None:
    state = standing(biome="none", wind_m_s=5, gust_m_s=5)
    _, plain = run(state, 250)
    _, gusty = run(state, 250, {state.step + 1: [event("gust", strength=1.0)]})
    more = values(gusty, "wind_m_s") - values(plain, "wind_m_s")
    assert more[50] > 4.0
    assert more[:25].min() >= 0
    assert np.abs(more[180:]).max() == 0
    assert gust_shape(-1.0) == gust_shape(8.0) == 0.0


def test_showers_breathe_about_their_rate() -> None:
    rain = values(run(standing(biome="none", rain_mm_h=10), 6_000)[1], "rain_mm_h")
    assert 6 < np.median(rain) < 16
    assert 0.1 < np.log(rain).std() < 0.8
    assert (values(run(standing(biome="city", hour=3), 200)[1], "rain_mm_h") == 0).all(), "no rain from nothing"


def test_waves_break_then_wash_in_sets() -> None:
    wave, seed, breaks, washes = first_wave(1), 1, [], []
    for _ in range(5_000):
        wave = rolled(wave, seed, 8.0)
        b, w = breaking(wave)
        breaks.append(b)
        washes.append(w)
    assert wave.index == pytest.approx(200 / 8, abs=3)
    assert min(breaks) >= 0
    assert max(breaks) <= 1
    lag = [np.corrcoef(breaks[:-shift], washes[shift:])[0, 1] for shift in range(1, 120)]
    assert 10 < int(np.argmax(lag)) < 100, "the wash follows the breaking"
    heights = np.array([height_share(1, index) for index in range(2_000)])
    assert heights.min() >= 0.2
    assert heights.max() > 0.95
    beat = np.corrcoef(heights[:-7], heights[7:])[0, 1]
    assert beat > np.corrcoef(heights[:-3], heights[3:])[0, 1] + 0.2, "every seventh is like the first"


def test_a_storm_throws_as_much_lightning_as_it_was_told() -> None:
    state = standing(biome="none", thunder_per_min=6, thunder_km=2, wind_from_deg=90)
    state, rows = run(state, 25 * 600)
    assert {kind for _, kind, _ in events(rows)} == {"thunder", "rumble"}
    claps = [event for event in events(rows) if event[1] == "thunder"]
    assert 40 <= len(claps) <= 80
    distances = np.array([columns["distance_m"] for _, _, columns in claps])
    assert 1_000 < np.median(distances) < 4_000
    east = [columns["azimuth_deg"] for _, _, columns in claps if 0 < columns["azimuth_deg"] < 180]
    assert len(east) > 0.6 * len(claps), "it stands where the wind comes from"
    assert len({columns["id"] for _, _, columns in claps}) > 0.95 * len(claps)
    _, rows = run(standing(biome="none"), 2_000)
    assert not events(rows)


def test_wood_breaks_in_a_storm_only() -> None:
    forest = {"biome": "temperate_forest", "hour": 12}
    _, rows = run(standing(**forest, wind_m_s=28), 25 * 120)
    assert {kind for _, kind, _ in events(rows)} == {"branch"}
    _, rows = run(standing(**forest, wind_m_s=6), 25 * 120)
    assert not events(rows)


def test_hashed_chance_is_uniform() -> None:
    draws = np.array([uniform(9, 2, index) for index in range(20_000)])
    assert np.histogram(draws, 10, (0, 1))[0].std() < 80
    assert sum(happens(9, 1, step, 0.01) for step in range(100_000)) == pytest.approx(1_000, abs=120)


def test_steps_far_out_are_as_alive_as_the_first() -> None:
    state = scene.initial_state(1)
    state, row = scene.advance(state, [told(**STORM)], 2_200_000)
    rows = [row]
    for step in range(2_200_001, 2_202_000):
        state, row = scene.advance(state, (), step)
        rows.append(row)
    assert values(np.stack(rows), "wind_m_s").std() > 0.3
