"""The quality ladder: what is spared, and that it is heard as little as may be. That the laws hold on every rung, and
through every change of it, `test_laws` says, whose frames change their quality all the time.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware.sound import Renderer
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.arrays import F64
from ambiome_middleware.sound.callers import CALLER_BASE
from ambiome_middleware.sound.quality import FAINT_DB, SINGLE_HZ
from ambiome_middleware.sound.records import I_LENGTH, I_PART
from ambiome_middleware.sound.render import WARM_UP_STEPS
from ambiome_middleware.tokens import QUALITY_AT, STEP_SAMPLES, STEPS_PER_S
from ambiome_protocol.limits import LOWEST_QUALITY
from token_scenes import STORM, event, row, stretch

Samples = npt.NDArray[np.float32]
RUNGS = range(LOWEST_QUALITY + 1)
DROPS = {"rain_mm_h": 60.0, "rain_drop_mm": 2.2, "rain_leaves": 0.4, "rain_ground": 0.4, "rain_water": 0.2}


def heard(frame: npt.NDArray[np.int16], quality: int, steps: int = 250, layout: str = "stereo") -> Samples:
    frames = np.tile(frame, (300 + steps, 1))
    frames[:, QUALITY_AT] = quality
    return Renderer("cpu").render([stretch(frames, 4, 300, steps, layout=layout)])[0]


def third_octaves_db(samples: Samples) -> F64:
    """Power from 100 Hz to 12.7 kHz in third-octaves, dB, of all channels together."""
    parts = samples.reshape(len(samples), -1, 2 * STEP_SAMPLES) * np.hanning(2 * STEP_SAMPLES)
    power = (np.abs(np.fft.rfft(parts)) ** 2).sum(axis=(0, 1))
    hz = np.fft.rfftfreq(2 * STEP_SAMPLES, 1 / 48_000)
    edges = 100.0 * 2.0 ** (np.arange(23) / 3)
    return np.array([10 * np.log10(power[(low <= hz) & (hz < high)].sum()) for low, high in pairwise(edges)])


def alive(quality: int, frame: npt.NDArray[np.int16]) -> int:
    """Grains that sound in a steady scene after a while."""
    return len(parts_alive(quality, frame))


def calls_alive(quality: int, frame: npt.NDArray[np.int16]) -> int:
    """Those of them that are syllables of calls."""
    return int((parts_alive(quality, frame) >= CALLER_BASE).sum())


def parts_alive(quality: int, frame: npt.NDArray[np.int16]) -> npt.NDArray[np.int64]:
    """Of which part each of them is."""
    renderer = Renderer("cpu")
    frames = np.tile(frame, (2, 1))
    frames[:, QUALITY_AT] = quality
    renderer.render([stretch(np.repeat(frames[:1], WARM_UP_STEPS + 40, axis=0), 4, WARM_UP_STEPS, 40, key="k")])
    counts, lists = renderer._lists.counts, renderer._lists
    assert all(lists.grain_ints[0, : counts[0, 0], I_LENGTH] > 0), "what does not sound by itself is in no list"
    return lists.grain_ints[0, : counts[0, 0], I_PART]


def test_each_rung_spares_more_grains() -> None:
    counted = [alive(quality, row(**DROPS)) for quality in RUNGS]
    assert all(more > fewer for more, fewer in pairwise(counted)), counted
    assert counted[-1] < 0.1 * counted[0]


@pytest.mark.parametrize("quality", RUNGS[1:])
def test_their_energy_is_kept_band_by_band(quality: int) -> None:
    frame = row(**STORM)
    full, spared = third_octaves_db(heard(frame, 0)), third_octaves_db(heard(frame, quality))
    assert np.abs(spared - full).max() < 2.0, spared - full
    assert abs(np.mean(spared - full)) < 0.4
    assert not np.array_equal(spared, full)


def test_what_is_spared_has_the_direction_that_it_had() -> None:
    """Drops alone, all around; of a bed that were spread otherwise the two channels would agree otherwise."""
    frame = row(**DROPS, wind_m_s=0.0)
    agreement = [float(np.corrcoef(heard(frame, quality, 500))[0, 1]) for quality in RUNGS]
    assert np.ptp(agreement) < 0.06, agreement


def test_of_calls_and_events_only_the_faint_are_spared() -> None:
    """They have no emitters, or are few: a branch that breaks is the same to the bit, and what is left out of many
    birds is far below what is heard of them.
    """
    calls = row(birds_activity=0.7, birds_variety=0.8, crickets_level=0.5, owl_activity=0.6)
    strike = row()
    event(strike, 0, "branch", 9, 30.0, 40.0, 1.0)
    whole, struck = heard(calls, 0), heard(strike, 0)
    assert min(np.abs(whole).max(), np.abs(struck).max()) > 1e-3
    for quality in RUNGS[1:]:
        np.testing.assert_array_equal(heard(strike, quality), struck)
        left_out_db = 10 * np.log10(((heard(calls, quality) - whole) ** 2).sum() / (whole**2).sum() + 1e-12)
        assert left_out_db < FAINT_DB[quality], quality


def test_what_is_faint_is_left_out_only_where_something_louder_sounds() -> None:
    """The hum of a house: tones that are always there."""
    quiet = {"room_level": 0.5, "room_hum": 1.0}
    alone, in_rain = row(**quiet), row(**quiet, rain_mm_h=60.0, rain_roof=1.0, outdoor=1.0)
    assert calls_alive(LOWEST_QUALITY, alone) > 0
    assert calls_alive(0, alone) >= calls_alive(0, in_rain) > calls_alive(LOWEST_QUALITY, in_rain) == 0


def test_a_tail_is_shorter_and_as_strong() -> None:
    """Drips in a cave, whose grains are too few to be spared: from the second rung on their tails are."""
    cave = row(drips_per_s=1.0, rt60_s=6.0, late_db=6.0)
    once = np.tile(cave, (420, 1))
    once[300:, :] = row(rt60_s=6.0, late_db=6.0)
    later = {}
    for quality in RUNGS:
        once[:, QUALITY_AT] = quality
        tail = Renderer("cpu").render([stretch(once, 4, 300 + 45, 40)])[0]
        later[quality] = float((tail**2).mean())
    assert later[0] == later[1] > 1e-10
    assert later[2] < 0.01 * later[1]
    steady_db = [10 * np.log10((heard(cave, quality, 1_000) ** 2).mean()) for quality in RUNGS[:3]]
    assert abs(steady_db[2] - steady_db[1]) < 1.0


@pytest.mark.parametrize("layout", ["quad", "5.1"])
def test_a_bed_of_many_loudspeakers_does_with_two_noises(layout: str) -> None:
    frame = row(wind_m_s=14.0, wind_trees=0.8, river_level=0.5)
    full, spared = (heard(frame, quality, layout=layout) for quality in (0, LOWEST_QUALITY))
    sounding = [n for n in range(len(full)) if full[n].any()]
    rank = [np.linalg.eigvalsh(np.corrcoef(each[sounding]))[::-1] for each in (full, spared)]
    assert rank[1][2] < 0.5 * rank[0][2], "what the third noise added is gone, but for grains"
    power_db = 10 * np.log10((spared[sounding] ** 2).mean(axis=1) / (full[sounding] ** 2).mean(axis=1))
    assert np.abs(power_db).max() < 1.0


def test_patterns_about_one_place_keep_their_directions() -> None:
    frame = row(wind_m_s=14.0, wind_trees=0.8, river_level=0.5)
    full, spared = (heard(frame, quality, layout="ambisonics") for quality in (2, LOWEST_QUALITY))
    np.testing.assert_allclose(np.cov(spared[[0, 1, 3]]), np.cov(full[[0, 1, 3]]), rtol=0.05, atol=2e-6)


def test_an_emitter_sets_off_so_many_single_grains_at_most() -> None:
    """Counted over a minute, of one emitter that sets off far more."""
    from ambiome_middleware.sound.control import heard as controlled
    from ambiome_middleware.sound.records import GRAIN_FLOATS, GRAIN_INTS
    from ambiome_middleware.sound.schedule import spawn_grains

    bank, frame = banks.built_in(), row(**DROPS)
    for quality in RUNGS[1:]:
        frame[QUALITY_AT] = quality
        _, gains = controlled(bank, frame)
        is_open = np.ones(len(bank.patches), np.int64)
        floats, ints = np.zeros((4_096, GRAIN_FLOATS)), np.zeros((4_096, GRAIN_INTS), np.int64)
        singles: dict[int, int] = {}
        seconds = 60
        for step in range(seconds * STEPS_PER_S):
            count = spawn_grains(bank, np.uint64(1), step, frame, is_open, gains, floats, ints, 0)
            for part in ints[:count][ints[:count, I_LENGTH] > 0, I_PART]:
                singles[int(part)] = singles.get(int(part), 0) + 1
        most = max(singles.values()) / seconds
        assert SINGLE_HZ[quality] * 0.6 < most < SINGLE_HZ[quality] * 1.5
