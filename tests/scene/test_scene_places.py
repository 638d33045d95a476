"""Learned places: numbered alike by scene and sound, played by biomes, and obedient to the world."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware.places import PlaceError, place_names
from ambiome_middleware.scene import BiomeError, BoundScene, load_biomes
from ambiome_middleware.scene.biomes import blend
from ambiome_middleware.sound.profile import load_profiles
from ambiome_middleware.tokens import PLACES
from scene_worlds import run_in, told, values

PROFILE = 'format = 1\nvoice = "{voice}"\nname = "a place"\n'


def _folder(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / f"{name}.profile.toml").write_text(PROFILE.format(voice="place"), "utf-8")
    return folder


def _biome(folder: Path, name: str, profile: str, more: str = "") -> None:
    (folder / f"{name}.toml").write_text(f'[own]\nprofile = "{profile}"\n{more}', "utf-8")


def _level(folder: Path, parameter: str = "place1_level", **world: object) -> float:
    """Where a world of the biome `here` sends a place."""
    own = BoundScene(load_biomes(folder))
    state, _ = own.advance(own.initial_state(1), [told(biome={"here": 1.0}, **world)], 0)
    return own.targets(state)[parameter]


def test_places_are_numbered_by_name_and_only_places_count(tmp_path: Path) -> None:
    _folder(tmp_path, "market", "harbour")
    (tmp_path / "heavy.profile.toml").write_text(PROFILE.format(voice="rain"), "utf-8")
    assert place_names(tmp_path) == ("harbour", "market")
    assert place_names(None) == ()
    assert "harbour" not in load_biomes(tmp_path), "a profile is no biome"


def test_nine_places_are_one_too_many(tmp_path: Path) -> None:
    _folder(tmp_path, *(f"p{i}" for i in range(PLACES)))
    assert len(place_names(tmp_path)) == PLACES
    _folder(tmp_path, "q")
    with pytest.raises(PlaceError, match="holds 9 profiles of places; 8 can be played"):
        place_names(tmp_path)
    with pytest.raises(BiomeError, match="holds 9 profiles"):
        load_biomes(tmp_path)


@pytest.mark.parametrize("data", [b"voice = ", b"\xff\xfe", b"#" * 70_000])
def test_a_broken_profile_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "harbour.profile.toml").write_bytes(data)
    with pytest.raises(BiomeError, match=r"harbour\.profile\.toml"):
        load_biomes(tmp_path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[own]\nprofile = "harbor"\n', "own.profile = 'harbor' is no place of this folder (NAME.profile.toml): "
            "did you mean 'harbour'? one of harbour, market"),
        ("[own]\nlevel = 0.5\n", "own.profile = None is no place"),
        ("[own]\nprofile = 3\n", "own.profile = 3 is no place"),
        ('[own]\nprofile = "harbour"\nlevel = 2\n', "own.level = 2 is not a number 0 … 1"),
        ('[own]\nprofile = "harbour"\nloudness = 1\n', "own.loudness is no field"),
        ('[place2]\nlevel = 1\n', "place2 is no field"),
        ("own = 3\n", "own is no field"),
    ],
)  # fmt: skip
def test_a_broken_own_says_what_is_wrong(tmp_path: Path, text: str, fault: str) -> None:
    _folder(tmp_path, "harbour", "market")
    (tmp_path / "here.toml").write_text(text, "utf-8")
    with pytest.raises(BiomeError, match="biome here: ") as error:
        load_biomes(tmp_path)
    assert fault in str(error.value)


def test_a_biome_plays_its_place_and_no_other(tmp_path: Path) -> None:
    _biome(_folder(tmp_path, "harbour", "market"), "here", "market", "density = 2.0\ndistance_m = 40\n")
    assert _level(tmp_path, "place2_level") == pytest.approx(1.0), "in full where nothing else is said"
    assert _level(tmp_path, "place1_level") == 0.0
    assert _level(tmp_path, "place_density") == pytest.approx(2.0)
    assert _level(tmp_path, "place_distance_m") == pytest.approx(40.0)


@pytest.mark.parametrize(
    ("follows", "quiet", "loud"),
    [
        ("night = 1.0", {"hour": 12}, {"hour": 0.5}),
        ("night = -1.0", {"hour": 0.5}, {"hour": 12}),
        ("wind = 1.0", {"wind_m_s": 1}, {"wind_m_s": 15}),
        ("rain = 1.0", {"rain_mm_h": 0}, {"rain_mm_h": 30}),
        ("people = 1.0", {"hour": 4}, {"hour": 12.8}),
    ],
)
def test_a_place_obeys_the_world(tmp_path: Path, follows: str, quiet: dict[str, float], loud: dict[str, float]) -> None:
    _biome(_folder(tmp_path, "harbour"), "here", "harbour", f"level = 0.8\n{follows}\n")
    world = {"day_of_year": 80, "latitude_deg": 40, "wind_m_s": 3}
    assert _level(tmp_path, **{**world, **quiet}) < 0.1
    assert _level(tmp_path, **{**world, **loud}) == pytest.approx(0.8, abs=0.01)
    half = follows.replace("1.0", "0.5")
    _biome(tmp_path, "here", "harbour", f"level = 0.8\n{half}\n")
    assert 0.35 < _level(tmp_path, **{**world, **quiet}) < 0.5


def test_a_walk_between_two_places_has_no_jump_and_no_dip(tmp_path: Path) -> None:
    _folder(tmp_path, "harbour", "market")
    _biome(tmp_path, "quay", "harbour", "night = 1.0\n")
    _biome(tmp_path, "square", "market", "people = 1.0\n")
    own = BoundScene(load_biomes(tmp_path))
    walk = {i: [told(biome={"quay": 1 - i / 250, "square": i / 250}, hour=0.5, wind_m_s=0)] for i in range(251)}
    rows = run_in(own, 600, walk)
    quay, square = values(rows, "place1_level"), values(rows, "place2_level")
    assert quay[0] == pytest.approx(1.0, abs=0.01)
    assert quay[-1] == 0.0
    assert square.max() < 0.1, "the market sleeps at night, and the harbour's night is not its own"
    assert np.abs(np.diff(np.sqrt(quay))).max() < 0.05
    for weight in (0.1, 0.5, 0.9):
        mixed = blend(own.biomes, {"quay": weight, "square": 1 - weight})
        assert mixed["place1.level"] ** 4 == pytest.approx(weight), "power goes with the weight"
        assert (mixed["place1.night"], mixed["place1.people"], mixed["place2.people"]) == (1.0, 0.0, 1.0)


def test_the_sound_gives_every_place_the_same_number(tmp_path: Path) -> None:
    """Also where one name begins with another, and where a profile is no place."""
    text = files("ambiome_middleware.sound").joinpath("profiles", "owl.toml").read_text("utf-8")
    names = ("ab", "a-b", "a", "a_b", "B", "a.b")
    for name in names:
        place = text.replace('voice = "owl"', 'voice = "place"').replace('name = "owl"', f'name = "{name}"')
        (tmp_path / f"{name}.profile.toml").write_text(place, "utf-8")
    (tmp_path / "aa.profile.toml").write_text(text, "utf-8")
    heard = load_profiles(tmp_path)
    assert [heard[f"place{n + 1}"].name for n in range(len(names))] == list(place_names(tmp_path))
    assert set(place_names(tmp_path)) == set(names)
