"""The learned renderer keeps the laws in its form, to the bit, with weights that nobody trained."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil
import pytest
import torch
from ambiome_middleware.analysis.loudness import true_peak_dbtp
from ambiome_middleware.analysis.sheet import SHEETS
from ambiome_middleware.analysis.spectrum import a_level_db
from ambiome_middleware.neural.level import Powers
from ambiome_middleware.neural.render import BEFORE_STEPS, NeuralRenderer
from ambiome_middleware.neural.segments import Segments
from ambiome_middleware.neural.tile import Move, Tile, Tiles
from ambiome_middleware.neural.upward import DELAY_SAMPLES, EDGE_HZ, STEP_AT_CODEC, Above, Doubled
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.layouts import LAYOUTS
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SAMPLE_RATE_HZ, SCENE, STEP_SAMPLES, silent_row
from msgspec.structs import replace

SHORT = Segments(length=16, warm_up=8, fade=4)
LOOKBACK = LOOKBACK_STEPS + BEFORE_STEPS
Rows = npt.NDArray[np.int16]


def renderer(weights: Path) -> NeuralRenderer:
    return NeuralRenderer(weights, segments=SHORT)


def rows(first: int, steps: int, lookback: int = LOOKBACK, **values: float) -> Rows:
    """Token frames of the steps [first − lookback, first + steps): rain that changes with the step."""
    found = np.tile(silent_row(), (lookback + steps, 1))
    for n, step in enumerate(range(first - lookback, first + steps)):
        found[n, COLUMN["rain_mm_h"]] = 100 + step % 200
    for name, value in {**SHEETS["rain"].others, **values}.items():
        found[:, COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    return found


def request(first: int, steps: int, seed: int = 5, layout: str = "stereo", key: object = None) -> Request:
    return Request(seed, layout, first, rows(first, steps), key, LOOKBACK)


def test_chunks_do_not_matter(weights: Path) -> None:
    [whole] = renderer(weights).render([request(0, 40)])
    assert whole.std() > 1e-4
    one = renderer(weights)
    parts = [one.render([request(first, 5, key="me")])[0] for first in range(0, 40, 5)]
    assert np.array_equal(np.concatenate(parts, axis=1), whole)


def test_any_step_can_be_rendered_first(weights: Path) -> None:
    [whole] = renderer(weights).render([request(0, 50)])
    for first in (1, 12, 15, 16, 45):
        [part] = renderer(weights).render([request(first, 4)])
        wanted = whole[:, first * STEP_SAMPLES : (first + 4) * STEP_SAMPLES]
        assert np.array_equal(part, wanted), first


def test_going_back_for_what_was_handed_out_costs_nothing(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [whole] = renderer(weights).render([request(0, 50)])
    one = renderer(weights)
    one.render([request(0, 40, key="me")])

    def never(tile: Tile, moves: list[Move]) -> dict[int, np.ndarray]:
        raise AssertionError("it generates")

    with monkeypatch.context() as without:
        without.setattr(Tile, "move", never)
        [again] = one.render([request(10, 20, key="me")])
    assert np.array_equal(again, whole[:, 10 * STEP_SAMPLES : 30 * STEP_SAMPLES])
    [on] = one.render([request(35, 15, key="me")])
    assert np.array_equal(on, whole[:, 35 * STEP_SAMPLES :])


def test_the_number_of_threads_does_not_matter(weights: Path) -> None:
    threads = torch.get_num_threads()
    heard = []
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            heard += renderer(weights).render([request(0, 30)])
            assert torch.get_num_threads() == count
    finally:
        torch.set_num_threads(threads)
    assert np.array_equal(*heard)


def test_a_day_later_too(weights: Path) -> None:
    first = 2_200_007
    one = renderer(weights)
    [whole] = one.render([request(first, 12)])
    [part] = one.render([request(first + 6, 6)])
    assert np.array_equal(part, whole[:, 6 * STEP_SAMPLES :])


def test_company_does_not_matter(weights: Path) -> None:
    [alone] = renderer(weights).render([request(10, 12)])
    others = [request(7 * n, 2 + n % 3, seed=90 + n, layout=name) for n, name in enumerate(LAYOUTS)]
    together = renderer(weights).render([*others, request(10, 12), others[0]])
    assert np.array_equal(together[len(others)], alone)
    assert np.array_equal(together[0], together[len(others) + 1])
    [other] = renderer(weights).render([request(10, 12, seed=6)])
    assert not np.array_equal(other, alone)


def test_what_runs_on_a_gpu_keeps_the_laws_too(weights: Path) -> None:
    """Tried on a CPU: chunks, company and a first step anywhere; and its sound is that of the same scene."""

    def with_torch() -> NeuralRenderer:
        one = renderer(weights)
        one._made_of = Tiles(one._lm, one._codec, 1.0, with_torch=True)
        return one

    [whole] = with_torch().render([request(0, 30)])
    one = with_torch()
    parts = [one.render([request(first, 5, key="me"), request(first, 1, seed=9)])[0] for first in range(0, 30, 5)]
    assert np.array_equal(np.concatenate(parts, axis=1), whole)
    [late] = with_torch().render([request(17, 5)])
    assert np.array_equal(late, whole[:, 17 * STEP_SAMPLES : 22 * STEP_SAMPLES])
    [compiled] = renderer(weights).render([request(0, 30)])
    assert not np.array_equal(compiled, whole)
    assert a_level_db(compiled) == pytest.approx(a_level_db(whole), abs=1.0)


def test_what_is_remembered_does_not_matter(weights: Path) -> None:
    one = renderer(weights)
    [first] = one.render([request(0, 10, key="a")])
    one.render([request(3, 4, key="a")])
    [again] = one.render([request(0, 10, key="a")])
    assert np.array_equal(first, again)
    one.forget("a")
    one.forget("a")
    assert np.array_equal(one.render([request(0, 10, key="a")])[0], first)
    one.forget("a")
    assert sum(len(tile.free) for tile in one._tiles) == 8 * len(one._tiles), "every slot is free again"


def test_there_is_no_seam_where_segments_meet(weights: Path) -> None:
    """The largest step between two samples about a join is none larger than elsewhere by much."""
    [whole] = renderer(weights).render([request(0, 100, layout="mono")])
    jumps = np.abs(np.diff(whole[0])).reshape(-1)
    steps = [jumps[n * STEP_SAMPLES : (n + 1) * STEP_SAMPLES].max() for n in range(8, 99)]
    joins = [n for n in range(8, 99) if n % 16 in range(12, 16) or n % 16 == 0]
    assert max(steps[n - 8] for n in joins) < 2.0 * np.percentile(steps, 99)


def test_segments_join_at_equal_power() -> None:
    for step in range(SHORT.length - SHORT.warm_up - 2, SHORT.length + 2):
        running, weights = SHORT.running(step), SHORT.weights(step, STEP_SAMPLES)
        assert running == ((0,), (0, 1), (1,))[(step >= 8) + (step >= 16)]
        assert np.allclose((weights**2).sum(axis=0), 1.0)
    fade = np.concatenate(
        [np.broadcast_to(SHORT.weights(step, STEP_SAMPLES)[1], STEP_SAMPLES) for step in range(8, 16)]
    )
    assert np.all(np.diff(fade) >= 0.0)
    assert np.diff(fade).max() < 1e-3
    assert fade[0] == 0.0
    assert fade[-1] > 0.999
    assert SHORT.begin(0) == -8


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout(weights: Path, layout: str) -> None:
    loud = replace(request(0, 30, layout=layout), tokens=rows(0, 30, master_db=12.0))
    [heard] = renderer(weights).render([loud])
    active = LAYOUTS[layout].active
    assert heard.shape == (LAYOUTS[layout].channels, 30 * STEP_SAMPLES)
    assert all((np.std(heard[n]) > 1e-4) == (n in active) for n in range(len(heard)))
    assert true_peak_dbtp(heard) <= -1.0
    [soft] = renderer(weights).render([replace(loud, tokens=rows(0, 30, master_db=-48.0))])
    assert np.std(soft) < 0.01 * np.std(heard)


def test_requests_that_cannot_be_are_refused(weights: Path) -> None:
    one = NeuralRenderer(weights)
    assert one.lookback == 550
    with pytest.raises(ValueError, match="278 before the first step are fewer than 550"):
        one.render([request(0, 3)])
    [heard] = one.render([Request(5, "mono", 0, rows(0, 3, one.lookback), lookback=one.lookback)])
    assert heard.shape == (1, 3 * STEP_SAMPLES)
    with pytest.raises(FileNotFoundError):
        NeuralRenderer(weights / "none")
    with pytest.raises(ValueError, match="segments"):
        Segments(length=5, warm_up=5, fade=1)


def test_it_is_as_loud_as_the_scene_is(weights: Path) -> None:
    """Within 2 dB, for what such weights make comes and goes within the window over which a level is taken."""

    def level_db(one: NeuralRenderer | Renderer, lookback: int, **values: float) -> float:
        told = rows(540, 50, lookback, **values)
        [heard] = one.render([Request(5, "stereo", 540, told, None, lookback)])
        return a_level_db(heard[:, 24_000:])

    one = NeuralRenderer(weights)
    for master_db in (0.0, -12.0):
        wanted = level_db(Renderer("cpu"), LOOKBACK_STEPS, master_db=master_db)
        assert level_db(one, one.lookback, master_db=master_db) == pytest.approx(wanted, abs=2.0)


def test_power_is_what_ears_have_of_it() -> None:
    def level_db(hz: float) -> float:
        wave = np.sin(2.0 * np.pi * hz * np.arange(25 * STEP_SAMPLES) / SAMPLE_RATE_HZ).astype(np.float32)
        powers = Powers()
        for step in wave.reshape(25, STEP_SAMPLES):
            powers.hear(step)
        return 10.0 * float(np.log10(powers.mean(20) + 1e-12))

    assert level_db(1_000.0) == pytest.approx(-3.01, abs=0.1)
    assert level_db(50.0) == pytest.approx(-3.01 - 30.2, abs=1.0), "and none of it leaks to where ears are better"
    assert level_db(14_000.0) < -90.0, "what lies above the codec's edge is the procedural renderer's"


def test_latency_is_what_it_says(weights: Path) -> None:
    """A stream begins in its warm-up: the codec's garbage is gone before it is faded in."""
    one = renderer(weights)
    assert one.latency_samples < SHORT.warm_up * STEP_SAMPLES
    assert 0.05 < one.latency_samples / SAMPLE_RATE_HZ < 0.11


def test_twice_the_rate_and_what_lies_above() -> None:
    t = np.arange(40 * STEP_SAMPLES) / SAMPLE_RATE_HZ
    for hz, low, high in ((1_000.0, 1.0, 0.0), (9_000.0, 1.0, 0.0), (14_000.0, 0.0, 1.0)):
        wave = np.sin(2.0 * np.pi * hz * t).astype(np.float32)
        doubled, above = Doubled(), Above(1)
        at_codec = wave[::2] if hz < 12_000.0 else np.zeros(len(wave) // 2, np.float32)
        parts = at_codec.reshape(-1, STEP_AT_CODEC)
        lower = np.concatenate([doubled(part) for part in parts])[4 * STEP_SAMPLES :]
        upper = np.concatenate([above(part[None])[0] for part in wave.reshape(-1, STEP_SAMPLES)])[4 * STEP_SAMPLES :]
        late = np.roll(wave, DELAY_SAMPLES)[4 * STEP_SAMPLES :]
        assert np.abs(lower - low * late).max() < 2e-3, hz
        assert np.abs(upper - high * late).max() < 2e-3, hz
    assert EDGE_HZ < 12_000.0


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_an_hour_takes_no_more_memory_than_two_minutes(weights: Path) -> None:
    one, process, used = NeuralRenderer(weights), psutil.Process(), {}
    tokens = rows(0, 250, one.lookback)
    for first in range(0, 90_000, 250):
        [heard] = one.render([Request(5, "stereo", first, tokens, "me", one.lookback)])
        used[first] = process.memory_info().rss / 2**20
    assert heard.std() > 1e-4
    assert max(used[first] for first in range(3_000, 90_000, 250)) < used[3_000] + 8.0
