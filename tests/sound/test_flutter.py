"""What wanders by itself: layers that flutter, grains in bursts."""

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.bank import build
from ambiome_middleware.sound.control import heard
from ambiome_middleware.sound.flutter import RATES, common_noise
from ambiome_middleware.sound.patch import BANDS, FLUTTER_HZ, FLUTTER_STEPS, Draw, Emitter, Flutter, Layer, Patch, by
from ambiome_middleware.sound.records import NOISE_ONE
from ambiome_middleware.tokens import FEATURE_KIND_NAMES, STEP_SAMPLES, silent_row
from token_scenes import feature, row, stretch

Floats = npt.NDArray[np.float64]
OPEN = by("wind_m_s", lambda v: np.where(v > 0, 60.0, -np.inf))
LAYER = Layer("hiss", np.zeros(BANDS), (OPEN,))


def depths(rate: int, db: float) -> Floats:
    """A flutter's depths at one rate alone, the same in all bands."""
    found = np.zeros((len(FLUTTER_HZ), len(FLUTTER_STEPS)))
    found[:, rate] = db
    return found


@cache
def gains_db(rate: int, common: float, depth: float = 3.0, steps: int = 12_000, seeds: int = 1) -> Floats:
    """What a flutter does to every band, [n, BANDS] dB: `steps` of each of `seeds`, thinned to two a knot."""
    bank = build([Patch("wind", layers=(replace(LAYER, flutter=Flutter(depths(rate, depth), common)),))])
    frame, stride = row(wind_m_s=10.0, dynamics=1.0), max(1, FLUTTER_STEPS[rate] // 2)
    powers = [
        heard(bank, frame, seed=seed, step=step)[0][0] for seed in range(seeds) for step in range(0, steps, stride)
    ]
    plain = heard(build([Patch("wind", layers=(LAYER,))]), frame)[0][0]
    return 10 * np.log10(np.array(powers) / plain)


@pytest.mark.parametrize("rate", range(len(FLUTTER_STEPS)))
@pytest.mark.parametrize("common", [0.0, 1.0])
def test_depth_is_the_standard_deviation_of_every_rate_and_octave(rate: int, common: float) -> None:
    """At each octave's centre, on knots and between them alike; eighteen minutes at the slowest."""
    found = gains_db(rate, common, steps=200 * FLUTTER_STEPS[rate], seeds=3)[:, 2:30:3]
    assert np.sqrt(found.var(axis=0).mean()) == pytest.approx(3.0, rel=0.12 if common else 0.06)
    even, odd = found[::2], found[1::2]
    assert even.std() == pytest.approx(odd.std(), rel=0.15)


def test_the_mean_power_is_kept() -> None:
    """In every third-octave band, deep as the flutter may be."""
    power = 10 ** (gains_db(0, 0.0, depth=5.0, steps=6_000) / 10)
    np.testing.assert_allclose(power.mean(axis=0), 1.0, atol=0.15)
    assert power.mean() == pytest.approx(1.0, abs=0.04)


def test_common_is_the_share_that_bands_have_in_common() -> None:
    octaves = gains_db(0, 0.6, steps=6_000)[:, 2:30:3]
    correlation = np.corrcoef(octaves.T)
    assert correlation[np.triu_indices(len(FLUTTER_HZ), 1)].mean() == pytest.approx(0.6, abs=0.08)
    alone = np.corrcoef(gains_db(0, 0.0, depth=5.0, steps=6_000)[:, 2:30:3].T)
    assert np.abs(alone[np.triu_indices(len(FLUTTER_HZ), 1)]).max() < 0.1


def test_a_rate_moves_at_its_own_pace() -> None:
    """From one step to the next a slow flutter hardly moves: by its knots, a smooth curve between them."""
    for rate, most_db in ((3, 2.5), (7, 0.2)):
        bank = build([Patch("wind", layers=(replace(LAYER, flutter=Flutter(depths(rate, 3.0), 1.0)),))])
        frame = row(wind_m_s=10.0, dynamics=1.0)
        track = np.array([heard(bank, frame, seed=4, step=step)[0][0, 15] for step in range(600)])
        jumps = np.abs(np.diff(10 * np.log10(track)))
        assert 0.02 * most_db < jumps.max() < most_db


def test_depth_follows_its_tables() -> None:
    calm = Flutter(depths(0, 4.0), 1.0, (by("wind_turbulence", lambda t: t),))
    bank = build([Patch("wind", layers=(replace(LAYER, flutter=calm),))])
    for turbulence, expected_db in ((0.0, 0.0), (0.5, 2.0), (1.0, 4.0)):
        frame = row(wind_m_s=10.0, wind_turbulence=turbulence, dynamics=1.0)
        track = np.array([heard(bank, frame, seed=1, step=step)[0][0, 15] for step in range(3_000)])
        assert (10 * np.log10(track)).std() == pytest.approx(expected_db, rel=0.1, abs=1e-9)


def test_layers_of_a_patch_go_together_and_those_of_two_do_not() -> None:
    flutter = Flutter(depths(2, 4.0), 1.0)
    low, high = np.where(np.arange(BANDS) < 15, 0.0, -200.0), np.where(np.arange(BANDS) < 15, -200.0, 0.0)
    one, two = Layer("low", low, (OPEN,), flutter=flutter), Layer("high", high, (OPEN,), flutter=flutter)
    for patches, together in (
        ([Patch("wind", layers=(one, two))], True),
        ([Patch("wind", layers=(one,)), Patch("rain", layers=(two,))], False),
    ):
        bank = build(patches)
        frame = row(wind_m_s=10.0)
        power = np.array([heard(bank, frame, step=4 * step)[0][0, [5, 25]] for step in range(1_000)])
        assert np.corrcoef(np.log(power.T))[0, 1] == pytest.approx(1.0 if together else 0.0, abs=0.12)


def test_each_feature_flutters_by_itself() -> None:
    kind = FEATURE_KIND_NAMES[1]
    layer = replace(LAYER, level_db=(by("level", lambda v: np.where(v > 0, 60.0, -np.inf), "feature"),))
    bank = build([Patch("wind", "feature", kind, layers=(replace(layer, flutter=Flutter(depths(0, 4.0), 1.0)),))])
    left, right = silent_row(), silent_row()
    feature(left, 0, kind, 1.0, 10.0, 0.0, 0.5)
    feature(right, 5, kind, 1.0, 10.0, 0.0, 0.5)
    a, b = (np.array([heard(bank, f, step=n)[0][0, 15] for n in range(1_000)]) for f in (left, right))
    assert abs(np.corrcoef(np.log(a), np.log(b))[0, 1]) < 0.12


def test_the_loudness_that_dynamics_follow_does_not_flutter() -> None:
    bank = build([Patch("wind", layers=(replace(LAYER, flutter=Flutter(depths(0, 6.0))),))])
    frame = row(wind_m_s=10.0)
    gains = [heard(bank, frame, step=step)[1] for step in range(20)]
    for later in gains[1:]:
        np.testing.assert_array_equal(later, gains[0])


FLUTTERING = Patch(
    "wind",
    layers=(replace(LAYER, flutter=Flutter(np.full((len(FLUTTER_HZ), len(FLUTTER_STEPS)), 1.5))),),
    emitters=(
        Emitter(
            "tick", "mode", 32, (by("wind_m_s", lambda v: np.where(v > 0, 60.0, 0.0)),), Draw(60.0), Draw(2_000.0),
            Draw(0.005), bursts=np.array([0.0, 0.3, 0.5, 0.7, 0.7, 0.3, 0.0, 0.0]),
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize("start", [0, 2_200_000])
def test_the_laws_hold_with_flutter(start: int) -> None:
    bank = build([FLUTTERING])
    frames = np.tile(row(wind_m_s=10.0), (300, 1))
    whole = Renderer("cpu", bank=bank).render([stretch(frames, 3, start + 255, 40, start=start)])[0]
    renderer = Renderer("cpu", bank=bank)
    parts = [renderer.render([stretch(frames, 3, start + 255 + n, 1, start=start, key=1)])[0] for n in range(40)]
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)
    late = Renderer("cpu", bank=bank).render([stretch(frames, 3, start + 280, 3, start=start)])[0]
    np.testing.assert_array_equal(late, whole[:, 25 * STEP_SAMPLES : 28 * STEP_SAMPLES])


def onsets(emitter: Emitter, seeds: int, steps: int) -> npt.NDArray[np.int64]:
    """How many grains fall at each step, [seeds, steps], counted from the renderer's own list of them."""
    renderer = Renderer("cpu", bank=build([replace(FLUTTERING, layers=(), emitters=(emitter,))]))
    tokens = np.tile(row(wind_m_s=10.0), (250 + 1, 1))
    counts = np.zeros((seeds, steps), np.int64)
    for step in range(steps):
        renderer.render([Request(seed, "mono", step, tokens, seed) for seed in range(seeds)])
        for seed in range(seeds):
            slot = renderer._held[seed].slot
            alive = renderer._lists.counts[slot, 0]
            counts[seed, step] = (renderer._lists.grain_ints[slot, :alive, 1] == step).sum()
    return counts


def test_bursts_keep_the_mean_rate_and_gather_the_grains() -> None:
    bursting = onsets(FLUTTERING.emitters[0], 8, 2_500)
    even = onsets(replace(FLUTTERING.emitters[0], bursts=None), 8, 2_500)
    assert bursting.mean() == pytest.approx(even.mean(), rel=0.12)
    assert even.var() / even.mean() < 1.2
    assert bursting.var() / bursting.mean() > 2.0


def test_common_noise_is_gaussian_enough() -> None:
    found = np.empty((4_000, RATES), np.int64)
    for n in range(len(found)):
        common_noise(np.uint64(5), 3, 0, n * FLUTTER_STEPS[-1] // 2, found[n])
    unit = found / NOISE_ONE
    np.testing.assert_allclose(unit.std(axis=0), 1.0, atol=0.06)
    np.testing.assert_allclose(unit.mean(axis=0), 0.0, atol=0.08)
    assert 0.02 < (np.abs(unit) > 2).mean() < 0.06
