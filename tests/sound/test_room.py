"""Room for more streams, grains and swells, made while streams sound, changes no sample of theirs."""

import numpy as np
import psutil
import pytest
from ambiome_middleware.sound import Renderer, Request, bank, plan, render
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SCENE, silent_row

STEPS = 30
STREAMS = 5
STORM = {
    "rain_mm_h": 60.0, "rain_leaves": 1.0, "wind_m_s": 20.0, "wind_trees": 1.0, "surf_height_m": 3.0, "fire_level": 0.6,
}  # fmt: skip


def sound_of() -> dict[int, bytes]:
    """Of STREAMS storms, which begin one after the other, and go on together."""
    frame = silent_row()
    for name, value in STORM.items():
        frame[COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    tokens = np.tile(frame, (LOOKBACK_STEPS + 1, 1))
    renderer, heard = Renderer("cpu"), dict.fromkeys(range(STREAMS), b"")
    for step in range(STEPS + STREAMS):
        there = [seed for seed in range(STREAMS) if 0 <= step - seed < STEPS]
        requests = [Request(seed, "stereo", step - seed, tokens, key=seed) for seed in there]
        for seed, samples in zip(there, renderer.render(requests), strict=True):
            heard[seed] += samples.tobytes()
    return heard


def test_room_that_is_made_on_the_way_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = sound_of()
    monkeypatch.setattr(plan, "GRAINS_AT_FIRST", 1)
    monkeypatch.setattr(plan, "SWELLS_AT_FIRST", 1)
    monkeypatch.setattr(render, "SLOTS_AT_FIRST", 1)
    made: list[int] = []
    lengthen = plan.Lists.lengthen
    monkeypatch.setattr(plan.Lists, "lengthen", lambda lists, what: (made.append(what), lengthen(lists, what))[1])
    assert sound_of() == wanted
    assert set(made) == {plan.MORE_GRAINS, plan.MORE_SWELLS}


def test_room_is_made_for_what_sounds_and_touches_no_other_memory() -> None:
    """To use memory for the first time can take so long that all streams are late: 100 MiB took a fifth of a second."""
    lists = plan.Lists.empty(256, bank.built_in())
    lists.grain_floats[:, :10], lists.counts[:, 0] = 1.0, 10
    before = psutil.Process().memory_info().rss
    lists.lengthen(plan.MORE_GRAINS)
    lists.add_slots(256)
    assert psutil.Process().memory_info().rss - before < 64 * 2**20
    assert lists.grain_floats.shape[:2] == (512, 2 * plan.GRAINS_AT_FIRST)
    assert (lists.grain_floats[:256, :10] == 1.0).all()
    assert not lists.grain_floats[256:, :10].any()
