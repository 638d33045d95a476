"""Biomes: complete, readable, blended without a jump, and open to a game's own."""

from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware import scene
from ambiome_middleware.scene.biome_fields import FIELDS
from ambiome_middleware.scene.biomes import BiomeError, blend, built_in, load_biomes, read_biome
from ambiome_middleware.scene.enclosures import ENCLOSURES, blend_enclosures
from ambiome_middleware.tokens import COLUMN, FEATURES_AT, SCENE
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.lists import BIOMES, SHELTERS
from hypothesis import given, settings
from hypothesis import strategies as st
from scene_worlds import run, standing, told


def test_every_biome_and_every_shelter_of_the_protocol_is_there() -> None:
    assert set(built_in()) == set(BIOMES)
    assert set(SHELTERS) <= set(ENCLOSURES)


@pytest.mark.parametrize("name", sorted(set(BIOMES) - {"none"}))
def test_every_biome_is_heard_at_some_hour(name: str) -> None:
    """In fair weather, without rain: each place has a sound of its own."""
    own = ("birds_activity", "crickets_level", "stream_level", "river_level", "surf_height_m", "traffic_per_min")
    found = set()
    for hour in (0, 5, 12):
        targets = scene.targets(standing(biome=name, hour=hour, day_of_year=150, wind_m_s=0))
        found |= {p for p in (*own, "room_level", "drips_per_s") if targets[p] > 0.01}
    assert found


def test_no_two_biomes_sound_alike() -> None:
    rows = {name: biome.row.tobytes() for name, biome in built_in().items()}
    assert len(set(rows.values())) == len(rows)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[birds\n", "not TOML"),
        ("[brids]\nactivity = 1\n", "brids is no field: did you mean 'birds'?"),
        ("[birds]\nactivty = 1\n", "birds.activty is no field: did you mean 'birds.activity'?"),
        ("[birds]\nactivity = 2\n", "birds.activity = 2 is not a number 0 … 1"),
        ("[birds]\nactivity = true\n", "birds.activity = True is not a number 0 … 1"),
        ("[birds]\nactivity = 'much'\n", "birds.activity = 'much' is not a number 0 … 1"),
        ("[climate]\nwind_m_s = nan\n", "climate.wind_m_s = nan is not a number 0 … 30"),
        ("birds = 3\n", "birds is no field"),
        ("shelter = 'house'\n", "shelter 'house' is none of open"),
        ("shelter = ['open']\n", "shelter ['open'] is none of open"),
    ],
)
def test_a_broken_file_says_what_is_wrong(text: str, fault: str) -> None:
    with pytest.raises(BiomeError, match="biome swamp: ") as error:
        read_biome("swamp", text)
    assert fault in str(error.value)


def test_a_game_adds_its_own(tmp_path: Path) -> None:
    (tmp_path / "moon_base.toml").write_text('shelter = "hall"\n[room]\nlevel = 0.9\nhum = 1.0\n', "utf-8")
    (tmp_path / "lake.toml").write_text("[frogs]\nactivity = 0.0\n", "utf-8")
    biomes = load_biomes(tmp_path)
    own = scene.BoundScene(biomes)
    message = told(biome={"moon_base": 1.0})
    own.check(message)
    with pytest.raises(ProtocolError):
        scene.check(message)
    state, _ = own.advance(own.initial_state(1), [message], 0)
    assert own.targets(state)["room_level"] == pytest.approx(0.9)
    assert own.targets(state)["rt60_s"] > 1.0
    assert any(reason.because.startswith("moon_base") for reason in own.explain(state))
    assert biomes["lake"].numbers["frogs.activity"] == 0.0, "a file of the same name takes a built-in one's place"
    assert set(biomes) == {*BIOMES, "moon_base"}


def test_a_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BiomeError, match="is not a directory"):
        load_biomes(tmp_path / "missing")
    (tmp_path / "big.toml").write_text("#" * 70_000, "utf-8")
    with pytest.raises(BiomeError, match="larger than 65536 bytes"):
        load_biomes(tmp_path)
    (tmp_path / "big.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BiomeError, match="cannot read"):
        load_biomes(tmp_path)


def test_an_unknown_biome_offers_the_nearest() -> None:
    for biome in ("temperate_forrest", {"lake": 0.5, "temperate_forrest": 0.5}):
        with pytest.raises(ProtocolError) as error:
            scene.check(told(biome=biome))
        assert error.value.code == "unknown_name"
        assert error.value.field == "world.location.biome"
        assert "did you mean 'temperate_forest'?" in str(error.value)
    scene.check(told(biome={"lake": 1.0, "city": 0.0}))


@given(
    st.dictionaries(st.sampled_from(BIOMES), st.floats(0.001, 1.0), min_size=1, max_size=4),
    st.floats(0.1, 1.0),
)
@settings(max_examples=100, deadline=None)
def test_a_blend_stays_between_its_parts(weights: dict[str, float], scale: float) -> None:
    total = sum(weights.values())
    mixture = blend(built_in(), {name: weight / total for name, weight in weights.items()})
    for field in FIELDS:
        parts = [built_in()[name].numbers[field.key] for name in weights]
        assert min(parts) - 1e-9 <= mixture[field.key] <= max(parts) + 1e-9, field.key
    scaled = told(biome={name: weight * scale for name, weight in weights.items()})
    assert scene.advance(scene.initial_state(0), [scaled], 0)[0].held.biome == pytest.approx(
        {name: weight / total for name, weight in weights.items()}
    )


def test_what_is_not_there_has_no_say() -> None:
    """A desert without frogs does not change the pitch of the lake's."""
    mixture = blend(built_in(), {"desert": 0.9, "lake": 0.1})
    assert mixture["frogs.pitch_hz"] == pytest.approx(built_in()["lake"].numbers["frogs.pitch_hz"])
    assert mixture["traffic.m_s"] == pytest.approx(13.0)


def test_half_of_two_like_places_is_the_place() -> None:
    half = blend_enclosures({"room": 0.5, "hall": 0.5})
    assert half.closed_cutoff_hz == pytest.approx((500 * 400) ** 0.5)
    assert ENCLOSURES["room"].late_db < half.late_db < ENCLOSURES["hall"].late_db
    assert blend_enclosures({"room": 1.0}) == ENCLOSURES["room"]


WALKS = [
    ("temperate_forest", "lake"), ("city", "cave"), ("coast", "interior"), ("rainforest", "none"), ("city", "cafe"),
    ("tundra", "wetland"), ("industrial", "mangrove"), ("desert", "conifer_forest"),
]  # fmt: skip


@pytest.mark.parametrize(("here", "there"), WALKS)
def test_a_walk_across_a_border_has_no_jump(here: str, there: str) -> None:
    """Ten seconds from one biome to the other, a message each step: no parameter moves by more than 3 % in a step."""
    state = standing(biome=here, hour=5.5, day_of_year=140, rain_mm_h=3, wind_m_s=4)
    state, before = run(state, 100)
    weights = [i / 250 for i in range(251)]
    walk = {state.step + 1 + i: [told(biome={here: 1 - w, there: w})] for i, w in enumerate(weights)}
    state, rows = run(state, 400, walk)
    alive = [COLUMN[name] for name in ("surf_break", "surf_wash")]  # waves are meant to break
    levels = np.array([p.levels - 1 for p in SCENE])
    moved = np.abs(np.diff(np.vstack([before[-1:], rows])[:, :FEATURES_AT].astype(int), axis=0)) / levels
    moved[:, alive] = 0.0
    worst = moved.max(0)
    assert worst.max() <= 0.03 + 1 / 63, SCENE[int(worst.argmax())].name
    assert moved.sum() > 0.5, "and it did lead somewhere"


def test_a_change_of_place_without_a_walk_has_no_jump_either() -> None:
    state = standing(biome="coast", hour=5.5, day_of_year=140, wind_m_s=4)
    state, rows = run(state, 300, {10: [told(biome="cave")]})
    levels = np.array([p.levels - 1 for p in SCENE])
    moved = np.abs(np.diff(rows[:, :FEATURES_AT].astype(int), axis=0)) / levels
    moved[:, [COLUMN["surf_break"], COLUMN["surf_wash"]]] = 0.0
    assert moved.max() <= 0.12
