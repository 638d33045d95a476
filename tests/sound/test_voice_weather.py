"""Rain, snow, hail, thunder and drips: what their tables promise over the whole range of each control."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware.analysis.spectrum import a_level_db, power_spectrum
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound import profile as profiles
from ambiome_middleware.sound.bank import Bank, build
from ambiome_middleware.sound.control import GAIN_COLUMNS
from ambiome_middleware.sound.patch import Emitter, Swell, by
from ambiome_middleware.sound.records import GRAIN_FLOATS, GRAIN_INTS
from ambiome_middleware.sound.schedule import spawn_grains
from ambiome_middleware.sound.voices import built_in, drips, hail, nearness, rain
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SAMPLE_RATE_HZ, SCENE, STEPS_PER_S, Row
from scipy.stats import spearmanr
from token_scenes import Rows, event, row, steady

PATCHES = built_in()

Audio = npt.NDArray[np.float32]
SETTINGS, SEEDS, STEPS = 9, 5, 50
NATURAL = {"dynamics": 1.0, "master_db": -40.0}
GROUND = {"rain_leaves": 0.4, "rain_ground": 0.4, "rain_water": 0.2}
CONTROLS = {
    "rain": ("rain", "rain_mm_h", GROUND),
    "rain on a roof": ("rain", "rain_mm_h", {"rain_roof": 1.0}),
    "powder": ("snow", "snow_mm_h", {}),
    "sleet": ("snow", "snow_mm_h", {"snow_wet": 1.0}),
    "drift": ("snow", "wind_m_s", {"snow_drift": 1.0}),
    "hail": ("hail", "hail_mm_h", GROUND),
    "hail on a roof": ("hail", "hail_mm_h", {"rain_roof": 1.0}),
    "drips on stone": ("drips", "drips_per_s", {"drips_depth": 0.0}),
    "drips in a cave": ("drips", "drips_per_s", {"drips_depth": 0.7, "rt60_s": 2.5, "late_db": -4.0}),
}
FEW = {"drips on stone", "drips in a cave", "powder"}
"""Of these too little falls at the low end for a level over two seconds to be more than chance."""


@cache
def bank_of(voice: str) -> Bank:
    return build([patch for patch in PATCHES if patch.voice == voice])


def at(name: str, setting: int) -> Row:
    _, column, others = CONTROLS[name]
    frame = row(**NATURAL, **others)
    frame[COLUMN[column]] = round(setting / SETTINGS * (SCENE[COLUMN[column]].levels - 1))
    return frame


def grains(bank: Bank, frame: Row, seed: int, steps: int = 400) -> int:
    """How many grains a bank sets off at a frame that stands still."""
    floats, ints = np.zeros((1_024, GRAIN_FLOATS)), np.zeros((1_024, GRAIN_INTS), np.int64)
    gains, is_open = np.zeros(GAIN_COLUMNS), np.ones(len(bank.patches), np.int64)
    return sum(
        spawn_grains(bank, np.uint64(seed), step, frame, is_open, gains, floats, ints, 0) for step in range(steps)
    )


def heard(voice: str, *tokens: Rows) -> list[Audio]:
    requests = [Request(seed, "stereo", 0, rows) for seed, rows in enumerate(tokens)]
    return list(Renderer("cpu", bank=bank_of(voice)).render(requests))


def stroke(kind: str, distance_m: float, number: int, seconds: float = 8.0) -> Rows:
    rows = steady(row(**NATURAL), round(seconds * STEPS_PER_S))
    event(rows[LOOKBACK_STEPS + 1], 0, kind, number, distance_m, 0.0, 0.5)
    return rows


def share_above_db(audio: Audio, hz: float) -> float:
    frequencies, power = power_spectrum(audio)
    return float(10.0 * np.log10(power[frequencies > hz].sum() / power.sum()))


@pytest.mark.parametrize("name", CONTROLS)
def test_more_of_it_sets_off_more_over_the_whole_range(name: str) -> None:
    bank = bank_of(CONTROLS[name][0])
    counts = [grains(bank, at(name, n), seed) for n in range(1, SETTINGS + 1) for seed in range(SEEDS)]
    settings = np.repeat(np.arange(SETTINGS), SEEDS)
    assert spearmanr(settings, counts).statistic >= 0.95, np.reshape(counts, (SETTINGS, SEEDS)).mean(1)


@pytest.mark.parametrize("name", [name for name in CONTROLS if name not in FEW])
def test_more_of_it_is_louder_over_the_whole_range(name: str) -> None:
    frames = [steady(at(name, n), STEPS) for n in range(1, SETTINGS + 1) for _ in range(SEEDS)]
    levels = [a_level_db(audio) for audio in heard(CONTROLS[name][0], *frames)]
    settings = np.repeat(np.arange(SETTINGS), SEEDS)
    assert spearmanr(settings, levels).statistic >= 0.95, np.reshape(levels, (SETTINGS, SEEDS)).mean(1)


@pytest.mark.parametrize("name", CONTROLS)
def test_nothing_falls_at_nothing(name: str) -> None:
    assert grains(bank_of(CONTROLS[name][0]), at(name, 0), 1) == 0
    (silence,) = heard(CONTROLS[name][0], steady(at(name, 0), STEPS))
    assert not silence.any()


def test_snow_hardly_sounds_and_sleet_does() -> None:
    dry, sleet = heard("snow", *(steady(row(**NATURAL, snow_mm_h=5.0, snow_wet=wet), 100) for wet in (0.0, 1.0)))
    assert a_level_db(sleet) - a_level_db(dry) > 15.0


def test_snow_lies_still_until_the_wind_lifts_it() -> None:
    lying, drifting, gale = heard(
        "snow", *(steady(row(**NATURAL, snow_drift=1.0, wind_m_s=speed), 100) for speed in (3.0, 9.0, 24.0))
    )
    assert a_level_db(drifting) - a_level_db(lying) > 20.0
    assert a_level_db(gale) - a_level_db(drifting) > 10.0
    assert share_above_db(drifting, 2_000.0) > -6.0, "grains hiss"


def test_larger_stones_are_louder_lower_and_fewer() -> None:
    frames = [row(**NATURAL, hail_mm_h=10.0, hail_mm=size, rain_ground=1.0) for size in (4.0, 25.0)]
    small, large = heard("hail", *(steady(frame, 150) for frame in frames))
    assert a_level_db(large) - a_level_db(small) > 4.0
    assert share_above_db(small, 5_000.0) - share_above_db(large, 5_000.0) > 3.0
    few, many = (grains(bank_of("hail"), frame, 1) for frame in reversed(frames))
    assert many > 2 * few


def test_thunder_fades_with_distance() -> None:
    distances = np.geomspace(60.0, 15_000.0, SETTINGS)
    tokens = [stroke("thunder", distance_m, number) for distance_m in distances for number in range(SEEDS)]
    levels = [a_level_db(audio) for audio in heard("thunder", *tokens)]
    assert spearmanr(np.repeat(distances, SEEDS), levels).statistic <= -0.95, np.round(levels, 1)


def test_thunder_darkens_as_its_farther_parts_come_in() -> None:
    for audio in heard("thunder", *(stroke("thunder", 300.0, number) for number in range(4))):
        early, late = audio[:, : 2 * SAMPLE_RATE_HZ], audio[:, 4 * SAMPLE_RATE_HZ :]
        assert share_above_db(early, 1_000.0) - share_above_db(late, 1_000.0) > 5.0


def test_a_rumble_comes_on_slowly_and_never_cracks() -> None:
    strokes = heard("thunder", *(stroke("thunder", 300.0, number) for number in range(4)))
    rumbles = heard("thunder", *(stroke("rumble", 300.0, number) for number in range(4)))
    for crack, rumble in zip(strokes, rumbles, strict=True):
        first = slice(0, SAMPLE_RATE_HZ // 3)
        assert share_above_db(crack[:, first], 2_000.0) > share_above_db(rumble, 2_000.0) + 10.0
        assert np.abs(rumble[:, first]).max() < 0.5 * np.abs(rumble).max()


def test_a_plane_holds_as_much_power_at_every_distance() -> None:
    drop = next(e for e in hail.OPEN_AIR.emitters if e.name == "stone on stone")
    whole = Emitter(
        "drop", "noise", 48, (by("hail_mm_h", lambda rate: 10.0 * rate), by("rain_ground", lambda share: share)),
        drop.level_db, drop.pitch_hz, drop.decay_s,
    )  # fmt: skip
    rungs = nearness.over_a_plane(whole)
    rates = np.array([np.prod([table.rows.max() for table in rung.rate_hz]) for rung in rungs])
    assert rates.sum() == pytest.approx(np.prod([table.rows.max() for table in whole.rate_hz]))
    power = rates * 10.0 ** (np.array([rung.level_db.centre for rung in rungs]) / 10.0)
    assert power == pytest.approx(np.full(len(rungs), power.mean()))


def test_a_dry_room_answers_with_no_echo() -> None:
    dry, ringing = drips.SCENE.callers
    column = SCENE[COLUMN["rt60_s"]]
    for rt60_s, wanted in ((0.0, 1.0), (0.4, 1.0), (3.0, 0.0)):
        level = column.quantise(rt60_s)
        share = [caller.activity[-1].rows[level] for caller in (dry, ringing)]
        assert share == pytest.approx([wanted, 1.0 - wanted])
    assert all(len(a.syllables) <= len(b.syllables) for a, b in zip(dry.calls, ringing.calls, strict=False))


def test_rain_sounds_without_profiles_too_and_learns_from_them() -> None:
    bare, learned = rain.patches({}), rain.patches(profiles.profiles())
    assert [(p.source, p.kind) for p in bare] == [(p.source, p.kind) for p in learned]
    beds = [patches[0].layers for patches in (bare, learned)]
    moved = [b.spectrum_db - a.spectrum_db for a, b in zip(*beds, strict=True)]
    assert np.abs(moved[0]).max() > 1.0
    assert np.allclose(moved[0], moved[1]), "surfaces keep their differences"


def test_thunder_has_parts_enough_to_break_up() -> None:
    stroke = next(patch for patch in PATCHES if patch.kind == "thunder")
    claps = [s for s in stroke.swells if isinstance(s, Swell) and s.slots > 1]
    assert sum(float(np.prod([t.rows.mean() for t in s.rate_hz])) for s in claps) > 60
