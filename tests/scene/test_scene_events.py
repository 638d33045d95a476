"""Events: heard when their sound arrives, from where the listener looks, none lost."""

import pytest
from ambiome_middleware import scene
from ambiome_middleware.scene.events import MAX_PENDING_EVENTS, delay_steps
from ambiome_middleware.tokens import EVENT_SLOTS
from ambiome_protocol.lists import ANIMAL_KINDS
from scene_worlds import events, happens, run, standing, told

STILL = {"biome": "none", "wind_m_s": 0}


@pytest.mark.parametrize(("distance_m", "steps"), [(1.0, 0), (343.0, 25), (900.0, 66), (10_000.0, 729)])
def test_thunder_comes_as_long_after_its_lightning_as_sound_takes(distance_m: float, steps: int) -> None:
    state = standing(**STILL)
    _, rows = run(state, steps + 5, {1: [happens("lightning", distance_m=distance_m, azimuth_deg=30, strength=0.8)]})
    [(step, kind, columns)] = events(rows)
    assert (step, kind) == (steps, "thunder")
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
    [(_, _, columns)] = events(rows)
    assert columns["azimuth_deg"] == 270


def test_a_cut_leaves_behind_what_was_on_its_way() -> None:
    state = standing(**STILL)
    before = happens("lightning", distance_m=343)
    after = happens("lightning", distance_m=686)
    _, rows = run(state, 80, {1: [before], 5: [told(biome="city", cut=True, hour=3), after]})
    assert [(step, kind) for step, kind, _ in events(rows)] == [(4 + 50, "thunder")]


def test_the_queue_is_bounded() -> None:
    state = standing(**STILL)
    many = [happens("lightning", distance_m=30_000)] * (MAX_PENDING_EVENTS // 4)
    state, _ = run(state, 6, dict.fromkeys(range(1, 7), many))
    assert len(state.pending) == MAX_PENDING_EVENTS


def test_a_gust_is_no_sound_of_its_own() -> None:
    state = standing(**STILL)
    state, rows = run(state, 10, {1: [happens("gust")]})
    assert not events(rows)
    assert scene.values(state)["wind_m_s"] > 0
