"""A learned place obeys the world: level, density, distance, shelter; the loop brings it nearer to what it heard."""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware import offline
from ambiome_middleware.ambience import Ambience
from ambiome_middleware.analysis.learn.bands import band_powers
from ambiome_middleware.analysis.learn.learn import learned
from ambiome_middleware.analysis.learn.loop import closed
from ambiome_middleware.analysis.learn.material import Anchor, prepared
from ambiome_middleware.analysis.learn.writing import to_text
from ambiome_middleware.analysis.spectrum import third_octave_levels_db
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.levels import BAND_K, FULL_SCALE_DBA
from ambiome_middleware.sound.profile import Origin, Profile
from ambiome_middleware.sound.voices.own import bank_of, profiles_digest
from ambiome_middleware.sound.voices.place import patches_of
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, ROW_WIDTH, SCENE, STEPS_PER_S, silent_row

from learn.sounds import drops, noise

MASTER_DB = -24.0
Sound = npt.NDArray[np.float32]


@cache
def profile() -> Profile:
    """Learned from drops into noise."""
    sound = 0.05 * noise(12) + 0.05 * drops(12, 5.0, 1_500.0, 0.01, 14.0, 5.0)
    return learned("place", "drops", [Anchor(0.5, (prepared(np.float32(sound[None]), 24_000.0, ORIGIN),))])


ORIGIN = Origin("drops", "a test", "CC0", 12.0)


@cache
def rendered(number: int = 1, seconds: float = 8.0, **values: float) -> Sound:
    row = silent_row()
    for name, value in {"dynamics": 1.0, "master_db": MASTER_DB, **values}.items():
        row[COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    rows = np.empty((LOOKBACK_STEPS + round(seconds * STEPS_PER_S), ROW_WIDTH), np.int16)
    rows[:] = row
    renderer = Renderer("cpu", bank=banks.build(patches_of(profile(), number)))
    (sound,) = renderer.render([Request(3, "stereo", 500, rows)])
    return sound


def world_db(sound: Sound) -> float:
    """The level that stands for dB(A) in the world: the K-weighted one, which the renderer goes by."""
    heard = float(np.sum(band_powers(sound) * BAND_K))
    return 10.0 * float(np.log10(max(2.0 * heard, 1e-20))) + FULL_SCALE_DBA - MASTER_DB


def test_a_place_is_as_loud_as_its_level_says() -> None:
    full = world_db(rendered(place1_level=1.0))
    assert full == pytest.approx(60.0, abs=1.0)
    assert world_db(rendered(place1_level=0.5)) == pytest.approx(full - 12.0, abs=1.0)
    assert not rendered(place1_level=0.0).any()
    assert not rendered(place2_level=1.0).any()
    assert rendered(number=2, place2_level=1.0).any()


def test_farther_is_quieter_and_duller() -> None:
    near, far = rendered(place1_level=1.0), rendered(place1_level=1.0, place_distance_m=200.0)
    assert world_db(near) - world_db(far) > 26.0
    tilt = third_octave_levels_db(near) - third_octave_levels_db(far)
    assert tilt[26] - tilt[12] > 10.0
    assert tilt[12] == pytest.approx(26.0, abs=1.5)


def test_density_is_how_many_single_sounds_there_are() -> None:
    def peakedness(density: float) -> float:
        band = np.fft.rfft(rendered(place1_level=1.0, place_density=density)[0].astype(float))
        hz = np.fft.rfftfreq(8 * 48_000, 1 / 48_000)
        tone = np.fft.irfft(np.where((hz > 1_000) & (hz < 2_100), band, 0))
        return float(np.mean(tone**2))

    none, once, more = (peakedness(density) for density in (0.0, 1.0, 4.0))
    assert none < 0.9 * once
    assert more - none == pytest.approx(4.0 * (once - none), rel=0.5)


def test_a_place_stays_outside() -> None:
    assert world_db(rendered(place1_level=1.0, outdoor=0.1)) < world_db(rendered(place1_level=1.0)) - 15.0


def test_the_loop_brings_renders_nearer() -> None:
    high, low = drops(12, 40.0, 4_000.0, 0.003, 6.0, 12.0, seed=2), drops(12, 40.0, 1_500.0, 0.006, 6.0, 12.0)
    sound = 0.05 * (noise(12) + low + high)
    first = learned("place", "many", [Anchor(0.5, (prepared(np.float32(sound[None]), 24_000.0, ORIGIN),))])
    corrected, distances = closed(first, rounds=1)
    assert distances[1] < 0.85 * distances[0]
    assert corrected.levels[0].spectrum_db is first.levels[0].spectrum_db
    assert [grain.name for grain in corrected.grains] == [grain.name for grain in first.grains]


def test_a_folder_of_biomes_makes_a_bank(tmp_path: Path) -> None:
    assert bank_of(None) is banks.built_in()
    assert bank_of(tmp_path) is banks.built_in()
    (tmp_path / "drops.profile.toml").write_text(to_text(profile()), "utf-8")
    assert len(bank_of(tmp_path).patches) == len(banks.built_in().patches) + 1
    assert profiles_digest(tmp_path) != profiles_digest(None) == ""


def test_a_place_sounds_the_same_in_process_and_offline(tmp_path: Path) -> None:
    (tmp_path / "drops.profile.toml").write_text(to_text(profile()), "utf-8")
    (tmp_path / "pond.toml").write_text('[own]\nprofile = "drops"\n', "utf-8")
    location = {"biome": "pond"}
    heard = offline.render([{"at": 0, "world": {"location": location}}], seconds=1, seed=4, biomes=tmp_path)
    with Ambience(seed=4, pace="free", biomes=tmp_path) as ambience:
        ambience.world(location=location)
        ambience.grant(1.0)
        assert ambience.read(25).tobytes() == heard.tobytes()
    assert heard.any()
