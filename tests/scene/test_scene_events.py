"""Events: heard when their sound arrives, from where the listener looks, none lost."""

import numpy as np
import pytest
from ambiome_middleware import scene
from ambiome_middleware.scene.events import Sounding, delay_steps
from ambiome_middleware.tokens import EVENT_KIND_NAMES, EVENT_SLOTS
from ambiome_protocol.limits import MAX_PENDING_EVENTS
from ambiome_protocol.lists import ANIMAL_KINDS
from scene_worlds import events, happens, run, standing, told

STILL = {"biome": "none", "wind_m_s": 0}


@pytest.mark.parametrize(("distance_m", "steps"), [(1.0, 0), (343.0, 25), (900.0, 66), (10_000.0, 729)])
def test_thunder_comes_as_long_after_its_lightning_as_sound_takes(distance_m: float, steps: int) -> None:
    state = standing(**STILL)
    _, rows = run(state, steps + 5, {1: [happens("lightning", distance_m=distance_m, azimuth_deg=30, strength=0.8)]})
    [(step, columns)] = [(step, columns) for step, kind, columns in events(rows) if kind == "thunder"]
    assert step == steps
    assert delay_steps(distance_m) == steps
    assert columns["distance_m"] == pytest.approx(distance_m, rel=0.02)
    assert columns["azimuth_deg"] == 30
    assert columns["strength"] == pytest.approx(0.8, abs=0.01)


def test_every_animal_is_heard_as_itself() -> None:
    state = standing(**STILL)
    calls = [happens("animal", animal=kind, distance_m=5.0) for kind in ANIMAL_KINDS]
    _, rows = run(state, 3, {1: calls})
    assert [kind for _, kind, _ in events(rows)] == list(ANIMAL_KINDS)


def test_what_does_not_fit_moves_to_the_next_step_in_order() -> None:
    state = standing(**STILL)
    burst = [happens("branch", distance_m=2.0, strength=i / 20) for i in range(20)]
    _, rows = run(state, 5, {1: burst})
    heard = events(rows)
    assert [step for step, _, _ in heard] == [0] * EVENT_SLOTS + [1] * EVENT_SLOTS + [2] * 4
    strengths = [columns["strength"] for _, _, columns in heard]
    assert strengths == sorted(strengths)


def test_two_of_a_kind_are_not_the_same() -> None:
    state = standing(**STILL)
    _, rows = run(state, 40, {step: [happens("splash", distance_m=2.0)] for step in range(1, 41)})
    ids = [columns["id"] for _, _, columns in events(rows)]
    assert len(set(ids)) == 40


def test_what_happens_by_itself_and_what_is_sent_are_not_the_same() -> None:
    """A storm breaks branches; the game sends one more after each step in which it has."""
    storm = {"biome": "temperate_forest", "hour": 12, "wind_m_s": 30}
    state, ids = standing(**storm), []
    for _ in range(25 * 60):
        before = state.event_count
        state, row = run(state, 1)
        ids += [columns["id"] for _, _, columns in events(row)]
        if state.event_count > before:
            state, row = run(state, 1, {state.step + 1: [happens("branch", distance_m=1.0)]})
            ids += [columns["id"] for _, _, columns in events(row)]
    assert len(set(ids)) == len(ids) > 5


def test_an_event_is_heard_from_where_the_listener_looks_then() -> None:
    """Thunder in the east, heard by one who has turned south: it comes from his left."""
    state = standing(**STILL)
    _, rows = run(state, 40, {1: [happens("lightning", distance_m=343, azimuth_deg=90)], 10: [told(heading_deg=180)]})
    [columns] = [columns for _, kind, columns in events(rows) if kind == "thunder"]
    assert columns["azimuth_deg"] == 270


def test_a_cut_leaves_behind_what_was_on_its_way() -> None:
    state = standing(**STILL)
    before = happens("lightning", distance_m=343)
    after = happens("lightning", distance_m=686)
    _, rows = run(state, 80, {1: [before], 5: [told(biome="city", cut=True, hour=3), after]})
    assert [step for step, kind, _ in events(rows) if kind == "thunder"] == [4 + 50]
    assert all(step > 4 + 50 for step, kind, _ in events(rows) if kind == "rumble"), "of the second one only"


def test_the_queue_is_bounded() -> None:
    state = standing(**STILL)
    many = [happens("lightning", distance_m=30_000)] * (MAX_PENDING_EVENTS // 4)
    state, _ = run(state, 6, dict.fromkeys(range(1, 7), many))
    assert len(state.pending) == MAX_PENDING_EVENTS
    assert {EVENT_KIND_NAMES[event.kind] for event in state.pending} == {"thunder"}, "rumbles give way"
    assert state.dropped_events >= 2 * len(many)


def test_an_event_without_room_is_said() -> None:
    state = standing(**STILL)
    one = happens("lightning", distance_m=30_000)
    assert scene.warnings(state, [one], state.step + 1) == ()
    state, _ = run(state, 1, {1: [one] * (MAX_PENDING_EVENTS - 1)})
    assert scene.warnings(state, [one], state.step + 1) == (), "a rumble will make room"
    state, _ = run(state, 1, {2: [one] * 2})
    [warning] = scene.warnings(state, [happens("branch")], state.step + 1)
    assert warning.code == "events_full"
    assert f"nor were {state.dropped_events:,} before" in warning.detail
    assert scene.warnings(state, [happens("gust")], state.step + 1) == ()
    before = state.dropped_events
    state, _ = run(state, 1, {3: [happens("branch")]})
    assert state.dropped_events == before + 1
    assert len(state.pending) == MAX_PENDING_EVENTS


def _rumbling(distance_m: float, count: int = 40, **world: object) -> list[list[tuple[float, Sounding]]]:
    """(seconds after the first sound, event) of the rumbles of some lightnings in the north, each by itself."""
    found = []
    for seed in range(count):
        strike = happens("lightning", distance_m=distance_m, azimuth_deg=0, strength=0.8)
        state, _ = run(standing(seed, **{**STILL, **world}), 1, {1: [strike]})
        first, *rumbles = state.pending
        assert {EVENT_KIND_NAMES[event.kind] for event in rumbles} == {"rumble"}
        found.append([((event.step - first.step) / 25, event) for event in rumbles])
    return found


def test_a_near_stroke_rolls_on_for_as_long_as_its_channel() -> None:
    """A channel of 4–8 km that begins over the listener's head: 12–24 s to its top, and some more along the cloud."""
    strokes = _rumbling(50.0)
    assert {len(rumbles) for rumbles in strokes} <= {4, 5, 6}
    assert len({len(rumbles) for rumbles in strokes}) > 1
    lasts = [max(after for after, _ in rumbles) for rumbles in strokes]
    assert 10 < np.median(lasts) < 24
    assert max(lasts) < 38
    for rumbles in strokes:
        for after, event in rumbles:
            assert event.distance_m == pytest.approx(after * 343 + 50, abs=30)
            assert 0.0 < event.strength < 0.8
    first = [min(after for after, _ in rumbles) for rumbles in strokes]
    assert min(first) > 1.0
    assert np.median(first) < 10.0
    early = [event.strength for rumbles in strokes for after, event in rumbles if after < 8.0]
    late = [event.strength for rumbles in strokes for after, event in rumbles if after >= 8.0]
    assert np.mean(early) > np.mean(late)


def test_a_far_stroke_is_drawn_together_and_from_one_side() -> None:
    near, far = _rumbling(50.0, 20, biome="coast"), _rumbling(15_000.0, 20, biome="coast")
    assert np.median([r[-1][0] for r in far]) < 0.6 * np.median([r[-1][0] for r in near])
    bearings = [(event.azimuth_deg + 180) % 360 - 180 for r in far for _, event in r]
    assert np.median(np.abs(bearings)) < 15


def test_mountains_throw_thunder_back_more_often() -> None:
    plain, valley = (_rumbling(2_000.0, 20, biome=biome) for biome in ("coast", "mountain"))
    assert sum(map(len, valley)) > sum(map(len, plain)) + 15
    assert np.median([r[-1][0] for r in valley]) > np.median([r[-1][0] for r in plain]) + 2.0


def test_thunder_that_is_on_its_way_stays_in_its_order() -> None:
    state = standing(**STILL, thunder_per_min=60, thunder_km=3)
    for _ in range(10):
        state, _ = run(state, 25)
        steps = [event.step for event in state.pending]
        assert steps == sorted(steps)
    assert len(state.pending) > 5


def test_a_gust_is_no_sound_of_its_own() -> None:
    state = standing(**STILL)
    state, rows = run(state, 10, {1: [happens("gust")]})
    assert not events(rows)
    assert scene.values(state)["wind_m_s"] > 0
