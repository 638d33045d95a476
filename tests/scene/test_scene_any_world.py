"""Whatever the messages: rows within their table, no NaN, and the old rules of slots."""

import numpy as np
from ambiome_middleware import scene
from ambiome_middleware.scene.columns import PARAMETERS
from ambiome_middleware.tokens import EVENT_KIND_NAMES, EVENTS_AT, table
from ambiome_protocol.lists import ANIMAL_KINDS, BIOMES, FEATURE_KINDS, SHELTERS, VOICES
from ambiome_protocol.messages import Change, Feature, VoiceMix
from hypothesis import given, settings
from hypothesis import strategies as st
from scene_worlds import happens, mixed, run, told

LEVELS = np.array([levels for _, levels, _ in table()])
RANGES = {
    "rain_mm_h": (0, 200), "snow_mm_h": (0, 50), "hail_mm_h": (0, 100), "wind_m_s": (0, 60), "gust_m_s": (0, 90),
    "wind_from_deg": (0, 360), "cloud": (0, 1), "fog": (0, 1), "temperature_c": (-60, 60), "humidity": (0, 1),
    "wetness": (0, 1), "thunder_per_min": (0, 60), "thunder_km": (0.05, 30), "openness": (0, 1),
    "altitude_m": (-500, 9_000), "hour": (0, 24), "latitude_deg": (-90, 90), "rate": (0, 86_400),
    "heading_deg": (0, 360),
}  # fmt: skip
IDS = st.sampled_from(["a", "b", "c", "d"])


def number(low: float, high: float) -> st.SearchStrategy[float]:
    """A number of the range, its ends often."""
    return st.one_of(st.sampled_from([float(low), float(high)]), st.floats(low, high))


FEATURES = st.builds(
    Feature, id=IDS, kind=st.sampled_from(FEATURE_KINDS), distance_m=number(0.5, 5_000), azimuth_deg=number(0, 360),
    size=number(0, 1),
)  # fmt: skip
WEIGHTS = st.dictionaries(st.sampled_from(BIOMES), st.floats(0, 1), min_size=1, max_size=4)
FIELDS: dict[str, st.SearchStrategy[object]] = {
    **{name: st.none() | number(*ends) for name, ends in RANGES.items()},
    "day_of_year": st.none() | st.integers(1, 366),
    "biome": st.none() | st.sampled_from(BIOMES) | WEIGHTS.filter(lambda weights: any(weights.values())),
    "shelter": st.none() | st.sampled_from(SHELTERS),
    "features": st.none() | st.lists(FEATURES, max_size=4).map(tuple),
    "feature_set": FEATURES,
    "feature_remove": IDS,
}
TIMES = st.none() | number(0, 600)
WORLDS = st.builds(
    lambda fields, transition_s, cut: told(**fields, transition_s=transition_s, cut=cut),
    st.fixed_dictionaries({}, optional=FIELDS), TIMES, st.booleans(),
)  # fmt: skip
EVENTS = st.builds(
    lambda kind, distance_m, azimuth_deg, strength, animal: happens(
        kind, distance_m=distance_m, azimuth_deg=azimuth_deg, strength=strength,
        **({"animal": animal} if kind == "animal" else {}),
    ),
    st.sampled_from(["lightning", "gust", "branch", "splash", "animal"]), number(0.5, 30_000), number(0, 360),
    number(0, 1), st.sampled_from(ANIMAL_KINDS),
)  # fmt: skip
GAINS = st.builds(VoiceMix, gain_db=number(-60, 12), mute=st.booleans(), solo=st.booleans())
MIXES = st.builds(
    lambda master_db, dynamics, voices, transition_s: mixed(
        master_db=master_db, dynamics=dynamics, voices=voices, transition_s=transition_s
    ),
    number(-60, 12), number(0, 1), st.dictionaries(st.sampled_from(VOICES), GAINS, max_size=3), TIMES,
)  # fmt: skip
STORIES = st.dictionaries(st.integers(0, 59), st.lists(WORLDS | EVENTS | MIXES, min_size=1, max_size=3), max_size=6)


@given(STORIES, st.integers(0, 2**63 - 1))
@settings(max_examples=60, deadline=None)
def test_no_world_leaves_the_table(story: dict[int, list[Change]], seed: int) -> None:
    for changes in story.values():
        for change in changes:
            scene.check(change)
    with np.errstate(all="raise", under="ignore"):
        state, rows = run(scene.initial_state(seed), 60, story)
    assert (rows >= 0).all()
    assert (rows < LEVELS).all()
    for array in (state.target, state.smooth, state.heard):
        assert np.isfinite(array).all()
        assert ((array >= 0) & (array <= 1)).all(), [
            p.name for p, x in zip(PARAMETERS, array, strict=True) if not 0 <= x <= 1
        ]
    assert (rows[:, EVENTS_AT] < len(EVENT_KIND_NAMES)).all()
    assert all(np.isfinite([reason.value, reason.target]).all() for reason in scene.explain(state))
    restored = scene.state_from_bytes(scene.state_to_bytes(state))
    assert np.array_equal(run(restored, 5)[1], run(state, 5)[1])
