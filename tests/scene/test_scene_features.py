"""Features keep their slot while they live, fade when they go, and never change kind while they sound."""

import numpy as np
import pytest
from ambiome_middleware import scene
from ambiome_middleware.tokens import CUT_AT, FEATURE, FEATURE_KIND_NAMES, FEATURE_SLOTS, FEATURES_AT
from ambiome_protocol.messages import Feature
from scene_worlds import Rows, run, slot, standing, told, values

STILL = {"biome": "none", "wind_m_s": 0, "hour": 12}


def brook(name: str = "a", **fields: object) -> Feature:
    return Feature(id=name, kind=fields.pop("kind", "stream"), **fields)  # type: ignore[arg-type]


def kinds(rows: Rows) -> np.ndarray:
    """Kind tokens of all slots, [steps, slots]."""
    return rows[:, FEATURES_AT : FEATURES_AT + FEATURE_SLOTS * len(FEATURE) : len(FEATURE)]


def levels(rows: Rows) -> np.ndarray:
    return rows[:, FEATURES_AT + 1 : FEATURES_AT + FEATURE_SLOTS * len(FEATURE) : len(FEATURE)]


def assert_kinds_change_only_at_level_0(rows: Rows) -> None:
    changed = np.diff(kinds(rows), axis=0) != 0
    assert (levels(rows)[:-1][changed] == 0).all(), "the row before a change of kind has level 0"


def test_a_feature_fades_in_and_out_in_its_slot() -> None:
    state = standing(**STILL)
    state, rows = run(state, 140, {1: [told(feature_set=brook("a"))], 60: [told(feature_remove="a")]})
    assert (kinds(rows)[:59, 0] == FEATURE_KIND_NAMES.index("stream")).all()
    level = slot(rows, 0, "level")
    assert 0 < level[0] < 0.01
    assert level[30] == pytest.approx(level.max())
    assert (np.diff(level[:30]) >= 0).all()
    assert (np.diff(level[59:]) <= 0).all()
    assert level[-1] == 0
    assert kinds(rows)[-1, 0] == 0, "and the slot is free"
    assert_kinds_change_only_at_level_0(rows)


def test_the_others_keep_their_slots() -> None:
    a, b, c = brook("a"), brook("b", kind="fire"), brook("c", kind="surf")
    state = standing(**STILL, features=(a, b, c))
    _, rows = run(state, 120, {10: [told(features=(c, b))], 60: [told(features=(b, c, brook("d", kind="crowd")))]})
    assert (kinds(rows)[:, 1] == FEATURE_KIND_NAMES.index("fire")).all()
    assert (kinds(rows)[:, 2] == FEATURE_KIND_NAMES.index("surf")).all()
    assert kinds(rows)[-1, 0] == FEATURE_KIND_NAMES.index("crowd"), "the newcomer took the slot that was freed"
    assert_kinds_change_only_at_level_0(rows)


def test_a_feature_that_changes_kind_takes_another_slot() -> None:
    state = standing(**STILL, features=(brook("a"),))
    _, rows = run(state, 100, {10: [told(feature_set=brook("a", kind="fire"))]})
    assert kinds(rows)[12].tolist()[:2] == [FEATURE_KIND_NAMES.index("stream"), FEATURE_KIND_NAMES.index("fire")]
    assert levels(rows)[-1, 0] == 0 < levels(rows)[-1, 1]
    assert_kinds_change_only_at_level_0(rows)


def test_sixteen_more_wait_for_their_slots() -> None:
    first = tuple(brook(f"a{i}") for i in range(16))
    second = tuple(brook(f"b{i}", kind="fire") for i in range(16))
    state = standing(**STILL, features=first)
    state, rows = run(state, 120, {10: [told(features=second)]})
    assert (kinds(rows)[:30] == FEATURE_KIND_NAMES.index("stream")).all()
    assert (kinds(rows)[-1] == FEATURE_KIND_NAMES.index("fire")).all()
    assert (levels(rows)[-1] > 0).all()
    assert_kinds_change_only_at_level_0(rows)


def test_one_that_comes_back_takes_up_where_it_was() -> None:
    state = standing(**STILL, features=(brook("a"),))
    state, rows = run(state, 60, {20: [told(feature_remove="a")], 30: [told(feature_set=brook("a"))]})
    level = slot(rows, 0, "level")
    assert 0 < level[28] < level[18]
    assert level[-1] == level[18]
    assert (kinds(rows)[:, 1] == 0).all()


def test_a_cut_brings_features_at_once() -> None:
    state = standing(**STILL, features=(brook("a"),))
    message = told(features=(brook("b", kind="fire", distance_m=3.0, azimuth_deg=90),), cut=True)
    _, rows = run(state, 5, {3: [message]})
    assert rows[2, CUT_AT] == 1
    assert levels(rows)[2].tolist()[:2] == [0, levels(rows)[4, 1]]
    assert slot(rows, 1, "level")[2] > 0.9
    assert slot(rows, 1, "distance_m")[2] == pytest.approx(3.0, rel=0.03)
    assert_kinds_change_only_at_level_0(rows)


def test_azimuths_go_the_shorter_arc_within_one_step() -> None:
    state = standing(**STILL, features=(brook("a", azimuth_deg=350),))
    _, rows = run(state, 4, {2: [told(feature_set=brook("a", azimuth_deg=20))]})
    assert slot(rows, 0, "azimuth_deg").tolist() == [350, 20, 20, 20]


def test_in_a_transition_they_go_the_shorter_arc_slowly() -> None:
    state = standing(**STILL, features=(brook("a", azimuth_deg=350),))
    slow = told(feature_set=brook("a", azimuth_deg=20), transition_s=1.2)
    _, rows = run(state, 40, {2: [slow]})
    azimuth = slot(rows, 0, "azimuth_deg")
    assert azimuth[15] == pytest.approx(5.0, abs=1)
    assert not ((azimuth > 21) & (azimuth < 349)).any()
    assert azimuth[-1] == 20


def test_a_turn_of_the_head_turns_everything_at_once() -> None:
    state = standing(**STILL, features=(brook("a", azimuth_deg=10), brook("b", azimuth_deg=200)))
    _, rows = run(state, 3, {2: [told(heading_deg=40)]})
    assert slot(rows, 0, "azimuth_deg").tolist() == [10, 330, 330]
    assert slot(rows, 1, "azimuth_deg").tolist() == [200, 160, 160]


def test_distance_follows_within_a_quarter_second() -> None:
    state = standing(**STILL, features=(brook("a", distance_m=100.0),))
    _, rows = run(state, 12, {2: [told(feature_set=brook("a", distance_m=5.0))]})
    distance = slot(rows, 0, "distance_m")
    assert distance[0] == pytest.approx(100, rel=0.02)
    assert distance[1] > 15
    assert distance[-1] == pytest.approx(5, rel=0.03)


def test_sources_follow_the_weather() -> None:
    """Foliage sounds in the wind, a roof in the rain, and rain damps a fire."""

    def level(kind: str, **weather: float) -> float:
        world = {**STILL, **weather}
        _, rows = run(standing(**world, features=(brook("a", kind=kind),)), 60)
        return float(slot(rows, 0, "level")[-1])

    assert level("foliage") == 0.0 < level("foliage", wind_m_s=3.0) < level("foliage", wind_m_s=20.0)
    assert level("roof") == 0.0 < level("roof", rain_mm_h=1.0) < level("roof", rain_mm_h=50.0)
    assert level("fire") > level("fire", rain_mm_h=20.0) > 0.0
    assert level("machinery") == 1.0


def test_one_too_many_is_left_out_and_said() -> None:
    state = standing(**STILL, features=tuple(brook(f"a{i}") for i in range(16)))
    extra = told(feature_set=brook("one more"))
    assert [warning.code for warning in scene.warnings(state, [extra], 1)] == ["features_full"]
    state, _ = run(state, 1, {1: [extra]})
    assert len(state.held.features) == 16
    assert scene.warnings(state, [told(feature_set=brook("a3", size=1.0))], 1) == ()
    assert [w.code for w in scene.warnings(state, [told(feature_remove="b")], 1)] == ["feature_unknown"]
    assert [w.code for w in scene.warnings(state, [told(features=(), feature_remove="a3")], 1)] == ["feature_unknown"]


def test_what_is_said_of_a_change_counts_the_changes_of_its_step_before_it() -> None:
    state = standing(biome="none", wind_m_s=8, gust_m_s=15)
    calm, gust = told(wind_m_s=2.5, gust_m_s=5.5), told(gust_m_s=5)
    assert scene.warnings(state, [calm, gust], 1) == ()
    assert [warning.code for warning in scene.warnings(state, [gust, calm], 1)] == ["gust_raised"]
    added, removed = told(feature_set=brook("b")), told(feature_remove="b")
    assert scene.warnings(state, [added, removed], 1) == ()
    assert [warning.code for warning in scene.warnings(state, [added, removed, removed], 1)] == ["feature_unknown"]


def test_a_gust_below_the_wind_is_raised_and_said() -> None:
    state = standing(biome="none", wind_m_s=10)
    [warning] = scene.warnings(state, [told(gust_m_s=6)], 1)
    assert warning.code == "gust_raised"
    assert "6" in warning.detail
    assert scene.warnings(state, [told(gust_m_s=12)], 1) == ()
    state, _ = run(state, 100, {1: [told(gust_m_s=6)]})
    assert scene.warnings(state, [told(rain_mm_h=3)], 1) == (), "said once, not with every change of the weather"
    assert scene.targets(state)["wind_m_s"] == pytest.approx(
        scene.targets(standing(biome="none", wind_m_s=10))["wind_m_s"]
    )


def test_the_last_of_two_with_one_name_counts() -> None:
    state = standing(**STILL, features=(brook("a"), brook("a", kind="fire")))
    assert [feature.kind for feature in state.held.features] == ["fire"]


def test_the_heading_is_told_within_a_step_along_with_what_it_turns() -> None:
    state = standing(**STILL, features=(brook("a", azimuth_deg=10),))
    turn = {2: [told(heading_deg=359.8)], 4: [told(heading_deg=90.4, transition_s=9)], 6: [told(heading_deg=360)]}
    state, rows = run(state, 8, turn)
    assert values(rows, "heading_deg").tolist() == [0, 0, 0, 90, 90, 0, 0, 0]
    assert slot(rows, 0, "azimuth_deg").tolist() == [10, 10, 10, 280, 280, 10, 10, 10]
    [reason] = [reason for reason in scene.explain(state) if reason.parameter == "heading_deg"]
    assert (reason.rule, reason.value, reason.target) == ("listener", 0.0, 0.0)
