"""Wind and water: what the tables promise of how air and water move, over the whole range of each control."""

from itertools import combinations

import numpy as np
import pytest
from ambiome_middleware.analysis.sheet import MASTER_DB, world_level_db
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound import profile as profiles
from ambiome_middleware.sound.bank import Bank, build
from ambiome_middleware.sound.control import GAIN_COLUMNS, heard
from ambiome_middleware.sound.patch import BAND_HZ, BANDS, FLUTTER_HZ, FLUTTER_STEPS, Layer, Patch
from ambiome_middleware.sound.records import G_TURNS, GRAIN_FLOATS, GRAIN_INTS, I_AZIMUTH
from ambiome_middleware.sound.schedule import spawn_grains
from ambiome_middleware.sound.voices import breakers, built_in, river, stream, submerged, surf, wind
from ambiome_middleware.sound.voices.howling import WINDOW_S, beyond, howls
from ambiome_middleware.sound.voices.motion import flutter, gusty, stretched, uneven, waves
from ambiome_middleware.sound.voices.shapes import loudness_db, rise_and_fall, together
from ambiome_middleware.sound.voices.tempered import MOST_DB, drawn_to, moved_like
from ambiome_middleware.tokens import COLUMN, SAMPLE_RATE_HZ, SCENE, STEP_S, Row
from scipy.signal import find_peaks
from scipy.stats import spearmanr
from token_scenes import row, steady

PATCHES = built_in()

SETTINGS, SEEDS, STEPS = 9, 5, 300
CONTROLS = {
    "wind": ("wind_m_s", {"wind_trees": 0.6, "wind_litter": 0.5, "wind_turbulence": 0.4}),
    "stream": ("stream_level", {}),
    "river": ("river_level", {}),
    "surf": ("surf_height_m", {"surf_break": 0.3, "surf_wash": 0.4}),
    "shore": ("shore_height_m", {}),
    "swamp": ("swamp_level", {}),
}


def grains(bank: Bank, frame: Row, seed: int, steps: int = STEPS) -> int:
    """How many grains a bank sets off at a frame that stands still."""
    floats, ints = np.zeros((1_024, GRAIN_FLOATS)), np.zeros((1_024, GRAIN_INTS), np.int64)
    gains, is_open = np.zeros(GAIN_COLUMNS), np.ones(len(bank.patches), np.int64)
    return sum(
        spawn_grains(bank, np.uint64(seed), step, frame, is_open, gains, floats, ints, 0) for step in range(steps)
    )


def scene_of(patches: tuple[Patch, ...], voice: str) -> Bank:
    return build([patch for patch in patches if patch.voice == voice and patch.source == "scene"])


@pytest.mark.parametrize("voice", CONTROLS)
def test_more_of_it_sets_off_more_events_over_the_whole_range(voice: str) -> None:
    column, others = CONTROLS[voice]
    top, bank = SCENE[COLUMN[column]].levels - 1, scene_of(PATCHES, voice)
    counts = []
    for setting in range(1, SETTINGS + 1):
        frame = row(**others)
        frame[COLUMN[column]] = round(setting / SETTINGS * top)
        counts += [grains(bank, frame, seed) for seed in range(SEEDS)]
    settings = np.repeat(np.arange(SETTINGS), SEEDS)
    assert spearmanr(settings, counts).statistic >= 0.95, np.reshape(counts, (SETTINGS, SEEDS)).mean(1)


LEVELS = {
    "a light breeze in trees": (28.0, {"wind_m_s": 2.0, "wind_trees": 1.0}),
    "a fresh breeze in trees": (60.0, {"wind_m_s": 10.0, "wind_trees": 1.0}),
    "10 m/s in the open": (52.0, {"wind_m_s": 10.0}),
    "a trickle": (37.0, {"stream_level": 0.3, "stream_size": 0.1}),
    "a brook": (50.0, {"stream_level": 0.5, "stream_size": 0.5}),
    "a torrent": (64.0, {"stream_level": 1.0, "stream_size": 1.0}),
    "a calm river": (47.0, {"river_level": 0.4, "river_rapids": 0.0}),
    "rapids": (69.0, {"river_level": 0.9, "river_rapids": 0.9}),
    "breakers of 1 m": (60.0, {"surf_height_m": 1.0, "surf_distance_m": 30.0, "surf_break": 0.35, "surf_wash": 0.4}),
    "breakers of 3 m": (70.0, {"surf_height_m": 3.0, "surf_distance_m": 30.0, "surf_break": 0.35, "surf_wash": 0.4}),
    "ripples on a lake": (36.0, {"shore_height_m": 0.05}),
    "waves of a lake": (63.0, {"shore_height_m": 1.0}),
    "a bog": (30.0, {"swamp_level": 0.7}),
}


def test_levels_are_those_of_the_world() -> None:
    frames = [row(dynamics=1.0, master_db=MASTER_DB, **values) for _, values in LEVELS.values()]
    sounds = Renderer("cpu").render([Request(4, "stereo", 0, steady(frame, 250)) for frame in frames])
    found = {name: world_level_db(audio) for name, audio in zip(LEVELS, sounds, strict=True)}
    wanted = {name: level for name, (level, _) in LEVELS.items()}
    assert found == pytest.approx(wanted, abs=4.0)


@pytest.mark.parametrize("voice", CONTROLS)
def test_nothing_is_set_off_at_nothing(voice: str) -> None:
    column, others = CONTROLS[voice]
    assert grains(scene_of(PATCHES, voice), row(**others | {column: 0.0}), 1) == 0


def test_leaves_lie_still_below_their_wind_and_sand_below_its_own() -> None:
    ground = scene_of(wind.patches({}), "wind")
    assert grains(ground, row(wind_m_s=1.9, wind_litter=1.0), 1) == grains(ground, row(wind_m_s=1.9), 1)
    assert grains(ground, row(wind_m_s=4.6, wind_sand=1.0), 1) == grains(ground, row(wind_m_s=4.6), 1)
    assert grains(ground, row(wind_m_s=8.0, wind_litter=1.0), 1) > grains(ground, row(wind_m_s=8.0), 1) + 50
    assert grains(ground, row(wind_m_s=8.0, wind_sand=1.0), 1) > grains(ground, row(wind_m_s=8.0), 1) + 50


@pytest.mark.parametrize(("period_s", "crests"), [(0.85, 8), (1.5, 5), (3.0, 3)])
def test_a_group_of_waves_breaks_crest_by_crest(period_s: float, crests: int) -> None:
    groups = [waves(period_s, crests, which) for which in range(8)]
    found = [len(find_peaks(np.pad(group, 1), prominence=0.03)[0]) for group in groups]
    assert crests - 2 <= np.median(found) <= crests
    for group in groups:
        assert group.max() == 1.0
        assert group[-1] == 0.0
        rise_s = (np.argmax(group) - np.argmax(group > 0.5 * group.max())) * STEP_S
        assert rise_s < crests * period_s
    distinct = {tuple(np.round(group, 3)) for group in groups}
    assert len(distinct) == len(groups)


def test_no_two_swells_rise_and_fall_alike() -> None:
    smooth = together(rise_and_fall(1.0, 1.5, 6.0), rise_and_fall(0.5, 0.7, 6.0))
    rough = uneven(smooth, 4, depth_db=3.0)
    assert rough.shape == (8, smooth.shape[1])
    assert rough.max(axis=1) == pytest.approx(1.0)
    assert (rough[:, -1] == 0.0).all()
    for one, other in combinations(rough, 2):
        assert np.ptp(10.0 * np.log10(one[5:80] / other[5:80])) > 1.5
    for index, shape in enumerate(rough):
        assert np.ptp(10.0 * np.log10(shape[5:80] / smooth[index % 2][5:80])) <= 6.0 + 1e-9


def test_a_flutter_has_the_depths_it_is_asked_for() -> None:
    made = flutter(0.5, 1.0, 2.0, treble=2.0, common=0.8)
    assert made.depth_db.shape == (len(FLUTTER_HZ), len(FLUTTER_STEPS))
    assert made.depth_db[0] == pytest.approx([0.5] * 3 + [1.0] * 2 + [2.0] * 3)
    assert made.depth_db[-1] == pytest.approx(2.0 * made.depth_db[0])
    assert np.all(np.diff(made.common) > 0), "what is slow is wide"
    assert made.common[-1] == pytest.approx(0.8)


def test_a_gust_is_deepest_where_the_spectrum_falls() -> None:
    calm, falling = flutter(0.0, 0.0, 0.0), np.where(BAND_HZ > 500.0, -6.0 * np.log2(BAND_HZ / 500.0), 0.0)
    depth_db = np.sqrt((gusty(calm, falling, 3.0, eddies_db=4.0).depth_db ** 2).sum(axis=1))
    assert depth_db[:3] == pytest.approx(5.0)
    assert depth_db[-3:] == pytest.approx(5.0 * (1.0 + 6.0 / 18.0))


def test_a_spectrum_moves_up_with_the_speed() -> None:
    peak = -np.abs(np.arange(BANDS) - 12.0)
    assert stretched(peak, np.array([-1.0, 0.0, 1.0])).argmax(axis=1) == pytest.approx([9, 12, 15])


def test_wind_in_the_open_comes_in_gusts_that_are_brighter_than_its_lulls() -> None:
    bank, frame = build([Patch("wind", layers=scene_of_layers("open"))]), row(wind_m_s=8.0, wind_turbulence=0.4)
    seconds = np.array([heard(bank, frame, "mono", 5, step)[0][0] for step in range(6_000)]).reshape(-1, 50, BANDS)
    level_db = 10.0 * np.log10(seconds.mean(axis=1))
    low, high = level_db[:, BAND_HZ < 300.0].mean(axis=1), level_db[:, abs(BAND_HZ - 3_000.0) < 1_200.0].mean(axis=1)
    assert 2.0 < low.std() < 6.0
    assert high.std() > 1.15 * low.std()
    assert np.corrcoef(low, high)[0, 1] > 0.3


def scene_of_layers(name: str) -> tuple[Layer, ...]:
    return tuple(layer for layer in wind.patches({})[0].layers if layer.name == name)


def howl_grains(wind_m_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Pitches (turns a sample) and azimuths of all howls of half a minute of one edge."""
    bank = build([Patch("wind", callers=(howls("howl", 0.004, 1, 50.0, (beyond(4.0, 8.0),)),))])
    floats, ints = np.zeros((1_024, GRAIN_FLOATS)), np.zeros((1_024, GRAIN_INTS), np.int64)
    gains, count = np.zeros(GAIN_COLUMNS), 0
    for step in range(round(30.0 / STEP_S)):
        count = spawn_grains(
            bank, np.uint64(1), step, row(wind_m_s=wind_m_s), np.ones(1, np.int64), gains, floats, ints, count
        )
    return floats[:count, G_TURNS], ints[:count, I_AZIMUTH]


def test_an_edge_howls_from_its_place_at_a_pitch_that_follows_the_wind() -> None:
    slow, fast = howl_grains(8.0), howl_grains(16.0)
    assert len(fast[0]) == pytest.approx(30.0 / WINDOW_S, abs=2)
    assert np.median(fast[0]) / np.median(slow[0]) == pytest.approx(2.0, rel=0.05)
    assert len(np.unique(np.concatenate([slow[1], fast[1]]))) == 1
    assert len(howl_grains(3.9)[0]) == 0


@pytest.mark.parametrize("name", ["wind", "wind_trees", "river", "surf"])
def test_a_recording_draws_a_spectrum_so_far_and_no_farther(name: str) -> None:
    learned = profiles.profiles()[name]
    own = np.linspace(0.0, -60.0, BANDS)
    drawn = drawn_to(own, learned, 0.5)
    target = learned.levels[0].spectrum_db if len(learned.levels) == 1 else None
    assert np.abs(drawn - own).max() <= MOST_DB
    assert np.abs(drawn - own).max() > 1.0
    assert drawn_to(own, None, 0.5) is own
    if target is not None:

        def apart(spectrum: np.ndarray) -> float:
            return float(np.abs((spectrum - loudness_db(spectrum)) - (target - loudness_db(target))).mean())

        assert apart(drawn) < apart(own)


def test_a_recording_stirs_what_is_quick_and_leaves_what_is_slow_to_the_scene() -> None:
    learned = profiles.profiles()["surf"]
    still = flutter(0.0, 0.0, 0.0)
    stirred = moved_like(still, learned, 0.3)
    assert stirred.depth_db[:, :4].max() > 0.5
    assert stirred.depth_db[:, -1].max() < 0.3
    assert moved_like(still, None, 0.3) is still


@pytest.mark.parametrize("module", [wind, stream, river, surf])
def test_voices_sound_without_profiles_too(module: object) -> None:
    bare, learned = module.patches({}), module.patches(profiles.profiles())  # type: ignore[attr-defined]
    assert [(p.source, p.kind) for p in bare] == [(p.source, p.kind) for p in learned]
    scenes = [patches[0] for patches in (bare, learned)]
    differs = [
        not np.array_equal(a.spectrum_db, b.spectrum_db) or a.flutter != b.flutter
        for a, b in zip(scenes[0].layers, scenes[1].layers, strict=True)
        if a.flutter is None or not np.array_equal(a.flutter.depth_db, b.flutter.depth_db if b.flutter else None)
    ]
    assert any(differs), "its profile teaches it something"


CALM, BREEZE, GALE = 0.1, 0.375, 1.0


def test_under_water_it_gurgles_more_and_louder_as_the_wind_above_rises() -> None:
    frames = [row(dynamics=1.0, master_db=MASTER_DB, under_water=value) for value in (CALM, BREEZE, GALE)]
    sounds = Renderer("cpu").render([Request(4, "stereo", 0, steady(frame, 200)) for frame in frames])
    calm, breeze, gale = (world_level_db(audio) for audio in sounds)
    assert calm + 4.0 < breeze < gale - 2.0
    bank = build(submerged.PATCHES)
    counts = [grains(bank, frame, 4) for frame in frames]
    assert counts == sorted(counts)
    assert counts[0] > 60 * STEPS * STEP_S, "bubbles are heard in a calm too"


def test_under_water_it_is_dull() -> None:
    audio = Renderer("cpu").render([Request(4, "stereo", 0, steady(row(under_water=BREEZE), 150))])[0]
    power = np.abs(np.fft.rfft(audio.mean(axis=0))) ** 2
    hz = np.fft.rfftfreq(audio.shape[1], 1.0 / SAMPLE_RATE_HZ)
    assert power[hz > 3_000.0].sum() < 0.03 * power.sum()


def test_in_the_air_nothing_is_heard_of_what_is_under_water() -> None:
    assert grains(build(submerged.PATCHES), row(under_water=0.0, stream_level=1.0), 1) == 0


def test_no_two_trains_of_bubbles_are_alike_and_each_bubble_closes_with_a_rising_pitch() -> None:
    trains = [train.syllables for train in (*submerged.TRAINS, *submerged.GULPS)]
    assert {len(train) for train in trains} >= {5, 12, 40}
    assert all(bubble.end_hz > bubble.pitch_hz for train in trains for bubble in train)
    for train in trains:
        gaps = np.diff([bubble.at_s for bubble in train])
        assert len(train) < 3 or gaps.max() > 1.2 * gaps.min()


def test_a_rivers_slaps_are_of_many_sizes_and_none_stands_far_out() -> None:
    """A few loud ones that are all alike made one stretch of a river resemble another."""
    (slap,) = (e for p in river.patches({}) if not p.kind for e in p.emitters if e.name == "slap")
    assert slap.rate_hz[0].rows.max() >= 150.0
    assert slap.level_db.spread <= 8.0
    assert min(slap.pitch_hz.spread, slap.decay_s.spread, slap.band_hz.spread) >= 1.0


@pytest.mark.parametrize("part", breakers.PARTS, ids=lambda part: part.name)
def test_no_two_waves_rise_and_fall_alike(part: breakers.Part) -> None:
    """Any two shapes of a part are apart in their uppermost 10 dB: by 4 dB what lasts for 5 s, by 1 dB what thuds."""
    shapes = part.envelope
    heard_db = 10.0 * np.log10(np.maximum(shapes, 0.1))
    apart_db = np.max(np.abs(heard_db[:, None] - heard_db[None]), axis=2)
    assert np.all(apart_db[~np.eye(len(shapes), dtype=bool)] > (4.0 if shapes.shape[1] * STEP_S >= 5.0 else 1.0))
    assert np.all(shapes[:, -1] < 1e-3)
    assert np.allclose(shapes.max(axis=1), 1.0)


@pytest.mark.parametrize("column", ["surf_break", "surf_wash", ""])
def test_a_wave_breaks_in_more_than_one_colour(column: str) -> None:
    """What begins together is octaves apart in pitch, so that a wave's colour is drawn anew each time."""
    octave = np.log2(BAND_HZ)
    colours = [
        np.average(octave, weights=10.0 ** (0.1 * part.spectrum_db)) for part in breakers.PARTS if part.of == column
    ]
    assert max(colours) - min(colours) > 1.0
