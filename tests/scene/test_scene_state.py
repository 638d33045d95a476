"""The state: a value, exact through a snapshot, refused when it is not whole."""

from typing import Any

import msgspec
import numpy as np
import pytest
from ambiome_middleware import scene
from ambiome_middleware.scene import SceneState, StateError
from ambiome_middleware.tokens import ROW_WIDTH
from ambiome_protocol.messages import Change, Feature, VoiceMix
from scene_worlds import happens, mixed, run, told

STORY: dict[int, list[Change]] = {
    0: [told(biome="temperate_forest", hour=4, day_of_year=140, rate=240, latitude_deg=50)],
    30: [told(rain_mm_h=12, thunder_per_min=10, thunder_km=1, wind_m_s=9, transition_s=3.0)],
    45: [happens("lightning", distance_m=900), happens("gust", strength=1.0)],
    60: [mixed(voices={"birds": VoiceMix(gain_db=-6), "rain": VoiceMix(solo=True)}, transition_s=1.0)],
    80: [told(biome={"coast": 0.4, "lake": 0.6}, features=(Feature(id="f", kind="fire", azimuth_deg=80),))],
    120: [told(feature_set=Feature(id="s", kind="surf"), feature_remove="f", heading_deg=120)],
    150: [told(biome="cave", cut=True), mixed(voices={"rain": VoiceMix(solo=False)})],
    170: [told(shelter="tent", openness=0.4), happens("animal", animal="owl", distance_m=60)],
}
STEPS = 240


A_DAY = 2_200_000
"""Steps of a day and more: where single precision would have lost the time."""


def _begin(first_step: int) -> tuple[SceneState, dict[int, list[Change]]]:
    """A scene that begins at a step, and the story from there on."""
    state = msgspec.structs.replace(scene.initial_state(7), step=first_step - 1)
    return state, {first_step + step: changes for step, changes in STORY.items()}


@pytest.mark.parametrize("first_step", [0, A_DAY])
def test_steps_made_in_pieces_are_the_same_steps(first_step: int) -> None:
    """In pieces of any length, through a snapshot at every seam, with another session between."""
    begun, story = _begin(first_step)
    _, whole = run(begun, STEPS, story)
    assert len(np.unique(whole, axis=0)) > STEPS / 2, "and much happens in them"
    for pieces in ([1] * STEPS, [7] * 34 + [2], [100, 140]):
        state, other, rows = begun, scene.initial_state(8), []
        for steps in pieces:
            state, made = run(state, steps, story)
            rows.append(made)
            other, _ = run(other, 1, {0: [told(biome="city")]})
            state = scene.state_from_bytes(scene.state_to_bytes(state))
        assert np.array_equal(np.concatenate(rows), whole)


def test_a_snapshot_is_the_same_bytes_again() -> None:
    for steps in (1, 46, 90, 121, 151, 200):
        state, _ = run(scene.initial_state(7), steps, STORY)
        data = scene.state_to_bytes(state)
        assert scene.state_to_bytes(scene.state_from_bytes(data)) == data
        assert len(data) < 16_384


def test_a_state_is_a_value() -> None:
    """Advancing leaves the state that it was given as it was."""
    state = scene.initial_state(7)
    for step in range(200):
        before = scene.state_to_bytes(state)
        following, row = scene.advance(state, STORY.get(step, ()), step)
        assert scene.state_to_bytes(state) == before
        if step in (0, 45, 120, 150):
            assert np.array_equal(scene.advance(state, STORY.get(step, ()), step)[1], row)
        state = following


def test_a_row_is_what_the_table_says() -> None:
    row = run(scene.initial_state(7), 1, STORY)[1][0]
    assert row.shape == (ROW_WIDTH,)
    assert row.dtype == np.int16


def test_no_step_is_made_twice() -> None:
    state, _ = run(scene.initial_state(1), 10)
    for step in (9, 0):
        with pytest.raises(ValueError, match=f"step {step} has been made: the scene stands at 9"):
            scene.advance(state, (), step)


def _spoiled(change: Any) -> bytes:
    state, _ = run(scene.initial_state(7), 100, STORY)
    document = msgspec.msgpack.decode(scene.state_to_bytes(state))
    change(document)
    return msgspec.msgpack.encode(document)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda d: d["state"].pop("wetness"), "missing required field `wetness`"),
        (lambda d: d["state"].update(mood=1), "unknown field `mood`"),
        (lambda d: d["state"]["slots"].pop("alive"), "missing required field `alive`"),
        (lambda d: d["state"]["held"].update(mood=1), "unknown field `mood`"),
        (lambda d: d.pop("parameters"), "missing required field `parameters`"),
        (lambda d: d.update(version=1), "version 1, this is 3"),
        (lambda d: d["state"].update(smooth=b"\0" * 8), "smooth has 1 numbers"),
        (lambda d: d["state"].update(smooth=b"\0" * 7), "whole float64"),
        (lambda d: d["state"].update(left=np.full(3, np.nan).tobytes()), "no finite number"),
        (lambda d: d["state"].update(step="later"), "Expected `int`"),
        (lambda d: d["parameters"].__setitem__(0, "loudness"), "unknown parameters loudness"),
        (lambda d: d["state"]["slots"].update(ids=["a"]), "slots.ids has 1 numbers, not 16"),
    ],
)
def test_a_snapshot_that_is_not_whole_is_refused(change: Any, fault: str) -> None:
    with pytest.raises(StateError) as error:
        scene.state_from_bytes(_spoiled(change))
    assert fault in str(error.value)


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x80", b"\x93\1\2\3", b"hello"])
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(StateError):
        scene.state_from_bytes(data)


def test_parameters_are_matched_by_name() -> None:
    """A snapshot of a table without the last parameter, in another order: the missing one takes its default."""

    def older(document: Any) -> None:
        names = document["parameters"]
        order = list(range(len(names) - 1))[::-1]
        document["parameters"] = [names[i] for i in order]
        for field in ("target", "smooth", "heard", "left"):
            document["state"][field] = np.frombuffer(document["state"][field])[order].tobytes()

    state, _ = run(scene.initial_state(7), 100, STORY)
    restored: SceneState = scene.state_from_bytes(_spoiled(older))
    assert np.array_equal(restored.smooth[:-1], state.smooth[:-1])
    assert scene.values(restored) == scene.values(state)
    assert scene.advance(restored, (), 100)[1].shape == (ROW_WIDTH,)
