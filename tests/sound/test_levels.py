"""The one table of loudness: 65 dB(A) ↦ −30 LUFS, bent about it by `dynamics`; and what it is made of."""

import numpy as np
import pytest
from ambiome_middleware.analysis.loudness import integrated_lufs
from ambiome_middleware.sound import Renderer
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.control import AT_LOUDNESS, heard
from ambiome_middleware.sound.levels import air_absorption_db_per_m, k_weighting, unit_loudness
from ambiome_middleware.sound.patch import BAND_HZ, BANDS
from token_scenes import row, stretch

STEADY = {
    "drizzle on leaves": {"rain_mm_h": 1.0, "rain_leaves": 1.0},
    "cloudburst on the ground": {"rain_mm_h": 50.0, "rain_ground": 1.0},
    "wind in trees": {"wind_m_s": 10.0, "wind_trees": 0.7},
    "stream": {"stream_level": 0.6},
    "breakers": {"surf_height_m": 1.5, "surf_break": 0.6, "surf_wash": 0.6},
    "crowd": {"crowd_people": 50.0},
    "room": {"room_level": 0.5},
}


def published_dba(scene: dict[str, float]) -> float:
    """The level of a scene by its voices' tables."""
    _, gains = heard(banks.built_in(), row(**scene))
    return float(10 * np.log10(gains[AT_LOUDNESS]))


@pytest.mark.parametrize("name", STEADY)
@pytest.mark.parametrize("dynamics", [0.0, 0.5, 1.0])
def test_loudness_follows_level_as_the_table_says(name: str, dynamics: float) -> None:
    scene = {**STEADY[name], "dynamics": dynamics}
    frames = np.tile(row(**scene), (500, 1))
    audio = Renderer("cpu").render([stretch(frames, 1, 0, 500)])[0]
    expected_lufs = -30 + (published_dba(scene) - 65) * dynamics
    assert integrated_lufs(audio) == pytest.approx(expected_lufs, abs=2.5)


def test_a_spectrum_is_set_to_unit_loudness() -> None:
    """0 LUFS of shaped noise: its K-weighted power, with the −0.691 dB of the definition, is 1."""
    power = unit_loudness(-0.3 * np.arange(BANDS))
    assert np.sum(power * k_weighting(BAND_HZ)) == pytest.approx(1.0)


@pytest.mark.parametrize(("frequency_hz", "db"), [(38.13, -5.0 - 0.691), (1_000.0, 0.0), (10_000.0, 4.0 - 0.691)])
def test_k_weighting_is_that_of_bs_1770(frequency_hz: float, db: float) -> None:
    """Unity at 1 kHz by definition, a shelf of 4 dB above, a high-pass at 38 Hz below."""
    found_db = 10 * np.log10(k_weighting(np.array([frequency_hz]))[0])
    assert found_db == pytest.approx(db, abs=1.5 if frequency_hz < 100 else 0.1)


def test_air_absorbs_as_iso_9613_says() -> None:
    found = air_absorption_db_per_m(np.array([125.0, 1_000.0, 8_000.0])) * 1_000
    np.testing.assert_allclose(found, [0.4, 3.7, 117.0])
    assert air_absorption_db_per_m(np.array([16_000.0]))[0] > 0.3
