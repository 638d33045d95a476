"""How a change comes in: in each parameter's own time, in the time it names, or at once."""

import numpy as np
import pytest
from ambiome_middleware import scene
from ambiome_middleware.tokens import COLUMN, CUT_AT, FEATURES_AT, SCENE
from ambiome_protocol.messages import VoiceMix
from scene_worlds import mixed, run, standing, told, values

STILL = {"biome": "none", "wind_m_s": 0.0}


@pytest.mark.parametrize(
    ("parameter", "before", "after"),
    [
        ("outdoor", {"shelter": "open"}, {"shelter": "room"}),
        ("traffic_wet", {"wetness": 0.0}, {"wetness": 0.8}),
        ("traffic_wet", {"wetness": 0.8}, {"wetness": 0.0}),
        ("rain_roof", {"shelter": "open"}, {"shelter": "tent"}),
    ],
)
def test_a_parameter_takes_its_own_time(parameter: str, before: dict[str, object], after: dict[str, object]) -> None:
    """1 − 1/e of the way after its time constant, and there in the end."""
    state = standing(**{**STILL, **before})
    start = scene.values(state)[parameter]
    end = scene.targets(standing(**{**STILL, **after}))[parameter]
    row = SCENE[COLUMN[parameter]]
    time_s = row.rise_s if end > start else row.fall_s
    state, rows = run(state, round(time_s * 25 * 8), {state.step + 1: [told(**after)]})
    way = (values(rows, parameter) - start) / (end - start)
    assert way[round(time_s * 25) - 1] == pytest.approx(1 - np.exp(-1), abs=0.02)
    assert way[-1] == pytest.approx(1.0, abs=0.01)
    assert (np.diff(way) >= 0).all()


def test_a_transition_takes_the_time_it_names() -> None:
    state = standing(**STILL, shelter="open")
    message = told(shelter="room", transition_s=4.0)
    state, rows = run(state, 130, {state.step + 1: [message]})
    outdoor = rows[:, COLUMN["outdoor"]].astype(int)
    end = SCENE[COLUMN["outdoor"]].quantise(scene.targets(state)["outdoor"])
    assert outdoor[98] != end
    assert (outdoor[99:] == end).all()
    assert np.diff(outdoor[:100]).min() >= np.diff(outdoor[:100]).mean() - 1.5, "in a straight line"


def test_a_transition_touches_only_what_its_change_touches() -> None:
    state = standing(**STILL, shelter="open", wetness=0.0)
    slow, quick = told(shelter="room", transition_s=60.0), told(wetness=1.0)
    _, rows = run(state, 200, {state.step + 1: [slow, quick]})
    assert values(rows, "outdoor")[-1] == pytest.approx(1 - 0.86 * 200 / 1_500, abs=0.02)
    assert values(rows, "traffic_wet")[-1] == pytest.approx(1 - np.exp(-8 / 6), abs=0.02)


def test_a_later_change_without_a_time_takes_over() -> None:
    state = standing(**STILL, shelter="open")
    state, _ = run(state, 25, {state.step + 1: [told(shelter="room", transition_s=600.0)]})
    state, rows = run(state, 75, {state.step + 1: [told(shelter="cave")]})
    assert values(rows, "outdoor")[-1] == pytest.approx(scene.targets(state)["outdoor"], abs=0.01)


def test_what_time_moves_is_not_touched_by_another_change() -> None:
    """While the day runs and a long transition is under way, a change of something else does not end it."""
    state = standing(biome="city", hour=6.5, rate=60, snow_mm_h=0)
    state, before = run(state, 10, {10: [told(snow_mm_h=6, transition_s=40.0)]})
    others = {state.step + 1 + i: [told(altitude_m=i)] for i in range(0, 200, 10)}
    _, rows = run(state, 200, others)
    left = values(rows, "traffic_per_min")[-1] / values(before, "traffic_per_min")[0]
    assert left > 0.75, "a fifth of the way to two fifths of the traffic"


def test_a_listener_who_turns_does_not_use_up_the_first_world() -> None:
    state, _ = run(scene.initial_state(1), 1, {0: [told(heading_deg=90)]})
    state, rows = run(state, 1, {1: [told(biome="none", rain_mm_h=10)]})
    assert values(rows, "rain_mm_h")[0] > 5


def test_a_transition_of_nothing_is_one_step() -> None:
    state = standing(**STILL, shelter="open")
    state, rows = run(state, 1, {state.step + 1: [told(shelter="room", transition_s=0.0)]})
    assert scene.values(state)["outdoor"] == pytest.approx(scene.targets(state)["outdoor"])
    assert rows[0, CUT_AT] == 0


def test_a_mix_can_take_its_time() -> None:
    state = standing(**STILL)
    state, rows = run(state, 60, {state.step + 1: [mixed(master_db=-24.0, transition_s=2.0)]})
    assert values(rows, "master_db")[24] == pytest.approx(-12.0, abs=0.3)
    assert values(rows, "master_db")[49] == pytest.approx(-24.0, abs=0.2)


def test_a_cut_snaps_and_counts() -> None:
    state = standing(biome="coast", hour=12, rain_mm_h=20)
    state, rows = run(state, 3, {state.step + 2: [told(biome="cave", rain_mm_h=0, cut=True)]})
    assert rows[:, CUT_AT].tolist() == [0, 1, 1]
    waves = [COLUMN["surf_break"], COLUMN["surf_wash"]]
    np.testing.assert_allclose(np.delete(state.smooth, waves), np.delete(state.target, waves), atol=1e-4)
    assert values(rows, "rain_mm_h").tolist()[1:] == [0.0, 0.0]


def test_a_cut_ends_a_transition() -> None:
    state = standing(**STILL, shelter="open")
    state, _ = run(state, 10, {state.step + 1: [told(shelter="room", transition_s=100.0)]})
    state, rows = run(state, 2, {state.step + 1: [told(shelter="hall", cut=True)]})
    assert values(rows, "outdoor") == pytest.approx(scene.targets(state)["outdoor"], abs=0.003)


def test_the_first_world_stands_at_once_and_later_ones_do_not() -> None:
    first = [told(biome="lake", hour=23, day_of_year=130), told(rain_mm_h=6)]
    state, rows = run(scene.initial_state(1), 2, {0: first})
    goal = scene.targets(state)
    assert values(rows, "rain_mm_h")[0] == pytest.approx(goal["rain_mm_h"], rel=0.5)
    assert values(rows, "frogs_activity")[0] == pytest.approx(goal["frogs_activity"], rel=0.6)
    assert rows[0, CUT_AT] == 0
    state, rows = run(state, 1, {2: [told(rain_mm_h=0)]})
    assert values(rows, "rain_mm_h")[0] > 1


def test_the_first_world_may_take_its_time() -> None:
    _, rows = run(scene.initial_state(1), 60, {0: [told(shelter="room", biome="none", transition_s=2.0)]})
    assert values(rows, "outdoor")[0] > 0.95
    assert values(rows, "outdoor")[50] < 0.2


def test_a_threshold_does_not_flap() -> None:
    """A temperature that trembles about the point where crickets start does not switch them on and off."""
    night = {"biome": "grassland", "hour": 23, "day_of_year": 225, "wind_m_s": 1, "rain_mm_h": 0}
    warming = (c / 100 for c in range(700, 1_500))
    start_c = next(c for c in warming if scene.targets(standing(**night, temperature_c=c))["crickets_level"] > 0)
    state, switches, was = standing(**night, temperature_c=start_c - 1), 0, False
    for i in range(100):
        state, _ = run(state, 1, {state.step + 1: [told(temperature_c=start_c + (0.05 if i % 2 else -0.05))]})
        is_on = scene.targets(state)["crickets_level"] > 0
        switches += is_on != was
        was = is_on
    assert switches == 1


def test_solo_and_mute() -> None:
    state = standing(**STILL)
    told_mix = {state.step + 1: [mixed(voices={"rain": VoiceMix(solo=True, gain_db=-6), "wind": VoiceMix(gain_db=3)})]}
    state, rows = run(state, 40, told_mix)
    assert values(rows, "gain_rain_db")[-1] == pytest.approx(-6, abs=0.2)
    assert values(rows, "gain_wind_db")[-1] == values(rows, "gain_surf_db")[-1] == -np.inf
    state, rows = run(state, 40, {state.step + 1: [mixed(voices={"rain": VoiceMix(mute=True)})]})
    assert values(rows, "gain_rain_db")[-1] == -np.inf, "a mute stays mute under a solo"
    off = mixed(voices={"rain": VoiceMix(mute=False, solo=False)})
    state, rows = run(state, 40, {state.step + 1: [off]})
    assert values(rows, "gain_rain_db")[-1] == pytest.approx(-6, abs=0.2), "the gain was kept"
    assert values(rows, "gain_wind_db")[-1] == pytest.approx(3, abs=0.2)
    assert values(rows, "gain_surf_db")[-1] == pytest.approx(0, abs=0.2)


def test_null_returns_a_field_to_derived() -> None:
    state = standing(biome="coast", wind_m_s=25, temperature_c=-20, latitude_deg=10, rain_mm_h=10, shelter="hall")
    fields = dict.fromkeys(("wind_m_s", "temperature_c", "latitude_deg", "rain_mm_h", "shelter"))
    state, _ = run(state, 1, {1: [told(**fields, wetness=0.0)]})
    fresh = standing(biome="coast", wetness=0.0)
    assert scene.targets(state) == pytest.approx(scene.targets(fresh) | {
        name: scene.targets(state)[name] for name in ("surf_break", "surf_wash")
    })  # fmt: skip


def test_time_moves_with_its_rate() -> None:
    """A minute of session at 60 game minutes a minute is an hour."""
    state = standing(biome="city", hour=7, rate=60)
    state, _ = run(state, 60 * 25)
    assert scene.targets(state)["traffic_per_min"] == pytest.approx(
        scene.targets(standing(biome="city", hour=8))["traffic_per_min"], rel=0.02
    )
    state, _ = run(state, 1, {state.step + 1: [told(rate=0)]})
    stopped = scene.targets(state)["traffic_per_min"]
    state, _ = run(state, 500)
    assert scene.targets(state)["traffic_per_min"] == stopped


def test_rain_wets_and_time_dries() -> None:
    state = standing(biome="city", hour=12, rain_mm_h=20, rate=60)
    state, _ = run(state, 25 * 10)
    wet = state.wetness
    assert wet > 0.9
    state, _ = run(state, 25 * 60, {state.step + 1: [told(rain_mm_h=0)]})
    assert 0.0 < state.wetness < 0.6 * wet


def test_no_column_leaves_its_range_while_it_moves() -> None:
    state = standing(biome="coast", hour=12)
    worlds = [told(biome="cave", transition_s=1.0), told(biome="city", rain_mm_h=200, wind_m_s=60, gust_m_s=90)]
    _, rows = run(state, 200, {1: [worlds[0]], 20: [worlds[1]]})
    levels = np.array([p.levels for p in SCENE])
    assert (rows[:, :FEATURES_AT] >= 0).all()
    assert (rows[:, :FEATURES_AT] < levels).all()
